"""Keeps what the clock sends within Discord's limits, before Discord has to refuse it.

Discord accepts 50 requests a second from a bot, and counts the refused ones: after ten thousand of
those within ten minutes the bot is locked out. The library waits after a refusal; when a thousand
segments end in the same second, that is too late.
https://discord.com/developers/docs/topics/rate-limits
"""

from __future__ import annotations

import asyncio
from collections import deque

from bot.kit.fairness import FairQueue, Place

# Not aiolimiter, which takes 0.5 MB: its bucket has one line for all, so that a server with
# hundreds of requests would hold up every other; it counts what is let go, not what is sent, and
# keeps nothing back for those in a hurry. It would replace half of `_wait` and `_take`: six lines.

REQUESTS_A_SECOND, BURST = 42, 4
MOST_IN_A_SECOND = 46
"""In any second, also after a quiet time: Discord accepts 50, and there are other requests, too."""
A_SECOND = 1.01
"""A little more than one, because requests take different times on their way."""
SHORTEST_WAIT_SECONDS = 0.001
"""A shorter wait might be lost in rounding, and be repeated again and again."""


class RequestRate:
    """Lets requests go at a steady rate; after a quiet time a burst may go at once.

    Servers that wait take turns, so that one with hundreds of requests delays another by only one;
    within a server requests go in order. The generic cell rate algorithm limits rate and burst. In
    addition no second has more than `most` requests, counted when they were really sent: a busy
    machine may send many at once that were let go one after another.
    """

    def __init__(self, per_second: float, burst: int, most: int) -> None:
        self._spacing = 1 / per_second
        self._tolerance = self._spacing * (burst - 1)
        self._spare = self._tolerance / 4
        self._most_spare = most * 4 // 5
        self._next = 0.0
        self._let: deque[float] = deque()
        """When those requests were let go that have not been sent yet, as far as is known."""
        self._sent: deque[float] = deque(maxlen=most)
        self._most = most
        self._waiting: FairQueue[Place] = FairQueue()
        self._letting_go: asyncio.Task[None] | None = None

    async def slot(self, guild_id: int) -> None:
        """Wait until the next request of a server may go."""
        if not self._waiting and self._wait(self._tolerance, self._most) <= 0:
            self._take()
            return
        place = Place()
        self._waiting.put(guild_id, place)
        if self._letting_go is None or self._letting_go.done():
            self._letting_go = asyncio.create_task(self._let_go(), name="requests")
        await place.wait()

    def sent(self) -> None:
        """A request is being sent to Discord, with or without a slot.

        If this is never called, requests count from the moment they are let go.
        """
        if self._let:
            self._let.popleft()
        self._sent.append(self._now())

    async def spare_slot(self) -> None:
        """Wait until a request may go that is in no hurry: most of the burst is left to others.

        Only one caller may wait here at a time.
        """
        # In a loop, because urgent requests may come in the meantime.
        while (wait := self._wait(self._spare, self._most_spare)) > 0 or self._waiting:  # noqa: ASYNC110
            await asyncio.sleep(max(wait, SHORTEST_WAIT_SECONDS))
        self._take()

    async def _let_go(self) -> None:
        """Let waiting requests go, each as soon as possible."""
        while self._waiting:
            wait = self._wait(self._tolerance, self._most)
            if wait > 0:
                await asyncio.sleep(max(wait, SHORTEST_WAIT_SECONDS))
                continue
            place = self._waiting.take()
            # A cancelled caller uses up nothing that others could have.
            if place.is_wanted:
                self._take()
                place.give()

    def _wait(self, tolerance: float, most: int) -> float:
        """In how many seconds the next request may go; at once if not above 0."""
        ahead_of_the_rate = max(self._next - self._now(), 0.0)
        return max(ahead_of_the_rate - tolerance, self._until_fewer_than(most))

    def _until_fewer_than(self, most: int) -> float:
        """In how many seconds, at least, the last second will have fewer than `most` requests."""
        since = self._now() - A_SECOND
        for moments in (self._let, self._sent):
            while moments and moments[0] <= since:
                moments.popleft()
        if len(self._let) + len(self._sent) < most:
            return 0.0
        return min(moments[0] for moments in (self._let, self._sent) if moments) - since

    def _take(self) -> None:
        now = self._now()
        self._next = max(self._next, now) + self._spacing
        self._let.append(now)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
