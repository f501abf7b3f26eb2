# ruff: noqa: ANN401, SLF001 - what is private to SimCord has no types for others
"""Lets time pass in the simulation only on request."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from simcord.env import Env

from bot.rehearsal.simulation.patching import replaced

__all__ = ["held_time", "hold_far_timers"]


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


def hold_far_timers(seconds: float = 1.01) -> None:
    """Leave every timer that is further away than ``seconds`` to ``forward()``.

    SimCord waits in real time for what is due within its patience: a retry after two seconds took
    two seconds. With this, its patience may be long. Applies to the process.
    """
    genuine = Env._schedule_timer

    def schedule(
        self: Env, record: Any, callback: Any, args: tuple[Any, ...], schedule_context: Any
    ) -> None:
        if record.when - self._virtual_time > seconds:
            record.real_handle = None
        else:
            genuine(self, record, callback, args, schedule_context)

    setattr(Env, "_schedule_timer", schedule)  # noqa: B010
