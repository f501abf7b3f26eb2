"""Notes: what observers see and hear of the coach while a round runs, one tap each.

A note has a code of the signal list and one of its two sides, or says that a partnering question
was heard, and when in the coaching that was. It never contains the client, or anything they said.
Model: observation coding by event, with both sides of every code (`Side`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.content.model.formats import SegmentKind, last_coaching
from bot.content.model.questions import Phase
from bot.feedback.model.refusals import CannotNote
from bot.rounds.model.refusals import NotInRound
from bot.rounds.model.round import Agreement, Role, Round, Seat, is_coaching_over

LONGEST_QUOTE = 200
LONGEST_EFFECT = 120
LATE_TAP = timedelta(seconds=20)
"""After the coaching a tap still counts for this long: hands are slower than eyes."""
SAME_TAP = timedelta(milliseconds=400)
"""Two equal taps of one person within this time count as one, also from two devices."""
MOST_NOTES = 150
"""Of one observer in one round. Nobody who notes more than that is listening."""
QUESTION = "Q"
"""The code of a note that a partnering question was heard."""


class Side(StrEnum):
    """Which side of a code was seen."""

    SEEN = "seen"
    """The counterpart: partnering."""
    SIGNAL = "signal"
    """The other side of partnering."""
    QUESTION = "question"
    """A partnering question was heard; such a note has no code of the signal list."""


class Verdict(StrEnum):
    """What the coach says about a note."""

    HELPFUL = "helpful"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing an observer noticed."""

    id: int
    round_id: int
    seat: int
    """The observer's seat number in the group; it stays when the person is forgotten."""
    observer_user_id: int | None
    """None once that person has been forgotten."""
    coach_user_id: int
    """The person who coached at that moment. The note is about them and belongs to them."""
    code: str
    side: Side
    at: timedelta
    """Coaching time, without pauses."""
    taken_at: datetime
    phase: Phase | None = None
    """Where the conversation seemed to be; for a question that was heard, its phase."""
    variant: str = ""
    """Which part of the code, for codes that have parts: `a`, `b`."""
    quote: str = ""
    """The coach's words."""
    effect: str = ""
    """What the observer saw or heard it do."""
    verdict: Verdict | None = None
    withdrawn_at: datetime | None = None
    """When its observer took it back; it can be put back until the release."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Someone may take notes now: about whom, and with which time."""

    seat: int
    observer_user_id: int
    coach_user_id: int
    at: timedelta
    """Coaching time."""
    is_late: bool = False
    """The coaching is over, and this is within the seconds that still count."""


def check_has_notes(round_: Round, user_id: int, coach: Seat | None) -> Seat:
    """The seat of someone who may note something about this coach. Raises NotInRound, CannotNote.

    Notes need the agreement of their writer, of the coach and of the client; the error does not say
    which of the other two has not agreed.
    """
    seat = round_.seat_of(user_id)
    if seat is None or not seat.is_here:
        raise NotInRound("take part")
    if seat.role is Role.CLIENT:
        raise CannotNote("was client" if is_coaching_over(round_) else "client")
    if seat is coach:
        raise CannotNote("was coach" if is_coaching_over(round_) else "coach")
    if coach is None:
        raise CannotNote("not begun")
    if seat.agreement is not Agreement.NOTES:
        raise CannotNote("not agreed")
    if any(one is None or one.agreement is not Agreement.NOTES for one in (coach, round_.client)):
        raise CannotNote("without notes")
    return seat


def open_for_tap(round_: Round, user_id: int, now: datetime) -> Opening:
    """What a tap of this person now would note. Raises NotInRound and CannotNote.

    `now` is UTC. Between two coach segments, and after the last, a tap counts for 20 s, for the
    person who coached until then.
    """
    coach = _coach_at(round_, now)
    if coach is None and round_.coach is None and round_.coached_for(now):
        # The seat is empty between two coaches.
        round_.seat_to_answer(user_id)
        raise CannotNote("rests")
    seat = check_has_notes(round_, user_id, coach or round_.coach)
    if coach is None or coach.user_id is None:
        if round_.began_at is None or not round_.coached_for(now):
            raise CannotNote("not begun")
        is_over = not round_.is_open or round_.position > last_coaching(round_.format)
        raise CannotNote("over" if is_over else "rests")
    # By identity: comparing whole seats costs much more.
    number = next(at for at, one in enumerate(round_.seats) if one is seat)
    return Opening(
        number, user_id, coach.user_id, round_.coached_for(now), is_late=not round_.is_coaching
    )


def _coach_at(round_: Round, now: datetime) -> Seat | None:
    """Who coaches, or did until a few seconds ago; None if that is longer ago."""
    if round_.is_coaching:
        return round_.coach
    since = round_.began_at if round_.is_open else round_.ended_at
    if since is None or not _coached_last(round_) or now - since > LATE_TAP:
        return None
    # A person who became coach after that has not coached yet.
    stood_down = [
        seat for seat in round_.seats if seat.coached_until and seat.coached_until >= since
    ]
    last = min(stood_down, key=lambda one: one.coached_until or since, default=round_.coach)
    if last is not None and round_.seat_coached_for(last, since):
        return last
    # They took over at the exact moment at which it ended: someone else coached before them.
    before = [seat for seat in round_.seats if seat.coached_until and seat.coached_until <= since]
    return max(before, key=lambda one: one.coached_until or since, default=None)


def _coached_last(round_: Round) -> bool:
    """Whether the last segment that ran to its end, or until the round ended, was for coaching."""
    pairs = zip(round_.format.segments, round_.past, strict=False)
    # Segments that were skipped are in the past as well.
    kinds = [segment.kind for segment, ran in pairs if ran]
    return bool(kinds) and kinds[-1] is SegmentKind.COACH


def moved(note: Note, by: timedelta) -> Note:
    """The note with its time corrected; never before the beginning."""
    return replace(note, at=max(note.at + by, timedelta()))
