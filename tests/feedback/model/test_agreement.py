"""How far observers agree: values that have been published, and what holds for all."""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.feedback.model.agreement import (
    FEWEST_ROUNDS,
    FEWEST_UNITS,
    DojoAgreement,
    alpha_interval,
    dojo_agreement,
    krippendorff_alpha,
)
from bot.feedback.model.resampling import resample


def units_of(*rows: str) -> list[list[int | None]]:
    """Units from one line of values for each observer."""
    columns = zip(*(row.split() for row in rows), strict=True)
    return [[None if value == "·" else int(value) for value in column] for column in columns]


FOUR_CODERS = units_of(
    "1 2 3 3 2 1 4 1 2 · · ·",
    "1 2 3 3 2 2 4 1 2 5 · 3",
    "· 3 3 3 2 3 4 2 2 5 1 ·",
    "1 2 3 3 2 4 4 1 2 5 1 ·",
)
THREE_CODERS = units_of(
    "· · · · · 3 4 1 2 1 1 3 3 · 3",
    "1 · 2 1 3 3 4 3 · · · · · · ·",
    "· · 2 1 3 4 4 · 2 1 1 3 3 · 4",
)
PARADOX = [("yes", "yes")] * 2 + [("yes", "no")] * 2 + [("no", "yes")] * 2 + [("no", "no")] * 54

RANKS = st.lists(
    st.lists(st.none() | st.integers(min_value=1, max_value=4), max_size=4), max_size=12
)
COUNTS = st.integers(min_value=0, max_value=40)


def alpha_by_pairs(units: Sequence[Sequence[int | None]]) -> float | None:
    """Nominal alpha straight from its meaning: pairs that differ, seen against expected."""
    known = [[value for value in unit if value is not None] for unit in units]
    known = [unit for unit in known if len(unit) > 1]
    everything = [value for unit in known for value in unit]

    def differing(values: list[int]) -> int:
        return sum(one != other for one in values for other in values)

    if not differing(everything):
        return None
    seen = sum(differing(unit) / (len(unit) - 1) for unit in known) / len(everything)
    expected = differing(everything) / (len(everything) * (len(everything) - 1))
    return 1 - seen / expected


def test_alpha_is_as_published():
    assert krippendorff_alpha(FOUR_CODERS) == pytest.approx(0.743, abs=0.0005)
    assert krippendorff_alpha(THREE_CODERS) == pytest.approx(0.691, abs=0.0005)


def test_those_who_nearly_always_say_the_same_agree_little_beyond_chance():
    assert krippendorff_alpha(PARADOX) == pytest.approx(0.47, abs=0.005)


@pytest.mark.parametrize(
    "units",
    [
        [],
        [[]],
        [[1]],
        [[1], [2], [None, 3]],
        [[None, None]],
        [[2, 2], [2, 2, 2]],
        [[2, 2], [5]],
    ],
)
def test_without_any_difference_to_compare_there_is_no_alpha(units):
    assert krippendorff_alpha(units) is None
    assert alpha_interval(units, random.Random(1)) is None


def test_values_may_be_words():
    units = [["seen", "seen"], ["signal", None, "signal"], ["both", "both"]]
    assert krippendorff_alpha(units) == 1.0


@examples(max_examples=40, deadline=None)
@given(RANKS)
def test_nominal_alpha_is_what_its_definition_says(units):
    alpha, defined = krippendorff_alpha(units), alpha_by_pairs(units)
    assert (alpha is None) is (defined is None)
    assert alpha is None or alpha == pytest.approx(defined)


@examples(max_examples=32, deadline=None)
@given(RANKS, st.randoms(use_true_random=False))
def test_neither_the_order_nor_what_is_missing_changes_alpha(units, rng):
    mixed = [rng.sample([*unit, None], len(unit) + 1) for unit in units]
    mixed += [[3], [None], []]
    rng.shuffle(mixed)
    alpha = krippendorff_alpha(units)
    assert alpha is None or alpha <= 1
    assert krippendorff_alpha(mixed) == (None if alpha is None else pytest.approx(alpha))


@examples(max_examples=24, deadline=None)
@given(st.lists(st.integers(min_value=1, max_value=4), min_size=2, max_size=12))
def test_perfect_agreement_is_one(values):
    alpha = krippendorff_alpha([[value, value, None, value] for value in values])
    assert alpha == (1.0 if len(set(values)) > 1 else None)


