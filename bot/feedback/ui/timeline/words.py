"""What a time line of a coaching round shows, and the same in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.feedback.ui.notes.words import clock
from bot.kit.discord.text import cut, joined, plural
from bot.rounds.ui.words import whole_seconds

MOST_ALT = 1_000
"""Characters of the words for the picture; Discord allows 1,024."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One moment: what was noted at that time, and by how many."""

    at: timedelta
    """Coaching time, without pauses."""
    lane: str
    """The code."""
    is_partnering: bool
    observers: int


@dataclass(frozen=True, slots=True)
class PhaseMark:
    """Where the conversation was heard to be."""

    at: timedelta
    label: str


@dataclass(frozen=True, slots=True)
class TimeLine:
    """What was noted of one coach in one round."""

    coached: timedelta
    marks: tuple[Mark, ...]
    phases: tuple[PhaseMark, ...]
    names: Mapping[str, tuple[str, str]]
    """By code: the names of its partnering and its signal."""
    observers: int


def describe(line: TimeLine) -> str:
    """What the picture shows, for people who do not see it; at most 1,000 characters."""
    who = plural(line.observers, "observer")
    # Rounded as on the card of the round. Moments are cut, as they are on the pad.
    coached = timedelta(seconds=whole_seconds(line.coached))
    text = f"Time line of {clock(coached)} of coaching, {who}."
    phases = [
        f"{clock(one.at)} {cut(one.label, 40)}" for one in sorted(line.phases, key=lambda p: p.at)
    ]
    if phases:
        text += " Heard: " + _fitting(phases, 260) + "."
    if not line.marks:
        return f"{text} Nothing was noted."
    named: set[tuple[str, bool]] = set()
    entries: list[str] = []
    for mark in sorted(line.marks, key=order):
        side = mark.lane, mark.is_partnering
        entry = f"{clock(mark.at)} {mark.lane} {side_words(is_partnering=mark.is_partnering)}"
        name = name_of_side(line, *side)
        if name and side not in named:
            entry += f" ({cut(name, 40)})"
            named.add(side)
        if line.observers > 1:
            entry += f", {plural(mark.observers, 'observer')}"
        entries.append(entry)
    return f"{text} Noted: {_fitting(entries, MOST_ALT - len(text) - 10)}."


def _fitting(entries: Sequence[str], most: int) -> str:
    """As many of the first entries as fit, and how many are left."""
    text = "; ".join(entries)
    shown = len(entries)
    while len(text) > most and shown:
        shown -= 1
        more = f"{len(entries) - shown} more"
        text = joined(["; ".join(entries[:shown]), more] if shown else [more])
    return text


def side_words(*, is_partnering: bool) -> str:
    """The name of a side."""
    return "partnering" if is_partnering else "signal"


def name_of_side(line: TimeLine, code: str, is_partnering: bool) -> str:  # noqa: FBT001 - a key
    """The name of this side of a code in that dojo."""
    return " ".join(line.names.get(code, ("", ""))[not is_partnering].split())


def order(mark: Mark) -> tuple[timedelta, tuple[str, int, str], bool, int]:
    """By time, then by code."""
    return mark.at, code_order(mark.lane), not mark.is_partnering, mark.observers


def code_order(code: str) -> tuple[str, int, str]:
    """S2 before S10."""
    letters, digits = re.fullmatch(r"(.*?)(\d*)", code, re.DOTALL).groups()  # pyright: ignore[reportOptionalMemberAccess]
    return letters, int(digits or 0), digits
