"""Connects to the gateway soon after an outage, with no more logins than Discord allows.

The library waits longer after every failed attempt, up to 17 minutes, and forgets that only after
34 minutes without another failure. All that time nobody can press anything. After a dropped
connection it does not wait at all, and it never gives up an address for resuming that Discord once
gave it. This patches the library's own classes; `tests/test_gateway.py` checks that this version of
the library fits.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from typing import Any, Literal

import discord
import yarl
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

log = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 10.0
"""Between two attempts to connect. An attempt that resumes a session costs none of the logins."""
LASTING_SECONDS = 60.0
"""A connection that lasted this long counts as a success."""
BETWEEN_IDENTIFIES_SECONDS = 5.0
"""Discord's rule, and what the library waits for before each login."""
LONGEST_GAP_SECONDS = 50.0
"""Between two logins, while each of them fails: 864 in twelve hours."""
QUIET_SECONDS = 300.0
"""After this time without a login, the next one counts as the first again."""
A_DAY_SECONDS = 24 * 3600.0
MOST_A_DAY = 980
"""Discord allows 1,000 logins a day, and resets the token after more."""
SPARED_FROM = 900
"""Logins in one day; from then on the remaining ones are spread over the rest of the day."""
MOST_FAILURES = 3
"""Failed attempts at one address for resuming; after them the address is given up for a while."""
GIVEN_UP_SECONDS = 600.0
MOST_DOUBLED = 10
"""Doublings after which a growing pause is at its longest."""
A_MOMENT = 0.001


class BoundedBackoff(ExponentialBackoff[Literal[False]]):
    """The library's growing pauses, limited to ten seconds."""

    def delay(self) -> float:
        """Seconds until the next attempt."""
        pause = super().delay()
        if pause <= LONGEST_PAUSE_SECONDS:
            return pause
        return random.uniform(LONGEST_PAUSE_SECONDS / 2, LONGEST_PAUSE_SECONDS)  # noqa: S311


def expect_no_voice() -> None:
    """Keep the library from warning at every start that it cannot use voice: the bot never does."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class Identifies:
    """Spaces out logins at the gateway, however often the connection is lost.

    While login after login fails, the pauses between them grow, so that an outage of half a day
    does not use up the logins that Discord allows for a day.
    """

    def __init__(self) -> None:
        self._made: deque[float] = deque()
        """When the logins of the last day were made."""
        self._in_a_row = 0

    async def slot(self) -> None:
        """Wait until another login is allowed. One cancelled while waiting does not count."""
        # In a loop, because another client of this process may have been first.
        while (wait := self.wait_seconds()) > A_MOMENT:  # noqa: ASYNC110
            await asyncio.sleep(wait)
        now = _now()
        is_first = not self._made or now - self._made[-1] >= QUIET_SECONDS
        self._in_a_row = 1 if is_first else self._in_a_row + 1
        self._made.append(now)

    def wait_seconds(self) -> float:
        """In how many seconds the next login is allowed; 0 or less means now."""
        now = _now()
        while self._made and self._made[0] <= now - A_DAY_SECONDS:
            self._made.popleft()
        if not self._made:
            return 0.0
        doubled = BETWEEN_IDENTIFIES_SECONDS * 2 ** min(self._in_a_row - 1, MOST_DOUBLED)
        gap = min(doubled, LONGEST_GAP_SECONDS)
        if now - self._made[-1] >= QUIET_SECONDS:
            gap = BETWEEN_IDENTIFIES_SECONDS
        left = MOST_A_DAY - len(self._made)
        until_more = self._made[0] + A_DAY_SECONDS - now
        if left <= 0:
            return until_more
        if len(self._made) >= SPARED_FROM:
            gap = max(gap, until_more / left)
        return self._made[-1] + gap - now


class Attempts:
    """Spaces out attempts to connect, and gives up an address that does not answer."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._last: float | None = None
        self._address: yarl.URL | None = None
        self._failures = 0
        self._given_up_at: float | None = None

    async def pause(self, at_least: float) -> None:
        """Wait before the next attempt after a connection was dropped; the first does not wait."""
        now = _now()
        if self._last is None or now - self._last >= LASTING_SECONDS:
            self._in_a_row = 0
        pause = min(2.0 ** min(self._in_a_row, MOST_DOUBLED) - 1, LONGEST_PAUSE_SECONDS)
        self._in_a_row += 1
        if at_least > LONGEST_PAUSE_SECONDS:
            log.warning("login after login fails at the gateway; waiting %.0f s", at_least)
        if (wait := max(pause, at_least)) > 0:
            await asyncio.sleep(wait)
        self._last = _now()

    def address(self, given: yarl.URL | None) -> yarl.URL | None:
        """Where to connect: the address that Discord gave, or None for the usual one."""
        if given is None or given == DiscordWebSocket.DEFAULT_GATEWAY:
            return given
        now = _now()
        if given != self._address:
            self._address, self._failures, self._given_up_at = given, 0, None
        if self._given_up_at is not None and now - self._given_up_at >= GIVEN_UP_SECONDS:
            self._failures, self._given_up_at = 0, None
        if self._failures >= MOST_FAILURES:
            if self._given_up_at is None:
                self._given_up_at = now
                log.warning("the gateway's address for resuming does not answer; using the usual")
            return None
        self._failures += 1
        return given

    def has_lasted(self) -> None:
        """A connection has lasted long enough: earlier failures no longer count."""
        self._address = None


def bound_pauses(identifies: Identifies) -> None:
    """From now on the clients of this process connect soon after an outage.

    Logins go through `identifies`, and the wait comes between two attempts, because the library
    gives up an attempt that takes a minute.
    """
    attempts = Attempts()

    class PacedWebSocket(DiscordWebSocket):
        """The library's connection, with pauses where the library has none."""

        _began: float | None = None
        _has_lasted = False

        @classmethod
        async def from_client(cls, *about: Any, **more: Any) -> Any:  # noqa: ANN401 - theirs
            more["gateway"] = attempts.address(more.get("gateway"))
            return await super().from_client(*about, **more)

        async def poll_event(self) -> None:
            is_first = self._began is None
            if self._began is None:
                self._began = _now()
            try:
                await DiscordWebSocket.poll_event(self)
            except ReconnectWebSocket as error:
                logs_in = not error.resume and not is_first
                # The library itself waits for the rest.
                wait = identifies.wait_seconds() - BETWEEN_IDENTIFIES_SECONDS
                await attempts.pause(wait if logs_in else 0.0)
                raise
            if not self._has_lasted and _now() - self._began >= LASTING_SECONDS:
                self._has_lasted = True
                attempts.has_lasted()

    # Neither is exported.
    setattr(discord.client, "ExponentialBackoff", BoundedBackoff)  # noqa: B010
    setattr(discord.client, "DiscordWebSocket", PacedWebSocket)  # noqa: B010


def _now() -> float:
    return asyncio.get_running_loop().time()
