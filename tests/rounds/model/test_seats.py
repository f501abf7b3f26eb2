"""Seats that are empty: taking over, going to the feedback, and being replaced."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.rounds.model.did import Did
from bot.rounds.model.moves import erase, go_next, go_to_feedback, need_moment, pause, resume, stop
from bot.rounds.model.pairs import pair_of
from bot.rounds.model.people import come_back, leave
from bot.rounds.model.refusals import AlreadyDone, CannotNow, GroupFaulty, NotInRound
from bot.rounds.model.round import Agreement, Ask, Ending, Offer, Role, State
from bot.rounds.model.seats import accept, offer_seat, refuse, take_offer_back, take_over
from tests.rounds.model.steps import (
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


def test_a_person_who_comes_back_first_is_coach_again():
    round_ = come_back(without(COACH), COACH)
    refused(AlreadyDone(Did.TOOK_OVER), lambda: take_over(round_, FOURTH, Role.COACH, at(6)))


def test_nobody_takes_the_seat_of_someone_who_is_there():
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
def test_a_coach_who_left_hands_the_coaching_over_when_someone_takes_it(who, role, until):
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


# Offered to one person


def offered(round_, role=Role.COACH, to=OBSERVER, by=COACH, minute=4, **how):
    return offer_seat(round_, role, to, by, at(minute), **{"facilitates": False, **how})


@pytest.mark.parametrize(("holder", "role"), [(COACH, Role.COACH), (CLIENT, Role.CLIENT)])
def test_a_seat_is_offered_and_kept_until_the_answer(holder, role):
    """S4, S9: nobody is put into a seat; the person who has it keeps it, and the clock rests."""
    round_ = offered(coaching(), role, by=holder)
    assert (round_.state, round_.paused_at, round_.left(at(5))) == (State.PAUSED, at(4), mins(8))
    assert user_in(round_, role) == holder
    assert dids(round_) == [(Did.OFFERED, holder, OBSERVER)]
    refused(CannotNow("seat offered"), lambda: resume(round_, CLIENT, at(5)))
    taken = accept(round_, OBSERVER, at(6))
    assert user_in(taken, role) == OBSERVER
    assert seat(taken, holder).role is Role.OBSERVER
    assert taken.takes_part(holder)
    assert is_running(taken, "coach")
    assert (taken.offer, taken.left(at(6))) == (None, mins(8))


def test_a_person_who_a_seat_is_offered_to_may_say_no_and_the_clock_goes_on():
    round_ = refuse(offered(coaching()), OBSERVER, at(6))
    assert user_in(round_, Role.COACH) == COACH
    assert is_running(round_, "coach")
    assert dids(round_)[-1] == (Did.REFUSED_SEAT, OBSERVER, None)


@pytest.mark.parametrize(("by", "facilitates"), [(COACH, False), (FACILITATOR, True)])
def test_a_person_who_has_the_seat_and_facilitators_take_an_offer_back(by, facilitates):
    round_ = take_offer_back(offered(coaching()), by, at(6), facilitates=facilitates)
    assert (round_.offer, user_in(round_, Role.COACH)) == (None, COACH)
    assert is_running(round_, "coach")


@pytest.mark.parametrize("by", [OBSERVER, CLIENT, STRANGER])
def test_nobody_else_takes_an_offer_back(by):
    round_ = offered(coaching())
    refused(NotInRound("offer"), lambda: take_offer_back(round_, by, at(6), facilitates=False))


@pytest.mark.parametrize(
    ("role", "by"),
    [
        (Role.CLIENT, COACH),
        (Role.CLIENT, OBSERVER),
        (Role.CLIENT, STRANGER),
        (Role.COACH, CLIENT),
        (Role.COACH, OBSERVER),
    ],
)
def test_a_seat_is_given_up_by_who_has_it_or_a_facilitator(role, by):
    """S4, H15: the client's seat only by the client or a facilitator."""
    refused(NotInRound("offer"), lambda: offered(coaching(), role, FOURTH, by))
    round_ = offered(coaching(), role, FOURTH, FACILITATOR, facilitates=True)
    assert round_.offer == Offer(role, FOURTH, rests=True)


def test_an_answer_that_is_someone_elses_counts_for_nothing():
    round_ = offered(coaching())
    for move in (accept, refuse):
        refused(CannotNow("offered to another"), lambda move=move: move(round_, FOURTH, at(5)))
    refused(AlreadyDone(Did.OFFERED), lambda: accept(coaching(), OBSERVER, at(5)))


