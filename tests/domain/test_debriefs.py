"""The order of a debrief, when it is released, and how long it is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.domain.debriefs import awaited_observers, waits_for
from bot.domain.formats import SegmentKind
from bot.domain.round_moves import begin, go_next, stop
from bot.domain.round_people import forget, leave
from bot.domain.rounds import Agreement, Ending, Role, Round, State
from tests.domain.round_steps import (
    CLIENT,
    COACH,
    FIFTH,
    FOURTH,
    NOW,
    OBSERVER,
    RELAY,
    TRIAD,
    at,
    later,
    proposed,
    seat,
    told,
)
from tests.domain.round_walks import proposals


def observed(text: str = TRIAD, people: int = 4) -> Round:
    """A round that begins at NOW, in which everybody agreed to notes."""
    round_ = proposed(text, people)
    seats = tuple(replace(one, agreement=Agreement.NOTES) for one in round_.seats)
    return told(begin(replace(round_, seats=seats), NOW), NOW)


# The order


@pytest.mark.parametrize(
    ("minute", "handed_in", "wait"),
    [
        (1, {2, 3}, "coaching"),
        (19, {2, 3}, "coaching"),
        (20.9, {2, 3}, "coaching"),
        (21, {2, 3}, "turn"),
        (22.5, {2, 3}, "turn"),
        (24.5, {2, 3}, "turn"),
        (26, {2, 3}, None),
        (26, {2}, "observers"),
        (26, set(), "observers"),
        (29.9, {3}, "observers"),
        (30, {3}, None),
        (30, set(), None),
        (60, set(), None),
    ],
)
def test_each_has_their_turn_before_the_coach_sees_anything(minute, handed_in, wait):
    """Coaching 2 to 21, write, self 22, client 24, observers 26, next 30."""
    round_ = later(observed(), at(minute))
    assert waits_for(round_, COACH, handed_in, has_reflected=True) == wait
    without = waits_for(round_, COACH, handed_in, has_reflected=False)
    assert without == (wait or "own view")


def test_without_a_part_for_observers_their_sheets_are_awaited_until_the_end():
    round_ = later(observed("coach 5, self 1, next 5"), at(10))
    assert waits_for(round_, COACH, {2}, has_reflected=True) == "observers"
    assert waits_for(round_, COACH, {2, 3}, has_reflected=True) is None
    over = later(round_, at(30))
    assert waits_for(over, COACH, (), has_reflected=True) is None


def test_a_round_that_was_stopped_waits_for_the_own_view_only():
    stopped = stop(later(observed(), at(10)), CLIENT, at(10))
    assert waits_for(stopped, COACH, (), has_reflected=False) == "own view"
    assert waits_for(stopped, COACH, (), has_reflected=True) is None


def test_a_round_that_is_only_proposed_releases_nothing():
    assert waits_for(proposed(), COACH, {2}, has_reflected=True) == "coaching"


def test_who_leaves_is_no_longer_waited_for():
    round_ = later(observed(), at(26))
    left = leave(round_, FOURTH, at(26))
    assert waits_for(left, COACH, {2}, has_reflected=True) is None


def test_one_part_after_the_other_can_be_moved_on_by_hand():
    round_ = later(observed(), at(21))
    waits = []
    for _ in range(5):
        waits.append(waits_for(round_, COACH, (), has_reflected=True))
        round_ = go_next(round_, CLIENT, at(21))
    assert waits == ["turn", "turn", "turn", "observers", None]


def test_the_sheets_of_others_do_not_stand_in_for_those_that_are_awaited():
    round_ = later(observed(RELAY, 5), at(25))
    assert [one.user_id for _, one in awaited_observers(round_, COACH)] == [OBSERVER, FIFTH]
    assert waits_for(round_, COACH, {0, 1, 3}, has_reflected=True) == "observers"
    assert waits_for(round_, COACH, {2, 4}, has_reflected=True) is None
    # Each coach waits for their own.
    assert waits_for(round_, OBSERVER, {0, 4}, has_reflected=True) is None


# Who is awaited


def test_awaited_are_the_observers_who_are_here_and_take_notes():
    round_ = later(observed(people=7), at(26))
    for user_id, change in (
        (OBSERVER, {"agreement": Agreement.NO_NOTES}),
        (FOURTH, {"agreement": Agreement.OPEN}),
        (FIFTH, {"is_here": False}),
    ):
        found = seat(round_, user_id)
        round_ = round_.with_seat(found, replace(found, **change))
    round_ = forget(round_, 16)
    assert [(n, one.user_id) for n, one in awaited_observers(round_, COACH)] == [(6, 17)]


def test_coach_and_client_are_never_awaited():
    assert awaited_observers(later(observed(people=2), at(26)), COACH) == []


# Nothing is released early, whatever the round


@st.composite
def situations(draw: st.DrawFn) -> tuple[Round, set[int]]:
    """Any round anywhere in its life, and whose sheets are in."""
    round_ = draw(proposals())
    seats = tuple(
        replace(
            one,
            agreement=draw(st.sampled_from([Agreement.NOTES, *Agreement])),
            is_here=draw(st.sampled_from([True, True, False])),
        )
        for one in round_.seats
    )
    state = draw(st.sampled_from([State.RUNNING, *State]))
    last = len(round_.format.segments) - 1
    position = -1 if state is State.PROPOSED else draw(st.integers(0, last))
    is_over = state is State.ENDED
    round_ = replace(
        round_,
        seats=seats,
        state=state,
        position=position,
        since=NOW if state is State.RUNNING else None,
        began_at=None if state is State.PROPOSED else NOW,
        ended_at=NOW if is_over else None,
        ending=Ending.COMPLETE if is_over else None,
    )
    return round_, draw(st.sets(st.integers(0, len(seats) - 1)))


def to_come(round_: Round) -> list[SegmentKind]:
    """What the segments are for that are not over, with the current one."""
    if not round_.is_open:
        return []
    return [one.kind for one in round_.format.segments[max(round_.position, 0) :]]


@examples(max_examples=24, deadline=None)
@given(situations(), st.booleans())
def test_nothing_is_released_early_and_nothing_is_held_back_for_longer(situation, has_reflected):
    round_, handed_in = situation
    coach = round_.seats[0].user_id
    assert coach is not None
    coming = to_come(round_)
    missing = {
        number
        for number, one in enumerate(round_.seats)
        if one.role is Role.OBSERVER and one.is_here and one.agreement is Agreement.NOTES
    } - handed_in
    if any(one.agreement is not Agreement.NOTES for one in (round_.seats[0], round_.seats[1])):
        # There can be no sheets then.
        missing = set()
    has_part = any(one.kind is SegmentKind.OBSERVERS for one in round_.format.segments)
    observers_may_come = SegmentKind.OBSERVERS in coming if has_part else round_.is_open
    reasons = {
        "coaching": SegmentKind.COACH in coming,
        "turn": SegmentKind.SELF in coming or SegmentKind.CLIENT in coming,
        "observers": bool(missing) and observers_may_come,
        "own view": not has_reflected,
    }
    first = next((reason for reason, holds in reasons.items() if holds), None)
    assert waits_for(round_, coach, handed_in, has_reflected=has_reflected) == first


@examples(max_examples=20, deadline=None)
@given(situations(), st.data())
def test_what_could_be_released_stays_so_as_the_round_and_the_sheets_go_on(situation, data):
    round_, handed_in = situation
    coach = round_.seats[0].user_id
    assert coach is not None
    last = len(round_.format.segments) - 1
    walk = [replace(round_, state=State.RUNNING, position=p, since=NOW) for p in range(last + 1)]
    walk.append(replace(walk[-1], state=State.ENDED, since=None, ended_at=NOW))
    was_free = False
    for stage in walk:
        is_free = waits_for(stage, coach, handed_in, has_reflected=True) is None
        assert is_free or not was_free
        was_free = is_free
        handed_in = handed_in | data.draw(st.sets(st.integers(0, len(round_.seats) - 1)))
    assert was_free
