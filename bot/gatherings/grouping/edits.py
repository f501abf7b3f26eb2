"""Changing groups that were drawn: exchanging people, someone who comes, goes or only observes.

Whatever is changed, everybody is in one group, each group has a coach and a client who may lead,
and what the draw says of itself is true again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.gatherings.grouping.groups import Draw, Group, Member, Past, Wish
from bot.gatherings.grouping.meetings import RECENT, pairs_in
from bot.gatherings.grouping.sizes import LEADS, TooFewForGroups
from bot.rounds.model.pairs import Pair, pair_of

OWED = 0.5
"""From so much on someone is owed a turn as coach."""


def appraise(
    groups: Sequence[Group],
    members: Iterable[Member],
    past: Past,
    apart: Collection[Pair] = (),
    seed: int = 0,
) -> Draw:
    """The groups with all that is to be said of them.

    `members` are everybody in the groups (others do no harm), `past` is what was before this round.
    """
    by_id = {member.user_id: member for member in members}
    pairs = sorted(pair for group in groups for pair in pairs_in(group.people))
    coaches = [by_id[group.coach] for group in groups]
    clients = {group.client for group in groups}
    unmet = [
        member.user_id
        for group in groups
        for member in map(by_id.__getitem__, group.people)
        if (member.wish is Wish.COACH and member not in coaches)
        or (member.wish is Wish.CLIENT and member.user_id not in clients)
    ]
    kept_apart = {pair_of(*pair) for pair in apart}
    return Draw(
        groups=tuple(groups),
        seed=seed,
        repeats=tuple(
            pair for pair in pairs if past.tonight.get(pair) or past.met.get(pair, 0) >= RECENT
        ),
        again=tuple(pair for pair in pairs if past.tonight.get(pair)),
        unmet=tuple(sorted(unmet)),
        owed_first=tuple(
            sorted(coach.user_id for coach in coaches if still_owed(coach, past) >= OWED)
        ),
        apart_broken=any(pair in kept_apart for pair in pairs),
        languages_mixed=sum(
            not by_id[one].shares_language(by_id[another]) for one, another in pairs
        ),
    )


def still_owed(member: Member, past: Past) -> float:
    """The turns as coach someone is owed, less those they have had at this gathering."""
    return member.owed - past.coached_tonight.get(member.user_id, 0)


def swap(
    draw: Draw,
    one: int,
    other: int,
    members: Iterable[Member],
    past: Past,
    apart: Collection[Pair] = (),
) -> Draw:
    """The draw with the places of two people exchanged, and with them their roles.

    If someone has left since it was proposed, or is to lead and only observes by now, it is made
    right first: see `settle`.
    Someone who only observes does not get the role: the first observer of their group who may
    lead does. Only if the other person is the one such observer does all stay as it is.

    Raises ValueError if one of them is in no group, and TooFewForGroups (with the numbers of that
    group) if a group would be left without two people who may lead.
    """
    by_id = {member.user_id: member for member in members}
    placed = {person for group in draw.groups for person in group.people}
    leading = {person for group in draw.groups for person in group.people[:LEADS]}
    if not placed <= by_id.keys() or not all(by_id[person].leads for person in leading):
        draw = settle(draw, by_id.values(), past, apart)
    if draw.group_of(one) is None or draw.group_of(other) is None:
        raise ValueError("both must be in a group")
    exchanged = {one: other, other: one}
    changed: list[list[int]] = []
    for group in draw.groups:
        people = [exchanged.get(person, person) for person in group.people]
        leads = [person for person in people if by_id[person].leads]
        if len(leads) < LEADS:
            raise TooFewForGroups(len(people), len(leads))
        # In one's own group one does not come back to the role through the other's observing.
        spare = [person for person in people[LEADS:] if person in leads]
        spare.sort(key=lambda person: person in exchanged)
        for place in range(LEADS):
            if people[place] not in leads:
                _exchange(people, place, people.index(spare.pop(0)))
        changed.append(people)
    return _appraised(draw, changed, by_id, past, apart)


def observe_only(
    draw: Draw, user_id: int, members: Iterable[Member], past: Past, apart: Collection[Pair] = ()
) -> Draw:
    """The draw when someone only observes from now on, whatever `members` says; see `settle`."""
    return settle(draw, [as_observer(one, user_id) for one in members], past, apart)


def as_observer(member: Member, user_id: int) -> Member:
    """The member, only observing if it is this one."""
    if member.user_id != user_id:
        return member
    return replace(member, wish=Wish.OBSERVE)


def settle(draw: Draw, members: Iterable[Member], past: Past, apart: Collection[Pair] = ()) -> Draw:
    """The draw made right for the people who are there now, with as few changes as can be.

    - Who left is taken out; the next of the group gets their role: client, then observers in order.
    - Who now only observes comes after those who may lead, who move up likewise.
    - A group left with one lead exchanges someone who only observes for an observer of another
      group who may lead. If there is none, or one person is left alone, the group joins the
      smallest other one, as observers. A group of three that lost one goes on as a pair.
    - Who is in no group observes in the smallest one, with a turn after those who had fewer; who
      may lead goes where the fewest lead among groups that are hardly larger than the smallest.

    People who are not to be together are not brought together if another group will do.

    Raises TooFewForGroups below two people, or two who may be coach or client.
    """
    by_id = {member.user_id: member for member in members}
    leads = sum(member.leads for member in by_id.values())
    if leads < LEADS:
        raise TooFewForGroups(len(by_id), leads)
    groups = [
        in_order((person for person in group.people if person in by_id), by_id)
        for group in draw.groups
    ]
    groups = [people for people in groups if people]
    kept_apart = frozenset(pair_of(*pair) for pair in apart)
    inside = {person for people in groups for person in people}
    new = [member for member in by_id.values() if member.user_id not in inside]
    if not groups:
        groups.append([])
    for member in sorted(new, key=lambda member: (not member.leads, member.user_id)):
        _join(_roomiest(groups, [member.user_id], by_id, kept_apart), member, by_id, past)
    _complete(groups, by_id, kept_apart)
    return _appraised(draw, groups, by_id, past, apart)


def in_order(people: Iterable[int], by_id: Mapping[int, Member]) -> list[int]:
    """The people in the order given, those who only observe last."""
    return sorted(people, key=lambda person: not by_id[person].leads)


def _appraised(
    draw: Draw,
    groups: Iterable[Sequence[int]],
    by_id: Mapping[int, Member],
    past: Past,
    apart: Collection[Pair],
) -> Draw:
    made = [Group(tuple(people)) for people in groups]
    return appraise(made, by_id.values(), past, apart, draw.seed)


def _complete(
    groups: list[list[int]], by_id: Mapping[int, Member], apart: Collection[Pair]
) -> None:
    """Give each group two leads, or let it join another one."""
    while len(groups) > 1:
        poor = [people for people in groups if _led(people, by_id) < LEADS]
        if not poor:
            return
        people = poor[0]
        if len(people) < LEADS or not _borrow(people, groups, by_id, apart):
            groups.remove(people)
            target = _roomiest(groups, people, by_id, apart)
            target[:] = in_order([*target, *people], by_id)


def _borrow(
    people: list[int],
    groups: Iterable[list[int]],
    by_id: Mapping[int, Member],
    apart: Collection[Pair],
) -> bool:
    """Exchange someone who only observes for a lead of a group that has more than two."""
    watcher = people[-1]
    for giving in sorted(groups, key=lambda other: -_led(other, by_id)):
        leads = _led(giving, by_id)
        if giving is people or leads <= LEADS:
            continue
        lead = giving[leads - 1]
        ours = [*(one for one in people if one != watcher), lead]
        theirs = [*(one for one in giving if one != lead), watcher]
        if any(pair in apart for group in (ours, theirs) for pair in pairs_in(group)):
            continue
        people[:], giving[:] = in_order(ours, by_id), theirs
        return True
    return False


def _roomiest(
    groups: Sequence[list[int]],
    coming: Iterable[int],
    by_id: Mapping[int, Member],
    apart: Collection[Pair],
) -> list[int]:
    """The smallest group without anybody the people must not meet, else the smallest.

    People who lead go where the fewest do, so that nobody misses a turn who need not, as long as
    that group has at most one person more than the smallest.
    """
    come = list(coming)
    smallest = min(map(len, groups))
    leads = _led(come, by_id) > 0
    return min(
        groups,
        key=lambda people: (
            any(pair_of(one, other) in apart for one in people for other in come),
            len(people) > smallest + 1,
            _led(people, by_id) if leads else 0,
            len(people),
        ),
    )


def _join(people: list[int], member: Member, by_id: Mapping[int, Member], past: Past) -> None:
    """Let someone observe, with their turn before those who coached more at this gathering."""
    turns = past.coached_tonight
    place = len(people)
    if member.leads:
        mine = turns.get(member.user_id, 0)
        leads = _led(people, by_id)
        later = (at for at in range(LEADS, leads) if turns.get(people[at], 0) > mine)
        place = next(later, leads)
    people.insert(place, member.user_id)


def _led(people: Iterable[int], by_id: Mapping[int, Member]) -> int:
    return sum(by_id[person].leads for person in people)


def _exchange(people: list[int], one: int, other: int) -> None:
    people[one], people[other] = people[other], people[one]
