"""Plans of an evening: groups, rounds, minutes, and who has no turn as coach."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.content.library import load_library
from bot.content.model.formats import lasts
from bot.gatherings.model.plan import Misfit, Plan, best, is_one_ring, plan
from tests.rounds.model.steps import format_of

FORMATS = load_library()["en"].formats
SHIPPED = tuple(FORMATS.values())
TRIAD, QUICK = FORMATS["triad-30"], FORMATS["quick-10"]


def facts(found: Plan) -> tuple[tuple[int, ...], int, int, tuple[int, ...]]:
    """Groups, rounds, minutes by the format, and who has no turn."""
    written = found.written // timedelta(minutes=1)
    return found.sizes, found.rounds, written, found.without_turn


# The examples of the specification. They count the minutes of the formats; the landing of each
# round's coaching takes another one.


def test_nine_people_in_two_hours_have_three_rounds_of_thirty():
    found = plan(9, TRIAD, minutes=120)
    assert facts(found) == ((3, 3, 3), 3, 110, (0, 0, 0))
    assert found.minutes_needed == 113
    assert found.fits
    assert (found.missing, found.spare, found.misfit) == (0, (0, 0, 0), None)


def test_ten_people_in_ninety_minutes_have_four_quick_rounds_and_nobody_misses_a_turn():
    found = plan(10, QUICK, minutes=90)
    assert facts(found) == ((3, 3, 4), 4, 84, (0, 0, 0))
    assert found.minutes_needed == 88
    assert found.spare == (1, 1, 0)
    assert found.fits


def test_ten_people_in_ninety_minutes_have_two_rounds_of_thirty_and_the_trade_is_shown():
    found = plan(10, TRIAD, minutes=90)
    assert facts(found) == ((3, 3, 4), 2, 80, (1, 1, 2))
    assert found.minutes_needed == 82
    assert found.fits
    assert found.missing == 4
    assert (found.rounds_for_all, found.minutes_for_all) == (4, 144)


def test_twenty_people_in_an_hour_are_in_one_ring_which_needs_no_harvest():
    found = plan(20, FORMATS["fishbowl-45"], minutes=60)
    assert facts(found) == ((20,), 1, 55, (19,))
    assert found.minutes_needed == 56
    assert found.fits


# What else a plan says


def test_rounds_that_were_chosen_stay_and_say_when_they_take_too_long():
    found = plan(9, TRIAD, minutes=90, rounds=3)
    assert (found.rounds, found.misfit) == (3, Misfit.TIME)
    found = plan(9, TRIAD, rounds=5)
    assert found.fits
    assert found.spare == (2, 2, 2)
    with pytest.raises(ValueError, match="one round"):
        plan(9, TRIAD, rounds=0)


def test_without_minutes_there_are_as_many_rounds_as_the_largest_group_needs():
    assert [plan(people, QUICK).rounds for people in (3, 4, 5, 7, 9)] == [3, 4, 5, 4, 3]
    assert plan(20, FORMATS["fishbowl-45"]).rounds == 1
    assert plan(20, FORMATS["fishbowl-45"], minutes=150).rounds == 3


def test_too_little_time_for_one_round_is_said_with_what_one_would_need():
    found = plan(9, TRIAD, minutes=45)
    assert (found.rounds, found.misfit, found.minutes_needed) == (1, Misfit.TIME, 51)


def test_a_format_that_is_not_for_such_groups_is_named_as_the_reason():
    assert plan(5, TRIAD).misfit is Misfit.GROUPS
    assert plan(2, TRIAD).misfit is Misfit.GROUPS
    assert plan(2, FORMATS["pair-25"]).fits
    assert plan(40, FORMATS["fishbowl-45"]).misfit is Misfit.GROUPS
    assert plan(60, FORMATS["mcc-demo-60"]).fits


@pytest.mark.parametrize(("people", "leads"), [(0, None), (1, None), (3, 1), (7, 0)])
def test_without_a_coach_and_a_client_there_is_no_plan(people, leads):
    found = plan(people, QUICK, minutes=90, leads=leads)
    assert (found.misfit, found.sizes, found.rounds) == (Misfit.TOO_FEW, (), 1)
    assert best(people, SHIPPED, 90, leads=leads) is None


def test_going_to_the_rooms_and_back_takes_its_time_in_each_round():
    there = plan(10, QUICK, rounds=4, moving=timedelta(minutes=2))
    assert there.minutes_needed == 88 + 4 * 2
    assert plan(10, QUICK, minutes=90, moving=timedelta(minutes=2)).rounds == 3


def test_a_person_who_only_observes_misses_no_turn():
    found = plan(4, TRIAD, minutes=90, leads=3)
    assert (found.sizes, found.without_turn) == ((4,), (1,))
    assert found.rounds_for_all == 3
    assert plan(4, TRIAD, minutes=90, leads=2).missing == 0


def test_groups_that_are_known_are_counted_as_they_are():
    # Four people as two pairs, for two who must not be together.
    pairs = plan(4, QUICK, rounds=2, groups=[(2, 2), (2, 2)])
    assert (pairs.sizes, pairs.missing, pairs.rounds_for_all) == ((2, 2), 0, 2)
    # The one who only observes is in a three: in the four all want a turn.
    there = plan(10, QUICK, rounds=3, leads=9, groups=[(4, 4), (3, 2), (3, 3)])
    assert (there.sizes, there.without_turn, there.rounds_for_all) == ((3, 3, 4), (0, 0, 1), 4)


def test_in_a_relay_several_people_coach_in_one_round():
    found = plan(6, FORMATS["relay-30"], minutes=60)
    assert (found.sizes, found.rounds, found.without_turn) == ((6,), 1, (3,))
    assert found.rounds_for_all == 2


# Which format is best


@pytest.mark.parametrize(
    ("people", "minutes", "format_id", "rounds", "missing"),
    [
        (9, 120, "triad-30", 3, 0),
        (10, 90, "quick-10", 4, 0),
        (20, 60, "fishbowl-45", 1, 19),
        (9, 60, "quick-10", 2, 3),
        (2, 90, "pair-25", 2, 0),
        (5, 120, "quick-10", 5, 0),
        (60, 120, "triad-30", 3, 0),
        (40, 62, "micro-12", 3, 1),
        (40, 71, "quick-10", 3, 1),
        (4, 40, "quick-10", 1, 3),
        (3, 33, "micro-12", 1, 2),
    ],
)
def test_the_best_plan(people, minutes, format_id, rounds, missing):
    found = best(people, SHIPPED, minutes, like=TRIAD)
    assert found is not None
    assert (found.format.id, found.rounds, found.missing) == (format_id, rounds, missing)


def test_with_too_little_time_for_anything_there_is_no_best_plan():
    assert best(9, SHIPPED, 30) is None
    assert best(9, [], 120) is None


def test_of_formats_of_the_same_length_the_one_that_is_planned_stays():
    twin = replace(TRIAD, id="twin-30")
    for formats in ((TRIAD, twin), (twin, TRIAD)):
        for like in formats:
            found = best(9, formats, 120, like=like)
            assert found is not None
            assert found.format == like


def test_of_equally_fair_formats_the_one_of_the_dojo_is_best_else_the_longest_coaching():
    found = best(9, SHIPPED, 180)
    assert found is not None
    assert found.format.id == "deep-45"
    found = best(9, SHIPPED, 180, like=QUICK)
    assert found is not None
    assert found.format == QUICK


COACHING = st.builds(
    lambda length, people: format_of(
        f"agree 1, coach {length}, self 2", fewest=min(people), most=max(people)
    ),
    st.integers(2, 40),
    st.tuples(st.integers(2, 60), st.integers(2, 60)),
)


@given(
    people=st.integers(2, 60),
    format_=st.sampled_from(SHIPPED) | COACHING,
    minutes=st.none() | st.integers(10, 300),
    rounds=st.none() | st.integers(1, 6),
    observing=st.integers(0, 3),
    moving=st.integers(0, 3),
)
@examples(max_examples=60, deadline=None)
def test_every_plan_adds_up(people, format_, minutes, rounds, observing, moving):
    leads = max(people - observing, 2)
    pause = timedelta(minutes=moving)
    found = plan(people, format_, minutes=minutes, rounds=rounds, leads=leads, moving=pause)
    assert sum(found.sizes) == people
    assert rounds in (None, found.rounds)
    assert len(found.without_turn) == len(found.spare) == len(found.sizes)
    # A group has people without a turn, or turns without people.
    assert not any(both for both in zip(found.without_turn, found.spare, strict=True) if all(both))
    assert found.missing <= leads
    assert (found.missing == 0) == (found.rounds >= found.rounds_for_all)
    assert found.needed >= found.written
    if found.fits and minutes is not None:
        assert found.minutes_needed <= minutes
    if rounds is None and minutes is not None and found.missing and not is_one_ring(format_):
        # Not one more would fit.
        one_more = found.needed + lasts(format_) + pause
        assert one_more > timedelta(minutes=minutes)


@given(people=st.integers(2, 60), minutes=st.integers(10, 300))
@examples(max_examples=60, deadline=None)
def test_the_best_plan_can_be_carried_out_and_no_fairer_rooms_were_passed_over(people, minutes):
    found = best(people, SHIPPED, minutes, like=TRIAD)
    fitting = [one for one in (plan(people, f, minutes=minutes) for f in SHIPPED) if one.fits]
    if found is None:
        assert not fitting
        return
    assert found in fitting
    if not is_one_ring(found.format) and found.format.id != "micro-12":
        rivals = [FORMATS[name] for name in ("quick-10", "triad-30", "deep-45", "pair-25")]
        assert found.missing == min(one.missing for one in fitting if one.format in rivals)


def test_one_ring_is_not_proposed_where_all_are_in_one_room_anyway():
    """One round in a ring left out three of four people, though two rounds leave out two."""
    moving = timedelta(minutes=2)
    found = best(4, SHIPPED, 60, like=TRIAD, moving=moving)
    assert found is not None
    assert (found.format.id, found.rounds, found.missing) == ("quick-10", 2, 2)
    # With more people, more than a third without a turn in several rooms still is a ring.
    found = best(7, SHIPPED, 60, like=TRIAD, moving=moving)
    assert found is not None
    assert found.format.id == "fishbowl-45"
