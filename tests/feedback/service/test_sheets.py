"""Sheets: filled in after the coaching, kept as they grow, and closed by the release."""

from __future__ import annotations

import asyncio

import pytest

from bot.content.model.formats import SegmentKind
from bot.feedback.model.notes import Side
from bot.feedback.model.refusals import CannotNote, NothingToShow
from bot.feedback.model.sheets import Answer, Mark
from bot.kit.person import Person
from bot.rounds.model.refusals import NotInRound
from bot.rounds.model.round import Agreement
from tests.feedback.service.practice import (
    CLIENT,
    COACH,
    CONTACT,
    EVERYBODY,
    OBSERVERS,
    OLU,
    PIA,
    RUTH,
    FeedbackPractice,
)

HOUR = 3600
ANSWERS = (Answer.YES, Answer.PARTLY, Answer.NO)


def sheet_of(feedback: FeedbackPractice, person: Person) -> tuple[int, int, int]:
    """Which sheet it is: the person's about the coach."""
    return feedback.round_id, person.user_id, COACH.user_id


async def on_disk(feedback: FeedbackPractice) -> dict[int | None, tuple[dict[str, Mark], bool]]:
    """The marks of each person's sheet, and whether it is handed in."""
    sheets = await feedback.joined.sheet_store.of_round(feedback.round_id)
    return {one.user_id: (dict(one.marks), one.handed_in_at is not None) for one in sheets}


async def refused(work) -> str:
    """Why something cannot be noted."""
    with pytest.raises(CannotNote) as error:
        await work
    return error.value.why


async def test_a_sheet_is_filled_in_by_the_notes_until_its_first_mark(feedback):
    await feedback.coaching()
    await feedback.tap(OLU, "S5")
    await feedback.tap(OLU, "S5", Side.SIGNAL)
    await feedback.tap(OLU, "S1", Side.SIGNAL)
    await feedback.tap(PIA, "S3")
    await feedback.go_to(SegmentKind.WRITE)

    page = await feedback.sheets.page(*sheet_of(feedback, OLU))
    assert page.sheet.marks == {"S5": Mark.BOTH, "S1": Mark.SIGNAL}
    assert await on_disk(feedback) == {}

    await feedback.sheets.mark(*sheet_of(feedback, OLU), "S2", Mark.NO_OCCASION)
    await feedback.sheets.mark(*sheet_of(feedback, OLU), "S1", None)
    await feedback.tap(OLU, "S4")
    page = await feedback.sheets.page(*sheet_of(feedback, OLU))
    assert page.sheet.marks == {"S5": Mark.BOTH, "S2": Mark.NO_OCCASION}
    assert await on_disk(feedback) == {OLU.user_id: (dict(page.sheet.marks), False)}


async def test_a_sheet_comes_after_the_coaching_and_only_from_who_observes_with_notes(feedback):
    await feedback.coaching()
    page = feedback.sheets.page
    assert await refused(page(*sheet_of(feedback, OLU))) == "coaching"
    assert await refused(page(*sheet_of(feedback, COACH))) == "coaching"
    await feedback.rounds.proposing.agree(feedback.round_id, RUTH, Agreement.NO_NOTES)
    await feedback.go_to(SegmentKind.WRITE)

    assert await feedback.sheets.judged_by(feedback.round_id, OLU.user_id) == [COACH.user_id]
    assert await refused(feedback.sheets.judged_by(feedback.round_id, COACH.user_id)) == "coach"
    assert await refused(page(*sheet_of(feedback, CLIENT))) == "was client"
    assert await refused(page(*sheet_of(feedback, RUTH))) == "not agreed"
    with pytest.raises(NotInRound):
        await page(*sheet_of(feedback, CONTACT))
    with pytest.raises(NotInRound):
        await page(feedback.round_id, CLIENT.user_id, CLIENT.user_id)
    with pytest.raises(NothingToShow):
        await feedback.sheets.mark(*sheet_of(feedback, OLU), "S99", Mark.SEEN)
    assert await on_disk(feedback) == {}


async def test_marks_and_sheets_at_the_same_moment_are_all_kept(feedback):
    await feedback.coaching()
    await feedback.go_to(SegmentKind.WRITE)
    codes = [f"S{number}" for number in range(1, 7)]

    await asyncio.gather(
        *(
            feedback.sheets.mark(*sheet_of(feedback, one), code, Mark.SEEN)
            for one in (*OBSERVERS, COACH)
            for code in codes
        )
    )

    full = (dict.fromkeys(codes, Mark.SEEN), False)
    assert await on_disk(feedback) == {one.user_id: full for one in (*OBSERVERS, COACH)}


async def test_a_person_who_watches_sheets_hears_of_each_that_is_handed_in(feedback):
    heard: list[int] = []
    await feedback.coaching()
    await feedback.go_to(SegmentKind.WRITE)
    stop = feedback.sheets.watch(lambda round_: heard.append(round_.id))

    await feedback.sheets.mark(*sheet_of(feedback, OLU), "S1", Mark.SEEN)
    assert heard == []
    await feedback.hand_in(OLU)
    await feedback.hand_in(COACH)
    assert heard == [feedback.round_id] * 2

    stop()
    await feedback.hand_in(PIA)
    assert heard == [feedback.round_id] * 2


