"""The clock of a rehearsal: real time, made faster on request, and able to jump."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

__all__ = ["FASTEST", "LONGEST_JUMP", "Clock"]

FASTEST = 60.0
"""Dojo seconds in a real second. If it went faster, a form would expire while it is filled in."""
LONGEST_JUMP = timedelta(days=7)


class Clock:
    """Gives the time in the dojo.

    Starts at ``start`` (aware); ``ticking`` gives the seconds of a clock that never goes back.
    """

    def __init__(
        self, start: datetime, speed: float = 1.0, ticking: Callable[[], float] = time.perf_counter
    ) -> None:
        self._ticking = ticking
        self._since = ticking()
        self._then = start
        self._speed = 1.0
        self.speed = speed

    @property
    def speed(self) -> float:
        """Dojo seconds in a real second, above 0 and at most ``FASTEST``."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        if not 0 < speed <= FASTEST:
            raise ValueError(f"The speed of the clock is more than 0 and at most {FASTEST:.0f}.")
        self._then, self._since = self.now(), self._ticking()
        self._speed = float(speed)

    def now(self) -> datetime:
        """The dojo's time."""
        return self._then + timedelta(seconds=(self._ticking() - self._since) * self._speed)

    def jump(self, by: timedelta) -> None:
        """Let ``by`` pass at once; never backwards, at most ``LONGEST_JUMP``."""
        if not timedelta() < by <= LONGEST_JUMP:
            raise ValueError("The clock jumps forward, by seven days at most.")
        self._then += by
