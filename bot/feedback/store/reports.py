"""Reported notes on disk: which note, by whom, and whether the safety contact has been told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.kit.database.database import Database, Row, Statements
from bot.kit.database.scopes import scope_of


@dataclass(frozen=True, slots=True)
class Report:
    """Someone wants the safety contact of a dojo to see a note."""

    id: int
    note_id: int
    dojo_id: int
    round_id: int
    reporter_user_id: int
    contact_user_id: int | None
    """The contact it was made for, and nobody else; None if nobody can see it any more."""
    is_told: bool


_SELECT = (
    "SELECT p.*, r.id AS round_id, r.dojo_id FROM reports AS p JOIN notes AS n ON n.id = p.note_id"
    " JOIN rounds AS r ON r.id = n.round_id"
)


class ReportStore:
    """Reads and writes reports. A report is erased with its note."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        report_id: int,
        note_id: int,
        reporter_user_id: int,
        contact_user_id: int,
        at: datetime,
    ) -> bool:
        """Save a report for this contact. Returns False if they have it from this person already.

        If the same note was reported to someone else, the report is now for this contact alone.
        """
        rows = await self._database.write(
            "INSERT INTO reports (id, note_id, reporter_user_id, contact_user_id, reported_at)"
            " SELECT ?, id, ?, ?, ? FROM notes WHERE id = ?"
            " ON CONFLICT (note_id, reporter_user_id) DO UPDATE SET"
            " contact_user_id = excluded.contact_user_id, reported_at = excluded.reported_at,"
            " told_at = NULL WHERE reports.contact_user_id IS NULL"
            " OR reports.contact_user_id <> excluded.contact_user_id RETURNING id",
            report_id,
            reporter_user_id,
            contact_user_id,
            int(at.timestamp()),
            note_id,
        )
        return bool(rows)

    async def get(self, report_id: int) -> Report | None:
        """One report; None if it, or its note, no longer exists."""
        row = await self._database.one(f"{_SELECT} WHERE p.id = ?", report_id)
        return None if row is None else _report(row)

    async def untold(self) -> list[Report]:
        """The reports that their contact has not been told about yet, oldest first."""
        rows = await self._database.all(
            f"{_SELECT} WHERE p.told_at IS NULL AND p.contact_user_id IS NOT NULL"
        )
        # Sorted here: asked to sort, SQLite would read all reports in order of their id.
        return sorted((_report(row) for row in rows), key=lambda report: report.id)

    async def last_told(self, contact_user_id: int) -> datetime | None:
        """When this contact was last told about a report that still exists."""
        row = await self._database.one(
            "SELECT MAX(told_at) AS last FROM reports WHERE contact_user_id = ?", contact_user_id
        )
        if row is None or row["last"] is None:
            return None
        return datetime.fromtimestamp(row["last"], UTC)

    async def delete(self, report_id: int) -> None:
        """Delete a report that can reach nobody; the note stays."""
        await self._database.write("DELETE FROM reports WHERE id = ?", report_id)

    async def told(self, report_id: int, at: datetime) -> None:
        """Store that the safety contact has been told that there is something."""
        await self._database.write(
            "UPDATE reports SET told_at = ? WHERE id = ?", int(at.timestamp()), report_id
        )

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """What this person reported; of reports to them only that there was one, and when."""
        rows = await statements.all(
            f"{_SELECT} WHERE p.reporter_user_id = ? OR p.contact_user_id = ? ORDER BY p.id",
            user_id,
            user_id,
        )
        return [
            {
                "round_id": row["round_id"],
                "reported_at": row["reported_at"],
                "reported_by_me": row["reporter_user_id"] == user_id,
                "reported_to_me": row["contact_user_id"] == user_id,
                "contact_told_at": row["told_at"],
            }
            for row in rows
        ]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase what this person reported; what was reported to them is for nobody any more."""
        scope = scope_of(guild_id, "note")
        for sql in (
            "DELETE FROM reports WHERE reporter_user_id = ?",
            "UPDATE reports SET contact_user_id = NULL WHERE contact_user_id = ?",
        ):
            await scope.run(statements, sql, user_id)


def _report(row: Row) -> Report:
    return Report(
        id=row["id"],
        note_id=row["note_id"],
        dojo_id=row["dojo_id"],
        round_id=row["round_id"],
        reporter_user_id=row["reporter_user_id"],
        contact_user_id=row["contact_user_id"],
        is_told=row["told_at"] is not None,
    )
