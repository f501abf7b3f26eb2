"""Who leaves a server is erased there 30 days later, and nowhere else."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from bot.app import open_bot
from bot.kit.person import MissedPeople
from bot.kit.time.trusted_time import TrustedTime
from bot.privacy.service.leavers import (
    LEAVER_GRACE,
    MOST_A_NIGHT,
    MOST_UNANSWERED,
    SECONDS_BETWEEN,
    LeaverService,
    next_look,
)
from bot.privacy.service.privacy import PrivacyService
from bot.privacy.store.departures import WHERE_PEOPLE_ARE, DepartureStore
from bot.rounds.service.ports import Directory
from bot.settings import Settings
from tests.feedback.service.practice import COACH
from tests.kit.time.timers import MovableClock
from tests.people import GUILD
from tests.privacy.stored import PEOPLE, Column, Seeds, cells

HERE, ELSEWHERE = 111_222_333, 444_555_666
LEFT, STAYS = 424_242_424_242, 535_353_535_353
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
OF_PEOPLE = [
    one for one in PEOPLE if one.table not in ("departures", "asking_choices", "refused_messages")
]
"""Who may ask or write to a person holds on all servers, so it belongs to none."""


@dataclass
class FakeDirectory(Directory):
    """Knows whom a test says; an answer `None` is one that does not come."""

    present: set[int] = field(default_factory=lambda: {HERE, ELSEWHERE})
    members: dict[tuple[int, int], bool | None] = field(default_factory=dict)
    asked: list[tuple[int, int]] = field(default_factory=list)

    def guilds(self) -> Collection[int]:
        return self.present

    async def is_member(self, guild_id: int, user_id: int) -> bool | None:
        self.asked.append((guild_id, user_id))
        return self.members.get((guild_id, user_id), True)

    async def ask_time(self) -> None:
        """Time is heard as the test says."""


class Nights:
    """The service over the services of a bot, one night after another."""

    def __init__(self, bot, clock: MovableClock) -> None:
        self.services, self.clock = bot.services, clock
        self.directory = FakeDirectory()
        self.missed = MissedPeople()
        self.pauses: list[float] = []
        self.told: list[tuple[int, int]] = []
        """Who was said to have left where, so that they keep nobody waiting."""
        self.store = DepartureStore(bot.services[LeaverService]._store._database)
        self.leavers = LeaverService(
            self.store,
            bot.services[PrivacyService],
            self.directory,
            bot.services[TrustedTime],
            self.missed,
            now=clock,
            pause=self._pause,
            has_left=self._has_left,
        )

    async def _has_left(self, guild_id: int, user_id: int) -> None:
        self.told.append((guild_id, user_id))

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def night(self, after: timedelta = DAY) -> list[tuple[int, int]]:
        """A night so much later; whom Discord was asked about."""
        self.clock.present += after
        self.services[TrustedTime].hear(self.clock())
        self.directory.asked.clear()
        await self.leavers.look()
        return list(self.directory.asked)


@pytest.fixture
def outside(path):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


@pytest_asyncio.fixture
async def nights(quick_databases, path, clock):
    async with open_bot(Settings(database=path), now=clock, rng=random.Random(1)) as bot:
        yield Nights(bot, clock)


def put(outside: sqlite3.Connection, column: Column, user_id: int, guild_id: int) -> None:
    """A row that names someone, and belongs to a guild."""
    marked = "SELECT id FROM {} WHERE guild_id IN (?, ?)"
    Seeds(outside, start=max(outside.total_changes, 1) * 1_000_000).add(
        column.table, column, user_id
    )
    for table in ("dojos", "rounds", "gatherings"):
        outside.execute(
            f"UPDATE {table} SET guild_id = ? WHERE id NOT IN ({marked.format(table)})",  # noqa: S608
            (guild_id, HERE, ELSEWHERE),
        )
    outside.execute(
        "UPDATE invitations SET guild_id = ? WHERE guild_id NOT IN (?, ?)",
        (guild_id, HERE, ELSEWHERE),
    )


def in_guilds(outside: sqlite3.Connection, user_id: int) -> int:
    """In how many cells someone stands."""
    return len(cells(outside, user_id))


# What is erased


def test_every_column_with_a_person_leads_to_a_guild():
    """GDPR 5(1)(e): a new table cannot be left out."""
    assert {(one.table, one.name) for one in OF_PEOPLE} == set(WHERE_PEOPLE_ARE)


@pytest.mark.parametrize("column", OF_PEOPLE, ids=lambda column: column.full_name)
async def test_a_person_who_left_a_server_is_erased_there_and_stays_elsewhere(
    nights, outside, column
):
    """GDPR 5(1)(e): 30 days after Discord first said so, in that server only."""
    put(outside, column, LEFT, HERE)
    put(outside, column, LEFT, ELSEWHERE)
    put(outside, column, STAYS, HERE)
    nights.directory.members = {(HERE, LEFT): False}
    await nights.night()
    assert await nights.store.all() == {(HERE, LEFT): nights.clock().replace(microsecond=0)}
    await nights.night(LEAVER_GRACE - SECOND)
    assert in_guilds(outside, LEFT) == 3

    await nights.night(SECOND)

    known = [one for one in await nights.store.known() if one[1] in (LEFT, STAYS)]
    assert known == [(HERE, STAYS), (ELSEWHERE, LEFT)]
    assert await nights.store.all() == {}
    assert in_guilds(outside, LEFT) == 1
    assert in_guilds(outside, STAYS) == 1


async def test_notes_stay_without_name_and_words_as_when_someone_erases_themself(nights, outside):
    """The rules of the stores are those of `/my forget`."""
    (column,) = (one for one in PEOPLE if one.full_name == "notes.observer_user_id")
    put(outside, column, LEFT, HERE)
    outside.execute("UPDATE notes SET quote = 'what else?'")
    nights.directory.members = {(HERE, LEFT): False}
    await nights.night()
    await nights.night(LEAVER_GRACE)
    assert outside.execute("SELECT observer_user_id, quote FROM notes").fetchall() == [(None, "")]


# Who comes back


@pytest.mark.parametrize("how", ["is found", "does something"])
async def test_a_person_who_comes_back_within_30_days_loses_nothing(nights, outside, how):
    """And a second departure has 30 days of its own."""
    (column,) = (one for one in PEOPLE if one.full_name == "round_people.user_id")
    put(outside, column, LEFT, HERE)
    nights.directory.members = {(HERE, LEFT): False}
    await nights.night()
    # F13: their seat at an evening goes to who waits for one.
    assert nights.told == [(HERE, LEFT)]
    if how == "is found":
        nights.directory.members = {}
        await nights.night(20 * DAY)
    else:
        nights.leavers.seen(HERE, LEFT)
        assert await nights.night(20 * DAY) == []
    assert await nights.store.all() == {}
    nights.directory.members = {(HERE, LEFT): False}
    await nights.night(11 * DAY)
    await nights.night(LEAVER_GRACE - SECOND)
    assert in_guilds(outside, LEFT) == 2
    await nights.night(SECOND)
    assert in_guilds(outside, LEFT) == 0


async def test_a_person_who_is_back_in_the_night_of_the_erasing_is_asked_about_first(
    nights, outside
):
    """Nobody is erased by what Discord said a month ago."""
    (column,) = (one for one in PEOPLE if one.full_name == "round_people.user_id")
    put(outside, column, LEFT, HERE)
    nights.directory.members = {(HERE, LEFT): False}
    await nights.night()
    nights.directory.members = {}
    assert await nights.night(LEAVER_GRACE) == [(HERE, LEFT)]
    assert in_guilds(outside, LEFT) == 1
    assert await nights.store.all() == {}


# When Discord does not say


async def test_an_outage_says_nothing_about_anybody(nights, outside):
    """Only Discord's word that someone is no member counts; after a few silences it is left."""
    (column,) = (one for one in PEOPLE if one.full_name == "round_people.user_id")
    people = range(LEFT, LEFT + 9)
    for user_id in people:
        put(outside, column, user_id, HERE)
    nights.directory.members = {(HERE, user_id): None for user_id in people}
    assert len(await nights.night()) == MOST_UNANSWERED
    assert await nights.store.all() == {}
    nights.directory.present = set()
    assert await nights.night() == []


