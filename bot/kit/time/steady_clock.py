"""A clock that a running round can rely on: it never goes back while a round is running.

A machine's clock is set back now and then, by a time server, by hand, or with a virtual machine.
Rounds would stand still for as long as it was set back. So this clock compensates for a step back
until nothing is running that would notice. A step forward counts: it may have been asleep.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.kit.time.clock import Clock

log = logging.getLogger(__name__)

SLIGHT = timedelta(seconds=1)
"""Smaller differences between two readings are a clock being kept right, and are followed."""
LONGEST_MADE_UP = timedelta(days=1)
"""At a start. Times stored by a clock that was wrong by more than this are ignored."""
READ_WITHIN = 0.05
"""Seconds. If reading both clocks takes longer, read again: the process may have paused."""


def ticks() -> float:
    """Seconds of a clock that cannot be set; where possible, it counts during sleep as well."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class SteadyClock:
    """Gives the present as an aware UTC time; see the module."""

    def __init__(self, wall: Clock, ticking: Callable[[], float] = ticks) -> None:
        """`wall` is the machine's clock, `ticking` counts the seconds of one that is never set."""
        self._read_wall = wall
        self._read_ticks = ticking
        self._may_step_back: Callable[[], bool] = lambda: False
        self._ticks, self._wall = self._read()
        self._ahead = timedelta()
        self._last = self._wall

    @property
    def ahead(self) -> timedelta:
        """How far this clock is ahead of the machine's, for the steps back it compensates for."""
        return self._ahead

    def __call__(self) -> datetime:
        """The present."""
        ticks, wall = self._read()
        jump = wall - self._wall - timedelta(seconds=ticks - self._ticks)
        self._ticks, self._wall = ticks, wall
        if jump < -SLIGHT:
            self._ahead -= jump
            log.warning("this machine's clock was set back by %s", -jump)
        elif jump > SLIGHT and self._ahead:
            # The clock was probably set right again: use up the compensation first.
            self._ahead = max(self._ahead - jump, timedelta())
        if self._ahead and self._may_step_back():
            self._ahead, self._last = timedelta(), wall
        self._last = max(self._last, wall + self._ahead)
        return self._last

    def not_before(self, moment: datetime) -> None:
        """Something that is running was stored at `moment`, so it is at least that time now."""
        behind = moment - self()
        if timedelta() < behind <= LONGEST_MADE_UP:
            self._ahead += behind
            log.warning("this machine's clock is %s before what was stored last", behind)

    def step_back_when(self, is_idle: Callable[[], bool]) -> None:
        """Follow the machine's clock back whenever `is_idle` says that nobody would notice."""
        self._may_step_back = is_idle

    def _read(self) -> tuple[float, datetime]:
        """Both clocks, read at the same moment."""
        while True:
            before = self._read_ticks()
            wall = self._read_wall()
            if self._read_ticks() - before < READ_WITHIN:
                return before, wall
