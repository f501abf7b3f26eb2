"""How long things are kept."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.dojos.model.dojo import ATTENDANCE_MONTHS, CODE_MONTHS, QUOTE_DAYS, DojoSettings
from bot.dojos.model.keeping import Kept, add_months, kept, quotes_until


def day(year: int, month: int, day_: int, *time: int) -> datetime:
    return datetime(year, month, day_, *time, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (day(2026, 1, 31), 1, day(2026, 2, 28)),
        (day(2028, 1, 31), 1, day(2028, 2, 29)),
        (day(2028, 2, 29), 12, day(2029, 2, 28)),
        (day(2028, 2, 29), 48, day(2032, 2, 29)),
        (day(2026, 12, 15), 1, day(2027, 1, 15)),
        (day(2026, 3, 31), -1, day(2026, 2, 28)),
        (day(2026, 1, 15), -1, day(2025, 12, 15)),
        (day(2026, 1, 15), -13, day(2024, 12, 15)),
        (day(2026, 5, 31), 0, day(2026, 5, 31)),
        (day(2026, 1, 31, 23, 59, 59, 999_000), 1, day(2026, 2, 28, 23, 59, 59, 999_000)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_one_there_is(start, months, expected):
    assert add_months(start, months) == expected


DAYS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
MONTHS = st.integers(-40, 40)


@examples(max_examples=40, deadline=None)
@given(DAYS, MONTHS)
def test_months_later_and_back_is_the_same_day_except_at_the_end_of_a_month(start, months):
    there = add_months(start, months)
    back = add_months(there, -months)
    assert (there.year * 12 + there.month) - (start.year * 12 + start.month) == months
    assert there.time() == start.time()
    if start.day <= 28:
        assert back == start
    else:
        assert timedelta(0) <= start - back <= timedelta(days=3)
    is_cut = there.day != start.day
    assert not is_cut or there.day == calendar.monthrange(there.year, there.month)[1]


@examples(max_examples=40, deadline=None)
@given(DAYS, DAYS, st.integers(CODE_MONTHS.least, CODE_MONTHS.most))
def test_months_keep_the_order_of_time(one, other, months):
    first, second = sorted((one, other))
    assert add_months(first, months).date() <= add_months(second, months).date()


def test_words_are_kept_for_days_and_codes_for_months():
    ended = day(2026, 1, 31, 18)
    assert quotes_until(ended, QUOTE_DAYS.usual) == day(2026, 3, 2, 18)
    assert add_months(ended, CODE_MONTHS.usual) == day(2027, 1, 31, 18)


@examples(max_examples=40, deadline=None)
@given(DAYS, st.integers(1, 90), st.integers(1, 36))
def test_words_never_outlast_the_codes(start, days, months):
    until = kept(start, days, months)
    assert until.words_until is not None
    assert until.codes_until is not None
    assert until.codes_until == add_months(start, months)
    assert until.words_until <= until.codes_until
    assert until.words_until <= quotes_until(start, days)


def test_what_is_over_is_over_at_that_very_moment():
    until = Kept(day(2026, 3, 1), day(2026, 4, 1))
    before = timedelta(microseconds=1)
    assert until.has_words(day(2026, 3, 1) - before)
    assert not until.has_words(day(2026, 3, 1))
    assert until.has_codes(day(2026, 4, 1) - before)
    assert not until.has_codes(day(2026, 4, 1))


def test_what_belongs_to_a_round_that_goes_on_has_no_end():
    going_on = kept(None, 1, 1)
    assert going_on == Kept()
    assert going_on.has_words(day(2100, 1, 1))
    assert going_on.has_codes(day(2100, 1, 1))


def test_feedback_is_kept_no_longer_than_names():
    settings = DojoSettings(code_months=12, attendance_months=3)
    assert settings.feedback_months == 3
    assert DojoSettings().feedback_months == CODE_MONTHS.usual
    assert (ATTENDANCE_MONTHS.least, ATTENDANCE_MONTHS.most) == (1, 36)


@pytest.mark.parametrize(
    ("changed", "is_shorter"),
    [
        ({"quote_days": 29}, True),
        ({"code_months": 11}, True),
        ({"attendance_months": 23}, True),
        ({"quote_days": 31, "attendance_months": 1}, True),
        ({"quote_days": 90, "code_months": 24, "attendance_months": 36}, False),
        ({}, False),
    ],
)
def test_shorter_is_whatever_keeps_anything_for_less_time(changed, is_shorter):
    assert DojoSettings(**changed).is_shorter_than(DojoSettings()) is is_shorter
