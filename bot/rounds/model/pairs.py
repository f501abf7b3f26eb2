"""Two people, and what follows where they are not to be in one group."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple


class Pair(NamedTuple):
    """Two people, the smaller id first; made by `pair_of`."""

    first: int
    second: int


def pair_of(one: int, another: int) -> Pair:
    """Two people in the order that makes the pair the same from both sides."""
    return Pair(min(one, another), max(one, another))


def apart_from(
    asked: tuple[int, ...], others: tuple[int, ...], pairs: Collection[Pair]
) -> tuple[int, ...]:
    """Who of the people that are `asked` must not meet one of them, or one of the `others`."""
    group = {*asked, *others}
    apart = {one for pair in pairs if set(pair) <= group for one in pair}
    return tuple(one for one in asked if one in apart)
