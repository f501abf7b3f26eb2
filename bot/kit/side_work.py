"""Long work in the background: one piece at a time for each key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Iterable
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class SideWork(Generic[K]):
    """Runs work in tasks of its own. Callers who need the outcome wait as long as they like.

    The work has to deal with its own failures: it must not raise.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._tasks: dict[K, asyncio.Task[None]] = {}

    def begin(self, key: K, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begin the work of a key, unless it is under way."""
        if key in self._tasks:
            return
        task = asyncio.create_task(work(), name=f"{self._name}-{key}")
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._tasks.pop(key, None))

    def is_under_way(self, key: K) -> bool:
        """Whether the work of a key has begun and not ended."""
        return key in self._tasks

    async def wait(self, keys: Iterable[K], seconds: float) -> None:
        """Wait until the work of these keys has ended, for at most `seconds`."""
        await wait_for_all((self._tasks[key] for key in keys if key in self._tasks), seconds)

    async def close(self) -> None:
        """Cancel all of it."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def wait_for_all(tasks: Iterable[asyncio.Task[Any]], seconds: float) -> None:
    """Wait until all of these tasks have ended, for at most `seconds`; they go on after that."""
    left = set(tasks)
    if left and seconds > 0:
        await asyncio.wait(left, timeout=seconds)
        # What the tasks schedule at their end runs right after it.
        await asyncio.sleep(0)


async def within(seconds: float, work: Coroutine[Any, Any, T], otherwise: T) -> T:
    """Do work that may hang. Cancels it after `seconds` and returns `otherwise`."""
    try:
        async with asyncio.timeout(seconds):
            return await work
    except TimeoutError:
        return otherwise
