"""All the words a dojo works with in one language, and what a dojo may change in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.content.model.formats import DEFAULT_FORMAT, Format
from bot.content.model.questions import Phase, Question, QuestionBank, QuestionSet
from bot.content.model.signals import Signal, SignalList


@dataclass(frozen=True, slots=True)
class PhaseWords:
    """What a phase is called, and what it is for."""

    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class OwnContent:
    """What a dojo added, changed and hid in the shipped content."""

    questions: tuple[Question, ...] = ()
    signals: tuple[Signal, ...] = ()
    formats: tuple[Format, ...] = ()
    hidden_questions: frozenset[str] = frozenset()
    hidden_signals: frozenset[str] = frozenset()
    hidden_formats: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        added = self.questions or self.signals or self.formats
        return bool(added or self.hidden_questions or self.hidden_signals or self.hidden_formats)


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
    group_questions: tuple[str, ...] = ()
    """For everybody together at the end of an evening; they are about the practice."""
    feedback_questions: tuple[str, ...] = ()
    """For a coach to ask aloud when the coaching is over."""

    def format_or_default(self, format_id: str) -> Format:
        """The format with that id; if it is hidden or unknown, the default, or else the first."""
        return (
            self.formats.get(format_id)
            or self.formats.get(DEFAULT_FORMAT)
            or next(iter(self.formats.values()))
        )

    def with_own(self, own: OwnContent) -> Content:
        """This content, changed by a dojo's own."""
        return replace(
            self,
            bank=self.bank.merged(own.questions, own.hidden_questions),
            signals=self.signals.merged(own.signals, own.hidden_signals),
            formats=_merged(self.formats, own.formats, own.hidden_formats),
        )

    def with_questions(self, question_set: QuestionSet) -> Content:
        """This content with the questions that a dojo has chosen."""
        if question_set is QuestionSet.ALL:
            return self
        return replace(self, bank=self.bank.of_article())


def _merged(
    shipped: Mapping[str, Format], own: Iterable[Format], hidden: frozenset[str]
) -> Mapping[str, Format]:
    """`shipped` with `own` formats added, or replacing those of the same id, without `hidden`."""
    both = {**shipped, **{entry.id: entry for entry in own}}
    return MappingProxyType({name: entry for name, entry in both.items() if name not in hidden})
