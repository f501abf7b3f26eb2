"""Keeping to the gateway: soon back after an outage, and never more logins than Discord allows.

The library waits longer after every attempt that fails, up to 17 minutes, and forgets that only
after 34 minutes without another failure. Meanwhile nobody can press anything. Its place for the
length of that wait is its own; `tests/test_gateway.py` holds this version of it to that.
"""

from __future__ import annotations

import asyncio
import logging
import random
from typing import Literal

import discord
from discord.backoff import ExponentialBackoff

log = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 10.0
"""Between two attempts to connect. An attempt that resumes a session costs none of the logins."""
BETWEEN_IDENTIFIES_SECONDS = 5.0
"""Discord's rule."""
MOST_IDENTIFIES_AT_ONCE = 60
SECONDS_FOR_ONE_MORE = 100.0
"""Discord allows 1,000 logins a day, and resets the token after more: this gives at most 924."""
A_MOMENT = 0.001


class BoundedBackoff(ExponentialBackoff[Literal[False]]):
    """The library's growing pauses, none of them longer than ten seconds."""

    def delay(self) -> float:
        """Seconds until the next attempt."""
        pause = super().delay()
        if pause <= LONGEST_PAUSE_SECONDS:
            return pause
        return random.uniform(LONGEST_PAUSE_SECONDS / 2, LONGEST_PAUSE_SECONDS)  # noqa: S311


def bound_pauses() -> None:
    """From now on every client of this process is soon back after an outage."""
    setattr(discord.client, "ExponentialBackoff", BoundedBackoff)  # noqa: B010 - not exported


def expect_no_voice() -> None:
    """Keep the library from warning at every start that it cannot speak: the bot never does."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class Identifies:
    """Paces logins at the gateway, however often the connection is lost."""

    def __init__(self) -> None:
        self._left = float(MOST_IDENTIFIES_AT_ONCE)
        self._counted_at: float | None = None
        self._last: float | None = None

    async def turn(self) -> None:
        """Wait until one more login is allowed; one that is given up while waiting counts not."""
        clock = asyncio.get_running_loop().time
        while (wait := self._wait(clock())) > A_MOMENT:
            if wait > BETWEEN_IDENTIFIES_SECONDS:
                log.warning("too many logins at the gateway; waiting %.0f s", wait)
            await asyncio.sleep(wait)
        self._left -= 1
        self._last = clock()

    def _wait(self, now: float) -> float:
        if self._counted_at is not None:
            gained = (now - self._counted_at) / SECONDS_FOR_ONE_MORE
            self._left = min(self._left + gained, MOST_IDENTIFIES_AT_ONCE)
        self._counted_at = now
        waits = [(1 - self._left) * SECONDS_FOR_ONE_MORE]
        if self._last is not None:
            waits.append(self._last + BETWEEN_IDENTIFIES_SECONDS - now)
        return max(waits)
