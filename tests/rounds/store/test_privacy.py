"""What the disk says of the people of rounds, to whom, and what it forgets."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.kit.database.database import Database
from bot.rounds.model.did import Did
from bot.rounds.model.moves import need_moment, pause
from bot.rounds.model.people import forget, leave
from bot.rounds.store.rounds import RoundStore
from tests.rounds.model.steps import agreed
from tests.rounds.store.samples import (
    AT,
    CLIENT,
    COACH,
    ENDED,
    FACILITATOR,
    FULL,
    OBSERVER,
    PROPOSED,
    RUNNING,
    added,
    make_dojo,
)


@pytest_asyncio.fixture
async def store(database) -> RoundStore:
    await make_dojo(database)
    return RoundStore(database)


# What people did


async def test_what_people_did_is_kept_without_their_ids(store, database):
    round_ = leave(pause(RUNNING, CLIENT, AT), OBSERVER, AT, said_by=COACH)
    await store.add(round_)
    row = await database.one("SELECT * FROM rounds")
    for name in row.keys():  # noqa: SIM118 - a row iterates over its values
        if name != "starter_user_id":
            assert not any(str(one) in str(row[name]) for one in (COACH, CLIENT, OBSERVER)), name
    read = await store.get(round_.id)
    assert read is not None
    assert read.actions == round_.actions


async def test_a_facilitator_from_outside_is_not_named_on_disk(store, database):
    await store.add(pause(replace(RUNNING, starter_user_id=None), FACILITATOR, AT))
    row = await database.one("SELECT * FROM rounds")
    assert str(FACILITATOR) not in str(tuple(row))
    read = await store.get(RUNNING.id)
    assert read is not None
    assert [(one.did, one.user_id) for one in read.actions] == [(Did.PAUSED, None)]


async def test_a_person_who_needs_a_moment_is_nowhere(store):
    await store.add(need_moment(RUNNING, CLIENT, AT))
    read = await store.get(RUNNING.id)
    assert read is not None
    assert [one.user_id for one in read.actions] == [None]


async def test_what_someone_did_is_still_theirs_when_others_have_left_the_list(store):
    done = pause(RUNNING, OBSERVER, AT)
    await store.add(done)
    saved = await store.save(done, replace(done, seats=done.seats[1:]))
    read = await store.get(RUNNING.id)
    assert read == saved
    assert read.actions[0].user_id == OBSERVER


# Export


async def test_an_export_has_the_own_part(store, database):
    await store.add(ENDED)
    (entry,) = await store.export_person(database, COACH)
    assert entry == {
        "round_id": 2,
        "gathering_id": ENDED.gathering_id,
        "guild_id": ENDED.guild_id,
        "room_id": ENDED.room_id,
        "format": "Own",
        "proposed_at": int(AT.timestamp()),
        "ended_at": int(AT.timestamp()),
        "state": "ended",
        "ending": "alone",
        "proposed_by_me": False,
        "role": "coach",
        "was_client": False,
        "agreement": "notes",
        "stayed": False,
        "taken_for_gone": True,
        "has_coached": True,
        "let_in_by_client": True,
        "only_observes": False,
        "in_voice": True,
        "coached_seconds": 61,
        "focus": "S1 S4",
        "wish": "“more” silence – 静か",
    }


async def test_an_export_names_nobody_else(store, database):
    await added(store, FULL, ENDED, PROPOSED)
    for user_id in (COACH, CLIENT, OBSERVER, FACILITATOR):
        entries = await store.export_person(database, user_id)
        assert entries
        text = json.dumps(entries)
        others = {COACH, CLIENT, OBSERVER, FACILITATOR} - {user_id}
        assert not any(str(other) in text for other in others)


@pytest.mark.parametrize(
    ("user_id", "mine"),
    [
        (COACH, [(1, False, "coach"), (2, False, "coach"), (3, False, "coach")]),
        (CLIENT, [(1, True, "client"), (2, True, "client"), (3, False, "client")]),
        (OBSERVER, [(3, False, "observer")]),
        (FACILITATOR, [(3, True, None)]),
        (77, []),
    ],
)
async def test_an_export_has_the_rounds_one_took_part_in_or_proposed(
    store, user_id, mine, database
):
    await added(store, FULL, ENDED, PROPOSED)
    entries = await store.export_person(database, user_id)
    assert [(e["round_id"], e["proposed_by_me"], e.get("role")) for e in entries] == mine


async def test_the_wish_of_another_is_in_no_export(store, database):
    await store.add(FULL)
    (entry,) = await store.export_person(database, CLIENT)
    assert (entry["wish"], entry["focus"], entry["coached_seconds"]) == ("", "", 0)


# Forgetting


async def forget_on_disk(database: Database, store: RoundStore, user_id: int) -> None:
    async with database.transaction() as transaction:
        await store.forget_person(transaction, user_id)


@pytest.mark.parametrize("user_id", [COACH, CLIENT, OBSERVER, FACILITATOR, 77])
async def test_the_disk_forgets_like_the_round_does(database, store, user_id):
    round_ = leave(
        pause(replace(FULL, seats=agreed(PROPOSED).seats, offer=None), CLIENT, AT), OBSERVER, AT
    )
    rounds = [replace(round_, version=0), replace(PROPOSED, starter_user_id=user_id)]
    await added(store, *rounds)
    await forget_on_disk(database, store, user_id)
    assert await store.unfinished() == [forget(one, user_id) for one in rounds]


async def test_a_person_who_is_forgotten_is_nowhere_on_disk(database, store):
    await added(store, FULL, ENDED, PROPOSED)
    await forget_on_disk(database, store, COACH)
    rows = await database.all("SELECT * FROM rounds")
    rows += await database.all("SELECT * FROM round_people")
    for row in rows:
        assert str(COACH) not in str(tuple(row))
        assert "silence" not in str(tuple(row))
    assert await store.export_person(database, COACH) == []


async def test_others_keep_their_rounds_when_someone_is_forgotten(database, store):
    await added(store, FULL, PROPOSED)
    before = await store.export_person(database, CLIENT)
    await forget_on_disk(database, store, COACH)
    assert await store.export_person(database, CLIENT) == before
