"""Gatherings on disk."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from dataclasses import MISSING, fields, replace

import pytest
import pytest_asyncio

from bot.gatherings.grouping.groups import Draw, Group, Wish
from bot.gatherings.model.gathering import (
    SHORTEST_BOARDING,
    Closing,
    Draft,
    Gathering,
    Guest,
    Presence,
    Room,
    Stage,
)
from bot.gatherings.model.moves import ask_help, call_back, end, forget, join, leave, start
from bot.gatherings.store.drafts import draw_text, read_draw
from bot.gatherings.store.gatherings import DojoTaken, GatheringStore
from bot.kit.database.errors import StorageError
from bot.rounds.model.pairs import Pair
from tests.gatherings.store.samples import (
    ANN,
    BEN,
    CYD,
    DIN,
    DRAW,
    ENDED,
    EVA,
    FULL,
    GUESTS,
    LATE,
    MINUTE,
    NEW,
)
from tests.rounds.store.samples import AT, DOJO, FACILITATOR, STRANGER, Stores, make_dojo

TABLES = (
    "gatherings",
    "gathering_people",
    "gathering_helpers",
    "gathering_trusted",
    "gathering_rooms",
)
PEOPLE = (ANN, BEN, CYD, DIN, EVA, LATE, FACILITATOR)
IN_ROOMS = replace(FULL, stage=Stage.RUNNING, draft=None)


@pytest_asyncio.fixture
async def store(database) -> GatheringStore:
    await make_dojo(database)
    return GatheringStore(database)


async def forget_on_disk(database, store: GatheringStore, user_id: int) -> None:
    async with database.transaction() as transaction:
        await store.forget_person(transaction, user_id)


async def texts(database) -> dict[str, str]:
    """All that is in each table."""
    found: dict[str, str] = {}
    for table in TABLES:
        rows = await database.all(f"SELECT * FROM {table}")  # noqa: S608
        found[table] = str([tuple(row) for row in rows])
    return found


# Coming back as it was


@pytest.mark.parametrize(
    ("kind", "samples"),
    [
        (Gathering, (FULL, ENDED)),
        (Guest, GUESTS),
        (Room, FULL.rooms),
        (Draw, (DRAW,)),
        (Draft, (FULL.draft,)),
    ],
)
def test_the_samples_have_something_of_their_own_in_every_field(kind, samples):
    """Otherwise a field that is forgotten on disk would not be noticed."""
    for field in fields(kind):
        if not field.metadata.get("is_stored", True):
            continue
        default = None if field.default is MISSING else field.default
        assert any(getattr(sample, field.name) != default for sample in samples), field.name


@pytest.mark.parametrize("gathering", [FULL, ENDED, NEW, IN_ROOMS], ids=lambda one: one.stage)
async def test_a_gathering_comes_back_as_it_was(store, gathering):
    await store.add(gathering)
    assert await store.get(gathering.id) == gathering


async def test_each_change_of_an_evening_comes_back_as_it_was(store):
    """Each is saved with those tables only that changed, on top of what was there."""
    draw = Draw((Group((BEN, CYD)), Group((DIN, EVA))), 7)
    known = FULL
    await store.add(known)
    for move in (
        lambda g: leave(g, BEN),
        lambda g: join(g, STRANGER, Wish.COACH, frozenset({"en"}), AT),
        # Back at the end of the line: everybody after them has another number.
        lambda g: join(g, BEN, Wish.ANY, frozenset(), AT + 90 * MINUTE),
        lambda g: start(g, draw, AT, SHORTEST_BOARDING, after=2),
        lambda g: ask_help(g, 3, EVA, AT),
        lambda g: forget(g, CYD),
        lambda g: replace(g, helper_user_ids=(DIN,), rooms=g.rooms[1:]),
        lambda g: call_back(g, AT),
        lambda g: end(g, Closing.CLOSED, AT),
        lambda g: replace(g, told_turn=g.turn, told_stage=g.stage, card_id=None, rooms=()),
    ):
        moved = move(known)
        known = await store.save(known, moved)
        assert known == replace(moved, version=moved.version + 1)
        assert await store.get(FULL.id) == known
    assert await store.open_ones() == []


def test_a_draw_from_before_a_field_and_one_from_after_it_are_read():
    """What is not there is as if it had never been said; what is not known is left out."""
    numbers = {ANN: 0, BEN: 1}
    draw = Draw((Group((ANN, BEN)),), 3)
    facts = json.loads(draw_text(draw, numbers))
    for name in ("repeats", "again", "unmet", "owed_first", "apart_broken", "languages_mixed"):
        del facts[name]
    facts["from_the_future"] = [0]
    assert read_draw(json.dumps(facts), {0: ANN, 1: BEN}) == draw


async def test_people_stand_in_groups_without_their_ids(store, database):
    await store.add(FULL)
    found = await texts(database)
    named = {table: [one for one in PEOPLE if str(one) in found[table]] for table in TABLES}
    assert named == {
        "gatherings": [FACILITATOR],
        "gathering_people": list(PEOPLE[:-1]),
        "gathering_helpers": [ANN, EVA],
        "gathering_trusted": [BEN],
        "gathering_rooms": [],
    }


async def test_a_person_who_is_in_a_draw_without_having_joined_is_left_out(store):
    gathering = replace(FULL, guests=GUESTS[1:])
    await store.add(gathering)
    read = await store.get(FULL.id)
    assert read is not None
    assert read.draw == replace(
        DRAW,
        groups=(Group((DIN, CYD, BEN)), Group((EVA,))),
        repeats=(Pair(BEN, CYD),),
        again=(),
    )
    assert read.draft == FULL.draft
    # Proposed groups with a hole are no proposal.
    await store.save(gathering, replace(gathering, guests=GUESTS[:-2]))
    read = await store.get(FULL.id)
    assert read is not None
    assert read.draft is None


async def test_a_gathering_nobody_knows_is_none(store):
    await store.add(FULL)
    assert await store.get(77) is None


# Which there are


async def test_open_are_those_that_go_on_or_not_yet_said_to_be_over(store, database):
    for dojo_id in (11, 12, 13):
        await make_dojo(database, dojo_id)
    over = replace(ENDED, told_stage=Stage.ENDED)
    told, untold = replace(over, id=3), replace(ENDED, id=4)
    silent = replace(ENDED, id=6, dojo_id=12, told_stage=None)
    for gathering in (silent, NEW, told, untold, replace(FULL, id=7, dojo_id=13)):
        await store.add(gathering)
    assert [one.id for one in await store.open_ones()] == [4, 5, 6, 7]


async def test_a_dojo_has_one_open_gathering(store):
    await store.add(ENDED)
    await store.add(NEW)
    with pytest.raises(DojoTaken):
        await store.add(FULL)
    assert await store.get(FULL.id) is None
    await store.save(NEW, end(NEW, Closing.CLOSED, AT))
    await store.add(FULL)
    # Another mistake is not taken for this one.
    with pytest.raises(sqlite3.IntegrityError):
        await store.add(ENDED)


async def test_of_two_opened_at_once_in_a_dojo_one_is_there(store):
    results = await asyncio.gather(store.add(NEW), store.add(FULL), return_exceptions=True)
    assert [type(one) for one in results] == [type(None), DojoTaken]
    assert [one.id for one in await store.open_ones()] == [NEW.id]


async def test_a_dojo_that_is_deleted_takes_its_gatherings_along(store, database):
    for gathering in (FULL, ENDED):
        await store.add(gathering)
    await database.write("DELETE FROM dojos WHERE id = ?", DOJO)
    assert await texts(database) == dict.fromkeys(TABLES, "[]")


# Changing


@pytest.mark.parametrize(
    "move",
    [
        lambda g: replace(g, card_id=1),
        lambda g: leave(g, BEN),
        lambda g: replace(g, rooms=(), helper_user_ids=()),
    ],
    ids=["nothing but itself", "people", "rooms and helpers"],
)
async def test_a_stale_save_is_refused_and_writes_nothing(store, move):
    await store.add(FULL)
    known = await store.save(FULL, leave(FULL, CYD))
    with pytest.raises(StorageError):
        await store.save(FULL, move(FULL))
    assert await store.get(FULL.id) == known


# To have


async def test_an_export_has_the_own_part(store, database):
    await store.add(ENDED)
    (entry,) = await store.export_person(database, ANN)
    assert entry == {
        "gathering_id": ENDED.id,
        "guild_id": ENDED.guild_id,
        "channel_id": ENDED.channel_id,
        "opened_at": int(AT.timestamp()),
        "ended_at": int(ENDED.ended_at.timestamp()) if ENDED.ended_at else None,
        "facilitated_by_me": True,
        "joined_at": int(AT.timestamp()),
        "wish": "observe",
        "languages": "de pt-BR",
        "presence": Presence.LEFT,
        "sits_out_round": None,
        "asked_for_help_at": None,
    }
    (entry,) = await store.export_person(database, CYD)
    assert (entry["facilitated_by_me"], entry["asked_for_help_at"]) == (
        False,
        int(AT.timestamp()) + 9 * 60,
    )
    (entry,) = await store.export_person(database, FACILITATOR)
    assert entry["facilitated_by_me"] is True
    assert "joined_at" not in entry
    assert await store.export_person(database, STRANGER) == []


async def test_an_export_names_nobody_else(store, database):
    for gathering in (FULL, ENDED):
        await store.add(gathering)
    for user_id in PEOPLE:
        entries = await store.export_person(database, user_id)
        assert [entry["gathering_id"] for entry in entries] == [FULL.id, ENDED.id]
        others = [one for one in PEOPLE if one != user_id]
        assert [one for one in others if str(one) in json.dumps(entries)] == []


# To forget


@pytest.mark.parametrize("user_id", [*PEOPLE, STRANGER])
async def test_the_disk_forgets_like_the_gathering_does(store, database, user_id):
    gathering = replace(FULL, guests=(*GUESTS[1:], GUESTS[0]), seats=4)
    await store.add(gathering)
    known = await Stores(database).count("gathering_people")
    await forget_on_disk(database, store, user_id)
    read = await store.get(FULL.id)
    # Seats go to those in line; the service with the card in memory renders it again.
    after = forget(gathering, user_id)
    guests = tuple(one for one in gathering.guests if one.user_id != user_id)
    assert read == replace(after, guests=guests, turn=gathering.turn)
    assert str(user_id) not in "".join((await texts(database)).values())
    assert await store.export_person(database, user_id) == []
    assert await Stores(database).count("gathering_people") == known


async def test_others_keep_their_place_in_the_groups_when_someone_is_forgotten(store, database):
    """Also through changes by a process that read it afterwards, and by one that had it before."""
    await store.add(IN_ROOMS)
    others = [await store.export_person(database, one) for one in PEOPLE[1:]]
    await forget_on_disk(database, store, ANN)
    assert [await store.export_person(database, one) for one in PEOPLE[1:]] == others

    read = await store.get(FULL.id)
    assert read is not None
    assert read.draw is not None
    assert read.draw.groups == (Group((DIN, CYD, BEN)), Group((EVA,)))
    read = await store.save(read, call_back(read, AT))
    assert await store.get(FULL.id) == read
    read = await store.save(read, replace(read, rooms=read.rooms[::-1][:1]))
    assert await store.get(FULL.id) == read

    had_before = replace(IN_ROOMS, version=read.version, rooms=())
    await store.save(had_before, replace(had_before, card_id=1))
    assert str(ANN) not in "".join((await texts(database)).values())
    again = await store.get(FULL.id)
    assert again is not None
    assert again.draw == read.draw
    assert again.rooms == read.rooms
