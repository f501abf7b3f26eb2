"""The search for good groups over several rounds: a first arrangement, then better ones.

Groups in which nobody meets anybody twice are the social golfer problem (CSPLib problem 10; with
threes, Kirkman's schoolgirls). What counts against a plan is added up over pairs, and two people
change places again and again: always when that is better, at times when it is worse, less and
less often: simulated annealing (Kirkpatrick, Gelatt and Vecchi, Science 220, 1983). Good-Enough
Golfers searches by the same cost, the squared number of times two people meet.

No library was found for it (November 2026): OR-Tools and the team formation programs on top of it
bring a general solver of tens of megabytes; `simanneal` has the loop only, without a seed, copies
the state for each step and is not maintained; seating planners know one round and no history.

People are numbers from 0 here, what counts against a pair a whole number: sums come out the same
everywhere. There is no clock in it: the work is bounded by the number of steps.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations
from math import exp
from random import Random

from bot.gatherings.grouping.sizes import LEADS, even_bounds

Arrangement = list[list[int]]
"""The groups of one round."""

_LEVELS = 50
"""Temperatures, each a fixed part of the one before."""
_HOPELESS = 12
"""So many temperatures worse is never taken: once in 160,000 times."""


@dataclass(slots=True)
class Steps:
    """How many more places may be tried."""

    left: int


def arrange(
    sizes: Sequence[int],
    leads: Sequence[bool],
    apart: Sequence[AbstractSet[int]],
    together: Sequence[Sequence[int]],
    random: Random,
    steps: Steps,
    *,
    evenly: bool = False,
) -> Arrangement | None:
    """Any groups of these sizes that keep the rules, by trying places and taking them back.

    Two of each group lead, nobody is with someone of their `apart`, and the people of each list
    in `together` (none in two of them) are in one group. `evenly`, those who lead are spread as
    evenly as the sizes allow, so that nobody misses a turn who need not. None when there are no
    such groups, or when they were not found within the `steps`, which are counted down.
    """
    bound = {person for unit in together for person in unit}
    alone = [[person] for person in range(len(leads)) if person not in bound]
    random.shuffle(alone)
    alone.sort(key=lambda unit: (leads[unit[0]], -len(apart[unit[0]])))
    units = [*sorted((list(unit) for unit in together), key=len, reverse=True), *alone]
    groups: Arrangement = [[] for _ in sizes]
    watching = [0] * len(sizes)
    bounds = even_bounds(sizes, sum(leads)) if evenly else [(LEADS, size) for size in sizes]

    def fits(unit: Sequence[int], number: int, watchers: int) -> bool:
        size, group = sizes[number], groups[number]
        fewest, most = bounds[number]
        watch = watching[number] + watchers
        many = len(group) + len(unit)
        if many > size or watch > size - fewest or many - watch > most:
            return False
        return not any(mate in apart[person] for person in unit for mate in group)

    def place(index: int) -> bool:
        if index == len(units):
            return True
        unit = units[index]
        watchers = sum(not leads[person] for person in unit)
        tried: set[int] = set()
        # Observers go where leads would be too many, and are spread; people who stay together go
        # where they just fit.
        order = sorted(
            range(len(sizes)),
            key=lambda number: (
                watchers > 0 and watching[number] >= sizes[number] - bounds[number][1],
                sizes[number] - len(groups[number]) if len(unit) > 1 else len(groups[number]),
            ),
        )
        for number in order:
            if not groups[number]:
                if sizes[number] in tried:
                    continue
                tried.add(sizes[number])
            if not fits(unit, number, watchers):
                continue
            if steps.left <= 0:
                return False
            steps.left -= 1
            groups[number].extend(unit)
            watching[number] += watchers
            if place(index + 1):
                return True
            del groups[number][-len(unit) :]
            watching[number] -= watchers
        return False

    return groups if place(0) else None


@dataclass(slots=True)
class Plan:
    """The groups of some rounds, and what counts against them."""

    rounds: list[Arrangement]
    cost: list[list[int]]
    """What counts against having two people together in a round; symmetrical, 0 for oneself."""
    times: list[list[int]]
    """How often they were together before these rounds."""
    repeat: int
    """What counts against a second time together; a third counts more than twice as much."""
    leads: Sequence[bool]
    fixed: Sequence[Collection[int]]
    """Who must keep their place, for each round."""
    least: int = 0
    """What counts against every plan, apart from repeats."""

    def total(self) -> int:
        """All that counts against the plan."""
        times = [row[:] for row in self.times]
        total = 0
        for groups in self.rounds:
            for one, other in (two for group in groups for two in combinations(group, 2)):
                total += self.cost[one][other] + self.once_more(times[one][other])
                times[one][other] += 1
                times[other][one] += 1
        return total

    def once_more(self, times: int) -> int:
        """What counts against a time together after so many.

        Summed up it is half the square of their number, less one half each, and a quarter for
        each beyond the second: rather two pairs twice than one pair three times.
        """
        return self.repeat * times + self.repeat // 4 * max(0, times - 1)


def improve(plan: Plan, random: Random, steps: int, hot: float, cold: float) -> int:
    """Let people change places until it cannot get better or the steps are used up.

    `hot` and `cold` are the first and the last temperature, in the unit of the cost. Changes the
    plan's rounds; returns what counts against them.
    """
    now = best = plan.total()
    least = plan.least + plan.repeat * _repeats(plan.rounds)
    if best <= least or not any(len(groups) > 1 for groups in plan.rounds):
        return best
    search = _Search(plan)
    kept = plan.rounds
    for level in range(_LEVELS + 1):
        # The last level is all downhill.
        warmth = hot * (cold / hot) ** (level / (_LEVELS - 1)) if level < _LEVELS else 0.0
        now = search.level(now, steps // (_LEVELS + 1), warmth, random, least)
        if now < best:
            best, kept = now, [[group[:] for group in groups] for groups in search.rounds]
        if best <= least:
            break
    plan.rounds = kept
    return best


def _repeats(rounds: Sequence[Arrangement]) -> int:
    """So often at least two people are together again.

    The people of a group of one round are in the groups of another one, at best spread evenly.
    """
    least = 0
    for one, other in combinations(rounds, 2):
        for group in one:
            each, more = divmod(len(group), len(other))
            least += len(other) * (each * (each - 1) // 2) + more * each
    return least


class _Search:
    """The plan while it changes: where everybody is, and what each pair adds to the cost."""

    def __init__(self, plan: Plan) -> None:
        count = len(plan.leads)
        self.rounds = [[group[:] for group in groups] for groups in plan.rounds]
        self._cost, self._leads, self._fixed = plan.cost, plan.leads, plan.fixed
        self._times = [row[:] for row in plan.times]
        most = max(map(max, plan.times)) + len(plan.rounds)
        self._once_more = [plan.once_more(times) for times in range(most + 1)]
        # What a pair costs when it is put together once more, and saves when it is taken apart.
        self._adds = [
            [cost + self._once_more[times] for cost, times in zip(*rows, strict=True)]
            for rows in zip(plan.cost, plan.times, strict=True)
        ]
        for one in range(count):
            self._adds[one][one] = 0
        self._saves = [[0] * count for _ in range(count)]
        self._place = [[0] * count for _ in plan.rounds]
        self._led = [
            [sum(plan.leads[person] for person in group) for group in groups]
            for groups in plan.rounds
        ]
        for groups, place in zip(self.rounds, self._place, strict=True):
            for number, group in enumerate(groups):
                for person in group:
                    place[person] = number
                for one, other in combinations(group, 2):
                    self._meet(one, other)

    def level(self, now: int, steps: int, warmth: float, random: Random, least: int) -> int:
        """Try so many exchanges at one temperature, or fewer if the cost is at its least."""
        # Some 100,000 times for one evening: locals, and no call that can be spared.
        pick, adds, saves, leads = random.random, self._adds, self._saves, self._leads
        hopeless, rounds, count = warmth * _HOPELESS, len(self.rounds), len(leads)
        for _ in range(steps):
            number = int(pick() * rounds)
            place = self._place[number]
            one, other = int(pick() * count), int(pick() * count)
            here, there = place[one], place[other]
            if here == there:
                continue
            groups = self.rounds[number]
            ours, theirs = groups[here], groups[there]
            add, save = adds[one], saves[one]
            add_other, save_other = adds[other], saves[other]
            # What the two would cost each other is in both sums: they only change places.
            change = -2 * add[other]
            for person in theirs:
                change += add[person] - save_other[person]
            for person in ours:
                change += add_other[person] - save[person]
            if change > 0 and (change >= hopeless or pick() >= exp(-change / warmth)):
                continue
            fixed = self._fixed[number]
            if fixed and (one in fixed or other in fixed):
                continue
            if leads[one] != leads[other] and not self._may_pass(number, one, here, there):
                continue
            self._exchange(number, one, other)
            now += change
            if now <= least:
                break
        return now

    def _may_pass(self, number: int, one: int, here: int, there: int) -> bool:
        """Whether a lead and an observer may change places; if so, who leads is counted again.

        Coach and client must be left, and leads spread as evenly as they are: see `evenly`.
        """
        led = self._led[number]
        loser, winner = (here, there) if self._leads[one] else (there, here)
        if led[loser] <= max(LEADS, led[winner]):
            return False
        led[loser] -= 1
        led[winner] += 1
        return True

    def _exchange(self, number: int, one: int, other: int) -> None:
        place = self._place[number]
        ours, theirs = self.rounds[number][place[one]], self.rounds[number][place[other]]
        for person in ours:
            if person != one:
                self._part(one, person)
                self._meet(other, person)
        for person in theirs:
            if person != other:
                self._part(other, person)
                self._meet(one, person)
        ours[ours.index(one)], theirs[theirs.index(other)] = other, one
        place[one], place[other] = place[other], place[one]

    def _meet(self, one: int, other: int) -> None:
        self._count(one, other, self._times[one][other] + 1)

    def _part(self, one: int, other: int) -> None:
        self._count(one, other, self._times[one][other] - 1)

    def _count(self, one: int, other: int, times: int) -> None:
        self._times[one][other] = self._times[other][one] = times
        cost = self._cost[one][other]
        self._adds[one][other] = self._adds[other][one] = cost + self._once_more[times]
        before = cost + self._once_more[times - 1] if times else 0
        self._saves[one][other] = self._saves[other][one] = before
