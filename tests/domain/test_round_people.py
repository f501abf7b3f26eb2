"""People who leave a round, come back, take over and are replaced."""

from __future__ import annotations

import pytest

from bot.domain.errors import AlreadyDone, CannotNow, DojoError, GroupFaulty, NoRound, NotInRound
from bot.domain.round_moves import (
    come_back,
    go_next,
    go_to_feedback,
    hand_over,
    join,
    leave,
    need_moment,
    pause,
    resume,
    stop,
    take_over,
    voice_joined,
    voice_left,
)
from bot.domain.rounds import Agreement, Ask, Did, Ending, Role, State
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
    in_voice,
    is_running,
    later,
    mins,
    proposed,
    seat,
    secs,
    told,
    user_in,
)

COACHING = "agree 2, coach 10, self 1, client 2"
AFTER_40_PERCENT = 8
"""The minute in which 40 % of the coaching are left."""


def coaching(minute=4.0, people=4):
    return later(begun(COACHING, people), at(minute))


def without(*user_ids, minute=4.0, people=4):
    """A round those people have left at that minute."""
    round_ = coaching(minute, people)
    for user_id in user_ids:
        round_ = leave(round_, user_id, at(minute))
    return told(round_, at(minute))


def dids(round_):
    return [(one.did, one.user_id, one.about_user_id) for one in round_.actions]


def refused(why, move):
    with pytest.raises(DojoError) as caught:
        move()
    assert caught.value == why


# Leaving


@pytest.mark.parametrize(("who", "ask"), [(COACH, Ask.COACH_GONE), (CLIENT, Ask.CLIENT_GONE)])
@pytest.mark.parametrize("minute", [0, 1.9, 2, 7.99])
def test_without_coach_or_client_a_round_with_much_coaching_left_asks(who, ask, minute):
    round_ = leave(coaching(minute), who, at(minute))
    assert (round_.state, round_.asked, round_.paused_at) == (State.PAUSED, ask, at(minute))
    assert dids(round_) == [(Did.LEFT, who, who)]


@pytest.mark.parametrize("who", [COACH, CLIENT])
@pytest.mark.parametrize("minute", [AFTER_40_PERCENT, 11.9])
def test_without_coach_or_client_a_round_with_little_coaching_left_goes_to_feedback(who, minute):
    round_ = leave(coaching(minute), who, at(minute))
    assert is_running(round_, "self")
    assert (round_.asked, round_.began_at) == (None, at(minute))
    assert seat(round_, COACH).coached == mins(minute - 2)


def test_forty_percent_are_those_of_all_coaching():
    text = "coach 4, pause 1, coach 6, self 1"
    round_ = later(begun(text, 4), at(6))
    assert leave(round_, COACH, at(6)).asked is Ask.COACH_GONE
    round_ = later(begun(text, 4), at(7))
    assert is_running(leave(round_, COACH, at(7)), "self")


def test_a_format_without_debrief_is_over_when_its_coach_leaves_late():
    round_ = leave(later(begun("coach 10", 4), at(8)), COACH, at(8))
    assert (round_.state, round_.ending) == (State.ENDED, Ending.COMPLETE)
    assert round_.past == (mins(8),)


@pytest.mark.parametrize("who", [COACH, CLIENT])
@pytest.mark.parametrize("minute", [12, 12.9, 13.5])
def test_in_the_landing_and_the_debrief_nobody_is_missed(who, minute):
    before = coaching(minute)
    round_ = leave(before, who, at(minute))
    assert (round_.state, round_.position, round_.asked) == (State.RUNNING, before.position, None)


def test_a_paused_round_with_little_coaching_left_goes_to_feedback_as_well():
    round_ = pause(coaching(10), CLIENT, at(10))
    assert is_running(leave(round_, COACH, at(11)), "self")


def test_a_coach_who_leaves_during_a_long_pause_is_asked_for():
    round_ = later(pause(coaching(), COACH, at(4)), at(15))
    assert round_.asked is Ask.LONG_PAUSE
    assert leave(round_, COACH, at(16)).asked is Ask.COACH_GONE


