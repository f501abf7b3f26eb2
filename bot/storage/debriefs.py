"""Debriefs on disk: what one coach has of one round, and when it was released."""

from __future__ import annotations

import json
from datetime import datetime

from bot.domain.debriefs import Debrief, Listed, Shared
from bot.storage.database import Database, Row, Statements
from bot.storage.moments import in_milliseconds, moment, seconds


class DebriefStore:
    """What one coach has of one round; the moment of its release."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, debrief: Debrief) -> None:
        """Note a debrief with its signal list, unless it is there already.

        Nothing is noted for somebody who is not in that round (any more).
        """
        await self._database.write(
            "INSERT INTO debriefs (round_id, coach_user_id, listed, skipped, shared, next_try,"
            " quote_days, code_months) SELECT round_id, user_id, ?, 0, '', '', ?, ?"
            " FROM round_people"
            " WHERE round_id = ? AND user_id = ?"
            " ON CONFLICT (round_id, coach_user_id) DO NOTHING",
            json.dumps([[one.code, one.signal, one.counterpart] for one in debrief.listed]),
            debrief.quote_days,
            debrief.code_months,
            debrief.round_id,
            debrief.coach_user_id,
        )

    async def get(self, round_id: int, coach_user_id: int) -> Debrief | None:
        """One debrief; none when nothing belongs to it yet."""
        row = await self._database.one(
            "SELECT * FROM debriefs WHERE round_id = ? AND coach_user_id = ?",
            round_id,
            coach_user_id,
        )
        return None if row is None else read_debrief(row)

    async def of_round(self, round_id: int) -> list[Debrief]:
        """The debriefs of all coaches of a round."""
        rows = await self._database.all("SELECT * FROM debriefs WHERE round_id = ?", round_id)
        return [read_debrief(row) for row in rows]

    async def reflect(
        self, round_id: int, coach_user_id: int, at: datetime, *, skipped: bool
    ) -> None:
        """The coach has given their own view, or skips it; what came first counts."""
        await self._database.write(
            "UPDATE debriefs SET reflected_ms = ?, skipped = ?"
            " WHERE round_id = ? AND coach_user_id = ? AND reflected_ms IS NULL",
            in_milliseconds(at),
            int(skipped),
            round_id,
            coach_user_id,
        )

    async def release(self, round_id: int, coach_user_id: int, at: datetime) -> None:
        """From now on the coach sees the notes and nobody changes them; what was taken back goes.

        Does nothing before the coach's own view, or its skip, is on disk.
        """
        async with self._database.transaction() as transaction:
            released = await transaction.all(
                "UPDATE debriefs SET released_ms = ? WHERE round_id = ? AND coach_user_id = ?"
                " AND released_ms IS NULL AND reflected_ms IS NOT NULL RETURNING round_id",
                in_milliseconds(at),
                round_id,
                coach_user_id,
            )
            if released:
                await transaction.all(
                    "DELETE FROM notes WHERE round_id = ? AND coach_user_id = ?"
                    " AND withdrawn_ms IS NOT NULL",
                    round_id,
                    coach_user_id,
                )

    async def share(self, round_id: int, coach_user_id: int, shared: Shared) -> None:
        """How much of it the coach has shown to the room."""
        await self._database.write(
            "UPDATE debriefs SET shared = ? WHERE round_id = ? AND coach_user_id = ?",
            shared.value,
            round_id,
            coach_user_id,
        )

    async def try_next(self, round_id: int, coach_user_id: int, words: str) -> None:
        """The one thing the coach wants to try; empty takes it back."""
        await self._database.write(
            "UPDATE debriefs SET next_try = ? WHERE round_id = ? AND coach_user_id = ?",
            words,
            round_id,
            coach_user_id,
        )

    async def last_try(self, coach_user_id: int, guild_id: int) -> str:
        """What this coach last wanted to try in a guild; empty if they have not said."""
        row = await self._database.one(
            "SELECT d.next_try FROM debriefs AS d JOIN rounds AS r ON r.id = d.round_id"
            " WHERE d.coach_user_id = ? AND r.guild_id = ? AND d.next_try <> ''"
            " ORDER BY d.round_id DESC LIMIT 1",
            coach_user_id,
            guild_id,
        )
        return "" if row is None else str(row["next_try"])

    async def erase(self, round_id: int, coach_user_id: int) -> None:
        """Erase what a coach has of a round: notes, sheets about them, what they want to try.

        That it was released stays, so that nobody changes or adds notes afterwards.
        """
        async with self._database.transaction() as transaction:
            for sql in (
                "DELETE FROM notes WHERE round_id = ? AND coach_user_id = ?",
                "DELETE FROM sheets WHERE round_id = ? AND coach_user_id = ?",
                "UPDATE debriefs SET next_try = '' WHERE round_id = ? AND coach_user_id = ?",
            ):
                await transaction.all(sql, round_id, coach_user_id)
        await self._database.scrub()

    async def erase_notes(self, round_id: int, coach_user_id: int | None = None) -> None:
        """Erase the notes and sheets of a round so far, or only those about one coach."""
        about = "" if coach_user_id is None else " AND coach_user_id = ?"
        values = (round_id,) if coach_user_id is None else (round_id, coach_user_id)
        async with self._database.transaction() as transaction:
            for table in ("notes", "sheets"):
                await transaction.all(
                    f"DELETE FROM {table} WHERE round_id = ?{about}",  # noqa: S608 - our own names
                    *values,
                )
        await self._database.scrub()

    async def export_person(self, user_id: int) -> list[dict[str, object]]:
        """The debriefs of this person's own rounds."""
        rows = await self._database.all(
            "SELECT * FROM debriefs WHERE coach_user_id = ? ORDER BY round_id", user_id
        )
        return [
            {
                "round_id": row["round_id"],
                "own_view_at": seconds(row["reflected_ms"]),
                "own_view_skipped": bool(row["skipped"]),
                "released_at": seconds(row["released_ms"]),
                "shared": row["shared"],
                "one_thing_to_try": row["next_try"],
            }
            for row in rows
        ]

    async def forget_person(self, statements: Statements, user_id: int) -> None:
        """Erase the debriefs of this person's own rounds."""
        await statements.all("DELETE FROM debriefs WHERE coach_user_id = ?", user_id)


def read_debrief(row: Row) -> Debrief:
    """A row of the table as a debrief."""
    return Debrief(
        round_id=row["round_id"],
        coach_user_id=row["coach_user_id"],
        listed=tuple(Listed(*one) for one in json.loads(row["listed"])),
        reflected_at=moment(row["reflected_ms"]),
        skipped=bool(row["skipped"]),
        released_at=moment(row["released_ms"]),
        shared=Shared(row["shared"]),
        next_try=row["next_try"],
        quote_days=row["quote_days"],
        code_months=row["code_months"],
    )
