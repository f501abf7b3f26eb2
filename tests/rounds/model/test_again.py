"""Another round of the same people, with their roles rotated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.rounds.model.again import can_follow, give_seat_up, rotated
from bot.rounds.model.moves import begun_if_all_agree, decline, go_next, stop
from bot.rounds.model.pairs import pair_of
from bot.rounds.model.people import leave
from bot.rounds.model.refusals import CannotNow
from bot.rounds.model.round import Agreement, Ending, Role, State
from bot.rounds.model.seats import take_over
from tests.rounds.model.steps import (
    CLIENT,
    COACH,
    FOURTH,
    OBSERVER,
    agreed,
    at,
    begun,
    later,
    proposed,
    refused,
    seat,
    told,
    user_in,
)


def order(seats):
    """Coach, client, observers."""
    by_role = {role: [one.user_id for one in seats if one.role is role] for role in Role}
    return [*by_role[Role.COACH], *by_role[Role.CLIENT], *by_role[Role.OBSERVER]]


def after(round_):
    """The round of the rotated group, at its end."""
    return told(later(agreed_round(rotated(round_)), at(60)), at(60))


def agreed_round(seats):
    return begun_if_all_agree(agreed(replace(proposed(people=len(seats)), seats=seats)), at(0))


@pytest.mark.parametrize("people", [2, 3, 4, 5])
def test_everybody_coaches_once_and_is_the_client_once(people):
    """B3: in as many rounds as there are people."""
    round_ = later(begun(people=people), at(60))
    coaches, clients = [], []
    for _ in range(people):
        coaches.append(user_in(round_, Role.COACH))
        clients.append(user_in(round_, Role.CLIENT))
        round_ = after(round_)
    assert len(set(coaches)) == people
    assert len(set(clients)) == people


def test_an_observer_coaches_the_coach_is_the_client_and_the_client_observes():
    """B3: who has just brought a topic rests."""
    assert order(rotated(later(begun(), at(60)))) == [OBSERVER, COACH, CLIENT]


def test_who_has_left_is_not_asked_and_who_only_observes_still_does():
    """B3."""
    round_ = later(begun(people=4), at(22))
    round_ = round_.with_seat(
        seat(round_, OBSERVER), replace(seat(round_, OBSERVER), observes_only=True)
    )
    round_ = later(leave(round_, COACH, at(23)), at(60))
    seats = rotated(round_)
    assert order(seats) == [FOURTH, CLIENT, OBSERVER]
    assert all(one.agreement is Agreement.OPEN for one in seats)


def test_people_who_are_kept_apart_do_not_become_coach_and_client():
    """B3: then another person is the client, or nobody yet."""
    round_ = later(begun(), at(60))
    assert order(rotated(round_, {pair_of(OBSERVER, COACH)})) == [OBSERVER, CLIENT, COACH]
    both = {pair_of(OBSERVER, COACH), pair_of(OBSERVER, CLIENT)}
    assert [one.role for one in rotated(round_, both)].count(Role.CLIENT) == 0


def test_a_round_follows_one_that_came_to_its_debrief():
    """B3: not one that was broken off in the coaching, nor one of an evening."""
    assert can_follow(later(begun(), at(60)))
    assert can_follow(stop(later(begun(), at(25)), COACH, at(25)))
    assert not can_follow(stop(later(begun(), at(10)), COACH, at(10)))
    assert not can_follow(begun())
    assert not can_follow(replace(later(begun(), at(60)), gathering_id=5))


def test_who_would_rather_observe_leaves_the_seat_to_the_others():
    """B3: the roles are an offer; the round begins when the last yes is there."""
    round_ = replace(proposed(), is_again=True)
    round_ = give_seat_up(round_, COACH)
    assert round_.open_roles == (Role.COACH,)
    refused(CannotNow("observers are free"), lambda: give_seat_up(round_, COACH))
    taken = take_over(agreed(round_), OBSERVER, Role.COACH, at(1))
    assert begun_if_all_agree(taken, at(1)).state is State.RUNNING


def test_without_its_coach_another_round_is_not_called_off():
    """B3: the seat is open; of a first round it would be off."""
    declined = decline(replace(proposed(), is_again=True), COACH, at(1))
    assert (declined.state, declined.open_roles) == (State.PROPOSED, (Role.COACH,))
    assert decline(proposed(), COACH, at(1)).ending is Ending.CALLED_OFF
    assert go_next(begun(), COACH, at(1)).is_again is False
