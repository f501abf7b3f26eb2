# ruff: noqa: SLF001 - what is private to SimCord has no types for others
"""Makes SimCord's bookkeeping of time and work faster.

Python's event loop asks for the time twice in each iteration, and SimCord checks the state of the
bot's work once for every task it waits for. Both took detours: together a fifteenth of the time of
a simulated round. And with every step of the clock SimCord searches all messages for polls, of
which there are none here.
"""

from __future__ import annotations

import dataclasses
import time
from collections import namedtuple
from typing import Any

from simcord import _dpy_internals, _runtime, _settlement
from simcord.backend.state import Backend
from simcord.env import Env

__all__ = ["quick_bookkeeping"]

_FIELDS = ("work", "bot", "loop", "virtual_time", "advancing", "generation", "last_dispatch")
_State = namedtuple("_State", _FIELDS)
_scope = _runtime._BOT_SCOPE.get
_real = time.monotonic


def _monotonic() -> float:
    """Like the original, without an import and two calls."""
    scope = _scope()
    if scope is not None:
        env, generation = scope
        if env._started and env._runtime is not None and generation == env._generation:
            return env._virtual_time
    return _real()


def _settlement_state(env: Any) -> _State:  # noqa: ANN401 - private parts are read
    return _State(
        env._work,
        env.bot,
        env._loop,
        env._virtual_time,
        env._advancing,
        env._generation,
        env._last_dispatch,
    )


def _no_poll_ends(_: Backend) -> None:
    """There are no polls: neither the bot nor its people post any."""


def quick_bookkeeping() -> None:
    """Make SimCord's bookkeeping fast. Applies to the process; polls in it never end.

    Raises RuntimeError for a SimCord that works in another way, or while a simulation is running.
    """
    if tuple(field.name for field in dataclasses.fields(_settlement._SettlementState)) != _FIELDS:
        raise RuntimeError("SimCord's settlement state has other fields")
    if _dpy_internals._REAL_MONOTONIC is not _real or time.monotonic is not _real:
        raise RuntimeError("the clock is not the real one")
    for owner, name, quick in (
        (_dpy_internals, "_clock_monotonic", _monotonic),
        (Env, "_settlement_state", _settlement_state),
        (Backend, "next_poll_deadline", _no_poll_ends),
        (Backend, "expire_due_polls", _no_poll_ends),
    ):
        if not callable(getattr(owner, name, None)):
            raise RuntimeError(f"SimCord has no {name}")
        setattr(owner, name, quick)
    # Whether two are alike is only asked to find one in a list: a comparison of all their fields.
    setattr(_runtime._CallbackRecord, "__eq__", object.__eq__)  # noqa: B010
