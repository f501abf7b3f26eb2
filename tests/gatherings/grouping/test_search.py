"""The search for groups: what it keeps, and how good its plans are."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.gatherings.grouping.search import Plan, Steps, arrange, improve
from bot.gatherings.grouping.sizes import split

REPEAT = 10_000


def start(count: int, rounds: int, seed: int, cost=None, leads=None, fixed=()) -> Plan:
    leads = leads or [True] * count
    random = Random(seed)
    sizes = split(count, sum(leads))
    apart = [set()] * count
    arranged = [arrange(sizes, leads, apart, [], random, Steps(1000)) for _ in range(rounds)]
    assert all(arranged)
    cost = cost or [[0] * count for _ in range(count)]
    fixes = [set(fixed), *(set() for _ in range(rounds - 1))]
    times = [[0] * count for _ in range(count)]
    return Plan([one or [] for one in arranged], cost, times, REPEAT, leads, fixes)


@examples(max_examples=40)
@given(st.integers(6, 24), st.integers(1, 3), st.data())
def test_a_plan_only_gets_better_and_everybody_stays_in_one_group(count, rounds, data):
    fate = Random(data.draw(st.integers(0, 10**6)))
    watching = data.draw(st.sets(st.integers(0, count - 1), max_size=count // 3))
    fixed = data.draw(st.sets(st.integers(0, count - 1), max_size=4))
    cost = [[0] * count for _ in range(count)]
    for one in range(count):
        for other in range(one):
            cost[one][other] = cost[other][one] = fate.choice([0, 7, 500, 100_000])
    leads = [one not in watching for one in range(count)]
    plan = start(count, rounds, fate.randrange(1000), cost, leads, fixed)
    plan.times[0][1] = plan.times[1][0] = 2
    shape = [[len(group) for group in groups] for groups in plan.rounds]
    places = {one: n for n, group in enumerate(plan.rounds[0]) for one in group if one in fixed}
    before = plan.total()
    after = improve(plan, Random(1), 2000, 5000, 10)
    assert after == plan.total() <= before
    assert [[len(group) for group in groups] for groups in plan.rounds] == shape
    for groups in plan.rounds:
        assert sorted(one for group in groups for one in group) == list(range(count))
        assert all(sum(leads[one] for one in group) >= 2 for group in groups)
    assert all(one in plan.rounds[0][number] for one, number in places.items())


def test_a_search_ends_as_soon_as_nothing_counts_against_the_plan():
    plan = start(9, 4, seed=1)
    # So many steps would take minutes.
    assert improve(plan, Random(1), 10**8, 0.6 * REPEAT, 0.1 * REPEAT) == 0


def test_a_search_ends_when_no_plan_can_have_fewer_repeats():
    for count, repeats in ((6, 6), (7, 9), (8, 12), (10, 3), (11, 6)):
        plan = start(count, 3, seed=1)
        assert improve(plan, Random(1), 10**8, 0.6 * REPEAT, 0.1 * REPEAT) == repeats * REPEAT


def test_groups_are_found_that_keep_people_apart_and_together():
    apart = [{1}, {0, 2}, {1}, set(), set(), set()]
    found = arrange([3, 3], [True] * 6, apart, [[0, 2]], Random(1), Steps(1000))
    assert found is not None
    mine = next(group for group in found if 0 in group)
    assert 2 in mine
    assert 1 not in mine


def test_there_are_no_groups_where_rules_contradict_each_other_or_steps_run_out():
    everybody = [{1, 2}, {0, 2}, {0, 1}]
    assert arrange([3], [True] * 3, everybody, [], Random(1), Steps(1000)) is None
    assert arrange([2, 2], [True, True, True, False], [set()] * 4, [], Random(1), Steps(99)) is None
    assert arrange([3, 3], [True] * 6, [set()] * 6, [], Random(1), Steps(5)) is None
