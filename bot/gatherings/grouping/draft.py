"""Drawing fresh groups for one or more rounds of a gathering.

What counts, the heaviest first: who must not be together, who is to stay together (pins) and two
leads in each group, which are kept wherever that is possible at all; those who lead spread over the
groups, so that nobody misses a turn who need not (see `group_sizes.evenly`); a language in common;
among those who have had no turn yet the same; nobody together twice tonight; those who only observe
spread; and who met before in this dojo. `group_search` plans all rounds together: taken one by one,
the last ones would be left with people who all met already. Who coaches is seen to afterwards, by
`group_roles`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import TypeVar

from bot.gatherings.grouping.edits import appraise
from bot.gatherings.grouping.groups import Draw, Member, Past, Wish
from bot.gatherings.grouping.meetings import after
from bot.gatherings.grouping.roles import assign
from bot.gatherings.grouping.search import Arrangement, Plan, Steps, arrange, improve
from bot.gatherings.grouping.sizes import LEADS, TooFewForGroups, evenly, others, split
from bot.rounds.model.pairs import Pair, pair_of

APART, NO_LANGUAGE, BOTH_DUE = 10**9, 100_000, 50_000
TOGETHER_TONIGHT, BOTH_WATCH, MET = 10_000, 2_000, 1_000
"""What counts against two people in one group: the last for the two who met most."""

_PLACES = 10_000
"""Places tried for a first arrangement, about 5 µs each; enough to know for a dozen people."""
_FRESH, _OLD = 40_000, 30_000
"""Exchanges tried at most for this gathering alone, then for those before it too: 1 µs each."""
_EACH_FRESH, _EACH_OLD = 800, 400
"""And so many at most for each person in each round."""

Number = TypeVar("Number", int, float)


def draw(
    members: Sequence[Member],
    past: Past,
    *,
    apart: Collection[Pair] = (),
    pins: Collection[frozenset[int]] = (),
    seed: int,
    rounds: int = 1,
) -> tuple[Draw, ...]:
    """Groups for each of the coming rounds, planned together: see above for what counts.

    `apart` are pairs that must not be together; other sizes than threes are taken if only they
    keep them apart, and `Draw.apart_broken` says if nothing does. The people of each of the `pins`
    stay together in the first of the rounds. The same members (in any order), past and seed give
    the same groups. It computes for a tenth of a second, so call it in a thread.

    Raises TooFewForGroups below two people, or two who may be coach or client.
    """
    people = sorted(members, key=lambda member: member.user_id)
    random = Random(seed)  # noqa: S311 - nothing secret: the same seed is to give the same groups
    starts = _Starts(people, apart, random)
    first, fixed = starts.pinned(pins)
    planned = [first, *(starts.free() for _ in range(rounds - 1))]
    _improve(planned, fixed, people, past, starts.apart, random)
    named = [[[people[one].user_id for one in group] for group in groups] for groups in planned]
    draws: list[Draw] = []
    for groups in assign(named, people, past, random):
        draws.append(appraise(groups, people, past, apart, seed))
        past = after(past, groups)
    return tuple(draws)


class _Starts:
    """First arrangements that keep the rules, people being numbers from 0."""

    def __init__(self, people: Sequence[Member], apart: Iterable[Pair], random: Random) -> None:
        self._random = random
        self._leads = [member.leads for member in people]
        self._rule = split(len(people), sum(self._leads))
        self._number = {member.user_id: number for number, member in enumerate(people)}
        self.apart: list[set[int]] = [set() for _ in people]
        for pair in apart:
            if len(two := self._present(pair)) == LEADS:
                self.apart[two[0]].add(two[1])
                self.apart[two[1]].add(two[0])
        self._freely = self._keeping([], self.apart) or self._anyhow()

    def _present(self, people: Iterable[int]) -> list[int]:
        return sorted({self._number[one] for one in people if one in self._number})

    def free(self) -> Arrangement:
        """Groups of one round for which nobody is pinned."""
        sizes = [len(group) for group in self._freely]
        apart = self.apart if self._keeps(self._freely) else [set[int]()] * len(self.apart)
        found = self._arranged(sizes, apart, [], Steps(_PLACES), Steps(_PLACES))
        return found or [group[:] for group in self._freely]

    def pinned(self, pins: Collection[frozenset[int]]) -> tuple[Arrangement, set[int]]:
        """Groups of the first round, and who must stay where they are because of a pin."""
        units = self._units(pins)
        apart = self.apart if self._keeps(self._freely) else [set[int]()] * len(self.apart)
        while units:
            if found := self._keeping(units, apart):
                return found, {one for unit in units for one in unit}
            units.pop()
        return self.free(), set()

    def _units(self, pins: Collection[frozenset[int]]) -> list[list[int]]:
        """Who stays together: pins that share someone are one, nobody is with their `apart`."""
        units: list[list[int]] = []
        for pin in sorted((self._present(pin) for pin in pins), key=lambda pin: (-len(pin), pin)):
            touched = [unit for unit in units if not set(unit).isdisjoint(pin)]
            joined: list[int] = []
            for one in (*(one for unit in touched for one in unit), *pin):
                if one not in joined and self.apart[one].isdisjoint(joined):
                    joined.append(one)
            units = [unit for unit in units if unit not in touched]
            units += [joined] if len(joined) > 1 else []
        return sorted(units, key=lambda unit: (-len(unit), unit))

    def _keeping(
        self, units: Sequence[Sequence[int]], apart: Sequence[set[int]]
    ) -> Arrangement | None:
        """Groups that keep all rules, of other sizes if need be; None if there are none."""
        count = len(self._leads)
        if any(len(some) == count - 1 for some in apart):
            return None
        even, steps = Steps(_PLACES), Steps(_PLACES)
        for sizes in self._ways(units):
            if steps.left <= 0:
                break
            if found := self._arranged(sizes, apart, units, even, steps):
                return found
        return None

    def _arranged(
        self,
        sizes: Sequence[int],
        apart: Sequence[set[int]],
        units: Sequence[Sequence[int]],
        even: Steps,
        steps: Steps,
    ) -> Arrangement | None:
        """Groups of these sizes: with leads spread evenly, or else as the other rules allow."""
        for left, is_even in ((even, True), (steps, False)):
            found = arrange(sizes, self._leads, apart, units, self._random, left, evenly=is_even)
            if found:
                return found
        return None

    def _ways(self, units: Sequence[Sequence[int]]) -> Iterator[Sequence[int]]:
        yield self._rule
        if wide := self._around(units):
            yield wide
        yield from others(len(self._leads), sum(self._leads))

    def _around(self, units: Iterable[Sequence[int]]) -> list[int] | None:
        """Sizes with a group for each unit that is larger than those of the rule."""
        wide: list[int] = []
        people, leads = len(self._leads), sum(self._leads)
        for unit in units:
            own = sum(self._leads[one] for one in unit)
            more = max(0, LEADS - own)
            if len(unit) + more > self._rule[-1]:
                wide.append(len(unit) + more)
                people, leads = people - wide[-1], leads - own - more
        if not wide or people < 0:
            return None
        try:
            return [*split(people, leads), *wide]
        except TooFewForGroups:
            return [*wide[:-1], wide[-1] + people]

    def _keeps(self, groups: Arrangement) -> bool:
        return all(self.apart[one].isdisjoint(group) for group in groups for one in group)

    def _anyhow(self) -> Arrangement:
        """Groups that have leads enough, never mind who is together: there always are some."""
        apart = [set[int]()] * len(self._leads)
        found = self._arranged(self._rule, apart, [], Steps(_PLACES), Steps(_PLACES))
        return found or [[*range(len(self._leads))]]


def _improve(
    planned: list[Arrangement],
    fixed: set[int],
    people: Sequence[Member],
    past: Past,
    apart: Sequence[set[int]],
    random: Random,
) -> None:
    """Change the rounds for the better, first as if there had been no gathering before."""
    due = _without_turn(people, past)
    if len(due) <= sum(map(len, planned[1:])):
        # There are turns enough for them in the rounds after this one.
        due = set[int]()
    cost = _rules(people, apart, due)
    times = _all_pairs(people, past.tonight, 0)
    leads = [member.leads for member in people]
    fixes = [fixed, *(set[int]() for _ in planned[1:])]
    least = BOTH_DUE * sum(_pairs_of(due, groups) for groups in planned)
    plan = Plan(planned, cost, times, TOGETHER_TONIGHT, leads, fixes, least)
    seats = len(people) * len(planned)
    mixed = any(NO_LANGUAGE <= counts < APART for row in cost for counts in row)
    hot = 0.6 * (NO_LANGUAGE if mixed else TOGETHER_TONIGHT)
    fewest = improve(plan, random, min(_FRESH, _EACH_FRESH * seats), hot, 0.1 * TOGETHER_TONIGHT)
    planned[:] = plan.rounds
    met = _all_pairs(people, past.met, 0.0)
    if most := max(map(max, met)):
        plan.cost = [
            [counts + round(MET * (much / most) ** 2) for counts, much in zip(*rows, strict=True)]
            for rows in zip(cost, met, strict=True)
        ]
        improve(plan, random, min(_OLD, _EACH_OLD * seats), MET, MET / 1000)
        # Who met on other evenings is never worth meeting twice on this one.
        plan.cost = cost
        if plan.total() <= fewest:
            planned[:] = plan.rounds


def _without_turn(people: Sequence[Member], past: Past) -> set[int]:
    """Who would like a turn as coach and has had none at this gathering, where others have.

    Nobody before the first round: then all are due one, and `arrange` spreads them.
    """
    turns = past.coached_tonight
    if not any(turns.get(member.user_id) for member in people):
        return set()
    return {
        one
        for one, member in enumerate(people)
        if member.leads and member.wish is not Wish.CLIENT and not turns.get(member.user_id)
    }


def _pairs_of(due: Collection[int], groups: Arrangement) -> int:
    """So many pairs of them are together at least, however they are spread over the groups."""
    shares = evenly([len(group) for group in groups], len(due))
    return sum(share * (share - 1) // 2 for share in shares)


def _rules(
    people: Sequence[Member], apart: Sequence[set[int]], due: Collection[int]
) -> list[list[int]]:
    """What counts against each pair, without what was before.

    Two without a turn cost so much together that they are spread evenly: the sum over the pairs in
    a group grows with the square of their number. Each group can then give one of them a turn.
    """
    cost = [[0] * len(people) for _ in people]
    for one, member in enumerate(people):
        for other, mate in enumerate(people[:one]):
            counts = APART if other in apart[one] else 0
            counts += 0 if member.shares_language(mate) else NO_LANGUAGE
            counts += 0 if member.leads or mate.leads else BOTH_WATCH
            counts += BOTH_DUE if one in due and other in due else 0
            cost[one][other] = cost[other][one] = counts
    return cost


def _all_pairs(
    people: Sequence[Member], of_pair: Mapping[Pair, Number], none: Number
) -> list[list[Number]]:
    """What is said of each pair, as rows and columns of the people."""
    table = [[none] * len(people) for _ in people]
    for one, member in enumerate(people):
        for other, mate in enumerate(people[:one]):
            pair = pair_of(member.user_id, mate.user_id)
            table[one][other] = table[other][one] = of_pair.get(pair, none)
    return table
