"""Forming groups: how long it takes, and how many people meet again who need not."""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from random import Random

from bot.gatherings.grouping.draft import draw
from bot.gatherings.grouping.groups import Member, Past
from bot.gatherings.grouping.meetings import weight
from bot.gatherings.grouping.sizes import split
from bot.rounds.model.pairs import Pair, pair_of
from tests.benchmarks.report import Target

CROWD, EVENING, WEEKS = 60, 4, 52
SHUFFLES = 200
SIZES = (6, 7, 8, 9, 10, 11, 12, 15, 18, 20, 21, 24, 27, 30, 60)
ROUNDS = (3, 4)
BEST_KNOWN = {6: (6, 12), 7: (9, 18), 8: (12, 24), 10: (3, 7), 11: (6, 12)}
"""Repeats over three and four rounds; other sizes have none."""


@dataclass(frozen=True)
class Row:
    """Drafts for one size, with as many seeds as there are repetitions."""

    count: int
    rounds: int
    repeats: list[int]
    shuffled: float
    """Repeats of a random shuffle, the mean of many."""
    seconds: list[float]

    @property
    def best_known(self) -> int:
        """The repeats of the best schedule that is known."""
        return BEST_KNOWN.get(self.count, (0, 0))[self.rounds - ROUNDS[0]]


@dataclass(frozen=True)
class Found:
    """One repetition."""

    year: float
    """Seconds to form the groups of a large evening after a year of weekly gatherings."""
    met_again: float
    """In that evening, how often pairs had been together before, compared with a shuffle."""
    repeats: int
    """Of people within that evening."""
    beyond: int
    """Repeats beyond the best known, of all sizes without a history."""


TARGETS: list[Target[Found]] = [
    Target(f"{CROWD} people, {EVENING} rounds, a year before: ms", lambda one: one.year * 1e3, 250),
    Target("the same: repeats within the evening", lambda one: one.repeats, 0),
    Target("the same: met before, of a shuffle's", lambda one: one.met_again, 0.5),
    Target("all sizes: repeats beyond the best known", lambda one: one.beyond, 0),
]


def people(count: int) -> list[Member]:
    """Members 1 to `count`."""
    return [Member(number) for number in range(1, count + 1)]


def shuffled(count: int, rounds: int, random: Random) -> list[list[list[int]]]:
    """Groups as breakout rooms make them."""
    found: list[list[list[int]]] = []
    for _ in range(rounds):
        order = iter(random.sample(range(1, count + 1), count))
        found.append([[next(order) for _ in range(size)] for size in split(count)])
    return found


def year(count: int, random: Random) -> Past:
    """A year of weekly gatherings of one round, in random groups."""
    met: Counter[Pair] = Counter()
    coached: Counter[tuple[int, int]] = Counter()
    for week in range(1, WEEKS + 1):
        counts = weight(timedelta(weeks=week))
        for group in shuffled(count, 1, random)[0]:
            coached[group[0], group[1]] += counts  # type: ignore[assignment]
            for pair in combinations(group, 2):
                met[pair_of(*pair)] += counts  # type: ignore[assignment]
    return Past(met=met, coached=coached)


def pairs(rounds: Iterable[Iterable[Sequence[int]]]) -> Counter[Pair]:
    """How often each pair is together."""
    groups = (group for groups in rounds for group in groups)
    return Counter(pair_of(*pair) for group in groups for pair in combinations(group, 2))


def repeats(rounds: Iterable[Iterable[Sequence[int]]]) -> int:
    """For each two of the rounds, the pairs that are together in both."""
    return sum(times * (times - 1) // 2 for times in pairs(rounds).values())


def timed(members: list[Member], past: Past, rounds: int, seed: int) -> tuple[float, list]:
    """How many seconds a draft takes, and the people of its groups."""
    began = time.perf_counter()
    draws = draw(members, past, seed=seed, rounds=rounds)
    seconds = time.perf_counter() - began
    return seconds, [[group.people for group in one.groups] for one in draws]


def measured(repetitions: int) -> tuple[list[Row], list[Found]]:
    """All sizes without a history, then the large evening with one, with each seed."""
    random = Random(1)
    rows: list[Row] = []
    for count in SIZES:
        for rounds in ROUNDS:
            drawn = [timed(people(count), Past(), rounds, seed) for seed in range(repetitions)]
            by_chance = [repeats(shuffled(count, rounds, random)) for _ in range(SHUFFLES)]
            rows.append(
                Row(
                    count,
                    rounds,
                    [repeats(groups) for _, groups in drawn],
                    statistics.mean(by_chance),
                    [seconds for seconds, _ in drawn],
                )
            )
    past = year(CROWD, random)
    found: list[Found] = []
    for seed in range(repetitions):
        seconds, groups = timed(people(CROWD), past, EVENING, seed)
        by_chance = [_met(past, shuffled(CROWD, EVENING, random)) for _ in range(SHUFFLES)]
        beyond = sum(max(0, row.repeats[seed] - row.best_known) for row in rows)
        met = _met(past, groups) / statistics.mean(by_chance)
        found.append(Found(seconds, met, repeats(groups), beyond))
        print(f"groups: repetition {seed + 1} of {repetitions} done", file=sys.stderr, flush=True)
    return rows, found


def _met(past: Past, rounds: Iterable[Iterable[Sequence[int]]]) -> float:
    return sum(past.met.get(pair, 0) * times for pair, times in pairs(rounds).items())


def report(rows: list[Row], found: list[Found]) -> str:
    """The part as text: a line for each size, then the targets."""
    lines = ["people rounds  repeats  best known  by shuffle     ms  (no history; repeats: most)"]
    lines += [
        f"{row.count:>6}{row.rounds:>7}{max(row.repeats):>9}{row.best_known:>12}"
        f"{row.shuffled:>12.1f}{statistics.median(row.seconds) * 1e3:>7.1f}"
        for row in rows
    ]
    return "\n".join([*lines, "", *(target.line(found) for target in TARGETS)])
