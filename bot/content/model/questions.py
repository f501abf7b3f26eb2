"""Partnering questions: the phases of a conversation, the kinds of question, and the bank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.content.model.refusals import NoQuestion

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


class Origin(StrEnum):
    """Where a question comes from."""

    ADAPTED = "adapted"
    """Our own words for a question of the founding article."""
    ORIGINAL = "original"
    OWN = "own"
    """Added by a dojo."""


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
    _by_id: Mapping[str, Question] = field(init=False, repr=False, compare=False)
    _decks: Mapping[Phase, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {q.id: q for q in self.questions})
        decks = {phase: _deck(self.questions, phase) for phase in Phase}
        object.__setattr__(self, "_decks", decks)

    def deck(self, phase: Phase) -> tuple[str, ...]:
        """Ids of the questions offered in `phase`."""
        return self._decks[phase]

    def in_phase(self, phase: Phase) -> tuple[Question, ...]:
        """The questions offered in `phase`."""
        return tuple(self._by_id[question_id] for question_id in self._decks[phase])

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
        return QuestionBank(tuple(q for q in [*kept, *changes.values()] if q.id not in hidden))


def _deck(questions: Iterable[Question], phase: Phase) -> tuple[str, ...]:
    """What is offered in `phase`: its own questions, then those of other phases."""
    offered = [question for question in questions if phase in question.phases]
    offered.sort(key=lambda question: question.phase is not phase)
    return tuple(question.id for question in offered)
