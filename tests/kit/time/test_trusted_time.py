"""A wrong clock erases nothing: what goes by its age goes only when Discord's time agrees."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from bot.kit.time.trusted_time import FRESH, MOST_OFF, ClockCheck, Trust, TrustedTime
from bot.privacy.service.retention import GUILD_GRACE
from tests.feedback.service.practice import OLU, FeedbackPractice
from tests.people import GUILD

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
YEARS = timedelta(days=800)


async def filled(feedback: FeedbackPractice) -> None:
    """A round with a note, which the coach has opened."""
    await feedback.coaching()
    await feedback.noted(OLU, quote="what do you want?")
    await feedback.released()


async def stored(feedback: FeedbackPractice) -> tuple[int, ...]:
    """How many notes, debriefs, and dojos there are, and words."""
    (row,) = await feedback.database.all(
        "SELECT (SELECT count(*) FROM notes), (SELECT count(*) FROM debriefs),"
        " (SELECT count(*) FROM dojos), (SELECT count(*) FROM notes WHERE quote <> '')"
    )
    return tuple(row)


ALL = (1, 1, 1, 1)


# The clock itself


@pytest.mark.parametrize(
    ("ahead", "trust"),
    [
        (timedelta(), Trust.AGREES),
        (MOST_OFF, Trust.AGREES),
        (-MOST_OFF, Trust.AGREES),
        (MOST_OFF + SECOND, Trust.WRONG),
        (-MOST_OFF - SECOND, Trust.WRONG),
    ],
)
def test_a_clock_may_differ_from_discord_by_a_day(clock, ahead, trust):
    """U1: the limit is one day, ahead or behind."""
    time = TrustedTime(clock)
    time.hear(clock() - ahead)
    assert time.check() == ClockCheck(trust, ahead)


def test_nothing_is_known_before_discord_has_told_the_time_and_a_day_after(clock):
    """U1: a clock that was right may have been set since."""
    time = TrustedTime(clock)
    assert time.check().trust is Trust.UNKNOWN
    time.hear(clock())
    clock.present += FRESH - SECOND
    assert time.check().trust is Trust.AGREES
    clock.present += SECOND
    assert time.check().trust is Trust.UNKNOWN
    clock.present -= 2 * FRESH
    assert time.check().trust is Trust.UNKNOWN


def test_a_wrong_clock_is_said_once_and_not_with_every_tap(clock, caplog):
    """U1: the log says by how much."""
    time = TrustedTime(clock)
    for _ in range(3):
        time.hear(clock() - 3 * DAY)
    assert [one.levelname for one in caplog.records] == ["WARNING"]
    assert "differs from Discord's by 3 days" in caplog.text


def test_clocks_that_agree_are_not_compared_again_with_every_event(clock):
    """Hundreds of taps a second would do nothing else."""
    time, watched = TrustedTime(clock), []
    time.watch(lambda: watched.append(clock()))
    for _ in range(5):
        time.hear(clock())
        clock.present += 5 * SECOND
    assert len(watched) == 3


def test_a_clock_that_is_set_right_counts_at_once(clock):
    """U1: what waits for it need not wait longer."""
    time, watched = TrustedTime(clock), []
    time.watch(lambda: watched.append(clock()))
    time.hear(clock() - 3 * DAY)
    time.hear(clock())
    assert len(watched) == 1


# Erasing


async def test_a_clock_that_is_years_ahead_for_one_start_erases_nothing(feedback, caplog):
    """U1: neither before Discord has told the time nor when it says otherwise."""
    await filled(feedback)
    right = feedback.clock()
    await feedback.end_process()
    feedback.clock.present = right + YEARS
    await feedback.begin_process()
    feedback.retention.start()
    await feedback.settled()
    assert await stored(feedback) == ALL
    feedback.time.hear(right)
    await feedback.settled()
    assert not await feedback.retention.purge()
    assert await stored(feedback) == ALL
    assert feedback.retention.clock() == ClockCheck(Trust.WRONG, YEARS)
    assert "nothing is erased, because this machine's clock is wrong by 800 days" in caplog.text

    # Set right while the bot runs: the purge that was put off is made up for.
    feedback.clock.present = right + 31 * DAY
    feedback.hear_time()
    await feedback.settled()
    assert await stored(feedback) == (1, 1, 1, 0)


async def test_a_clock_that_jumps_ahead_while_the_bot_runs_erases_nothing(feedback):
    """U1: what Discord said before the jump does not count any more."""
    await filled(feedback)
    feedback.retention.start()
    feedback.hear_time()
    await feedback.settled()
    feedback.clock.present += YEARS
    await feedback.forward(2 * 60)
    assert await stored(feedback) == ALL
    assert feedback.retention.clock().trust is Trust.UNKNOWN


async def test_without_discord_nothing_is_ever_erased_and_with_it_at_once(
    feedback, caplog, monkeypatch
):
    """U1: an outage of weeks; the first sign of Discord is enough."""
    # Here nobody sets the clock of the machine, for which it is looked at every minute.
    monkeypatch.setattr("bot.kit.time.timers.LONGEST_WAIT_SECONDS", DAY.total_seconds())
    await filled(feedback)
    feedback.clock.present += 31 * DAY
    feedback.retention.start()
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            await feedback.forward(DAY.total_seconds())
    assert await stored(feedback) == ALL
    assert "nothing is erased before Discord has told the time" in caplog.text

    feedback.hear_time()
    await feedback.settled()

    assert await stored(feedback) == (1, 1, 1, 0)
    with caplog.at_level(logging.INFO):
        caplog.clear()
        feedback.hear_time()
        await feedback.settled()
    assert caplog.text == "", "nothing was put off any more"


async def test_a_clock_before_the_last_purge_is_known_to_be_wrong_without_discord(feedback):
    """U1: a clock far behind, e.g. in 1970 until the first answer of a time server."""
    feedback.hear_time()
    assert await feedback.retention.purge()
    last = feedback.clock()
    await feedback.end_process()
    feedback.clock.present = last - MOST_OFF - SECOND
    await feedback.begin_process()
    assert feedback.retention.clock() == ClockCheck(Trust.WRONG, -MOST_OFF - SECOND)
    feedback.clock.present = last - MOST_OFF
    assert feedback.retention.clock().trust is Trust.UNKNOWN


# Servers


async def test_the_month_of_a_server_begins_when_the_clock_is_right(feedback):
    """U1: removed while the clock was 40 days behind, its data would go the next night."""
    await filled(feedback)
    feedback.retention.start()
    right = feedback.clock()
    feedback.clock.present = right - 40 * DAY
    feedback.time.hear(right)
    await feedback.retention.guild_left(GUILD)
    assert not await feedback.retention.purge()

    feedback.clock.present = right
    feedback.hear_time()
    await feedback.settled()
    assert (await stored(feedback))[2] == 1
    feedback.clock.present = right + GUILD_GRACE - SECOND
    feedback.hear_time()
    await feedback.retention.purge()
    assert (await stored(feedback))[2] == 1
    # Nothing of a server is erased before it has been seen where the bot is.
    await feedback.retention.see_guilds([])
    feedback.clock.present += SECOND
    await feedback.retention.purge()
    assert (await stored(feedback))[2] == 0


async def test_a_server_that_is_back_before_the_clock_is_right_was_never_gone(feedback):
    """U1: likewise."""
    await filled(feedback)
    await feedback.retention.see_guilds([])
    await feedback.retention.see_guilds([GUILD])
    feedback.hear_time()
    await feedback.retention.purge()
    feedback.clock.present += 2 * GUILD_GRACE
    feedback.hear_time()
    await feedback.retention.purge()
    assert (await stored(feedback))[2] == 1
