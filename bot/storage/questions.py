"""Shuffle bags on disk: a draw is one atomic statement, so two draws never give the same."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

from bot.domain import bags
from bot.domain.bags import Bag
from bot.domain.questions import Phase
from bot.storage.database import Database, Row


class BagStore:
    """The bags of all dojos."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def draw(
        self, dojo_id: int, phase: Phase, deck: Sequence[str], rng: random.Random
    ) -> str:
        """Take the next question of a phase out of the dojo's bag; on disk when this returns.

        `deck` are the ids to draw from, at least one. A bag that is missing, used up or made
        from another deck is renewed first.
        """
        name = bags.fingerprint(deck)
        rows = await self._database.write(
            "UPDATE question_bags SET position = position + 1"
            " WHERE dojo_id = ? AND phase = ? AND deck = ? AND position < size"
            " RETURNING drawing, size, position",
            dojo_id,
            phase.value,
            name,
        )
        if rows:
            return _drawn(_bag(rows[0]))
        return await self._renew_and_draw(dojo_id, phase, deck, name, rng)

    async def _renew_and_draw(
        self, dojo_id: int, phase: Phase, deck: Sequence[str], name: str, rng: random.Random
    ) -> str:
        async with self._database.transaction() as transaction:
            row = await transaction.one(
                "SELECT drawing, size, position FROM question_bags WHERE dojo_id = ? AND phase = ?",
                dojo_id,
                phase.value,
            )
            # Read again inside: somebody may have renewed it since. Then this changes nothing
            # but the order of what is left.
            bag = bags.renewed(_bag(row) if row else None, deck, rng)
            bag = Bag(bag.order, bag.position + 1)
            await transaction.all(
                "INSERT INTO question_bags (dojo_id, phase, deck, drawing, size, position)"
                " VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (dojo_id, phase) DO UPDATE SET deck = excluded.deck,"
                " drawing = excluded.drawing, size = excluded.size, position = excluded.position",
                dojo_id,
                phase.value,
                name,
                json.dumps(bag.order),
                len(bag.order),
                bag.position,
            )
        return _drawn(bag)


def _bag(row: Row) -> Bag:
    return Bag(tuple(json.loads(row["drawing"])), row["position"])


def _drawn(bag: Bag) -> str:
    return bag.order[bag.position - 1]
