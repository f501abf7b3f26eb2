"""Observers who come when a round runs: its client lets them in, or they wait for the debrief.

Moves as in `bot.rounds.model.moves`. The client agreed to the people whom the agreement named.
Nobody else observes the coaching unless the client says so. Evenings have a rule of their own:
their agreement says that people who come late may observe.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.rounds.model.did import Did
from bot.rounds.model.refusals import AlreadyDone, CannotNow, NotInRound
from bot.rounds.model.round import Agreement, Role, Round, Seat, Waiting, is_coaching_over_for_good
from bot.rounds.model.rules import check_begun, check_open

MOST_WAITING = 3
"""People who may wait for one round: the client is asked about each."""


def must_ask(round_: Round, user_id: int) -> bool:
    """Whether the client is asked before this person may observe.

    That is so from the beginning of a round until its coaching is over. It holds for who has left,
    too; not for a coach or client whose seat nobody has taken, nor for whom the client has let in
    before, nor for who lost the connection.
    """
    if round_.gathering_id is not None or not round_.has_begun or is_coaching_over_for_good(round_):
        return False
    seat = round_.seat_of(user_id)
    if seat is None:
        return True
    return seat.role is Role.OBSERVER and not (seat.is_here or seat.let_in or seat.lost)


def is_asked_about(round_: Round, seat: Seat) -> bool:
    """Whether the client would be asked about this person once they have left."""
    user_id = seat.user_id
    if user_id is None:
        return False
    return must_ask(round_.with_seat(seat, replace(seat, is_here=False)), user_id)


def ask_to_observe(round_: Round, user_id: int) -> Round:
    """A person would like to observe; the client is asked once, however often they ask.

    Raises CannotNow when as many people wait as may.
    """
    check_open(round_)
    known = round_.waits_for(user_id)
    if known is not None:
        return round_.with_waiting(replace(known, has_gone=False))
    if len(round_.waiting) >= MOST_WAITING:
        raise CannotNow("full")
    return replace(round_, waiting=(*round_.waiting, Waiting(user_id)))


def wait_no_more(round_: Round, user_id: int) -> Round:
    """A person no longer wants to observe. That they asked is kept, so that they ask only once."""
    known = round_.waits_for(user_id)
    if known is None or known.has_gone:
        raise AlreadyDone("not-waiting")
    return round_.with_waiting(replace(known, has_gone=True))


def asked_about(round_: Round, user_id: int, card_id: int | None) -> Round:
    """The client has been asked about a person, by this message."""
    known = round_.waits_for(user_id)
    return round_ if known is None else round_.with_waiting(replace(known, card_id=card_id))


def check_is_client(round_: Round, user_id: int) -> None:
    """Raises NotInRound unless this is the client of a round that has begun."""
    check_begun(round_)
    seat = round_.seat_of(user_id)
    if seat is None or not seat.is_here or seat.role is not Role.CLIENT:
        raise NotInRound("client now")


def let_in(round_: Round, by: int, user_id: int) -> Round:
    """The client lets a person observe.

    Raises NotInRound for other people, AlreadyDone when that person is in or waits no more, and
    CannotNow when the format is for no more people.
    """
    check_is_client(round_, by)
    if round_.takes_part(user_id):
        raise AlreadyDone("let-in")
    known = round_.waits_for(user_id)
    if known is None or known.has_gone:
        raise AlreadyDone("not-waiting")
    if len(round_.here) + len(round_.invited) >= round_.format.most:
        raise CannotNow("full")
    return _seated(round_, user_id)


def admit(round_: Round, free: Collection[int]) -> Round:
    """After the coaching: all who wait and are `free` come in, as far as there are seats."""
    if not round_.has_begun or not is_coaching_over_for_good(round_):
        return round_
    for one in round_.waiting:
        has_seat = len(round_.here) + len(round_.invited) < round_.format.most
        if has_seat and not one.has_gone and one.user_id in free:
            round_ = _seated(round_, one.user_id)
    return replace(round_, waiting=())


def without_waiting(round_: Round, people: Collection[int]) -> Round:
    """The round without the wish of these people to observe it."""
    left = tuple(one for one in round_.waiting if one.user_id not in people)
    return replace(round_, waiting=left) if left != round_.waiting else round_


def coming(seat: Seat, round_: Round) -> Seat:
    """The seat of an observer who comes by themselves.

    Once the round runs, coming is the yes to take part; notes wait for a yes of their own.
    """
    is_late = round_.has_begun and seat.role is Role.OBSERVER
    if is_late and seat.agreement is Agreement.OPEN:
        return replace(seat, agreement=Agreement.NO_NOTES)
    return seat


def _seated(round_: Round, user_id: int) -> Round:
    round_ = without_waiting(round_, {user_id})
    known = round_.seat_of(user_id)
    seat = known or Seat(user_id, Role.OBSERVER)
    seat = coming(replace(seat, is_here=True, let_in=True, lost=False), round_)
    if known is None:
        round_ = replace(round_, seats=(*round_.seats, seat))
    else:
        round_ = round_.with_seat(known, seat)
    return round_.acted(Did.LET_IN, None, about=user_id)
