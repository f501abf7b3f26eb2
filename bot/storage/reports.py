"""Reported notes on disk: which note, by whom, and whether the safety contact has been told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.storage.database import Database, Row, Statements
from bot.storage.scopes import scope_of


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody wants the safety contact of a dojo to see a note."""

    id: int
    note_id: int
    dojo_id: int
    round_id: int
    reporter_user_id: int
    is_told: bool


_SELECT = (
    "SELECT p.*, r.id AS round_id, r.dojo_id FROM reports AS p JOIN notes AS n ON n.id = p.note_id"
    " JOIN rounds AS r ON r.id = n.round_id"
)


class ReportStore:
    """Reads and writes reports. A report goes with its note."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, report_id: int, note_id: int, reporter_user_id: int, at: datetime) -> bool:
        """Note a report; False when this person has reported that note already."""
        rows = await self._database.write(
            "INSERT INTO reports (id, note_id, reporter_user_id, reported_at)"
            " SELECT ?, id, ?, ? FROM notes WHERE id = ?"
            " ON CONFLICT (note_id, reporter_user_id) DO NOTHING RETURNING id",
            report_id,
            reporter_user_id,
            int(at.timestamp()),
            note_id,
        )
        return bool(rows)

    async def get(self, report_id: int) -> Report | None:
        """One report; none when it, or its note, is gone."""
        row = await self._database.one(f"{_SELECT} WHERE p.id = ?", report_id)
        return None if row is None else _report(row)

    async def untold(self) -> list[Report]:
        """The reports of which nobody has been told yet, oldest first."""
        rows = await self._database.all(f"{_SELECT} WHERE p.told_at IS NULL")
        # Put in order here: asked for it, SQLite would read all reports in order of their id.
        return sorted((_report(row) for row in rows), key=lambda report: report.id)

    async def told(self, report_id: int, at: datetime) -> None:
        """The safety contact has been told that there is something."""
        await self._database.write(
            "UPDATE reports SET told_at = ? WHERE id = ?", int(at.timestamp()), report_id
        )

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """What this person reported."""
        rows = await statements.all(
            f"{_SELECT} WHERE p.reporter_user_id = ? ORDER BY p.id", user_id
        )
        return [
            {
                "round_id": row["round_id"],
                "reported_at": row["reported_at"],
                "contact_told_at": row["told_at"],
            }
            for row in rows
        ]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase what this person reported."""
        scope = scope_of(guild_id, "note")
        await statements.all(
            f"DELETE FROM reports WHERE reporter_user_id = ?{scope.sql}",  # noqa: S608
            user_id,
            *scope.values,
        )


def _report(row: Row) -> Report:
    return Report(
        id=row["id"],
        note_id=row["note_id"],
        dojo_id=row["dojo_id"],
        round_id=row["round_id"],
        reporter_user_id=row["reporter_user_id"],
        is_told=row["told_at"] is not None,
    )
