"""Timers and a scheduler of deadlines moved by hand, and a count of the event loop's turns."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

from bot.kit.time.timers import DeadlineScheduler

BEGIN = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)


class MovableClock:
    """Says the time a test has set."""

    def __init__(self) -> None:
        self.present = BEGIN

    def __call__(self) -> datetime:
        return self.present

    def forward(self, **length: float) -> None:
        self.present += timedelta(**length)


class Timers:
    """A clock and the timers of the event loop, moved by hand."""

    def __init__(self, clock: MovableClock | None = None) -> None:
        self.clock = clock or MovableClock()
        self.waits: list[float] = []
        self._loop = asyncio.get_running_loop()
        self._loop.call_later = self._call_later
        self._passed = 0.0
        self._timers: list[asyncio.TimerHandle] = []

    @property
    def timers(self) -> list[asyncio.TimerHandle]:
        """Those that are set."""
        return [timer for timer in self._timers if not timer.cancelled()]

    async def settled(self) -> None:
        """Wait until what has been begun is done."""
        await turns(6)

    async def forward(self, seconds: float, *, clock: bool = True) -> None:
        """Let time pass; without `clock` that one stands still."""
        await self.settled()
        end = self._passed + seconds
        while due := [timer for timer in self.timers if timer.when() <= end]:
            timer = min(due, key=asyncio.TimerHandle.when)
            self._timers = [other for other in self.timers if other is not timer]
            self._pass(timer.when() - self._passed, clock=clock)
            timer._run()
            await self.settled()
        self._pass(end - self._passed, clock=clock)
        await self.settled()

    def _pass(self, seconds: float, *, clock: bool) -> None:
        self._passed += seconds
        if clock:
            self.clock.forward(seconds=seconds)

    def _call_later(self, delay, callback, *arguments, context=None):
        timer = asyncio.TimerHandle(
            self._passed + delay, callback, arguments, self._loop, context=context
        )
        self.waits.append(delay)
        self._timers.append(timer)
        return timer


class Evening(Timers):
    """A scheduler whose time is moved by hand, and what it has fired."""

    def __init__(self) -> None:
        super().__init__()
        self.fired: list[tuple[int, float]] = []
        """Keys, and how many seconds after the beginning by the clock."""
        self.at_work: Counter[int] = Counter()
        self.most_at_work = 0
        self.failing: set[int] = set()
        self.gate: asyncio.Event | None = None
        """While there is one, whatever is fired waits for it."""
        self.deadlines = DeadlineScheduler(self.fire, self.clock)

    @classmethod
    @contextlib.asynccontextmanager
    async def started(cls) -> AsyncGenerator[Evening]:
        """One whose scheduler is started, and closed at the end."""
        evening = cls()
        evening.deadlines.start()
        yield evening
        await evening.deadlines.close()
        assert evening.most_at_work <= 1, "a key was fired twice at once"
        assert evening.timers == []

    async def fire(self, key: int) -> None:
        self.fired.append((key, self.at()))
        self.at_work[key] += 1
        self.most_at_work = max(self.most_at_work, self.at_work[key])
        try:
            if self.gate is not None:
                await self.gate.wait()
            if key in self.failing:
                raise RuntimeError("cannot be done now")
        finally:
            self.at_work[key] -= 1

    def at(self) -> float:
        return (self.clock() - BEGIN).total_seconds()

    def add(self, key: int, seconds: float) -> None:
        """A deadline so many seconds after the beginning."""
        self.deadlines.add(key, BEGIN + timedelta(seconds=seconds))

    def next_at(self, key: int) -> float | None:
        when = self.deadlines.next_at(key)
        return None if when is None else (when - BEGIN).total_seconds()

    @property
    def keys(self) -> list[int]:
        return [key for key, _ in self.fired]


async def turns(number: int) -> None:
    """Let the event loop turn."""
    for _ in range(number):
        await asyncio.sleep(0)


class Turns:
    """Counts the turns of the event loop."""

    def __init__(self) -> None:
        self.count = 0
        self._beat()

    def _beat(self) -> None:
        self.count += 1
        self._handle = asyncio.get_running_loop().call_soon(self._beat)

    def stop(self) -> None:
        self._handle.cancel()
