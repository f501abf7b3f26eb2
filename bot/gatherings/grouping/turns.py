"""Sharing out turns so that everybody has as many as they are due."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence

TURN = 1000
"""One turn. Levels and costs are whole numbers of thousandths, so that sums are exact."""


def share(places: Sequence[Mapping[int, int]], levels: Mapping[int, int]) -> list[int]:
    """Who takes each of the places, as evenly as can be.

    `places` have for each person who may take it what counts against that; nobody can take none
    of them. `levels` say where people stand, in turns had (less those due). What is `spent` is the
    least there is.

    Each place in turn is given away along the cheapest chain of people who hand on a place of
    theirs: successive shortest paths (Ahuja, Magnanti and Orlin, Network Flows, 1993, 9.7), which
    are optimal as each turn more costs someone more than the one before.
    """
    taken: list[int | None] = [None] * len(places)
    held: dict[int, list[int]] = {person: [] for place in places for person in place}
    for place in range(len(places)):
        _give(place, places, levels, taken, held)
    return [person for person in taken if person is not None]


def spent(
    places: Sequence[Mapping[int, int]], levels: Mapping[int, int], chosen: Sequence[int]
) -> int:
    """What it costs that these people have the places: their costs, and how uneven it is.

    That is by how much the squares of the levels, in turns, grow in sum.
    """
    turns = Counter(chosen)
    uneven = sum(times * (2 * levels[person] + TURN * times) for person, times in turns.items())
    return uneven + sum(place[person] for place, person in zip(places, chosen, strict=True))


def _give(
    start: int,
    places: Sequence[Mapping[int, int]],
    levels: Mapping[int, int],
    taken: list[int | None],
    held: dict[int, list[int]],
) -> None:
    cheapest: dict[int, int] = {}
    from_place: dict[int, int] = {}
    waiting = deque([(start, 0)])
    while waiting:
        place, spent = waiting.popleft()
        holder = taken[place]
        if holder is not None and cheapest[holder] < spent:
            continue
        saved = 0 if holder is None else places[place][holder]
        for person, cost in places[place].items():
            total = spent + cost - saved
            if person != holder and total < cheapest.get(person, total + 1):
                cheapest[person], from_place[person] = total, place
                waiting.extend((other, total) for other in held[person])
    person = min(
        cheapest, key=lambda one: cheapest[one] + 2 * levels[one] + TURN * (2 * len(held[one]) + 1)
    )
    while True:
        place = from_place[person]
        handed = taken[place]
        taken[place] = person
        held[person].append(place)
        if handed is None:
            return
        held[handed].remove(place)
        person = handed
