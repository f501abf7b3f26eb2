"""Spreads pieces of work that take the processor, so that nobody else waits for all of them."""

from __future__ import annotations

import asyncio


class Pace:
    """Lets `most` callers through in one turn of the event loop, in the order in which they come.

    Await `turn` before each piece of work. Nothing is left running when nobody waits.
    """

    def __init__(self, most: int = 16) -> None:
        self._places = asyncio.Semaphore(most)

    async def turn(self) -> None:
        """Return at once if there is a place in this turn of the loop, else in a later one."""
        await self._places.acquire()
        # Not given back by the caller: a place is used up until the next turn of the loop.
        asyncio.get_running_loop().call_soon(self._places.release)
