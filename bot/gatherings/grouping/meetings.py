"""Who practised together in a dojo, and how much of it still counts when new groups are formed.

A meeting counts less the older it is: it halves every eight weeks (exponential decay), so that
people who were together last week are kept apart rather than those who were together in spring.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations

from bot.gatherings.grouping.groups import Group, Past
from bot.rounds.model.pairs import Pair, pair_of
from bot.rounds.model.round import ZERO

HALF_LIFE = timedelta(weeks=8)
RECENT = 0.5
"""From so much on, two people have met not long ago: once within eight weeks, or more often."""
LARGEST_CLOSE = 7
"""People. In a larger ring only the coach and the client have practised with each other."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """The people who took part in one round that is over."""

    at: datetime
    """When the round ended."""
    evening: int
    """The same for all rounds of one evening."""
    people: tuple[int, ...]
    coaches: tuple[int, ...] = ()
    """Everybody who coached: more than one after a swap or when someone took over."""
    client: int | None = None
    """None when that person has been forgotten."""

    @property
    def coached(self) -> tuple[tuple[int, int], ...]:
        """Who coached whom."""
        client = self.client
        return tuple((one, client) for one in self.coaches if client is not None and one != client)

    @property
    def pairs(self) -> Iterable[Pair]:
        """Who has practised with each other, each pair once."""
        if len(self.people) > LARGEST_CLOSE:
            return [pair_of(coach, client) for coach, client in self.coached]
        return [Pair(*two) for two in combinations(sorted(self.people), 2)]


def weight(age: timedelta) -> float:
    """How much a meeting counts that was so long ago: 1 now, half of it every eight weeks.

    A meeting from the future, after a clock was set back, counts as one of now.
    """
    return 0.5 ** (max(age, ZERO) / HALF_LIFE)


def decayed(meetings: Iterable[Meeting], now: datetime) -> dict[Pair, float]:
    """How much each pair was together in one group: the sum of the weights of its meetings."""
    found: defaultdict[Pair, float] = defaultdict(float)
    for meeting in meetings:
        counts = weight(now - meeting.at)
        for pair in meeting.pairs:
            found[pair] += counts
    return dict(found)


def coached(meetings: Iterable[Meeting], now: datetime) -> dict[tuple[int, int], float]:
    """How much the first of two people coached the second, as `decayed` counts it."""
    found: defaultdict[tuple[int, int], float] = defaultdict(float)
    for meeting in meetings:
        counts = weight(now - meeting.at)
        for two in meeting.coached:
            found[two] += counts
    return dict(found)


def past_of(before: Iterable[Meeting], tonight: Iterable[Meeting], now: datetime) -> Past:
    """What a draw has to know of the past.

    `tonight` are the rounds of the gathering itself, also one that still runs; none of them may
    be in `before`.
    """
    before, tonight = list(before), sorted(tonight, key=lambda meeting: meeting.at)
    coached_whom = Counter(coached(before, now))
    for meeting in tonight:
        # In full, also when the evening is long.
        coached_whom.update(dict.fromkeys(meeting.coached, 1.0))
    return Past(
        met=decayed(before, now),
        tonight=Counter(pair for meeting in tonight for pair in meeting.pairs),
        coached=dict(coached_whom),
        coached_tonight=Counter(coach for meeting in tonight for coach in meeting.coaches),
        client_tonight=Counter(one.client for one in tonight if one.client is not None),
        coached_last={
            coach: number for number, meeting in enumerate(tonight, 1) for coach in meeting.coaches
        },
    )


def after(past: Past, groups: Iterable[Group]) -> Past:
    """The past once a round of this gathering has been held in these groups."""
    tonight = Counter(past.tonight)
    coached = dict(past.coached)
    as_coach, as_client = Counter(past.coached_tonight), Counter(past.client_tonight)
    last, now = dict(past.coached_last), max(past.coached_last.values(), default=0) + 1
    for group in groups:
        tonight.update(pairs_in(group.people))
        roles = (group.coach, group.client)
        coached[roles] = coached.get(roles, 0) + 1
        as_coach[group.coach] += 1
        as_client[group.client] += 1
        last[group.coach] = now
    return replace(
        past,
        tonight=tonight,
        coached=coached,
        coached_tonight=as_coach,
        client_tonight=as_client,
        coached_last=last,
    )


def pairs_in(people: Iterable[int]) -> Iterator[Pair]:
    """Each two of some people."""
    return (pair_of(one, another) for one, another in combinations(people, 2))
