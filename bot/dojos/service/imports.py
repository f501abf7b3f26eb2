"""When a server may have another content file read: one at a time, and not right after faults."""

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
"""Less than it takes to correct a file and choose it again."""
LONGEST_PAUSE = timedelta(minutes=5)
STARTS_AGAIN_AFTER = timedelta(hours=1)
"""Without a faulty file, the next pause is the first again."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """A server's last file had faults."""

    at: datetime
    pause: timedelta


class Imports:
    """Says no to a server that has a file read already, or whose last one had faults just now."""

    def __init__(self, *, now: Clock) -> None:
        self._now = now
        self._reading: set[int] = set()
        self._refused: dict[int, _Refused] = {}

    def check(self, guild_id: int) -> None:
        """Raises ImportBusy and ImportTooSoon."""
        if guild_id in self._reading:
            raise ImportBusy
        seconds = self.pause(guild_id)
        if seconds > 0:
            raise ImportTooSoon(seconds)

    def pause(self, guild_id: int) -> int:
        """How many seconds a server still has to wait; 0 when it need not."""
        refused = self._refused.get(guild_id)
        if refused is None:
            return 0
        left = refused.at + refused.pause - self._now()
        return max(0, math.ceil(left / timedelta(seconds=1)))

    @contextlib.contextmanager
    def one(self, guild_id: int) -> Generator[None]:
        """Hold this while a server's file is read.

        A ContentRejected that passes begins a pause, twice as long as the one before. Raises what
        `check` raises.
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
