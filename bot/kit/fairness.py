"""A line for each server, and servers in turn: one with a lot to send delays only itself."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class FairQueue(Generic[T]):
    """Waiting items, each in the line of a server or a person.

    The lines take turns; within a line items go in order. A new line waits for one item of each
    other line, however long those are.
    """

    def __init__(self) -> None:
        # In the order of their turns.
        self._lines: dict[int, deque[T]] = {}

    def put(self, whose: int, item: T) -> None:
        """Add an item at the end of a line."""
        self._lines.setdefault(whose, deque()).append(item)

    def take(self) -> T:
        """The next item. Raises IndexError when nothing waits."""
        if not self._lines:
            raise IndexError("nothing waits")
        whose = next(iter(self._lines))
        line = self._lines.pop(whose)
        item = line.popleft()
        if line:
            # Behind all others.
            self._lines[whose] = line
        return item

    def clear(self) -> None:
        """Drop everything that waits."""
        self._lines.clear()

    def __bool__(self) -> bool:
        return bool(self._lines)


class Place:
    """The place of a task in a line: the task waits here until it is its turn."""

    def __init__(self) -> None:
        self._given: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def is_wanted(self) -> bool:
        """Whether a task still waits here, and has not been told to go on."""
        return not self._given.done()

    def give(self) -> None:
        """Let the task go on."""
        self._given.set_result(None)

    async def wait(self, give_back: Callable[[], None] = lambda: None) -> None:
        """Wait until the task may go on. `give_back` is called if it is cancelled just then."""
        try:
            await self._given
        except asyncio.CancelledError:
            if self._given.done() and not self._given.cancelled():
                give_back()
            raise
