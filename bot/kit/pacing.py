"""Spreads work that takes processor time, so that nobody has to wait for all of it."""

from __future__ import annotations

import asyncio


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
