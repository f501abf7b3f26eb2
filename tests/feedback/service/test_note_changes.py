"""Notes are their observer's to change and to take back, until the coach has them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.feedback.model.notes import Side
from bot.feedback.model.refusals import CannotNote, NothingToShow
from tests.feedback.service.practice import COACH, OLU, PIA


async def test_undo_can_be_undone_until_the_release_and_then_it_is_for_good(feedback):
    await feedback.coaching()
    kept, note = await feedback.noted(OLU, "S1"), await feedback.noted(OLU, quote="And you?")
    key = (feedback.round_id, OLU.user_id, note.id)

    gone = await feedback.pads.take_back(*key)
    back = await feedback.pads.put_back(*key)
    await feedback.pads.take_back(*key)
    await feedback.released()

    assert (gone.notes, gone.taken_back and gone.taken_back.id) == ((kept,), note.id)
    assert (back.notes, back.taken_back) == ((kept, note), None)
    assert await feedback.notes_on_disk() == [kept]
    with pytest.raises(NothingToShow):
        await feedback.pads.put_back(*key)


async def test_nobody_changes_another_persons_note(feedback):
    await feedback.coaching()
    note = await feedback.noted(OLU)

    with pytest.raises(NothingToShow):
        await feedback.pads.take_back(feedback.round_id, PIA.user_id, note.id)

    assert await feedback.notes_on_disk() == [note]


async def test_an_edit_that_is_saved_after_the_release_is_refused_and_changes_nothing(feedback):
    await feedback.coaching()
    note = await feedback.noted(OLU, quote="And you?")
    opened = await feedback.pads.mine(feedback.round_id, OLU.user_id, note.id)
    await feedback.released()

    for change in (
        feedback.pads.change(
            feedback.round_id, OLU.user_id, opened.id, lambda one: replace(one, quote="other words")
        ),
        feedback.pads.take_back(feedback.round_id, OLU.user_id, note.id),
        feedback.pads.remember(feedback.round_id, OLU.user_id, "S1", Side.SEEN, note.at),
    ):
        with pytest.raises(CannotNote) as refused:
            await change
        assert refused.value.why == "released"

    assert await feedback.notes_on_disk() == [note]
    await feedback.check_memory_is_the_disk(OLU)


@pytest.mark.parametrize("is_edit_first", [True, False])
async def test_an_edit_at_the_moment_of_the_release_is_in_what_the_coach_sees_or_refused(
    feedback, is_edit_first
):
    await feedback.coaching()
    note = await feedback.noted(OLU, quote="And you?")
    await feedback.stop()
    await feedback.forward(121)
    await feedback.sheets.skip_own(feedback.round_id, COACH.user_id)
    both = [
        feedback.pads.change(
            feedback.round_id, OLU.user_id, note.id, lambda one: replace(one, quote="other words")
        ),
        feedback.open(),
    ]

    answers = await asyncio.gather(*both[:: 1 if is_edit_first else -1], return_exceptions=True)

    edited, seen = answers[:: 1 if is_edit_first else -1]
    assert not isinstance(seen, BaseException)
    is_refused = isinstance(edited, CannotNote) and edited.why == "released"
    assert is_refused or not isinstance(edited, BaseException)
    words = "And you?" if is_refused else "other words"
    assert seen.note(note.id).quote == words
    assert [one.quote for one in await feedback.notes_on_disk()] == [words]
    await feedback.check_memory_is_the_disk(OLU)
