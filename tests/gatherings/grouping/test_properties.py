"""What is true of every draft, for any people and any history."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.gatherings.grouping.draft import draw
from bot.gatherings.grouping.groups import Member, Past, Wish
from bot.gatherings.grouping.sizes import split
from bot.rounds.model.pairs import Pair
from tests.gatherings.grouping.checks import crowds, is_right, pasts, people, sizes


def partitions(left: list[int]) -> Iterator[list[list[int]]]:
    """All ways to put people into groups."""
    if not left:
        yield []
        return
    first, *rest = left
    for smaller in partitions(rest):
        yield [[first], *smaller]
        for number, group in enumerate(smaller):
            yield [*smaller[:number], [first, *group], *smaller[number + 1 :]]


def can_be_kept_apart(members: list[Member], apart: set[Pair]) -> bool:
    leads = {member.user_id for member in members if member.leads}
    return any(
        all(
            len(leads & set(group)) >= 2
            and not any(one in group and other in group for one, other in apart)
            for group in groups
        )
        for groups in partitions([member.user_id for member in members])
    )


@examples(max_examples=25, deadline=None)
@given(crowds(), st.integers(1, 2), st.integers(0, 99), st.data())
def test_everybody_is_in_one_group_of_the_right_size_with_coach_and_client(
    members, rounds, seed, data
):
    past = data.draw(pasts(members))
    planned = draw(members, past, seed=seed, rounds=rounds)
    assert len(planned) == rounds
    for one in planned:
        is_right(one, members)
        assert sizes(one) == list(split(len(members), sum(member.leads for member in members)))
        assert not one.apart_broken


@examples(max_examples=40, deadline=None)
@given(st.integers(2, 7), st.data())
def test_people_are_kept_apart_whenever_there_is_a_way(count, data):
    ids = st.integers(1, count)
    pairs = st.tuples(ids, ids).filter(lambda two: two[0] < two[1]).map(lambda two: Pair(*two))
    apart = data.draw(st.sets(pairs, max_size=8))
    watching = data.draw(st.sets(ids, max_size=count - 2))
    members = [
        Member(one, Wish.OBSERVE if one in watching else Wish.ANY) for one in range(1, count + 1)
    ]
    possible = can_be_kept_apart(members, apart)
    for one in draw(members, Past(), apart=apart, seed=1, rounds=2):
        is_right(one, members)
        assert one.apart_broken == (not possible)


@examples(max_examples=25, deadline=None)
@given(crowds(most=14, least=4), st.data())
def test_pins_are_kept_unless_people_must_not_be_together(members, data):
    ids = st.integers(1, len(members))
    pin = data.draw(st.frozensets(ids, min_size=2, max_size=4))
    other = data.draw(st.frozensets(ids.filter(lambda one: one not in pin), max_size=3))
    planned = draw(members, Past(), pins=[pin, other], seed=1)[0]
    is_right(planned, members)
    assert len({planned.group_of(one) for one in pin}) == 1
    two = Pair(*sorted(pin)[:2])
    strict = draw(members, Past(), pins=[pin], apart=[two], seed=1)[0]
    assert strict.apart_broken == (strict.group_of(two.first) == strict.group_of(two.second))
    if len(members) <= 7:
        assert strict.apart_broken == (not can_be_kept_apart(members, {two}))


def test_any_number_of_people_up_to_sixty_makes_groups():
    for count in range(2, 61):
        (one,) = draw(people(count), Past(), seed=1)
        is_right(one, people(count))
        assert sizes(one) == list(split(count))
