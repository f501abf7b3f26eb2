"""Refusals about notes, sheets and feedback."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.kit.refusals import DojoError


@dataclass
class NothingToShow(DojoError):
    """`what` was asked for, but does not exist (any more)."""

    what: Literal["signal", "note", "report", "feedback", "own feedback", "erased", "share"]


@dataclass
class CannotNote(DojoError):
    """The person may not note or judge anything in this round now; `why` gives the reason.

    `coach` and `client` mean that the person has this role in the round, `was coach` and `was
    client` that they had it when the coaching ended; only observers may do it.
    """

    why: Literal[
        "coach",
        "client",
        "was coach",
        "was client",
        "not agreed",
        "without notes",
        "not begun",
        "over",
        "rests",
        "coaching",
        "released",
        "full",
        "gone",
    ]


@dataclass
class NotReleased(DojoError):
    """Feedback that the coach may not see yet; `why` says what comes before it."""

    why: Literal["coaching", "turn", "observers", "own view"]
    opens_at: datetime | None = None
    """When observers and client have had their time; None while the clock stands still."""