async def test_what_is_handed_in_can_be_changed_until_the_release_and_not_after(feedback):
    await feedback.coaching()
    await feedback.go_to(SegmentKind.WRITE)
    await feedback.hand_in(OLU, S1="seen")
    await feedback.hand_in(COACH, S1="signal")
    await feedback.hand_in(OLU, S1="both")
    await feedback.hand_in(COACH, S1="could-not-tell")
    await feedback.stop()
    await feedback.forward(121)
    before = await on_disk(feedback)
    await feedback.open()

    for person in (OLU, COACH):
        key = sheet_of(feedback, person)
        assert await refused(feedback.sheets.mark(*key, "S2", Mark.SEEN)) == "released"
        assert await refused(feedback.sheets.hand_in(*key)) == "released"

    assert await on_disk(feedback) == before
    assert before == {
        OLU.user_id: ({"S1": Mark.BOTH}, True),
        COACH.user_id: ({"S1": Mark.COULD_NOT_TELL}, True),
    }


async def test_the_coachs_own_view_comes_before_the_release_or_not_at_all(feedback):
    await feedback.coaching()
    await feedback.released()

    assert await refused(feedback.hand_in(COACH, S1="seen")) == "released"
    assert await refused(feedback.hand_in(COACH)) == "released"
    assert await on_disk(feedback) == {}


async def test_a_sheet_that_was_not_handed_in_by_the_release_may_be_once_within_24_hours(feedback):
    await feedback.coaching()
    await feedback.go_to(SegmentKind.WRITE)
    draft = sheet_of(feedback, OLU)
    await feedback.sheets.mark(*draft, "S1", Mark.SEEN)
    assert len((await feedback.released()).sheets) == 0

    await feedback.forward(24 * HOUR - 121)
    await feedback.sheets.mark(*draft, "S2", Mark.SIGNAL)
    await feedback.hand_in(OLU)
    await feedback.hand_in(PIA, S1="both")

    (first, second) = (await feedback.open()).sheets
    assert first.marks == {"S1": Mark.SEEN, "S2": Mark.SIGNAL}
    assert second.marks == {"S1": Mark.BOTH}
    assert await refused(feedback.sheets.mark(*draft, "S2", None)) == "released"
    await feedback.forward(1)
    assert await refused(feedback.sheets.mark(*sheet_of(feedback, RUTH), "S1", Mark.SEEN)) == "gone"


async def test_sheets_are_as_they_were_after_a_restart(feedback):
    await feedback.coaching()
    await feedback.go_to(SegmentKind.WRITE)
    await feedback.sheets.mark(*sheet_of(feedback, OLU), "S1", Mark.SEEN)
    await feedback.hand_in(PIA, S2="no-occasion")

    await feedback.restart(away=30)
    await feedback.sheets.mark(*sheet_of(feedback, OLU), "S2", Mark.BOTH)

    assert await on_disk(feedback) == {
        OLU.user_id: ({"S1": Mark.SEEN, "S2": Mark.BOTH}, False),
        PIA.user_id: ({"S2": Mark.NO_OCCASION}, True),
    }


async def test_in_a_swap_everybody_judges_whom_they_observed(feedback):
    await feedback.coaching()
    await feedback.forward(60)
    await feedback.rounds.people.hand_over(feedback.round_id, COACH, COACH.user_id, OLU.user_id)
    await feedback.rounds.people.accept(feedback.round_id, OLU)
    await feedback.settled()
    await feedback.forward(60)
    await feedback.go_to(SegmentKind.WRITE)
    judged = {
        one: set(await feedback.sheets.judged_by(feedback.round_id, one.user_id))
        for one in (OLU, PIA)
    }

    assert judged == {OLU: {COACH.user_id}, PIA: {COACH.user_id, OLU.user_id}}


# The client


async def test_what_a_client_says_is_theirs_to_give_to_change_and_to_take_back(feedback):
    await feedback.coaching()
    say = feedback.sheets.say
    assert (
        await refused(say(feedback.round_id, CLIENT.user_id, ANSWERS, is_shared=True)) == "coaching"
    )
    await feedback.go_to(SegmentKind.CLIENT)
    for person in EVERYBODY[2:]:
        with pytest.raises(NotInRound):
            await say(feedback.round_id, person.user_id, ANSWERS, is_shared=True)

    await say(feedback.round_id, CLIENT.user_id, (Answer.NO,) * 3, is_shared=True)
    view = await say(feedback.round_id, CLIENT.user_id, ANSWERS, is_shared=False)

    assert (view.chose, view.heard, view.recognised, view.is_shared) == (*ANSWERS, False)
    look = await feedback.sheets.client_look(feedback.round_id, CLIENT.user_id)
    assert (look.view, look.may_say) == (view, True)
    await feedback.stop()
    feedback.clock.forward(days=30)
    assert await refused(say(feedback.round_id, CLIENT.user_id, ANSWERS, is_shared=True)) == "gone"
    await feedback.sheets.unsay(feedback.round_id, CLIENT.user_id)
    assert await feedback.joined.view_store.of_round(feedback.round_id) == []
