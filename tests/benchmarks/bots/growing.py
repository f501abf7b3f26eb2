"""dojo-bot itself, measuring how long its writer is held and its event loop is blocked."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

from bot.kit.database.database import Database
from tests.benchmarks import redirect
from tests.benchmarks.bots import watched

HOLDS = Path("holds.json")
"""In the program's directory: [when it ended, seconds], when the program has ended."""
WORTH_NOTING_SECONDS = 0.005


class TimedLock(asyncio.Lock):
    """Notes how long it is held each time."""

    def __init__(self, holds: list[tuple[float, float]]) -> None:
        super().__init__()
        self._holds = holds
        self._since = 0.0

    async def acquire(self) -> Any:
        """As the original."""
        await super().acquire()
        self._since = time.perf_counter()
        return True

    def release(self) -> None:
        """As the original."""
        held = time.perf_counter() - self._since
        if held > WORTH_NOTING_SECONDS:
            self._holds.append((time.time_ns() / 1e9, held))
        super().release()


def time_writers(holds: list[tuple[float, float]]) -> None:
    """Give every database that is opened from now on a writing lock that notes its times."""
    make = Database.__init__

    def timed(self: Database, *arguments: Any, **named: Any) -> None:
        make(self, *arguments, **named)
        self._writing = self._log._writing = TimedLock(holds)

    Database.__init__ = timed


def main() -> None:
    """Run until stopped, as `dojo-bot run` does."""
    holds: list[tuple[float, float]] = []
    time_writers(holds)
    try:
        watched.main()
    finally:
        HOLDS.write_text(json.dumps(holds))


if __name__ == "__main__":
    redirect.to_stand_in()
    main()
