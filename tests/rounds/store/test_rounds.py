"""Rounds on disk."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import MISSING, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.kit.database.database import open_database
from bot.kit.database.errors import StorageError
from bot.kit.database.moments import in_milliseconds
from bot.rounds.model.did import Action, Did
from bot.rounds.model.moves import agree, pause, stop
from bot.rounds.model.people import join, leave
from bot.rounds.model.round import (
    Agreement,
    Ask,
    Cue,
    Ending,
    Role,
    RoomKind,
    Round,
    Seat,
    State,
    Told,
    Waiting,
    WayBack,
)
from bot.rounds.model.seats import ask_instead
from bot.rounds.store.rounds import RoundStore
from tests.rounds.model.walks import formats
from tests.rounds.store.samples import (
    AT,
    CLIENT,
    COACH,
    DOJO,
    ENDED,
    FULL,
    OBSERVED,
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


# Coming back as it was


@pytest.mark.parametrize("round_", [FULL, ENDED, PROPOSED, RUNNING], ids=lambda r: f"round {r.id}")
async def test_a_round_comes_back_as_it_was(store, round_):
    await store.add(round_)
    assert await store.get(round_.id) == round_


@pytest.mark.parametrize(
    ("kind", "samples"),
    [
        (Round, (FULL, ENDED)),
        (Seat, FULL.seats),
        (Told, (FULL.told,)),
        (Waiting, FULL.waiting),
        (WayBack, (FULL.way_back,)),
        (Action, FULL.actions),
    ],
)
def test_the_samples_have_something_of_their_own_in_every_field(kind, samples):
    """Otherwise a field that is forgotten on disk would not be noticed."""
    for field in fields(kind):
        default = None if field.default is MISSING else field.default
        assert any(getattr(sample, field.name) != default for sample in samples), field.name


_MS = st.integers(0, 10_000_000).map(lambda ms: timedelta(milliseconds=ms))
_MOMENTS = _MS.map(lambda length: AT + length)
_MAYBE = st.none() | _MOMENTS
_IDS = st.integers(1, 2**63 - 1)
_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
_SEATS = st.builds(
    Seat,
    user_id=st.none() | _IDS,
    role=st.sampled_from(Role),
    agreement=st.sampled_from(Agreement),
    is_here=st.booleans(),
    coached=_MS,
    has_coached=st.booleans(),
    coached_until=_MAYBE,
    focus=st.lists(st.sampled_from(["S1", "S2", "own-1"]), max_size=2).map(tuple),
    wish=_WORDS,
    in_voice=st.booleans(),
    away_since=_MAYBE,
    let_in=st.booleans(),
    lost=st.booleans(),
)
_WAYS_BACK = st.builds(
    WayBack, _MOMENTS, st.integers(0, 11), _MS, _MS, st.integers(0, 9), _MOMENTS, st.booleans()
)
_WAITING = st.builds(Waiting, _IDS, card_id=st.none() | _IDS, has_gone=st.booleans())


@st.composite
def rounds(draw: st.DrawFn) -> Round:
    """Rounds with anything in them that the disk may hold, whether or not it makes sense."""
    seats = tuple(
        draw(st.lists(_SEATS, max_size=4, unique_by=lambda seat: seat.user_id or id(seat)))
    )
    people = st.sampled_from([None, *(seat.user_id for seat in seats)])
    actions = st.builds(Action, st.integers(0, 99), st.sampled_from(Did), people, people)
    state = draw(st.sampled_from(State))
    is_over = state is State.ENDED
    return Round(
        id=1,
        dojo_id=DOJO,
        guild_id=draw(_IDS),
        room_id=draw(_IDS),
        room=draw(st.sampled_from(RoomKind)),
        format=replace(draw(formats()), name=draw(_WORDS)),
        seats=seats,
        proposed_at=draw(_MOMENTS),
        starter_user_id=draw(st.none() | _IDS),
        state=state,
        position=draw(st.integers(-1, 11)),
        length=draw(_MS),
        ran=draw(_MS),
        since=draw(_MOMENTS) if state is State.RUNNING else None,
        began_at=draw(_MAYBE),
        past=tuple(draw(st.lists(_MS, max_size=4))),
        extensions=draw(st.integers(0, 9)),
        paused_at=draw(_MAYBE),
        asked=draw(st.none() | st.sampled_from(Ask)),
        ending=draw(st.sampled_from(Ending)) if is_over else None,
        ended_at=draw(_MOMENTS) if is_over else None,
        turn=draw(st.integers(0, 99)),
        actions=tuple(draw(st.lists(actions, max_size=3))),
        told=Told(draw(st.integers(-2, 11)), draw(st.sampled_from(Cue))),
        card_id=draw(st.none() | _IDS),
        card_losses=draw(st.integers(0, 3)),
        refused=draw(st.booleans()),
        way_back=draw(st.none() | _WAYS_BACK),
        is_again=draw(st.booleans()),
        gathering_id=draw(st.none() | _IDS),
        asking_channel_id=draw(st.none() | _IDS),
        waiting=tuple(draw(st.lists(_WAITING, max_size=3, unique_by=lambda one: one.user_id))),
    )


@examples(max_examples=6, deadline=None)
@given(st.lists(rounds(), min_size=2, max_size=6))
def test_every_round_comes_back_as_it_was_through_changes_as_well(made: Sequence[Round]):
    async def write_and_read():
        with tempfile.TemporaryDirectory() as folder:
            async with open_database(Path(folder) / "dojo.sqlite3") as database:
                await make_dojo(database)
                store = RoundStore(database)
                known = made[0]
                await store.add(known)
                for one in made:
                    known = await store.save(known, replace(one, version=known.version))
                    assert await store.get(1) == known == replace(one, version=known.version)
                    assert (
                        await store.unfinished() == [known][: known.is_open or not known.told.ended]
                    )

    asyncio.run(write_and_read())


async def test_a_moment_survives_to_the_millisecond(store):
    now = datetime(2026, 3, 29, 1, 59, 59, 999_000, tzinfo=UTC)
    await store.add(replace(RUNNING, since=now))
    read = await store.get(RUNNING.id)
    assert read is not None
    assert read.since == now
    assert read.left(now + timedelta(milliseconds=1)) == timedelta(minutes=10, milliseconds=-1)


@pytest.mark.parametrize(("microseconds", "milliseconds"), [(0, 0), (999, 0), (1000, 1), (1999, 1)])
def test_what_is_shorter_than_a_millisecond_is_left_out(microseconds, milliseconds):
    moment = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(microseconds=microseconds)
    assert in_milliseconds(moment) % 1000 == milliseconds


async def test_a_round_is_as_it_was_when_the_file_is_opened_again(path):
    async with open_database(path) as database:
        await make_dojo(database)
        await added(RoundStore(database), FULL, PROPOSED)
    async with open_database(path) as database:
        assert await RoundStore(database).unfinished() == [FULL, PROPOSED]


async def test_a_round_nobody_knows_is_none(store):
    assert await store.get(77) is None


async def test_a_round_needs_its_dojo_and_leaves_nothing_behind_without_it(store, database):
    with pytest.raises(sqlite3.IntegrityError):
        await store.add(replace(FULL, dojo_id=77))
    assert await database.all("SELECT * FROM rounds") == []
    assert await database.all("SELECT * FROM round_people") == []


@pytest.mark.parametrize(
    "nonsense",
    [
        replace(FULL, since=None),
        replace(PROPOSED, since=AT),
        replace(ENDED, ended_at=None),
        replace(ENDED, ending=None),
        replace(FULL, ending=Ending.ALONE),
    ],
)
async def test_a_round_that_contradicts_itself_is_refused_by_the_disk(store, nonsense):
    with pytest.raises(sqlite3.IntegrityError):
        await store.add(nonsense)


# Unfinished


async def test_unfinished_are_those_that_are_open_or_not_yet_said_to_be_over(store):
    over = stop(RUNNING, COACH, AT)
    await added(
        store,
        replace(PROPOSED, id=14),
        replace(over, id=13, told=Told(0, Cue.NONE, 9, ended=True)),
        replace(over, id=12, told=Told()),
        replace(RUNNING, id=11),
        replace(pause(RUNNING, COACH, AT), id=10),
    )
    unfinished = await store.unfinished()
    assert [one.id for one in unfinished] == [10, 11, 12, 14]
    assert [len(one.seats) for one in unfinished] == [3, 3, 3, 3]


async def test_everybody_is_in_their_own_round(store):
    other = tuple(Seat(seat.user_id, seat.role) for seat in reversed(PROPOSED.seats))
    rounds = [PROPOSED, replace(PROPOSED, id=4, seats=()), replace(PROPOSED, id=5, seats=other)]
    await added(store, *rounds)
    assert await store.unfinished() == rounds


# Changing


async def test_a_saved_round_has_its_next_version(store):
    await store.add(RUNNING)
    paused = await store.save(RUNNING, pause(RUNNING, COACH, AT + timedelta(minutes=1)))
    assert paused.version == 1
    ended = await store.save(paused, stop(paused, COACH, AT + timedelta(minutes=2)))
    assert ended.version == 2
    assert await store.get(RUNNING.id) == ended


async def test_people_are_written_again_in_their_order(store, database):
    await store.add(PROPOSED)
    fewer = replace(PROPOSED, seats=PROPOSED.seats[:2])
    saved = await store.save(PROPOSED, ask_instead(fewer, COACH, 77, CLIENT))
    assert [seat.user_id for seat in saved.seats] == [CLIENT, 77]
    assert await store.get(PROPOSED.id) == saved
    rows = await database.all("SELECT user_id FROM round_people ORDER BY number")
    assert [row["user_id"] for row in rows] == [CLIENT, 77]


@pytest.mark.parametrize(
    "move",
    [
        lambda r: pause(r, COACH, AT),
        lambda r: agree(r, CLIENT, Agreement.NOTES, AT),
        lambda r: join(r, 77),
    ],
    ids=["without people", "a person", "another person"],
)
async def test_a_stale_save_is_refused_and_writes_nothing(store, move):
    await store.add(RUNNING)
    known = await store.save(RUNNING, leave(RUNNING, OBSERVER, AT))
    with pytest.raises(StorageError):
        await store.save(RUNNING, move(RUNNING))
    assert await store.get(RUNNING.id) == known


async def test_of_two_who_save_at_once_one_is_refused(store):
    await store.add(RUNNING)
    results = await asyncio.gather(
        store.save(RUNNING, pause(RUNNING, COACH, AT)),
        store.save(RUNNING, join(RUNNING, 77)),
        return_exceptions=True,
    )
    (saved,) = (result for result in results if isinstance(result, Round))
    assert sum(isinstance(result, StorageError) for result in results) == 1
    assert await store.get(RUNNING.id) == saved


async def test_rounds_that_are_saved_at_once_do_not_mix(store):
    rounds = [replace(RUNNING, id=number) for number in range(10, 30)]
    await added(store, *rounds)
    moved = [pause(one, COACH, AT) if one.id % 2 else join(one, one.id + 100) for one in rounds]
    saved = await asyncio.gather(*map(store.save, rounds, moved))
    assert await store.unfinished() == saved


async def test_a_round_that_was_deleted_is_not_saved(store, database):
    await store.add(RUNNING)
    await store.delete(RUNNING.id)
    for moved in (pause(RUNNING, COACH, AT), join(RUNNING, 77)):
        with pytest.raises(StorageError):
            await store.save(RUNNING, moved)
    assert await database.all("SELECT * FROM round_people") == []


async def test_a_round_is_deleted_with_its_people(store, database):
    await added(store, FULL, PROPOSED)
    await store.delete(FULL.id)
    assert await store.get(FULL.id) is None
    rows = await database.all("SELECT DISTINCT round_id FROM round_people")
    assert [row["round_id"] for row in rows] == [PROPOSED.id]


async def test_a_dojo_that_is_deleted_takes_its_rounds_along(store, database):
    await added(store, FULL, PROPOSED)
    await database.write("DELETE FROM dojos WHERE id = ?", DOJO)
    assert await store.unfinished() == []
    assert await database.all("SELECT * FROM round_people") == []


async def test_of_the_rounds_of_a_room_the_last_that_was_begun_is_read(store):
    first, second = (replace(OBSERVED, id=number, room_id=4321) for number in (8, 9))
    await added(store, first, second, replace(PROPOSED, id=10, room_id=4321))
    assert await store.last_in_room(4321) == second
    assert await store.last_in_room(4322) is None
