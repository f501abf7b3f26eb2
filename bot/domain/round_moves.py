"""What people do in a round: each move takes a round and gives another one.

A move that is refused raises a DojoError and changes nothing. Whether somebody may steer at all
is asked with `check_may_steer`; moves that belong to one person check that by themselves.
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
    NoRound,
    NotInRound,
)
from bot.domain.formats import Format
from bot.domain.round_clock import bank, end, lose, move_on, skip_to, stop_clock
from bot.domain.rounds import (
    LONGEST_WISH,
    MOST_FOCUS,
    Agreement,
    Ask,
    Cue,
    Did,
    Ending,
    Role,
    Round,
    Seat,
    State,
    first_debrief,
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
    """Somebody answers the agreement; once all have, the round begins."""
    seat = round_.get_seat(user_id)
    _check_open(round_)
    round_ = round_.with_seat(seat, replace(seat, agreement=agreement)).acted()
    answered = all(one.agreement is not Agreement.OPEN for one in round_.here)
    if round_.state is State.PROPOSED and answered and is_complete(round_):
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
    _check_has_leads(round_)
    return move_on(round_, now)


def decline(round_: Round, user_id: int, now: datetime) -> Round:
    """Somebody asked into a round cannot come. Without its coach or client it is called off."""
    seat = round_.get_seat(user_id)
    _check_proposed(round_)
    seats = tuple(one for one in round_.seats if one is not seat)
    round_ = replace(round_, seats=seats).acted(Did.DECLINED, user_id)
    if seat.role is Role.OBSERVER:
        return round_
    return end(round_, Ending.CALLED_OFF, now)


def call_off(round_: Round, user_id: int, now: datetime) -> Round:
    """Whoever proposed it takes the proposal back."""
    _check_proposed(round_)
    return end(round_.acted(Did.CALLED_OFF, user_id), Ending.CALLED_OFF, now)


def change_format(round_: Round, format_: Format, user_id: int) -> Round:
    """Propose the round with another format."""
    _check_proposed(round_)
    check_suits(format_, len(round_.here), fewest=0)
    if format_ == round_.format:
        raise AlreadyDone("changed")
    return replace(round_, format=format_).acted(Did.CHANGED_FORMAT, user_id)


def watch_for(round_: Round, user_id: int, codes: Sequence[str], wish: str) -> Round:
    """The coach says which codes observers should watch, at most two, and what feedback they want.

    What is left empty is taken back.
    """
    _check_open(round_)
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
    _check_begun(round_)
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
    _check_begun(round_)
    if round_.state is State.PAUSED:
        return round_
    return pause(round_, user_id, now, Did.NEEDS_MOMENT)


def resume(round_: Round, user_id: int, now: datetime, *, quietly: bool = False) -> Round:
    """Start the clock again where it stopped; `quietly`, the room is not told who did.

    That is for a coach or client who needed a moment.
    """
    _check_begun(round_)
    if round_.state is State.RUNNING:
        raise AlreadyDone(Did.RESUMED)
    if round_.coaching_left(now):
        _check_has_leads(round_)
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
    _check_begun(round_)
    if position is not None and position != round_.position:
        raise AlreadyDone(Did.MOVED_ON)
    if after is not None and after != round_.extensions:
        raise AlreadyDone(Did.EXTENDED)
    if round_.is_coaching and round_.state is State.RUNNING:
        _check_has_leads(round_)
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
    _check_begun(round_)
    if after is not None and after != round_.position:
        raise AlreadyDone(Did.MOVED_ON)
    moved = skip_to(round_.acted(Did.MOVED_ON, user_id), round_.position + 1, now)
    if moved.coaching_left(now):
        _check_has_leads(moved)
    return moved


def stop(round_: Round, user_id: int, now: datetime, *, quietly: bool = False) -> Round:
    """End the round now; all that belongs to it is kept.

    `quietly`, the room is not told who did: for a coach or client who needed a moment.
    """
    _check_begun(round_)
    acted = round_ if quietly else round_.acted(Did.STOPPED, user_id)
    return end(acted, Ending.STOPPED, now)


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


# People come and go


def join(round_: Round, user_id: int) -> Round:
    """Somebody comes as a further observer, also late."""
    _check_open(round_)
    if round_.takes_part(user_id):
        raise CannotNow("in it already")
    if len(round_.here) >= round_.format.most:
        raise CannotNow("full")
    if round_.seat_of(user_id):
        return come_back(round_, user_id)
    seats = (*round_.seats, Seat(user_id, Role.OBSERVER))
    return replace(round_, seats=seats).acted(Did.JOINED, user_id)


def leave(round_: Round, user_id: int, now: datetime, *, said_by: int | None = None) -> Round:
    """Somebody leaves a begun round, or another person says that they have left."""
    seat = round_.get_seat(user_id)
    _check_begun(round_)
    by = user_id if said_by is None else said_by
    return lose(round_, seat, now).acted(Did.LEFT, by, about=user_id)


def come_back(round_: Round, user_id: int) -> Round:
    """Somebody who left comes back: to their role if nobody has taken it, else as observer."""
    seat = round_.seat_of(user_id)
    if seat is None:
        raise NotInRound("take part")
    if seat.is_here:
        raise CannotNow("in it already")
    _check_open(round_)
    # A role that has been taken over is no longer that of the seat.
    round_ = round_.with_seat(seat, replace(seat, is_here=True))
    if _is_asked_for(round_, seat.role):
        round_ = replace(round_, asked=_still_missing(round_))
    return round_.acted(Did.CAME_BACK, user_id)


def take_over(round_: Round, user_id: int, role: Role, now: datetime) -> Round:
    """An observer takes the seat of a coach or client who has left; the first one to say so."""
    seat = round_.get_seat(user_id)
    _check_begun(round_)
    if not _is_asked_for(round_, role):
        raise AlreadyDone(Did.TOOK_OVER)
    if seat.role is not Role.OBSERVER:
        raise CannotNow("observers only")
    taken = replace(_given_up(round_, role, now), asked=None)
    round_ = taken.with_seat(seat, replace(seat, role=role)).acted(Did.TOOK_OVER, user_id)
    if round_.state is State.PAUSED and _has_leads(round_):
        return replace(round_, state=State.RUNNING, since=now, paused_at=None)
    return replace(round_, asked=_still_missing(round_))


def go_to_feedback(round_: Round, user_id: int, now: datetime) -> Round:
    """Leave out what is left of the coaching; without any coaching so far, end the round."""
    _check_begun(round_)
    if round_.asked not in (Ask.COACH_GONE, Ask.CLIENT_GONE):
        raise AlreadyDone(Did.WENT_TO_FEEDBACK)
    if not round_.coached_for(now):
        return stop(round_, user_id, now)
    acted = round_.acted(Did.WENT_TO_FEEDBACK, user_id)
    return skip_to(acted, first_debrief(round_.format), now)


def hand_over(round_: Round, old_id: int, new_id: int, by: int, now: datetime) -> Round:
    """Give the role of one person to another, who may be new to the round or observe in it.

    The one who is replaced has left then. The new one has agreed to nothing yet: no notes. When
    that was what a paused round waited for, it goes on.
    """
    seat = round_.seat_of(old_id)
    if seat is None:
        raise NotInRound("take part")
    _check_open(round_)
    if old_id == new_id:
        raise GroupFaulty("twice", (old_id,))
    round_ = bank(round_, now)
    seat = next(one for one in round_.seats if one.user_id == old_id)
    newcomer = round_.seat_of(new_id)
    if newcomer is not None and newcomer.is_here and newcomer.role is not Role.OBSERVER:
        raise CannotNow("seat taken")
    role = seat.role
    if round_.has_begun:
        left = replace(seat, role=Role.OBSERVER, is_here=False, in_voice=False, away_since=None)
        round_ = round_.with_seat(seat, left)
    else:
        round_ = replace(round_, seats=tuple(one for one in round_.seats if one is not seat))
    if newcomer is None:
        round_ = replace(round_, seats=(*round_.seats, Seat(new_id, role)))
    else:
        round_ = round_.with_seat(newcomer, replace(newcomer, role=role, is_here=True))
    if _is_asked_for(round_, role):
        round_ = replace(round_, asked=_still_missing(round_))
        if round_.state is State.PAUSED and round_.asked is None and _has_leads(round_):
            round_ = replace(round_, state=State.RUNNING, since=now, paused_at=None)
    round_ = round_.acted(Did.REPLACED, by, about=new_id)
    if round_.has_begun and len(round_.here) < 2:
        return end(round_, Ending.ALONE, now)
    return round_


def voice_left(round_: Round, user_id: int, now: datetime) -> Round:
    """Somebody left the voice channel of the room; they have half a minute to come back."""
    seat = round_.seat_of(user_id)
    if seat is None or not seat.is_here or not seat.in_voice or not round_.is_open:
        return round_
    away = replace(seat, in_voice=False, away_since=now if round_.has_begun else None)
    round_ = round_.with_seat(seat, away)
    return round_.acted(Did.AWAY, user_id) if round_.has_begun else round_


def voice_joined(round_: Round, user_id: int) -> Round:
    """Somebody is in the voice channel of the room, or came back to it."""
    seat = round_.seat_of(user_id)
    if seat is None or not round_.is_open or (seat.in_voice and seat.is_here):
        return round_
    was_away = seat.away_since is not None
    round_ = round_.with_seat(seat, replace(seat, in_voice=True, away_since=None))
    if not seat.is_here and round_.has_begun:
        return come_back(round_, user_id)
    return round_.acted(Did.CAME_BACK, user_id) if was_away else round_


def forget(round_: Round, user_id: int) -> Round:
    """The round without saying who this person was."""
    seats = tuple(
        replace(seat, user_id=None, focus=(), wish="") if seat.user_id == user_id else seat
        for seat in round_.seats
    )
    actions = tuple(
        replace(
            action,
            user_id=None if action.user_id == user_id else action.user_id,
            about_user_id=None if action.about_user_id == user_id else action.about_user_id,
        )
        for action in round_.actions
    )
    starter = None if round_.starter_user_id == user_id else round_.starter_user_id
    return replace(round_, seats=seats, actions=actions, starter_user_id=starter)


# Rules


def _check_proposed(round_: Round) -> None:
    _check_open(round_)
    if round_.has_begun:
        raise CannotNow("has begun")


def _check_begun(round_: Round) -> None:
    if round_.state is State.PROPOSED:
        raise CannotNow("not begun")
    if round_.state is State.ENDED:
        raise AlreadyDone(Did.STOPPED)


def _check_open(round_: Round) -> None:
    if not round_.is_open:
        raise NoRound(is_over=True)


def _has_leads(round_: Round) -> bool:
    return sum(seat.role is not Role.OBSERVER for seat in round_.here) == 2


def _check_has_leads(round_: Round) -> None:
    missing = _still_missing(round_)
    if missing is not None:
        raise CannotNow("no coach" if missing is Ask.COACH_GONE else "no client")


def _ask_for(role: Role) -> Ask | None:
    return {Role.COACH: Ask.COACH_GONE, Role.CLIENT: Ask.CLIENT_GONE}.get(role)


def _is_asked_for(round_: Round, role: Role) -> bool:
    """Whether the round waits for somebody in that role; it waits for no observer."""
    return role is not Role.OBSERVER and round_.asked is _ask_for(role)


def _still_missing(round_: Round) -> Ask | None:
    """Which of coach and client is not there (any more)."""
    for role in (Role.COACH, Role.CLIENT):
        if all(seat.role is not role for seat in round_.here):
            return _ask_for(role)
    return None


def _given_up(round_: Round, role: Role, now: datetime) -> Round:
    """Whoever had that role and left has it no longer."""
    round_ = bank(round_, now)
    for seat in round_.seats:
        if seat.role is role and not seat.is_here:
            round_ = round_.with_seat(seat, replace(seat, role=Role.OBSERVER))
    return round_
