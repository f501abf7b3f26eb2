"""Settings that were measured for speed, in one place: see `tests/benchmarks`."""

from __future__ import annotations

import asyncio
import gc
import sys

from bot.kit.requests.lean import answer_leanly

SWITCH_SECONDS = 0.00005
"""How long the event loop may keep the interpreter lock while database threads want it.

Each of their statements needs it several times. With Python's default of 5 ms the lock is most of
what a durable write takes. With 1 ms a full room gets a tenth fewer answers than with this value,
and with less than this it gets no more.
"""
COLLECT_AFTER = (20_000, 20, 20)
"""Allocations before a collection, and collections of one generation before one of the next.

Cards are made of hundreds of small objects, nearly all of which disappear by themselves: searching
for cycles after every 700 of them would be a tenth of the work of a tap.
"""


def new_event_loop() -> asyncio.AbstractEventLoop:
    """A loop of uvloop, with which a tap takes a tenth less time, or else Python's own."""
    if sys.platform != "win32":
        try:
            import uvloop
        except ImportError:
            pass
        else:
            return uvloop.new_event_loop()
    return asyncio.new_event_loop()


def tune_interpreter() -> None:
    """Share the interpreter lock sooner, and answer without the library's unnecessary work."""
    sys.setswitchinterval(SWITCH_SECONDS)
    answer_leanly()


def tune_collector() -> None:
    """Exclude everything made so far from collections, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
