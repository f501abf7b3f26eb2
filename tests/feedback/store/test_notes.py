"""Notes on disk: written only while they may be, by whom they may be."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import MISSING, fields, replace
from datetime import timedelta
from typing import cast

import pytest
import pytest_asyncio

from bot.content.model.questions import Phase
from bot.feedback.model.notes import QUESTION, Note, Side, Verdict
from bot.feedback.store.notes import NoteStore
from bot.kit.database.database import Database, Value, open_database
from bot.rounds.model.moves import erase
from bot.rounds.model.round import Role, Seat, State
from tests.rounds.store.samples import (
    AT,
    CLIENT,
    COACH,
    FACILITATOR,
    NOTE,
    OBSERVED,
    OBSERVER,
    SECOND,
    STRANGER,
    Stores,
    make_dojo,
    raw,
)

LATER = AT + timedelta(minutes=5)


@pytest_asyncio.fixture
async def stores(database) -> Stores:
    await make_dojo(database)
    stores = Stores(database)
    await stores.observe()
    return stores


# Coming back as it was

FULL = replace(NOTE, verdict=Verdict.UNCLEAR, withdrawn_at=LATER)
BARE = Note(71, OBSERVED.id, 3, SECOND, COACH, QUESTION, Side.QUESTION, timedelta(), AT)


def test_the_sample_has_something_of_its_own_in_every_field():
    """Otherwise a field that is forgotten on disk would not be noticed."""
    for field in fields(Note):
        default = None if field.default is MISSING else field.default
        assert getattr(FULL, field.name) != default, field.name


async def test_a_note_comes_back_as_it_was(stores, path):
    for note in (FULL, BARE):
        assert await stores.notes.take(note)
    # Nothing is judged or taken back as it is taken.
    taken = replace(FULL, verdict=None, withdrawn_at=None)
    assert await stores.notes.of_round(OBSERVED.id) == [taken, BARE]
    assert await stores.notes.judge(FULL.id, COACH, Verdict.UNCLEAR)
    assert await stores.notes.change(FULL)
    assert await stores.notes.get(FULL.id) == FULL
    async with open_database(path) as another:
        assert await NoteStore(another).of_round(OBSERVED.id) == [FULL, BARE]


async def test_notes_are_in_the_order_in_which_they_were_taken(stores):
    early, late = replace(NOTE, id=80, taken_at=AT), replace(NOTE, id=79, taken_at=LATER)
    others = replace(NOTE, id=78, seat=3, observer_user_id=SECOND, taken_at=LATER)
    for note in (late, others, early):
        await stores.notes.take(note)
    assert await stores.notes.of_round(OBSERVED.id) == [early, others, late]
    assert await stores.notes.of_observer(OBSERVED.id, OBSERVER) == [early, late]
    assert await stores.notes.of_observer(OBSERVED.id, COACH) == []
    assert await stores.notes.of_round(77) == []
    assert await stores.notes.get(77) is None


async def test_taps_at_once_are_all_there(stores):
    notes = [replace(NOTE, id=100 + n, taken_at=AT + timedelta(seconds=n)) for n in range(20)]
    assert all(await asyncio.gather(*map(stores.notes.take, notes)))
    assert await stores.notes.of_observer(OBSERVED.id, OBSERVER) == notes


class _Counted:
    """A database that counts the statements in which notes are written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.asked = asyncio.Event()
        self.writes: list[int] = []

    async def change(self, sql: str, *values: Value) -> int:
        self.asked.set()
        changed = await self._database.change(sql, *values)
        self.writes.append(changed)
        return changed


async def test_notes_that_come_while_another_is_written_are_written_together(stores, database):
    counted = _Counted(database)
    notes = NoteStore(cast("Database", counted))
    taken = [replace(NOTE, id=100 + n, taken_at=AT + timedelta(seconds=n)) for n in range(6)]
    first = asyncio.create_task(notes.take(taken[0]))
    await counted.asked.wait()
    assert all(await asyncio.gather(first, *map(notes.take, taken[1:])))
    assert counted.writes == [1, 5]


# Taken only by those it may be taken by

NOBODYS = {
    "a stranger": replace(NOTE, observer_user_id=STRANGER),
    "another's seat": replace(NOTE, seat=3),
    "a seat that is not there": replace(NOTE, seat=9),
    "a coach who is not in it": replace(NOTE, coach_user_id=STRANGER),
    "a round that is not there": replace(NOTE, round_id=77),
    "nobody": replace(NOTE, observer_user_id=None),
}


@pytest.mark.parametrize("note", NOBODYS.values(), ids=NOBODYS)
async def test_a_note_needs_its_people_in_the_round(stores, note):
    assert not await stores.notes.take(note)
    assert await stores.ids() == []


@pytest.mark.parametrize("user_id", [OBSERVER, COACH])
async def test_a_note_comes_too_late_for_someone_who_has_been_forgotten(stores, user_id):
    await stores.forget(user_id)
    assert not await stores.notes.take(NOTE)
    assert await stores.ids() == []


async def test_a_note_comes_too_late_for_a_round_that_its_client_erased(stores):
    running = replace(OBSERVED, id=8, room_id=201, state=State.RUNNING, since=AT, ending=None)
    running = replace(running, ended_at=None, position=0)
    await stores.observe(running)
    await stores.rounds.save(running, erase(running, CLIENT, AT))
    assert not await stores.notes.take(replace(NOTE, round_id=8))
    await stores.rounds.delete(8)
    assert not await stores.notes.take(replace(NOTE, round_id=8))


async def test_a_note_comes_too_late_once_the_coach_has_them(stores):
    await stores.release()
    assert not await stores.notes.take(NOTE)
    assert await stores.ids() == []


