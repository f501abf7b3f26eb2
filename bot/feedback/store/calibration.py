"""The sheets of a dojo's observers on disk, for comparing them with each other."""

from __future__ import annotations

from bot.dojos.store.terms import read_kept, with_terms
from bot.feedback.model.debriefs import Debrief
from bot.feedback.model.sheets import Sheet
from bot.feedback.store.debriefs import read_debrief
from bot.feedback.store.sheets import read_sheet
from bot.kit.database.database import Database

_READ = with_terms("debriefs", "o")


class CalibrationStore:
    """Reads what observers handed in, over all rounds of a dojo."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def released(self, dojo_id: int) -> list[tuple[Debrief, list[Sheet]]]:
        """Every released debrief of a dojo that is still kept, with the sheets on its coach."""
        now = self._database.now()
        debriefs = await self._database.all(
            f"{_READ} WHERE t.dojo_id = ? AND o.released_ms IS NOT NULL", dojo_id
        )
        sheets = await self._database.all(
            "SELECT s.* FROM sheets AS s JOIN rounds AS r ON r.id = s.round_id"
            " WHERE r.dojo_id = ? AND s.handed_in_ms IS NOT NULL ORDER BY s.seat",
            dojo_id,
        )
        by_coach: dict[tuple[int, int], list[Sheet]] = {}
        for row in sheets:
            sheet = read_sheet(row)
            if not sheet.is_own:
                by_coach.setdefault((sheet.round_id, sheet.coach_user_id), []).append(sheet)
        return [
            (debrief, by_coach.get((debrief.round_id, debrief.coach_user_id), []))
            for row in debriefs
            if read_kept(row).has_codes(now) and (debrief := read_debrief(row))
        ]
