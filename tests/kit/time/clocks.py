"""A clock that a test moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)


class MovableClock:
    """Says the time a test has set."""

    def __init__(self) -> None:
        self.present = BEGIN

    def __call__(self) -> datetime:
        return self.present

    def forward(self, **length: float) -> None:
        self.present += timedelta(**length)
