"""Shuffle bags on disk: a pick is one atomic statement, so two picks never give the same."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

from bot.content.model.questions import Phase
from bot.kit.batcher import Asked, Batcher
from bot.kit.database.database import Database, Statements
from bot.kit.database.scopes import scope_of
from bot.questions import model as bags
from bot.questions.model import Bag

log = logging.getLogger(__name__)

LOW = 16
"""With fewer questions than this to come, a bag is filled up before it runs out."""
AHEAD = 96
"""How many are to come after that. Many people may ask at once, and none should have to wait."""
MOST_TOGETHER = 1_000
"""Picks in one statement."""


@dataclass(frozen=True, slots=True)
class _Picking:
    """A bag that questions are being picked from."""

    dojo_id: int
    phase: Phase
    deck: tuple[str, ...]
    name: str
    rng: random.Random


@dataclass(frozen=True, slots=True)
class Pick:
    """A question out of a bag."""

    question_id: str
    begins_again: bool
    """Everything in the bag had been picked before it."""


class BagStore:
    """The bags of all dojos."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Each exists as long as someone picks from it.
        self._picking: WeakValueDictionary[tuple[int, Phase, str], Batcher[None, Pick]] = (
            WeakValueDictionary()
        )

    async def pick(
        self, dojo_id: int, phase: Phase, deck: Sequence[str], rng: random.Random
    ) -> Pick:
        """Take the next question of a phase out of the dojo's bag; on disk when this returns.

        `deck` are the ids to pick from, at least one. Requests that come while another statement is
        under way share the next one: it costs the same for all of them.
        """
        name = bags.fingerprint(deck)
        key = (dojo_id, phase, name)
        batcher = self._picking.get(key)
        if batcher is None:
            picking = _Picking(dojo_id, phase, tuple(deck), name, rng)
            batcher = Batcher[None, Pick](
                "pick questions", lambda batch: self._serve(picking, batch), most=MOST_TOGETHER
            )
            self._picking[key] = batcher
        return await batcher.ask(None)

    async def _serve(self, picking: _Picking, batch: Sequence[Asked[None, Pick]]) -> None:
        bag = await self._take(picking, len(batch))
        ids = bag.order[bag.position - len(batch) : bag.position]
        again = bag.begin_again(len(batch))
        for asked, question_id, begins_again in zip(batch, ids, again, strict=True):
            asked.tell(Pick(question_id, begins_again))
        if len(bag.order) - bag.position < LOW:
            await self._fill_up(picking, bag)

    async def _take(self, picking: _Picking, count: int) -> Bag:
        """Pick `count` questions. Returns the bag after that."""
        while True:
            rows = await self._database.write(
                "UPDATE question_bags SET position = position + ?"
                " WHERE dojo_id = ? AND phase = ? AND deck = ? AND position + ? <= size"
                " RETURNING drawing, position",
                count,
                picking.dojo_id,
                picking.phase.value,
                picking.name,
                count,
            )
            if rows:
                order, position = rows[0]
                bag = Bag(tuple(json.loads(order)), position)
                if len(bag.order) >= position:
                    return bag
            # Missing, used up, made from another deck, or damaged.
            await self._renew(picking, max(AHEAD, count))

    async def _fill_up(self, picking: _Picking, bag: Bag) -> None:
        """Add to a bag that is running low, unless it has changed in the meantime."""
        fuller = bags.renewed(bag, picking.deck, picking.rng, ahead=AHEAD)
        try:
            await self._database.write(
                "UPDATE question_bags SET drawing = ?, size = ?, position = ?"
                " WHERE dojo_id = ? AND phase = ? AND deck = ? AND size = ? AND position = ?",
                json.dumps(fuller.order),
                len(fuller.order),
                fuller.position,
                picking.dojo_id,
                picking.phase.value,
                picking.name,
                len(bag.order),
                bag.position,
            )
        except Exception:
            # Nobody waits for this; the next pick fills it up, or reports the problem.
            log.exception("a bag could not be filled up")

    async def _renew(self, picking: _Picking, ahead: int) -> None:
        """Make a bag that can be picked from, using what is there."""
        async with self._database.transaction() as transaction:
            row = await transaction.one(
                "SELECT drawing, position FROM question_bags WHERE dojo_id = ? AND phase = ?",
                picking.dojo_id,
                picking.phase.value,
            )
            known = Bag(tuple(json.loads(row["drawing"])), row["position"]) if row else None
            bag = bags.renewed(known, picking.deck, picking.rng, ahead=ahead)
            await transaction.all(
                "INSERT INTO question_bags (dojo_id, phase, deck, drawing, size, position)"
                " VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (dojo_id, phase) DO UPDATE SET deck = excluded.deck,"
                " drawing = excluded.drawing, size = excluded.size, position = excluded.position",
                picking.dojo_id,
                picking.phase.value,
                picking.name,
                json.dumps(bag.order),
                len(bag.order),
                bag.position,
            )


class SetAsideStore:
    """The questions that a person does not want to be given again in a dojo."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, dojo_id: int, user_id: int) -> Collection[str]:
        """Which these are, by id."""
        rows = await self._database.all(
            "SELECT question FROM set_aside_questions WHERE dojo_id = ? AND user_id = ?",
            dojo_id,
            user_id,
        )
        return {row["question"] for row in rows}

    async def add(self, dojo_id: int, user_id: int, question_id: str) -> None:
        """Set a question aside, once."""
        await self._database.write(
            "INSERT INTO set_aside_questions (dojo_id, user_id, question) VALUES (?, ?, ?)"
            " ON CONFLICT (dojo_id, user_id, question) DO NOTHING",
            dojo_id,
            user_id,
            question_id,
        )

    async def take_back(self, dojo_id: int, user_id: int, question_id: str) -> None:
        """Let a question come again."""
        await self._database.write(
            "DELETE FROM set_aside_questions WHERE dojo_id = ? AND user_id = ? AND question = ?",
            dojo_id,
            user_id,
            question_id,
        )

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """The questions that this person set aside, and in which dojo."""
        rows = await statements.all(
            "SELECT d.guild_id, d.channel_id, s.question FROM set_aside_questions AS s"
            " JOIN dojos AS d ON d.id = s.dojo_id WHERE s.user_id = ?"
            " ORDER BY s.dojo_id, s.question",
            user_id,
        )
        return [dict(row) for row in rows]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase which questions this person set aside."""
        sql = "DELETE FROM set_aside_questions WHERE user_id = ?"
        await scope_of(guild_id, "dojo").run(statements, sql, user_id)
