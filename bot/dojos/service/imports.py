"""When a server may import another content file: one at a time, and not right after faults."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.content.model.refusals import ContentRejected
from bot.dojos.model.refusals import ImportBusy, ImportTooSoon
from bot.kit.time.clock import Clock

FIRST_PAUSE = timedelta(seconds=5)
"""Shorter than the time it takes to correct a file and choose it again."""
LONGEST_PAUSE = timedelta(minutes=5)
STARTS_AGAIN_AFTER = timedelta(hours=1)
"""After this time without a faulty file, the next pause is the first again."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """A server's last file had faults."""

    at: datetime
    pause: timedelta


class Imports:
    """Refuses a server that is having a file read, or whose last file had faults just now."""

    def __init__(self, *, now: Clock) -> None:
        self._now = now
        self._reading: set[int] = set()
        self._refused: dict[int, _Refused] = {}

    def check(self, guild_id: int) -> None:
        """Raise ImportBusy or ImportTooSoon if the server has to wait."""
        if guild_id in self._reading:
            raise ImportBusy
        seconds = self.pause(guild_id)
        if seconds > 0:
            raise ImportTooSoon(seconds)

    def pause(self, guild_id: int) -> int:
        """How many seconds a server still has to wait; 0 if it need not."""
        refused = self._refused.get(guild_id)
        if refused is None:
            return 0
        left = refused.at + refused.pause - self._now()
        return max(0, math.ceil(left / timedelta(seconds=1)))

    @contextlib.contextmanager
    def reading(self, guild_id: int) -> Generator[None]:
        """Enter this while a server's file is read.

        A ContentRejected that passes begins a pause, twice the last. Raises what `check` does.
        """
        self.check(guild_id)
        self._reading.add(guild_id)
        try:
            yield
        except ContentRejected:
            self._begin_pause(guild_id)
            raise
        else:
            self._refused.pop(guild_id, None)
        finally:
            self._reading.discard(guild_id)

    def _begin_pause(self, guild_id: int) -> None:
        now = self._now()
        recent = {
            server: refused
            for server, refused in self._refused.items()
            if now - refused.at < STARTS_AGAIN_AFTER
        }
        before = recent.get(guild_id)
        pause = FIRST_PAUSE if before is None else min(before.pause * 2, LONGEST_PAUSE)
        self._refused = recent | {guild_id: _Refused(now, pause)}
