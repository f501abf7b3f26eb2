"""What was measured about speed, in one place: see `tests/benchmarks`."""

from __future__ import annotations

import asyncio
import gc
import sys

from bot.kit.requests.lean import answer_leanly

SWITCH_SECONDS = 0.00005
"""How long the event loop may keep the interpreter from the database's threads while both are busy.

Each statement of theirs needs it several times. With Python's own 5 ms that is most of what a
durable write takes. With 1 ms a full room gets a tenth fewer answers than with this, and with less
than this it gets no more.
"""
COLLECT_AFTER = (20_000, 20, 20)
"""Allocations before a collection, and collections of one generation before one of the next.

Cards are made of hundreds of small things, nearly all of which go by themselves: looking for cycles
after every 700 of them would be a tenth of the work of a tap."""


def new_event_loop() -> asyncio.AbstractEventLoop:
    """A loop of uvloop where it is installed, else Python's own.

    With uvloop a tap takes about a tenth less of the processor.
    """
    if sys.platform != "win32":
        try:
            import uvloop
        except ImportError:
            pass
        else:
            return uvloop.new_event_loop()
    return asyncio.new_event_loop()


def tune_interpreter() -> None:
    """Share the interpreter sooner, and answer without what the library does for nothing."""
    sys.setswitchinterval(SWITCH_SECONDS)
    answer_leanly()


def tune_collector() -> None:
    """Let the collector leave alone what has been made until now, and look less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
