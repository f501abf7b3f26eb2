"""The one source of time: injected, so that tests and the rehearsal can drive it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

Clock = Callable[[], datetime]
"""Gives the present as an aware UTC time."""


def to_the_millisecond(at: datetime) -> datetime:
    """A time as it is kept on disk."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def full_minute(at: datetime) -> datetime:
    """The minute in which something is over: the next full one, unless `at` is a full minute."""
    into = timedelta(seconds=at.second, microseconds=at.microsecond)
    return at - into + timedelta(minutes=1) if into else at
