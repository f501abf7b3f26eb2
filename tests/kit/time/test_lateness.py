"""How late what the clock brings is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.kit.time.lateness import Late, Lateness

AT = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_nothing_is_said_before_there_was_anything():
    """F18: a bot that has just started has no figures."""
    assert Lateness().at(AT) is None


def test_ninety_nine_of_a_hundred_were_at_most_so_late():
    """F18: one that was very late among a hundred does not count, two do."""
    lateness = Lateness()
    for number in range(99):
        lateness.note(AT - SECOND / 10, AT + number * SECOND)
    few = lateness.at(AT + 200 * SECOND)
    lateness.note(AT, AT + 150 * SECOND)
    one = lateness.at(AT + 200 * SECOND)
    lateness.note(AT, AT + 160 * SECOND)
    two = lateness.at(AT + 200 * SECOND)

    assert few is not None
    assert few.count == 99
    assert one == Late(AT + 150 * SECOND, 100, 98 * SECOND + SECOND / 10)
    assert two == Late(AT + 160 * SECOND, 101, 150 * SECOND)


def test_only_the_last_day_counts_and_nothing_is_early():
    """F18: yesterday is over; a clock that was set back makes nothing negative."""
    lateness = Lateness()
    lateness.note(AT - 5 * SECOND, AT)
    lateness.note(AT + 5 * SECOND, AT + SECOND)

    assert lateness.at(AT + timedelta(days=1)) == Late(AT + SECOND, 1, timedelta())
    assert lateness.at(AT + timedelta(days=2)) is None
