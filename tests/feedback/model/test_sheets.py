"""What is judged at the end of a round: by whom, about whom, and when."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.feedback.model.notes import QUESTION, Note, Side, open_for_tap
from bot.feedback.model.refusals import CannotNote
from bot.feedback.model.sheets import (
    Mark,
    Sheet,
    check_is_time,
    check_may_judge,
    coach_at,
    coaches,
    prefilled,
)
from bot.kit.refusals import DojoError
from bot.rounds.model.clock import advance
from bot.rounds.model.moves import begin, stop
from bot.rounds.model.people import forget, leave
from bot.rounds.model.refusals import NotInRound
from bot.rounds.model.round import Agreement, Ending, Role, Round, is_coaching_over
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
    hand_over,
    later,
    mins,
    proposed,
    seat,
    secs,
    told,
)
from tests.rounds.model.walks import ACTS, proposals, walks

MILLISECOND = timedelta(milliseconds=1)
CODES = ("S1", "S2", "own-1")


def observed(text: str = COACHING, people: int = 4) -> Round:
    """A round that begins at NOW, in which everybody agreed to notes."""
    round_ = proposed(text, people)
    seats = tuple(replace(one, agreement=Agreement.NOTES) for one in round_.seats)
    return told(begin(replace(round_, seats=seats), NOW), NOW)


def judging(round_: Round, user_id: int, coach: int, now: datetime) -> int | DojoError:
    """The seat that may fill in a sheet, or why nobody may."""
    try:
        return check_may_judge(round_, user_id, coach, now)
    except DojoError as error:
        return error


def note(number: int, code: str, side: Side, *, is_withdrawn: bool = False) -> Note:
    withdrawn = NOW if is_withdrawn else None
    code = QUESTION if side is Side.QUESTION else code
    return Note(number, 1, 2, 13, 11, code, side, secs(number), NOW, withdrawn_at=withdrawn)


# Filled in from notes

NOTES = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from(Side), st.booleans()), max_size=12
).map(lambda taken: [note(n, c, side, is_withdrawn=w) for n, (c, side, w) in enumerate(taken)])


@examples(max_examples=40, deadline=None)
@given(NOTES)
def test_a_sheet_is_filled_in_with_what_the_notes_say_and_nothing_else(notes):
    marks = prefilled(notes)
    for code in CODES:
        sides = {one.side for one in notes if one.code == code and one.withdrawn_at is None}
        expected = {
            frozenset(): None,
            frozenset({Side.SEEN}): Mark.SEEN,
            frozenset({Side.SIGNAL}): Mark.SIGNAL,
            frozenset({Side.SEEN, Side.SIGNAL}): Mark.BOTH,
        }[frozenset(sides)]
        assert marks.get(code) is expected
    assert set(marks) <= set(CODES)
    assert prefilled(reversed(notes)) == marks


def test_a_question_heard_is_no_judgement_of_a_code():
    assert prefilled([note(1, "S1", Side.QUESTION)]) == {}


def test_that_nothing_was_noted_does_not_say_that_nothing_happened():
    assert prefilled([note(1, "S1", Side.SEEN)]) == {"S1": Mark.SEEN}


def test_a_sheet_about_oneself_is_ones_own_view():
    sheet = Sheet(1, 0, COACH, COACH, {})
    assert sheet.is_own
    assert not replace(sheet, user_id=OBSERVER).is_own
    # Not even when nobody is known any more.
    assert not replace(sheet, user_id=None).is_own


# When

WHEN = {
    "before the coaching": (mins(1), CannotNote("coaching")),
    "during the coaching": (mins(7), CannotNote("coaching")),
    "just before its end": (mins(13) - MILLISECOND, CannotNote("coaching")),
    "right after it": (mins(13), 2),
    "in the debrief": (mins(15), 2),
    "after the round": (mins(16), 2),
    "24 hours after it": (mins(16) + timedelta(hours=24), 2),
    "a moment more": (mins(16) + timedelta(hours=24) + MILLISECOND, CannotNote("gone")),
}


@pytest.mark.parametrize(("when", "expected"), WHEN.values(), ids=WHEN)
def test_a_sheet_is_filled_in_from_the_end_of_the_coaching_until_a_day_after_the_round(
    when, expected
):
    round_ = later(observed(), NOW + min(when, mins(20)))
    assert judging(round_, OBSERVER, COACH, NOW + when) == expected
    if isinstance(expected, int):
        check_is_time(round_, NOW + when)
    else:
        with pytest.raises(CannotNote) as refused:
            check_is_time(round_, NOW + when)
        assert refused.value == expected


def test_coaching_is_over_when_none_is_to_come():
    over = [is_coaching_over(later(observed(RELAY, 5), at(m))) for m in (1, 4, 8.5, 13, 20.9, 21)]
    assert over == [False, False, False, False, False, True]
    assert is_coaching_over(stop(later(observed(RELAY, 5), at(4)), COACH, at(4)))
    assert not is_coaching_over(proposed())


# Who


def test_a_sheet_is_for_observers_who_are_here_and_agreed():
    round_ = later(observed(people=5), at(14))
    left = leave(round_, FIFTH, at(14))
    fourth = seat(left, FOURTH)
    shy = left.with_seat(fourth, replace(fourth, agreement=Agreement.NO_NOTES))
    asked = [judging(shy, one, COACH, at(14)) for one in (OBSERVER, FOURTH, FIFTH, STRANGER)]
    assert asked == [2, CannotNote("not agreed"), NotInRound("take part"), NotInRound("take part")]
    assert judging(shy, CLIENT, COACH, at(14)) == CannotNote("was client")
    assert judging(shy, COACH, COACH, at(14)) == CannotNote("was coach")


@pytest.mark.parametrize("who", [{COACH}, {CLIENT}, {COACH, CLIENT}])
def test_without_the_agreement_of_coach_and_client_there_is_no_sheet(who):
    round_ = later(observed(), at(14))
    seats = [
        replace(s, agreement=Agreement.NO_NOTES) if s.user_id in who else s for s in round_.seats
    ]
    quiet = replace(round_, seats=tuple(seats))
    assert judging(quiet, OBSERVER, COACH, at(14)) == CannotNote("without notes")


def test_in_a_relay_everybody_else_judges_each_coach():
    round_ = later(observed(RELAY, 5), at(22))
    assert [one.user_id for one in coaches(round_)] == [COACH, OBSERVER, FOURTH]
    judges = {
        coach: [
            one for one in (11, 12, 13, 14, 15) if judging(round_, one, coach, at(22)) in range(5)
        ]
        for coach in (COACH, OBSERVER, FOURTH)
    }
    assert judges == {COACH: [13, 14, 15], OBSERVER: [11, 14, 15], FOURTH: [11, 13, 15]}


def test_a_person_who_never_coached_is_not_judged():
    round_ = later(observed(), at(14))
    assert isinstance(judging(round_, OBSERVER, FOURTH, at(14)), CannotNote)


def test_a_person_who_has_been_forgotten_is_no_coach_of_a_round_any_more():
    round_ = forget(later(observed(), at(14)), COACH)
    assert coaches(round_) == []
    assert isinstance(judging(round_, OBSERVER, COACH, at(14)), CannotNote)


def test_a_round_that_never_began_has_no_coaches():
    assert coaches(proposed()) == []


# Who coached at that time


def coach_ids(round_: Round, *minutes: float) -> list[int | None]:
    found = [coach_at(round_, mins(minute)) for minute in minutes]
    return [one and one.user_id for one in found]


def test_in_a_relay_a_time_says_who_coached():
    round_ = later(observed(RELAY, 5), at(22))
    # Five minutes each; the last one lands softly.
    assert coach_ids(round_, 0, 4.99, 5, 9.99, 10, 15.9, 16, 90) == [
        COACH, COACH, OBSERVER, OBSERVER, FOURTH, FOURTH, FOURTH, FOURTH,
    ]  # fmt: skip


def test_after_a_hand_over_a_time_says_who_coached():
    round_ = hand_over(later(observed(), at(6)), COACH, FOURTH, CLIENT, at(6))
    assert coach_ids(later(round_, at(14)), 0, 3.99, 4, 11) == [COACH, COACH, FOURTH, FOURTH]


def test_what_a_forgotten_coach_did_is_not_taken_for_that_of_another():
    round_ = forget(later(observed(RELAY, 5), at(22)), COACH)
    assert coach_ids(round_, 2, 7, 12, 90) == [None, OBSERVER, FOURTH, FOURTH]


def test_the_end_of_the_coaching_is_not_that_of_a_coach_who_never_coached():
    swap = later(observed(RELAY, 5), at(8.5))
    assert seat(swap, OBSERVER).role is Role.COACH
    stopped = stop(swap, CLIENT, at(8.5))
    assert coach_ids(stopped, 4, 5, 90) == [COACH, COACH, COACH]
    handed = hand_over(later(observed(), at(14)), COACH, FOURTH, CLIENT, at(14))
    assert coach_ids(handed, 1, 11, 90) == [COACH, COACH, COACH]


def test_without_coaching_nobody_coached():
    assert coach_at(stop(later(observed(), at(1)), COACH, at(1)), mins(1)) is None


# Whatever happens


@examples(max_examples=24, deadline=None)
@given(proposals(), walks())
def test_in_any_round_numbers_stay_and_taps_are_about_someone_who_coached(round_, walk):
    """What is on disk names people by their number: nobody may move to that of another."""
    seats = tuple(replace(one, agreement=Agreement.NOTES) for one in round_.seats)
    round_ = begin(replace(round_, seats=seats, format=replace(round_.format, fewest=2)), NOW)
    now = NOW
    for step in walk:
        now += step.gap
        before, (round_, _) = round_, advance(round_, now)
        with contextlib.suppress(DojoError):
            round_ = ACTS[step.name](round_, step, now)
        if round_.ending is Ending.ERASED:
            return
        for old, new in zip(before.seats, round_.seats, strict=False):
            assert new.user_id in (old.user_id, None)
        assert len(round_.seats) >= len(before.seats)
        for one in round_.here:
            if one.user_id is not None:
                check_tap(round_, one.user_id, now)


def check_tap(round_: Round, user_id: int, now: datetime) -> None:
    try:
        opening = open_for_tap(round_, user_id, now)
    except DojoError:
        return
    assert round_.seats[opening.seat].user_id == user_id != opening.coach_user_id
    assert seat(round_, user_id).role is not Role.CLIENT
    coach = seat(round_, opening.coach_user_id)
    assert coach.has_coached or round_.is_coaching
    assert opening.at == round_.coached_for(now)
    assert opening.is_late is not round_.is_coaching
    assert {coach.agreement, seat(round_, user_id).agreement} == {Agreement.NOTES}
    if opening.is_late:
        assert opening.coach_user_id in [one.user_id for one in coaches(round_)]
