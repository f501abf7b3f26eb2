"""Changes of one thing happen one after another, each made from what is on disk."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.kit.database.errors import ChangedMeanwhile
from bot.kit.per_key import Locks

log = logging.getLogger(__name__)

T = TypeVar("T")


class OneAtATime:
    """Makes changes of things that are in memory and on disk, by the id of each.

    Where the disk has another version than memory, e.g. because the answer to a write was an error
    and the write was kept all the same, the thing is read again and the change is made again,
    once. Without that, no change of it could be saved until the bot is restarted.
    """

    def __init__(self, read_again: Callable[[int], Awaitable[None]]) -> None:
        """`read_again` takes the thing with this id into memory as it is on disk."""
        self._read_again = read_again
        self.locks: Locks[int] = Locks()
        """By id, held while a thing is changed."""

    async def change(self, id_: int, change: Callable[[], Awaitable[T]]) -> T:
        """Make a change when its turn comes; its result.

        `change` is called a second time after ChangedMeanwhile, so it begins with what is in
        memory. What it raises then is passed on.
        """
        async with self.locks[id_]:
            try:
                return await change()
            except ChangedMeanwhile as error:
                log.warning("%s It is read again.", error)
                await self._read_again(id_)
                return await change()
