"""Times and durations as whole milliseconds, the form in which they are stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def in_milliseconds(moment: datetime) -> int:
    """Milliseconds UTC since 1970."""
    return (moment - EPOCH) // MILLISECOND


def milliseconds(moment: datetime | None) -> int | None:
    """Milliseconds UTC since 1970; None for None."""
    return None if moment is None else in_milliseconds(moment)


def moment(milliseconds: int | None) -> datetime | None:
    """The moment in UTC; None for None."""
    return None if milliseconds is None else EPOCH + milliseconds * MILLISECOND


def seconds(milliseconds: int | None) -> int | None:
    """Whole seconds, for exports; None for None."""
    return None if milliseconds is None else milliseconds // 1000
