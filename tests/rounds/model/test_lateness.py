"""A clock that is looked at too late: what then asks, and what counts as interrupted."""

from __future__ import annotations

import pytest

from bot.rounds.model.clock import advance
from bot.rounds.model.did import Did
from bot.rounds.model.moves import carry_on, extend
from bot.rounds.model.people import voice_left
from bot.rounds.model.refusals import AlreadyDone
from bot.rounds.model.round import Ask, Ending
from tests.rounds.model.steps import (
    CLIENT,
    COACH,
    NOW,
    at,
    begun,
    in_voice,
    is_running,
    later,
    mins,
    proposed,
    refused,
    secs,
    told,
)


@pytest.mark.parametrize(
    ("late", "is_asked"), [(0, False), (14.9, False), (15, False), (150, False), (150.1, True)]
)
def test_a_segment_that_is_noticed_after_a_quarter_of_it_asks_what_to_do(late, is_asked):
    round_, _ = advance(begun("agree 2, coach 10, self 1"), at(2) + secs(late))
    assert is_running(round_, "coach")
    assert (round_.asked is Ask.LATE) is is_asked


def test_a_short_segment_asks_nothing_within_the_first_seconds():
    round_, _ = advance(begun("agree 1, coach 0.5, self 1"), at(1) + secs(14))
    assert round_.asked is None


def test_a_late_start_is_measured_at_the_segment_that_runs():
    round_, _ = advance(begun(), at(24.4))
    assert is_running(round_, "client")
    assert round_.asked is None
    assert advance(begun(), at(24.6))[0].asked is Ask.LATE


def test_carrying_on_answers_the_question_after_a_late_start():
    round_ = told(begun("agree 2, coach 10, self 1"), at(7))
    round_ = carry_on(round_, CLIENT)
    assert round_.asked is None
    assert round_.left(at(7)) == mins(5)
    refused(AlreadyDone(Did.CARRIED_ON), lambda: carry_on(round_, COACH))


@pytest.mark.parametrize("move", [carry_on, lambda r, who: extend(r, who, 2)])
def test_the_question_after_a_late_start_is_not_put_again(move):
    round_ = told(begun("agree 2, coach 10, self 1"), at(7))
    round_ = move(round_, COACH)
    assert round_.asked is None
    assert later(round_, at(9)).asked is None


@pytest.mark.parametrize("late", [0, 14, 60])
def test_an_end_that_is_noticed_a_little_late_is_complete(late):
    round_ = later(begun("coach 5, self 4"), at(9.9))
    round_, _ = advance(round_, at(10) + secs(late))
    assert (round_.ending, round_.ended_at) == (Ending.COMPLETE, at(10))


def test_an_end_that_is_noticed_after_a_quarter_of_the_segment_is_an_interruption():
    round_ = later(begun("coach 5, self 4"), at(9.9))
    round_, _ = advance(round_, at(10) + secs(61))
    assert (round_.ending, round_.ended_at) == (Ending.INTERRUPTED, at(10))


@pytest.mark.parametrize(
    ("late", "ending"), [(14, Ending.COMPLETE), (15, Ending.INTERRUPTED), (999, Ending.INTERRUPTED)]
)
def test_an_end_that_is_noticed_with_other_segments_is_an_interruption(late, ending):
    round_ = later(begun("coach 10, client 1, observers 3"), at(10.5))
    round_, _ = advance(round_, at(15) + secs(late))
    assert round_.ending is ending


def test_a_round_that_was_missed_altogether_ran_by_the_clock():
    round_, _ = advance(begun(), at(300))
    assert (round_.ending, round_.ended_at) == (Ending.INTERRUPTED, at(31))
    assert sum(round_.past, mins(0)) == mins(31)


@pytest.mark.parametrize("late", [0, 1, 5, 30])
def test_a_proposal_has_lapsed_however_late_that_is_noticed(late):
    round_, _ = advance(told(proposed(), NOW), at(60 + late))
    assert (round_.ending, round_.ended_at) == (Ending.LAPSED, at(60))


def test_a_round_that_ended_with_a_missing_coach_is_no_interruption():
    round_ = voice_left(in_voice(later(begun(people=2), at(5))), COACH, at(5))
    round_, _ = advance(round_, at(200))
    assert (round_.ending, round_.ended_at) == (Ending.ALONE, at(10))


def test_a_clock_that_is_set_back_moves_nothing():
    round_ = later(begun(), at(5))
    assert advance(round_, at(-5)) == (round_, None)


def test_a_program_that_was_away_over_an_extended_segment_counts_its_new_length():
    round_ = extend(later(begun("coach 5, self 4"), at(2)), COACH, 5)
    round_, _ = advance(round_, at(10.5))
    assert is_running(round_, "coach")
    assert advance(round_, at(11.2))[0].past == (mins(11),)
