"""Something for each key, for as long as a task holds it: mostly a lock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

K = TypeVar("K", bound=Hashable)
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
