"""How the seats of coach and client change hands: moves, like `bot.rounds.model.moves`.

Nobody gets one of these seats but by a press of their own. An empty seat is open to everybody in
the room, and the first who takes it has it; a seat that someone holds is offered to one person,
who takes it or not. Before the clock runs, a seat may be given by name, because that is only
asking. Two people who are kept apart never become coach and client of each other.

A move that is refused raises a DojoError and changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.rounds.model.clock import (
    bank,
    close_offer,
    stand_down,
    start_clock,
    stop_clock,
    wait_no_longer,
)
from bot.rounds.model.did import Did
from bot.rounds.model.late import must_ask
from bot.rounds.model.pairs import Pair, pair_of
from bot.rounds.model.refusals import AlreadyDone, CannotNow, GroupFaulty, NotInRound
from bot.rounds.model.round import GONE, Agreement, Offer, Role, Round, Seat, State
from bot.rounds.model.rules import check_begun, check_open, check_proposed, has_leads, still_missing

OTHER = {Role.COACH: Role.CLIENT, Role.CLIENT: Role.COACH}


def are_apart(round_: Round, role: Role, user_id: int, apart: Collection[Pair]) -> bool:
    """Whether this person, as coach or client, would face someone they are kept apart from."""
    if role is Role.OBSERVER:
        return False
    other = next((one.user_id for one in round_.here if one.role is OTHER[role]), None)
    return other is not None and pair_of(user_id, other) in apart


def note_wish(round_: Round, user_id: int, *, observes_only: bool) -> Round:
    """Someone of a round wishes to only observe, or no longer does.

    Before the clock runs a coach or client who only observes from now on gives the seat up, as
    with **I cannot come**: it is open to everybody in the room.
    """
    seat = round_.seat_of(user_id)
    if seat is None or seat.observes_only is observes_only:
        return round_
    noted = replace(seat, observes_only=observes_only)
    if not observes_only or round_.state is not State.PROPOSED or seat.role is Role.OBSERVER:
        return round_.with_seat(seat, noted)
    return round_.with_seat(seat, replace(noted, role=Role.OBSERVER)).acted(Did.SEAT_OPEN)


def take_over(
    round_: Round,
    user_id: int,
    role: Role,
    now: datetime,
    *,
    agreement: Agreement | None = None,
    apart: Collection[Pair] = (),
) -> Round:
    """Someone in the room takes the empty seat of a coach or client; the first one to say so.

    In a change of coach the seat is open to those who have not coached yet. Who has not answered
    the agreement does so with this, by `agreement`. A clock that rested for the seat goes on.
    """
    check_open(round_)
    seat = round_.seat_of(user_id)
    if seat is None:
        raise NotInRound("take part")
    is_next = role is Role.COACH and round_.awaits_next_coach
    if role not in round_.open_roles and not is_next:
        raise AlreadyDone(Did.TOOK_OVER)
    if round_.is_in(seat) and seat.role is not Role.OBSERVER:
        raise CannotNow("observers only")
    if must_ask(round_, user_id):
        raise CannotNow("not in it")
    if is_next and seat.has_coached:
        raise CannotNow("coached already")
    waits = bool(round_.open_roles)
    round_ = _taken(round_, seat, role, now, agreement, apart).acted(Did.TOOK_OVER, user_id)
    if round_.state is State.PROPOSED or not waits:
        return round_
    return _gone_on(round_, now) if round_.offer is None else _asking(round_)


def offer_seat(
    round_: Round,
    role: Role,
    user_id: int,
    by: int,
    now: datetime,
    *,
    facilitates: bool,
    apart: Collection[Pair] = (),
) -> Round:
    """Offer the seat of coach or client to one person of the round, who may also have left it.

    For the holder of the seat, and for facilitators. The holder keeps it until the answer; as long
    as there is coaching left, the clock rests.
    """
    check_begun(round_)
    if role is Role.OBSERVER:
        raise CannotNow("observers are free")
    holder = next((one for one in round_.here if one.role is role), None)
    if not facilitates and (holder is None or holder.user_id != by):
        raise NotInRound("offer")
    if holder is not None and holder.user_id == user_id:
        raise GroupFaulty("twice", (user_id,))
    seat = round_.seat_of(user_id)
    if seat is None:
        raise CannotNow("not of the round")
    if round_.is_in(seat) and seat.role is not Role.OBSERVER:
        raise CannotNow("seat taken")
    if round_.offer is not None:
        raise CannotNow("offered already")
    if seat.observes_only or are_apart(round_, role, user_id, apart):
        raise CannotNow("not for them")
    rests = round_.state is State.RUNNING and bool(round_.coaching_left(now))
    if rests:
        round_ = stop_clock(round_, now)
    return replace(round_, offer=Offer(role, user_id, rests)).acted(Did.OFFERED, by, about=user_id)


def accept(
    round_: Round,
    user_id: int,
    now: datetime,
    *,
    agreement: Agreement | None = None,
    apart: Collection[Pair] = (),
) -> Round:
    """The person a seat is offered to takes it; who had it observes from then on."""
    check_begun(round_)
    offer = _offer_to(round_, user_id)
    seat = round_.seat_of(user_id)
    if seat is None:
        raise NotInRound("take part")
    waits = offer.rests or offer.role in round_.open_roles
    round_ = _taken(round_, seat, offer.role, now, agreement, apart)
    round_ = round_.acted(Did.TOOK_OVER, user_id)
    return wait_no_longer(_gone_on(round_, now) if waits else _asking(round_), now)


def _offer_to(round_: Round, user_id: int) -> Offer:
    """The offer that waits for this person's answer.

    Raises AlreadyDone when there is none, CannotNow when it is for another person.
    """
    offer = round_.offer
    if offer is None:
        raise AlreadyDone(Did.OFFERED)
    if offer.user_id != user_id:
        raise CannotNow("offered to another")
    return offer


def refuse(round_: Round, user_id: int, now: datetime) -> Round:
    """The person a seat is offered to does not take it, and says no more than that."""
    _offer_to(round_, user_id)
    return close_offer(round_, now).acted(Did.REFUSED_SEAT, user_id)


def take_offer_back(round_: Round, by: int, now: datetime, *, facilitates: bool) -> Round:
    """The person who has the seat that is offered, or a facilitator, takes the offer back."""
    offer = round_.offer
    if offer is None:
        raise AlreadyDone(Did.TOOK_OFFER_BACK)
    holds = any(one.role is offer.role and one.user_id == by for one in round_.here)
    if not facilitates and not holds:
        raise NotInRound("offer")
    return close_offer(round_, now).acted(Did.TOOK_OFFER_BACK, by)


def ask_instead(
    round_: Round, old_id: int, new_id: int, by: int, apart: Collection[Pair] = ()
) -> Round:
    """Before the clock runs, ask one person instead of another, who is then not asked any more."""
    seat = round_.seat_of(old_id)
    if seat is None:
        raise NotInRound("replace")
    check_proposed(round_)
    if old_id == new_id:
        raise GroupFaulty("twice", (old_id,))
    other = round_.seat_of(new_id)
    if other is not None and other.role is not Role.OBSERVER:
        raise CannotNow("seat taken")
    leads = seat.role is not Role.OBSERVER
    if leads and other is not None and other.observes_only:
        raise CannotNow("not for them")
    if are_apart(round_, seat.role, new_id, apart):
        raise CannotNow("not for them")
    observes_only = other is not None and other.observes_only
    asked = Seat(new_id, seat.role, in_voice=bool(other and other.in_voice))
    seats = tuple(one for one in round_.seats if one not in (seat, other))
    round_ = replace(round_, seats=(*seats, replace(asked, observes_only=observes_only)))
    return round_.acted(Did.REPLACED, by, about=new_id)


def _asking(round_: Round) -> Round:
    """The round, asking for the other lead if that one is missing as well."""
    return replace(round_, asked=still_missing(round_)) if round_.asked in GONE else round_


def _gone_on(round_: Round, now: datetime) -> Round:
    """The round with its clock running again, now that coach and client are there."""
    round_ = _asking(round_)
    if round_.state is State.PAUSED and has_leads(round_):
        return start_clock(round_, now)
    return round_


def _taken(
    round_: Round,
    seat: Seat,
    role: Role,
    now: datetime,
    agreement: Agreement | None,
    apart: Collection[Pair],
) -> Round:
    """The seat of a role in the hands of this person; its old holder observes, or has left."""
    agreed = agreement or seat.agreement
    if agreed is Agreement.OPEN:
        raise CannotNow("not answered")
    if are_apart(round_, role, seat.user_id or 0, apart):
        raise CannotNow("not this seat")
    number = round_.seats.index(seat)
    until = now
    if role is Role.COACH and round_.awaits_next_coach and round_.began_at is not None:
        # The coaching of the person who had the seat ended when the change of coach began.
        until = round_.began_at
    if round_.offer is not None and round_.offer.role is role:
        round_ = replace(round_, offer=None)
    elif round_.offer is not None and round_.offer.user_id == seat.user_id:
        round_ = close_offer(round_, now)
    round_ = _given_up(bank(round_, now), role, until, but=seat.user_id)
    if round_.seats[number].role is Role.COACH and role is not Role.COACH:
        round_ = stand_down(round_, until)
    now_seat = round_.seats[number]
    taken = replace(
        now_seat,
        role=role,
        agreement=agreed,
        is_here=True,
        doubted_at=None,
        was_client=now_seat.was_client or (role is Role.CLIENT and round_.has_begun),
    )
    return round_.with_seat(now_seat, taken)


def _given_up(round_: Round, role: Role, until: datetime, *, but: int | None) -> Round:
    """The person who had that role has it no longer."""
    for seat in round_.seats:
        if seat.role is not role or seat.user_id == but:
            continue
        if role is Role.COACH and round_.has_begun:
            round_ = stand_down(round_, until)
        else:
            round_ = round_.with_seat(seat, replace(seat, role=Role.OBSERVER))
    return round_
