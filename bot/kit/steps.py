"""Work that has to be done once: each step is tried again until it succeeds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.kit.one_per_key import OnePerKey
from bot.kit.requests.unreachable import DISCORD_FAILURES, is_passing

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 300.0


class NotYet(Exception):
    """A step cannot be done now; the reason is in the log already."""


Action = Callable[[], Awaitable[object]]


@dataclass(eq=False, slots=True)
class _Step:
    """A step that has not succeeded yet."""

    name: str
    action: Action
    pause: float = FIRST_PAUSE_SECONDS
    """Seconds until it is tried again if it fails now."""

    async def succeeds(self) -> bool:
        """Do it. Returns whether it succeeded."""
        try:
            await self.action()
        except NotYet as error:
            log.warning("%s; again in %.0f s", error, self.pause)
        except DISCORD_FAILURES as error:
            what = "cannot be reached" if is_passing(error) else "refuses"
            log.warning("%s: Discord %s (%s); again in %.0f s", self.name, what, error, self.pause)
        except Exception:
            log.exception("%s failed; again in %.0f s", self.name, self.pause)
        else:
            return True
        return False


class Steps:
    """Tries each step until it succeeds, with pauses that double up to five minutes.

    No step waits for another, and no failure reaches the code that began it: it is logged instead.
    """

    def __init__(self) -> None:
        self._steps: dict[str, _Step] = {}
        self._tries: OnePerKey[str] = OnePerKey("step")
        self._pauses: dict[str, asyncio.TimerHandle] = {}

    def begin(self, name: str, action: Action) -> None:
        """Do `action` in the background; the name identifies it in the log.

        It replaces a step of the same name that has not succeeded yet: the current attempt is
        finished, and after that only the new action is done.
        """
        self._steps[name] = _Step(name, action)
        self._try(name)

    async def tried(self, name: str, *, within: float) -> None:
        """Wait while a step is being tried, but at most `within` seconds."""
        await self._tries.wait([name], within)

    async def close(self) -> None:
        """Stop; what is not done yet is begun again at the next start."""
        for pause in self._pauses.values():
            pause.cancel()
        await self._tries.close()

    def _try(self, name: str) -> None:
        if (pause := self._pauses.pop(name, None)) is not None:
            pause.cancel()
        self._tries.wake(name, lambda: self._do(name))

    async def _do(self, name: str) -> None:
        step = self._steps[name]
        if await step.succeeds():
            if self._steps[name] is step:
                del self._steps[name]
        elif self._steps[name] is step:
            self._pauses[name] = asyncio.get_running_loop().call_later(step.pause, self._try, name)
            step.pause = min(2 * step.pause, LONGEST_PAUSE_SECONDS)