def test_a_round_goes_on_without_an_observer():
    round_ = leave(coaching(), OBSERVER, at(4))
    assert is_running(round_, "coach")
    assert [one.user_id for one in round_.observers] == [FOURTH]


def test_a_round_goes_on_without_its_last_observer():
    round_ = leave(coaching(people=3), OBSERVER, at(4))
    assert is_running(round_, "coach")
    assert round_.observers == ()


@pytest.mark.parametrize("who", [COACH, CLIENT])
@pytest.mark.parametrize("minute", [1, 4, 12.5, 13.5])
def test_one_person_alone_is_no_round(who, minute):
    round_ = leave(coaching(minute, people=2), who, at(minute))
    assert (round_.state, round_.ending, round_.ended_at) == (
        State.ENDED,
        Ending.ALONE,
        at(minute),
    )
    assert dids(round_) == [(Did.LEFT, who, who)]


def test_a_waiting_round_ends_with_the_last_who_could_take_over():
    round_ = leave(without(COACH, people=3), OBSERVER, at(5))
    assert round_.ending is Ending.ALONE


def test_another_person_may_say_who_has_left():
    round_ = leave(coaching(), OBSERVER, at(4), said_by=FOURTH)
    assert dids(round_) == [(Did.LEFT, FOURTH, OBSERVER)]


def test_nobody_leaves_twice():
    refused(NotInRound("take part"), lambda: leave(without(OBSERVER), OBSERVER, at(5)))


def test_the_minutes_of_a_coach_who_left_stay_theirs():
    round_ = take_over(without(COACH), FOURTH, Role.COACH, at(6))
    round_ = later(round_, at(10))
    assert round_.seat_coached_for(seat(round_, COACH), at(10)) == mins(2)
    assert round_.seat_coached_for(seat(round_, FOURTH), at(10)) == mins(4)
    assert round_.coached_for(at(10)) == mins(6)


# Coming back


@pytest.mark.parametrize(("who", "role"), [(COACH, Role.COACH), (CLIENT, Role.CLIENT)])
def test_whoever_comes_back_has_their_role_if_nobody_has_taken_it(who, role):
    round_ = come_back(without(who), who)
    assert user_in(round_, role) == who
    assert (round_.state, round_.asked) == (State.PAUSED, None)
    assert dids(round_) == [(Did.CAME_BACK, who, None)]
    assert is_running(resume(round_, who, at(6)), "coach")


def test_whoever_comes_back_to_a_role_that_is_taken_observes():
    round_ = take_over(without(COACH), FOURTH, Role.COACH, at(5))
    round_ = come_back(round_, COACH)
    assert user_in(round_, Role.COACH) == FOURTH
    assert seat(round_, COACH).role is Role.OBSERVER


def test_whoever_comes_back_after_being_replaced_observes():
    round_ = come_back(hand_over(coaching(), COACH, FOURTH, CLIENT, at(5)), COACH)
    assert user_in(round_, Role.COACH) == FOURTH
    assert seat(round_, COACH).role is Role.OBSERVER


def test_an_observer_comes_back_as_observer():
    round_ = come_back(without(OBSERVER), OBSERVER)
    assert [one.user_id for one in round_.observers] == [OBSERVER, FOURTH]


@pytest.mark.parametrize("minute", [12.5, 13.5])
def test_nobody_is_asked_for_in_the_debrief_when_an_observer_comes_back(minute):
    round_ = come_back(without(COACH, OBSERVER, minute=minute), OBSERVER)
    assert (round_.state, round_.asked) == (State.RUNNING, None)


def test_joining_again_is_coming_back():
    round_ = join(without(COACH), COACH)
    assert user_in(round_, Role.COACH) == COACH
    assert dids(round_) == [(Did.CAME_BACK, COACH, None)]


