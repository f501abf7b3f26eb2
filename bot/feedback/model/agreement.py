"""How far observers agree: for calibrating observers, never for judging coaches.

The main figure for a dojo is Krippendorff's alpha over all its end-of-round sheets, with an
interval. For one round it varies too much by chance: there “noted by k of n” is shown.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.feedback.model.resampling import resample

FEWEST_ROUNDS = 10
"""Rounds with two or more observers; with fewer a dojo's agreement is not shown."""
FEWEST_UNITS = 60
"""Things that two or more observers judged; with fewer a dojo's agreement is not shown."""
RESAMPLES = 1000

Value = str | int
Unit = Sequence[Value | None]
"""What the observers said about one thing; None, or left out, where an observer could not tell."""
Interval = tuple[float, float]

_Tally = tuple[tuple[Value, int], ...]
"""How often each value was given for one thing."""


def krippendorff_alpha(units: Iterable[Unit]) -> float | None:
    """Agreement beyond chance between any number of observers; 1 is perfect, 0 is chance.

    Units with fewer than two values are dropped. None where nothing is left to compare, or all
    values are equal: without any difference agreement says nothing.

    Source: K. Krippendorff, “Computing Krippendorff's Alpha-Reliability” (2011), with missing data,
    from coincidences.
    """
    return _alpha(Counter(_tallies(units)))


def alpha_interval(
    units: Iterable[Unit],
    rng: random.Random,
    *,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
) -> Interval | None:
    """The range in which alpha is likely to lie: percentiles of alphas of resampled units.

    Resamples without an alpha are skipped. None where there is no alpha to begin with, or only one
    unit. The same `rng` state gives the same range. Raises ValueError for a confidence that is not
    between 0 and 1, or no resamples.

    Source: the percentile bootstrap, Efron and Tibshirani, “An Introduction to the Bootstrap”
    (1993), chapter 13. It treats units as independent of each other. Units of one round have the
    same observers, so the true range is somewhat wider.
    """
    if not 0 < confidence < 1 or resamples < 1:
        raise ValueError("needs a confidence between 0 and 1, and resamples")
    tallies = Counter(_tallies(units))
    size = tallies.total()
    if size < 2 or _alpha(tallies) is None:
        return None
    # Most units are equal: it is much quicker to sample how many there are of each kind.
    kinds, counts = list(tallies), list(tallies.values())
    sampled = (
        _alpha(Counter(dict(zip(kinds, resample(counts, rng), strict=True))))
        for _ in range(resamples)
    )
    alphas = sorted(alpha for alpha in sampled if alpha is not None)
    if not alphas:
        return None
    tail = (1 - confidence) / 2
    return _quantile(alphas, tail), _quantile(alphas, 1 - tail)


@dataclass(frozen=True, slots=True)
class DojoAgreement:
    """How far the observers of a dojo agree, if there is enough data to say so."""

    rounds: int
    """Rounds in which two or more observers judged the same thing."""
    units: int
    """Things that two or more observers judged."""
    alpha: float | None = None
    """None while there is not enough data, and where all said the same: nothing to compare."""
    interval: Interval | None = None
    """95 %; present whenever alpha is."""

    @property
    def is_enough(self) -> bool:
        """Whether there are enough rounds and units; otherwise the answer is “not enough yet”."""
        return self.rounds >= FEWEST_ROUNDS and self.units >= FEWEST_UNITS


def dojo_agreement(
    rounds: Mapping[int, Iterable[Unit]], rng: random.Random, *, resamples: int = RESAMPLES
) -> DojoAgreement:
    """Agreement over all rounds of a dojo; `rounds` has the units of each round by its id.

    A unit is one code in one round, with what each observer's sheet says about it.
    """
    pairable = [[unit for unit in units if len(_given(unit)) > 1] for units in rounds.values()]
    units = [unit for of_round in pairable for unit in of_round]
    found = DojoAgreement(sum(map(bool, pairable)), len(units))
    if not found.is_enough:
        return found
    alpha = krippendorff_alpha(units)
    interval = alpha_interval(units, rng, resamples=resamples)
    return DojoAgreement(found.rounds, found.units, alpha, interval)


def _given(unit: Unit) -> list[Value]:
    return [value for value in unit if value is not None]


def _tallies(units: Iterable[Unit]) -> Iterable[_Tally]:
    """The values of each unit that can be compared, in a stable order."""
    for unit in units:
        values = _given(unit)
        if len(values) > 1:
            yield tuple(sorted(Counter(values).items(), key=str))


def _alpha(tallies: Counter[_Tally]) -> float | None:
    """Alpha of kinds of units, given how many there are of each."""
    totals: Counter[Value] = Counter()
    for tally, times in tallies.items():
        for value, count in tally:
            totals[value] += count * times
    expected = _disagreement(totals.items())
    if not expected:
        return None
    observed = math.fsum(
        times * _disagreement(tally) / (sum(count for _, count in tally) - 1)
        for tally, times in tallies.items()
        if len(tally) > 1
    )
    return 1 - (totals.total() - 1) * observed / expected


def _disagreement(tally: Iterable[tuple[Value, int]]) -> int:
    """How many pairs of values differ."""
    return sum(count * other for (_, count), (_, other) in combinations(tally, 2))


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which that share lies; interpolated between the two nearest if necessary."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
