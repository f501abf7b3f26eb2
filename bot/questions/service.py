"""Picks questions: from a dojo's shuffle bag, or in a private run where there is no dojo."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bot.content.model.content import Content
from bot.content.model.questions import Phase, Question
from bot.content.model.refusals import NoQuestion
from bot.dojos.model.dojo import Dojo
from bot.dojos.service.contents import ContentService
from bot.kit.person import Person
from bot.questions import model as bags
from bot.questions.store import BagStore

LONGEST_RUN = 999
SEED_BITS = 30
MOST_REPLACED = 500
"""Cards of which it is known which question they do not show any more."""


@dataclass(frozen=True, slots=True)
class Loose:
    """The position in a private run of questions outside a dojo; its buttons carry it."""

    seed: int
    position: int = 0

    def next(self) -> Loose:
        """One further; after very many, another run begins."""
        if self.position >= LONGEST_RUN:
            return Loose((self.seed + 1) % 2**SEED_BITS)
        return Loose(self.seed, self.position + 1)


class QuestionService:
    """Picks questions."""

    def __init__(self, store: BagStore, contents: ContentService, *, rng: random.Random) -> None:
        self._store = store
        self._contents = contents
        self._rng = rng
        self._replaced: dict[int, str] = {}
        """By card, the question that was replaced last; what was pressed long ago comes first."""

    def replace(self, message_id: int, question_id: str) -> bool:
        """Whether this question on a public card may be replaced now: nobody else has just done so.

        Two people who press at once want one other question, not two.
        """
        if self._replaced.get(message_id) == question_id:
            return False
        self._replaced.pop(message_id, None)
        self._replaced[message_id] = question_id
        if len(self._replaced) > MOST_REPLACED:
            del self._replaced[next(iter(self._replaced))]
        return True

    def keep(self, message_id: int) -> None:
        """Let the question on this card be replaced again: it still stands there."""
        self._replaced.pop(message_id, None)

    async def pick(self, dojo: Dojo, phase: Phase, person: Person) -> Question:
        """The next question of a phase from the dojo's bag, stored as picked. Raises NotAllowed."""
        dojo.check_may_ask(person)
        content = await self._contents.of_dojo(dojo)
        deck = content.bank.deck(phase)
        if not deck:
            raise NoQuestion("phase")
        return content.bank.get(await self._store.pick(dojo.id, phase, deck, self._rng))

    def begin_loose(self) -> Loose:
        """A new private run outside a dojo."""
        return Loose(self._rng.getrandbits(SEED_BITS))

    def pick_loose(self, content: Content, phase: Phase, at: Loose) -> Question:
        """The question at this position of a private run. Stores nothing about the person."""
        deck = content.bank.deck(phase)
        if not deck:
            raise NoQuestion("phase")
        return content.bank.get(bags.loose_question(deck, at.seed, at.position))
