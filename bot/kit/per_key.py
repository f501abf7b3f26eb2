"""Something for each key, for as long as a task holds it: mostly a lock."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from bot.kit.database.errors import ChangedMeanwhile

log = logging.getLogger(__name__)

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
V = TypeVar("V")


class PerKey(Generic[K, V]):
    """Makes a value for a key when it is asked for, and forgets it when nobody holds it."""

    def __init__(self, make: Callable[[], V]) -> None:
        self._make = make
        self._values: WeakValueDictionary[K, V] = WeakValueDictionary()

    def __getitem__(self, key: K) -> V:
        """The value of a key: the same one for all who hold it."""
        value = self._values.get(key)
        if value is None:
            value = self._values[key] = self._make()
        return value


class Locks(PerKey[K, asyncio.Lock]):
    """A lock for each key."""

    def __init__(self) -> None:
        super().__init__(asyncio.Lock)


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