def test_a_person_who_has_not_answered_the_agreement_does_so_with_the_seat():
    round_ = coaching()
    watching = seat(round_, OBSERVER)
    round_ = round_.with_seat(watching, replace(watching, agreement=Agreement.OPEN))
    round_ = offered(round_)
    refused(CannotNow("not answered"), lambda: accept(round_, OBSERVER, at(5)))
    taken = accept(round_, OBSERVER, at(5), agreement=Agreement.NOTES)
    assert seat(taken, OBSERVER).agreement is Agreement.NOTES
    assert user_in(taken, Role.COACH) == OBSERVER


def test_a_person_who_left_is_asked_the_same_way_and_never_put_back():
    """S9: the person who left is only asked back."""
    round_ = leave(coaching(), FOURTH, at(4))
    round_ = offered(round_, Role.CLIENT, FOURTH, CLIENT)
    assert not round_.takes_part(FOURTH)
    assert user_in(round_, Role.CLIENT) == CLIENT
    taken = accept(round_, FOURTH, at(5))
    assert taken.takes_part(FOURTH)
    assert user_in(taken, Role.CLIENT) == FOURTH


@pytest.mark.parametrize("minute", [12.5, 14])
def test_without_coaching_left_the_clock_does_not_rest_for_a_seat(minute):
    round_ = offered(coaching(minute), minute=minute)
    assert round_.state is State.RUNNING
    taken = accept(round_, OBSERVER, at(minute))
    assert (taken.state, user_in(taken, Role.COACH)) == (State.RUNNING, OBSERVER)


def test_a_clock_that_was_paused_before_stays_so_after_the_answer():
    round_ = pause(coaching(), COACH, at(4))
    assert accept(offered(round_, minute=5), OBSERVER, at(6)).state is State.PAUSED
    assert refuse(offered(round_, minute=5), OBSERVER, at(6)).state is State.PAUSED


@pytest.mark.parametrize("needs", [pause, need_moment])
def test_a_pause_while_a_seat_is_offered_outlasts_the_answer(needs):
    round_ = needs(offered(coaching()), CLIENT, at(5))
    assert accept(round_, OBSERVER, at(6)).state is State.PAUSED


def test_an_offer_to_the_empty_seat_leaves_it_open_to_the_others():
    round_ = offered(without(COACH), Role.COACH, FOURTH, FACILITATOR, facilitates=True)
    assert round_.open_roles == (Role.COACH,)
    other = take_over(round_, OBSERVER, Role.COACH, at(6))
    assert (other.offer, user_in(other, Role.COACH)) == (None, OBSERVER)
    assert is_running(other, "coach")
    assert is_running(accept(round_, FOURTH, at(6)), "coach")
    assert refuse(round_, FOURTH, at(6)).asked is Ask.COACH_GONE


def test_when_the_one_who_has_the_seat_leaves_the_offer_stands_and_the_seat_is_open():
    round_ = leave(offered(coaching()), COACH, at(5))
    assert (round_.asked, round_.open_roles) == (Ask.COACH_GONE, (Role.COACH,))
    assert is_running(accept(round_, OBSERVER, at(6)), "coach")
    assert refuse(round_, OBSERVER, at(6)).state is State.PAUSED


def test_when_the_one_who_is_asked_leaves_the_clock_goes_on():
    round_ = leave(offered(coaching()), OBSERVER, at(5))
    assert (round_.offer, user_in(round_, Role.COACH)) == (None, COACH)
    assert is_running(round_, "coach")


def test_with_the_next_segment_an_offer_is_over():
    round_ = go_next(offered(coaching()), CLIENT, at(5))
    assert (round_.offer, round_.state) == (None, State.RUNNING)


def test_of_two_empty_seats_one_taken_by_offer_leaves_the_other_asked_for():
    round_ = offered(without(COACH, CLIENT), Role.CLIENT, FOURTH, FACILITATOR, facilitates=True)
    round_ = accept(round_, FOURTH, at(5))
    assert (round_.state, round_.asked) == (State.PAUSED, Ask.COACH_GONE)


def test_someone_who_coached_and_left_may_come_back_as_client():
    round_ = offered(without(COACH), Role.CLIENT, COACH, CLIENT)
    round_ = accept(round_, COACH, at(5))
    assert user_in(round_, Role.CLIENT) == COACH
    assert round_.coach is None
    assert (round_.state, round_.asked) == (State.PAUSED, Ask.COACH_GONE)
    assert is_running(take_over(round_, FOURTH, Role.COACH, at(6)), "coach")


