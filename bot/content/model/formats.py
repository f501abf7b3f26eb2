"""Round formats: named lists of timed segments, and the rules every format keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

MOST_SEGMENTS = 12
SHORTEST_SEGMENT = timedelta(seconds=30)
LONGEST_SEGMENT = timedelta(minutes=60)
LONGEST_FORMAT = timedelta(minutes=180)
FEWEST_PEOPLE = 2
MOST_PEOPLE = 60
LONGEST_LANDING = timedelta(seconds=60)
DEFAULT_FORMAT = "triad-30"
"""The id of the format that a new dojo starts with."""


class SegmentKind(StrEnum):
    """What a timed part of a round is for."""

    AGREE = "agree"
    COACH = "coach"
    WRITE = "write"
    SELF = "self"
    CLIENT = "client"
    OBSERVERS = "observers"
    FACILITATOR = "facilitator"
    NEXT = "next"
    PAUSE = "pause"
    SWAP = "swap"


DEBRIEF_ORDER = (
    SegmentKind.WRITE,
    SegmentKind.SELF,
    SegmentKind.CLIENT,
    SegmentKind.OBSERVERS,
    SegmentKind.FACILITATOR,
    SegmentKind.NEXT,
)


@dataclass(frozen=True, slots=True)
class Segment:
    """One timed part of a format."""

    kind: SegmentKind
    length: timedelta


@dataclass(frozen=True, slots=True)
class Format:
    """A named list of segments, and how many people it is for."""

    id: str
    name: str
    suits: str
    fewest: int
    most: int
    segments: tuple[Segment, ...]

    @property
    def total(self) -> timedelta:
        """How long all of it takes without pauses."""
        return sum((segment.length for segment in self.segments), timedelta())

    @property
    def coaching(self) -> timedelta:
        """How much of it is coaching."""
        return sum((s.length for s in self.segments if s.kind is SegmentKind.COACH), timedelta())

    def suits_count(self, people: int) -> bool:
        """Whether it is for this number of people."""
        return self.fewest <= people <= self.most


def nearest_for(formats: Iterable[Format], people: int, *, like: Format) -> Format | None:
    """The format for this number of people that is nearest to `like`; None if there is none.

    `like` itself if it suits, or else the format whose total differs least, the first of several.
    """
    return min(
        (entry for entry in formats if entry.suits_count(people)),
        key=lambda entry: (abs(entry.total - like.total), entry.id != like.id),
        default=None,
    )


def followed_by(people: int, format_: Format, formats: Iterable[Format]) -> Format:
    """The format that a group of this size follows in an evening with `format_`: it, if it suits.

    Otherwise the nearest of `formats` that suits; `format_` after all if none does.
    """
    if format_.suits_count(people):
        return format_
    return nearest_for(formats, people, like=format_) or format_


def landing_of(format_: Format, position: int, length: timedelta) -> timedelta:
    """The soft landing of a segment: up to 60 s where the last coaching ends, otherwise zero."""
    if not 0 <= position < len(format_.segments) or position != last_coaching(format_):
        return timedelta()
    return min(LONGEST_LANDING, length)


def last_coaching(format_: Format) -> int:
    """The position of the last coach segment."""
    kinds = [segment.kind for segment in format_.segments]
    return len(kinds) - 1 - list(reversed(kinds)).index(SegmentKind.COACH)


def first_debrief(format_: Format) -> int:
    """The position of the first segment after all coaching; one past the end if there is none."""
    after = last_coaching(format_) + 1
    for position in range(after, len(format_.segments)):
        if format_.segments[position].kind in DEBRIEF_ORDER:
            return position
    return len(format_.segments)


def lasts(format_: Format, position: int = 0) -> timedelta:
    """How long a format takes from a segment on, including its soft landing."""
    return sum(
        (
            segment.length + landing_of(format_, at, segment.length)
            for at, segment in enumerate(format_.segments)
            if at >= position
        ),
        timedelta(),
    )


def broken_rules(segments: Sequence[Segment]) -> list[str]:
    """What is wrong with a list of segments, as short sentences; empty when it may be used."""
    problems = broken_lengths(segments)
    kinds = [segment.kind for segment in segments]
    if SegmentKind.COACH not in kinds:
        problems.append("has no coach segment")
    problems.extend(_debrief_problems(kinds))
    return problems


def broken_lengths(segments: Sequence[Segment]) -> list[str]:
    """What is wrong with the number of segments and their minutes, for segments of any kind."""
    problems: list[str] = []
    if not 1 <= len(segments) <= MOST_SEGMENTS:
        problems.append(f"has {len(segments)} segments; 1 to {MOST_SEGMENTS} are allowed")
    for number, segment in enumerate(segments, 1):
        if not SHORTEST_SEGMENT <= segment.length <= LONGEST_SEGMENT:
            problems.append(
                f"segment {number} ({segment.kind}) lasts {minutes(segment.length)} min;"
                " 0.5 to 60 are allowed"
            )
    total = sum((segment.length for segment in segments), timedelta())
    if total > LONGEST_FORMAT:
        problems.append(f"lasts {minutes(total)} min; {minutes(LONGEST_FORMAT)} is the most")
    return problems


def _debrief_problems(kinds: Sequence[SegmentKind]) -> list[str]:
    """The debrief comes after the last coaching, each part once, in a fixed order."""
    debrief = [kind for kind in kinds if kind in DEBRIEF_ORDER]
    problems = [
        f"has more than one {kind} segment" for kind in DEBRIEF_ORDER if debrief.count(kind) > 1
    ]
    if debrief != sorted(debrief, key=DEBRIEF_ORDER.index):
        wanted = " → ".join(kind for kind in DEBRIEF_ORDER if kind in debrief)
        problems.append(f"has its debrief in the order {' → '.join(debrief)}; it must be {wanted}")
    if SegmentKind.COACH in kinds:
        last_coaching = len(kinds) - 1 - list(reversed(kinds)).index(SegmentKind.COACH)
        early = [kind for kind in kinds[:last_coaching] if kind in DEBRIEF_ORDER]
        if early:
            problems.append(f"has {' and '.join(early)} before the last coach segment")
        late_agreement = SegmentKind.AGREE in kinds[kinds.index(SegmentKind.COACH) :]
        if late_agreement:
            problems.append("has its agree segment after coaching has begun")
    return problems


UNDER_A_MINUTE = timedelta(minutes=1)


def short_parts(entry: Format) -> tuple[Segment, ...]:
    """The parts under a minute: over before people have found out what they are for."""
    return tuple(one for one in entry.segments if one.length < UNDER_A_MINUTE)


def minutes(length: timedelta) -> str:
    """A length in minutes without needless decimals, e.g. `18` or `0.5`."""
    return f"{length.total_seconds() / 60:g}"