async def test_a_wrong_clock_finds_nobody_gone_and_erases_nobody(nights, outside):
    """U1: neither the beginning nor the end of the 30 days is by a clock that is wrong."""
    (column,) = (one for one in PEOPLE if one.full_name == "round_people.user_id")
    put(outside, column, LEFT, HERE)
    nights.directory.members = {(HERE, LEFT): False}
    await nights.night()
    right = nights.clock()
    nights.clock.present = right + 800 * DAY
    nights.services[TrustedTime].hear(right)
    await nights.leavers.look()
    assert in_guilds(outside, LEFT) == 2
    nights.clock.present = right
    nights.leavers.seen(HERE, LEFT)
    nights.services[TrustedTime].hear(right)
    await nights.leavers.look()
    assert await nights.store.all() == {}, "that they were seen was not lost meanwhile"


async def test_someone_named_in_what_is_going_on_waits_for_another_night(feedback):
    """What is in memory would be written again."""
    await feedback.coaching()
    assert not await feedback.privacy.forget_in_guild(COACH.user_id, GUILD)
    assert not await feedback.privacy.forget_in_guild(COACH.user_id, GUILD)
    assert await feedback.privacy.forget_in_guild(COACH.user_id, GUILD + 1)
    assert await feedback.privacy.counts(COACH.user_id) == {"rounds": 1}
    await feedback.stop()
    assert await feedback.privacy.forget_in_guild(COACH.user_id, GUILD)
    assert await feedback.privacy.counts(COACH.user_id) == {}


