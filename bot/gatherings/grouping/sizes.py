"""How many people go into each group.

Three are best: everybody coaches, is the client and observes within three rounds. One person too
many makes a group of four and two make two of them; nobody is left over, and nobody is alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

BEST = 3
"""People in a group, where their number allows it."""
LEADS = 2
"""Coach and client: so many of a group must be willing to lead."""

_SMALL = 14
"""Up to so many people all ways to split them are gone through (33 for 14)."""
_PAIRS = 4
"""Of more people, at most so many pairs are split off."""


class TooFewForGroups(ValueError):
    """No group can be made: there must be two people, and two of them coach and client."""

    def __init__(self, people: int, leads: int) -> None:
        super().__init__(f"{people} people, {leads} of whom may be coach or client, make no group")
        self.people = people
        self.leads = leads


def split(count: int, leads: int | None = None) -> tuple[int, ...]:
    """The sizes of the groups of `count` people, the smallest first.

    Threes; one person over makes a four, two make two fours; two people are a pair, five are a
    five. `leads` are those who may be coach or client (all when None). Each group needs two, so
    where they are few there are fewer, larger groups, as even as possible.

    Raises TooFewForGroups below two people or two leads.
    """
    leads = count if leads is None else leads
    if count < LEADS or leads < LEADS:
        raise TooFewForGroups(count, leads)
    groups = max(1, min(count // BEST, leads // LEADS))
    size, more = divmod(count, groups)
    return (size,) * (groups - more) + (size + 1,) * more


def evenly(sizes: Sequence[int], count: int) -> tuple[int, ...]:
    """How many of `count` people of one kind go into each group, as evenly as can be.

    With those who may lead this keeps every turn that can be kept, however many rounds there are:
    the others, who only observe, are in the groups that would have more leads than turns. A group
    gives one turn as coach in a round of a format without changes of coach, so `groups * rounds`
    turns are the most there can be, and of more leads the rest goes without: `max(0, leads -
    groups * rounds)`. The sizes of `split` differ by one at most, so that the leads in each group
    can be `q` or `q + 1`, with `q = leads // groups`. Then with up to `q` rounds no turn is left
    over in any group, and with more everybody has had one: that least is reached.
    """
    low, high = zip(*even_bounds(sizes, count), strict=True)
    more = count - sum(low)
    shares = list(low)
    for at in range(len(shares)):
        if more and shares[at] < high[at]:
            shares[at] += 1
            more -= 1
    return tuple(shares)


def even_bounds(sizes: Sequence[int], count: int) -> tuple[tuple[int, int], ...]:
    """The fewest and the most of `count` people of one kind in each group, if they are spread.

    All ways to keep to these bounds are equally even.
    """
    level = max(
        share for share in range(max(sizes) + 1) if sum(min(size, share) for size in sizes) <= count
    )
    return tuple((min(size, level), min(size, level + 1)) for size in sizes)


def others(count: int, leads: int) -> Iterator[tuple[int, ...]]:
    """Other sizes than those of `split`, the nearest to threes first.

    They are for people who must not be together: four of them as two pairs, five as 2 and 3. Of
    more than 14 people only some are given: those with up to four pairs.
    """
    rule = split(count, leads)
    if count <= _SMALL:
        ways = [way for way in _ways(count, LEADS) if len(way) <= leads // LEADS]
        yield from (way for way in sorted(ways, key=_strangeness) if way != rule)
        return
    for pairs in range(1, _PAIRS + 1):
        if leads >= (pairs + 1) * LEADS:
            rest = split(count - pairs * LEADS, leads - pairs * LEADS)
            yield (LEADS,) * pairs + rest


def _ways(count: int, smallest: int) -> Iterator[tuple[int, ...]]:
    """All ways to write a number as a sum of numbers from `smallest` on, in rising order."""
    for first in range(smallest, count // 2 + 1):
        yield from ((first, *rest) for rest in _ways(count - first, first))
    yield (count,)


def _strangeness(sizes: tuple[int, ...]) -> tuple[int, int, tuple[int, ...]]:
    """How far sizes are from threes: a four is near, a pair is as far as a five."""
    return sum(3 if size == LEADS else (size - BEST) ** 2 for size in sizes), len(sizes), sizes
