"""The event loop that the bot runs on."""

from __future__ import annotations

import asyncio
import sys


def new_event_loop() -> asyncio.AbstractEventLoop:
    """A loop of uvloop where it is installed, else Python's own.

    With uvloop a tap takes about a tenth less of the processor (`tests/benchmarks`, part pad).
    """
    if sys.platform != "win32":
        try:
            import uvloop
        except ImportError:
            pass
        else:
            return uvloop.new_event_loop()
    return asyncio.new_event_loop()
