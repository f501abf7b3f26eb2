"""Moments and lengths as whole milliseconds, the form in which they are on disk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def in_milliseconds(moment: datetime) -> int:
    """Milliseconds UTC since 1970."""
    return (moment - EPOCH) // MILLISECOND


def milliseconds(moment: datetime | None) -> int | None:
    """Milliseconds UTC since 1970; none for no moment."""
    return None if moment is None else in_milliseconds(moment)


def moment(milliseconds: int | None) -> datetime | None:
    """The moment in UTC; none for none."""
    return None if milliseconds is None else EPOCH + milliseconds * MILLISECOND


def seconds(milliseconds: int | None) -> int | None:
    """Whole seconds, for exports; none for none."""
    return None if milliseconds is None else milliseconds // 1000
