"""Debriefs on disk: what one coach has of one round, and when it was released."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import astuple, replace
from datetime import datetime

from bot.dojos.model.keeping import Kept
from bot.dojos.store.terms import read_kept, with_terms
from bot.feedback.model.debriefs import Debrief, Listed, Shared
from bot.kit.database.database import Database, Row, Statements, Value
from bot.kit.database.moments import in_milliseconds, moment, seconds
from bot.kit.database.scopes import scope_of

_READ = with_terms("debriefs", "o")


class DebriefStore:
    """Reads and writes what one coach has of one round, and when it was released."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, debrief: Debrief) -> None:
        """Store a debrief with its list, unless it is there or its coach is not in the round."""
        await self._database.write(
            "INSERT INTO debriefs (round_id, coach_user_id, listed, skipped, shared, next_try,"
            " quote_days, code_months, names_shown) SELECT round_id, user_id, ?, 0, '', '', ?, ?, ?"
            " FROM round_people"
            " WHERE round_id = ? AND user_id = ?"
            " ON CONFLICT (round_id, coach_user_id) DO NOTHING",
            json.dumps(
                # In the order of the fields. Those of the first version have three.
                [astuple(listed_) for listed_ in debrief.listed]
            ),
            debrief.quote_days,
            debrief.code_months,
            int(debrief.names_shown),
            debrief.round_id,
            debrief.coach_user_id,
        )

    async def get(self, round_id: int, coach_user_id: int) -> Debrief | None:
        """One debrief; None while nothing belongs to it yet."""
        row = await self._row(round_id, coach_user_id)
        return None if row is None else self._shown(row)

    async def kept(self, round_id: int, coach_user_id: int) -> Kept:
        """Until when a debrief and what belongs to it may be shown."""
        row = await self._row(round_id, coach_user_id)
        return Kept() if row is None else read_kept(row)

    async def _row(self, round_id: int, coach_user_id: int) -> Row | None:
        sql = f"{_READ} WHERE o.round_id = ? AND o.coach_user_id = ?"
        return await self._database.one(sql, round_id, coach_user_id)

    def _shown(self, row: Row) -> Debrief:
        """The debrief of a row, without the coach's own words once their time is over."""
        debrief = read_debrief(row)
        if debrief.next_try and not read_kept(row).has_codes(self._database.now()):
            return replace(debrief, next_try="")
        return debrief

    async def of_round(self, round_id: int) -> list[Debrief]:
        """The debriefs of all coaches of a round."""
        rows = await self._database.all(f"{_READ} WHERE o.round_id = ?", round_id)
        return [self._shown(row) for row in rows]

    async def reflect(
        self, round_id: int, coach_user_id: int, at: datetime, *, skipped: bool
    ) -> None:
        """The coach has given their own view, or skips it; only the first counts."""
        sql = (
            "UPDATE debriefs SET reflected_ms = ?, skipped = ?"
            " WHERE round_id = ? AND coach_user_id = ? AND reflected_ms IS NULL"
        )
        values = (in_milliseconds(at), int(skipped))
        await self._database.write(sql, *values, round_id, coach_user_id)

    async def release(self, round_id: int, coach_user_id: int, at: datetime) -> None:
        """From now on the coach sees the notes and nobody changes them; erases those taken back.

        Does nothing before the coach's own view, or its skip, is on disk.
        """
        about = (round_id, coach_user_id)
        async with self._database.transaction() as transaction:
            released = await transaction.all(
                "UPDATE debriefs SET released_ms = ? WHERE round_id = ? AND coach_user_id = ?"
                " AND released_ms IS NULL AND reflected_ms IS NOT NULL RETURNING round_id",
                in_milliseconds(at),
                *about,
            )
            if released:
                await transaction.all(
                    "DELETE FROM notes WHERE round_id = ? AND coach_user_id = ?"
                    " AND withdrawn_ms IS NOT NULL",
                    *about,
                )

    async def share(
        self, round_id: int, coach_user_id: int, shared: Shared, posts: Iterable[int]
    ) -> None:
        """Add to what the coach has shown to the room, and to the messages that show it.

        Adding is one statement: of two clicks at once, neither loses the messages of the other.
        """
        sets = (
            "shared = CASE WHEN shared = ? OR ? = ? THEN shared ELSE ? END,"
            " posts = TRIM(posts || ' ' || ?)"
        )
        how = (Shared.ALL.value, shared.value, Shared.NOTHING.value, shared.value)
        await self._set(round_id, coach_user_id, sets, *how, " ".join(map(str, posts)))

    async def add_post(self, round_id: int, coach_user_id: int, message_id: int) -> None:
        """Add one message that shows something to the room, unless it is there already."""
        await self._note(round_id, coach_user_id, message_id)

    async def add_unsure(self, round_id: int, coach_user_id: int, moment_id: int) -> None:
        """Store that from this moment on something may have been posted in the room."""
        await self._note(round_id, coach_user_id, -moment_id)

    async def settle(self, round_id: int, coach_user_id: int, moment_ids: Iterable[int]) -> None:
        """Store that it is now known what was posted from these moments on."""
        for moment_id in moment_ids:
            sets = "posts = TRIM(REPLACE(' ' || posts || ' ', ?, ' '))"
            await self._set(round_id, coach_user_id, sets, f" {-moment_id} ")

    async def posts_elsewhere(self, round_id: int, coach_user_id: int) -> set[int]:
        """The messages in which this coach shares something of other rounds."""
        rows = await self._database.all(
            "SELECT posts FROM debriefs WHERE coach_user_id = ? AND round_id <> ? AND posts <> ''",
            coach_user_id,
            round_id,
        )
        return {int(one) for row in rows for one in row["posts"].split()}

    async def _note(self, round_id: int, coach_user_id: int, number: int) -> None:
        await self._database.write(
            "UPDATE debriefs SET posts = TRIM(posts || ' ' || ?)"
            " WHERE round_id = ? AND coach_user_id = ? AND ' ' || posts || ' ' NOT LIKE ?",
            str(number),
            round_id,
            coach_user_id,
            f"% {number} %",
        )

    async def _set(self, round_id: int, coach_user_id: int, sets: str, *values: Value) -> None:
        sql = f"UPDATE debriefs SET {sets} WHERE round_id = ? AND coach_user_id = ?"  # noqa: S608
        await self._database.write(sql, *values, round_id, coach_user_id)

    async def unshare(
        self, round_id: int, coach_user_id: int, left: Iterable[int], unsure: Iterable[int] = ()
    ) -> None:
        """Store that nothing is shared any more; `left` are messages that are still in the room.

        `unsure` are moments from which on there may be others.
        """
        posts = " ".join(map(str, [*left, *(-one for one in unsure)]))
        sets = "shared = ?, posts = ?"
        await self._set(round_id, coach_user_id, sets, Shared.NOTHING.value, posts)

    async def try_next(self, round_id: int, coach_user_id: int, words: str) -> None:
        """Save the one thing the coach wants to try; empty text takes it back."""
        await self._database.write(
            "UPDATE debriefs SET next_try = ?"
            " WHERE round_id = ? AND coach_user_id = ? AND erased = 0",
            words,
            round_id,
            coach_user_id,
        )

    async def last_try(self, coach_user_id: int, guild_id: int) -> str:
        """What this coach last wanted to try in a guild; empty if they have not said."""
        row = await self._database.one(
            f"{_READ} WHERE o.coach_user_id = ? AND t.guild_id = ? AND o.next_try <> ''"
            " ORDER BY o.round_id DESC LIMIT 1",
            coach_user_id,
            guild_id,
        )
        return "" if row is None else self._shown(row).next_try

    async def erase(self, round_id: int, coach_user_id: int) -> None:
        """Erase what a coach has of a round: notes, sheets about them, what they want to try.

        The release itself stays stored, so that nobody changes or adds notes afterwards.
        """
        async with self._database.transaction() as transaction:
            for sql in (
                "DELETE FROM notes WHERE round_id = ? AND coach_user_id = ?",
                "DELETE FROM sheets WHERE round_id = ? AND coach_user_id = ?",
                (
                    "UPDATE debriefs SET next_try = '', erased = 1"
                    " WHERE round_id = ? AND coach_user_id = ?"
                ),
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

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """The debriefs of this person's own rounds in which they have done something themselves.

        An observer's first note begins a debrief, and before the release nothing may reveal that.
        """
        rows = await statements.all(
            f"{_READ} WHERE o.coach_user_id = ?"
            " AND (o.reflected_ms IS NOT NULL OR o.next_try <> '') ORDER BY o.round_id",
            user_id,
        )
        now = self._database.now()
        return [
            {
                "round_id": row["round_id"],
                "own_view_at": seconds(row["reflected_ms"]),
                "own_view_skipped": bool(row["skipped"]),
                "released_at": seconds(row["released_ms"]),
                "shared": row["shared"],
                "one_thing_to_try": row["next_try"],
                "erased": bool(row["erased"]),
            }
            for row in rows
            if read_kept(row).has_codes(now)
        ]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase the debriefs of this person's own rounds."""
        scope = scope_of(guild_id, "round")
        await scope.run(statements, "DELETE FROM debriefs WHERE coach_user_id = ?", user_id)


def read_debrief(row: Row) -> Debrief:
    """A row of the table as a debrief. A negative number among its posts is a moment: `unsure`."""
    posts = [int(one) for one in row["posts"].split()]
    return Debrief(
        round_id=row["round_id"],
        coach_user_id=row["coach_user_id"],
        listed=tuple(Listed(*one) for one in json.loads(row["listed"])),
        reflected_at=moment(row["reflected_ms"]),
        skipped=bool(row["skipped"]),
        released_at=moment(row["released_ms"]),
        shared=Shared(row["shared"]),
        posts=tuple(post for post in posts if post > 0),
        unsure=tuple(-post for post in posts if post < 0),
        next_try=row["next_try"],
        quote_days=row["quote_days"],
        code_months=row["code_months"],
        names_shown=bool(row["names_shown"]),
        is_erased=bool(row["erased"]),
    )


def is_released(table: str) -> str:
    """True for rows of `table` (or its alias) that have been released to their coach.

    The table names a round and a coach in `round_id` and `coach_user_id`.
    """
    return (
        f"EXISTS (SELECT 1 FROM debriefs AS released WHERE released.round_id = {table}.round_id"  # noqa: S608 - our own names
        f" AND released.coach_user_id = {table}.coach_user_id"
        " AND released.released_ms IS NOT NULL)"
    )
