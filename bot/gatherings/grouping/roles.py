"""Who coaches and who is the client in each group, and how the roles go round in the same groups.

First turns as coach are shared out over all rounds, to those who are owed one first; then turns
as client. A wish to coach counts less than a turn that someone else is owed; who wishes to be
client coaches only when the others have done so twice more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from random import Random

from bot.gatherings.grouping.edits import OWED, appraise, in_order, settle, still_owed
from bot.gatherings.grouping.groups import Draw, Group, Member, Past, Wish
from bot.gatherings.grouping.turns import TURN, share, spent
from bot.rounds.model.pairs import Pair, pair_of

Seat = dict[int, int]
"""The people who may have one role in one group, with what counts against each."""

_LIKES = round(0.9 * OWED * TURN)
"""A wish to coach: less than the least that counts as a turn owed."""
_RATHER_NOT = 2 * TURN
"""A wish to be client, in turns that others coach more."""
_LATER = 100
"""Of a thousand: how much each round counts that someone has to wait for a turn they are due."""
_SWAPPED = 8 * TURN
"""Coaching someone by whom one was coached tonight."""
_SAME = TURN // 4
"""Coaching the same person once more; so much each time, and at most four times it."""
_DUE = 100
"""Of a thousand: how much a turn due as coach counts in the choice of the client, who is the
next to coach where people stay in their groups."""
_CHANCE = 10
"""Below this, chance decides."""
_ATTEMPTS = 20


def assign(
    rounds: Sequence[Sequence[Collection[int]]],
    members: Iterable[Member],
    past: Past,
    random: Random,
) -> list[list[Group]]:
    """The groups of each round with their roles, in the order of `rounds`.

    The first is the coach, the second the client; then come observers, who is owed a turn as
    coach first, and at last those who only observe. Each group must have two who may lead.
    """
    by_id = {member.user_id: member for member in members}
    due = {one: _due(member, past) for one, member in by_id.items()}
    groups = [
        (number, [one for one in people if by_id[one].leads])
        for number, groups in enumerate(rounds)
        for people in groups
    ]
    seats = [
        {one: random.randrange(_CHANCE) + _LATER * number * due[one] // TURN for one in leads}
        for number, leads in groups
    ]
    coaches = share(seats, {one: -turns for one, turns in due.items()})
    seats = [
        {one: _against(coach, by_id[one], past, due, random) for one in leads if one != coach}
        for coach, (_, leads) in zip(coaches, groups, strict=True)
    ]
    levels = {one: _stands_as_client(member, past) for one, member in by_id.items()}
    pairs = iter(zip(coaches, _clients(coaches, seats, levels, random), strict=True))
    return [[_group(people, next(pairs), by_id, due) for people in groups] for groups in rounds]


def rotate(draw: Draw, members: Iterable[Member], past: Past, apart: Collection[Pair] = ()) -> Draw:
    """The same groups in their next round, with the roles one turn on.

    Who really coached counts, not who was to: who has not coached at this gathering comes first,
    then who did so longest ago. Where all goes as planned, the client coaches and the next
    observer is the client; so in as many rounds as a group has people who may lead, each of them
    coaches once and is the client once, and from three on no two coach each other.

    `past` has the rounds held so far, the one of `draw` too. Who is not in `members` any more is
    left out, who is new observes in the smallest group and has a turn before those who had theirs:
    see `group_edits.settle`.

    Raises TooFewForGroups below two people, or two who may be coach or client.
    """
    by_id = {member.user_id: member for member in members}
    groups = [_in_line(group, by_id, past) for group in draw.groups]
    settled = settle(replace(draw, groups=tuple(groups)), by_id.values(), past, apart)
    led = [_with_client(group, by_id, past) for group in settled.groups]
    return appraise(led, by_id.values(), past, apart, draw.seed)


def _in_line(group: Group, by_id: Mapping[int, Member], past: Past) -> Group:
    """The group in the order of the coming turns as coach, also with those who just left it."""
    last = past.coached_last
    stays = [one for one in group.people if one not in by_id or by_id[one].leads]
    watching = [one for one in group.people if one not in stays]
    return Group((*sorted(stays, key=lambda one: last.get(one, 0)), *watching))


def _with_client(group: Group, by_id: Mapping[int, Member], past: Past) -> Group:
    """The group with the client who is due: at best not the coach's own coach of tonight."""
    coach, *others = group.people
    leads = [one for one in others if by_id[one].leads]
    turns = past.client_tonight
    client = min(leads, key=lambda one: (_has_coached(one, coach, past), turns.get(one, 0)))
    return Group((coach, client, *(one for one in others if one != client)))


def _has_coached(coach: int, client: int, past: Past) -> bool:
    """Whether one coached the other at this gathering."""
    together = past.tonight.get(pair_of(coach, client), 0)
    # Tonight's count 1 each: less is from another evening.
    return together > 0 and past.coached.get((coach, client), 0) >= 1


def _due(member: Member, past: Past) -> int:
    """The turns as coach someone should have next, in thousandths."""
    turns = round(still_owed(member, past) * TURN)
    if member.wish is Wish.COACH:
        return turns + _LIKES
    return min(turns, 0) - _RATHER_NOT if member.wish is Wish.CLIENT else turns


def _stands_as_client(member: Member, past: Past) -> int:
    turns = past.client_tonight.get(member.user_id, 0) * TURN
    return turns - _RATHER_NOT * (member.wish is Wish.CLIENT)


def _against(coach: int, member: Member, past: Past, due: Mapping[int, int], random: Random) -> int:
    """What counts against someone as the client of this coach."""
    client = member.user_id
    swapped = _has_coached(client, coach, past)
    same = min(4, past.coached.get((coach, client), 0))
    waits = max(-4 * TURN, min(4 * TURN, due[client]))
    chance = random.randrange(_CHANCE)
    return _SWAPPED * swapped + round(_SAME * same) - _DUE * waits // TURN + chance


def _clients(
    coaches: Sequence[int], seats: Sequence[Seat], levels: Mapping[int, int], random: Random
) -> list[int]:
    """The client of each group; no two coach each other, nor the same twice, if avoidable."""
    dearer = [dict(seat) for seat in seats]
    even = 0
    best: list[tuple[int, list[int]]] = []
    for attempt in range(_ATTEMPTS):
        clients = share(dearer, levels)
        clashes = [
            ((earlier, later), _SWAPPED if coaches[later] == clients[earlier] else _SAME)
            for earlier, later in combinations(range(len(seats)), 2)
            if {coaches[earlier], clients[earlier]} == {coaches[later], clients[later]}
        ]
        cost = spent(seats, levels, clients)
        even = cost if attempt == 0 else even
        best = [min([*best, (cost + sum(clash for _, clash in clashes), clients)])]
        if best[0][0] < even + _SAME:
            break
        if not clashes:
            dearer = [dict(seat) for seat in seats]
        for two, clash in clashes:
            one = random.choice(two)
            dearer[one][clients[one]] += clash
    return best[0][1]


def _group(
    people: Iterable[int],
    roles: tuple[int, int],
    by_id: Mapping[int, Member],
    due: Mapping[int, int],
) -> Group:
    observers = sorted((one for one in people if one not in roles), key=lambda one: -due[one])
    return Group((*roles, *in_order(observers, by_id)))