# The pace


async def test_a_night_asks_about_so_many_and_the_next_ones_about_the_others(nights, outside):
    """Gently: one every two seconds, and everybody within a few nights."""
    (column,) = (one for one in PEOPLE if one.full_name == "member_wishes.user_id")
    many = 2 * MOST_A_NIGHT + 50
    outside.execute("BEGIN")
    for user_id in range(LEFT, LEFT + many):
        put(outside, column, user_id, HERE)
    outside.execute("COMMIT")
    asked: set[tuple[int, int]] = set()
    for night in range(1, 4):
        tonight = await nights.night()
        assert len(tonight) == len(set(tonight)) == MOST_A_NIGHT
        assert nights.pauses == [SECONDS_BETWEEN] * (MOST_A_NIGHT - 1) * night
        asked |= set(tonight)
    assert len(asked) == many


async def test_one_who_was_missed_elsewhere_is_asked_about_first_and_who_was_seen_not_at_all(
    nights, outside
):
    (column,) = (one for one in PEOPLE if one.full_name == "member_wishes.user_id")
    for user_id in range(LEFT, LEFT + 4):
        put(outside, column, user_id, HERE)
    nights.missed.add(HERE, LEFT + 3)
    nights.missed.add(HERE, 77)
    nights.leavers.seen(HERE, LEFT + 1)
    assert await nights.night() == [(HERE, LEFT + 3), (HERE, LEFT), (HERE, LEFT + 2)]
    assert len(await nights.night()) == 4


@pytest.mark.parametrize(
    ("now", "look"),
    [
        (datetime(2026, 3, 1, 2, 29, 59, tzinfo=UTC), datetime(2026, 3, 1, 2, 30, tzinfo=UTC)),
        (datetime(2026, 3, 1, 2, 30, tzinfo=UTC), datetime(2026, 3, 2, 2, 30, tzinfo=UTC)),
        (datetime(2026, 3, 1, 23, tzinfo=UTC), datetime(2026, 3, 2, 2, 30, tzinfo=UTC)),
    ],
)
def test_discord_is_asked_before_the_purge(now, look):
    """So that its answers have told the time by then."""
    assert next_look(now) == look
