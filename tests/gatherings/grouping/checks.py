"""People for groups, and what must hold of every draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from random import Random

from hypothesis import strategies as st

from bot.gatherings.grouping.groups import Draw, Group, Member, Past, Wish
from bot.rounds.model.pairs import Pair, pair_of

LEADING = (Wish.ANY, Wish.ANY, Wish.COACH, Wish.CLIENT)


def people(count: int, **of_all) -> list[Member]:
    return [Member(number, **of_all) for number in range(1, count + 1)]


def wishing(**wishes: str) -> list[Member]:
    """Members by letters: a=1, b=2 and so on."""
    return [Member(ord(letter) - 96, Wish(wish)) for letter, wish in wishes.items()]


def drawn(*groups: Sequence[int], seed: int = 0) -> Draw:
    return Draw(tuple(Group(tuple(each)) for each in groups), seed)


def who(draw: Draw) -> list[tuple[int, ...]]:
    return [group.people for group in draw.groups]


def sizes(draw: Draw) -> list[int]:
    return sorted(len(group.people) for group in draw.groups)


def is_right(draw: Draw, members: Iterable[Member]) -> None:
    """Everybody is in exactly one group, and two of each lead who may."""
    by_id = {member.user_id: member for member in members}
    assert sorted(one for group in draw.groups for one in group.people) == sorted(by_id)
    for group in draw.groups:
        assert by_id[group.coach].leads
        assert by_id[group.client].leads


def together(draws: Iterable[Draw]) -> Counter[Pair]:
    """How often each pair is together."""
    groups = (group for draw in draws for group in draw.groups)
    return Counter(pair_of(*two) for group in groups for two in combinations(group.people, 2))


def repeats(draws: Iterable[Draw]) -> int:
    """Over each two rounds, the pairs that are together in both."""
    return sum(times * (times - 1) // 2 for times in together(draws).values())


def coached(draws: Iterable[Draw]) -> Counter[int]:
    return Counter(group.coach for draw in draws for group in draw.groups)


def clients(draws: Iterable[Draw]) -> Counter[int]:
    return Counter(group.client for draw in draws for group in draw.groups)


def swapped_roles(draws: Iterable[Draw]) -> bool:
    """Whether two people have coached each other."""
    led = {(group.coach, group.client) for draw in draws for group in draw.groups}
    return any((client, coach) in led for coach, client in led)


@st.composite
def crowds(draw, most: int = 60, least: int = 2) -> list[Member]:
    """Any people of whom two or more may lead."""
    count = draw(st.integers(least, most))
    watching = draw(st.sets(st.integers(1, count), max_size=count - 2))
    fate = Random(draw(st.integers(0, 10**6)))
    tongues = [frozenset({"en"}), frozenset({"es"}), frozenset({"en", "es"}), frozenset()]
    return [
        Member(
            number,
            Wish.OBSERVE if number in watching else fate.choice(LEADING),
            fate.choice([-1.0, -0.4, 0.0, 0.0, 0.3, 0.6, 2.0]),
            fate.choice(tongues),
        )
        for number in range(1, count + 1)
    ]


@st.composite
def pasts(draw, members: Sequence[Member]) -> Past:
    """Any past of these people."""
    ids = [member.user_id for member in members]
    fate = Random(draw(st.integers(0, 10**6)))
    pairs = [pair_of(*fate.sample(ids, 2)) for _ in range(2 * len(ids))]
    return Past(
        met={pair: fate.random() * 3 for pair in pairs},
        tonight=dict.fromkeys(pairs[::4], 1),
        coached=dict.fromkeys(pairs[::3], 1.0),
        coached_tonight=Counter(fate.choices(ids, k=len(ids) // 3)),
        client_tonight=Counter(fate.choices(ids, k=len(ids) // 3)),
    )
