"""What the room of a round has to be told: everything at least once, and never in a burst."""

from __future__ import annotations

import pytest

from bot.rounds.model.clock import advance, news_of, with_told
from bot.rounds.model.did import Did
from bot.rounds.model.moves import agree, begin, extend, go_next, pause, resume, stop
from bot.rounds.model.people import come_back, forget, leave
from bot.rounds.model.round import Agreement, Ask, Cue, Told
from tests.rounds.model.steps import (
    COACH,
    FOURTH,
    NOW,
    OBSERVER,
    TRIAD,
    agreed,
    at,
    begun,
    by_clock,
    come_late,
    later,
    mins,
    proposed,
    secs,
    told,
)

SHORT = "agree 2, coach 10, self 1, client 2"


def news_at(round_, now):
    moved, news = advance(round_, now)
    assert news is not None
    return moved, news


def cues_told(round_, until, *, start=None):
    return [
        (now - NOW, news.cue)
        for now, _, news in by_clock(round_, until, start=start)
        if news is not None and news.cue
    ]


def test_a_proposal_is_news():
    _, news = news_at(proposed(), NOW)
    assert news.is_card
    assert (news.late, news.missed, news.actions) == (mins(0), 0, ())


def test_the_beginning_is_news():
    _, news = news_at(begin(told(agreed(proposed()), NOW), at(3)), at(3))
    assert news.is_card
    assert (news.late, news.missed) == (mins(0), 0)


def test_what_was_told_is_no_news():
    assert advance(begun(), at(1))[1] is None


def test_what_was_not_told_is_news_again_and_again():
    round_, news = news_at(later(begun(SHORT), at(1)), at(2))
    for seconds in (1, 5, 14):
        assert advance(round_, at(2) + secs(seconds))[1] == news


def test_the_cues_of_a_segment_come_once_each_and_in_time():
    assert cues_told(begun(TRIAD), at(60)) == [
        (mins(11), Cue.HALF),
        (mins(15), Cue.FIVE_LEFT),
        (mins(18), Cue.TWO_LEFT),
        (mins(20), Cue.TIME_UP),
        (mins(28), Cue.TWO_LEFT),
    ]


@pytest.mark.parametrize("seconds", [0, 5, 14.9])
def test_a_cue_that_is_a_few_seconds_late_is_told(seconds):
    round_ = later(begun(SHORT), at(5))
    assert news_at(round_, at(7) + secs(seconds))[1].cue is Cue.HALF


@pytest.mark.parametrize("seconds", [15, 60, 170])
def test_a_stale_cue_is_never_told(seconds):
    round_, news = advance(later(begun(SHORT), at(5)), at(7) + secs(seconds))
    assert news is None
    assert cues_told(round_, at(9.9)) == []
    assert round_.told.cue is Cue.HALF


def test_of_two_cues_that_were_missed_only_the_fresh_one_is_told():
    assert news_at(later(begun(TRIAD), at(5)), at(15.1))[1].cue is Cue.FIVE_LEFT


def test_the_end_of_the_coaching_is_told_as_long_as_it_lands():
    assert news_at(later(begun(SHORT), at(9)), at(12.9))[1].cue is Cue.TIME_UP


def test_a_new_segment_takes_the_place_of_all_cues_of_the_last_one():
    round_, news = news_at(later(begun(SHORT), at(5)), at(13))
    assert news.is_card
    assert not news.cue
    round_ = with_told(round_, news)
    assert advance(round_, at(13.5))[1] is None


def test_the_card_of_a_late_segment_stands_for_the_cues_that_have_passed():
    round_, news = news_at(begun(TRIAD), at(15.1))
    assert (news.is_card, news.cue) == (True, Cue.NONE)
    assert advance(with_told(round_, news), at(15.2))[1] is None


def test_a_cue_of_a_segment_that_stands_still_waits():
    round_ = pause(later(begun(SHORT), at(6.9)), COACH, at(6.9))
    assert not news_at(round_, at(7.1))[1].cue
    round_ = resume(told(round_, at(7.1)), COACH, at(8))
    assert cues_told(round_, at(9), start=at(8)) == [(mins(8.1), Cue.HALF)]


# Lateness


def test_less_than_a_quarter_of_a_minute_late_is_not_spoken_of():
    _, news = news_at(later(begun(SHORT), at(1)), at(2) + secs(14.9))
    assert (news.late, news.missed) == (mins(0), 0)


def test_a_boundary_that_was_missed_is_one_card_that_says_how_late_it_is():
    moved, news = news_at(later(begun(SHORT), at(1)), at(2) + secs(40))
    assert (news.is_card, news.late, news.missed) == (True, secs(40), 0)
    assert advance(with_told(moved, news), at(2) + secs(41))[1] is None


