"""How many people go into each group."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.gatherings.grouping.sizes import TooFewForGroups, others, split


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (2, (2,)), (3, (3,)), (4, (4,)), (5, (5,)), (6, (3, 3)), (7, (3, 4)), (8, (4, 4)),
        (9, (3, 3, 3)), (10, (3, 3, 4)), (11, (3, 4, 4)), (20, (3,) * 4 + (4, 4)),
        (25, (3,) * 7 + (4,)), (47, (3,) * 13 + (4, 4)), (60, (3,) * 20),
    ],
)  # fmt: skip
def test_people_are_split_into_threes_and_what_is_over_makes_fours(count, expected):
    assert split(count) == expected


@pytest.mark.parametrize(
    ("count", "leads", "expected"),
    [
        (6, 6, (3, 3)), (6, 4, (3, 3)), (6, 3, (6,)), (9, 4, (4, 5)), (9, 2, (9,)),
        (12, 6, (4, 4, 4)), (20, 7, (6, 7, 7)),
    ],
)  # fmt: skip
def test_with_few_who_lead_there_are_fewer_groups_as_even_as_possible(count, leads, expected):
    assert split(count, leads) == expected


@pytest.mark.parametrize(("count", "leads"), [(0, None), (1, None), (5, 1), (5, 0), (1, 1)])
def test_below_two_people_or_two_who_lead_there_is_no_group(count, leads):
    with pytest.raises(TooFewForGroups) as refused:
        split(count, leads)
    assert refused.value.people == count
    assert refused.value.leads == (count if leads is None else leads)


@examples(max_examples=60)
@given(st.integers(2, 60), st.data())
def test_nobody_is_left_over_or_alone_and_each_group_can_have_two_leads(count, data):
    leads = data.draw(st.integers(2, count))
    for way in (split(count, leads), *others(count, leads)):
        assert sum(way) == count
        assert min(way) >= 2
        assert len(way) <= leads // 2
        assert list(way) == sorted(way)


def test_other_sizes_are_the_nearest_to_threes_first():
    assert list(others(4, 4)) == [(2, 2)]
    assert list(others(5, 5)) == [(2, 3)]
    assert list(others(7, 7)) == [(2, 2, 3), (2, 5), (7,)]
    assert list(others(7, 4)) == [(2, 5), (7,)]
    assert next(others(30, 30)) == (2, *[3] * 8, 4)
