"""What was noted in the rounds of one gathering, and what of it has been published."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection

from bot.content.model.questions import Phase
from bot.feedback.model.notes import Side
from bot.gatherings.model.harvest import Noticed, RoundNoted
from bot.kit.database.database import Database


class PlenaryStore:
    """Reads notes for the last card of an evening, and keeps what that card has shown."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def released(self, gathering_id: int) -> list[RoundNoted]:
        """What was noted in the rounds that are over and whose coaches all have their feedback."""
        rows = await self._database.all(
            "SELECT DISTINCT n.round_id, n.coach_user_id, n.code, n.side, n.phase"
            " FROM notes AS n JOIN rounds AS r ON r.id = n.round_id"
            " WHERE r.gathering_id = ? AND r.state = 'ended' AND n.withdrawn_ms IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM debriefs AS d WHERE d.round_id = r.id"
            " AND d.released_ms IS NULL)"
            " ORDER BY n.round_id, n.code",
            gathering_id,
        )
        coaches: defaultdict[int, set[int]] = defaultdict(set)
        seen: defaultdict[int, set[str]] = defaultdict(set)
        heard: defaultdict[int, set[Phase]] = defaultdict(set)
        for row in rows:
            round_id = row["round_id"]
            coaches[round_id].add(row["coach_user_id"])
            if row["side"] == Side.SEEN:
                seen[round_id].add(row["code"])
            elif row["side"] == Side.QUESTION and row["phase"]:
                heard[round_id].add(Phase(row["phase"]))
        return [
            RoundNoted(one, frozenset(of), frozenset(seen[one]), frozenset(heard[one]))
            for one, of in coaches.items()
        ]

    async def published(self, gathering_id: int) -> Noticed | None:
        """What has been shown to everybody of this evening; None if nothing has."""
        row = await self._database.one(
            "SELECT rounds, seen, heard FROM plenaries WHERE gathering_id = ?", gathering_id
        )
        if row is None:
            return None
        heard = {Phase(phase): count for phase, count in json.loads(row["heard"]).items()}
        return Noticed(row["rounds"], json.loads(row["seen"]), heard)

    async def counted(self, gathering_id: int) -> set[int]:
        """The rounds in it, by id."""
        rows = await self._database.all(
            "SELECT round_id FROM plenary_rounds WHERE gathering_id = ?", gathering_id
        )
        return {row["round_id"] for row in rows}

    async def publish(self, gathering_id: int, noticed: Noticed, added: Collection[int]) -> None:
        """Keep what is shown from now on, and the rounds that are new in it."""
        async with self._database.transaction() as transaction:
            await transaction.all(
                "INSERT INTO plenaries (gathering_id, rounds, seen, heard) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (gathering_id) DO UPDATE SET rounds = excluded.rounds,"
                " seen = excluded.seen, heard = excluded.heard",
                gathering_id,
                noticed.rounds,
                json.dumps(noticed.seen),
                json.dumps(noticed.heard),
            )
            for round_id in sorted(added):
                # A round that has been erased in this very moment is not named.
                await transaction.all(
                    "INSERT INTO plenary_rounds (round_id, gathering_id)"
                    " SELECT id, ? FROM rounds WHERE id = ?",
                    gathering_id,
                    round_id,
                )
