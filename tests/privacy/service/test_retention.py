"""What has been kept long enough is erased: at the start, and every night."""

from __future__ import annotations

import logging
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from bot.content.model.formats import SegmentKind
from bot.feedback.model.notes import Side
from bot.feedback.model.sheets import Answer
from bot.kit.database.refused_messages import RefusedMessageStore
from bot.privacy.service.retention import GUILD_GRACE, next_night
from bot.rounds.model.refusals import NoRound
from tests.feedback.service.practice import CLIENT, COACH, OLU, PIA, FeedbackPractice
from tests.people import GUILD
from tests.rounds.service.faults import broken_disk

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
MINUTE = 60
WORDS = "And what would you like instead?"
LIMITS = (
    datetime(2026, 3, 1, 2, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 1, 3, tzinfo=UTC),
    datetime(2026, 2, 28, 23, tzinfo=UTC),
)


def test_the_next_night_is_at_three_in_utc_and_always_later():
    before, at, evening = LIMITS
    assert next_night(before) == at
    assert next_night(at) == at + DAY
    assert next_night(evening) == at


async def released(feedback: FeedbackPractice) -> datetime:
    """A round with everything in it, released; when it ended, from which keeping is counted."""
    await feedback.coaching()
    await feedback.rounds.proposing.watch_for(feedback.round_id, COACH, ["S5"], "Do I leave room?")
    await feedback.noted(OLU, quote=WORDS)
    await feedback.go_to(SegmentKind.CLIENT)
    await feedback.hand_in(PIA, S1="seen")
    answers = (Answer.YES, Answer.YES, Answer.NO)
    await feedback.sheets.say(feedback.round_id, CLIENT.user_id, answers, is_shared=True)
    await feedback.released()
    round_ = await feedback.on_disk(feedback.round_id)
    assert round_ is not None
    at = round_.ended_at
    assert at is not None
    return at


async def words(feedback: FeedbackPractice) -> list[str]:
    """The words of all notes on the disk, also of those that nobody is shown any more."""
    rows = await feedback.database.all("SELECT quote FROM notes ORDER BY id")
    return [row["quote"] for row in rows]


async def count(feedback: FeedbackPractice, table: str) -> int:
    (row,) = await feedback.database.all(f"SELECT COUNT(*) FROM {table}")  # noqa: S608
    return row[0]


async def purge_at(feedback: FeedbackPractice, moment: datetime) -> None:
    feedback.clock.present = moment
    feedback.hear_time()
    assert await feedback.retention.purge()


async def test_words_go_when_their_days_are_over_and_codes_when_their_months_are(feedback):
    at = await released(feedback)
    await feedback.pads.look(feedback.round_id, OLU.user_id)

    await purge_at(feedback, at + 30 * DAY - SECOND)
    assert await words(feedback) == [WORDS]
    await purge_at(feedback, at + 30 * DAY)
    assert await words(feedback) == [""]
    assert all(WORDS.encode() not in one.read_bytes() for one in feedback.files())
    pad = await feedback.pads.look(feedback.round_id, OLU.user_id)
    assert [note.quote for note in pad.notes] == [""]
    await purge_at(feedback, at.replace(year=at.year + 1) - SECOND)
    assert len((await feedback.open()).moments) == 1
    await purge_at(feedback, at.replace(year=at.year + 1))

    tables = ("notes", "sheets", "debriefs", "client_views", "rounds")
    assert [await count(feedback, table) for table in tables] == [0, 0, 0, 0, 1]
    round_ = await feedback.on_disk(feedback.round_id)
    assert round_ is not None
    assert {(seat.focus, seat.wish) for seat in round_.seats} == {((), "")}


async def test_each_dojo_keeps_things_as_long_as_it_says(feedback):
    at = await released(feedback)
    await feedback.set_dojo(quote_days=1, code_months=1)

    await purge_at(feedback, at + DAY)
    assert await words(feedback) == [""]
    await purge_at(feedback, at.replace(month=at.month + 1))

    assert await count(feedback, "notes") == 0


async def test_what_was_never_released_is_kept_from_the_end_of_the_round(feedback):
    await feedback.coaching()
    await feedback.noted(OLU, quote=WORDS)
    now = feedback.clock()
    await purge_at(feedback, now + 400 * DAY)
    assert await words(feedback) == [WORDS]
    feedback.clock.present = now
    await feedback.stop()
    ended = feedback.clock()

    await purge_at(feedback, ended + 30 * DAY - SECOND)
    assert await words(feedback) == [WORDS]
    await purge_at(feedback, ended + 30 * DAY)

    assert await words(feedback) == [""]


async def test_it_is_purged_at_the_start_and_then_every_night(feedback):
    at = await released(feedback)
    feedback.clock.present = at + 31 * DAY
    feedback.hear_time()
    feedback.retention.start()
    feedback.retention.start()
    await feedback.settled()
    assert await words(feedback) == [""]
    assert await count(feedback, "notes") == 1

    due = at.replace(year=at.year + 1)
    feedback.clock.present = next_night(due - DAY) - 30 * SECOND
    feedback.hear_time()
    await feedback.forward(MINUTE)
    assert await count(feedback, "notes") == 1
    feedback.clock.present = next_night(due) - 90 * SECOND
    feedback.hear_time()
    await feedback.forward(MINUTE)
    assert await count(feedback, "notes") == 1
    await feedback.forward(MINUTE)
    assert await count(feedback, "notes") == 0


