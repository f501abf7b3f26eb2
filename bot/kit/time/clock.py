"""The one source of time: injected, so that tests and the rehearsal can drive it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Gives the present as an aware UTC time."""
