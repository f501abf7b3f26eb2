"""Partnering questions: the phases of a conversation, the kinds of question, and the bank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.content.model.refusals import NoQuestion

FROM_ARTICLE = "◆"
"""Stands, where questions are listed, at those of the founding article."""
SLOT = re.compile(r"\{([a-z][a-z_]*)\}")


class Phase(StrEnum):
    """A part of the coaching conversation. Never a timed part, and not a straight line."""

    START = "start"
    CHECK_IN = "check-in"
    MEANING = "meaning"
    ACTION = "action"
    CLOSE = "close"


class QuestionKind(StrEnum):
    """How a question is meant to be used."""

    OPEN = "open"
    PERMISSION = "permission"
    """Closed on purpose: it asks for permission."""
    SLOT = "slot"
    """Has a blank that the coach fills aloud, never in writing."""
    STEM = "stem"
    """An unfinished sentence, for the client to finish."""
    OFFER = "offer"
    """A statement that leaves the client free to take it or not. Never picked at random, because an
    offer belongs to what the coach has just seen; it may have blanks."""


class Origin(StrEnum):
    """Where a question comes from."""

    ADAPTED = "adapted"
    """Our own words for a question of the founding article."""
    ORIGINAL = "original"
    OWN = "own"
    """Added by a dojo."""


class QuestionSet(StrEnum):
    """Which of the shipped questions a dojo uses. Those of its own file come with both."""

    ALL = "all"
    ARTICLE = "article"
    """Only those of the founding article."""


@dataclass(frozen=True, slots=True)
class Question:
    """One partnering question, or an open stem, of the bank."""

    id: str
    phase: Phase
    text: str
    kind: QuestionKind = QuestionKind.OPEN
    origin: Origin = Origin.OWN
    intent: str = ""
    markers: tuple[str, ...] = ()
    """Numbers of the PCC Markers this is related to, e.g. `8.1`."""
    also: tuple[Phase, ...] = ()
    """Further phases in which the question is offered."""
    signals: tuple[str, ...] = ()
    """Codes of the signals that it is an answer to: it practises their partnering side."""

    @property
    def phases(self) -> tuple[Phase, ...]:
        """Every phase in which the question is offered, its own first."""
        return (self.phase, *self.also)

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of the blanks in the text, in order."""
        return tuple(SLOT.findall(self.text))


@dataclass(frozen=True, slots=True)
class QuestionBank:
    """The questions of one dojo in one language, in the order of the content."""

    questions: tuple[Question, ...]
    retired: tuple[Question, ...] = ()
    """Offered no more, but found by id: posted cards and files of dojos may still name them."""
    _by_id: Mapping[str, Question] = field(init=False, repr=False, compare=False)
    _decks: Mapping[Phase, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {q.id: q for q in (*self.retired, *self.questions)})
        decks = {phase: _deck(self.questions, phase) for phase in Phase}
        object.__setattr__(self, "_decks", decks)

    def deck(self, phase: Phase) -> tuple[str, ...]:
        """Ids of what is picked from at random in `phase`."""
        return self._decks[phase]

    def in_phase(self, phase: Phase) -> tuple[Question, ...]:
        """What is offered in `phase`: the questions to pick from, then the offers."""
        offers = (
            question
            for question in self.questions
            if question.kind is QuestionKind.OFFER and phase in question.phases
        )
        return (*(self._by_id[question_id] for question_id in self._decks[phase]), *offers)

    def for_signal(self, code: str) -> tuple[Question, ...]:
        """What practises the partnering side of a signal, in the order of the content."""
        return tuple(question for question in self.questions if code in question.signals)

    def find(self, question_id: str) -> Question | None:
        """The question with that id, or None if it is hidden or does not exist."""
        return self._by_id.get(question_id)

    def get(self, question_id: str) -> Question:
        """The question with that id. Raises NoQuestion if it is hidden or does not exist."""
        question = self._by_id.get(question_id)
        if question is None:
            raise NoQuestion("question")
        return question

    def merged(self, own: Iterable[Question], hidden: frozenset[str]) -> QuestionBank:
        """This bank with `own` added, or replacing those of the same id, and without `hidden`."""
        changes = {question.id: question for question in own}
        kept = [changes.pop(q.id, q) for q in self.questions]
        # A retired question that a dojo has words for is one of its questions again.
        retired = [q for q in self.retired if q.id not in changes]
        return QuestionBank(
            tuple(q for q in [*kept, *changes.values()] if q.id not in hidden),
            tuple(q for q in retired if q.id not in hidden),
        )

    def of_article(self) -> QuestionBank:
        """Only the questions of the founding article, and a dojo's own.

        A phase that would be left without a question keeps all it has.
        """
        wanted = {q.id for q in self.questions if q.origin is not Origin.ORIGINAL}
        for phase in Phase:
            if wanted.isdisjoint(self._decks[phase]):
                wanted.update(self._decks[phase])
        return QuestionBank(tuple(q for q in self.questions if q.id in wanted), self.retired)


def _deck(questions: Iterable[Question], phase: Phase) -> tuple[str, ...]:
    """What is picked from in `phase`: its own questions, then those of other phases."""
    offered = [
        question
        for question in questions
        if phase in question.phases and question.kind is not QuestionKind.OFFER
    ]
    offered.sort(key=lambda question: question.phase is not phase)
    return tuple(question.id for question in offered)
