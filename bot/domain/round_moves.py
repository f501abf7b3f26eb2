"""What people do in a round: each move takes a round and gives another one.

A move that is refused raises a DojoError and changes nothing. Whether somebody may steer at all
is asked with `check_may_steer`; moves that belong to one person check that by themselves.

How people come and go is in `round_people`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import (
    AlreadyDone,
    CannotNow,
    FormatUnsuitable,
    GroupFaulty,
    NotInRound,
)
from bot.domain.formats import Format
from bot.domain.round_actions import Did
from bot.domain.round_clock import end, move_on, skip_to, stop_clock
from bot.domain.round_rules import check_begun, check_has_leads, check_open, check_proposed
from bot.domain.round_timing import Cue, first_debrief
from bot.domain.rounds import (
    LONGEST_WISH,
    MOST_FOCUS,
    Agreement,
    Ask,
    Ending,
    Role,
    Round,
    Seat,
    State,
)

LONGEST_EXTENSION = 30
LONGEST_SEGMENT = timedelta(minutes=120)


# Before the clock runs


def group(coach: int, client: int, observers: Iterable[int] = ()) -> tuple[Seat, ...]:
    """The seats of a new round. Raises GroupFaulty when somebody is named twice."""
    people = [(coach, Role.COACH), (client, Role.CLIENT)]
    people += [(observer, Role.OBSERVER) for observer in observers]
    ids = [user_id for user_id, _ in people]
    twice = tuple(sorted({user_id for user_id in ids if ids.count(user_id) > 1}))
    if twice:
        raise GroupFaulty("twice", twice)
    return tuple(Seat(user_id, role) for user_id, role in people)


def check_suits(format_: Format, people: int, *, fewest: int | None = None) -> None:
    """Raises FormatUnsuitable unless the format is for so many people."""
    if not (format_.fewest if fewest is None else fewest) <= people <= format_.most:
        raise FormatUnsuitable(format_.name, format_.fewest, format_.most, people)


def agree(round_: Round, user_id: int, agreement: Agreement, now: datetime) -> Round:
    """Somebody answers the agreement; once all have, the round begins.

    A round of a gathering waits for the others of it.
    """
    seat = round_.get_seat(user_id)
    check_open(round_)
    round_ = round_.with_seat(seat, replace(seat, agreement=agreement)).acted()
    answered = all(one.agreement is not Agreement.OPEN for one in round_.here)
    is_own = round_.gathering_id is None
    if is_own and round_.state is State.PROPOSED and answered and is_complete(round_):
        return move_on(round_, now)
    return round_


def is_complete(round_: Round) -> bool:
    """Whether the group has a coach, a client, and as many people as the format is for."""
    leads = [seat for seat in round_.here if seat.role is not Role.OBSERVER]
    return len(leads) == 2 and round_.format.suits_count(len(round_.here))


def begin(round_: Round, now: datetime) -> Round:
    """Start the clock, though not everybody may have answered.

    Raises FormatUnsuitable when the format is not for so many people.
    """
    if round_.state is not State.PROPOSED:
        raise AlreadyDone("begun")
    check_suits(round_.format, len(round_.here))
    check_has_leads(round_)
    return move_on(round_, now)


def decline(round_: Round, user_id: int, now: datetime) -> Round:
    """Somebody asked into a round cannot come. Without its coach or client it is called off.

    At a gathering an observer takes their seat, so that the others still practise.
    """
    seat = round_.get_seat(user_id)
    check_proposed(round_)
    seats = tuple(one for one in round_.seats if one is not seat)
    round_ = replace(round_, seats=seats).acted(Did.DECLINED, user_id)
    if seat.role is Role.OBSERVER:
        return round_
    if round_.gathering_id is not None and round_.observers:
        first = round_.observers[0]
        return round_.with_seat(first, replace(first, role=seat.role))
    return end(round_, Ending.CALLED_OFF, now)


def call_off(round_: Round, user_id: int, now: datetime) -> Round:
    """Whoever proposed it takes the proposal back."""
    check_proposed(round_)
    return end(round_.acted(Did.CALLED_OFF, user_id), Ending.CALLED_OFF, now)


def change_format(round_: Round, format_: Format, user_id: int) -> Round:
    """Propose the round with another format."""
    check_proposed(round_)
    check_suits(format_, len(round_.here), fewest=0)
    if format_ == round_.format:
        raise AlreadyDone("changed")
    return replace(round_, format=format_).acted(Did.CHANGED_FORMAT, user_id)


def watch_for(round_: Round, user_id: int, codes: Sequence[str], wish: str) -> Round:
    """The coach says which codes observers should watch, at most two, and what feedback they want.

    What is left empty is taken back.
    """
    check_open(round_)
    seat = check_is_coach(round_, user_id)
    words = " ".join(wish.split())[:LONGEST_WISH]
    focus = tuple(codes)[:MOST_FOCUS]
    return round_.with_seat(seat, replace(seat, focus=focus, wish=words)).acted()


def check_is_coach(round_: Round, user_id: int) -> Seat:
    """The seat of the coach. Raises NotInRound when this is somebody else."""
    seat = round_.get_seat(user_id)
    if seat.role is not Role.COACH:
        raise NotInRound("coach")
    return seat


# Steering


def check_may_steer(round_: Round, user_id: int, *, facilitates: bool) -> None:
    """Raises NotInRound unless this is somebody of the round or a facilitator."""
    if not facilitates and not round_.takes_part(user_id):
        raise NotInRound("steer")


def check_may_start(round_: Round, user_id: int, *, facilitates: bool) -> None:
    """Raises NotInRound unless this is whoever proposed the round, or a facilitator."""
    if not facilitates and user_id != round_.starter_user_id:
        raise NotInRound("start")


def pause(round_: Round, user_id: int, now: datetime, did: Did = Did.PAUSED) -> Round:
    """Stop the clock; what is left of the segment is kept."""
    check_begun(round_)
    if round_.state is State.PAUSED:
        raise AlreadyDone(Did.PAUSED)
    who = None if did is Did.NEEDS_MOMENT else user_id
    return stop_clock(round_, now).acted(did, who)


def need_moment(round_: Round, user_id: int, now: datetime) -> Round:
    """The coach or the client pauses at once; the room is not told who, or why.

    Raises NotInRound for others. A round that is paused stays as it is.
    """
    if round_.get_seat(user_id).role is Role.OBSERVER:
        raise NotInRound("coach or client")
    check_begun(round_)
    if round_.state is State.PAUSED:
        return round_
    return pause(round_, user_id, now, Did.NEEDS_MOMENT)


def resume(round_: Round, user_id: int, now: datetime, *, quietly: bool = False) -> Round:
    """Start the clock again where it stopped; `quietly`, the room is not told who did.

    That is for a coach or client who needed a moment.
    """
    check_begun(round_)
    if round_.state is State.RUNNING:
        raise AlreadyDone(Did.RESUMED)
    if round_.coaching_left(now):
        check_has_leads(round_)
    running = replace(round_, state=State.RUNNING, since=now, paused_at=None, asked=None)
    return running.acted(Did.GOES_ON) if quietly else running.acted(Did.RESUMED, user_id)


def extend(
    round_: Round,
    user_id: int,
    minutes: int,
    *,
    after: int | None = None,
    position: int | None = None,
) -> Round:
    """Lengthen the current segment by minutes.

    `after` is how often the person saw it lengthened, `position` which segment they saw: if
    somebody did so meanwhile, or it is over, it is done already. Raises CannotNow when the segment
    would become longer than two hours, or coaching would go on without a coach or a client.
    """
    check_begun(round_)
    if position is not None and position != round_.position:
        raise AlreadyDone(Did.MOVED_ON)
    if after is not None and after != round_.extensions:
        raise AlreadyDone(Did.EXTENDED)
    if round_.is_coaching and round_.state is State.RUNNING:
        check_has_leads(round_)
    added = timedelta(minutes=min(max(minutes, 1), LONGEST_EXTENSION))
    if round_.length + added > LONGEST_SEGMENT:
        raise CannotNow("too long")
    told = round_.told
    if told.cue > Cue.FIVE_LEFT:
        # Two minutes left will be true once more.
        told = replace(told, cue=Cue.FIVE_LEFT)
    asked = None if round_.asked is Ask.LATE else round_.asked
    longer = replace(
        round_,
        length=round_.length + added,
        extensions=round_.extensions + 1,
        told=told,
        asked=asked,
    )
    return longer.acted(Did.EXTENDED, user_id, minutes=added // timedelta(minutes=1))


def go_next(round_: Round, user_id: int, now: datetime, *, after: int | None = None) -> Round:
    """Begin the next segment now; after the last one the round is complete.

    `after` is the segment the person saw: if it is over, this is done already. Raises CannotNow
    when coaching would begin without a coach or a client.
    """
    check_begun(round_)
    if after is not None and after != round_.position:
        raise AlreadyDone(Did.MOVED_ON)
    moved = skip_to(round_.acted(Did.MOVED_ON, user_id), round_.position + 1, now)
    if moved.coaching_left(now):
        check_has_leads(moved)
    return moved


def stop(round_: Round, user_id: int, now: datetime, *, quietly: bool = False) -> Round:
    """End the round now; all that belongs to it is kept.

    `quietly`, the room is not told who did: for a coach or client who needed a moment.
    """
    check_begun(round_)
    acted = round_ if quietly else round_.acted(Did.STOPPED, user_id)
    return end(acted, Ending.STOPPED, now)


def go_to_feedback(round_: Round, user_id: int, now: datetime) -> Round:
    """Leave out what is left of the coaching; without any coaching so far, end the round."""
    check_begun(round_)
    if round_.asked not in (Ask.COACH_GONE, Ask.CLIENT_GONE):
        raise AlreadyDone(Did.WENT_TO_FEEDBACK)
    if not round_.coached_for(now):
        return stop(round_, user_id, now)
    acted = round_.acted(Did.WENT_TO_FEEDBACK, user_id)
    return skip_to(acted, first_debrief(round_.format), now)


def carry_on(round_: Round, user_id: int) -> Round:
    """After a late start of a segment: leave the clock as it is."""
    if round_.asked is not Ask.LATE:
        raise AlreadyDone(Did.CARRIED_ON)
    return replace(round_, asked=None).acted(Did.CARRIED_ON, user_id)


def erase(round_: Round, user_id: int, now: datetime) -> Round:
    """The client ends the round and has everything about it erased."""
    if round_.get_seat(user_id).role is not Role.CLIENT:
        raise NotInRound("client")
    ended = end(round_, Ending.ERASED, now)
    # Nothing is left that says who, how long, or what.
    return replace(ended, seats=(), actions=(), past=(), starter_user_id=None)
