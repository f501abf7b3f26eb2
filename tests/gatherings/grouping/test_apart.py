"""Groups keep to everybody's list, whatever a facilitator has put together."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gatherings.grouping.apart import keep_lists
from bot.gatherings.grouping.groups import Member, Past, Wish
from tests.gatherings.grouping.checks import drawn, people, who


def test_groups_that_keep_all_lists_stay_as_they_are():
    draw = drawn((1, 2, 3), (4, 5, 6))
    kept = keep_lists(draw, people(6), Past(), {1: {4}, 9: {1}})
    assert who(kept.draw) == who(draw)
    assert (kept.observe, kept.out, kept.owners) == (frozenset(), frozenset(), frozenset())


def test_two_people_change_places_before_anybody_loses_their_turn():
    kept = keep_lists(drawn((1, 2, 3), (4, 5, 6)), people(6), Past(), {1: {2}})
    assert sorted(one for group in who(kept.draw) for one in group) == [1, 2, 3, 4, 5, 6]
    assert kept.draw.group_of(1) != kept.draw.group_of(2)
    assert not kept.owners


def test_an_owner_whose_list_cannot_be_kept_observes_elsewhere_or_sits_out():
    """S17: the others go on; nobody but the owner of the list gives anything up."""
    three = keep_lists(drawn((1, 2, 3)), people(3), Past(), {1: {3}})
    assert who(three.draw) == [(2, 3)]
    assert (three.out, three.owners) == ({1}, {1})
    # 1 named one of each group but the last.
    groups = drawn((1, 2, 3), (4, 5, 6), (7, 8, 9))
    watchers = [Member(one, Wish.OBSERVE if one == 1 else Wish.ANY) for one in range(1, 10)]
    elsewhere = keep_lists(groups, watchers, Past(), {1: {2}, 2: set(range(3, 10))})
    assert elsewhere.draw.group_of(1) not in (None, elsewhere.draw.group_of(2))


def test_with_two_people_of_whom_one_named_the_other_there_is_no_group():
    kept = keep_lists(drawn((1, 2)), people(2), Past(), {2: {1}})
    assert who(kept.draw) == []
    assert kept.owners == {2}
    assert kept.out == {1, 2}


@st.composite
def situations(draw_: st.DrawFn):
    """Any groups, any wishes, and lists of at most three names each."""
    sizes = draw_(st.lists(st.integers(2, 5), min_size=1, max_size=6))
    count = sum(sizes)
    ids = draw_(st.permutations(range(1, count + 1)))
    groups, at = [], 0
    for size in sizes:
        groups.append(ids[at : at + size])
        at += size
    watching = {one for group in groups for one in group[2:] if draw_(st.booleans())}
    members = [
        Member(one, Wish.OBSERVE if one in watching else Wish.ANY) for one in range(1, count + 1)
    ]
    named = st.sets(st.integers(1, count), max_size=3)
    owners = draw_(st.sets(st.integers(1, count), max_size=count))
    lists = {owner: draw_(named) - {owner} for owner in sorted(owners)}
    return drawn(*groups), members, lists


@settings(max_examples=200, deadline=None)
@given(situations())
def test_nobody_is_ever_with_someone_they_named_and_nobody_else_gives_anything_up(situation):
    """S17: an owner's list is never broken without their yes, whatever was proposed."""
    draw, members, lists = situation
    by_id = {member.user_id: member for member in members}
    kept = keep_lists(draw, members, Past(), lists)
    for group in kept.draw.groups:
        assert len(group.people) >= 2
        assert by_id[group.coach].leads
        assert by_id[group.client].leads
        for one in group.people:
            assert not set(group.people) & set(lists.get(one, ()))
    inside = [one for group in kept.draw.groups for one in group.people]
    assert sorted([*inside, *kept.out]) == sorted(by_id)
    assert kept.owners <= kept.observe | kept.out | set(inside)
    assert all(lists.get(owner) for owner in kept.owners)
    # Once kept, they stay as they are.
    again = keep_lists(kept.draw, members, Past(), lists)
    assert who(again.draw) == who(kept.draw)
    assert not again.owners
