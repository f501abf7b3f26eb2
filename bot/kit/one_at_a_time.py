"""Makes changes of one thing one after another, each based on what is on disk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar
from weakref import WeakValueDictionary

from bot.kit.database.errors import ChangedMeanwhile

log = logging.getLogger(__name__)

T = TypeVar("T")


class OneAtATime:
    """Changes things that are both in memory and on disk, by their ids.

    If the disk has another version than memory, for example because a write succeeded though its
    answer was an error, the thing is read again and the change made again, once. Without that, no
    change could be saved until the bot is restarted.
    """

    def __init__(self, read_again: Callable[[int], Awaitable[None]]) -> None:
        """`read_again` reads the thing with this id from disk into memory."""
        self._read_again = read_again
        # A lock exists while a task holds it or waits for it.
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def lock(self, id_: int) -> asyncio.Lock:
        """The lock to hold while a thing is changed."""
        return self._locks.setdefault(id_, asyncio.Lock())

    async def change(self, id_: int, change: Callable[[], Awaitable[T]]) -> T:
        """Make a change when it is its turn. Returns its result.

        `change` is called a second time after ChangedMeanwhile, so it has to begin with what is in
        memory. What it raises then is passed on.
        """
        async with self.lock(id_):
            try:
                return await change()
            except ChangedMeanwhile as error:
                log.warning("%s It is read again.", error)
                await self._read_again(id_)
                return await change()
