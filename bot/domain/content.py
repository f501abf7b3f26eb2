"""All the words a dojo works with in one language, and what a dojo may change in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.formats import Format
from bot.domain.questions import Phase, Question, QuestionBank
from bot.domain.signals import Signal, SignalList


@dataclass(frozen=True, slots=True)
class PhaseWords:
    """How a phase is called and what it is for."""

    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class OwnContent:
    """What a dojo added, changed and hid, over the shipped content."""

    questions: tuple[Question, ...] = ()
    signals: tuple[Signal, ...] = ()
    hidden_questions: frozenset[str] = frozenset()
    hidden_signals: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.questions or self.signals or self.hidden_questions or self.hidden_signals)


@dataclass(frozen=True, slots=True)
class Content:
    """Questions, signals, formats and the names of the phases in one language."""

    language: str
    """The folder's name: an IETF tag such as `en` or `pt-BR`."""
    language_name: str
    phases: Mapping[Phase, PhaseWords]
    bank: QuestionBank
    signals: SignalList
    formats: Mapping[str, Format]
    reviewed: bool = True

    def with_own(self, own: OwnContent) -> Content:
        """This content with a dojo's own laid over it."""
        return Content(
            language=self.language,
            language_name=self.language_name,
            phases=self.phases,
            bank=self.bank.merged(own.questions, own.hidden_questions),
            signals=self.signals.merged(own.signals, own.hidden_signals),
            formats=self.formats,
            reviewed=self.reviewed,
        )
