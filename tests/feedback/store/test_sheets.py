"""Sheets on disk: drafts as they grow, handed in, and closed by the release."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.feedback.model.sheets import Mark, Sheet
from bot.rounds.model.moves import erase
from bot.rounds.model.round import State
from tests.rounds.store.samples import (
    AT,
    CLIENT,
    COACH,
    OBSERVED,
    OBSERVER,
    OWN_SHEET,
    SECOND,
    SHEET,
    STRANGER,
    Stores,
    make_dojo,
)

LATER = AT + timedelta(minutes=5, milliseconds=1)
THEIRS = replace(SHEET, seat=3, user_id=SECOND, marks={})


@pytest_asyncio.fixture
async def stores(database) -> Stores:
    await make_dojo(database)
    stores = Stores(database)
    await stores.observe()
    return stores


async def on_disk(stores: Stores) -> list[Sheet]:
    return await stores.sheets.of_round(OBSERVED.id)


# Drafts


async def test_a_sheet_is_begun_with_what_the_notes_said_and_the_first_mark(stores):
    assert await stores.sheets.mark(SHEET, "S1", Mark.SEEN)
    marks = {"S1": Mark.SEEN, "own-1": Mark.NO_OCCASION}
    assert await on_disk(stores) == [replace(SHEET, marks=marks, handed_in_at=None)]


async def test_a_draft_grows_mark_by_mark_whatever_the_sheet_looked_like_before(stores):
    for code, mark in (("S1", Mark.SEEN), ("own-1", None), ("S4", Mark.COULD_NOT_TELL)):
        # Each time as it was first shown, on a device that knows nothing of the others.
        assert await stores.sheets.mark(SHEET, code, mark)
    (draft,) = await on_disk(stores)
    assert draft.marks == {"S1": Mark.SEEN, "S4": Mark.COULD_NOT_TELL}


async def test_a_mark_that_is_not_there_can_be_taken_away(stores):
    assert await stores.sheets.mark(THEIRS, "S1", None)
    assert (await on_disk(stores))[0].marks == {}


async def test_marks_at_once_are_all_there(stores):
    codes = [f"own-{n}" for n in range(12)]
    saved = await asyncio.gather(*(stores.sheets.mark(THEIRS, c, Mark.BOTH) for c in codes))
    assert all(saved)
    assert (await on_disk(stores))[0].marks == dict.fromkeys(codes, Mark.BOTH)


async def test_everybody_has_a_sheet_of_their_own(stores):
    for sheet in (THEIRS, OWN_SHEET, SHEET):
        assert await stores.sheets.mark(sheet, "S2", Mark.SEEN)
    assert [one.user_id for one in await on_disk(stores)] == [COACH, OBSERVER, SECOND]
    assert [one.is_own for one in await on_disk(stores)] == [True, False, False]


async def test_an_observer_of_a_relay_has_a_sheet_about_each_coach(stores):
    about_second = replace(SHEET, coach_user_id=SECOND, marks={})
    for sheet, code in ((SHEET, "S1"), (about_second, "S2"), (SHEET, "S3")):
        assert await stores.sheets.mark(sheet, code, Mark.SEEN)
    assert await stores.sheets.hand_in(about_second, LATER)
    by_coach = {one.coach_user_id: one for one in await on_disk(stores)}
    marks = {**SHEET.marks, "S1": Mark.SEEN, "S3": Mark.SEEN}
    assert by_coach == {
        COACH: replace(SHEET, marks=marks),
        SECOND: replace(about_second, marks={"S2": Mark.SEEN}, handed_in_at=LATER),
    }


NOBODYS = {
    "a stranger": replace(SHEET, user_id=STRANGER),
    "another's seat": replace(SHEET, seat=3),
    "a coach who is not in it": replace(SHEET, coach_user_id=STRANGER),
    "a round that is not there": replace(SHEET, round_id=77),
    "nobody": replace(SHEET, user_id=None),
}


@pytest.mark.parametrize("sheet", NOBODYS.values(), ids=NOBODYS)
async def test_a_sheet_needs_its_people_in_the_round(stores, sheet):
    assert not await stores.sheets.mark(sheet, "S1", Mark.SEEN)
    assert not await stores.sheets.hand_in(sheet, AT)
    assert await stores.count("sheets") == 0


@pytest.mark.parametrize("user_id", [OBSERVER, COACH])
async def test_a_sheet_comes_too_late_for_someone_who_has_been_forgotten(stores, user_id):
    await stores.forget(user_id)
    assert not await stores.sheets.mark(SHEET, "S1", Mark.SEEN)
    assert not await stores.sheets.hand_in(SHEET, AT)
    assert await on_disk(stores) == []


async def test_a_sheet_comes_too_late_for_a_round_that_its_client_erased(stores):
    running = replace(OBSERVED, id=8, room_id=201, state=State.RUNNING, since=AT, ending=None)
    running = replace(running, ended_at=None)
    await stores.observe(running)
    await stores.rounds.save(running, erase(running, CLIENT, AT))
    assert not await stores.sheets.hand_in(replace(SHEET, round_id=8), AT)
    assert await stores.count("sheets") == 0


# Handing in


async def test_a_sheet_can_be_handed_in_as_it_is_without_a_draft(stores):
    assert await stores.sheets.hand_in(SHEET, LATER)
    assert await on_disk(stores) == [replace(SHEET, handed_in_at=LATER)]


async def test_a_sheet_can_be_changed_and_handed_in_again_until_the_release(stores):
    await stores.sheets.hand_in(SHEET, AT)
    assert await stores.sheets.mark(SHEET, "S1", Mark.SEEN)
    marks = {**SHEET.marks, "S1": Mark.SEEN}
    # It is still handed in.
    assert await on_disk(stores) == [replace(SHEET, marks=marks, handed_in_at=AT)]
    assert await stores.sheets.hand_in(SHEET, LATER)
    assert await on_disk(stores) == [replace(SHEET, marks=marks, handed_in_at=LATER)]


@pytest.mark.parametrize("code", ["S1", "S4"])
async def test_a_sheet_that_is_in_is_closed_by_the_release(stores, code):
    await stores.sheets.hand_in(SHEET, AT)
    await stores.release()
    assert not await stores.sheets.mark(SHEET, code, Mark.SEEN)
    assert not await stores.sheets.mark(SHEET, code, None)
    assert not await stores.sheets.hand_in(SHEET, LATER)
    assert await on_disk(stores) == [replace(SHEET, handed_in_at=AT)]


async def test_a_sheet_that_was_not_in_before_the_release_can_still_be_handed_in_once(stores):
    await stores.sheets.mark(SHEET, "S1", Mark.SEEN)
    await stores.release()
    for sheet in (SHEET, THEIRS):
        assert await stores.sheets.mark(sheet, "S4", Mark.BOTH)
        assert await stores.sheets.hand_in(sheet, LATER)
        assert not await stores.sheets.mark(sheet, "S4", None)
        assert not await stores.sheets.hand_in(sheet, LATER + timedelta(seconds=1))
    assert [one.handed_in_at for one in await on_disk(stores)] == [LATER, LATER]
    assert [one.marks["S4"] for one in await on_disk(stores)] == [Mark.BOTH, Mark.BOTH]


async def test_the_release_to_one_coach_leaves_the_sheets_about_another_open(stores):
    about_second = replace(SHEET, coach_user_id=SECOND)
    await stores.sheets.hand_in(about_second, AT)
    await stores.release()
    assert await stores.sheets.mark(about_second, "S4", Mark.SEEN)
    (sheet,) = await on_disk(stores)
    assert sheet.marks["S4"] is Mark.SEEN
