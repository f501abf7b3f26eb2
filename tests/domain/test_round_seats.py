"""Seats that are empty: taking over, going to the feedback, and being replaced."""

from __future__ import annotations

import pytest

from bot.domain.errors import AlreadyDone, CannotNow, GroupFaulty, NoRound, NotInRound
from bot.domain.round_actions import Did
from bot.domain.round_moves import go_to_feedback, pause, stop
from bot.domain.round_people import come_back, hand_over, leave, take_over
from bot.domain.rounds import Agreement, Ask, Ending, Role, State
from tests.domain.round_steps import (
    CLIENT,
    COACH,
    FACILITATOR,
    FIFTH,
    FOURTH,
    OBSERVER,
    STRANGER,
    at,
    begun,
    coaching,
    dids,
    is_running,
    later,
    mins,
    refused,
    seat,
    user_in,
    without,
)

# Taking over


@pytest.mark.parametrize(("who", "role"), [(COACH, Role.COACH), (CLIENT, Role.CLIENT)])
def test_the_first_observer_who_says_so_takes_over_and_the_clock_goes_on(who, role):
    round_ = take_over(without(who), FOURTH, role, at(6))
    assert is_running(round_, "coach")
    assert (round_.asked, round_.paused_at, round_.left(at(6))) == (None, None, mins(8))
    assert user_in(round_, role) == FOURTH
    assert dids(round_) == [(Did.TOOK_OVER, FOURTH, None)]


def test_the_second_who_takes_over_is_too_late():
    round_ = take_over(without(COACH, people=5), FOURTH, Role.COACH, at(6))
    refused(AlreadyDone(Did.TOOK_OVER), lambda: take_over(round_, OBSERVER, Role.COACH, at(6)))


def test_whoever_comes_back_first_is_coach_again():
    round_ = come_back(without(COACH), COACH)
    refused(AlreadyDone(Did.TOOK_OVER), lambda: take_over(round_, FOURTH, Role.COACH, at(6)))


def test_nobody_takes_the_seat_of_somebody_who_is_there():
    refused(AlreadyDone(Did.TOOK_OVER), lambda: take_over(coaching(), FOURTH, Role.COACH, at(6)))


def test_the_client_does_not_take_over_from_the_coach():
    refused(
        CannotNow("observers only"), lambda: take_over(without(COACH), CLIENT, Role.COACH, at(6))
    )


def test_the_seat_of_an_observer_is_not_taken_over():
    paused = pause(coaching(), COACH, at(4))
    refused(AlreadyDone(Did.TOOK_OVER), lambda: take_over(paused, FOURTH, Role.OBSERVER, at(6)))


def test_a_stranger_does_not_take_over():
    refused(NotInRound("take part"), lambda: take_over(without(COACH), STRANGER, Role.COACH, at(6)))


@pytest.mark.parametrize(
    ("left", "first", "second"),
    [
        ((COACH, CLIENT), (Role.CLIENT, Ask.COACH_GONE), Role.COACH),
        ((CLIENT, COACH), (Role.COACH, Ask.CLIENT_GONE), Role.CLIENT),
    ],
)
def test_of_two_empty_seats_both_are_taken_before_the_clock_goes_on(left, first, second):
    role, still_asked = first
    round_ = take_over(without(*left, people=5), FOURTH, role, at(6))
    assert (round_.state, round_.asked) == (State.PAUSED, still_asked)
    round_ = take_over(round_, FIFTH, second, at(7))
    assert is_running(round_, "coach")


@pytest.mark.parametrize(
    ("who", "role", "until"), [(COACH, Role.COACH, at(6)), (CLIENT, Role.CLIENT, None)]
)
def test_a_coach_who_left_hands_the_coaching_over_when_somebody_takes_it(who, role, until):
    waiting = without(who)
    assert seat(waiting, who).coached_until is None
    round_ = take_over(waiting, FOURTH, role, at(6))
    assert seat(round_, who).coached_until == until
    assert seat(round_, FOURTH).coached_until is None


# To the feedback


@pytest.mark.parametrize("who", [COACH, CLIENT])
def test_a_waiting_round_may_go_to_the_feedback(who):
    round_ = go_to_feedback(without(who), OBSERVER, at(6))
    assert is_running(round_, "self")
    assert round_.past == (mins(2), mins(2))
    assert dids(round_) == [(Did.WENT_TO_FEEDBACK, OBSERVER, None)]


def test_without_any_coaching_there_is_nothing_to_give_feedback_on():
    round_ = go_to_feedback(without(COACH, minute=1), OBSERVER, at(6))
    assert round_.ending is Ending.STOPPED


def test_going_to_the_feedback_leaves_out_all_later_coaching():
    round_ = later(begun("coach 5, pause 1, coach 5, self 1", 4), at(4))
    round_ = go_to_feedback(leave(round_, COACH, at(4)), CLIENT, at(5))
    assert round_.past == (mins(4), mins(0), mins(0))
    assert round_.coached_for(at(5)) == mins(4)


def test_a_round_that_waits_for_nobody_does_not_go_to_the_feedback():
    refused(AlreadyDone(Did.WENT_TO_FEEDBACK), lambda: go_to_feedback(coaching(), COACH, at(4)))


