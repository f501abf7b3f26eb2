"""Whatever is stored about a person is given to them and erased for them."""

from __future__ import annotations

import contextlib
import json
import random
import sqlite3

import pytest
import pytest_asyncio

from bot.app import open_bot
from bot.domain.dojos import DojoSettings
from bot.settings import Settings
from tests.services.people import CHANNEL, GUILD, MANAGER, OTHER_CHANNEL
from tests.services.stored import IDS, PEOPLE, Seeds, cells

SENTINEL, NEIGHBOUR = 424_242_424_242, 535_353_535_353

NO_PERSON = {
    "dojos.guild_id",
    "dojos.channel_id",
    "dojos.facilitator_role_id",
    "question_bags.dojo_id",
    "own_contents.dojo_id",
    "rounds.dojo_id",
    "rounds.guild_id",
    "rounds.room_id",
    "rounds.card_id",
    "round_people.round_id",
}
"""Ids of something else than a person."""


@pytest_asyncio.fixture
async def services(path, clock):
    """As the program joins them: a store that it forgets to name here is found out."""
    async with open_bot(Settings(database=path), now=clock, rng=random.Random(1)) as bot:
        yield bot.services


@pytest.fixture
def outside(services, path):
    """Another connection to the same file."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


@pytest.fixture
def seeds(outside):
    return Seeds(outside)


def test_every_id_is_known_to_be_a_persons_or_not():
    unknown = [
        name
        for name in IDS
        if name not in NO_PERSON and name not in {column.full_name for column in PEOPLE}
    ]
    assert unknown == [], (
        f"{', '.join(unknown)}: is it a person's id? Then its name must end in _user_id, and its"
        " store must export and forget it. If it is something else, add it to NO_PERSON."
    )


def test_what_is_said_not_to_be_a_person_exists():
    assert set(IDS) >= NO_PERSON


def test_the_schema_has_people_in_it():
    assert {
        "dojos.set_up_user_id",
        "own_contents.imported_user_id",
        "rounds.starter_user_id",
        "round_people.user_id",
    } <= {column.full_name for column in PEOPLE}


@pytest.mark.parametrize("column", PEOPLE, ids=lambda column: column.full_name)
async def test_a_row_with_a_person_is_in_their_export(services, seeds, column):
    seeds.add(column.table, column, SENTINEL)
    export = await services.privacy.export(SENTINEL)
    entries = [entry for entries in export["stored"].values() for entry in entries]
    assert len(entries) == 1, f"{column.full_name} is not in the export: name it in its store"
    assert sum((await services.privacy.counts(SENTINEL)).values()) == 1


@pytest.mark.parametrize("column", PEOPLE, ids=lambda column: column.full_name)
async def test_a_person_who_is_forgotten_is_in_no_cell(services, seeds, outside, column):
    seeds.add(column.table, column, SENTINEL)
    assert cells(outside, SENTINEL) == [column.full_name]
    await services.privacy.forget(SENTINEL)
    assert cells(outside, SENTINEL) == []
    assert await services.privacy.counts(SENTINEL) == {}


async def test_a_person_is_forgotten_everywhere_at_once(services, seeds, outside):
    for column in PEOPLE:
        for _ in range(2):
            seeds.add(column.table, column, SENTINEL)
    counts = await services.privacy.forget(SENTINEL)
    assert cells(outside, SENTINEL) == []
    assert sum(counts.values()) == 2 * len(PEOPLE)


async def test_nobody_else_is_exported_or_forgotten(services, seeds, outside):
    for column in PEOPLE:
        seeds.add(column.table, column, NEIGHBOUR)
    before = cells(outside, NEIGHBOUR)
    assert str(NEIGHBOUR) not in json.dumps(await services.privacy.export(SENTINEL))
    await services.privacy.forget(SENTINEL)
    assert cells(outside, NEIGHBOUR) == before


async def test_an_export_is_json_and_says_whose_and_when(services, seeds, clock):
    for column in PEOPLE:
        seeds.add(column.table, column, SENTINEL)
    export = json.loads(json.dumps(await services.privacy.export(SENTINEL)))
    assert export["user_id"] == str(SENTINEL)
    assert export["exported_at"] == clock.present.isoformat()
    times = [
        (kind, name, value)
        for kind, entries in export["stored"].items()
        for entry in entries
        for name, value in entry.items()
        if name.endswith("_at") and value is not None
    ]
    assert {kind for kind, _, _ in times} == set(export["stored"])
    assert [one for one in times if not str(one[2]).endswith("+00:00")] == []


async def test_of_an_unknown_person_nothing_is_stored(services):
    export = await services.privacy.export(SENTINEL)
    assert not any(export["stored"].values())
    assert await services.privacy.forget(SENTINEL) == {}


async def test_the_dojo_and_its_content_stay_when_who_made_them_is_forgotten(services):
    dojo = await services.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
    text = 'version = 1\n[[question]]\nid = "own-1"\nphase = "start"\ntext = "What now?"\n'
    await services.contents.import_file(dojo, text, MANAGER)
    assert await services.privacy.forget(MANAGER.user_id) == {"dojos": 1, "own_contents": 1}
    kept = services.dojos.find(CHANNEL)
    assert kept.id == dojo.id
    assert (await services.contents.of_dojo(kept)).bank.find("own-1")


async def test_a_forgotten_person_is_not_kept_in_memory(services):
    await services.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
    await services.dojos.set_up(GUILD, OTHER_CHANNEL, DojoSettings(), MANAGER)
    await services.privacy.forget(MANAGER.user_id)
    assert {dojo.set_up_user_id for dojo in services.dojos.of_guild(GUILD)} == {None}


async def test_forgetting_reaches_closed_dojos(services, outside):
    await services.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
    await services.dojos.close(CHANNEL, MANAGER)
    assert await services.privacy.counts(MANAGER.user_id) == {"dojos": 1}
    await services.privacy.forget(MANAGER.user_id)
    rows = outside.execute("SELECT set_up_user_id FROM dojos").fetchall()
    assert rows == [(None,)]