def test_segments_that_came_and_went_are_counted():
    _, news = news_at(later(begun(TRIAD), at(1)), at(24.5))
    assert (news.is_card, news.late, news.missed) == (True, secs(30), 3)


def test_the_first_part_counts_as_well_where_only_the_proposal_was_told():
    _, news = news_at(begin(told(agreed(proposed()), NOW), NOW), at(24.5))
    assert (news.is_card, news.missed) == (True, 4)
    _, news = news_at(begin(agreed(proposed()), NOW), at(24.5))
    assert (news.is_card, news.missed) == (True, 0)


def test_the_end_names_the_parts_whose_cards_could_not_be_posted():
    """W7: the clock went on in time, but nothing reached the room; also where someone ended it."""
    unheard = later(begun(TRIAD), at(20))
    for minute in (21, 23, 25, 29):
        unheard, _ = advance(unheard, at(minute))
    assert unheard.is_open
    stopped, news = news_at(stop(unheard, COACH, at(29.2)), at(29.2))
    assert (news.is_card, news.missed) == (True, 4)
    assert advance(with_told(stopped, news), at(29.2))[1] is None
    _, news = news_at(unheard, at(30))
    assert (news.is_card, news.late, news.missed) == (True, mins(0), 4)


def test_parts_that_someone_passed_over_before_the_end_are_not_missed():
    """W7: Next, Next and End within a few seconds are no outage."""
    round_ = later(begun(TRIAD), at(20.5))
    for second in (0, 2):
        round_ = go_next(round_, COACH, at(20.5) + secs(second))
    _, news = news_at(stop(round_, COACH, at(20.5) + secs(4)), at(20.5) + secs(4))
    assert (news.is_card, news.missed) == (True, 0)


def test_the_end_says_how_long_ago_it_was():
    _, news = news_at(later(begun(SHORT), at(15)), at(17))
    assert (news.is_card, news.late, news.missed) == (True, mins(1), 0)


def test_a_late_start_asks_in_its_card():
    round_, news = news_at(begun(SHORT), at(7))
    assert round_.asked is Ask.LATE
    assert (news.is_card, news.late) == (True, mins(5))
    assert advance(with_told(round_, news), at(7.1))[1] is None


def test_a_question_in_the_middle_of_a_segment_is_a_card_that_is_not_late():
    round_ = told(pause(later(begun(SHORT), at(4)), COACH, at(4)), at(4))
    _, news = news_at(round_, at(14))
    assert (news.is_card, news.late, news.missed) == (True, mins(0), 0)


def test_a_card_may_be_asked_for_again_and_is_not_late():
    round_ = later(begun(SHORT), at(6))
    news = news_of(round_, at(6), repost=True)
    assert news is not None
    assert (news.is_card, news.late, news.missed) == (True, mins(0), 0)


# Actions


def test_what_people_did_is_told_in_one_piece():
    round_ = later(begun(SHORT), at(4))
    round_ = pause(round_, COACH, at(4))
    round_ = resume(round_, OBSERVER, at(4.1))
    round_ = extend(round_, COACH, 2)
    moved, news = news_at(round_, at(4.1))
    assert [(one.did, one.user_id) for one in news.actions] == [
        (Did.PAUSED, COACH),
        (Did.RESUMED, OBSERVER),
        (Did.EXTENDED, COACH),
    ]
    assert not news.is_card
    known = with_told(moved, news)
    assert known.actions == ()
    assert advance(known, at(4.2))[1] is None


def test_what_was_done_before_a_boundary_is_told_with_its_card():
    round_ = come_late(later(begun(SHORT), at(1.9)), FOURTH)
    _, news = news_at(round_, at(2))
    assert news.is_card
    assert [one.did for one in news.actions] == [Did.LET_IN]


def test_what_is_done_while_the_room_is_being_told_is_news_afterwards():
    round_, news = news_at(come_late(later(begun(SHORT), at(4)), FOURTH), at(4))
    round_ = with_told(leave(round_, OBSERVER, at(4.1)), news)
    assert [one.did for one in news_at(round_, at(4.1))[1].actions] == [Did.LEFT]


def test_a_segment_that_begins_while_the_room_is_being_told_is_news_afterwards():
    round_, news = news_at(later(begun(SHORT), at(11)), at(12))
    assert news.cue is Cue.TIME_UP
    round_ = with_told(go_next(round_, COACH, at(12.1)), news)
    moved, news = news_at(round_, at(12.1))
    assert (news.is_card, news.late, news.missed) == (True, mins(0), 0)
    assert advance(with_told(moved, news), at(12.1))[1] is None


def test_what_changes_the_card_without_a_word_is_news_without_actions():
    round_ = agree(told(proposed(), NOW), COACH, Agreement.NOTES, at(1))
    _, news = news_at(round_, at(1))
    assert (news.is_card, news.cue, news.actions) == (False, Cue.NONE, ())


