"""The debrief: what belongs to the coach of a round, and when they may see it.

The order is that of the round: write, the coach's own view, the client, the observers. Nobody's
notes are shown to another person before that person's turn, so that none influences the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from bot.content.model.formats import SegmentKind, last_coaching, lasts
from bot.content.model.signals import Signal
from bot.dojos.model.dojo import CODE_MONTHS, QUOTE_DAYS
from bot.rounds.model.round import Agreement, Role, Round, Seat, can_be_taken_up, taken_up_until

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
    signal_pad: str = ""
    """A word or two for the pad; empty to take the beginning of the name. Also the next one."""
    counterpart_pad: str = ""

    @classmethod
    def of(cls, signal: Signal) -> Listed:
        """A signal as it is called now."""
        other = signal.counterpart
        return cls(signal.code, signal.name, other.name, signal.pad, other.pad)


def in_first_person(listed: Iterable[Listed], signals: Iterable[Signal]) -> tuple[Listed, ...]:
    """A signal list in the words of the coach, except where a signal has none or was renamed."""
    by_code = {signal.code: signal for signal in signals}
    return tuple(_in_first_person(one, by_code.get(one.code)) for one in listed)


def _in_first_person(listed: Listed, signal: Signal | None) -> Listed:
    if signal is None:
        return listed
    other = signal.counterpart
    if (listed.signal, listed.counterpart) != (signal.name, other.name):
        return listed
    if not (signal.first_person and other.first_person):
        return listed
    return replace(listed, signal=signal.first_person, counterpart=other.first_person)


@dataclass(frozen=True, slots=True)
class Debrief:
    """What one coach has of one round."""

    round_id: int
    coach_user_id: int
    listed: tuple[Listed, ...]
    """The signal list of that round; later changes to the dojo's list do not affect it."""
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
    """Months its dojo kept things for when it began; since then it may keep them for less."""
    posts: tuple[int, ...] = ()
    """The messages in the room that share it."""
    unsure: tuple[int, ...] = ()
    """Moments, as ids of Discord, at which something was posted that may or may not be there."""
    names_shown: bool = True
    """Whether the coach may learn which observer noted what; this may only become stricter."""
    is_erased: bool = False
    """The coach has erased it: nothing of it can be shown or shared any more."""


TIME_TO_FINISH = timedelta(minutes=2)
"""For observers and the client, if the round was cut short, before the coach sees anything."""

Wait = Literal["coaching", "turn", "observers", "own view"]


def waits_for(
    round_: Round,
    coach_user_id: int,
    handed_in: Collection[int],
    now: datetime,
    *,
    has_reflected: bool,
    client_has_answered: bool = False,
) -> Wait | None:
    """What must happen before this coach may see their feedback; empty if nothing.

    `handed_in` are the seat numbers of the observers whose sheet about this coach is in. Observers
    and the client have their parts of the round, or else two minutes, before the coach sees
    anything; it opens earlier only when everybody has handed in. A person who takes no notes counts
    like one who has not handed in, so that the wait reveals nothing about who agreed to what.
    """
    if round_.is_open:
        if round_.position <= last_coaching(round_.format):
            return "coaching"
        if round_.position <= _last_of(round_, SegmentKind.SELF, SegmentKind.CLIENT):
            return "turn"
    if can_be_taken_up(round_, now):
        return "observers"
    if not _is_client_done(round_, now, has_answered=client_has_answered):
        return "observers"
    if not _are_observers_done(round_, coach_user_id, handed_in, now):
        return "observers"
    return None if has_reflected else "own view"


def opens_at(round_: Round, coach_user_id: int) -> datetime | None:
    """When observers and the client have had their time by the clock, handed in or not.

    None while the clock stands still before that. It does not depend on who takes notes.
    """
    moments = [_client_done_at(round_)]
    if _had_a_part(round_, coach_user_id):
        moments.append(_observers_done_at(round_))
    until = taken_up_until(round_)
    if until is not None:
        moments.append(until)
    known = [moment for moment in moments if moment is not None]
    return max(known) if len(known) == len(moments) else None


def opens_after(round_: Round) -> int:
    """The position of the part after which the feedback opens: all before it have had theirs."""
    awaited = _last_of(round_, SegmentKind.SELF, SegmentKind.CLIENT, SegmentKind.OBSERVERS)
    return max(awaited, last_coaching(round_.format))


