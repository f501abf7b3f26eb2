"""Signals and their counterparts: what observers look and listen for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class SignalKind(StrEnum):
    """What kind of thing a signal is, which decides how it can be noted."""

    EVENT = "event"
    """Happens at a moment and can be counted."""
    STRETCH = "stretch"
    """Lasts a while."""
    OPPORTUNITY = "opportunity"
    """Something that was not done: a missed opportunity, best judged at the end."""
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Counterpart:
    """The partnering side of a code."""

    slug: str
    name: str
    text: str
    pad: str = ""
    """A word or two for its button on the pad; empty to take them from the name."""
    first_person: str = ""
    """The same in the words of the coach, `self` in files; may be empty."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One code of the signal list with both of its sides."""

    code: str
    slug: str
    name: str
    kind: SignalKind
    short: str
    looks: str
    listen: str
    counterpart: Counterpart
    tie_break: str = ""
    markers: tuple[str, ...] = ()
    confidence: str = ""
    variants: Mapping[str, str] = field(default_factory=dict[str, str])
    """Letters of the parts that a code has (`a`, `b`), with the meaning of each."""
    pad: str = ""
    """A word or two for its button on the pad; empty to take them from the name."""
    first_person: str = ""
    """The same in the words of the coach, `self` in files; may be empty."""


@dataclass(frozen=True, slots=True)
class SignalList:
    """The signals of one dojo in one language, in their order."""

    signals: tuple[Signal, ...]

    def merged(self, own: Iterable[Signal], hidden: frozenset[str]) -> SignalList:
        """This list with `own` added, or replacing those of the same code, and without `hidden`."""
        changes = {signal.code: signal for signal in own}
        kept = [changes.pop(s.code, s) for s in self.signals]
        return SignalList(tuple(s for s in [*kept, *changes.values()] if s.code not in hidden))
