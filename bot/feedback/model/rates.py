"""How often something was noted, and what may be said about it without misleading.

A few notes say very little: of two rounds of equal length, one with one note and one with seven,
the coaching may well be the same. So counts come with the coaching time they are from and with a
range, and a change is put into words only once there is enough of both. A change in counts need not
be a change in skill: other observers, another format, another client.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

TEN_MINUTES = timedelta(minutes=10)
DOTS_FROM = (3, timedelta(minutes=45))
"""Rounds and coaching time from which a dot for each round may be shown."""
HALVES_FROM = (6, timedelta(minutes=120))
"""Rounds and coaching time from which an earlier and a later half may be compared."""
HALVES_LEVEL = 0.80
"""Confidence of the ranges that are shown with halves."""


class Showing(StrEnum):
    """What may be shown about rounds over time; each step includes those before it."""

    LIST = "list"
    """Only what was noted: it is too early to see a pattern."""
    DOTS = "dots"
    """A dot for each round with its coaching time, without a line."""
    HALVES = "halves"
    """The earlier and the later half with their ranges and one phrase."""


class Change(StrEnum):
    """What may be said about the later half compared with the earlier; neither way is praise."""

    CLEARLY_LOWER = "clearly lower"
    LOOKS_LOWER = "looks lower"
    """It could be chance."""
    NOT_VISIBLE = "not visible"
    LOOKS_HIGHER = "looks higher"
    """It could be chance."""
    CLEARLY_HIGHER = "clearly higher"


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something was noted in a time. Raises ValueError below 0 and without a time."""

    count: float
    """The mean over the observers who were there, never their sum."""
    coached: timedelta
    """Coaching time, without pauses; more than zero."""

    def __post_init__(self) -> None:
        if not 0 <= self.count < math.inf or self.coached <= timedelta():
            raise ValueError("needs a count from 0 and some coaching time")

    @property
    def rate(self) -> float:
        """Notes per 10 minutes of coaching."""
        return self.count * (TEN_MINUTES / self.coached)

    @property
    def limits(self) -> tuple[float, float]:
        """The 80 % range of the rate, per 10 minutes of coaching."""
        low, high = poisson_limits(self.count, HALVES_LEVEL)
        tens = self.coached / TEN_MINUTES
        return low / tens, high / tens


def poisson_limits(count: float, level: float = 0.95) -> tuple[float, float]:
    """The exact range of a Poisson mean, after `count` events were seen.

    Divide both limits by the time for limits of a rate. A count between whole numbers (a mean over
    observers) has limits between theirs. Raises ValueError for a negative or infinite count, or a
    level that is not between 0 and 1.

    Source: F. Garwood, “Fiducial Limits for the Poisson Distribution” (1936), in the form with the
    gamma distribution, which is also defined between whole numbers (M. Fay and E. Feuer,
    “Confidence intervals for directly standardized rates”, 1997).
    """
    if not 0 <= count < math.inf or not 0 < level < 1:
        raise ValueError("needs a count from 0 and a level between 0 and 1")
    tail = (1 - level) / 2
    low = _gamma_quantile(count, tail) if count else 0.0
    return low, _gamma_quantile(count + 1, 1 - tail)


def may_show(rounds: int, coached: timedelta) -> Showing:
    """What may be shown for this number of rounds with this much coaching time in total."""
    for showing, (fewest, least) in ((Showing.HALVES, HALVES_FROM), (Showing.DOTS, DOTS_FROM)):
        if rounds >= fewest and coached >= least:
            return showing
    return Showing.LIST


def halves(rounds: Sequence[Counted]) -> tuple[Counted, Counted]:
    """The earlier half of rounds, and the later, with an odd one. Raises ValueError below two."""
    if len(rounds) < 2:
        raise ValueError("one round has no halves")
    middle = len(rounds) // 2
    return _together(rounds[:middle]), _together(rounds[middle:])


def compare_halves(earlier: Counted, later: Counted) -> Change:
    """The one phrase that may be said about two halves, by their 80 % ranges.

    Clearly: the ranges do not overlap; chance alone does that about once in 20 times, or less.
    Looks so: each half's rate is outside the other's range, which chance does up to once in 4
    times. Meant for one code, the coach's focus: among many codes one will look changed by luck.
    """
    if later.rate > earlier.rate:
        upwards = {
            Change.CLEARLY_LOWER: Change.CLEARLY_HIGHER,
            Change.LOOKS_LOWER: Change.LOOKS_HIGHER,
        }
        mirrored = compare_halves(later, earlier)
        return upwards.get(mirrored, mirrored)
    (low, _), (_, high) = earlier.limits, later.limits
    if high < low:
        return Change.CLEARLY_LOWER
    if later.rate < low and earlier.rate > high:
        return Change.LOOKS_LOWER
    return Change.NOT_VISIBLE


def _together(rounds: Sequence[Counted]) -> Counted:
    coached = sum((round_.coached for round_ in rounds), timedelta())
    return Counted(math.fsum(round_.count for round_ in rounds), coached)


def _gamma_quantile(shape: float, share: float) -> float:
    """The value below which that share of the gamma distribution with scale 1 lies."""
    # Nothing lies 30 standard deviations out, and up to there the series does not vanish.
    low, high = 0.0, shape + 30 * (math.sqrt(shape) + 1)
    # Halved until no number lies between: some 60 steps.
    while low < (middle := (low + high) / 2) < high:
        if _gamma_share(shape, middle) < share:
            low = middle
        else:
            high = middle
    return high


def _gamma_share(shape: float, upto: float) -> float:
    """The share of the gamma distribution below a value above 0.

    The series of the regularised incomplete gamma function (DLMF 8.7.1 with 8.2.4): all terms are
    positive, so nothing cancels out.
    """
    term = math.exp(shape * math.log(upto) - upto - math.lgamma(shape + 1))
    total, step = 0.0, shape
    while term > total * 1e-17 or step < upto:
        total += term
        step += 1
        term *= upto / step
    return total
