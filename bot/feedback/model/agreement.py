"""How far observers agree: for calibrating observers, never for judging coaches.

The main figure for a dojo is Krippendorff's alpha over all its end-of-round sheets, with an
interval. For one round it ranges from below 0 to above 0.8 by chance alone, so there “noted by k of
n” is shown.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, combinations

from bot.feedback.model.resampling import resample

FEWEST_ROUNDS = 10
"""Rounds with two or more observers; with fewer a dojo's agreement is not shown."""
FEWEST_UNITS = 60
"""Things that two or more observers judged; with fewer a dojo's agreement is not shown."""
RESAMPLES = 1000

Value = str | float
Unit = Sequence[Value | None]
"""What the observers said about one thing; None, or left out, where an observer could not tell."""
Interval = tuple[float, float]

_Tally = tuple[tuple[Value, int], ...]
"""How often each value was given for one thing."""


class Level(StrEnum):
    """What the difference between two values means."""

    NOMINAL = "nominal"
    """The values differ, and that is all."""
    ORDINAL = "ordinal"
    """One value is further along than the other: numbers that are ranks."""
    INTERVAL = "interval"
    """How far apart the values are: numbers."""


def krippendorff_alpha(units: Iterable[Unit], level: Level = Level.NOMINAL) -> float | None:
    """Agreement beyond chance between any number of observers; 1 is perfect, 0 is chance.

    Units with fewer than two values are dropped. None where nothing is left to compare, or all
    values are equal: without any difference agreement says nothing. Raises ValueError for values
    that are not finite numbers, where the level needs numbers.

    Source: K. Krippendorff, “Computing Krippendorff's Alpha-Reliability” (2011), with missing data,
    from coincidences.
    """
    return _alpha(Counter(_tallies(units, level)), level)


def alpha_interval(
    units: Iterable[Unit],
    rng: random.Random,
    *,
    level: Level = Level.NOMINAL,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
) -> Interval | None:
    """The range in which alpha is likely to lie: percentiles of alphas of resampled units.

    Resamples without an alpha are skipped. None where there is no alpha to begin with, or only one
    unit. The same `rng` state gives the same range. Raises ValueError like `krippendorff_alpha`,
    and for a confidence that is not between 0 and 1 or no resamples.

    Source: the percentile bootstrap, Efron and Tibshirani, “An Introduction to the Bootstrap”
    (1993), chapter 13. It treats units as independent of each other. Units of one round have the
    same observers, so the true range is somewhat wider.
    """
    if not 0 < confidence < 1 or resamples < 1:
        raise ValueError("needs a confidence between 0 and 1, and resamples")
    tallies = Counter(_tallies(units, level))
    size = tallies.total()
    if size < 2 or _alpha(tallies, level) is None:
        return None
    # Most units are equal: it is much quicker to sample how many there are of each kind.
    kinds, counts = list(tallies), list(tallies.values())
    sampled = (
        _alpha(Counter(dict(zip(kinds, resample(counts, rng), strict=True))), level)
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


def _tallies(units: Iterable[Unit], level: Level) -> Iterable[_Tally]:
    """The values of each unit that can be compared, in a stable order."""
    for unit in units:
        values = _given(unit)
        if level is not Level.NOMINAL:
            values = [_number(value) for value in values]
        if len(values) > 1:
            yield tuple(sorted(Counter(values).items(), key=lambda one: (str(one[0]), one[1])))


def _number(value: Value) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value!r} is no finite number")
    return number


def _alpha(tallies: Counter[_Tally], level: Level) -> float | None:
    """Alpha of kinds of units, given how many there are of each."""
    totals: Counter[Value] = Counter()
    for tally, times in tallies.items():
        for value, count in tally:
            totals[value] += count * times
    places = _places(totals, level)
    expected = _disagreement(totals.items(), places)
    if not expected:
        return None
    observed = math.fsum(
        times * _disagreement(tally, places) / (sum(count for _, count in tally) - 1)
        for tally, times in tallies.items()
        if len(tally) > 1
    )
    return 1 - (totals.total() - 1) * observed / expected


def _disagreement(tally: Iterable[tuple[Value, int]], places: Mapping[Value, float]) -> float:
    """The squared differences of all pairs of values, added up; without places each is 1."""
    return math.fsum(
        count * other_count * ((places[value] - places[other]) ** 2 if places else 1)
        for (value, count), (other, other_count) in combinations(tally, 2)
    )


def _places(totals: Counter[Value], level: Level) -> dict[Value, float]:
    """Where values lie on a line; a rank lies in the middle of all values that share it."""
    if level is Level.NOMINAL:
        return {}
    if level is Level.INTERVAL:
        return {value: float(value) for value in totals}
    ranked = sorted(totals, key=float)
    ends = accumulate(totals[value] for value in ranked)
    return {value: end - totals[value] / 2 for value, end in zip(ranked, ends, strict=True)}


def _quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which that share lies; interpolated between the two nearest if necessary."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
