"""Who must not be in one group with whom: lists that only their owners know.

Groups are drawn so that they keep to all lists where that is possible. Where it is not, or where
someone has exchanged people, it is here, at the start of a round and without a word to anybody
else, that the owner of a list is not put with those they named: two people change places, or else
the owner observes in another group, or sits the round out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.gatherings.grouping.edits import appraise, in_order
from bot.gatherings.grouping.groups import Draw, Group, Member, Past
from bot.gatherings.grouping.sizes import LEADS

Lists = Mapping[int, Collection[int]]
"""Whom someone does not want to be in a group with, by the owner of the list."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Groups that keep to all lists, and what that took."""

    draw: Draw
    observe: frozenset[int] = frozenset()
    """Who observes in another group than the one they were in."""
    out: frozenset[int] = frozenset()
    """Who is in no group this time."""
    owners: frozenset[int] = frozenset()
    """Those of them whose own list could not be kept otherwise: they are asked, and nobody else."""


def keep_lists(draw: Draw, members: Iterable[Member], past: Past, lists: Lists) -> Kept:
    """The groups without anybody in one group with a person they named.

    Nothing changes where the lists are kept already. There may be no group at all in the result,
    when too few people are left for one.
    """
    by_id = {member.user_id: member for member in members}
    groups = [list(group.people) for group in draw.groups]
    _exchange_places(groups, by_id, lists)
    before = {person: at for at, group in enumerate(groups) for person in group}
    owners: set[int] = set()
    homeless: list[int] = []
    while broken := _owners(groups, lists):
        owner = broken[0]
        owners.add(owner)
        homeless.append(owner)
        group = next(one for one in groups if owner in one)
        group.remove(owner)
        group[:] = in_order(group, by_id)
        if sum(by_id[one].leads for one in group) < LEADS:
            # The people who are left have nobody to practise with.
            homeless += group
            group.clear()
    out: set[int] = set()
    for person in homeless:
        rooms = [one for one in groups if one and not _clashes([*one, person], lists)]
        if rooms:
            # Last, so that nobody loses a role by it.
            min(rooms, key=len).append(person)
        else:
            out.add(person)
    after = {person: at for at, group in enumerate(groups) for person in group}
    observe = {one for one in homeless if one in after and after[one] != before[one]}
    left = [Group(tuple(people)) for people in groups if people]
    return Kept(
        draw=appraise(left, by_id.values(), past, (), draw.seed),
        observe=frozenset(observe),
        out=frozenset(out),
        owners=frozenset(owners),
    )


def _owners(groups: Iterable[Sequence[int]], lists: Lists) -> list[int]:
    """Who is in a group with someone they named, the smallest id first."""
    return sorted(
        one for group in groups for one in group if not set(group).isdisjoint(lists.get(one, ()))
    )


def _clashes(group: Sequence[int], lists: Lists) -> int:
    """How many people of a group are named by someone in it, counted for each who named them."""
    people = set(group)
    return sum(len(people.intersection(lists.get(one, ()))) for one in group)


def _exchange_places(groups: list[list[int]], by_id: Mapping[int, Member], lists: Lists) -> None:
    """Let people change places, and with them their roles, as long as that keeps more of lists."""
    while broken := _owners(groups, lists):
        found = [
            (saved, one, other)
            for one in broken
            for other in by_id
            if (saved := _saved(groups, one, other, by_id, lists)) > 0
        ]
        if not found:
            return
        _, one, other = min(found, key=lambda found: (-found[0], found[1:]))
        for group in groups:
            group[:] = [{one: other, other: one}.get(person, person) for person in group]


def _saved(
    groups: Sequence[Sequence[int]], one: int, other: int, by_id: Mapping[int, Member], lists: Lists
) -> int:
    """How many clashes fewer there are when two people change places; none if they cannot."""
    ours = next((group for group in groups if one in group), None)
    theirs = next((group for group in groups if other in group), None)
    if ours is None or theirs is None or ours is theirs:
        return 0
    changed = [
        [{one: other, other: one}.get(person, person) for person in group]
        for group in (ours, theirs)
    ]
    if not all(by_id[person].leads for group in changed for person in group[:LEADS]):
        return 0
    before = _clashes(ours, lists) + _clashes(theirs, lists)
    return before - sum(_clashes(group, lists) for group in changed)
