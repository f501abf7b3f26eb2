"""Tasks beside everything else, held until they end: any number, or one for each key."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Hashable, Iterable
from contextvars import Context
from typing import Any, Generic, TypeAlias, TypeVar

log = logging.getLogger(__name__)

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

Work: TypeAlias = Callable[[], Coroutine[Any, Any, object]]


class BackgroundTasks:
    """Tasks that nobody waits for."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def begin(
        self, work: Coroutine[Any, Any, T], name: str, context: Context | None = None
    ) -> asyncio.Task[T]:
        """Do work in a task of its own, by default in the context of the caller."""
        task = asyncio.create_task(work, name=name, context=context)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Cancel all of them, and wait until they have ended."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class OnePerKey(Generic[K]):
    """One task at a time for each key. What work raises is logged, and nobody learns of it."""

    def __init__(self, name: str) -> None:
        """`name` stands in the names of the tasks and in the log."""
        self._name = name
        self._all = BackgroundTasks()
        self._tasks: dict[K, asyncio.Task[None]] = {}
        self._again: dict[K, Work] = {}
        """What is done as soon as the task of a key has done what it is doing."""

    def begin(self, key: K, work: Work, context: Context | None = None) -> None:
        """Do the work of a key, unless it is under way."""
        if key not in self._tasks:
            self.wake(key, work, context)

    def wake(self, key: K, work: Work, context: Context | None = None) -> None:
        """Do the work of a key; once more if it is under way. Work may wake its own key."""
        self._again[key] = work
        if key not in self._tasks:
            name = f"{self._name}-{key}"
            self._tasks[key] = self._all.begin(self._run(key), name, context)

    def is_under_way(self, key: K) -> bool:
        """Whether the work of a key has begun and not ended."""
        return key in self._tasks

    async def wait(self, keys: Iterable[K], seconds: float) -> None:
        """Wait until the work of these keys has ended, at most so long; it goes on after that."""
        left = {self._tasks[key] for key in keys if key in self._tasks}
        if left and seconds > 0:
            await asyncio.wait(left, timeout=seconds)

    def cancel(self, key: K) -> None:
        """Give up the work of a key; work that gives itself up is not done once more."""
        self._again.pop(key, None)
        task = self._tasks.get(key)
        if task is not None and task is not asyncio.current_task():
            del self._tasks[key]
            task.cancel()

    async def close(self) -> None:
        """Give up all of it, and wait until it has ended."""
        self._again.clear()
        self._tasks.clear()
        await self._all.close()

    async def _run(self, key: K) -> None:
        try:
            while (work := self._again.pop(key, None)) is not None:
                try:
                    await work()
                except Exception:
                    log.exception("%s of %s failed", self._name, key)
        finally:
            # Right after the last look: what wakes the key from now on begins a new task.
            if self._tasks.get(key) is asyncio.current_task():
                del self._tasks[key]


async def within(seconds: float, work: Coroutine[Any, Any, T], otherwise: T) -> T:
    """Do work that may hang: `otherwise` if it has not ended by then, and is given up."""
    try:
        async with asyncio.timeout(seconds):
            return await work
    except TimeoutError:
        return otherwise
