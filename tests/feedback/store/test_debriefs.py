"""Debriefs on disk: when a coach gets what is theirs, and what goes with it."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.feedback.model.debriefs import Debrief, Listed, Shared
from bot.feedback.store.debriefs import DebriefStore
from bot.kit.database.database import open_database
from bot.rounds.model.moves import erase
from bot.rounds.model.round import Role, Round, Seat, State
from tests.rounds.store.samples import (
    AT,
    CLIENT,
    COACH,
    LISTED,
    NOTE,
    OBSERVED,
    OBSERVER,
    OWN_SHEET,
    SECOND,
    SHEET,
    STRANGER,
    VIEW,
    Stores,
    make_dojo,
    raw,
)

LATER = AT + timedelta(minutes=5, milliseconds=1)
OPENED = Debrief(OBSERVED.id, COACH, LISTED, quote_days=90, code_months=24)
TABLES = ("notes", "sheets", "client_views", "debriefs", "reports")


@pytest_asyncio.fixture
async def stores(database) -> Stores:
    await make_dojo(database)
    stores = Stores(database)
    await stores.observe()
    return stores


async def of_coach(stores: Stores, round_id: int = OBSERVED.id) -> Debrief | None:
    return await stores.debriefs.get(round_id, COACH)


# Begun


async def test_a_debrief_keeps_the_signal_list_it_began_with(stores):
    await stores.debriefs.open(replace(OPENED, listed=(Listed("S9", "New", "Newer"),)))
    assert await of_coach(stores) == OPENED
    assert await stores.debriefs.of_round(OBSERVED.id) == [OPENED]


async def test_nothing_is_begun_for_someone_who_is_not_in_the_round(stores):
    await stores.debriefs.open(replace(OPENED, coach_user_id=STRANGER))
    await stores.debriefs.open(replace(OPENED, round_id=77))
    await stores.forget(COACH)
    await stores.debriefs.open(OPENED)
    assert await stores.count("debriefs") == 0


async def test_a_debrief_comes_back_as_it_was(stores, path):
    await stores.release(LATER)
    await stores.debriefs.share(OBSERVED.id, COACH, Shared.SEEN, (7, 8))
    await stores.debriefs.try_next(OBSERVED.id, COACH, "Warten – 静か")
    full = replace(
        OPENED,
        reflected_at=LATER,
        skipped=True,
        released_at=LATER,
        shared=Shared.SEEN,
        next_try="Warten – 静か",
        posts=(7, 8),
    )
    assert await of_coach(stores) == full
    async with open_database(path) as another:
        assert await DebriefStore(another).of_round(OBSERVED.id) == [full]


async def test_what_may_be_in_the_room_is_noted_once_and_apart_from_what_is_there(stores):
    """W9: a moment, until it is settled; an id within another one is another one."""
    for _ in range(2):
        await stores.debriefs.add_unsure(OBSERVED.id, COACH, 17)
        await stores.debriefs.add_unsure(OBSERVED.id, COACH, 7)
        await stores.debriefs.add_post(OBSERVED.id, COACH, 77)
        await stores.debriefs.add_post(OBSERVED.id, COACH, 7)
    assert await of_coach(stores) == replace(OPENED, posts=(77, 7), unsure=(17, 7))
    await stores.debriefs.settle(OBSERVED.id, COACH, (7, 9))
    assert await of_coach(stores) == replace(OPENED, posts=(77, 7), unsure=(17,))
    assert await stores.debriefs.posts_elsewhere(OBSERVED.id, COACH) == set()
    assert await stores.debriefs.posts_elsewhere(1, COACH) == {77, 7, -17}
    await stores.debriefs.unshare(OBSERVED.id, COACH, (77,), (17,))
    assert await of_coach(stores) == replace(OPENED, posts=(77,), unsure=(17,))


# The own view, and the release


async def test_of_the_own_view_and_its_skip_what_came_first_counts(stores):
    await stores.debriefs.reflect(OBSERVED.id, COACH, AT, skipped=False)
    await stores.debriefs.reflect(OBSERVED.id, COACH, LATER, skipped=True)
    assert await of_coach(stores) == replace(OPENED, reflected_at=AT)


async def test_nothing_is_released_before_the_own_view(stores, database):
    await stores.debriefs.release(OBSERVED.id, COACH, AT)
    assert await of_coach(stores) == OPENED
    with pytest.raises(sqlite3.IntegrityError):
        await database.write("UPDATE debriefs SET released_ms = 1")


async def test_what_is_released_stays_released_since_then(stores):
    await stores.release(AT)
    await stores.debriefs.release(OBSERVED.id, COACH, LATER)
    debrief = await of_coach(stores)
    assert debrief is not None
    assert debrief.released_at == AT


async def test_the_release_deletes_what_was_taken_back_and_nothing_else(stores):
    taken_back = replace(NOTE, id=71, withdrawn_at=LATER)
    about_another = replace(NOTE, id=72, coach_user_id=SECOND)
    for note in (NOTE, taken_back, about_another):
        await stores.notes.take(note)
    for note in (taken_back, replace(about_another, withdrawn_at=LATER)):
        await stores.notes.change(note)
    await stores.debriefs.release(OBSERVED.id, COACH, LATER)
    # Not before there is a release.
    assert await stores.ids() == [70, 71, 72]
    await stores.release(LATER)
    assert await stores.ids() == [70, 72]


async def test_of_a_tap_and_a_release_at_once_every_kept_note_was_there_before(stores):
    await stores.debriefs.reflect(OBSERVED.id, COACH, AT, skipped=True)
    first = await stores.notes.take(NOTE)
    *taken, _ = await asyncio.gather(
        *(stores.notes.take(replace(NOTE, id=100 + n)) for n in range(10)),
        stores.debriefs.release(OBSERVED.id, COACH, LATER),
    )
    after = await stores.notes.take(replace(NOTE, id=200))
    assert (first, after) == (True, False)
    assert await stores.ids() == [70, *(100 + n for n in range(10) if taken[n])]


# What the coach does with it


async def test_the_last_thing_to_try_is_that_of_the_latest_round_in_the_guild(stores):
    elsewhere = replace(OBSERVED, id=9, guild_id=555)
    await stores.observe(replace(OBSERVED, id=8), elsewhere, replace(OBSERVED, id=10))
    for round_id, words in ((OBSERVED.id, "wait"), (8, "ask"), (9, "elsewhere"), (10, "")):
        await stores.debriefs.try_next(round_id, COACH, words)
    assert await stores.debriefs.last_try(COACH, OBSERVED.guild_id) == "ask"
    assert await stores.debriefs.last_try(COACH, 555) == "elsewhere"
    assert await stores.debriefs.last_try(SECOND, OBSERVED.guild_id) == ""
    await stores.debriefs.try_next(8, COACH, "")
    assert await stores.debriefs.last_try(COACH, OBSERVED.guild_id) == "wait"


async def full(stores: Stores, round_: Round = OBSERVED) -> None:
    """Something in every table, about the coach of a round that is on disk."""
    note = replace(NOTE, id=1000 + round_.id, round_id=round_.id)
    await stores.notes.take(note)
    for sheet in (SHEET, OWN_SHEET):
        await stores.sheets.hand_in(replace(sheet, round_id=round_.id), AT)
    await stores.views.save(replace(VIEW, round_id=round_.id))
    await stores.reports.add(2000 + round_.id, note.id, CLIENT, OBSERVER, AT)
    await stores.debriefs.try_next(round_.id, COACH, "try to be silent")


async def test_a_coach_erases_what_they_have_of_a_round_and_it_stays_released(stores, path):
    other = replace(OBSERVED, id=8)
    await stores.observe(other)
    await full(stores)
    await full(stores, other)
    await stores.notes.take(replace(NOTE, id=72, coach_user_id=SECOND, quote="about another"))
    await stores.sheets.hand_in(replace(SHEET, coach_user_id=SECOND), AT)
    await stores.release()
    assert b"If I were you" in raw(path)

    await stores.debriefs.erase(OBSERVED.id, COACH)

    # The other round, what is about another coach, and what the client said, are not touched.
    assert await stores.ids() == [72, 1008]
    assert [one.coach_user_id for one in await stores.sheets.of_round(OBSERVED.id)] == [SECOND]
    assert len(await stores.sheets.of_round(8)) == 2
    assert [await stores.count(table) for table in ("client_views", "reports")] == [2, 1]
    debrief = await of_coach(stores)
    assert debrief is not None
    assert (debrief.released_at, debrief.next_try) == (AT, "")
    assert not await stores.notes.take(NOTE)
    await stores.debriefs.erase(8, COACH)
    left = raw(path)
    words = (b"If I were you", b"try to be silent", b"about another")
    assert [one for one in words if one in left] == [b"about another"]


async def test_a_round_that_its_client_erases_takes_everything_at_once(stores, path):
    going = replace(OBSERVED, id=8, room_id=201, state=State.RUNNING, since=AT, ending=None)
    going = replace(going, ended_at=None)
    await stores.observe(going)
    await full(stores)
    await full(stores, going)
    assert [await stores.count(table) for table in TABLES] == [2, 4, 2, 2, 2]

    await stores.rounds.save(going, erase(going, CLIENT, AT))

    # Though the round itself is still there to be told that it has ended.
    assert await stores.rounds.get(8) is not None
    assert [await stores.count(table) for table in TABLES] == [1, 2, 1, 1, 1]
    assert await stores.ids() == [1007]
    await stores.rounds.delete(OBSERVED.id)
    assert [await stores.count(table) for table in TABLES] == [0] * 5
    await stores.rounds.scrub()
    assert [one for one in (b"If I were", b"silent", b"the floor") if one in raw(path)] == []


async def test_a_round_that_cannot_be_erased_keeps_everything(stores):
    """Another process changed it first: nothing of it may be half gone."""
    going = replace(OBSERVED, id=8, room_id=201, state=State.RUNNING, since=AT, ending=None)
    going = replace(going, ended_at=None)
    await stores.observe(going)
    await full(stores, going)
    stale = replace(going, version=5)
    with pytest.raises(Exception, match="not on disk as it was known"):
        await stores.rounds.save(stale, erase(stale, CLIENT, AT))
    assert [await stores.count(table) for table in ("notes", "sheets", "client_views")] == [1, 2, 1]


async def test_each_coach_of_a_relay_has_their_own(stores):
    relay = replace(
        OBSERVED, id=8, seats=(*OBSERVED.seats[:3], Seat(SECOND, Role.OBSERVER, has_coached=True))
    )
    await stores.observe(relay)
    await stores.debriefs.open(Debrief(8, SECOND, LISTED))
    await stores.release(round_id=8)
    found = {one.coach_user_id: one.released_at for one in await stores.debriefs.of_round(8)}
    assert found == {COACH: AT, SECOND: None}
    assert await stores.debriefs.get(8, OBSERVER) is None
