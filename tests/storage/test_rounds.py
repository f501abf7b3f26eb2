"""Rounds on disk."""

from __future__ import annotations

import asyncio
import json
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

from bot.domain.dojos import Dojo, DojoSettings
from bot.domain.round_moves import agree, forget, hand_over, join, leave, need_moment, pause, stop
from bot.domain.rounds import (
    Action,
    Agreement,
    Ask,
    Cue,
    Did,
    Ending,
    Role,
    RoomKind,
    Round,
    Seat,
    State,
    Told,
)
from bot.storage.database import Database, open_database
from bot.storage.dojos import DojoStore
from bot.storage.errors import StorageError
from bot.storage.rounds import RoundStore, in_milliseconds
from tests.domain.round_steps import format_of
from tests.domain.round_walks import formats

AT = datetime(2026, 1, 5, 18, 0, 0, 123_000, tzinfo=UTC)
COACH, CLIENT, OBSERVER, FACILITATOR = (901_234_567_890_123_000 + n for n in range(1, 5))
DOJO = 2
FULL = Round(
    id=1,
    dojo_id=DOJO,
    guild_id=2**62 + 1,
    room_id=2**62 + 2,
    room=RoomKind.PUBLIC_THREAD,
    format=format_of("agree 0.5, coach 10, swap 1, coach 5, self 2", most=60),
    seats=(
        Seat(
            COACH,
            Role.COACH,
            Agreement.NOTES,
            is_here=False,
            coached=timedelta(seconds=61, milliseconds=7),
            has_coached=True,
            focus=("S1", "S4"),
            wish="“more” silence – 静か",
            in_voice=True,
            away_since=AT + timedelta(milliseconds=1),
        ),
        Seat(CLIENT, Role.CLIENT, Agreement.NO_NOTES),
        Seat(None, Role.OBSERVER),
    ),
    proposed_at=AT,
    starter_user_id=CLIENT,
    state=State.RUNNING,
    position=3,
    length=timedelta(minutes=7, milliseconds=1),
    ran=timedelta(seconds=59, milliseconds=999),
    since=AT + timedelta(hours=1, milliseconds=2),
    began_at=AT + timedelta(minutes=50, milliseconds=3),
    past=(timedelta(seconds=30), timedelta(milliseconds=600_001), timedelta()),
    extensions=2,
    paused_at=AT + timedelta(milliseconds=4),
    asked=Ask.COACH_GONE,
    turn=17,
    actions=(
        Action(16, Did.EXTENDED, CLIENT, minutes=3),
        Action(17, Did.LEFT, CLIENT, COACH),
    ),
    told=Told(3, Cue.FIVE_LEFT, 15, Ask.LATE, ended=True),
    card_id=2**62 + 3,
    card_losses=1,
    refused=True,
    version=9,
)
ENDED = replace(
    FULL, id=2, state=State.ENDED, since=None, ending=Ending.ALONE, ended_at=AT, told=Told()
)
PROPOSED = Round(
    id=3,
    dojo_id=DOJO,
    guild_id=100,
    room_id=200,
    room=RoomKind.HERE,
    format=format_of("coach 10, self 1"),
    seats=(
        Seat(COACH, Role.COACH),
        Seat(CLIENT, Role.CLIENT),
        Seat(OBSERVER, Role.OBSERVER),
    ),
    proposed_at=AT,
    starter_user_id=FACILITATOR,
)
RUNNING = replace(
    PROPOSED,
    state=State.RUNNING,
    position=0,
    length=timedelta(minutes=10),
    since=AT,
    began_at=AT,
    told=Told(0, Cue.NONE, 0),
)


async def make_dojo(database: Database) -> None:
    await DojoStore(database).save(Dojo(DOJO, 100, 300, DojoSettings(), AT, FACILITATOR))


@pytest_asyncio.fixture
async def store(database) -> RoundStore:
    await make_dojo(database)
    return RoundStore(database)


