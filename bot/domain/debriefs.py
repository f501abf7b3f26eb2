"""The debrief: what belongs to the coach of a round, and when they may see it.

The order is that of the round: write, the coach's own view, the client, the observers. Nobody's
notes are shown to another person before their turn, so that none colours the others.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from bot.domain.dojos import CODE_MONTHS, QUOTE_DAYS
from bot.domain.formats import SegmentKind
from bot.domain.round_timing import last_coaching
from bot.domain.rounds import Agreement, Role, Round, Seat

LONGEST_TRY = 200


class Shared(StrEnum):
    """How much of their feedback a coach has shown to the room."""

    NOTHING = ""
    SEEN = "seen"
    """What observers saw them do."""
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Listed:
    """One code of the signal list as it was called in that round."""

    code: str
    signal: str
    counterpart: str


@dataclass(frozen=True, slots=True)
class Debrief:
    """What one coach has of one round."""

    round_id: int
    coach_user_id: int
    listed: tuple[Listed, ...]
    """The signal list of that round; later changes of the dojo's list do not change it."""
    reflected_at: datetime | None = None
    """When the coach gave their own view, or skipped it."""
    skipped: bool = False
    released_at: datetime | None = None
    """From then on the coach sees the notes, and nobody changes them."""
    shared: Shared = Shared.NOTHING
    next_try: str = ""
    """The one thing the coach wants to try, in their own words."""
    quote_days: int = QUOTE_DAYS.usual
    code_months: int = CODE_MONTHS.usual
    """How long its dojo kept things when it began. Since then they may be kept for less only."""


Wait = Literal["coaching", "turn", "observers", "own view"]


def waits_for(
    round_: Round, coach_user_id: int, handed_in: Collection[int], *, has_reflected: bool
) -> Wait | None:
    """What has to come before this coach may see their feedback; none when nothing has to.

    `handed_in` are the seat numbers of the observers whose sheet about this coach is in. A round
    that has ended has had all its turns; only the coach's own view, or its skip, still comes first.
    """
    if round_.is_open:
        if round_.position <= last_coaching(round_.format):
            return "coaching"
        if round_.position <= _last_of(round_, SegmentKind.SELF, SegmentKind.CLIENT):
            return "turn"
        awaited = {number for number, _ in awaited_observers(round_, coach_user_id)}
        turn_of_observers = _last_of(round_, SegmentKind.OBSERVERS)
        is_their_turn = turn_of_observers < 0 or round_.position <= turn_of_observers
        if is_their_turn and not awaited <= set(handed_in):
            return "observers"
    return None if has_reflected else "own view"


def awaited_observers(round_: Round, coach_user_id: int) -> list[tuple[int, Seat]]:
    """Whose sheets about this coach are waited for: who is here and takes notes, by number.

    Nobody's, where the coach or the client has not agreed to notes: then there can be none.
    """
    leads = (round_.seat_of(coach_user_id), round_.client)
    if any(one is None or one.agreement is not Agreement.NOTES for one in leads):
        return []
    return [
        (number, seat)
        for number, seat in enumerate(round_.seats)
        if round_.is_in(seat)
        and seat.role is Role.OBSERVER
        and seat.agreement is Agreement.NOTES
        and seat.user_id not in (None, coach_user_id)
    ]


def _last_of(round_: Round, *kinds: SegmentKind) -> int:
    """The position of the last of these segments after all coaching; -1 if there is none."""
    after = last_coaching(round_.format)
    found = [at for at, one in enumerate(round_.format.segments) if one.kind in kinds]
    return max((at for at in found if at > after), default=-1)


# How long it is kept


def kept_from(released_at: datetime | None, ended_at: datetime | None) -> datetime | None:
    """From when its keeping is counted: the release, or else the end of the round."""
    return released_at or ended_at


def quotes_until(start: datetime, days: int) -> datetime:
    """When words typed by observers are erased."""
    return start + timedelta(days=days)


def codes_until(start: datetime, months: int) -> datetime:
    """When notes, sheets and what else belongs to them are erased: the same day, months later."""
    return add_months(start, months)


def add_months(moment: datetime, months: int) -> datetime:
    """The same day of the month that many months later, or earlier; else the last one it has."""
    years, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(years, month + 1)[1])
    return moment.replace(year=years, month=month + 1, day=day)


def names_of(listed: Iterable[Listed]) -> dict[str, Listed]:
    """The signal list by code."""
    return {one.code: one for one in listed}
