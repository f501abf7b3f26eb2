"""Makes large changes in small steps, so that other writers come in between."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable
from itertools import islice
from typing import TypeVar

from bot.kit.database.database import Database, Statements

STEP_SECONDS = 0.005
"""Seconds after which a step is committed and waiting writers go first.

People do not notice so short a wait; the time of the commit is added to it.
"""

WEIGHT = 40
"""How many taps change about as many pages as one step."""

T = TypeVar("T")


async def in_steps(
    database: Database, items: Iterable[T], change: Callable[[Statements, T], Awaitable[object]]
) -> None:
    """Change one item after another, in transactions of as many as fit into `STEP_SECONDS`.

    Earlier changes stay when a later item fails, or when the program ends: it must be harmless to
    repeat the change. An item must be small.
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
    """The items in lists of at most `most`."""
    left = iter(items)
    while part := list(islice(left, most)):
        yield part


def marks(items: list[T]) -> str:
    """As many question marks as there are items, for a statement that names them all."""
    return ", ".join("?" * len(items))
