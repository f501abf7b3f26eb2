"""Another round of the same people, with their roles rotated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.content.model.formats import last_coaching
from bot.rounds.model.did import Did
from bot.rounds.model.pairs import Pair, pair_of
from bot.rounds.model.refusals import CannotNow
from bot.rounds.model.round import Ending, Role, Round, Seat
from bot.rounds.model.rules import check_proposed


def can_follow(round_: Round) -> bool:
    """Whether another round of its people can follow: this one came to its end, or to its debrief.

    Not at an evening, whose rounds all begin together.
    """
    if round_.gathering_id is not None or len(people_of(round_)) < 2:
        return False
    if round_.ending is Ending.COMPLETE:
        return True
    is_debriefed = round_.position > last_coaching(round_.format)
    return round_.ending in (Ending.STOPPED, Ending.INTERRUPTED) and is_debriefed


def people_of(round_: Round) -> list[Seat]:
    """Who was in a round at its end, as far as they are still known."""
    return [seat for seat in round_.here if seat.user_id is not None]


def rotated(round_: Round, apart: Collection[Pair] = ()) -> tuple[Seat, ...]:
    """The seats of another round of the same people, as they are offered.

    An observer coaches, first of all one who has not; the coach is the client; the client observes.
    In a pair they change places. People who only observe still do. A seat for which nobody is left
    stays empty, for the first who takes it. `apart` are people who are not to be coach and client
    of each other.
    """
    people = people_of(round_)
    coach = [seat for seat in people if seat.role is Role.COACH]
    client = [seat for seat in people if seat.role is Role.CLIENT]
    observers = [seat for seat in people if seat.role is Role.OBSERVER]
    fresh = [seat for seat in observers if not seat.has_coached]
    coached = [seat for seat in observers if seat.has_coached]
    turn = [seat for seat in (*fresh, *coached, *client, *coach) if not seat.observes_only]
    next_coach = next(iter(turn), None)
    ready = [seat for seat in (*coach, *fresh, *coached, *client) if not seat.observes_only]
    next_client = next(
        (
            seat
            for seat in ready
            if seat is not next_coach and not _are_apart(seat, next_coach, apart)
        ),
        None,
    )
    others = [
        seat
        for seat in (*fresh, *coached, *client, *coach)
        if seat is not next_coach and seat is not next_client
    ]
    named = [(next_coach, Role.COACH), (next_client, Role.CLIENT)]
    named += [(seat, Role.OBSERVER) for seat in others]
    return tuple(
        Seat(seat.user_id, role, observes_only=seat.observes_only)
        for seat, role in named
        if seat is not None
    )


def _are_apart(one: Seat, other: Seat | None, apart: Collection[Pair]) -> bool:
    if other is None or one.user_id is None or other.user_id is None:
        return False
    return pair_of(one.user_id, other.user_id) in apart


def give_seat_up(round_: Round, user_id: int) -> Round:
    """Before the clock, someone asked to coach or to be the client would rather observe.

    Their seat is open to everybody in the room then, also to themselves.
    """
    check_proposed(round_)
    seat = round_.get_seat(user_id)
    if seat.role is Role.OBSERVER:
        raise CannotNow("observers are free")
    observes = replace(seat, role=Role.OBSERVER, focus=(), wish="")
    return round_.with_seat(seat, observes).acted(Did.SEAT_OPEN)
