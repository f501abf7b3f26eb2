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
from bot.questions.store import BagStore, SetAsideStore

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


@dataclass(frozen=True, slots=True)
class Picked:
    """A question out of a dojo's bag."""

    question: Question
    begins_again: bool = False
    """All questions of the phase had been given here before it."""


class QuestionService:
    """Picks questions."""

    def __init__(
        self,
        store: BagStore,
        set_aside: SetAsideStore,
        contents: ContentService,
        *,
        rng: random.Random,
    ) -> None:
        self._store = store
        self._set_aside = set_aside
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

    async def pick(self, dojo: Dojo, phase: Phase, person: Person) -> Picked:
        """The next question of a phase from the dojo's bag, stored as picked. Raises NotAllowed.

        What the person has set aside is passed over, unless that is the whole phase.
        """
        dojo.check_may_ask(person)
        content = await self._contents.of_dojo(dojo)
        deck = content.bank.deck(phase)
        if not deck:
            raise NoQuestion("phase")
        aside = await self._set_aside.of(dojo.id, person.user_id)
        wanted = {one for one in deck if one not in aside} or {*deck}
        begins_again = False
        while True:
            # Each question comes within two rounds of the bag.
            pick = await self._store.pick(dojo.id, phase, deck, self._rng)
            begins_again = begins_again or pick.begins_again
            if pick.question_id in wanted:
                # With one question it would be said each time.
                return Picked(content.bank.get(pick.question_id), begins_again and len(deck) > 1)

    async def set_aside(self, dojo: Dojo, person: Person, question_id: str) -> None:
        """Give the person this question no more in this dojo. Raises NotAllowed and NoQuestion."""
        dojo.check_may_ask(person)
        question = (await self._contents.of_dojo(dojo)).bank.get(question_id)
        await self._set_aside.add(dojo.id, person.user_id, question.id)

    async def take_back(self, dojo: Dojo, person: Person, question_id: str) -> None:
        """Give the person this question again, when its turn comes."""
        await self._set_aside.take_back(dojo.id, person.user_id, question_id)

    def begin_loose(self) -> Loose:
        """A new private run outside a dojo."""
        return Loose(self._rng.getrandbits(SEED_BITS))

    def pick_loose(self, content: Content, phase: Phase, at: Loose) -> Question:
        """The question at this position of a private run. Stores nothing about the person."""
        deck = content.bank.deck(phase)
        if not deck:
            raise NoQuestion("phase")
        return content.bank.get(bags.loose_question(deck, at.seed, at.position))
