# ruff: noqa: ANN401, SLF001 - what is private to SimCord has no types for others
"""Lets time pass while one task waits for another that waits for time to pass.

SimCord lets time pass only when all of the bot's work waits for it, or for something from outside.
It does not recognise locks, or places in a line: if one task sleeps with the lock and another wants
it, SimCord considers the second busy, and waits for it until its own patience is over.
"""

from __future__ import annotations

import asyncio
from typing import Any

import simcord._settlement as settlement

from bot.kit.fairness import Place

__all__ = ["patient_locks"]

_WAITS = {asyncio.Lock.acquire.__code__, Place.wait.__code__}


def patient_locks() -> None:
    """Consider a task that waits for a lock or a place as busy as the one that has it. Applies to
    the process."""
    genuine = settlement._park_reason
    if getattr(genuine, "knows_locks", False):
        return

    def park_reason(
        self: Any, task: asyncio.Task[Any], deadline: float, seen: set[int] | None = None
    ) -> str | None:
        reason = genuine(self, task, deadline, seen)
        # The holder is checked by itself: while it works, nothing is over.
        return reason or ("lock" if _wants_lock(task) else None)

    setattr(park_reason, "knows_locks", True)  # noqa: B010 - a mark on a function has no type
    settlement._park_reason = park_reason


def _wants_lock(task: asyncio.Task[Any]) -> bool:
    inner: Any = task.get_coro()
    while inner is not None and getattr(inner, "cr_code", None) not in _WAITS:
        inner = getattr(inner, "cr_await", None)
    waiter = getattr(task, "_fut_waiter", None)
    return inner is not None and waiter is not None and not waiter.done()