def _observing(round_: Round, coach_user_id: int) -> list[tuple[int, Seat]]:
    """The seats of this coach's observers, by number, also of those who are not here any more."""
    return [
        (number, seat)
        for number, seat in enumerate(round_.seats)
        if seat.role is Role.OBSERVER and seat.user_id not in (None, coach_user_id)
    ]


def observers_of(round_: Round, coach_user_id: int) -> list[tuple[int, Seat]]:
    """The observers of this coach who are present, with or without notes, by seat number."""
    return [(number, seat) for number, seat in _observing(round_, coach_user_id) if seat.is_here]


def _had_a_part(round_: Round, coach_user_id: int) -> set[int]:
    """The seat numbers of this coach's observers, including those who are gone but did not leave.

    Reporting an observer as gone gives nobody their feedback earlier.
    """
    seats = _observing(round_, coach_user_id)
    return {number for number, seat in seats if seat.is_here or seat.lost}


def _is_client_done(round_: Round, now: datetime, *, has_answered: bool) -> bool:
    client = round_.client
    if has_answered and client is not None and client.is_here:
        return True
    return _is_past(_client_done_at(round_), now)


def _are_observers_done(
    round_: Round, coach_user_id: int, handed_in: Collection[int], now: datetime
) -> bool:
    awaited = {number for number, _ in awaited_observers(round_, coach_user_id)}
    if _had_a_part(round_, coach_user_id) <= awaited & set(handed_in):
        return True
    return _is_past(_observers_done_at(round_), now)


def _is_past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _client_done_at(round_: Round) -> datetime | None:
    """When the client has had their part, or two minutes if it was cut short."""
    part = _last_of(round_, SegmentKind.SELF, SegmentKind.CLIENT)
    part = max(part, last_coaching(round_.format))
    left_at = _left_at(round_, part)
    if left_at is None:
        return None
    if not round_.is_open and round_.position <= part:
        return left_at + TIME_TO_FINISH
    own = _last_of(round_, SegmentKind.CLIENT)
    had = _done_at(round_, own, round_.format.segments[own].length) if own >= 0 else None
    return max(left_at, had) if had is not None else left_at


def _observers_done_at(round_: Round) -> datetime | None:
    part = _last_of(round_, SegmentKind.OBSERVERS)
    if part >= 0:
        return _done_at(round_, part, round_.format.segments[part].length)
    # There is no part for them: they have until the end of the round.
    ends_at = round_.ends_at if round_.is_open else round_.ended_at
    coached_until = _left_at(round_, last_coaching(round_.format))
    if ends_at is None or coached_until is None:
        return None
    return max(ends_at, coached_until + TIME_TO_FINISH)


def _done_at(round_: Round, part: int, length: timedelta) -> datetime | None:
    """When the time of a part is over: at its end, or two minutes after it was cut short."""
    left_at = _left_at(round_, part)
    if left_at is None or (round_.is_open and round_.position <= part):
        return left_at
    had = round_.past[part] if part < len(round_.past) else timedelta()
    return left_at if had >= length else left_at + TIME_TO_FINISH


def _left_at(round_: Round, part: int) -> datetime | None:
    """When the round left a segment, or will by the clock; None while the clock stands still.

    Later pauses are not known here, so the result may be later than the real time.
    """
    if not round_.is_open:
        after = round_.past[part + 1 :]
        return round_.ended_at - sum(after, timedelta()) if round_.ended_at else None
    if round_.position <= part:
        if round_.next_at is None:
            return None
        coming = lasts(round_.format, round_.position + 1) - lasts(round_.format, part + 1)
        return round_.next_at + coming
    since = round_.past[part + 1 : round_.position]
    return round_.began_at - sum(since, timedelta()) if round_.began_at else None


def awaited_observers(round_: Round, coach_user_id: int) -> list[tuple[int, Seat]]:
    """Whose sheets about this coach are awaited: present observers who take notes, by number.

    Empty if the coach or the client has not agreed to notes: then there can be none.
    """
    leads = (round_.seat_of(coach_user_id), round_.client)
    if any(one is None or one.agreement is not Agreement.NOTES for one in leads):
        return []
    return [
        (number, seat)
        for number, seat in _observing(round_, coach_user_id)
        if round_.is_in(seat) and seat.agreement is Agreement.NOTES
    ]


def _last_of(round_: Round, *kinds: SegmentKind) -> int:
    """The position of the last of these segments after all coaching; -1 if there is none."""
    after = last_coaching(round_.format)
    found = [at for at, one in enumerate(round_.format.segments) if one.kind in kinds]
    return max((at for at in found if at > after), default=-1)
