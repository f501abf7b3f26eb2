"""How long things are kept, and when that time begins."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Kept:
    """Until when something may be shown. None: the round is going on, so there is no end yet."""

    words_until: datetime | None = None
    """When the time of words that people typed about a coach is over."""
    codes_until: datetime | None = None
    """When the time of all other feedback is over."""

    def has_words(self, now: datetime) -> bool:
        """Whether words may be shown."""
        return self.words_until is None or now < self.words_until

    def has_codes(self, now: datetime) -> bool:
        """Whether anything may be shown at all."""
        return self.codes_until is None or now < self.codes_until


def kept(start: datetime | None, quote_days: int, code_months: int) -> Kept:
    """Until when feedback is kept whose time begins at `start`; words never outlast the rest."""
    if start is None:
        return Kept()
    codes = add_months(start, code_months)
    return Kept(min(quotes_until(start, quote_days), codes), codes)


def quotes_until(start: datetime, days: int) -> datetime:
    """When the time of words typed by observers is over."""
    return start + timedelta(days=days)


def add_months(moment: datetime, months: int) -> datetime:
    """The same day of the month, so many months later or earlier, or else the last day of it."""
    years, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(years, month + 1)[1])
    return moment.replace(year=years, month=month + 1, day=day)
