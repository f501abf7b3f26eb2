"""An evening that is only played through: everybody has a place, and turns come out even."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.model.formats import SegmentKind
from bot.gatherings.grouping.sizes import TooFewForGroups
from bot.gatherings.model.dry_run import rehearse
from bot.gatherings.model.gathering import Grouping
from bot.gatherings.model.plan import HARVEST, OPENING, is_one_ring


@pytest.fixture(scope="module")
def formats(library):
    return tuple(library["en"].formats.values())


def named(formats, format_id):
    return next(one for one in formats if one.id == format_id)


@settings(max_examples=25, deadline=None)
@given(
    people=st.integers(2, 16),
    rounds=st.integers(1, 4),
    grouping=st.sampled_from(Grouping),
    number=st.integers(0, 50),
    seed=st.integers(0, 2**31 - 1),
)
def test_everybody_is_in_one_group_of_each_round_and_every_group_has_a_coach(
    formats, people, rounds, grouping, number, seed
):
    format_ = formats[number % len(formats)]
    played = rehearse(people, rounds, format_, formats, grouping=grouping, seed=seed)

    assert len(played.rounds) == rounds
    for one in played.rounds:
        placed = [who for group in one.draw.groups for who in group.people]
        assert sorted(placed) == list(range(1, people + 1))
    groups = sum(len(one.draw.groups) for one in played.rounds)
    assert sum(played.coached.values()) == groups
    assert sorted(played.coached) == list(range(1, people + 1))
    assert played == rehearse(people, rounds, format_, formats, grouping=grouping, seed=seed)


def test_in_threes_that_stay_everybody_coaches_once_and_in_fresh_ones_nobody_meets_twice(formats):
    quick = named(formats, "quick-10")
    stay = rehearse(9, 3, quick, formats, grouping=Grouping.STAY, seed=1)
    fresh = rehearse(9, 3, quick, formats, grouping=Grouping.FRESH, seed=1)

    assert set(stay.coached.values()) == set(fresh.coached.values()) == {1}
    same = {frozenset(group.people) for one in stay.rounds for group in one.draw.groups}
    assert len(same) == 3
    assert stay.repeats == 2 * 9
    assert fresh.repeats == 0


def test_each_round_begins_when_everybody_is_back_from_the_one_before(formats):
    triad = named(formats, "triad-30")
    played = rehearse(10, 2, triad, formats, grouping=Grouping.STAY, seed=3)
    first, second = played.rounds

    assert first.rooms_at == OPENING
    # A7: the plan says the same length.
    assert second.back_at + HARVEST == played.plan.needed
    assert first.rooms_at < first.clock_at < first.back_at == second.rooms_at
    assert second.back_at - second.clock_at >= triad.total
    coaching = sum((s.length for s in triad.segments if s.kind is SegmentKind.COACH), timedelta())
    assert first.back_at - first.clock_at > coaching


def test_in_a_ring_of_everybody_another_person_coaches_each_time(formats):
    ring = next(one for one in formats if one.most > 5 and one.suits_count(12))
    played = rehearse(12, 3, ring, formats, grouping=Grouping.FRESH, seed=5)

    assert [len(one.draw.groups) for one in played.rounds] == [1, 1, 1]
    assert sorted(played.coached.values())[-3:] == [1, 1, 1]


def test_one_person_alone_makes_no_evening(formats):
    with pytest.raises(TooFewForGroups):
        rehearse(1, 1, formats[0], formats, grouping=Grouping.STAY, seed=1)


def test_a_plan_says_how_long_the_evening_is_that_is_played(formats):
    """A7: groups of a size the format is not for follow another one, as long as that takes."""
    wrong: list[str] = []
    for format_ in formats:
        for people in range(2, 31):
            played = rehearse(people, 2, format_, formats, grouping=Grouping.STAY, seed=1)
            harvest = timedelta() if is_one_ring(format_) else HARVEST
            lasted = played.rounds[-1].back_at + harvest
            if played.plan.needed != lasted:
                wrong.append(f"{format_.id}, {people} people: {lasted}, not {played.plan.needed}")
    assert not wrong
