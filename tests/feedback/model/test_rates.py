"""Rates, their ranges, and what may be said of them."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.feedback.model.rates import (
    Change,
    Counted,
    Showing,
    compare_halves,
    halves,
    may_show,
    poisson_limits,
)

COUNTS = st.integers(min_value=0, max_value=60)
HALVES = st.builds(
    Counted,
    st.integers(min_value=0, max_value=60).map(lambda thirds: thirds / 3),
    st.integers(min_value=20, max_value=300).map(lambda minutes: timedelta(minutes=minutes)),
)
MIRRORED = {
    Change.CLEARLY_LOWER: Change.CLEARLY_HIGHER,
    Change.LOOKS_LOWER: Change.LOOKS_HIGHER,
    Change.NOT_VISIBLE: Change.NOT_VISIBLE,
    Change.LOOKS_HIGHER: Change.LOOKS_LOWER,
    Change.CLEARLY_HIGHER: Change.CLEARLY_LOWER,
}


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def hour(count: float) -> Counted:
    return Counted(count, minutes(60))


def at_most(count: int, mean: float) -> float:
    """How probable it is that something with that mean happens at most so often."""
    return math.fsum(
        math.exp(times * math.log(mean) - mean - math.lgamma(times + 1))
        for times in range(count + 1)
    )


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0, 3.69), (1, 0.03, 5.57), (2, 0.24, 7.22), (3, 0.62, 8.77), (4, 1.09, 10.24),
        (5, 1.62, 11.67), (6, 2.20, 13.06), (8, 3.45, 15.76), (10, 4.80, 18.39),
    ],
)  # fmt: skip
def test_limits_of_95_percent_are_as_in_the_tables(count, low, high):
    assert poisson_limits(count) == pytest.approx((low, high), abs=0.0051)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        (0, 0, 2.30), (1, 0.11, 3.89), (2, 0.53, 5.32), (3, 1.10, 6.68), (4, 1.74, 7.99),
        (5, 2.43, 9.27),
    ],
)  # fmt: skip
def test_limits_of_80_percent_are_as_in_the_tables(count, low, high):
    assert poisson_limits(count, 0.80) == pytest.approx((low, high), abs=0.0051)


def test_limits_that_have_a_formula_are_exact():
    assert poisson_limits(0) == pytest.approx((0, -math.log(0.025)), abs=1e-12)
    assert poisson_limits(1)[0] == pytest.approx(-math.log(0.975), abs=1e-12)


@examples(max_examples=24, deadline=None)
@given(st.integers(min_value=1, max_value=200), st.sampled_from([0.5, 0.8, 0.95, 0.99]))
def test_at_its_limits_a_count_is_just_not_too_improbable(count, level):
    low, high = poisson_limits(count, level)
    tail = (1 - level) / 2
    assert 1 - at_most(count - 1, low) == pytest.approx(tail, abs=1e-10)
    assert at_most(count, high) == pytest.approx(tail, abs=1e-10)


@examples(max_examples=20, deadline=None)
@given(st.integers(min_value=0, max_value=60), st.sampled_from([1 / 3, 0.5, 2 / 3]))
def test_a_mean_between_two_counts_has_limits_between_theirs(count, part):
    below, between, above = map(poisson_limits, (count, count + part, count + 1))
    assert below[0] < between[0] < above[0]
    assert below[1] < between[1] < above[1]
    assert between[0] < count + part < between[1]


def test_limits_are_found_for_the_least_and_the_most_and_for_nearly_all_confidence():
    assert 0 <= poisson_limits(0.001)[0] < 1e-9
    low, high = poisson_limits(20_000)
    assert (low, high) == pytest.approx((20_000 - 276, 20_000 + 279), abs=1)
    low, high = poisson_limits(5, 1 - 1e-12)
    assert at_most(5, high) == pytest.approx(5e-13, rel=0.01)
    assert 0 < low < 0.01


def test_more_confidence_means_a_wider_range():
    ranges = [poisson_limits(5, level) for level in (0.5, 0.8, 0.95, 0.99)]
    assert sorted(ranges, reverse=True) == ranges
    assert sorted(high for _, high in ranges) == [high for _, high in ranges]


@pytest.mark.parametrize(
    ("count", "level"), [(-1, 0.95), (math.inf, 0.95), (math.nan, 0.95), (3, 0), (3, 1)]
)
def test_limits_need_a_count_and_a_level(count, level):
    with pytest.raises(ValueError, match="count"):
        poisson_limits(count, level)


@pytest.mark.parametrize(
    ("rounds", "coached", "showing"),
    [
        (0, 0, Showing.LIST),
        (2, 500, Showing.LIST),
        (30, 44.99, Showing.LIST),
        (3, 45, Showing.DOTS),
        (5, 500, Showing.DOTS),
        (30, 119.99, Showing.DOTS),
        (6, 120, Showing.HALVES),
        (60, 1200, Showing.HALVES),
    ],
)
def test_what_may_be_shown_depends_on_rounds_and_on_time(rounds, coached, showing):
    assert may_show(rounds, minutes(coached)) is showing


def test_a_half_has_its_rate_and_its_range_in_ten_minutes():
    half = Counted(6, minutes(60))
    assert half.rate == 1
    assert half.limits == pytest.approx([limit / 6 for limit in poisson_limits(6, 0.80)])


def test_rounds_are_halved_in_their_order_and_an_odd_one_is_with_the_later():
    rounds = [Counted(number, minutes(20 + number)) for number in (1, 2, 0.5, 0, 0.25)]
    assert halves(rounds) == (Counted(3, minutes(43)), Counted(0.75, minutes(60.75)))
    assert halves(rounds[:2]) == (rounds[0], rounds[1])


def test_one_round_has_no_halves():
    with pytest.raises(ValueError, match="no halves"):
        halves([hour(3)])


@pytest.mark.parametrize(
    ("count", "coached"), [(-0.5, 10), (math.inf, 10), (math.nan, 10), (1, 0), (1, -10)]
)
def test_an_impossible_half_is_refused(count, coached):
    with pytest.raises(ValueError, match="some coaching time"):
        Counted(count, minutes(coached))


@pytest.mark.parametrize(
    ("earlier", "later", "change"),
    [
        (6, 0, Change.CLEARLY_LOWER),
        (8, 1, Change.CLEARLY_LOWER),
        (20, 8, Change.CLEARLY_LOWER),
        (4, 1, Change.LOOKS_LOWER),
        (3, 0, Change.LOOKS_LOWER),
        (1, 0, Change.NOT_VISIBLE),
        (2, 0, Change.NOT_VISIBLE),
        (3, 1, Change.NOT_VISIBLE),
        (0, 0, Change.NOT_VISIBLE),
        (5, 5, Change.NOT_VISIBLE),
    ],
)
def test_words_for_two_hours_of_coaching(earlier, later, change):
    assert compare_halves(hour(earlier), hour(later)) is change
    assert compare_halves(hour(later), hour(earlier)) is MIRRORED[change]


def test_words_are_for_rates_and_not_for_counts():
    twice_the_time = compare_halves(Counted(5, minutes(60)), Counted(10, minutes(120)))
    assert twice_the_time is Change.NOT_VISIBLE
    assert compare_halves(Counted(8, minutes(60)), Counted(8, minutes(240))) is Change.CLEARLY_LOWER


@examples(max_examples=20, deadline=None)
@given(HALVES, HALVES)
def test_words_say_no_more_than_the_ranges_that_are_shown(earlier, later):
    change = compare_halves(earlier, later)
    assert compare_halves(later, earlier) is MIRRORED[change]
    (low, high), (later_low, later_high) = earlier.limits, later.limits
    apart = later_high < low or high < later_low
    assert apart is (change in (Change.CLEARLY_LOWER, Change.CLEARLY_HIGHER))
    if change in (Change.CLEARLY_LOWER, Change.LOOKS_LOWER):
        assert later.rate < earlier.rate


@pytest.mark.parametrize("mean", [1, 3, 8, 20])
def test_chance_alone_is_seldom_called_clear(mean):
    chances = [at_most(0, mean)]
    chances += [at_most(n, mean) - at_most(n - 1, mean) for n in range(1, 3 * mean + 8)]
    limits = [hour(count).limits for count in range(len(chances))]
    wrong = sum(
        one * other
        for one, (low, _) in zip(chances, limits, strict=True)
        for other, (_, high) in zip(chances, limits, strict=True)
        if high < low
    )
    assert 2 * wrong < 0.05
