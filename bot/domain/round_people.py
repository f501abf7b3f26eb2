"""How people come to a round, leave it, and take a seat from each other: moves, like `round_moves`.

A move that is refused raises a DojoError and changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.errors import AlreadyDone, CannotNow, GroupFaulty, NotInRound
from bot.domain.round_actions import Did
from bot.domain.round_clock import bank, end, lose
from bot.domain.round_late import ask_to_observe, coming, must_ask, without_waiting
from bot.domain.round_rules import ask_for, check_begun, check_open, has_leads, still_missing
from bot.domain.rounds import Ending, Role, Round, Seat, State


def join(round_: Round, user_id: int) -> Round:
    """A person comes as a further observer, or comes back.

    Where the client is asked first, the round has them among those who wait.
    """
    check_open(round_)
    if round_.takes_part(user_id):
        raise CannotNow("in it already")
    if len(round_.here) >= round_.format.most:
        raise CannotNow("full")
    if must_ask(round_, user_id):
        return ask_to_observe(round_, user_id)
    if round_.seat_of(user_id):
        return come_back(round_, user_id)
    seats = (*round_.seats, coming(Seat(user_id, Role.OBSERVER), round_))
    return replace(round_, seats=seats).acted(Did.JOINED, user_id)


def leave(round_: Round, user_id: int, now: datetime, *, said_by: int | None = None) -> Round:
    """Somebody leaves a begun round, or another person says that they have left."""
    seat = round_.get_seat(user_id)
    check_begun(round_)
    by = user_id if said_by is None else said_by
    left = replace(seat, lost=by != user_id)
    return lose(round_.with_seat(seat, left), left, now).acted(Did.LEFT, by, about=user_id)


def come_back(round_: Round, user_id: int) -> Round:
    """Somebody who left comes back: to their role if nobody has taken it, else as observer."""
    seat = round_.seat_of(user_id)
    if seat is None:
        raise NotInRound("take part")
    if seat.is_here:
        raise CannotNow("in it already")
    check_open(round_)
    # A role that has been taken over is no longer that of the seat.
    back = coming(replace(seat, is_here=True, lost=False), round_)
    round_ = without_waiting(round_.with_seat(seat, back), {user_id})
    if _is_asked_for(round_, seat.role):
        round_ = replace(round_, asked=still_missing(round_))
    return round_.acted(Did.CAME_BACK, user_id)


def take_over(round_: Round, user_id: int, role: Role, now: datetime) -> Round:
    """An observer takes the seat of a coach or client who has left; the first one to say so."""
    seat = round_.get_seat(user_id)
    check_begun(round_)
    if not _is_asked_for(round_, role):
        raise AlreadyDone(Did.TOOK_OVER)
    if seat.role is not Role.OBSERVER:
        raise CannotNow("observers only")
    taken = replace(_given_up(round_, role, now), asked=None)
    round_ = taken.with_seat(seat, replace(seat, role=role)).acted(Did.TOOK_OVER, user_id)
    if round_.state is State.PAUSED and has_leads(round_):
        return replace(round_, state=State.RUNNING, since=now, paused_at=None)
    return replace(round_, asked=still_missing(round_))


def hand_over(round_: Round, old_id: int, new_id: int, by: int, now: datetime) -> Round:
    """Give the role of one person to another, who may be new to the round or observe in it.

    The one who is replaced has left then. The new one has agreed to nothing yet: no notes. When
    that was what a paused round waited for, it goes on.
    """
    seat = round_.seat_of(old_id)
    if seat is None:
        raise NotInRound("take part")
    check_open(round_)
    if old_id == new_id:
        raise GroupFaulty("twice", (old_id,))
    round_ = bank(round_, now)
    seat = next(one for one in round_.seats if one.user_id == old_id)
    newcomer = round_.seat_of(new_id)
    if newcomer is not None and newcomer.is_here and newcomer.role is not Role.OBSERVER:
        raise CannotNow("seat taken")
    role = seat.role
    if round_.has_begun:
        left = replace(_stood_down(seat, now), role=Role.OBSERVER, is_here=False)
        round_ = round_.with_seat(seat, replace(left, in_voice=False, away_since=None))
    else:
        round_ = replace(round_, seats=tuple(one for one in round_.seats if one is not seat))
    if newcomer is None:
        round_ = replace(round_, seats=(*round_.seats, Seat(new_id, role)))
    else:
        round_ = round_.with_seat(newcomer, replace(newcomer, role=role, is_here=True))
    if _is_asked_for(round_, role):
        round_ = replace(round_, asked=still_missing(round_))
        if round_.state is State.PAUSED and round_.asked is None and has_leads(round_):
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
        # Listening in is not observing: who left asks for that with a press.
        return round_ if must_ask(round_, user_id) else come_back(round_, user_id)
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
    round_ = without_waiting(round_, {user_id})
    return replace(round_, seats=seats, actions=actions, starter_user_id=starter)


def _is_asked_for(round_: Round, role: Role) -> bool:
    """Whether the round waits for somebody in that role; it waits for no observer."""
    return role is not Role.OBSERVER and round_.asked is ask_for(role)


def _given_up(round_: Round, role: Role, now: datetime) -> Round:
    """Whoever had that role and left has it no longer."""
    round_ = bank(round_, now)
    for seat in round_.seats:
        if seat.role is role and not seat.is_here:
            round_ = round_.with_seat(seat, replace(_stood_down(seat, now), role=Role.OBSERVER))
    return round_


def _stood_down(seat: Seat, now: datetime) -> Seat:
    """The seat, if it is the coach's, with the moment in which somebody else takes the coaching."""
    return replace(seat, coached_until=now) if seat.role is Role.COACH else seat
