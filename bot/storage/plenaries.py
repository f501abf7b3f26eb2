"""What was noted in the rounds of one gathering, for its aggregates only."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.notes import Side
from bot.domain.questions import Phase
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Noted:
    """That something was noted in a round: no time, no words, no observer."""

    round_id: int
    coach_user_id: int | None
    code: str
    side: Side
    phase: Phase | None


class PlenaryStore:
    """Reads notes for the last card of an evening."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_gathering(self, gathering_id: int) -> list[Noted]:
        """What was noted at least once in the rounds of a gathering that are over."""
        rows = await self._database.all(
            "SELECT DISTINCT n.round_id, n.coach_user_id, n.code, n.side, n.phase"
            " FROM notes AS n JOIN rounds AS r ON r.id = n.round_id"
            " WHERE r.gathering_id = ? AND r.state = 'ended' AND n.withdrawn_ms IS NULL"
            " ORDER BY n.round_id, n.code",
            gathering_id,
        )
        return [
            Noted(
                row["round_id"],
                row["coach_user_id"],
                row["code"],
                Side(row["side"]),
                row["phase"] and Phase(row["phase"]),
            )
            for row in rows
        ]
