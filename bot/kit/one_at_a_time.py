"""Makes changes of one thing one after another, each based on what is on disk."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.kit.database.errors import ChangedMeanwhile
from bot.kit.per_key import Locks

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
        self.locks: Locks[int] = Locks()
        """By id, held while a thing is changed."""

    async def change(self, id_: int, change: Callable[[], Awaitable[T]]) -> T:
        """Make a change when it is its turn. Returns its result.

        `change` is called a second time after ChangedMeanwhile, so it has to begin with what is in
        memory. What it raises then is passed on.
        """
        async with self.locks[id_]:
            try:
                return await change()
            except ChangedMeanwhile as error:
                log.warning("%s It is read again.", error)
                await self._read_again(id_)
                return await change()
