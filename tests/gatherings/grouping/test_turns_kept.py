"""No turn as coach is lost that the best possible groups keep, and the plan promises as many."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest

from bot.gatherings.grouping.draft import draw
from bot.gatherings.grouping.groups import Draw, Member, Past, Wish
from bot.gatherings.grouping.meetings import after
from bot.gatherings.grouping.roles import rotate
from bot.gatherings.grouping.sizes import even_bounds, evenly, split
from bot.gatherings.model.plan import plan
from tests.gatherings.grouping.checks import coached
from tests.rounds.model.steps import format_of

ROUNDS = range(1, 6)
WATCHERS = range(6)
ROOMS = format_of("agree 1, coach 10, self 2", fewest=2, most=5)
"""A format for any group, with one turn as coach a round."""


def fewest_without_turn(leads: int, groups: int, rounds: int) -> int:
    """How many go without a turn in the best possible groups.

    A group gives one turn a round, so more than `groups * rounds` there cannot be: at least the
    rest of those who may lead goes without. That least is reached. The sizes of the groups differ
    by one at most, so the leads can be spread with `q` or `q + 1` in each, `q` being their number
    divided by that of the groups. With `rounds <= q` every group uses all its turns, and `leads -
    groups * rounds` go without; with `rounds > q` every group has as many turns as leads.
    """
    return max(0, leads - groups * rounds)


def by_trying_all(sizes: tuple[int, ...], leads: int, rounds: int) -> int:
    """The same by brute force: every way to spread those who may lead over the groups."""
    ways: list[tuple[int, ...]] = [()]
    for size in sizes:
        ways = [(*way, own) for way in ways for own in range(2, size + 1)]
    return min(sum(max(0, own - rounds) for own in way) for way in ways if sum(way) == leads)


def crowd(count: int, watching: int) -> list[Member]:
    """People of whom the first only observe."""
    return [
        Member(number, Wish.OBSERVE if number <= watching else Wish.ANY)
        for number in range(1, count + 1)
    ]


CROWDS = [
    (count, watching) for count in range(3, 61) for watching in WATCHERS if count - watching >= 2
]


def test_the_closed_formula_is_what_trying_all_ways_gives():
    for count, watching in CROWDS:
        if count > 16:
            continue
        leads = count - watching
        sizes = split(count, leads)
        for rounds in ROUNDS:
            assert fewest_without_turn(leads, len(sizes), rounds) == by_trying_all(
                sizes, leads, rounds
            ), (count, watching, rounds)


def test_groups_that_stay_and_the_plan_keep_every_turn_that_can_be_kept():
    """A1: 3 to 60 people, 0 to 5 of whom only observe, in 1 to 5 rounds."""
    lost: list[tuple[int, int, int, int]] = []
    for count, watching in CROWDS:
        members = crowd(count, watching)
        leads = count - watching
        first = draw(members, Past(), seed=count)[0]
        groups = [sum(one > watching for one in group.people) for group in first.groups]
        for rounds in ROUNDS:
            best = fewest_without_turn(leads, len(first.groups), rounds)
            drawn = sum(max(0, own - rounds) for own in groups)
            promised = plan(count, ROOMS, rounds=rounds, leads=leads).missing
            if (drawn, promised) != (best, best):
                lost.append((count, watching, rounds, best))
    assert not lost


@pytest.mark.parametrize(("count", "watching"), [(7, 1), (11, 2), (19, 3)])
def test_roles_that_rotate_give_everybody_the_turn_they_were_promised(count, watching):
    """A1: the turns are really had, one after another."""
    members, past = crowd(count, watching), Past()
    held: list[Draw] = [*draw(members, past, seed=1)]
    for _ in range(2):
        past = after(past, held[-1].groups)
        held.append(rotate(held[-1], members, past))
    without = count - watching - len(coached(held))
    assert without == fewest_without_turn(count - watching, len(held[0].groups), 3)


@pytest.mark.parametrize(
    ("count", "watching", "rounds"),
    [(7, 0, 3), (8, 0, 4), (9, 0, 2), (9, 0, 3), (10, 1, 3), (12, 0, 3), (15, 0, 3), (19, 3, 3)],
)
def test_fresh_groups_keep_every_turn_too_though_each_round_is_drawn_by_itself(
    count, watching, rounds
):
    """A1: two people without a turn are not in one group of the last round."""
    leads = count - watching
    members = crowd(count, watching)
    for seed in range(3):
        past, held = Past(), list[Draw]()
        for number in range(rounds):
            held.append(draw(members, past, seed=100 * seed + number, rounds=rounds - number)[0])
            past = after(past, held[-1].groups)
        without = leads - len(coached(held))
        assert without == fewest_without_turn(leads, len(held[0].groups), rounds)


def test_people_are_spread_as_evenly_as_the_sizes_allow():
    assert evenly((3, 4), 6) == (3, 3)
    assert evenly((3, 3, 4), 9) == (3, 3, 3)
    assert evenly((2, 5), 6) == (2, 4)
    assert even_bounds((2, 5), 6) == ((2, 2), (4, 5))
    assert evenly((3, 3), 0) == (0, 0)
    for sizes in combinations_with_replacement((2, 3, 4, 5), 3):
        for count in range(sum(sizes) + 1):
            assert sum(evenly(sizes, count)) == count
