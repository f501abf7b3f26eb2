"""People who leave a round, come back, and come late."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.rounds.model.clock import advance
from bot.rounds.model.did import Did
from bot.rounds.model.moves import (
    extend,
    go_next,
    go_to_feedback,
    need_moment,
    pause,
    resume,
    stop,
)
from bot.rounds.model.people import (
    come_back,
    doubt,
    join,
    leave,
    still_here,
    take_up,
    voice_joined,
    voice_left,
)
from bot.rounds.model.refusals import AlreadyDone, CannotNow, NoRound, NotInRound
from bot.rounds.model.round import Agreement, Ask, Ending, Role, State
from bot.rounds.model.seats import take_over
from tests.rounds.model.steps import (
    CLIENT,
    COACH,
    COACHING,
    FOURTH,
    OBSERVER,
    STRANGER,
    at,
    begun,
    coaching,
    come_late,
    dids,
    hand_over,
    in_voice,
    is_running,
    later,
    mins,
    proposed,
    refused,
    restarted,
    seat,
    secs,
    told,
    user_in,
    without,
)

AFTER_40_PERCENT = 8
"""The minute in which 40 % of the coaching are left."""


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


# Said to have left


def test_one_who_is_said_to_have_left_is_asked_and_taken_for_gone_a_minute_later():
    """S11: nobody is declared gone by someone else of the round."""
    round_ = told(doubt(coaching(), OBSERVER, COACH, at(4)), at(4))
    assert round_.takes_part(OBSERVER)
    assert later(round_, at(4.99)).takes_part(OBSERVER)
    gone = later(round_, at(5))
    assert not gone.takes_part(OBSERVER)
    answered = still_here(round_, OBSERVER)
    assert dids(answered)[-1] == (Did.IS_HERE, OBSERVER, None)
    assert later(answered, at(6)).takes_part(OBSERVER)


def test_a_coach_who_does_not_answer_leaves_an_empty_seat_to_the_second():
    round_ = told(doubt(coaching(), COACH, CLIENT, at(4)), at(4))
    round_, _ = advance(round_, at(7))
    assert (round_.state, round_.asked, round_.paused_at) == (State.PAUSED, Ask.COACH_GONE, at(5))


def test_someone_is_asked_once_at_a_time():
    round_ = doubt(coaching(), OBSERVER, COACH, at(4))
    refused(AlreadyDone(Did.ASKED_IF_HERE), lambda: doubt(round_, OBSERVER, CLIENT, at(4.5)))
    assert still_here(coaching(), OBSERVER) == coaching()


def test_a_person_who_is_in_the_voice_channel_again_has_answered():
    round_ = voice_left(in_voice(coaching()), OBSERVER, at(4))
    round_ = voice_joined(doubt(round_, OBSERVER, COACH, at(4.1)), OBSERVER, at(4.2))
    assert later(round_, at(6)).takes_part(OBSERVER)


# Coming back


@pytest.mark.parametrize(("who", "role"), [(COACH, Role.COACH), (CLIENT, Role.CLIENT)])
def test_a_person_who_comes_back_has_their_role_if_nobody_has_taken_it(who, role):
    round_ = come_back(without(who), who)
    assert user_in(round_, role) == who
    assert (round_.state, round_.asked) == (State.PAUSED, None)
    assert dids(round_) == [(Did.CAME_BACK, who, None)]
    assert is_running(resume(round_, who, at(6)), "coach")


def test_a_person_who_comes_back_to_a_role_that_is_taken_observes():
    round_ = take_over(without(COACH), FOURTH, Role.COACH, at(5))
    round_ = come_back(round_, COACH)
    assert user_in(round_, Role.COACH) == FOURTH
    assert seat(round_, COACH).role is Role.OBSERVER


def test_a_person_who_comes_back_after_being_replaced_observes():
    round_ = leave(hand_over(coaching(), COACH, FOURTH, CLIENT, at(5)), COACH, at(5))
    round_ = come_back(round_, COACH)
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
    """Either may come back, and they may have left in any order."""
    for order in ((first, last), (last, first)):
        round_ = come_back(without(*order, people=5), first)
        assert (round_.state, round_.asked) == (State.PAUSED, ask)


def test_coaching_that_is_lengthened_asks_for_the_seat_that_became_empty_at_its_end():
    """Found by chance: the coach leaves when no coaching is left, and then there is some again."""
    landing = begun("coach 2, observers 2", people=4)
    landing = later(landing, at(2.5))
    assert landing.is_coaching
    left = pause(leave(landing, COACH, at(2.5)), CLIENT, at(2.5))
    assert (left.state, left.asked) == (State.PAUSED, None)
    assert extend(left, CLIENT, 2).asked is Ask.COACH_GONE


def test_nobody_comes_back_who_was_never_away():
    refused(CannotNow("in it already"), lambda: come_back(coaching(), COACH))
    refused(NotInRound("take part"), lambda: come_back(coaching(), STRANGER))


def test_nobody_comes_back_to_a_round_that_is_over():
    round_ = stop(without(OBSERVER), COACH, at(5))
    refused(NoRound(is_over=True), lambda: come_back(round_, OBSERVER))


# Coming late


def test_a_person_who_comes_late_observes():
    round_ = come_late(coaching(people=3), FOURTH)
    assert seat(round_, FOURTH).role is Role.OBSERVER
    assert seat(round_, FOURTH).agreement is Agreement.NO_NOTES
    assert is_running(round_, "coach")
    assert dids(round_) == [(Did.LET_IN, None, FOURTH)]


def test_a_full_round_takes_nobody():
    refused(CannotNow("full"), lambda: join(begun(COACHING, 3, most=3), FOURTH))


def test_a_place_that_was_left_is_free():
    round_ = leave(begun(COACHING, 3, most=3), OBSERVER, at(1))
    assert come_late(round_, FOURTH).takes_part(FOURTH)


# Voice


def test_a_person_who_was_not_in_the_voice_channel_does_not_leave_it():
    round_ = coaching()
    assert voice_left(round_, COACH, at(4)) is round_
    assert voice_left(round_, STRANGER, at(4)) is round_


def test_coming_to_the_voice_channel_is_not_spoken_of():
    round_ = voice_joined(coaching(), COACH, at(4))
    assert round_.actions == ()
    assert seat(round_, COACH).in_voice


def test_a_person_who_is_in_the_voice_channel_already_does_not_come():
    round_ = in_voice(coaching())
    assert voice_joined(round_, COACH, at(4)) is round_
    assert voice_joined(round_, STRANGER, at(4)) is round_


def test_leaving_the_voice_channel_twice_is_leaving_once():
    round_ = voice_left(in_voice(coaching()), COACH, at(4))
    assert voice_left(round_, COACH, at(4.2)) is round_


def test_a_person_who_leaves_the_voice_channel_before_the_beginning_is_not_away():
    round_ = voice_left(voice_joined(proposed(), COACH, at(1)), COACH, at(1))
    assert seat(round_, COACH) == seat(proposed(), COACH)
    assert round_.actions == ()


def test_one_who_was_gone_and_is_in_the_channel_again_is_asked_and_not_put_back():
    """S9: a seat is taken by one's own press."""
    round_ = later(voice_left(in_voice(coaching()), COACH, at(4)), at(9))
    assert round_.asked is Ask.COACH_GONE
    round_ = voice_joined(round_, COACH, at(9))
    assert user_in(round_, Role.COACH) is None
    assert round_.asked is Ask.COACH_GONE
    assert dids(round_)[-1] == (Did.IN_CHANNEL, COACH, None)
    assert voice_joined(round_, COACH, at(4)) is round_
    round_ = come_back(round_, COACH)
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
    assert (round_.state, round_.asked) == (State.PAUSED, Ask.AWAY)
    assert round_.ran == secs(24)
    assert later(round_, at(9.9)).asked is Ask.COACH_GONE


