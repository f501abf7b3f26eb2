"""Shuffle bags on disk: a draw is one atomic statement, so two draws never give the same."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Sequence

from bot.domain import bags
from bot.domain.bags import Bag
from bot.domain.questions import Phase
from bot.storage.database import Database

LOW = 16
"""With fewer questions to come than this, a bag is topped up."""
AHEAD = 48
"""How many are to come then. Many people may draw at once, and none should have to wait."""


class BagStore:
    """The bags of all dojos."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._top_ups: dict[tuple[int, Phase], asyncio.Task[None]] = {}

    async def draw(
        self, dojo_id: int, phase: Phase, deck: Sequence[str], rng: random.Random
    ) -> str:
        """Take the next question of a phase out of the dojo's bag; on disk when this returns.

        `deck` are the ids to draw from, at least one.
        """
        name = bags.fingerprint(deck)
        while True:
            rows = await self._database.write(
                "UPDATE question_bags SET position = position + 1"
                " WHERE dojo_id = ? AND phase = ? AND deck = ? AND position < size"
                " RETURNING drawing, size, position",
                dojo_id,
                phase.value,
                name,
            )
            if rows:
                drawing, size, position = rows[0]
                if size - position < LOW and (dojo_id, phase) not in self._top_ups:
                    await self._top_up(dojo_id, phase, deck, rng)
                return json.loads(drawing)[position - 1]
            # Missing, used up, or made from another deck.
            await self._top_up(dojo_id, phase, deck, rng)

    async def _top_up(
        self, dojo_id: int, phase: Phase, deck: Sequence[str], rng: random.Random
    ) -> None:
        """Renew a bag, once for all who want it; it goes on when one of them is cancelled."""
        key = (dojo_id, phase)
        task = self._top_ups.get(key)
        if task is None:
            task = asyncio.create_task(self._renew(dojo_id, phase, deck, rng), name="top up a bag")
            self._top_ups[key] = task
            task.add_done_callback(lambda _: self._top_ups.pop(key))
        await asyncio.shield(task)

    async def _renew(
        self, dojo_id: int, phase: Phase, deck: Sequence[str], rng: random.Random
    ) -> None:
        async with self._database.transaction() as transaction:
            row = await transaction.one(
                "SELECT drawing, position FROM question_bags WHERE dojo_id = ? AND phase = ?",
                dojo_id,
                phase.value,
            )
            known = Bag(tuple(json.loads(row["drawing"])), row["position"]) if row else None
            bag = bags.renewed(known, deck, rng, ahead=AHEAD)
            await transaction.all(
                "INSERT INTO question_bags (dojo_id, phase, deck, drawing, size, position)"
                " VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (dojo_id, phase) DO UPDATE SET deck = excluded.deck,"
                " drawing = excluded.drawing, size = excluded.size, position = excluded.position",
                dojo_id,
                phase.value,
                bags.fingerprint(deck),
                json.dumps(bag.order),
                len(bag.order),
                bag.position,
            )
