# ruff: noqa: ANN401, SLF001 - what is private to SimCord has no types for others
"""Lets time pass in the simulation only on request."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from simcord import _dpy_internals
from simcord.env import Env

from bot.rehearsal.simulation.patching import replaced

__all__ = ["held_time", "hold_far_timers"]

_INSTANT = 0.005
"""Seconds that may as well be waited for."""


@contextlib.contextmanager
def held_time() -> Iterator[None]:
    """While the context lasts, no timer of the bot comes due before ``forward()`` reaches it.

    Otherwise SimCord lets a timer come due when that much real time has passed, and waits for
    timers that are near: on a slow machine things then happen in another order. For simulations
    that start inside the context.
    """

    def leave_to_forward(self: Env, record: Any, *_: Any) -> None:
        record.real_handle = None

    with replaced(Env, "_schedule_timer", leave_to_forward):
        yield


def hold_far_timers(seconds: float = 1.01, *, hurry: float = 50.0) -> None:
    """Leave every timer that is further away than ``seconds`` to ``forward()``.

    SimCord waits in real time for what is due within its patience: a retry after two seconds took
    two seconds. With this, its patience may be long; and a near timer that it waits for comes due
    ``hurry`` times sooner, though not while a thread works for the bot. Applies to the process.
    """
    genuine = Env._schedule_timer

    def schedule(
        self: Env, record: Any, callback: Any, args: tuple[Any, ...], schedule_context: Any
    ) -> None:
        remaining = record.when - self._virtual_time
        if remaining > seconds:
            record.real_handle = None
            return
        genuine(self, record, callback, args, schedule_context)
        handle = record.real_handle
        if handle is not None and _INSTANT < remaining < self.settle_timeout:
            act, context = handle._callback, handle._context
            handle.cancel()
            _come_due(self, record, act, context, remaining / hurry)

    setattr(Env, "_schedule_timer", schedule)  # noqa: B010


def _come_due(env: Env, record: Any, act: Any, context: Any, delay: float) -> None:
    """Let a timer act so much real time from now, and once no thread works for the bot."""

    def due() -> None:
        if env._work.executors:
            _come_due(env, record, act, context, _INSTANT)
        else:
            act()

    runtime: Any = env._runtime
    when = _dpy_internals.real_monotonic() + delay
    record.real_handle = runtime.call_at(when, due, context=context)