def test_the_interval_is_the_same_for_the_same_seed_and_holds_alpha():
    first, again, other = (alpha_interval(PARADOX, random.Random(seed)) for seed in (1, 1, 2))
    assert first == again != other
    assert first is not None
    low, high = first
    assert -0.1 < low < 0.2 < 0.46875 < 0.7 < high <= 1


def test_the_interval_is_narrower_with_less_confidence_and_with_more_units():
    def width(units, **more) -> float:
        found = alpha_interval(units, random.Random(5), resamples=400, **more)
        assert found is not None
        return found[1] - found[0]

    assert width(PARADOX, confidence=0.5) < width(PARADOX, confidence=0.8) < width(PARADOX)
    assert width(PARADOX * 16) == pytest.approx(width(PARADOX) / 4, rel=0.25)


def test_the_interval_lies_between_percentiles_of_the_resamples():
    rng = random.Random(3)
    drawn = [alpha_interval(PARADOX, rng, resamples=1) for _ in range(40)]
    alphas = [one[0] for one in drawn if one is not None]
    low, _, high = statistics.quantiles(alphas, n=4, method="inclusive")
    found = alpha_interval(PARADOX, random.Random(3), confidence=0.5, resamples=40)
    assert found == pytest.approx((low, high))


def test_resamples_without_any_difference_are_skipped():
    # One resample in four has the first unit twice, and one in four the second.
    units = [["a", "a"], ["b", "b"]]
    assert alpha_interval(units, random.Random(1), resamples=50) == (1.0, 1.0)


def test_where_no_resample_has_a_difference_there_is_no_interval():
    units = [["a", "a"]] * 40 + [["a", "b"]]
    seed = next(seed for seed in range(50) if resample([40, 1], random.Random(seed)) == [41, 0])
    assert krippendorff_alpha(units) is not None
    assert alpha_interval(units, random.Random(seed), resamples=1) is None


def test_an_interval_needs_two_units():
    assert krippendorff_alpha([["a", "b"]]) is not None
    assert alpha_interval([["a", "b"]], random.Random(1)) is None


@pytest.mark.parametrize("bad", [{"confidence": 0}, {"confidence": 1}, {"resamples": 0}])
def test_an_interval_needs_a_confidence_and_resamples(bad):
    with pytest.raises(ValueError, match="confidence"):
        alpha_interval(PARADOX, random.Random(1), **bad)


def rounds_of(number: int, *unit: str | None, units: int = 6) -> dict[int, list[list[str | None]]]:
    return {round_id: [list(unit) for _ in range(units)] for round_id in range(number)}


def test_a_dojo_hears_of_its_agreement_from_ten_rounds_and_sixty_units():
    assert (FEWEST_ROUNDS, FEWEST_UNITS) == (10, 60)
    rounds = rounds_of(10, "seen", "seen")
    rounds[3][2] = ["signal", "signal"]
    found = dojo_agreement(rounds, random.Random(1), resamples=100)
    assert (found.rounds, found.units, found.alpha, found.is_enough) == (10, 60, 1.0, True)
    assert found.interval == (1.0, 1.0)


@pytest.mark.parametrize(
    ("rounds", "known"),
    [
        ({}, DojoAgreement(0, 0)),
        (rounds_of(9, "seen", "signal", units=20), DojoAgreement(9, 180)),
        (rounds_of(11, "seen", "signal", units=5), DojoAgreement(11, 55)),
        # One observer, or two of whom one could never tell, is nobody to agree with.
        (rounds_of(30, "seen"), DojoAgreement(0, 0)),
        (rounds_of(30, "seen", None), DojoAgreement(0, 0)),
    ],
)
def test_with_less_it_hears_only_how_much_there_is(rounds, known):
    found = dojo_agreement(rounds, random.Random(1))
    assert found == known
    assert not found.is_enough


def test_rounds_and_units_with_one_observer_do_not_count_towards_enough():
    rounds = rounds_of(10, "seen", "signal")
    rounds[4][0] = ["seen", None]
    rounds[90] = [["seen"]] * 6
    assert dojo_agreement(rounds, random.Random(1)) == DojoAgreement(10, 59)


def test_enough_rounds_in_which_all_said_the_same_have_no_difference_to_compare():
    found = dojo_agreement(rounds_of(12, "seen", "seen"), random.Random(1))
    assert found == DojoAgreement(12, 72)
    assert found.is_enough