def test_news_that_were_told_twice_are_told():
    round_, news = news_at(later(begun(SHORT), at(1)), at(2))
    once = with_told(round_, news)
    assert with_told(once, news) == once


@pytest.mark.parametrize("move", [go_next, stop])
def test_old_news_do_not_take_back_what_is_known(move):
    round_, old = news_at(later(begun(SHORT), at(1)), at(2))
    moved, news = news_at(move(round_, COACH, at(3)), at(3))
    known = with_told(moved, news)
    assert with_told(known, old) == known


def test_nobody_who_was_forgotten_is_named_in_news():
    round_ = leave(later(begun(SHORT, 4), at(4)), FOURTH, at(4))
    _, news = news_at(forget(round_, FOURTH), at(4))
    assert [(one.did, one.user_id, one.about_user_id) for one in news.actions] == [
        (Did.LEFT, None, None)
    ]


# Moving on on purpose


def test_next_is_a_card_that_misses_nothing():
    round_ = go_next(later(begun(TRIAD), at(5)), COACH, at(5))
    _, news = news_at(round_, at(5))
    assert (news.is_card, news.late, news.missed) == (True, mins(0), 0)
    assert [one.did for one in news.actions] == [Did.MOVED_ON]


def test_segments_that_were_left_out_on_purpose_are_not_missed():
    round_ = later(begun("coach 5, pause 1, coach 5, pause 1, coach 1, self 1", 4), at(11.5))
    round_ = leave(round_, COACH, at(11.5))
    _, news = news_at(round_, at(11.5))
    assert (news.is_card, news.late, news.missed) == (True, mins(0), 0)


# Extensions and cues


def test_two_minutes_left_is_told_once_more_after_an_extension():
    round_ = told(extend(later(begun(SHORT), at(10.5)), COACH, 4), at(10.5))
    assert cues_told(round_, at(18), start=at(10.5)) == [
        (mins(14), Cue.TWO_LEFT),
        (mins(16), Cue.TIME_UP),
    ]


def test_half_time_is_not_told_again_after_an_extension():
    round_ = told(extend(later(begun(SHORT), at(7.1)), COACH, 4), at(7.1))
    assert cues_told(round_, at(13.9), start=at(7.1)) == []


def test_an_extension_in_the_landing_takes_the_time_off_that_has_passed():
    round_ = extend(later(begun(SHORT), at(12.5)), COACH, 2)
    assert round_.left(at(12.5)) == mins(1.5)
    round_ = told(round_, at(12.5))
    assert cues_told(round_, at(16), start=at(12.5)) == [(mins(14), Cue.TIME_UP)]


@pytest.mark.parametrize(("minute", "cue"), [(7, Cue.HALF), (10, Cue.TWO_LEFT), (12, Cue.TIME_UP)])
def test_an_extension_while_a_cue_is_being_told_does_not_swallow_later_ones(minute, cue):
    round_, news = news_at(later(begun(SHORT), at(minute - 0.1)), at(minute))
    assert news.cue is cue
    round_ = told(with_told(extend(round_, COACH, 4), news), at(minute))
    assert cues_told(round_, at(16.5), start=at(minute)) == [
        (mins(14), Cue.TWO_LEFT),
        (mins(16), Cue.TIME_UP),
    ]


@pytest.mark.parametrize(("minute", "cue"), [(10, Cue.TWO_LEFT), (12, Cue.TIME_UP)])
def test_a_pause_while_a_cue_is_being_told_does_not_bring_it_twice(minute, cue):
    round_, news = news_at(later(begun(SHORT), at(minute - 0.1)), at(minute))
    assert news.cue is cue
    assert with_told(pause(round_, COACH, at(minute + 0.1)), news).told.cue is cue


def test_an_extension_that_the_room_is_told_of_with_a_cue_does_not_bring_it_twice():
    round_, news = news_at(extend(later(begun(SHORT), at(9.9)), COACH, 4), at(14))
    assert (news.cue, [one.did for one in news.actions]) == (Cue.TWO_LEFT, [Did.EXTENDED])
    assert with_told(round_, news).told.cue is Cue.TWO_LEFT


def test_a_question_is_put_again_when_it_comes_up_again():
    round_ = told(leave(later(begun(SHORT, 4), at(4)), COACH, at(4)), at(4))
    assert round_.told.asked is Ask.COACH_GONE
    round_ = resume(told(come_back(round_, COACH), at(5)), COACH, at(5))
    round_ = leave(told(round_, at(5)), COACH, at(6))
    assert news_at(round_, at(6))[1].is_card


def test_a_round_that_nobody_was_told_of_has_been_told_nothing():
    assert proposed().told == Told(-2, Cue.NONE, -1, ended=False)