async def test_the_release_to_one_coach_leaves_the_notes_about_another_open(stores):
    relay = replace(
        OBSERVED, id=8, seats=(*OBSERVED.seats[:3], Seat(SECOND, Role.OBSERVER, has_coached=True))
    )
    await stores.observe(relay)
    await stores.release(round_id=8)
    about_second = replace(NOTE, round_id=8, coach_user_id=SECOND)
    assert await stores.notes.take(about_second)
    assert not await stores.notes.take(replace(NOTE, id=71, round_id=8))
    # Nor does it close the other round of that coach.
    assert await stores.notes.take(replace(NOTE, id=72))


# Changed only by its observer, and not after the release

CHANGED = replace(
    NOTE,
    code="own-1",
    side=Side.SEEN,
    at=timedelta(seconds=9),
    phase=Phase.CLOSE,
    variant="a",
    quote="",
    effect="smiled",
    withdrawn_at=LATER,
)


async def test_an_observer_changes_their_note_and_puts_it_back(stores):
    await stores.notes.take(NOTE)
    assert await stores.notes.change(CHANGED)
    assert await stores.notes.get(NOTE.id) == CHANGED
    assert await stores.notes.change(NOTE)
    assert await stores.notes.get(NOTE.id) == NOTE


async def test_whose_note_it_is_and_about_whom_cannot_be_changed(stores):
    await stores.notes.take(NOTE)
    other = replace(
        NOTE, coach_user_id=SECOND, seat=3, taken_at=LATER, round_id=1, verdict=Verdict.HELPFUL
    )
    await stores.notes.change(other)
    assert await stores.notes.get(NOTE.id) == NOTE


@pytest.mark.parametrize("user_id", [SECOND, COACH, CLIENT, STRANGER, None])
async def test_nobody_changes_the_note_of_another(stores, user_id):
    await stores.notes.take(NOTE)
    assert not await stores.notes.change(replace(CHANGED, observer_user_id=user_id))
    assert await stores.notes.get(NOTE.id) == NOTE


async def test_nobody_changes_a_note_the_coach_has(stores):
    await stores.notes.take(NOTE)
    await stores.release()
    assert not await stores.notes.change(CHANGED)
    assert await stores.notes.get(NOTE.id) == NOTE


async def test_a_note_that_is_gone_is_not_changed(stores):
    assert not await stores.notes.change(NOTE)
    assert await stores.ids() == []


async def test_of_a_change_and_a_release_at_once_nothing_is_left_half_done(stores):
    for number in range(10):
        await stores.notes.take(replace(NOTE, id=100 + number))
    await stores.debriefs.reflect(OBSERVED.id, COACH, AT, skipped=True)
    *changed, _ = await asyncio.gather(
        *(stores.notes.change(replace(NOTE, id=100 + n, withdrawn_at=LATER)) for n in range(10)),
        stores.debriefs.release(OBSERVED.id, COACH, LATER),
    )
    # The person who was told that it is taken back finds it gone; the others find it as it was.
    kept = [100 + n for n in range(10) if not changed[n]]
    assert await stores.ids() == kept
    assert all(note.withdrawn_at is None for note in await stores.notes.of_round(OBSERVED.id))


# What the coach does with it


async def test_the_coach_says_of_a_note_what_it_was_to_them(stores):
    await stores.notes.take(NOTE)
    for verdict in (Verdict.HELPFUL, Verdict.UNCLEAR, None):
        assert await stores.notes.judge(NOTE.id, COACH, verdict)
        assert await stores.notes.get(NOTE.id) == replace(NOTE, verdict=verdict)


@pytest.mark.parametrize("user_id", [OBSERVER, SECOND, CLIENT, FACILITATOR])
async def test_a_note_is_judged_and_emptied_by_nobody_but_its_coach(stores, user_id):
    await stores.notes.take(NOTE)
    assert not await stores.notes.judge(NOTE.id, user_id, Verdict.HELPFUL)
    assert not await stores.notes.erase_words(NOTE.id, user_id)
    assert await stores.notes.get(NOTE.id) == NOTE


async def test_the_coach_takes_the_words_out_of_one_note(stores, path):
    other = replace(NOTE, id=71, quote="Another sentence")
    for note in (NOTE, other):
        await stores.notes.take(note)
    assert await stores.notes.erase_words(NOTE.id, COACH)
    assert await stores.notes.get(NOTE.id) == replace(NOTE, quote="", effect="")
    assert await stores.notes.get(other.id) == other
    assert b"If I were you" not in raw(path)
    assert b"Another sentence" in raw(path)


async def test_a_note_is_erased_with_what_was_reported_of_it(stores, path):
    await stores.notes.take(NOTE)
    await stores.reports.add(5, NOTE.id, CLIENT, OBSERVER, AT)
    assert await stores.notes.erase(NOTE.id)
    assert (await stores.ids(), await stores.reports.get(5)) == ([], None)
    assert b"If I were you" not in raw(path)
    assert not await stores.notes.erase(NOTE.id)


async def test_a_note_that_breaks_a_rule_fails_alone_among_those_written_together(database):
    await make_dojo(database)
    stores = Stores(database)
    await stores.observe()
    assert await stores.notes.take(NOTE)
    others = [replace(NOTE, id=NOTE.id + number, quote="") for number in (1, 2)]

    # The first goes alone, the rest while it is on its way; one has the id of another note.
    first, *results = await asyncio.gather(
        *(stores.notes.take(one) for one in (replace(NOTE, id=99), NOTE, *others)),
        return_exceptions=True,
    )

    assert first is True
    assert isinstance(results[0], sqlite3.IntegrityError)
    assert results[1:] == [True, True]
    assert await stores.ids() == [NOTE.id, *(one.id for one in others), 99]
