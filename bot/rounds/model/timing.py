"""When things come in a round: how long a format lasts from where it stands, and its cues."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from bot.content.model.formats import DEBRIEF_ORDER, Format, SegmentKind

if TYPE_CHECKING:
    # A round uses this module to know when it ends.
    from bot.rounds.model.round import Round

ZERO = timedelta()
LONGEST_LANDING = timedelta(seconds=60)


class Cue(IntEnum):
    """A quiet signal within a segment, in the order in which they come."""

    NONE = 0
    HALF = 1
    FIVE_LEFT = 2
    TWO_LEFT = 3
    TIME_UP = 4
    """The coaching is over by the clock, and lands softly."""


def landing_of(format_: Format, position: int, length: timedelta) -> timedelta:
    """The soft landing of a segment: up to 60 s where the last coaching ends, else none."""
    if not 0 <= position < len(format_.segments) or position != last_coaching(format_):
        return ZERO
    return min(LONGEST_LANDING, length)


def last_coaching(format_: Format) -> int:
    """The position of the last coach segment."""
    kinds = [segment.kind for segment in format_.segments]
    return len(kinds) - 1 - list(reversed(kinds)).index(SegmentKind.COACH)


def first_debrief(format_: Format) -> int:
    """The position of the first segment after all coaching; past the end if there is none."""
    after = last_coaching(format_) + 1
    for position in range(after, len(format_.segments)):
        if format_.segments[position].kind in DEBRIEF_ORDER:
            return position
    return len(format_.segments)


def full_minute(at: datetime) -> datetime:
    """The minute by which something is over: the next one, unless it is a full one already."""
    into = timedelta(seconds=at.second, microseconds=at.microsecond)
    return at - into + timedelta(minutes=1) if into else at


def lasts(format_: Format, position: int = 0) -> timedelta:
    """How long a format lasts from a segment on, with its soft landing."""
    return sum(
        (
            segment.length + landing_of(format_, at, segment.length)
            for at, segment in enumerate(format_.segments)
            if at >= position
        ),
        ZERO,
    )


def cues_of(round_: Round) -> Iterable[tuple[timedelta, Cue]]:
    """The cues of the current segment, each with how long the segment has run by then.

    Half time, five minutes left in coaching of 15 minutes and more, two minutes left, and the end
    of what lands softly; none so close to another that they would come in a burst.
    """
    length, minute = round_.length, timedelta(minutes=1)
    cues: list[tuple[timedelta, Cue]] = []
    if round_.is_coaching and length >= 15 * minute:
        cues.append((length - 5 * minute, Cue.FIVE_LEFT))
    if length >= 4 * minute:
        cues.append((length - 2 * minute, Cue.TWO_LEFT))
    if round_.is_coaching and length >= 2 * minute:
        half = length / 2
        if all(at - half >= minute for at, _ in cues):
            cues.insert(0, (half, Cue.HALF))
    if round_.landing:
        cues.append((length, Cue.TIME_UP))
    return cues