@pytest.mark.parametrize(
    ("first", "last", "ask"),
    [(CLIENT, COACH, Ask.COACH_GONE), (COACH, CLIENT, Ask.CLIENT_GONE)],
)
def test_of_two_who_left_the_other_one_is_still_asked_for(first, last, ask):
    """Whoever comes back, and in whatever order they left."""
    for order in ((first, last), (last, first)):
        round_ = come_back(without(*order, people=5), first)
        assert (round_.state, round_.asked) == (State.PAUSED, ask)


def test_nobody_comes_back_who_was_never_away():
    refused(CannotNow("in it already"), lambda: come_back(coaching(), COACH))
    refused(NotInRound("take part"), lambda: come_back(coaching(), STRANGER))


def test_nobody_comes_back_to_a_round_that_is_over():
    round_ = stop(without(OBSERVER), COACH, at(5))
    refused(NoRound(is_over=True), lambda: come_back(round_, OBSERVER))


# Coming late


def test_whoever_comes_late_observes():
    round_ = join(coaching(people=3), FOURTH)
    assert seat(round_, FOURTH).role is Role.OBSERVER
    assert seat(round_, FOURTH).agreement is Agreement.OPEN
    assert is_running(round_, "coach")
    assert dids(round_) == [(Did.JOINED, FOURTH, None)]


def test_a_full_round_takes_nobody():
    refused(CannotNow("full"), lambda: join(begun(COACHING, 3, most=3), FOURTH))


def test_a_place_that_was_left_is_free():
    round_ = leave(begun(COACHING, 3, most=3), OBSERVER, at(1))
    assert join(round_, FOURTH).takes_part(FOURTH)


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


# Voice


def test_whoever_was_not_in_the_voice_channel_does_not_leave_it():
    round_ = coaching()
    assert voice_left(round_, COACH, at(4)) is round_
    assert voice_left(round_, STRANGER, at(4)) is round_


def test_coming_to_the_voice_channel_is_not_spoken_of():
    round_ = voice_joined(coaching(), COACH)
    assert round_.actions == ()
    assert seat(round_, COACH).in_voice


def test_whoever_is_in_the_voice_channel_already_does_not_come():
    round_ = in_voice(coaching())
    assert voice_joined(round_, COACH) is round_
    assert voice_joined(round_, STRANGER) is round_


def test_leaving_the_voice_channel_twice_is_leaving_once():
    round_ = voice_left(in_voice(coaching()), COACH, at(4))
    assert voice_left(round_, COACH, at(4.2)) is round_


def test_whoever_leaves_the_voice_channel_before_the_beginning_is_not_away():
    round_ = voice_left(voice_joined(proposed(), COACH), COACH, at(1))
    assert seat(round_, COACH) == seat(proposed(), COACH)
    assert round_.actions == ()


def test_whoever_was_gone_comes_back_by_the_voice_channel():
    round_ = later(voice_left(in_voice(coaching()), COACH, at(4)), at(5))
    assert round_.asked is Ask.COACH_GONE
    round_ = voice_joined(round_, COACH)
    assert user_in(round_, Role.COACH) == COACH
    assert round_.asked is None
    assert seat(round_, COACH).in_voice


def test_leaving_the_round_is_not_waiting_for_a_return():
    round_ = leave(voice_left(in_voice(coaching()), OBSERVER, at(4)), OBSERVER, at(4.1))
    assert [action.did for action in later(round_, at(5)).actions] == []
    assert seat(round_, OBSERVER).away_since is None


def test_an_observer_who_is_away_may_be_the_next_coach_and_be_missed():
    round_ = later(begun("coach 5, swap 1, coach 5, self 1", 4), at(4.9))
    round_ = voice_left(in_voice(round_), OBSERVER, at(4.9))
    round_ = later(round_, at(6))
    assert (round_.state, round_.asked) == (State.PAUSED, Ask.COACH_GONE)
    assert round_.ran == secs(24)


def test_a_moment_is_still_given_when_the_other_one_has_left():
    round_ = need_moment(without(COACH), CLIENT, at(5))
    assert round_ == without(COACH)


def test_next_from_a_waiting_round_is_a_way_on():
    assert is_running(go_next(without(CLIENT), COACH, at(5)), "self")