# Replacing


@pytest.mark.parametrize(
    ("old", "role"), [(COACH, Role.COACH), (CLIENT, Role.CLIENT), (OBSERVER, Role.OBSERVER)]
)
@pytest.mark.parametrize("minute", [1, 4, 12.5, 14])
def test_somebody_new_takes_any_role_while_the_clock_runs(old, role, minute):
    before = coaching(minute)
    round_ = hand_over(before, old, STRANGER, FACILITATOR, at(minute))
    assert seat(round_, STRANGER).role is role
    assert seat(round_, STRANGER).agreement is Agreement.OPEN
    assert not round_.takes_part(old)
    assert (round_.state, round_.left(at(minute))) == (State.RUNNING, before.left(at(minute)))
    assert dids(round_) == [(Did.REPLACED, FACILITATOR, STRANGER)]


@pytest.mark.parametrize(("old", "role"), [(COACH, Role.COACH), (CLIENT, Role.CLIENT)])
def test_an_observer_takes_a_role_while_the_clock_runs(old, role):
    round_ = hand_over(coaching(), old, FOURTH, CLIENT, at(4))
    assert user_in(round_, role) == FOURTH
    assert [one.user_id for one in round_.observers] == [OBSERVER]
    assert len(round_.here) == 3


@pytest.mark.parametrize("who", [COACH, CLIENT])
def test_a_waiting_round_goes_on_when_its_missing_person_is_replaced(who):
    round_ = hand_over(without(who), who, STRANGER, FACILITATOR, at(6))
    assert is_running(round_, "coach")
    assert (round_.asked, round_.left(at(6))) == (None, mins(8))


@pytest.mark.parametrize("who", [COACH, CLIENT, OBSERVER])
def test_a_paused_round_stays_paused_when_somebody_is_replaced(who):
    round_ = pause(coaching(), COACH, at(4))
    assert hand_over(round_, who, STRANGER, FACILITATOR, at(5)).state is State.PAUSED


@pytest.mark.parametrize("minute", [12.5, 13.5])
def test_nobody_is_asked_for_in_the_debrief_when_an_observer_is_replaced(minute):
    round_ = hand_over(without(COACH, minute=minute), OBSERVER, STRANGER, CLIENT, at(minute))
    assert (round_.state, round_.asked) == (State.RUNNING, None)


def test_of_two_missing_people_both_are_replaced_before_the_clock_goes_on():
    round_ = without(COACH, CLIENT)
    round_ = hand_over(round_, CLIENT, STRANGER, OBSERVER, at(5))
    assert (round_.state, round_.asked) == (State.PAUSED, Ask.COACH_GONE)
    round_ = hand_over(round_, COACH, FIFTH, OBSERVER, at(6))
    assert is_running(round_, "coach")


def test_somebody_who_left_may_come_back_in_place_of_another():
    """The one who left was the coach, and comes back as client."""
    round_ = hand_over(without(COACH), CLIENT, COACH, OBSERVER, at(5))
    assert user_in(round_, Role.CLIENT) == COACH
    assert round_.coach is None
    assert (round_.state, round_.asked) == (State.PAUSED, Ask.COACH_GONE)
    round_ = take_over(round_, FOURTH, Role.COACH, at(6))
    assert is_running(round_, "coach")


def test_the_minutes_of_a_coach_who_is_replaced_stay_theirs():
    round_ = later(hand_over(coaching(5), COACH, STRANGER, CLIENT, at(5)), at(9))
    assert round_.seat_coached_for(seat(round_, COACH), at(9)) == mins(3)
    assert round_.seat_coached_for(seat(round_, STRANGER), at(9)) == mins(4)


@pytest.mark.parametrize(("who", "until"), [(COACH, at(6)), (CLIENT, None), (OBSERVER, None)])
def test_a_coach_who_is_replaced_coached_until_then(who, until):
    round_ = hand_over(coaching(), who, STRANGER, FACILITATOR, at(6))
    assert seat(round_, who).coached_until == until
    assert seat(round_, STRANGER).coached_until is None


def test_replacing_the_last_but_one_by_the_last_leaves_no_round():
    """The coach is gone; of the two others one takes the seat of the other."""
    round_ = hand_over(without(COACH, people=3), CLIENT, OBSERVER, OBSERVER, at(5))
    assert (round_.state, round_.ending) == (State.ENDED, Ending.ALONE)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (COACH, COACH, GroupFaulty("twice", (COACH,))),
        (COACH, CLIENT, CannotNow("seat taken")),
        (OBSERVER, COACH, CannotNow("seat taken")),
        (STRANGER, FOURTH, NotInRound("take part")),
    ],
)
def test_nobody_is_replaced_by(old, new, why):
    refused(why, lambda: hand_over(coaching(), old, new, FACILITATOR, at(4)))


def test_nobody_is_replaced_in_a_round_that_is_over():
    ended = stop(coaching(), COACH, at(4))
    refused(NoRound(is_over=True), lambda: hand_over(ended, COACH, STRANGER, FACILITATOR, at(5)))
