"""What people say at the end of a gathering, on disk."""

from __future__ import annotations

import pytest_asyncio

from bot.gatherings.store.check_outs import CheckOutStore
from bot.gatherings.store.gatherings import GatheringStore
from tests.gatherings.store.samples import ENDED, FULL
from tests.rounds.store.samples import AT, CLIENT, COACH, OBSERVER, Stores, make_dojo, raw

SAID = {COACH: (7, "wach – 静か"), CLIENT: (10, "calm"), OBSERVER: (0, "calm")}


@pytest_asyncio.fixture
async def check_outs(database) -> CheckOutStore:
    """What three people said of one evening, and one of them of another."""
    await make_dojo(database)
    for gathering in (FULL, ENDED):
        await GatheringStore(database).add(gathering)
    check_outs = CheckOutStore(database)
    for user_id, (useful, word) in SAID.items():
        await check_outs.put(FULL.id, user_id, useful, word)
    # As if it had been said before that evening was closed.
    await database.write("INSERT INTO check_outs VALUES (?, ?, 5, 'late')", ENDED.id, COACH)
    return check_outs


async def test_what_was_said_is_in_an_order_that_does_not_tell_who_said_it(check_outs):
    assert await check_outs.of(FULL.id) == [(0, "calm"), (10, "calm"), (7, "wach – 静か")]
    assert await check_outs.of(ENDED.id) == [(5, "late")]
    assert await check_outs.of(77) == []


async def test_a_person_who_says_something_again_has_said_that_only(check_outs):
    assert await check_outs.put(FULL.id, COACH, 9, "")
    assert await check_outs.of(FULL.id) == [(9, ""), (0, "calm"), (10, "calm")]
    assert await check_outs.of(ENDED.id) == [(5, "late")]


async def test_nothing_is_taken_once_the_evening_is_closed(check_outs):
    """S16: what was said has been shown then; nobody adds to it."""
    assert not await check_outs.put(ENDED.id, CLIENT, 3, "after")
    assert await check_outs.of(ENDED.id) == [(5, "late")]


async def test_an_export_has_what_is_known_to_be_ones_own(check_outs, database):
    said = {"gathering_id": FULL.id, "opened_at": int(AT.timestamp()), "useful": 0, "word": "calm"}
    assert await check_outs.export_person(database, OBSERVER) == [said]
    assert len(await check_outs.export_person(database, COACH)) == 2
    await check_outs.unname(FULL.id)
    assert await check_outs.export_person(database, OBSERVER) == []
    assert [entry["word"] for entry in await check_outs.export_person(database, COACH)] == ["late"]


async def test_at_the_end_nobody_can_tell_who_said_what(check_outs, database):
    before = await check_outs.of(FULL.id)
    await check_outs.unname(FULL.id)
    rows = await database.all("SELECT * FROM check_outs WHERE user_id IS NOT NULL")
    assert [row["gathering_id"] for row in rows] == [ENDED.id]
    assert await check_outs.of(FULL.id) == before


async def test_with_a_person_goes_what_is_known_to_be_theirs(check_outs, database, path):
    await check_outs.unname(FULL.id)
    async with database.transaction() as transaction:
        await check_outs.forget_person(transaction, COACH)
    await database.scrub()
    assert await check_outs.of(ENDED.id) == []
    assert len(await check_outs.of(FULL.id)) == 3
    assert b"late" not in raw(path)


async def test_what_was_said_goes_with_its_dojo(check_outs, database):
    await database.write("DELETE FROM dojos WHERE id = ?", FULL.dojo_id)
    assert await Stores(database).count("check_outs") == 0
