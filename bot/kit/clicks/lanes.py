"""Handles a few clicks of one person at a time: the others wait, but other people do not."""

from __future__ import annotations

import asyncio
from collections import Counter, deque

from bot.kit.fairness import Place

MOST_AT_ONCE = 3


class Lanes:
    """Lets `most` commands, clicks and forms of each person through at a time, in order.

    The library begins everything at once, so hundreds of clicks of one person would be answered
    before the first click of someone who came a moment later.
    """

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._at_work: Counter[int] = Counter()
        self._waiting: dict[int, deque[Place]] = {}

    async def enter(self, user_id: int) -> None:
        """Wait for a place for an interaction of this person; `leave` gives the place back."""
        if self._at_work[user_id] < self._most:
            self._at_work[user_id] += 1
        else:
            await self._wait_in_line(user_id)

    async def hold_for_task(self, user_id: int) -> None:
        """Occupy a place for this person until the current task ends."""
        task = asyncio.current_task()
        await self.enter(user_id)
        if task is not None:
            task.add_done_callback(lambda _: self.leave(user_id))

    async def _wait_in_line(self, user_id: int) -> None:
        place = Place()
        self._waiting.setdefault(user_id, deque()).append(place)
        await place.wait(give_back=lambda: self.leave(user_id))

    def leave(self, user_id: int) -> None:
        """Give the place to the one that waited longest. Nothing is stored about idle people."""
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
