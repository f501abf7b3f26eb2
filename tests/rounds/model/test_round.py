"""What a round knows about itself: its clock, its cues, and its group."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from bot.content.model.formats import first_debrief, landing_of, last_coaching, lasts
from bot.rounds.model.clock import advance, cues_of
from bot.rounds.model.did import Did
from bot.rounds.model.moves import extend, go_next, pause, resume, stop
from bot.rounds.model.people import leave
from bot.rounds.model.refusals import NotInRound
from bot.rounds.model.round import Cue, Role, State
from tests.rounds.model.steps import (
    CLIENT,
    COACH,
    FOURTH,
    NOW,
    OBSERVER,
    RELAY,
    STRANGER,
    TRIAD,
    at,
    begun,
    format_of,
    later,
    mins,
    proposed,
    seat,
    secs,
)

# The clock


def test_what_is_left_is_the_length_without_what_has_run():
    round_ = later(begun(), at(2))
    assert round_.left(at(2)) == mins(18)
    assert round_.left(at(6.5)) == mins(13.5)


def test_what_is_left_is_negative_during_a_soft_landing():
    assert later(begun("coach 10, self 1"), at(10.5)).left(at(10.5)) == mins(-0.5)


def test_a_clock_that_is_set_back_does_not_turn_the_round_back():
    round_ = pause(later(begun("coach 10"), at(4)), COACH, at(4))
    round_ = resume(round_, COACH, at(5))
    assert round_.left(at(3)) == mins(6)
    assert round_.ran_for(at(3)) == mins(4)


def test_a_round_that_has_not_begun_has_no_clock():
    round_ = proposed()
    assert (round_.segment_ends_at, round_.next_at, round_.ends_at) == (None, None, None)
    assert (round_.segment, round_.kind) == (None, None)


def test_the_ends_are_known_in_advance():
    round_ = begun()
    assert round_.segment_ends_at == at(2)
    assert round_.next_at == at(2)
    assert round_.ends_at == at(31), "with the soft landing"


def test_the_ends_during_the_last_coaching_count_its_landing_once():
    round_ = later(begun(), at(12))
    assert round_.segment_ends_at == at(20)
    assert round_.next_at == at(21)
    assert round_.ends_at == at(31)


def test_the_ends_during_the_debrief_know_of_no_landing():
    round_ = later(begun(), at(21.5))
    assert round_.segment_ends_at == at(22)
    assert round_.next_at == at(22)
    assert round_.ends_at == at(31)


def test_a_clock_that_stands_still_ends_nowhere():
    round_ = pause(later(begun(), at(5)), COACH, at(5))
    assert (round_.segment_ends_at, round_.next_at, round_.ends_at) == (None, None, None)


def test_the_ends_move_by_the_length_of_a_pause():
    round_ = pause(later(begun(), at(5)), COACH, at(5))
    round_ = resume(round_, COACH, at(9))
    assert round_.segment_ends_at == at(24)
    assert round_.ends_at == at(35)


def test_what_is_left_in_all_counts_down_to_nothing():
    round_ = proposed()
    assert round_.left_in_all(NOW) == mins(31)
    round_ = begun()
    assert round_.left_in_all(at(0.5)) == mins(30.5)
    assert later(round_, at(20.5)).left_in_all(at(20.5)) == mins(10.5)
    assert later(round_, at(30.5)).left_in_all(at(30.5)) == mins(0.5)


def test_what_is_left_in_all_stands_still_in_a_pause():
    round_ = pause(later(begun(), at(5)), COACH, at(5))
    assert round_.left_in_all(at(8)) == mins(26)


@pytest.mark.parametrize(
    ("minute", "coached"), [(0, 0), (2, 0), (5, 3), (20, 18), (20.5, 18.5), (21, 19), (25, 19)]
)
def test_coaching_is_counted_with_its_landing_and_nothing_else(minute, coached):
    assert later(begun(), at(minute)).coached_for(at(minute)) == mins(coached)


def test_coaching_that_was_interrupted_by_stops_is_added_up():
    round_ = later(begun("coach 6, pause 3, coach 5, self 1"), at(11))
    assert round_.coached_for(at(11)) == mins(8)


def test_coaching_is_still_known_when_the_round_is_over():
    round_ = later(begun(), at(60))
    assert round_.coached_for(at(90)) == mins(19)


@pytest.mark.parametrize(
    ("minute", "left"), [(0, 15), (3, 15), (5, 13), (8.5, 10), (15, 5), (20, 0), (20.5, 0), (22, 0)]
)
def test_coaching_still_to_come_leaves_out_the_changes_of_coach(minute, left):
    assert later(begun(RELAY, 5), at(minute)).coaching_left(at(minute)) == mins(left)


@pytest.mark.parametrize("minute", [None, 60])
def test_there_is_no_coaching_to_come_before_the_beginning_and_after_the_end(minute):
    round_ = proposed() if minute is None else later(begun(), at(minute))
    assert not round_.coaching_left(at(minute or 0))


def test_coaching_still_to_come_grows_with_the_segment():
    round_ = extend(later(begun(), at(5)), COACH, 4)
    assert round_.coaching_left(at(5)) == mins(19)


def test_each_coach_of_a_relay_has_their_own_minutes():
    round_ = later(begun(RELAY, 5), at(17))
    now = at(17)
    assert round_.seat_coached_for(seat(round_, COACH), now) == mins(5)
    assert round_.seat_coached_for(seat(round_, OBSERVER), now) == mins(5)
    assert round_.seat_coached_for(seat(round_, FOURTH), now) == mins(2)
    assert round_.seat_coached_for(seat(round_, CLIENT), now) == mins(0)


def test_the_minutes_of_coaches_are_kept_when_the_round_is_over():
    round_ = later(begun(RELAY, 5), at(60))
    coached = {one.user_id: round_.seat_coached_for(one, at(60)) for one in round_.seats}
    assert coached[COACH] == coached[OBSERVER] == mins(5)
    assert coached[FOURTH] == mins(6), "with the landing"


@pytest.mark.parametrize("text", ["coach 10", "agree 1, coach 10", "coach 5, pause 1, coach 10"])
def test_the_minutes_of_a_coach_are_right_when_nothing_follows_the_coaching(text):
    round_ = later(begun(text), at(60))
    coach = seat(round_, COACH)
    assert round_.state is State.ENDED
    assert round_.seat_coached_for(coach, at(60)) == round_.coached_for(at(60))


def test_the_minutes_of_a_coach_are_right_when_the_round_is_stopped():
    round_ = stop(later(begun(), at(7)), COACH, at(7))
    assert seat(round_, COACH).coached == mins(5)
    assert round_.past == (mins(2), mins(5))


# The soft landing


@pytest.mark.parametrize(
    ("text", "landings"),
    [
        (TRIAD, [0, 60, 0, 0, 0, 0, 0]),
        ("coach 0.5", [30]),
        ("coach 1, self 1", [60, 0]),
        ("coach 6, pause 3, coach 5, self 2", [0, 0, 60, 0]),
        ("coach 5, swap 1, coach 5, swap 1", [0, 0, 60, 0]),
    ],
)
def test_only_the_last_coaching_lands_softly(text, landings):
    format_ = format_of(text)
    found = [landing_of(format_, n, part.length) for n, part in enumerate(format_.segments)]
    assert found == [secs(landing) for landing in landings]


@pytest.mark.parametrize("position", [-1, 1, 12])
def test_there_is_no_landing_where_there_is_no_segment(position):
    assert not landing_of(format_of("coach 5"), position, mins(5))


def test_a_short_coaching_that_was_lengthened_lands_longer():
    round_ = extend(begun("coach 0.5, self 1"), COACH, 5)
    assert round_.landing == secs(60)


@pytest.mark.parametrize(
    ("text", "last", "debrief"),
    [
        (TRIAD, 1, 2),
        ("coach 5", 0, 1),
        ("coach 5, swap 1, coach 5, swap 1, pause 1, client 1", 2, 5),
        ("agree 1, coach 5, pause 2", 1, 3),
    ],
)
def test_the_last_coaching_and_the_first_debrief_are_found(text, last, debrief):
    assert last_coaching(format_of(text)) == last
    assert first_debrief(format_of(text)) == debrief


def test_a_format_lasts_the_sum_of_its_segments_and_the_landing():
    format_ = format_of(TRIAD)
    assert lasts(format_) == mins(31)
    assert lasts(format_, 2) == mins(10)
    assert not lasts(format_, 7)


# Cues


@pytest.mark.parametrize(
    ("length", "cues"),
    [
        (0.5, {Cue.TIME_UP: 0.5}),
        (1, {Cue.TIME_UP: 1}),
        (2, {Cue.HALF: 1, Cue.TIME_UP: 2}),
        (3, {Cue.HALF: 1.5, Cue.TIME_UP: 3}),
        (4, {Cue.TWO_LEFT: 2, Cue.TIME_UP: 4}),
        (5, {Cue.TWO_LEFT: 3, Cue.TIME_UP: 5}),
        (6, {Cue.HALF: 3, Cue.TWO_LEFT: 4, Cue.TIME_UP: 6}),
        (10, {Cue.HALF: 5, Cue.TWO_LEFT: 8, Cue.TIME_UP: 10}),
        (15, {Cue.HALF: 7.5, Cue.FIVE_LEFT: 10, Cue.TWO_LEFT: 13, Cue.TIME_UP: 15}),
        (18, {Cue.HALF: 9, Cue.FIVE_LEFT: 13, Cue.TWO_LEFT: 16, Cue.TIME_UP: 18}),
        (25, {Cue.HALF: 12.5, Cue.FIVE_LEFT: 20, Cue.TWO_LEFT: 23, Cue.TIME_UP: 25}),
    ],
)
def test_the_cues_of_coaching_are(length, cues):
    round_ = begun(f"coach {length}, self 1")
    assert {cue: when for when, cue in cues_of(round_)} == {c: mins(m) for c, m in cues.items()}


def test_two_cues_are_never_within_a_minute_of_each_other():
    for half_minutes in range(1, 121):
        cues = list(cues_of(begun(f"coach {half_minutes / 2}, self 1")))
        assert cues == sorted(cues)
        for (one, _), (other, _) in pairwise(cues):
            assert other - one >= mins(1), half_minutes


@pytest.mark.parametrize(
    ("length", "cues"), [(3, {}), (4, {Cue.TWO_LEFT: 2}), (20, {Cue.TWO_LEFT: 18})]
)
def test_outside_of_coaching_there_is_one_cue_two_minutes_before_the_end(length, cues):
    round_ = begun(f"agree {length}, coach 5")
    assert {cue: when for when, cue in cues_of(round_)} == {c: mins(m) for c, m in cues.items()}


def test_coaching_that_goes_on_after_a_stop_says_nothing_at_its_end():
    round_ = begun("coach 6, pause 3, coach 5")
    assert Cue.TIME_UP not in {cue for _, cue in cues_of(round_)}


# The group


def test_the_coach_is_known_after_they_have_left():
    round_ = leave(later(begun(people=4), at(5)), COACH, at(5))
    assert round_.coach is not None
    assert not round_.coach.is_here
    assert [one.user_id for one in round_.here] == [CLIENT, OBSERVER, FOURTH]


def test_observers_are_those_who_are_there():
    round_ = leave(begun(people=4), OBSERVER, at(1))
    assert [one.user_id for one in round_.observers] == [FOURTH]


def test_the_seat_of_someone_who_left_is_still_known():
    round_ = leave(begun(people=4), OBSERVER, at(1))
    assert seat(round_, OBSERVER).role is Role.OBSERVER
    assert not round_.takes_part(OBSERVER)
    with pytest.raises(NotInRound):
        round_.get_seat(OBSERVER)


def test_a_stranger_has_no_seat():
    round_ = begun()
    assert round_.seat_of(STRANGER) is None
    assert not round_.takes_part(STRANGER)
    with pytest.raises(NotInRound):
        round_.get_seat(STRANGER)


def test_what_was_done_is_numbered_by_turns():
    round_ = begun().acted(Did.JOINED, FOURTH).acted().acted(Did.EXTENDED, COACH, minutes=2)
    turns = [(action.turn, action.did, action.minutes) for action in round_.actions]
    assert turns == [(round_.turn - 2, Did.JOINED, 0), (round_.turn, Did.EXTENDED, 2)]


def test_a_round_is_open_until_it_has_ended():
    round_ = begun()
    assert round_.is_open
    assert round_.has_begun
    ended = stop(round_, COACH, at(1))
    assert not ended.is_open
    assert not ended.has_begun
    assert ended.segment is None


def test_a_seat_is_replaced_where_it_is():
    round_ = begun()
    changed = round_.with_seat(round_.seats[1], replace(round_.seats[1], wish="slow"))
    assert [one.wish for one in changed.seats] == ["", "slow", ""]


def test_skipped_segments_did_not_run():
    round_ = go_next(begun(), COACH, at(1))
    round_ = go_next(round_, COACH, at(4))
    moved, _ = advance(round_, at(4))
    assert moved.past == (mins(1), mins(3))
