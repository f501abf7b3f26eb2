"""What is erased by itself: each rule, to the millisecond, by a purge at that very moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
import pytest_asyncio

from bot.domain.debriefs import Debrief
from bot.domain.dojos import DojoSettings
from bot.domain.rounds import Role, Seat, State
from bot.services.dojos import DojoService
from bot.services.pads import PadService
from bot.services.retention import RetentionService
from bot.storage.dojos import DojoStore
from bot.storage.retention import Keeping
from tests.storage.round_samples import (
    AT,
    CLIENT,
    COACH,
    DOJO,
    LISTED,
    NOTE,
    OBSERVED,
    OWN_SHEET,
    SECOND,
    SHEET,
    VIEW,
    Stores,
    make_dojo,
    raw,
)

ELSEWHERE, GUILD, OTHER_GUILD = 3, 100, 555
SOON = DojoSettings(quote_days=3, code_months=2)
LONG = DojoSettings(quote_days=90, code_months=24)
MILLISECOND = timedelta(milliseconds=1)
RELEASED = AT + timedelta(days=10)
WORDS = timedelta(days=3)
TWO_MONTHS = timedelta(days=59)
"""Two months after AT, and after RELEASED as well: from January, and not in a leap year."""
ALL = ("notes", "sheets", "client_views", "debriefs", "reports")
NOTHING = dict.fromkeys(ALL, 0)
KEPT = {"notes": 1, "sheets": 2, "client_views": 1, "debriefs": 1, "reports": 1}


class Memory:
    """What the program has in memory: that it is read anew is all this knows."""

    def __init__(self) -> None:
        self.forgotten = self.loaded = 0

    def forget_all(self) -> None:
        self.forgotten += 1

    async def load(self) -> None:
        self.loaded += 1


class House(Stores):
    """Stores with the service that empties them."""

    memory: Memory

    async def purge(self, now: datetime) -> None:
        self.memory = Memory()
        dojos, pads = cast(DojoService, self.memory), cast(PadService, self.memory)
        await RetentionService(self.retention, dojos, pads, now=lambda: now).purge()

    async def fill(self, round_id: int = OBSERVED.id) -> None:
        """Something of every kind about a round that is on disk."""
        note = replace(NOTE, id=1000 + round_id, round_id=round_id)
        assert await self.notes.take(note)
        for sheet in (SHEET, OWN_SHEET):
            assert await self.sheets.hand_in(replace(sheet, round_id=round_id), AT)
        await self.views.save(replace(VIEW, round_id=round_id))
        assert await self.reports.add(2000 + round_id, note.id, CLIENT, SECOND, AT)

    async def words(self, round_id: int = OBSERVED.id) -> list[str]:
        return [one.quote + one.effect for one in await self.notes.of_round(round_id)]

    async def counts(self) -> dict[str, int]:
        return {table: await self.count(table) for table in ALL}


@pytest_asyncio.fixture
async def house(database) -> House:
    await make_dojo(database, DOJO, guild_id=GUILD, settings=SOON)
    await make_dojo(database, ELSEWHERE, guild_id=OTHER_GUILD, settings=LONG)
    house = House(database)
    await house.observe()
    await house.fill()
    return house


# Words


async def test_words_are_erased_so_many_days_after_the_release(house, path):
    await house.release(RELEASED)
    await house.purge(RELEASED + WORDS - MILLISECOND)
    assert await house.words() == [NOTE.quote + NOTE.effect]
    assert house.memory.forgotten == 0
    await house.purge(RELEASED + WORDS)
    (note,) = await house.notes.of_round(OBSERVED.id)
    assert note == replace(NOTE, id=note.id, quote="", effect="")
    assert await house.counts() == KEPT
    assert house.memory.forgotten == 1
    assert [one for one in (b"If I were you", b"at the floor") if one in raw(path)] == []


async def test_words_that_were_never_released_are_erased_so_many_days_after_the_round(house):
    await house.purge(AT + WORDS - MILLISECOND)
    assert await house.words() == [NOTE.quote + NOTE.effect]
    await house.purge(AT + WORDS)
    assert await house.words() == [""]


async def test_words_of_notes_taken_back_are_erased_as_well(house):
    (note,) = await house.notes.of_round(OBSERVED.id)
    await house.notes.change(replace(note, withdrawn_at=AT))
    await house.purge(AT + WORDS)
    assert await house.words() == [""]


async def test_what_a_dojo_changes_counts_from_the_next_purge_on(house, database):
    await make_dojo(database, DOJO, guild_id=GUILD, settings=LONG)
    await house.purge(AT + timedelta(days=90) - MILLISECOND)
    assert await house.words() == [NOTE.quote + NOTE.effect]
    await make_dojo(database, DOJO, guild_id=GUILD, settings=replace(LONG, quote_days=1))
    await house.purge(AT + timedelta(days=80))
    assert await house.words() == [""]


async def test_a_dojo_that_keeps_things_longer_now_does_not_do_so_for_rounds_from_before(
    house, database
):
    again = replace(OBSERVED, id=OBSERVED.id + 1)
    await house.rounds.add(again)
    await house.debriefs.open(Debrief(again.id, COACH, LISTED, quote_days=3, code_months=2))
    await house.fill(again.id)
    await make_dojo(database, DOJO, guild_id=GUILD, settings=LONG)

    await house.purge(AT + timedelta(days=3) - MILLISECOND)
    assert await house.words(again.id) == [NOTE.quote + NOTE.effect]
    await house.purge(AT + timedelta(days=3))
    assert await house.words(again.id) == [""]
    assert await house.words() == [NOTE.quote + NOTE.effect], "begun under longer terms"

    await house.purge(AT + TWO_MONTHS)
    assert await house.words(again.id) == []
    assert await house.debriefs.get(again.id, COACH) is None
    assert await house.debriefs.get(OBSERVED.id, COACH) is not None


# Codes


@pytest.mark.parametrize("is_released", [True, False], ids=["the release", "the round"])
async def test_everything_is_erased_so_many_months_after(house, path, is_released):
    start = RELEASED if is_released else AT
    if is_released:
        await house.release(RELEASED)
    await house.debriefs.try_next(OBSERVED.id, COACH, "try to be silent")
    await house.purge(start + TWO_MONTHS - MILLISECOND)
    assert await house.counts() == KEPT
    await house.purge(start + TWO_MONTHS)
    assert await house.counts() == NOTHING
    assert b"try to be silent" not in raw(path)
    assert await house.rounds.get(OBSERVED.id) is not None


async def test_what_one_coach_has_not_opened_yet_stays_when_that_of_another_goes(house):
    """And what the client said stays until the last of them."""
    relay = replace(
        OBSERVED, id=8, seats=(*OBSERVED.seats[:3], Seat(SECOND, Role.OBSERVER, has_coached=True))
    )
    await house.observe(relay)
    await house.debriefs.open(Debrief(8, SECOND, LISTED))
    await house.fill(8)
    await house.notes.take(replace(NOTE, id=77, round_id=8, coach_user_id=SECOND))
    await house.debriefs.reflect(8, SECOND, RELEASED, skipped=True)
    await house.debriefs.release(8, SECOND, RELEASED)
    await house.purge(AT + WORDS)
    assert await house.words(8) == [NOTE.quote + NOTE.effect, ""]
    await house.purge(AT + TWO_MONTHS)
    assert await house.ids() == [77]
    assert [one.coach_user_id for one in await house.debriefs.of_round(8)] == [SECOND]
    assert len(await house.views.of_round(8)) == 1
    await house.purge(RELEASED + TWO_MONTHS)
    assert await house.counts() == NOTHING


async def test_what_the_coach_wanted_watched_is_erased_so_many_months_after_the_round(house, path):
    wish = replace(OBSERVED.seats[0], focus=("S1", "S4"), wish="Do I leave room?")
    # A wish alone is scrubbed off the disk as well.
    await house.rounds.delete(OBSERVED.id)
    await house.rounds.add(replace(OBSERVED, id=8, seats=(wish, *OBSERVED.seats[1:])))
    await house.purge(AT + TWO_MONTHS - MILLISECOND)
    kept = await house.rounds.get(8)
    assert kept is not None
    assert kept.seats[0] == wish
    await house.purge(AT + TWO_MONTHS)
    kept = await house.rounds.get(8)
    assert kept is not None
    assert kept.seats[0] == replace(wish, focus=(), wish="")
    assert b"leave room" not in raw(path)


# What it is not about


async def test_a_round_that_is_going_on_keeps_everything(house):
    """Though the coach may have had their feedback long ago."""
    going = replace(OBSERVED, id=8, room_id=201, state=State.RUNNING, since=AT, ending=None)
    wish = replace(OBSERVED.seats[0], focus=("S1",), wish="Do I leave room?")
    going = replace(going, ended_at=None, seats=(wish, *OBSERVED.seats[1:]))
    await house.observe(going)
    await house.fill(8)
    await house.release(AT, round_id=8)
    await house.purge(AT + timedelta(days=4000))
    assert await house.counts() == KEPT
    assert await house.words(8) == [NOTE.quote + NOTE.effect]
    assert await house.rounds.get(8) == going


async def test_another_dojo_has_its_own_times(house):
    await house.observe(replace(OBSERVED, id=8, dojo_id=ELSEWHERE))
    await house.fill(8)
    await house.purge(AT + TWO_MONTHS)
    assert await house.ids() == [1008]
    assert await house.words(8) == [NOTE.quote + NOTE.effect]
    await house.purge(AT + timedelta(days=90))
    assert await house.words(8) == [""]
    await house.purge(AT.replace(year=2028) - MILLISECOND)
    assert await house.counts() == KEPT
    await house.purge(AT.replace(year=2028))
    assert await house.counts() == NOTHING


async def test_a_closed_dojo_is_emptied_like_others(house, database):
    await DojoStore(database).close(DOJO, AT)
    assert Keeping(DOJO, 3, 2) in await house.retention.keepings()
    assert Keeping(ELSEWHERE, 90, 24) in await house.retention.keepings()
    await house.purge(AT + WORDS)
    assert await house.words() == [""]
    await house.purge(AT + TWO_MONTHS)
    assert await house.counts() == NOTHING


async def test_a_purge_can_be_done_again_without_harm(house):
    for _ in range(2):
        await house.purge(AT + WORDS)
        assert (await house.words(), await house.counts()) == ([""], KEPT)
    # The second time there was nothing to erase, so nothing needed to be read anew.
    assert house.memory.forgotten == 0


# Guilds

GONE = datetime(2026, 1, 20, 12, 0, 0, tzinfo=UTC)
MONTH = timedelta(days=30)


@pytest_asyncio.fixture
async def in_two_guilds(house, database) -> House:
    for dojo_id, guild_id in ((DOJO, GUILD), (ELSEWHERE, OTHER_GUILD)):
        await make_dojo(database, dojo_id, guild_id=guild_id, settings=LONG)
    await house.observe(replace(OBSERVED, id=8, dojo_id=ELSEWHERE, guild_id=OTHER_GUILD))
    await house.fill(8)
    return house


async def test_a_guild_is_erased_30_days_after_the_bot_was_removed(in_two_guilds, path):
    house = in_two_guilds
    await house.retention.guild_removed(GUILD, GONE)
    # What is noted once more at the next start does not count anew.
    await house.retention.guild_removed(GUILD, GONE + timedelta(days=9))
    await house.purge(GONE + MONTH - MILLISECOND)
    assert await house.retention.guilds() == {GUILD, OTHER_GUILD}
    assert len(await house.ids()) == 2

    await house.purge(GONE + MONTH)

    assert await house.retention.guilds() == {OTHER_GUILD}
    assert await house.retention.removed_guilds() == set()
    assert await house.counts() == KEPT
    assert await house.ids() == [1008]
    assert await house.rounds.get(OBSERVED.id) is None
    assert house.memory.loaded == house.memory.forgotten == 1
    await house.retention.guild_removed(OTHER_GUILD, GONE)
    await house.purge(GONE + MONTH)
    tables = await house.database.all("SELECT name FROM sqlite_schema WHERE type = 'table'")
    assert [row["name"] for row in tables if await house.count(row["name"])] == []
    assert b"If I were you" not in raw(path)


async def test_a_guild_that_is_back_in_time_keeps_everything(in_two_guilds):
    house = in_two_guilds
    await house.retention.guild_removed(GUILD, GONE)
    assert await house.retention.removed_guilds() == {GUILD}
    await house.retention.guild_back(GUILD)
    await house.purge(GONE + MONTH)
    assert len(await house.ids()) == 2
    again = GONE + timedelta(days=20)
    await house.retention.guild_removed(GUILD, again)
    await house.purge(GONE + MONTH)
    assert len(await house.ids()) == 2
    await house.purge(again + MONTH)
    assert await house.ids() == [1008]


async def test_a_guild_of_which_nothing_is_stored_is_erased_without_harm(house):
    await house.retention.guild_removed(77, GONE)
    assert await house.retention.erase_guilds(GONE) == [77]
    assert await house.retention.erase_guilds(GONE) == []
    assert await house.counts() == KEPT
