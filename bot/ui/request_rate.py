"""Keeps what the clock sends within what Discord allows, before Discord has to say no.

Discord takes 50 requests a second from a bot, and counts refused ones: ten thousand of those within
ten minutes, and the bot is locked out. The library waits after a refusal; when a thousand segments
end in the same second, that is too late.
https://discord.com/developers/docs/topics/rate-limits
"""

from __future__ import annotations

import asyncio

from bot.services.fairness import FairQueue, Place

# At most 46 in any second: Discord takes 50, and there are other requests, too. What has waited
# while the program stood still comes on top, 3 for each tenth of a second.
REQUESTS_A_SECOND, BURST = 32, 14
SHORTEST_WAIT_SECONDS = 0.001
"""Less may be lost in rounding, and be waited for again and again."""


class RequestRate:
    """Lets requests go at a steady rate; after a quiet time a burst may go at once.

    Servers that wait take turns, so that one with hundreds of requests delays another by one of
    them; within a server requests go in order. In no second there are more than `per_second` and
    `burst` together (the generic cell rate algorithm).
    """

    def __init__(self, per_second: float, burst: int) -> None:
        self._spacing = 1 / per_second
        self._tolerance = self._spacing * (burst - 1)
        self._spare = self._tolerance / 4
        self._next = 0.0
        self._waiting: FairQueue[Place] = FairQueue()
        self._letting_go: asyncio.Task[None] | None = None

    async def turn(self, guild_id: int) -> None:
        """Wait until the next request of a server may go."""
        if not self._waiting and self._ahead() <= self._tolerance:
            self._take()
            return
        place = Place()
        self._waiting.put(guild_id, place)
        if self._letting_go is None or self._letting_go.done():
            self._letting_go = asyncio.create_task(self._let_go(), name="requests")
        await place.wait()

    async def spare_turn(self) -> None:
        """Wait until a request may go that is in no hurry: most of the burst is left to others.

        Only one caller may wait here at a time.
        """
        # Again and again, because those in a hurry may come meanwhile.
        while (wait := self._ahead() - self._spare) > 0 or self._waiting:  # noqa: ASYNC110
            await asyncio.sleep(max(wait, SHORTEST_WAIT_SECONDS))
        self._take()

    async def _let_go(self) -> None:
        """Let those go who wait, each as soon as that is possible."""
        while self._waiting:
            wait = self._ahead() - self._tolerance
            if wait > 0:
                await asyncio.sleep(max(wait, SHORTEST_WAIT_SECONDS))
                continue
            place = self._waiting.take()
            # Who was cancelled meanwhile takes no turn from the others.
            if place.is_wanted:
                self._take()
                place.give()

    def _ahead(self) -> float:
        """By how many seconds the requests until now are ahead of the steady rate."""
        return max(self._next - asyncio.get_running_loop().time(), 0.0)

    def _take(self) -> None:
        self._next = max(self._next, asyncio.get_running_loop().time()) + self._spacing
