"""What is erased by itself: each rule, to the millisecond, by a purge at that very moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
import pytest_asyncio

from bot.dojos.model.dojo import DojoSettings
from bot.dojos.model.keeping import add_months
from bot.dojos.service.dojos import DojoService
from bot.dojos.store.dojos import DojoStore
from bot.feedback.model.debriefs import Debrief
from bot.feedback.service.pads import PadService
from bot.gatherings.model.gathering import Closing, Gathering, Stage
from bot.gatherings.store.check_outs import CheckOutStore
from bot.gatherings.store.gatherings import GatheringStore
from bot.gatherings.store.history import HistoryStore
from bot.kit.time.trusted_time import TrustedTime
from bot.privacy.service.retention import RetentionService
from bot.privacy.store.departures import WHERE_PEOPLE_ARE
from bot.rounds.model.round import Role, Seat, State
from tests.gatherings.store.samples import FULL as GATHERING
from tests.rounds.store.samples import (
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
WORDS = timedelta(days=3)
TWO_MONTHS = timedelta(days=59)
"""Two months after AT: from January, and not in a leap year."""
ALL = ("notes", "sheets", "client_views", "debriefs", "reports")
NOTHING = dict.fromkeys(ALL, 0)
KEPT = {"notes": 1, "sheets": 2, "client_views": 1, "debriefs": 1, "reports": 1}


class Memory:
    """What the program has in memory: it only knows that it is read again."""

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
        time = TrustedTime(lambda: now)
        time.hear(now)
        service = RetentionService(self.retention, dojos, pads, time, now=lambda: now)
        here = await self.retention.guilds() - await self.retention.removed_guilds()
        await service.see_guilds(here)
        assert await service.purge()

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


@pytest.mark.parametrize("is_released", [True, False], ids=["opened late", "never opened"])
async def test_words_are_erased_so_many_days_after_the_round(house, path, is_released):
    """S20: a coach who opens the feedback later does not start the days again."""
    if is_released:
        await house.release(AT + timedelta(days=2))
    await house.purge(AT + WORDS - MILLISECOND)
    assert await house.words() == [NOTE.quote + NOTE.effect]
    assert house.memory.forgotten == 0
    await house.purge(AT + WORDS)
    (note,) = await house.notes.of_round(OBSERVED.id)
    assert note == replace(NOTE, id=note.id, quote="", effect="")
    assert await house.counts() == KEPT
    assert house.memory.forgotten == 1
    assert [one for one in (b"If I were you", b"at the floor") if one in raw(path)] == []


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


@pytest.mark.parametrize("is_released", [True, False], ids=["opened late", "never opened"])
async def test_everything_is_erased_so_many_months_after_the_round(house, path, is_released):
    """S20: a coach who opens the feedback later does not start the months again."""
    if is_released:
        await house.release(AT + timedelta(days=40))
    await house.debriefs.try_next(OBSERVED.id, COACH, "try to be silent")
    await house.purge(AT + TWO_MONTHS - MILLISECOND)
    assert await house.counts() == KEPT
    await house.purge(AT + TWO_MONTHS)
    assert await house.counts() == NOTHING
    assert b"try to be silent" not in raw(path)
    assert await house.rounds.get(OBSERVED.id) is not None


async def test_what_one_coach_was_promised_for_longer_stays_when_that_of_another_goes(
    house, database
):
    """And what the client said stays until the last of them."""
    await make_dojo(database, DOJO, guild_id=GUILD, settings=LONG)
    relay = replace(
        OBSERVED, id=8, seats=(*OBSERVED.seats[:3], Seat(SECOND, Role.OBSERVER, has_coached=True))
    )
    await house.observe(relay)
    await house.debriefs.open(Debrief(8, SECOND, LISTED, quote_days=3, code_months=2))
    await house.fill(8)
    await house.notes.take(replace(NOTE, id=77, round_id=8, coach_user_id=SECOND))
    await house.purge(AT + WORDS)
    assert await house.words(8) == ["", NOTE.quote + NOTE.effect]
    await house.purge(AT + TWO_MONTHS)
    assert await house.ids() == [1007, 1008]
    assert await house.debriefs.get(8, SECOND) is None
    assert len(await house.views.of_round(8)) == 1
    await house.purge(add_months(AT, 24))
    assert await house.counts() == NOTHING


@pytest.mark.parametrize(("ended_on", "over_on"), [(31, (2, 28)), (30, (2, 28)), (28, (2, 28))])
async def test_a_month_is_over_on_the_day_that_was_promised(house, database, ended_on, over_on):
    """S20: counting back from the night kept what ended on the 31st for up to three days longer."""
    one = DojoSettings(quote_days=90, code_months=1)
    await make_dojo(database, DOJO, guild_id=GUILD, settings=one)
    await house.rounds.delete(OBSERVED.id)
    await house.observe(replace(OBSERVED, ended_at=AT.replace(day=ended_on)))
    await house.fill()
    over = AT.replace(month=over_on[0], day=over_on[1])
    await house.purge(over - MILLISECOND)
    assert await house.counts() == KEPT
    await house.purge(over)
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


# Names


def evening(gathering_id: int = 30) -> Gathering:
    """An evening that ended at AT, with people in everything that names them."""
    return replace(
        GATHERING,
        due_at=None,
        draft=None,
        id=gathering_id,
        dojo_id=DOJO,
        guild_id=GUILD,
        stage=Stage.ENDED,
        closing=Closing.CLOSED,
        ended_at=AT,
        told_stage=Stage.ENDED,
    )


async def named(house) -> list[str]:
    """The cells in which someone stands, of rounds and evenings."""
    found: list[str] = []
    for table, column in WHERE_PEOPLE_ARE:
        if table in ("dojos", "own_contents", "member_wishes", "kept_apart"):
            continue
        rows = await house.database.all(
            f"SELECT 1 FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608
        )
        found += [f"{table}.{column}"] * bool(rows)
    return found


async def test_rounds_and_evenings_lose_their_names_when_their_months_are_over(
    house, database, path
):
    """GDPR 5(1)(e): format, times, roles and minutes stay; who it was does not."""
    months = DojoSettings(quote_days=90, code_months=24, attendance_months=3)
    await make_dojo(database, DOJO, guild_id=GUILD, settings=months)
    gatherings = GatheringStore(database)
    await gatherings.add(evening())
    for number, user_id in enumerate((COACH, CLIENT)):
        await CheckOutStore(database).put(30, user_id, 7, f"word-{number}-of-the-evening")
    await database.write("UPDATE check_outs SET user_id = NULL")
    over = AT.replace(month=4)
    await house.purge(over - MILLISECOND)
    assert {"rounds.starter_user_id", "round_people.user_id"} <= set(await named(house))
    assert {"gathering_people.user_id", "gathering_helpers.user_id"} <= set(await named(house))
    assert await house.counts() == KEPT

    await house.purge(over)

    assert await named(house) == []
    assert await house.counts() == NOTHING, "feedback belongs to a name, and goes with it"
    assert await house.count("check_outs") == 0
    assert b"of-the-evening" not in raw(path)
    round_ = await house.rounds.get(OBSERVED.id)
    assert round_ is not None
    assert [seat.user_id for seat in round_.seats] == [None] * 4
    assert (round_.ended_at, round_.past) == (OBSERVED.ended_at, OBSERVED.past)
    kept = await gatherings.get(30)
    assert kept is not None
    assert (kept.guests, kept.facilitator_user_id, kept.helper_user_ids) == ((), None, ())
    assert kept.rounds == evening().rounds
    history = HistoryStore(database)
    assert await history.turns(DOJO) == []
    await house.purge(over)


async def test_names_are_taken_off_once(house, database):
    """What has none any more is not written again, night after night."""
    await GatheringStore(database).add(evening())
    over = AT.replace(year=2036)
    assert await house.retention.erase_names(over) == 2
    assert await house.retention.erase_names(over) == 0


async def test_a_dojo_that_keeps_names_longer_now_does_not_do_so_for_what_was_before(
    house, database
):
    """GDPR 5(1)(e): what was said when the round began holds, and may only become shorter."""
    three = DojoSettings(attendance_months=3)
    await make_dojo(database, DOJO, guild_id=GUILD, settings=three)
    await house.rounds.delete(OBSERVED.id)
    await house.observe(OBSERVED)
    await GatheringStore(database).add(evening())
    await make_dojo(database, DOJO, guild_id=GUILD, settings=replace(three, attendance_months=36))
    await house.observe(replace(OBSERVED, id=8))
    await GatheringStore(database).add(evening(31))

    await house.purge(AT.replace(month=4))

    rows = await database.all(
        "SELECT DISTINCT round_id FROM round_people WHERE user_id IS NOT NULL"
    )
    assert [row[0] for row in rows] == [8]
    rows = await database.all(
        "SELECT DISTINCT gathering_id FROM gathering_people WHERE user_id IS NOT NULL"
    )
    assert [row[0] for row in rows] == [31]
    await make_dojo(database, DOJO, guild_id=GUILD, settings=replace(three, attendance_months=1))
    await house.purge(AT.replace(month=4))
    assert await named(house) == []


async def test_what_is_going_on_keeps_its_names_however_long(house, database):
    one = DojoSettings(attendance_months=1)
    await make_dojo(database, DOJO, guild_id=GUILD, settings=one)
    going = replace(OBSERVED, id=8, state=State.RUNNING, since=AT, ending=None, ended_at=None)
    await house.rounds.add(going)
    open_one = replace(evening(), stage=Stage.OPEN, closing=None, ended_at=None, told_stage=None)
    await GatheringStore(database).add(open_one)
    await house.purge(AT + timedelta(days=4000))
    assert await house.rounds.get(8) == going
    kept = await GatheringStore(database).get(30)
    assert kept is not None
    assert kept.guests == open_one.guests


async def test_rounds_from_before_there_was_a_term_have_that_of_their_dojo(house, database):
    """Existing rows have no promise of their own."""
    await make_dojo(database, DOJO, guild_id=GUILD, settings=DojoSettings())
    await database.write("UPDATE rounds SET attendance_months = NULL")
    await house.purge(add_months(AT, 24) - MILLISECOND)
    assert "round_people.user_id" in await named(house)
    await house.purge(add_months(AT, 24))
    assert await named(house) == []


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


async def test_a_round_of_another_dojo_without_a_debrief_has_the_times_of_its_dojo(house):
    seats = (replace(OBSERVED.seats[0], focus=("S1",), wish="Room?"), *OBSERVED.seats[1:])
    theirs = replace(OBSERVED, id=8, dojo_id=ELSEWHERE, seats=seats)
    await house.rounds.add(theirs)
    await house.views.save(replace(VIEW, round_id=8))
    for over, is_kept in (
        (AT + TWO_MONTHS, True),
        (AT.replace(year=2028) - MILLISECOND, True),
        (AT.replace(year=2028), False),
    ):
        await house.purge(over)
        assert await house.count("client_views") == is_kept
        round_ = await house.rounds.get(8)
        assert round_ is not None
        assert (round_.seats[0].wish == "Room?") == is_kept


async def test_a_closed_dojo_is_emptied_like_others(house, database):
    await DojoStore(database).close(DOJO, AT)
    await house.purge(AT + WORDS)
    assert await house.words() == [""]
    await house.purge(AT + TWO_MONTHS)
    assert await house.counts() == NOTHING


async def test_a_purge_can_be_done_again_without_harm(house):
    for _ in range(2):
        await house.purge(AT + WORDS)
        assert (await house.words(), await house.counts()) == ([""], KEPT)
    # The second time there was nothing to erase, so nothing needed to be read again.
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
    # What is noted once more at the next start does not count again.
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
    # All that is left is when things were last erased.
    assert [row["name"] for row in tables if await house.count(row["name"])] == ["program_values"]
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