async def added(store: RoundStore, *rounds: Round) -> None:
    for round_ in rounds:
        await store.add(round_)


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
        (Action, FULL.actions),
    ],
)
def test_the_samples_have_something_of_their_own_in_every_field(kind, samples):
    """Else a field that is forgotten on disk would not be noticed."""
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
    focus=st.lists(st.sampled_from(["S1", "S2", "own-1"]), max_size=2).map(tuple),
    wish=_WORDS,
    in_voice=st.booleans(),
    away_since=_MAYBE,
)


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


async def test_people_are_written_anew_in_their_order(store, database):
    await store.add(PROPOSED)
    fewer = replace(PROPOSED, seats=PROPOSED.seats[:2])
    saved = await store.save(PROPOSED, hand_over(fewer, COACH, 77, CLIENT, AT))
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


async def test_who_needs_a_moment_is_nowhere(store):
    await store.add(need_moment(RUNNING, CLIENT, AT))
    read = await store.get(RUNNING.id)
    assert read is not None
    assert [one.user_id for one in read.actions] == [None]


async def test_what_somebody_did_is_still_theirs_when_others_have_left_the_list(store):
    done = pause(RUNNING, OBSERVER, AT)
    await store.add(done)
    saved = await store.save(done, replace(done, seats=done.seats[1:]))
    read = await store.get(RUNNING.id)
    assert read == saved
    assert read.actions[0].user_id == OBSERVER


# Export


async def test_an_export_has_the_own_part(store):
    await store.add(ENDED)
    (entry,) = await store.export_person(COACH)
    assert entry == {
        "round_id": 2,
        "guild_id": ENDED.guild_id,
        "room_id": ENDED.room_id,
        "format": "Own",
        "proposed_at": int(AT.timestamp()),
        "ended_at": int(AT.timestamp()),
        "state": "ended",
        "ending": "alone",
        "proposed_by_me": False,
        "role": "coach",
        "agreement": "notes",
        "stayed": False,
        "coached_seconds": 61,
        "focus": "S1 S4",
        "wish": "“more” silence – 静か",
    }


async def test_an_export_names_nobody_else(store):
    await added(store, FULL, ENDED, PROPOSED)
    for user_id in (COACH, CLIENT, OBSERVER, FACILITATOR):
        text = json.dumps(await store.export_person(user_id))
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
async def test_an_export_has_the_rounds_one_took_part_in_or_proposed(store, user_id, mine):
    await added(store, FULL, ENDED, PROPOSED)
    entries = await store.export_person(user_id)
    assert [(e["round_id"], e["proposed_by_me"], e.get("role")) for e in entries] == mine


async def test_the_wish_of_another_is_in_no_export(store):
    await store.add(FULL)
    (entry,) = await store.export_person(CLIENT)
    assert (entry["wish"], entry["focus"], entry["coached_seconds"]) == ("", "", 0)


# Forgetting


async def forget_on_disk(database: Database, store: RoundStore, user_id: int) -> None:
    async with database.transaction() as transaction:
        await store.forget_person(transaction, user_id)


@pytest.mark.parametrize("user_id", [COACH, CLIENT, OBSERVER, FACILITATOR, 77])
async def test_the_disk_forgets_like_the_round_does(database, store, user_id):
    round_ = leave(pause(replace(FULL, seats=PROPOSED.seats), CLIENT, AT), OBSERVER, AT)
    rounds = [replace(round_, version=0), replace(PROPOSED, starter_user_id=user_id)]
    await added(store, *rounds)
    await forget_on_disk(database, store, user_id)
    assert await store.unfinished() == [forget(one, user_id) for one in rounds]


async def test_whoever_is_forgotten_is_nowhere_on_disk(database, store):
    await added(store, FULL, ENDED, PROPOSED)
    await forget_on_disk(database, store, COACH)
    rows = await database.all("SELECT * FROM rounds")
    rows += await database.all("SELECT * FROM round_people")
    for row in rows:
        assert str(COACH) not in str(tuple(row))
        assert "silence" not in str(tuple(row))
    assert await store.export_person(COACH) == []


async def test_others_keep_their_rounds_when_somebody_is_forgotten(database, store):
    await added(store, FULL, PROPOSED)
    before = await store.export_person(CLIENT)
    await forget_on_disk(database, store, COACH)
    assert await store.export_person(CLIENT) == before
