"""The shuffle bag: no question comes back before all of its phase have been picked.

A bag is an order of question ids and how many of them have been picked. The store picks with one
atomic statement (`position + 1`); the rules here say what a new or changed bag looks like. An order
may contain several cycles. It need not say where one begins: a cycle contains nothing twice, and
the next cycle begins with something that was in it.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Bag:
    """An order of question ids, the first `position` of which have been picked."""

    order: tuple[str, ...]
    position: int = 0

    @property
    def picked(self) -> tuple[str, ...]:
        """What has been picked in the present cycle, oldest first."""
        begin = 0
        seen: set[str] = set()
        for index, question_id in enumerate(self.order[: self.position]):
            if question_id in seen:
                begin = index
                seen.clear()
            seen.add(question_id)
        return self.order[begin : self.position]

    def begin_again(self, count: int) -> list[bool]:
        """For each of the last `count` picked, whether a new cycle begins with it."""
        begins: list[bool] = []
        seen: set[str] = set()
        for question_id in self.order[: self.position]:
            begins.append(question_id in seen)
            if begins[-1]:
                seen.clear()
            seen.add(question_id)
        return begins[-count:]


def fingerprint(deck: Sequence[str]) -> str:
    """A short name for a set of question ids, so that a bag made from another set is noticed."""
    return _fingerprint(tuple(deck))


@lru_cache(maxsize=256)
def _fingerprint(deck: tuple[str, ...]) -> str:
    return hashlib.sha256("\n".join(sorted(deck)).encode()).hexdigest()[:16]


def fresh(deck: Sequence[str], rng: random.Random, *, last: str | None = None) -> Bag:
    """A full bag of `deck` in random order that does not begin with `last`, if possible."""
    order = list(deck)
    rng.shuffle(order)
    if len(order) > 1 and order[0] == last:
        other = rng.randrange(1, len(order))
        order[0], order[other] = order[other], order[0]
    return Bag(tuple(order))


def renewed(bag: Bag | None, deck: Sequence[str], rng: random.Random, *, ahead: int = 1) -> Bag:
    """A bag with at least `ahead` questions of `deck` to come, continuing `bag`.

    What was picked in this cycle stays picked, so a change of content causes no repeats; a new
    cycle begins only when nothing of `deck` is left.
    """
    picked = bag.picked if bag else ()
    coming = [question_id for question_id in deck if question_id not in picked]
    rng.shuffle(coming)
    while len(coming) < ahead:
        before = coming or picked
        coming += fresh(deck, rng, last=before[-1] if before else None).order
    return Bag((*picked, *coming), len(picked))


def loose_question(deck: Sequence[str], seed: int, position: int) -> str:
    """The question at `position` of an endless shuffle of `deck` that depends on `seed` alone.

    For private answers outside a dojo: the button carries seed and position, so nothing about the
    person is stored and nothing repeats before the deck is used up.
    """
    cycle, offset = divmod(position, len(deck))
    last: str | None = None
    bag = Bag(())
    for number in range(cycle + 1):
        bag = fresh(sorted(deck), random.Random(f"{seed}:{number}"), last=last)  # noqa: S311 - no secret
        last = bag.order[-1]
    return bag.order[offset]