def test_the_minutes_of_a_coach_who_gives_the_seat_up_stay_theirs():
    round_ = later(accept(offered(coaching(5), minute=5), OBSERVER, at(6)), at(10))
    assert round_.seat_coached_for(seat(round_, COACH), at(10)) == mins(3)
    assert round_.seat_coached_for(seat(round_, OBSERVER), at(10)) == mins(4)
    assert seat(round_, COACH).coached_until == at(6)


def test_who_gets_the_coachs_seat_before_any_coaching_has_taken_no_turn_from_anybody():
    round_ = accept(offered(coaching(1), minute=1), OBSERVER, at(1.5))
    assert not seat(round_, COACH).has_coached


@pytest.mark.parametrize(
    ("role", "to", "why"),
    [
        (Role.COACH, COACH, GroupFaulty("twice", (COACH,))),
        (Role.COACH, CLIENT, CannotNow("seat taken")),
        (Role.COACH, STRANGER, CannotNow("not of the round")),
        (Role.COACH, FIFTH, CannotNow("not for them")),
        (Role.COACH, FOURTH, CannotNow("not for them")),
        (Role.OBSERVER, FOURTH, CannotNow("observers are free")),
    ],
)
def test_a_seat_is_not_offered_to(role, to, why):
    """F2, F4: not to who only observes or is kept apart, in the same words; nor to strangers."""
    round_ = coaching(people=5)
    watching = seat(round_, FIFTH)
    round_ = round_.with_seat(watching, replace(watching, observes_only=True))
    apart = {pair_of(CLIENT, FOURTH)}
    refused(why, lambda: offered(round_, role, to, FACILITATOR, facilitates=True, apart=apart))


def test_one_seat_is_offered_to_one_person_at_a_time():
    round_ = offered(coaching())
    refused(CannotNow("offered already"), lambda: offered(round_, to=FOURTH))


def test_nothing_is_offered_in_a_round_that_is_over():
    ended = stop(coaching(), COACH, at(4))
    refused(AlreadyDone(Did.STOPPED), lambda: offered(ended))
    assert stop(offered(coaching()), COACH, at(5)).offer is None


# Kept apart, and only observing


def test_a_person_who_is_kept_apart_from_the_client_does_not_take_the_coachs_seat():
    """F4: refused in neutral words, by whichever way."""
    apart = {pair_of(CLIENT, FOURTH)}
    waiting = without(COACH)
    refused(
        CannotNow("not this seat"),
        lambda: take_over(waiting, FOURTH, Role.COACH, at(6), apart=apart),
    )
    open_ = offered(coaching(), to=FOURTH)
    refused(CannotNow("not this seat"), lambda: accept(open_, FOURTH, at(6), apart=apart))


def test_who_comes_back_observes_where_the_other_lead_is_someone_they_are_kept_apart_from():
    round_ = take_over(without(COACH, CLIENT, people=5), FOURTH, Role.CLIENT, at(5))
    back = come_back(round_, COACH, {pair_of(COACH, FOURTH)})
    assert seat(back, COACH).role is Role.OBSERVER
    assert back.asked is Ask.COACH_GONE
    assert user_in(come_back(round_, COACH), Role.COACH) == COACH


def test_a_person_who_only_observes_may_take_a_seat_by_their_own_press():
    round_ = without(COACH)
    watching = seat(round_, FOURTH)
    round_ = round_.with_seat(watching, replace(watching, observes_only=True))
    assert user_in(take_over(round_, FOURTH, Role.COACH, at(6)), Role.COACH) == FOURTH


# Who was client


@pytest.mark.parametrize("way", ["gave up", "left", "left and was replaced"])
def test_a_person_who_was_client_erases_the_round_also_afterwards(way):
    """S4, H7: the one who was client may erase, not the one who took the seat from them."""
    if way == "gave up":
        round_ = accept(offered(coaching(), Role.CLIENT, by=CLIENT), OBSERVER, at(5))
    else:
        round_ = without(CLIENT)
        if way != "left":
            round_ = take_over(round_, OBSERVER, Role.CLIENT, at(5))
    for one in (round_, stop(round_, COACH, at(6))):
        erased = erase(one, CLIENT, at(7))
        assert (erased.ending, erased.seats, erased.past) == (Ending.ERASED, (), ())
        for other in (COACH, FOURTH, STRANGER):
            refused(NotInRound("client"), lambda one=one, other=other: erase(one, other, at(7)))


def test_each_of_several_clients_may_erase():
    round_ = accept(offered(coaching(), Role.CLIENT, by=CLIENT), OBSERVER, at(5))
    for who in (CLIENT, OBSERVER):
        assert erase(round_, who, at(6)).ending is Ending.ERASED
