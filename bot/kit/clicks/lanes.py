"""A few clicks of one person are worked on at a time: their others wait, and nobody else does."""

from __future__ import annotations

import asyncio
from collections import Counter, deque

from bot.kit.fairness import Place

MOST_AT_ONCE = 3


class Lanes:
    """Lets `most` commands, clicks and forms of each person through at a time, in their order.

    Everything that people do is begun at once by the library, so that hundreds of clicks of one
    person would be answered before the first of another who came a moment later.
    """

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._at_work: Counter[int] = Counter()
        self._waiting: dict[int, deque[Place]] = {}

    async def enter(self, user_id: int) -> None:
        """Wait for a place for something that this person did; `leave` gives it back."""
        if self._at_work[user_id] < self._most:
            self._at_work[user_id] += 1
        else:
            await self._wait_in_line(user_id)

    async def hold_for_task(self, user_id: int) -> None:
        """Hold a place for this person until the current task is over."""
        task = asyncio.current_task()
        await self.enter(user_id)
        if task is not None:
            task.add_done_callback(lambda _: self.leave(user_id))

    async def _wait_in_line(self, user_id: int) -> None:
        place = Place()
        self._waiting.setdefault(user_id, deque()).append(place)
        try:
            await place.wait()
        except asyncio.CancelledError:
            if place.is_given:
                # In the same moment in which it was cancelled.
                self.leave(user_id)
            raise

    def leave(self, user_id: int) -> None:
        """Give the place to who waits longest; nothing is kept of a person who does nothing."""
        line = self._waiting.get(user_id, deque())
        while line:
            place = line.popleft()
            if place.is_wanted:
                place.give()
                return
        self._waiting.pop(user_id, None)
        self._at_work[user_id] -= 1
        if not self._at_work[user_id]:
            del self._at_work[user_id]
