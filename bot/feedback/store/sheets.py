"""Sheets on disk: drafts are saved as they grow, and nobody changes what the coach has seen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection
from datetime import datetime

from bot.dojos.store.terms import read_kept, with_terms
from bot.feedback.model.sheets import Mark, Sheet
from bot.feedback.store.debriefs import is_released
from bot.kit.database.database import Database, Row, Statements
from bot.kit.database.moments import in_milliseconds, moment, seconds
from bot.kit.database.scopes import scope_of

_READ = with_terms("sheets", "s")


class SheetStore:
    """Sheets of observers, and the coach's own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mark(self, sheet: Sheet, code: str, mark: Mark | None) -> bool:
        """Set or remove one mark of a sheet; on disk when this returns.

        Returns False, and changes nothing, if the coach has it already. A sheet that does not exist
        yet is begun with the marks that `sheet` has.
        """

        def change(marks: dict[str, str]) -> None:
            if mark is None:
                marks.pop(code, None)
            else:
                marks[code] = mark.value

        return await self._change(sheet, change)

    async def fill(self, sheet: Sheet, codes: Collection[str], mark: Mark) -> set[str] | None:
        """Set a mark for those of these codes that have none; on disk when this returns.

        Returns which ones they were, or None if the coach has the sheet already.
        """
        filled: set[str] = set()

        def change(marks: dict[str, str]) -> None:
            filled.update(code for code in codes if code not in marks)
            marks.update(dict.fromkeys(filled, mark.value))

        return filled if await self._change(sheet, change) else None

    async def clear(self, sheet: Sheet, codes: Collection[str], mark: Mark) -> bool:
        """Remove this mark from these codes, where it still stands. Returns as `mark` does."""

        def change(marks: dict[str, str]) -> None:
            for code in codes:
                if marks.get(code) == mark.value:
                    del marks[code]

        return await self._change(sheet, change)

    async def _change(self, sheet: Sheet, change: Callable[[dict[str, str]], None]) -> bool:
        """Change the marks of a sheet. Returns False if it may no longer be changed."""
        async with self._database.transaction() as transaction:
            marks = await _open_sheet(transaction, sheet)
            if marks is None:
                return False
            change(marks)
            await transaction.all(
                "UPDATE sheets SET marks = ? WHERE round_id = ? AND seat = ? AND coach_user_id = ?",
                json.dumps(marks),
                sheet.round_id,
                sheet.seat,
                sheet.coach_user_id,
            )
        return True

    async def hand_in(self, sheet: Sheet, at: datetime) -> bool:
        """Hand in a sheet as it is. Returns False if the coach has it already."""
        async with self._database.transaction() as transaction:
            if await _open_sheet(transaction, sheet) is None:
                return False
            await transaction.all(
                "UPDATE sheets SET handed_in_ms = ?"
                " WHERE round_id = ? AND seat = ? AND coach_user_id = ?",
                in_milliseconds(at),
                sheet.round_id,
                sheet.seat,
                sheet.coach_user_id,
            )
        return True

    async def of_round(self, round_id: int) -> list[Sheet]:
        """All sheets of a round, including drafts."""
        now = self._database.now()
        rows = await self._database.all(f"{_READ} WHERE s.round_id = ? ORDER BY s.seat", round_id)
        return [read_sheet(row) for row in rows if read_kept(row).has_codes(now)]

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """The sheets this person filled in, and those about them that have been released."""
        rows = await statements.all(
            f"{_READ} WHERE s.user_id = ?"
            f" OR (s.coach_user_id = ? AND s.handed_in_ms IS NOT NULL AND {is_released('s')})"
            " ORDER BY s.round_id, s.seat",
            user_id,
            user_id,
        )
        now = self._database.now()

        def exported() -> list[dict[str, object]]:
            return [
                {
                    "round_id": row["round_id"],
                    "filled_in_by_me": row["user_id"] == user_id,
                    "about_me": row["coach_user_id"] == user_id,
                    "marks": json.loads(row["marks"]),
                    "handed_in_at": seconds(row["handed_in_ms"]),
                }
                for row in rows
                if read_kept(row).has_codes(now)
            ]

        # A year of one person takes longer than others who use the bot should wait.
        return await asyncio.to_thread(exported)

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase the sheets about this person, their drafts, and their name on those handed in."""
        scope = scope_of(guild_id, "round")
        erase = (
            "DELETE FROM sheets WHERE (coach_user_id = ? OR (user_id = ? AND handed_in_ms IS NULL))"
        )
        await scope.run(statements, erase, user_id, user_id)
        await scope.run(statements, "UPDATE sheets SET user_id = NULL WHERE user_id = ?", user_id)


async def _open_sheet(statements: Statements, sheet: Sheet) -> dict[str, str] | None:
    """The marks of a sheet that may still be changed, begun if necessary; otherwise None.

    A sheet that was not handed in before the release may still be handed in, once.
    """
    key = (sheet.round_id, sheet.seat, sheet.coach_user_id)
    if sheet.is_own and await statements.one(
        "SELECT 1 FROM debriefs"
        " WHERE round_id = ? AND coach_user_id = ? AND released_ms IS NOT NULL",
        sheet.round_id,
        sheet.coach_user_id,
    ):
        # The coach's own view is from before they saw anybody else's.
        return None
    row = await statements.one(
        "SELECT s.marks, s.handed_in_ms, d.released_ms FROM sheets AS s LEFT JOIN debriefs AS d"
        " ON d.round_id = s.round_id AND d.coach_user_id = s.coach_user_id"
        " WHERE s.round_id = ? AND s.seat = ? AND s.coach_user_id = ?",
        *key,
    )
    if row is not None:
        is_closed = row["handed_in_ms"] is not None and row["released_ms"] is not None
        return None if is_closed else json.loads(row["marks"])
    marks = {code: mark.value for code, mark in sheet.marks.items()}
    rows = await statements.all(
        # Only for people who are in that round, and have not been forgotten in the meantime.
        "INSERT INTO sheets (round_id, seat, user_id, coach_user_id, marks)"
        " SELECT p.round_id, p.number, p.user_id, c.user_id, ? FROM round_people AS p"
        " JOIN round_people AS c ON c.round_id = p.round_id"
        " WHERE p.round_id = ? AND p.number = ? AND p.user_id = ? AND c.user_id = ? RETURNING seat",
        json.dumps(marks),
        sheet.round_id,
        sheet.seat,
        sheet.user_id,
        sheet.coach_user_id,
    )
    return marks if rows else None


def read_sheet(row: Row) -> Sheet:
    """A row of the table as a sheet."""
    return Sheet(
        round_id=row["round_id"],
        seat=row["seat"],
        user_id=row["user_id"],
        coach_user_id=row["coach_user_id"],
        marks={code: Mark(mark) for code, mark in json.loads(row["marks"]).items()},
        handed_in_at=moment(row["handed_in_ms"]),
    )