async def test_a_night_that_fails_is_made_up_for_and_does_not_end_the_others(feedback, caplog):
    await feedback.set_dojo(quote_days=1)
    feedback.retention.start()
    await feedback.settled()
    await released(feedback)
    feedback.clock.present = next_night(feedback.clock() + 2 * DAY) - 30 * SECOND
    feedback.hear_time()
    async with broken_disk(feedback):
        with caplog.at_level(logging.CRITICAL):
            await feedback.forward(MINUTE)
        assert await words(feedback) == [WORDS]
    # The disk works again.
    await feedback.forward(2 * MINUTE)

    assert await words(feedback) == [""]
    await released(feedback)
    feedback.clock.present = next_night(feedback.clock() + 2 * DAY)
    feedback.hear_time()
    await feedback.forward(MINUTE)
    assert await words(feedback) == ["", ""]


async def test_a_purge_that_fails_says_so(feedback):
    at = await released(feedback)
    feedback.clock.present = at + 31 * DAY
    feedback.hear_time()
    async with broken_disk(feedback):
        with pytest.raises(sqlite3.OperationalError):
            await feedback.retention.purge()
    assert await words(feedback) == [WORDS]


async def test_nothing_of_what_is_erased_is_in_the_log(feedback, caplog):
    at = await released(feedback)
    with caplog.at_level(logging.DEBUG):
        await purge_at(feedback, at + 31 * DAY)

    assert "words of 1 notes" in caplog.text
    assert WORDS not in caplog.text


# Guilds


async def test_the_data_of_a_guild_goes_a_month_after_the_bot_was_removed(feedback):
    await released(feedback)
    left = feedback.clock()
    feedback.hear_time()
    await feedback.retention.guild_left(GUILD)
    feedback.clock.forward(days=3)
    feedback.hear_time()
    # Seeing that it is still away does not begin the month again.
    await feedback.retention.see_guilds([])

    await purge_at(feedback, left + GUILD_GRACE - SECOND)
    assert await count(feedback, "notes") == 1
    await purge_at(feedback, left + GUILD_GRACE)

    tables = ("dojos", "rounds", "round_people", "notes", "sheets", "debriefs", "guild_removals")
    assert [await count(feedback, table) for table in tables] == [0] * len(tables)
    assert feedback.dojos.of_guild(GUILD) == []
    with pytest.raises(NoRound):
        await feedback.debriefs.shared(feedback.round_id, COACH.user_id)


async def test_a_guild_that_is_seen_again_keeps_everything(feedback):
    await released(feedback)
    left = feedback.clock()
    feedback.hear_time()
    await feedback.retention.see_guilds([])
    await feedback.restart(away=MINUTE)
    await feedback.retention.see_guilds([GUILD, GUILD + 1])

    await purge_at(feedback, left + 2 * GUILD_GRACE)
    assert await count(feedback, "dojos") == 1

    await feedback.retention.guild_left(GUILD)
    await feedback.retention.guild_joined(GUILD)
    await purge_at(feedback, left + 4 * GUILD_GRACE)
    assert await count(feedback, "dojos") == 1


async def test_no_guild_is_erased_before_it_is_known_where_the_bot_is(feedback):
    """F1: at a start at which that cannot be noted at first; then it is made up for at once."""
    await released(feedback)
    left = feedback.clock()
    feedback.hear_time()
    await feedback.retention.see_guilds([])
    feedback.clock.forward(days=40)
    await feedback.restart(away=MINUTE)
    feedback.retention.start()
    await purge_at(feedback, left + GUILD_GRACE + SECOND)
    assert await count(feedback, "dojos") == 1

    await feedback.retention.see_guilds([GUILD])
    await purge_at(feedback, left + 2 * GUILD_GRACE)
    assert await count(feedback, "dojos") == 1


async def test_a_guild_that_was_left_while_the_bot_was_away_has_its_month_from_then_on(feedback):
    await released(feedback)
    feedback.clock.forward(days=90)
    seen = feedback.clock()
    feedback.hear_time()
    await feedback.retention.see_guilds([GUILD + 1])

    await purge_at(feedback, seen + GUILD_GRACE - SECOND)
    assert await count(feedback, "dojos") == 1
    await purge_at(feedback, seen + GUILD_GRACE)
    assert await count(feedback, "dojos") == 0


async def test_a_round_that_goes_on_while_words_are_purged_loses_nothing(feedback):
    await feedback.coaching()
    note = await feedback.noted(OLU, "S2", Side.SIGNAL, quote=WORDS)
    await feedback.retention.purge()

    assert await feedback.notes_on_disk() == [note]
    await feedback.check_memory_is_the_disk(OLU)


async def test_that_a_person_takes_no_direct_messages_is_kept_for_a_week(feedback):
    """3C: after that it would not be asked for any more."""
    store = RefusedMessageStore(feedback.database)
    at = feedback.clock.present
    await store.put(OLU.user_id, at)

    await purge_at(feedback, at + 7 * DAY)
    assert await count(feedback, "refused_messages") == 1
    await purge_at(feedback, at + 7 * DAY + SECOND)
    assert await count(feedback, "refused_messages") == 0
