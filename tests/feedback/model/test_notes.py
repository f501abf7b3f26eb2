"""Who may note something about whom, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.feedback.model.notes import Note, Opening, Side, check_has_notes, moved, open_for_tap
from bot.feedback.model.refusals import CannotNote
from bot.kit.refusals import DojoError
from bot.rounds.model.late import let_in
from bot.rounds.model.moves import begin, erase, go_next, go_to_feedback, pause, resume, stop
from bot.rounds.model.people import forget, join, leave
from bot.rounds.model.refusals import NotInRound
from bot.rounds.model.round import Agreement, Role, Round
from tests.rounds.model.steps import (
    CLIENT,
    COACH,
    COACHING,
    FIFTH,
    FOURTH,
    NOW,
    OBSERVER,
    RELAY,
    STRANGER,
    at,
    come_late,
    hand_over,
    later,
    mins,
    proposed,
    seat,
    secs,
    told,
)

MILLISECOND = timedelta(milliseconds=1)
WITH_BREAK = "coach 5, pause 2, coach 5, write 1, observers 2"
RESTS, OVER, NOT_BEGUN = CannotNote("rests"), CannotNote("over"), CannotNote("not begun")


def agreed(round_: Round) -> Round:
    """The round with the agreement of everybody to notes."""
    seats = tuple(replace(one, agreement=Agreement.NOTES) for one in round_.seats)
    return replace(round_, seats=seats)


def observed(text: str = COACHING, people: int = 4) -> Round:
    """A round that begins at NOW, in which everybody agreed to notes."""
    return told(begin(agreed(proposed(text, people)), NOW), NOW)


def tapped(round_: Round, now: datetime, user_id: int = OBSERVER) -> Opening | DojoError:
    """What a tap would note, or why it would not."""
    try:
        return open_for_tap(round_, user_id, now)
    except DojoError as error:
        return error


def about(coach: int, time: timedelta, *, late: bool = False, seat: int = 2) -> Opening:
    """A tap of the first observer about this coach at a coaching time."""
    return Opening(seat, OBSERVER, coach, time, is_late=late)


# By the clock


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (mins(1), NOT_BEGUN),
        (mins(2), about(COACH, secs(0))),
        (mins(7), about(COACH, mins(5))),
        (mins(12.5), about(COACH, mins(10.5))),
        (mins(13) - MILLISECOND, about(COACH, mins(11) - MILLISECOND)),
        (mins(13), about(COACH, mins(11), late=True)),
        (mins(13) + secs(20), about(COACH, mins(11), late=True)),
        (mins(13) + secs(20) + MILLISECOND, OVER),
        (mins(15), OVER),
        (mins(60), OVER),
    ],
    ids=[
        "before the coaching",
        "as the coaching begins",
        "during the coaching",
        "during its soft landing",
        "just before its end",
        "at its end",
        "20 s after it",
        "20.001 s after it",
        "in the debrief",
        "after the round",
    ],
)
def test_a_tap_counts_while_there_is_coaching_and_for_20_s_after_it(when, expected):
    assert tapped(later(observed(), NOW + when), NOW + when) == expected


def test_nothing_is_noted_of_a_round_that_is_only_proposed():
    assert tapped(agreed(proposed(COACHING, 4)), NOW) == NOT_BEGUN


def test_a_pause_stops_the_coaching_time_and_does_not_stop_taps():
    paused = pause(later(observed(), at(7)), CLIENT, at(7))
    assert tapped(paused, at(7)) == tapped(paused, at(15)) == about(COACH, mins(5))
    resumed = resume(paused, CLIENT, at(15))
    assert tapped(resumed, at(16)) == about(COACH, mins(6))


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (mins(5) + secs(20), about(COACH, mins(5), late=True)),
        (mins(5) + secs(20) + MILLISECOND, RESTS),
        (mins(7) - MILLISECOND, RESTS),
        (mins(7), about(COACH, mins(5))),
        (mins(8), about(COACH, mins(6))),
    ],
)
def test_a_planned_pause_between_two_parts_of_the_coaching_rests(when, expected):
    assert tapped(later(observed(WITH_BREAK), NOW + when), NOW + when) == expected


def test_seconds_count_after_a_round_that_was_stopped_as_well():
    stopped = stop(later(observed(), at(7)), CLIENT, at(7))
    assert tapped(stopped, at(7) + secs(20)) == about(COACH, mins(5), late=True)
    assert tapped(stopped, at(7) + secs(20) + MILLISECOND) == OVER


def test_a_round_that_was_stopped_in_its_debrief_gets_no_more_taps():
    stopped = stop(later(observed(), at(15)), CLIENT, at(15))
    assert tapped(stopped, at(15)) == OVER


def test_a_round_that_was_stopped_before_any_coaching_has_nothing_to_note():
    assert tapped(stop(later(observed(), at(1)), CLIENT, at(1)), at(1)) == NOT_BEGUN


def test_a_clock_that_is_set_back_gives_no_negative_time():
    assert tapped(later(observed(), at(7)), at(1)) == about(COACH, secs(0))


def test_coaching_that_was_left_out_is_not_what_a_late_tap_is_about():
    """Its segment was skipped minutes after the last word of coaching."""
    paused = pause(later(observed(WITH_BREAK), at(6.5)), CLIENT, at(6.5))
    asked = leave(paused, COACH, at(6.5))
    assert tapped(go_to_feedback(asked, CLIENT, at(6.6)), at(6.6) + secs(1)) == OVER


def test_a_late_tap_counts_when_what_followed_the_coaching_was_left_out():
    round_ = later(observed("coach 10, pause 2, coach 1, pause 1, write 1"), at(2))
    asked = leave(round_, COACH, at(2))
    skipped = go_to_feedback(asked, CLIENT, at(2))
    assert tapped(skipped, at(2) + secs(5)) == about(COACH, mins(2), late=True)


# About whom


def test_in_a_relay_a_late_tap_is_about_the_coach_who_stood_down():
    swap = later(observed(RELAY, 5), at(8.1))
    assert seat(swap, OBSERVER).role is Role.COACH
    late = Opening(3, FOURTH, COACH, mins(5), is_late=True)
    assert tapped(swap, at(8) + secs(20), FOURTH) == late
    assert tapped(swap, at(8) + secs(20) + MILLISECOND, FOURTH) == RESTS
    # The next coach has observed until then; the person who stood down has not.
    assert tapped(swap, at(8.1)) == about(COACH, mins(5), late=True)
    assert tapped(swap, at(8.1), COACH) == CannotNote("coach")


def test_in_a_relay_taps_are_about_the_person_who_coaches_now():
    second = later(observed(RELAY, 5), at(10))
    assert tapped(second, at(10), COACH) == Opening(0, COACH, OBSERVER, mins(6))
    assert tapped(second, at(10)) == CannotNote("coach")


def test_a_person_who_has_coached_before_is_an_observer_in_the_swap_like_others():
    swap = later(observed(RELAY, 5), at(8.5))
    assert tapped(swap, at(8.5), COACH) == RESTS
    assert tapped(swap, at(8.5), OBSERVER) == CannotNote("coach")


def test_taps_are_about_the_person_who_takes_over_from_then_on():
    round_ = hand_over(later(observed(), at(6)), COACH, FOURTH, FOURTH, at(6))
    assert tapped(round_, at(7)) == about(FOURTH, mins(5))


def test_a_late_tap_stays_about_who_coached_when_the_seat_is_handed_over_right_after():
    over = later(observed(), at(13))
    handed = hand_over(over, COACH, FOURTH, FOURTH, at(13) + secs(5))
    assert tapped(handed, at(13) + secs(10)) == about(COACH, mins(11), late=True)


def test_a_late_tap_stays_about_who_stood_down_when_the_next_coach_is_replaced_at_once():
    swap = later(observed(RELAY, 5), at(8))
    handed = hand_over(swap, OBSERVER, FOURTH, FOURTH, at(8) + secs(5))
    late = Opening(4, FIFTH, COACH, mins(5), is_late=True)
    assert tapped(handed, at(8) + secs(10), FIFTH) == late


def test_nothing_is_noted_about_a_coach_who_has_been_forgotten():
    assert tapped(forget(later(observed(), at(7)), COACH), at(7)) == RESTS
    assert tapped(forget(later(observed(), at(13)), COACH), at(13) + secs(5)) == OVER


def test_a_tap_counts_after_someone_moved_on_early():
    moved_on = go_next(later(observed(), at(7)), CLIENT, at(7))
    assert tapped(moved_on, at(7) + secs(20)) == about(COACH, mins(5), late=True)
    assert tapped(moved_on, at(7) + secs(20) + MILLISECOND) == OVER


# By whom

MOMENTS = [0.5, 7.0, 13.1, 15.0, 60.0]


@pytest.mark.parametrize("minute", MOMENTS)
@pytest.mark.parametrize(("user_id", "why"), [(COACH, "coach"), (CLIENT, "client")])
def test_the_pad_is_never_for_the_coach_or_the_client(minute, user_id, why):
    """Issue 12: once the coaching is over nobody is told to coach."""
    was = "was " if minute > 13 else ""
    assert tapped(later(observed(), at(minute)), at(minute), user_id) == CannotNote(was + why)


@pytest.mark.parametrize("minute", MOMENTS)
def test_the_pad_is_for_nobody_else(minute):
    round_ = later(observed(), at(minute))
    assert tapped(round_, at(minute), STRANGER) == NotInRound("take part")


def test_a_person_who_left_takes_no_more_notes_until_they_are_back():
    round_ = leave(later(observed(), at(7)), OBSERVER, at(7))
    assert tapped(round_, at(7)) == NotInRound("take part")
    assert tapped(come_late(round_, OBSERVER), at(8)) == about(COACH, mins(6))


def test_a_person_who_comes_late_agrees_first():
    round_ = come_late(later(observed(), at(7)), FIFTH)
    assert tapped(round_, at(7), FIFTH) == CannotNote("not agreed")
    assert tapped(agreed(round_), at(7), FIFTH) == Opening(4, FIFTH, COACH, mins(5))


def test_nobody_is_left_in_a_round_that_its_client_erased():
    erased = erase(later(observed(), at(7)), CLIENT, at(7))
    assert tapped(erased, at(7)) == NotInRound("take part")


# By agreement


@pytest.mark.parametrize("minute", [1.0, 7.0, 13.1])
def test_notes_need_all_three_and_it_is_never_said_who_else_did_not_agree(minute):
    for mine, coachs, clients in product(Agreement, repeat=3):
        answers = {OBSERVER: mine, COACH: coachs, CLIENT: clients}
        round_ = later(observed(), at(minute))
        seats = [
            replace(s, agreement=answers.get(s.user_id or 0, s.agreement)) for s in round_.seats
        ]
        answer = tapped(replace(round_, seats=tuple(seats)), at(minute))
        if mine is not Agreement.NOTES:
            assert answer == CannotNote("not agreed"), answers
        elif {coachs, clients} != {Agreement.NOTES}:
            # Word for word the same, whether it was the coach, the client, or both.
            assert answer == CannotNote("without notes"), answers
        else:
            assert isinstance(answer, Opening) or answer == NOT_BEGUN, answers


def test_what_another_observer_answered_changes_nothing():
    round_ = later(observed(), at(7))
    fourth = seat(round_, FOURTH)
    round_ = round_.with_seat(fourth, replace(fourth, agreement=Agreement.NO_NOTES))
    assert tapped(round_, at(7)) == about(COACH, mins(5))


def test_a_client_who_is_handed_the_seat_has_not_agreed_yet():
    round_ = let_in(join(later(observed(), at(7)), STRANGER), CLIENT, STRANGER)
    round_ = hand_over(round_, CLIENT, STRANGER, COACH, at(7))
    assert tapped(round_, at(7)) == CannotNote("without notes")


def test_without_anybody_who_coached_there_is_nothing_to_note():
    with pytest.raises(CannotNote) as refused:
        check_has_notes(observed(), OBSERVER, None)
    assert refused.value == NOT_BEGUN


# Correcting the time


@examples(max_examples=20, deadline=None)
@given(st.integers(0, 7_200), st.integers(-9_000, 9_000))
def test_a_corrected_time_is_never_before_the_beginning(second, by):
    note = Note(1, 1, 2, OBSERVER, COACH, "S1", Side.SEEN, secs(second), NOW)
    assert moved(note, secs(by)) == replace(note, at=secs(max(second + by, 0)))
