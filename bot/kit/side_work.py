"""Work that may take long, done beside everything else: one piece at a time for each key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Iterable
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class SideWork(Generic[K]):
    """Does work in tasks of its own. The person who needs the outcome waits as long as they like.

    The work itself sees to what becomes of a failure: it must not raise.
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
        """Wait until the work of these keys has ended, at most so long."""
        await wait_for_all((self._tasks[key] for key in keys if key in self._tasks), seconds)

    async def close(self) -> None:
        """Give up all of it."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def wait_for_all(tasks: Iterable[asyncio.Task[Any]], seconds: float) -> None:
    """Wait until all of these tasks have ended, at most so long; they go on after that."""
    left = set(tasks)
    if left and seconds > 0:
        await asyncio.wait(left, timeout=seconds)
        # What the tasks call when they have ended comes right after it.
        await asyncio.sleep(0)


async def within(seconds: float, work: Coroutine[Any, Any, T], otherwise: T) -> T:
    """Do work that may hang: `otherwise` if it has not ended by then, and is given up."""
    try:
        async with asyncio.timeout(seconds):
            return await work
    except TimeoutError:
        return otherwise
