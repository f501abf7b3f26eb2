"""What a round in certain groups adds to the past. How earlier evenings count is in `meetings`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

from bot.gatherings.grouping.groups import Group, Past
from bot.rounds.model.pairs import Pair, pair_of

RECENT = 0.5
"""From so much on, two people have met not long ago: once within eight weeks, or more often."""


def after(past: Past, groups: Iterable[Group]) -> Past:
    """The past once a round of this gathering has been held in these groups."""
    tonight = Counter(past.tonight)
    coached = dict(past.coached)
    as_coach, as_client = Counter(past.coached_tonight), Counter(past.client_tonight)
    for group in groups:
        tonight.update(pairs_in(group.people))
        roles = (group.coach, group.client)
        coached[roles] = coached.get(roles, 0) + 1
        as_coach[group.coach] += 1
        as_client[group.client] += 1
    return replace(
        past, tonight=tonight, coached=coached, coached_tonight=as_coach, client_tonight=as_client
    )


def pairs_in(people: Iterable[int]) -> Iterator[Pair]:
    """Each two of some people."""
    return (pair_of(one, another) for one, another in combinations(people, 2))
