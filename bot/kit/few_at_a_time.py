"""A few pieces of work at a time: of those under way, or of those begun in one turn of the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bot.kit.fairness import FairQueue, Place

T = TypeVar("T")


class FewAtATime:
    """Begins work in order of arrival, taking turns between several people or servers.

    Work that hangs leaves its place to others, and goes on.
    """

    def __init__(self, most: int, patience: float) -> None:
        """`most`: pieces of work at a time. `patience`: seconds until work counts as hanging."""
        self._free = most
        self._patience = patience
        self._waiting: FairQueue[Place] = FairQueue()

    async def do(self, whose: int, work: Callable[[], Coroutine[Any, Any, T]]) -> asyncio.Task[T]:
        """Do work when it is its turn. Returns its task, which has ended unless it hangs.

        If the caller is cancelled, so is the work.
        """
        await self._take(whose)
        task = asyncio.create_task(work(), name="few-at-a-time")
        try:
            await asyncio.wait({task}, timeout=self._patience)
        except asyncio.CancelledError:
            task.cancel()
            raise
        finally:
            self._give()
        return task

    async def _take(self, whose: int) -> None:
        if self._free and not self._waiting:
            self._free -= 1
            return
        place = Place()
        self._waiting.put(whose, place)
        await place.wait(give_back=self._give)

    def _give(self) -> None:
        """Give a free place to the next in line."""
        while self._waiting:
            place = self._waiting.take()
            if place.is_wanted:
                place.give()
                return
        self._free += 1


class Pace:
    """Lets `most` callers through in one turn of the event loop, in order of arrival.

    Await `turn` before each piece of work. Nothing keeps running when nobody waits.
    """

    def __init__(self, most: int = 16) -> None:
        self._places = asyncio.Semaphore(most)

    async def turn(self) -> None:
        """Return at once if there is a place in this turn of the loop, or else in a later one."""
        await self._places.acquire()
        # The caller does not give a place back: it stays taken until the next turn of the loop.
        asyncio.get_running_loop().call_soon(self._places.release)
