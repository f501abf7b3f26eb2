"""How a round moves on by the clock alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.content.model.formats import SegmentKind
from bot.kit.time.clock import full_minute
from bot.rounds.model.clock import advance, due_at, end
from bot.rounds.model.did import Did
from bot.rounds.model.moves import need_moment, pause, resume
from bot.rounds.model.people import come_back, leave, voice_joined, voice_left
from bot.rounds.model.refusals import CannotNow
from bot.rounds.model.round import Ask, Ending, Role, State
from bot.rounds.model.seats import take_over
from tests.rounds.model.steps import (
    CLIENT,
    COACH,
    FOURTH,
    NOW,
    OBSERVER,
    RELAY,
    at,
    begun,
    by_clock,
    dids,
    in_voice,
    is_running,
    later,
    mins,
    proposed,
    refused,
    seat,
    secs,
    told,
    user_in,
)


def test_every_segment_comes_in_its_turn_and_when_it_is_due():
    began = [
        (now, round_.kind)
        for now, round_, news in by_clock(begun(), at(60))
        if news is not None and news.is_card
    ]
    assert began == [
        (at(2), SegmentKind.COACH),
        (at(21), SegmentKind.WRITE),
        (at(22), SegmentKind.SELF),
        (at(24), SegmentKind.CLIENT),
        (at(26), SegmentKind.OBSERVERS),
        (at(30), SegmentKind.NEXT),
        (at(31), None),
    ]


def test_a_round_is_complete_after_its_last_segment():
    round_ = later(begun(), at(31))
    assert (round_.state, round_.ending, round_.ended_at) == (State.ENDED, Ending.COMPLETE, at(31))
    assert round_.past == tuple(mins(m) for m in (2, 19, 1, 2, 2, 4, 1))


def test_nothing_happens_before_it_is_due():
    round_ = begun()
    moved, news = advance(round_, at(2) - secs(0.001))
    assert moved is round_
    assert news is None


def test_advancing_again_changes_nothing():
    once, _ = advance(begun(), at(22.5))
    assert advance(once, at(22.5))[0] is once


def test_an_ended_round_has_nothing_to_do():
    ended = end(begun(), Ending.ROOM_GONE, at(3))
    assert advance(ended, at(999))[0] is ended
    assert due_at(ended, at(3)) is None


def test_what_comes_next_is_known():
    round_ = begun()
    assert due_at(round_, NOW) == at(2)
    round_ = later(round_, at(2))
    assert [due_at(round_, at(m)) for m in (2, 11, 15, 18, 20)] == [
        at(11),
        at(15),
        at(18),
        at(20),
        at(21),
    ]


def test_a_running_clock_does_not_drift():
    """What is noticed late by a little still begins when it was due."""
    round_ = begun()
    for minute in (2, 21, 22, 24, 26, 30):
        round_ = told(round_, at(minute) + secs(3))
        assert round_.began_at == at(minute)


def test_the_place_in_a_late_round_is_that_of_the_clock():
    round_, _ = advance(begun(), at(25))
    assert is_running(round_, "client")
    assert round_.left(at(25)) == mins(1)
    assert round_.past == tuple(mins(m) for m in (2, 19, 1, 2))


# Proposals


def test_a_proposal_lapses_after_an_hour():
    round_ = told(proposed(), NOW)
    assert due_at(round_, NOW) == at(60)
    assert advance(round_, at(59.9))[0].is_open
    lapsed, news = advance(round_, at(60))
    assert (lapsed.ending, lapsed.ended_at) == (Ending.LAPSED, at(60))
    assert news is not None
    assert news.is_card


# Pauses


def test_a_paused_round_stays_where_it_is():
    round_ = pause(later(begun(), at(5)), COACH, at(5))
    assert advance(round_, at(14.9))[0] == round_


def test_a_long_pause_is_asked_about_once():
    round_ = pause(later(begun(), at(5)), COACH, at(5))
    assert due_at(round_, at(5)) == at(15)
    round_ = told(round_, at(15))
    assert round_.asked is Ask.LONG_PAUSE
    assert round_.state is State.PAUSED
    assert due_at(round_, at(15)) == at(75)
    assert advance(round_, at(74)) == (round_, None)


def test_a_forgotten_pause_ends_the_round():
    round_ = pause(later(begun(), at(5)), COACH, at(5))
    round_ = later(round_, at(75))
    assert (round_.ending, round_.ended_at) == (Ending.INTERRUPTED, at(75))
    assert round_.past == (mins(2), mins(3))


def test_a_pause_for_a_moment_is_asked_about_as_well():
    round_ = need_moment(later(begun(), at(5)), CLIENT, at(5))
    assert later(round_, at(15)).asked is Ask.LONG_PAUSE


def test_another_pause_is_given_its_own_ten_minutes():
    round_ = pause(later(begun(), at(5)), COACH, at(5))
    round_ = resume(later(round_, at(16)), COACH, at(16))
    assert round_.asked is None
    round_ = pause(round_, COACH, at(17))
    assert due_at(round_, at(17)) == at(27)


def test_a_pause_after_a_late_start_is_asked_about_as_well():
    round_ = told(begun("agree 2, coach 10, self 1"), at(7))
    assert round_.asked is Ask.LATE
    round_ = pause(round_, COACH, at(8))
    assert later(round_, at(18)).asked is Ask.LONG_PAUSE


def test_a_round_that_waits_for_a_coach_does_not_ask_about_its_pause():
    round_ = leave(later(begun(people=4), at(5)), COACH, at(5))
    assert later(round_, at(30)).asked is Ask.COACH_GONE
    assert later(round_, at(75)).ending is Ending.INTERRUPTED


def test_a_round_whose_coach_came_back_asks_about_its_long_pause():
    round_ = leave(later(begun(people=4), at(5)), COACH, at(5))
    round_ = come_back(later(round_, at(30)), COACH)
    assert told(round_, at(30)).asked is Ask.LONG_PAUSE


# Voice


def test_the_clock_rests_for_a_coach_or_client_who_lost_the_connection():
    """B1: half a minute later it stops, and their seat is kept for five minutes."""
    for who in (COACH, CLIENT):
        round_ = voice_left(in_voice(later(begun(people=4), at(5))), who, at(5))
        assert round_.state is State.RUNNING
        assert [action.did for action in round_.actions] == [Did.AWAY]
        assert due_at(round_, at(5)) == at(5.5)
        resting, news = advance(told(round_, at(5)), at(5.5))
        assert (resting.state, resting.asked, resting.ran) == (State.PAUSED, Ask.AWAY, mins(3.5))
        assert resting.takes_part(who)
        assert news is not None
        assert news.is_card
        assert later(resting, at(9.9)).takes_part(who)


def test_a_coach_who_does_not_come_back_in_five_minutes_leaves_an_empty_seat():
    """B1: then the others are asked, as they were half a minute after the drop before."""
    round_ = later(voice_left(in_voice(later(begun(people=4), at(5))), COACH, at(5)), at(9.9))
    gone, news = advance(round_, at(10))
    assert not gone.takes_part(COACH)
    assert (gone.asked, gone.state) == (Ask.COACH_GONE, State.PAUSED)
    assert news is not None
    assert [(action.did, action.user_id) for action in news.actions] == [(Did.GONE, COACH)]


def test_a_person_who_comes_back_to_the_voice_channel_at_once_has_not_left():
    round_ = voice_left(in_voice(later(begun(), at(5))), COACH, at(5))
    round_ = voice_joined(later(round_, at(5.4)), COACH, at(5.4))
    assert [action.did for action in round_.actions] == [Did.CAME_BACK]
    assert later(round_, at(12)).takes_part(COACH)


def test_a_clock_that_rests_for_a_connection_goes_on_when_it_is_back():
    """B1: where it stopped."""
    round_ = later(voice_left(in_voice(later(begun(), at(5))), COACH, at(5)), at(8))
    round_ = voice_joined(round_, COACH, at(8))
    assert [action.did for action in round_.actions] == [Did.CAME_BACK, Did.GOES_ON]
    assert (round_.state, round_.asked, round_.left(at(8))) == (State.RUNNING, None, mins(14.5))


def test_a_clock_goes_on_only_when_all_who_are_waited_for_are_back():
    """B1: coach and client dropped."""
    round_ = in_voice(later(begun(), at(5)))
    for user_id in (COACH, CLIENT):
        round_ = voice_left(round_, user_id, at(5))
    round_ = voice_joined(later(round_, at(7)), COACH, at(7))
    assert (round_.state, round_.asked) == (State.PAUSED, Ask.AWAY)
    assert voice_joined(round_, CLIENT, at(7.5)).state is State.RUNNING


def test_people_who_start_the_clock_again_go_on_without_who_is_away():
    """B1: their seat is kept all the same."""
    round_ = later(voice_left(in_voice(later(begun(), at(5))), COACH, at(5)), at(6))
    round_ = later(resume(round_, CLIENT, at(6)), at(9.9))
    assert (round_.state, round_.takes_part(COACH)) == (State.RUNNING, True)
    assert later(round_, at(10)).asked is Ask.COACH_GONE


def test_a_clock_that_people_stopped_does_not_go_on_by_a_connection():
    """B1: who needs a moment while it rests, has it."""
    round_ = later(voice_left(in_voice(later(begun(), at(5))), COACH, at(5)), at(6))
    round_ = need_moment(round_, CLIENT, at(6))
    assert dids(round_) == [(Did.NEEDS_MOMENT, None, None)]
    back = voice_joined(round_, COACH, at(7))
    assert (back.state, back.asked) == (State.PAUSED, None)


def test_a_clock_goes_on_when_who_is_waited_for_leaves_by_a_press():
    """B1: nobody is waited for who will not come."""
    round_ = later(voice_left(in_voice(later(begun(), at(16))), COACH, at(16)), at(17))
    assert round_.asked is Ask.AWAY
    left = leave(round_, COACH, at(17))
    assert (left.state, left.kind) == (State.RUNNING, SegmentKind.WRITE)


def test_an_observer_who_lost_the_connection_stops_nothing():
    """B1: their seat is kept for five minutes as well."""
    round_ = later(voice_left(in_voice(later(begun(people=4), at(5))), OBSERVER, at(5)), at(9.9))
    assert (round_.state, round_.takes_part(OBSERVER)) == (State.RUNNING, True)
    round_ = later(round_, at(10))
    assert (round_.state, round_.takes_part(OBSERVER)) == (State.RUNNING, False)


def test_a_debrief_goes_on_without_a_connection_but_not_with_one_person_alone():
    """B1: nobody is missed there, as long as two are left."""
    round_ = voice_left(in_voice(later(begun(), at(22))), COACH, at(22))
    assert later(round_, at(23)).state is State.RUNNING
    alone = later(voice_left(round_, OBSERVER, at(22.2)), at(22.7))
    assert (alone.state, alone.asked, alone.ran) == (State.PAUSED, Ask.AWAY, secs(42))
    assert later(alone, at(27)).takes_part(CLIENT)
    assert voice_joined(alone, OBSERVER, at(25)).state is State.RUNNING


def test_a_round_whose_connections_all_stay_away_ends():
    """B1: after five minutes, not after half of one."""
    round_ = in_voice(later(begun(), at(5)))
    for user_id in (CLIENT, OBSERVER):
        round_ = voice_left(round_, user_id, at(5))
    assert later(round_, at(9.9)).is_open
    ended = later(round_, at(10))
    assert (ended.ending, ended.ended_at) == (Ending.ALONE, at(10))


def test_the_wait_counts_again_after_coming_back():
    round_ = voice_left(in_voice(later(begun(), at(5))), COACH, at(5))
    round_ = voice_joined(round_, COACH, at(5.2))
    round_ = voice_left(round_, COACH, at(5.3))
    assert later(round_, at(5.7)).state is State.RUNNING
    assert later(round_, at(5.8)).state is State.PAUSED
    assert later(round_, at(10.2)).takes_part(COACH)
    assert not later(round_, at(10.3)).takes_part(COACH)


def test_two_who_leave_the_voice_channel_are_gone_each_at_their_time():
    round_ = in_voice(later(begun(people=5), at(5)))
    round_ = voice_left(round_, OBSERVER, at(5))
    round_ = voice_left(round_, FOURTH, at(5.25))
    assert [one.user_id for one in later(round_, at(10.1)).observers] == [FOURTH, 15]
    assert [one.user_id for one in later(round_, at(10.3)).observers] == [15]


def test_two_who_leave_the_voice_channel_together_are_gone_together():
    round_ = in_voice(later(begun(people=5), at(5)))
    for user_id in (COACH, OBSERVER):
        round_ = voice_left(round_, user_id, at(5))
    round_, _ = advance(round_, at(10))
    assert [one.user_id for one in round_.here] == [CLIENT, FOURTH, 15]
    assert round_.asked is Ask.COACH_GONE


def test_a_person_who_is_away_at_a_boundary_is_gone_in_the_next_segment():
    round_ = voice_left(in_voice(later(begun(), at(1.8))), COACH, at(1.8))
    round_ = later(round_, at(3))
    assert (round_.state, round_.position, round_.ran) == (State.PAUSED, 1, secs(18))


def test_the_wait_counts_in_a_pause_as_well():
    round_ = pause(in_voice(later(begun(people=4), at(5))), COACH, at(5))
    round_ = later(voice_left(round_, CLIENT, at(6)), at(11))
    assert round_.asked is Ask.CLIENT_GONE
    assert round_.paused_at == at(5)


def test_a_round_that_has_ended_waits_for_nobody():
    round_ = voice_left(in_voice(begun("coach 1")), COACH, at(1.9))
    ended = later(round_, at(10))
    assert (ended.ending, ended.ended_at) == (Ending.COMPLETE, at(2))
    assert not any(one.in_voice or one.away_since for one in ended.seats)


# Change of coach


def test_a_change_of_coach_takes_the_next_who_has_not_coached():
    coaches = []
    for _, round_, news in by_clock(begun(RELAY, 5), at(60)):
        if news is not None and news.is_card and round_.is_open:
            coaches.append(user_in(round_, Role.COACH))
    assert coaches == [COACH, OBSERVER, OBSERVER, FOURTH, FOURTH, FOURTH, FOURTH, FOURTH]


def test_a_coach_who_stands_down_coached_until_the_swap_began():
    """Whether the seat is taken early or late: the coaching was over when the change began."""
    for when in (at(8), at(8.7)):
        swapped, _ = advance(begun(RELAY, 5), when)
        round_ = take_over(swapped, OBSERVER, Role.COACH, when)
        assert is_running(round_, "swap")
        assert (seat(round_, COACH).coached_until, round_.began_at) == (at(8), at(8))
        assert [one.coached_until for one in round_.seats if one.user_id != COACH] == [None] * 4
    round_ = later(begun(RELAY, 5), at(14.5))
    assert [seat(round_, who).coached_until for who in (COACH, OBSERVER)] == [at(8), at(14)]


def test_a_person_who_coached_before_observes_after_the_change():
    round_ = later(begun(RELAY, 5), at(9))
    assert seat(round_, COACH).role is Role.OBSERVER
    assert seat(round_, COACH).has_coached


def test_a_change_without_anybody_new_leaves_the_coach():
    round_ = later(begun("coach 5, swap 1, coach 5, swap 1, coach 5", 3), at(13))
    assert user_in(round_, Role.COACH) == OBSERVER


def test_in_a_change_of_coach_nobody_gets_the_seat_without_taking_it():
    """S3 of the issue, F2: the clock names nobody; who was coach keeps the seat until then."""
    round_ = later(begun(RELAY, 5), at(8.5), swaps=False)
    assert is_running(round_, "swap")
    assert round_.awaits_next_coach
    assert user_in(round_, Role.COACH) == COACH
    assert round_.next_in_line == seat(round_, OBSERVER)


def test_when_nobody_takes_the_seat_in_the_change_the_clock_rests_and_asks():
    round_ = later(begun(RELAY, 5), at(9.5), swaps=False)
    assert (round_.kind, round_.state) == (SegmentKind.COACH, State.PAUSED)
    assert (round_.asked, round_.paused_at, round_.ran) == (Ask.COACH_GONE, at(9), mins(0))
    assert user_in(round_, Role.COACH) is None
    assert seat(round_, COACH).coached == mins(5)
    # Everybody may take it now, also who has coached before.
    round_ = take_over(round_, COACH, Role.COACH, at(10))
    assert is_running(round_, "coach")
    assert round_.left(at(10)) == mins(5)


def test_a_person_who_has_coached_lets_the_others_be_first_in_the_change():
    round_ = later(begun(RELAY, 5), at(14.2), swaps=False)
    assert round_.state is State.PAUSED
    round_ = later(begun(RELAY, 5), at(14.2))
    assert user_in(round_, Role.COACH) == FOURTH
    swapped, _ = advance(later(begun(RELAY, 5), at(13.9)), at(14.2))
    refused(CannotNow("coached already"), lambda: take_over(swapped, COACH, Role.COACH, at(14.2)))


def test_a_person_who_only_observes_is_not_the_next_in_line():
    """F2: "Only observe" is kept in a relay; the seat is theirs by their own press alone."""
    round_ = begun(RELAY, 5)
    for who in (OBSERVER, FOURTH):
        watching = seat(round_, who)
        round_ = round_.with_seat(watching, replace(watching, observes_only=True))
    in_swap = later(round_, at(8.5), swaps=False)
    assert in_swap.next_in_line == seat(in_swap, 15)
    watching = seat(round_, 15)
    round_ = round_.with_seat(watching, replace(watching, observes_only=True))
    after = later(round_, at(9.5), swaps=False)
    assert is_running(after, "coach")
    assert user_in(after, Role.COACH) == COACH
    pressed = take_over(later(round_, at(8.5), swaps=False), FOURTH, Role.COACH, at(8.6))
    assert user_in(pressed, Role.COACH) == FOURTH


def test_a_pair_has_no_change_of_coach():
    round_ = later(begun("coach 5, swap 1, coach 5", 2), at(7))
    assert user_in(round_, Role.COACH) == COACH
    assert round_.coached_for(at(7)) == mins(6)


def test_an_observer_who_has_left_is_passed_over_at_a_change():
    round_ = leave(later(begun(RELAY, 5), at(4)), OBSERVER, at(4))
    assert user_in(later(round_, at(9)), Role.COACH) == FOURTH


def test_a_person_who_took_over_is_not_the_next_coach_once_more():
    round_ = leave(later(begun(RELAY, 5), at(4)), COACH, at(4))
    round_ = take_over(round_, FOURTH, Role.COACH, at(5))
    assert user_in(later(round_, at(11)), Role.COACH) == OBSERVER


def test_a_round_is_over_by_the_next_full_minute():
    """7: an end at 2:19:54 is no end by 2:19."""
    minute = NOW.replace(second=0, microsecond=0)
    late = [full_minute(minute + timedelta(seconds=one)) for one in (0.001, 1, 54, 59.999, 60)]
    assert full_minute(minute) == minute
    assert late == [minute + timedelta(minutes=1)] * 5
