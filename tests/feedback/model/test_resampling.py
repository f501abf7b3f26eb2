"""Counts of a resample, drawn without drawing each thing."""

from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.model.resampling import binomial, resample

MANY = 4_000


@given(counts=st.lists(st.integers(1, 500), min_size=1, max_size=8), seed=st.integers(0, 99))
def test_a_resample_has_as_many_things_as_there_are(counts, seed):
    drawn = resample(counts, random.Random(seed))
    assert sum(drawn) == sum(counts)
    assert min(drawn) >= 0
    assert drawn == resample(counts, random.Random(seed))


@pytest.mark.parametrize(
    ("n", "p"), [(5, 0.3), (40, 0.5), (60, 0.97), (1_000, 0.002), (4_000, 0.3)]
)
def test_successes_have_the_mean_and_the_spread_of_so_many_trials(n, p):
    """Both ways to draw them, and where few fail."""
    rng = random.Random(3)
    drawn = [binomial(n, p, rng) for _ in range(MANY)]
    assert 0 <= min(drawn) <= max(drawn) <= n
    variance = n * p * (1 - p)
    assert statistics.mean(drawn) == pytest.approx(n * p, abs=4 * (variance / MANY) ** 0.5)
    assert statistics.pvariance(drawn) == pytest.approx(variance, rel=0.12)


def test_nothing_comes_of_no_trials_or_no_chance():
    assert binomial(0, 0.5, random.Random(1)) == binomial(10, 0.0, random.Random(1)) == 0
