"""Work that has to be done once: each step is tried again until it succeeds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from bot.kit.requests.unreachable import DISCORD_FAILURES, is_passing
from bot.kit.side_work import wait_for_all

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 300.0


class NotYet(Exception):
    """A step cannot be done now; the reason is in the log already."""


Action = Callable[[], Awaitable[object]]


class _Step:
    """A step that has not succeeded yet."""

    def __init__(self, name: str, action: Action) -> None:
        self._name = name
        self._action = action
        self._is_renewed = False
        self._pause: asyncio.Task[None] | None = None
        first_try = self._succeeds(FIRST_PAUSE_SECONDS)
        self.first_try = asyncio.create_task(first_try, name=f"try-{name}")
        self.task = asyncio.create_task(self._do(), name=f"step-{name}")

    def renew(self, action: Action) -> None:
        """Do `action` instead, as soon as the current attempt has ended."""
        self._action = action
        self._is_renewed = True
        if self._pause is not None:
            self._pause.cancel()

    def cancel(self) -> Iterable[asyncio.Task[Any]]:
        """Stop. Returns the tasks to wait for."""
        tasks = [task for task in (self.first_try, self._pause, self.task) if task is not None]
        for task in tasks:
            task.cancel()
        return tasks

    async def _do(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        is_done = await self.first_try
        while self._is_renewed or not is_done:
            if self._is_renewed:
                pause = FIRST_PAUSE_SECONDS
            else:
                # A task of its own, so that it can be cut short.
                self._pause = asyncio.create_task(asyncio.sleep(pause), name=f"pause-{self._name}")
                await asyncio.wait({self._pause})
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            self._is_renewed = False
            is_done = await self._succeeds(pause)

    async def _succeeds(self, pause: float) -> bool:
        """Do it. Returns whether it succeeded. `pause` is the time until the next attempt, in
        seconds."""
        try:
            await self._action()
        except NotYet as error:
            log.warning("%s; again in %.0f s", error, pause)
        except DISCORD_FAILURES as error:
            what = "cannot be reached" if is_passing(error) else "refuses"
            log.warning("%s: Discord %s (%s); again in %.0f s", self._name, what, error, pause)
        except Exception:
            log.exception("%s failed; again in %.0f s", self._name, pause)
        else:
            return True
        return False


class Steps:
    """Tries each step until it succeeds, with pauses that double up to five minutes.

    No step waits for another, and no failure reaches the code that began it: it is logged and the
    step tried again.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, _Step] = {}

    def begin(self, name: str, action: Action) -> None:
        """Do `action` in the background; the name identifies it in the log.

        It replaces a step of the same name that has not succeeded yet: the current attempt is
        finished, and after that only the new action is done.
        """
        step = self._waiting.get(name)
        if step is not None:
            step.renew(action)
            return
        step = self._waiting[name] = _Step(name, action)
        step.task.add_done_callback(lambda _: self._waiting.pop(name, None))

    async def tried(self, name: str, *, within: float) -> None:
        """Wait until a step has been tried once, for at most `within` seconds."""
        step = self._waiting.get(name)
        if step is not None:
            await wait_for_all([step.first_try], within)

    async def close(self) -> None:
        """Stop. Steps that are not done are begun again at the next start."""
        tasks = [task for step in self._waiting.values() for task in step.cancel()]
        await asyncio.gather(*tasks, return_exceptions=True)
