"""Who is forgotten in the middle of a round is in nothing of its feedback, and stays out of it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from datetime import timedelta

import pytest

from bot.content.model.formats import SegmentKind
from bot.feedback.model.notes import Side
from bot.feedback.model.refusals import CannotNote
from bot.feedback.model.sheets import Answer
from bot.rounds.model.refusals import NotInRound
from tests.feedback.service.practice import (
    CLIENT,
    COACH,
    OBSERVERS,
    OLU,
    PIA,
    RUTH,
    FeedbackPractice,
)
from tests.privacy.stored import cells

ANSWERS = (Answer.YES, Answer.PARTLY, Answer.NO)


@pytest.mark.parametrize("person", [COACH, CLIENT, OLU], ids=["coach", "client", "observer"])
async def test_nothing_about_who_is_forgotten_in_the_middle_of_a_round_comes_back(
    feedback, path, person
):
    await feedback.coaching()
    for observer in OBSERVERS:
        await feedback.noted(observer, quote=f"words noted by {observer.user_id}")
    await feedback.go_to(SegmentKind.CLIENT)
    await feedback.sheets.say(feedback.round_id, CLIENT.user_id, ANSWERS, is_shared=True)
    await feedback.hand_in(OLU, COACH, S1="seen")
    await feedback.debriefs.try_next(feedback.round_id, COACH.user_id, "Leave the gap open.")

    counts = await feedback.privacy.forget(person.user_id)

    assert counts.keys() >= {COACH: {"debriefs"}, CLIENT: {"client_views"}}.get(
        person, {"notes", "sheets"}
    )
    for restarted in (False, True):
        if restarted:
            await feedback.restart(away=5)
        await go_on_after(feedback)
        with contextlib.closing(sqlite3.connect(path)) as connection:
            assert cells(connection, person.user_id) == []
    notes = await feedback.notes_on_disk()
    assert {one.observer_user_id for one in notes} == {
        COACH: set(),
        CLIENT: {one.user_id for one in OBSERVERS},
        OLU: {None, PIA.user_id, RUTH.user_id},
    }[person]
    assert [one.quote for one in notes if one.observer_user_id is None] == [""] * (person is OLU)


@pytest.mark.parametrize("person", [COACH, OLU], ids=["coach", "observer"])
async def test_a_person_who_is_forgotten_while_taps_are_under_way_is_in_none_of_them(
    feedback, path, person
):
    await feedback.coaching()
    await feedback.tap(OLU)
    codes = [f"S{number}" for number in range(1, 7)]

    answers = await asyncio.gather(
        *(feedback.tap(OLU, code, after=0) for code in codes[:3]),
        feedback.privacy.forget(person.user_id),
        *(feedback.tap(OLU, code, after=0) for code in codes[3:]),
        return_exceptions=True,
    )
    with pytest.raises((CannotNote, NotInRound)):
        await feedback.tap(OLU)

    assert isinstance(answers[3], dict)
    kept = [note for note in await feedback.notes_on_disk() if note.coach_user_id == COACH.user_id]
    assert bool(kept) is (person is OLU)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert cells(connection, person.user_id) == []


async def go_on_after(feedback: FeedbackPractice) -> None:
    """Everybody does what they can; the person who was forgotten is refused."""
    coach = COACH.user_id
    for one in OBSERVERS:
        for doing in (
            feedback.pads.look(feedback.round_id, one.user_id),
            feedback.pads.remember(feedback.round_id, one.user_id, "S5", Side.SEEN, timedelta(1)),
            feedback.hand_in(one, S2="seen"),
        ):
            with contextlib.suppress(CannotNote, NotInRound):
                await doing
    for doing in (
        feedback.hand_in(COACH, S2="seen"),
        feedback.debriefs.try_next(feedback.round_id, coach, "Once more."),
        feedback.sheets.say(feedback.round_id, CLIENT.user_id, ANSWERS, is_shared=True),
    ):
        with contextlib.suppress(CannotNote, NotInRound):
            await doing
