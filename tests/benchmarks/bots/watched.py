"""dojo-bot itself, with a heartbeat that notices when its event loop is blocked."""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path

from bot.kit.logs import set_up_logging
from bot.run import run_bot
from bot.settings import Settings
from tests.benchmarks import redirect

GAPS = Path("gaps.json")
"""In the program's directory: [when, seconds, of which this thread worked], when it has ended."""
BEAT_SECONDS = 0.005
WORTH_NOTING_SECONDS = 0.010


async def _beat(gaps: list[tuple[float, float, float]]) -> None:
    """Sleep again and again, and note each time that came late."""
    last, worked = time.perf_counter(), time.thread_time()
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        now, working = time.perf_counter(), time.thread_time()
        if now - last > WORTH_NOTING_SECONDS:
            gaps.append((time.time_ns() / 1e9, now - last, working - worked))
        last, worked = now, working


async def _run(settings: Settings, gaps: list[tuple[float, float, float]]) -> None:
    heart = asyncio.create_task(_beat(gaps))
    try:
        await run_bot(settings)
    finally:
        heart.cancel()


def main() -> None:
    """Run until stopped, as `dojo-bot run` does."""
    settings = Settings.from_env(os.environ)
    set_up_logging(settings.log_level)
    gaps: list[tuple[float, float, float]] = []
    try:
        asyncio.run(_run(settings, gaps))
    finally:
        GAPS.write_text(json.dumps(gaps))


if __name__ == "__main__":
    redirect.to_stand_in()
    main()
