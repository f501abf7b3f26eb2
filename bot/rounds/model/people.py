"""How people come to a round, leave it, and come back: moves, like `bot.rounds.model.moves`.

A move that is refused raises a DojoError and changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.rounds.model.clock import lose, wait_no_longer
from bot.rounds.model.did import Did
from bot.rounds.model.late import ask_to_observe, coming, must_ask, without_waiting
from bot.rounds.model.pairs import Pair
from bot.rounds.model.refusals import AlreadyDone, CannotNow, NotInRound
from bot.rounds.model.round import Agreement, Role, Round, Seat, State, can_be_taken_up
from bot.rounds.model.rules import ask_for, check_begun, check_open, still_missing
from bot.rounds.model.seats import are_apart


def join(round_: Round, user_id: int, apart: Collection[Pair] = ()) -> Round:
    """A person comes as a further observer, or comes back.

    While the clock runs that is their yes, without notes until they say otherwise. Where the client
    is asked first, the round has them among those who wait. `apart` are people who are not to be
    coach and client of each other.
    """
    check_open(round_)
    seat = round_.seat_of(user_id)
    if round_.takes_part(user_id):
        raise CannotNow("in it already")
    if seat is not None and seat.is_here:
        raise CannotNow("asked already")
    if len(round_.here) + len(round_.invited) >= round_.format.most:
        raise CannotNow("full")
    if must_ask(round_, user_id):
        return ask_to_observe(round_, user_id)
    if seat is not None:
        return come_back(round_, user_id, apart)
    seats = (*round_.seats, coming(Seat(user_id, Role.OBSERVER), round_))
    return replace(round_, seats=seats).acted(Did.JOINED, user_id)


def leave(round_: Round, user_id: int, now: datetime, *, said_by: int | None = None) -> Round:
    """Someone leaves a begun round, or a facilitator says that they have left."""
    check_begun(round_)
    seat = round_.get_seat(user_id)
    by = user_id if said_by is None else said_by
    left = replace(seat, lost=by != user_id)
    return lose(round_.with_seat(seat, left), left, now).acted(Did.LEFT, by, about=user_id)


def doubt(round_: Round, user_id: int, by: int, now: datetime) -> Round:
    """Another person of the round says that someone has left: they are asked themself first.

    Without their answer within a minute they are taken for gone.
    """
    check_begun(round_)
    seat = round_.get_seat(user_id)
    if seat.doubted_at is not None:
        raise AlreadyDone(Did.ASKED_IF_HERE)
    round_ = round_.with_seat(seat, replace(seat, doubted_at=now))
    return round_.acted(Did.ASKED_IF_HERE, by, about=user_id)


def still_here(round_: Round, user_id: int) -> Round:
    """Someone who was asked whether they are there says so, or does something else."""
    seat = round_.seat_of(user_id)
    if seat is None or seat.doubted_at is None:
        return round_
    return round_.with_seat(seat, replace(seat, doubted_at=None)).acted(Did.IS_HERE, user_id)


def take_word_back(round_: Round, user_id: int, by: int, apart: Collection[Pair] = ()) -> Round:
    """The person who has just said that someone left takes it back.

    Who was asked is not asked any more; who was taken out of the round by that word is in it again,
    in their seat if nobody has taken it. Raises AlreadyDone when there is nothing to take back.
    """
    check_begun(round_)
    seat = round_.seat_of(user_id)
    if seat is None or not (seat.doubted_at is not None or (seat.lost and not seat.is_here)):
        raise AlreadyDone(Did.WORD_TAKEN_BACK)
    if seat.is_here:
        round_ = round_.with_seat(seat, replace(seat, doubted_at=None))
    else:
        round_ = come_back(round_, user_id, apart)
        round_ = replace(round_, actions=round_.actions[:-1])
    return round_.acted(Did.WORD_TAKEN_BACK, by, about=user_id)


def come_back(round_: Round, user_id: int, apart: Collection[Pair] = ()) -> Round:
    """Someone who left comes back: to their role if nobody has taken it, else as observer.

    Also as observer where the other lead is by now someone they are kept `apart` from.
    """
    seat = round_.seat_of(user_id)
    if seat is None:
        raise NotInRound("take part")
    if seat.is_here:
        raise CannotNow("in it already")
    check_open(round_)
    # A role that has been taken over is no longer that of the seat.
    role = Role.OBSERVER if are_apart(round_, seat.role, user_id, apart) else seat.role
    is_first_yes = round_.has_begun and seat.agreement is Agreement.OPEN
    agreement = Agreement.NO_NOTES if is_first_yes else seat.agreement
    back = replace(seat, is_here=True, lost=False, role=role, agreement=agreement)
    round_ = without_waiting(round_.with_seat(seat, back), {user_id})
    if role is not Role.OBSERVER and round_.asked is ask_for(role):
        round_ = replace(round_, asked=still_missing(round_))
    return round_.acted(Did.CAME_BACK, user_id)


def take_up(
    round_: Round,
    user_id: int,
    now: datetime,
    *,
    in_voice: Collection[int] = (),
    apart: Collection[Pair] = (),
) -> Round:
    """Someone of a round that ended for want of people takes it up again; its clock stands still.

    They come back with it. Others who are gone are asked, and come back by a press of their own.
    `in_voice` is who is in its voice channel.
    """
    seat = round_.seat_of(user_id)
    if seat is None:
        raise NotInRound("take part")
    if round_.is_open:
        raise AlreadyDone(Did.TAKEN_UP)
    if not can_be_taken_up(round_, now):
        raise CannotNow("too late to take up")
    at = round_.position
    round_ = replace(
        round_,
        state=State.PAUSED,
        ran=round_.past[at],
        past=round_.past[:at],
        paused_at=now,
        ending=None,
        ended_at=None,
        told=replace(round_.told, position=at, asked=None, ended=False),
        seats=tuple(replace(one, in_voice=one.user_id in in_voice) for one in round_.seats),
    )
    if not seat.is_here:
        round_ = come_back(round_, user_id, apart)
    asked = still_missing(round_) if round_.coaching_left(now) else None
    return replace(round_, asked=asked, actions=()).acted(Did.TAKEN_UP, user_id)


def voice_left(round_: Round, user_id: int, now: datetime) -> Round:
    """Someone left the voice channel of the room; their seat is kept for five minutes."""
    seat = round_.seat_of(user_id)
    if seat is None or not seat.in_voice or not round_.is_open:
        return round_
    is_missed = round_.has_begun and round_.is_in(seat)
    away = replace(seat, in_voice=False, away_since=now if is_missed else None)
    round_ = round_.with_seat(seat, away)
    return round_.acted(Did.AWAY, user_id) if is_missed else round_


def voice_joined(round_: Round, user_id: int, now: datetime) -> Round:
    """Someone is in the voice channel of the room, or came back to it.

    A clock that rested for them goes on. Who has left the round is asked whether they come back to
    it, and not put back.
    """
    seat = round_.seat_of(user_id)
    if seat is None or not round_.is_open or seat.in_voice:
        return round_
    was_away = seat.away_since is not None
    round_ = round_.with_seat(seat, replace(seat, in_voice=True, away_since=None, doubted_at=None))
    if not seat.is_here and round_.has_begun:
        # Listening in is not observing: who left asks for that with a press.
        return round_ if must_ask(round_, user_id) else round_.acted(Did.IN_CHANNEL, user_id)
    is_answer = was_away or seat.doubted_at is not None
    round_ = round_.acted(Did.CAME_BACK, user_id) if is_answer else round_
    return wait_no_longer(round_, now)


def forget(round_: Round, user_id: int) -> Round:
    """The round without saying who this person was."""

    def other(one: int | None) -> int | None:
        return None if one == user_id else one

    seats = tuple(
        replace(seat, user_id=None, focus=(), wish="") if seat.user_id == user_id else seat
        for seat in round_.seats
    )
    actions = tuple(
        replace(one, user_id=other(one.user_id), about_user_id=other(one.about_user_id))
        for one in round_.actions
    )
    starter = other(round_.starter_user_id)
    offer = round_.offer if round_.offer and round_.offer.user_id != user_id else None
    round_ = without_waiting(round_, {user_id})
    return replace(round_, seats=seats, actions=actions, starter_user_id=starter, offer=offer)