def test_a_moment_is_still_given_when_the_other_one_has_left():
    round_ = need_moment(without(COACH), CLIENT, at(5))
    assert round_ == without(COACH)


def test_next_from_a_waiting_round_is_a_way_on():
    assert is_running(go_next(without(CLIENT), COACH, at(5)), "self")


# Taken up again after the end


def test_a_round_that_was_taken_up_is_where_it_ended():
    """B1: with the coaching so far, and nobody put back into a seat."""
    ended = told(leave(later(begun(people=2), at(5)), CLIENT, at(5)), at(5))
    assert (ended.ending, ended.past) == (Ending.ALONE, (mins(2), mins(3)))
    round_ = take_up(restarted(ended), COACH, at(7))
    assert (round_.state, round_.asked) == (State.PAUSED, Ask.CLIENT_GONE)
    assert (round_.position, round_.past, round_.ran) == (1, (mins(2),), mins(3))
    assert user_in(round_, Role.CLIENT) is None
    assert round_.coached_for(at(7)) == mins(3)
    round_ = resume(come_back(round_, CLIENT), COACH, at(8))
    assert later(round_, at(60)).ending is Ending.COMPLETE
    assert seat(later(round_, at(60)), COACH).coached == mins(19)


def test_a_round_is_taken_up_within_five_minutes_by_its_people_and_only_from_want_of_people():
    """B1."""
    ended = leave(later(begun(people=2), at(5)), CLIENT, at(5))
    assert take_up(ended, CLIENT, at(9.9)).asked is None
    refused(CannotNow("too late to take up"), lambda: take_up(ended, CLIENT, at(10)))
    refused(NotInRound("take part"), lambda: take_up(ended, STRANGER, at(6)))
    stopped = stop(later(begun(people=2), at(5)), CLIENT, at(5))
    refused(CannotNow("too late to take up"), lambda: take_up(stopped, CLIENT, at(6)))
    evening = replace(ended, gathering_id=7)
    refused(CannotNow("too late to take up"), lambda: take_up(evening, CLIENT, at(6)))


def test_one_person_alone_starts_no_clock_and_is_not_kept_waiting_for_ever():
    """B1: it ends once more, five minutes after it was taken up."""
    ended = leave(later(begun(people=2), at(5)), CLIENT, at(5))
    round_ = take_up(ended, COACH, at(6))
    refused(CannotNow("alone"), lambda: resume(round_, COACH, at(7)))
    refused(CannotNow("alone"), lambda: go_next(round_, COACH, at(7)))
    refused(CannotNow("alone"), lambda: go_to_feedback(round_, COACH, at(7)))
    again = later(round_, at(11))
    assert (again.ending, again.ended_at) == (Ending.ALONE, at(11))
