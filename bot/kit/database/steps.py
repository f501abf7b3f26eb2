"""Much is changed in small steps, between which everybody else writes."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable
from itertools import islice
from typing import TypeVar

from bot.kit.database.database import Database, Statements

STEP_SECONDS = 0.005
"""After so long a step is committed, and those who wait to write go first.

A person does not notice it, and the commit comes on top."""

WEIGHT = 40
"""A step changes about as many pages as so many taps."""

T = TypeVar("T")


async def in_steps(
    database: Database, items: Iterable[T], change: Callable[[Statements, T], Awaitable[object]]
) -> None:
    """Change one item after another, as many in a transaction as a moment allows.

    What was changed stays when a later item fails, or when the program ends: the change must be
    one that can be done again without harm. An item must be small.
    """
    left = iter(items)
    item = next(left, None)
    while item is not None:
        async with database.transaction(weight=WEIGHT) as transaction:
            until = time.perf_counter() + STEP_SECONDS
            while item is not None:
                await change(transaction, item)
                item = next(left, None)
                if time.perf_counter() > until:
                    break


def in_parts(items: Iterable[T], most: int) -> Iterable[list[T]]:
    """The items in lists of so many at most."""
    left = iter(items)
    while part := list(islice(left, most)):
        yield part


def marks(items: list[T]) -> str:
    """As many question marks, for a statement that names them all."""
    return ", ".join("?" * len(items))
