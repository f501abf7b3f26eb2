"""Shuffle bags on disk: a draw is one atomic statement, so two draws never give the same."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.content.model.questions import Phase
from bot.kit.database.database import Database
from bot.questions import model as bags
from bot.questions.model import Bag

log = logging.getLogger(__name__)

LOW = 16
"""With fewer questions to come than this, a bag is filled up before it runs out."""
AHEAD = 96
"""How many are to come then. Many people may draw at once, and none should have to wait."""


@dataclass(slots=True)
class _Drawing:
    """A bag that is being drawn from, and who waits for a question from it."""

    dojo_id: int
    phase: Phase
    deck: tuple[str, ...]
    name: str
    rng: random.Random
    waiting: list[asyncio.Future[str]] = field(default_factory=list[asyncio.Future[str]])
    task: asyncio.Task[None] | None = None


class BagStore:
    """The bags of all dojos."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._drawings: dict[tuple[int, Phase, str], _Drawing] = {}

    async def draw(
        self, dojo_id: int, phase: Phase, deck: Sequence[str], rng: random.Random
    ) -> str:
        """Take the next question of a phase out of the dojo's bag; on disk when this returns.

        `deck` are the ids to draw from, at least one. People who draw while another draw is under
        way are served together by the next one: a statement costs the same for all of them.
        """
        name = bags.fingerprint(deck)
        key = (dojo_id, phase, name)
        drawing = self._drawings.get(key)
        if drawing is None:
            drawing = self._drawings[key] = _Drawing(dojo_id, phase, tuple(deck), name, rng)
        loop = asyncio.get_running_loop()
        drawn: asyncio.Future[str] = loop.create_future()
        drawing.waiting.append(drawn)
        if drawing.task is None:
            drawing.task = loop.create_task(self._serve(key, drawing), name="draw questions")
        return await asyncio.shield(drawn)

    async def _serve(self, key: tuple[int, Phase, str], drawing: _Drawing) -> None:
        """Draw for whoever waits, until nobody does."""
        while drawing.waiting:
            batch, drawing.waiting = drawing.waiting, []
            try:
                bag = await self._take(drawing, len(batch))
                ids = bag.order[bag.position - len(batch) : bag.position]
                for drawn, question_id in zip(batch, ids, strict=True):
                    drawn.set_result(question_id)
                if len(bag.order) - bag.position < LOW:
                    await self._fill_up(drawing, bag)
            except Exception as error:  # noqa: BLE001 - it belongs to those who asked
                for drawn in batch:
                    _fail(drawn, error)
        del self._drawings[key]

    async def _take(self, drawing: _Drawing, count: int) -> Bag:
        """Draw `count` questions; the bag after that."""
        while True:
            rows = await self._database.write(
                "UPDATE question_bags SET position = position + ?"
                " WHERE dojo_id = ? AND phase = ? AND deck = ? AND position + ? <= size"
                " RETURNING drawing, position",
                count,
                drawing.dojo_id,
                drawing.phase.value,
                drawing.name,
                count,
            )
            if rows:
                order, position = rows[0]
                bag = Bag(tuple(json.loads(order)), position)
                if len(bag.order) >= position:
                    return bag
            # Missing, used up, made from another deck, or not what it says it is.
            await self._renew(drawing, max(AHEAD, count))

    async def _fill_up(self, drawing: _Drawing, bag: Bag) -> None:
        """Add to a bag that is running low, unless it has changed meanwhile."""
        fuller = bags.renewed(bag, drawing.deck, drawing.rng, ahead=AHEAD)
        try:
            await self._database.write(
                "UPDATE question_bags SET drawing = ?, size = ?, position = ?"
                " WHERE dojo_id = ? AND phase = ? AND deck = ? AND size = ? AND position = ?",
                json.dumps(fuller.order),
                len(fuller.order),
                fuller.position,
                drawing.dojo_id,
                drawing.phase.value,
                drawing.name,
                len(bag.order),
                bag.position,
            )
        except Exception:
            # Nobody waits for this; whoever draws next fills it up, or is told what is wrong.
            log.exception("a bag could not be filled up")

    async def _renew(self, drawing: _Drawing, ahead: int) -> None:
        """Make a bag that can be drawn from, from whatever is there."""
        async with self._database.transaction() as transaction:
            row = await transaction.one(
                "SELECT drawing, position FROM question_bags WHERE dojo_id = ? AND phase = ?",
                drawing.dojo_id,
                drawing.phase.value,
            )
            known = Bag(tuple(json.loads(row["drawing"])), row["position"]) if row else None
            bag = bags.renewed(known, drawing.deck, drawing.rng, ahead=ahead)
            await transaction.all(
                "INSERT INTO question_bags (dojo_id, phase, deck, drawing, size, position)"
                " VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (dojo_id, phase) DO UPDATE SET deck = excluded.deck,"
                " drawing = excluded.drawing, size = excluded.size, position = excluded.position",
                drawing.dojo_id,
                drawing.phase.value,
                drawing.name,
                json.dumps(bag.order),
                len(bag.order),
                bag.position,
            )


def _fail(drawn: asyncio.Future[str], error: Exception) -> None:
    if not drawn.done():
        drawn.set_exception(error)
        drawn.exception()  # looked at, also when the one who asked is gone
