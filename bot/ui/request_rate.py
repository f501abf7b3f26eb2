"""Keeps what the clock sends within what Discord allows, before Discord has to say no.

Discord takes 50 requests a second from a bot, and counts refused ones: ten thousand of those within
ten minutes, and the bot is locked out. The library waits after a refusal; when a thousand segments
end in the same second, that is too late.
https://discord.com/developers/docs/topics/rate-limits
"""

from __future__ import annotations

import asyncio

# At most 46 in any second: Discord takes 50, and there are other requests, too. What has waited
# while the program stood still comes on top, 3 for each tenth of a second.
REQUESTS_A_SECOND, BURST = 32, 14
SHORTEST_WAIT_SECONDS = 0.001
"""Less may be lost in rounding, and be waited for again and again."""


class RequestRate:
    """Lets requests go at a steady rate, in order; after a quiet time a burst may go at once.

    The generic cell rate algorithm: each request has its own moment, which is known when it comes.
    In no second there are more than `per_second` and `burst` together.
    """

    def __init__(self, per_second: float, burst: int) -> None:
        self._spacing = 1 / per_second
        self._tolerance = self._spacing * (burst - 1)
        self._spare = self._tolerance / 4
        self._next = 0.0

    async def turn(self) -> None:
        """Wait until the next request may go."""
        wait = self._ahead() - self._tolerance
        self._take()
        if wait > 0:
            await asyncio.sleep(wait)

    async def spare_turn(self) -> None:
        """Wait until a request may go that is in no hurry: most of the burst is left to others.

        Only one caller may wait here at a time.
        """
        # Again and again, because those in a hurry may come meanwhile.
        while (wait := self._ahead() - self._spare) > 0:  # noqa: ASYNC110
            await asyncio.sleep(max(wait, SHORTEST_WAIT_SECONDS))
        self._take()

    def _ahead(self) -> float:
        """By how many seconds the requests until now are ahead of the steady rate."""
        return max(self._next - asyncio.get_running_loop().time(), 0.0)

    def _take(self) -> None:
        self._next = max(self._next, asyncio.get_running_loop().time()) + self._spacing
