"""Words whose time is over are shown to nobody, also in the hours before the night erases them."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from bot.content.model.formats import SegmentKind
from bot.feedback.model.debriefs import TIME_TO_FINISH
from bot.feedback.model.refusals import NothingToShow
from bot.feedback.model.sheets import Answer
from tests.feedback.service.practice import CLIENT, COACH, CONTACT, OLU, PIA, FeedbackPractice
from tests.people import GUILD

WORDS, TRY, WISH = "And what would you like instead?", "wait for three breaths", "Do I leave room?"
DAY, MILLISECOND = timedelta(days=1), timedelta(milliseconds=1)


@pytest_asyncio.fixture
async def practice(feedback: FeedbackPractice) -> AsyncGenerator[FeedbackPractice]:
    """A round that is over, with something typed in every field, which the coach has opened."""
    await feedback.set_dojo(safety_user_id=CONTACT.user_id)
    await feedback.coaching()
    await feedback.rounds.proposing.watch_for(feedback.round_id, COACH, ["S5"], WISH)
    await feedback.noted(OLU, quote=WORDS)
    await feedback.go_to(SegmentKind.CLIENT)
    await feedback.hand_in(PIA, S1="seen")
    answers = (Answer.YES, Answer.YES, Answer.NO)
    await feedback.sheets.say(feedback.round_id, CLIENT.user_id, answers, is_shared=True)
    await feedback.released()
    await feedback.debriefs.try_next(feedback.round_id, COACH.user_id, TRY)
    (note,) = await feedback.notes_on_disk()
    await feedback.reports.report(feedback.round_id, COACH.user_id, note.id)
    yield feedback


async def ended(practice: FeedbackPractice) -> datetime:
    """When the round was over."""
    round_ = await practice.on_disk(practice.round_id)
    assert round_ is not None
    assert round_.ended_at is not None
    return round_.ended_at


async def everything(practice: FeedbackPractice) -> str:
    """All that anybody can get to read of the round."""
    round_id = practice.round_id
    seen: list[object] = [await practice.debriefs.open(round_id, COACH.user_id)]
    seen.append(await practice.debriefs.own_notes(round_id, OLU.user_id))
    seen.append(await practice.pads.look(round_id, OLU.user_id))
    seen.append(await practice.debriefs.last_try(COACH.user_id, GUILD))
    seen.append(await practice.on_disk(round_id))
    exports = [await practice.privacy.export(one.user_id) for one in (COACH, OLU, CLIENT)]
    seen.append(json.dumps(exports, ensure_ascii=False))
    _, contact_sees = practice.teller.told[-1]
    try:
        seen.append(await practice.reports.open(contact_sees, CONTACT.user_id))
    except NothingToShow:
        seen.append("no report")
    return "\n".join(map(str, seen))


async def test_words_are_hidden_when_their_days_are_over_and_not_only_at_night(practice):
    """S20: 30 days after the round no card, pad, report or export shows them."""
    over = await ended(practice) + 30 * DAY
    practice.clock.present = over - MILLISECOND
    assert everything_of(await everything(practice)) == {WORDS, TRY, WISH}

    practice.clock.present = over

    assert everything_of(await everything(practice)) == {TRY, WISH}
    on_disk = b"".join(one.read_bytes() for one in practice.files())
    assert WORDS.encode() in on_disk, "the night erases it, and has not come"


def everything_of(text: str) -> set[str]:
    return {one for one in (WORDS, TRY, WISH) if one in text}


async def test_codes_and_the_coachs_own_words_are_hidden_when_their_months_are_over(practice):
    """S20: the try, the wish, notes, sheets and what the client said."""
    end = await ended(practice)
    over = end.replace(year=end.year + 1)
    practice.clock.present = over - MILLISECOND
    got = await practice.open()
    assert len(got.moments) == len(got.sheets) == len(got.client_views) == 1
    assert everything_of(await everything(practice)) == {TRY, WISH}

    practice.clock.present = over

    got = await practice.open()
    assert (got.moments, got.sheets, got.client_views, got.focus) == ((), (), (), ())
    assert everything_of(await everything(practice)) == set()
    export = await practice.privacy.export(COACH.user_id)
    assert export["stored"]["notes"] == export["stored"]["sheets"] == []


@pytest.mark.parametrize("opened_after", [0, 1, 29])
async def test_opening_feedback_does_not_start_the_term_again(feedback, opened_after):
    """S20: opened on day 29, the words are over on day 30 and not on day 59."""
    await feedback.coaching()
    await feedback.noted(OLU, quote=WORDS)
    await feedback.stop()
    end = await ended(feedback)
    feedback.clock.present = end + opened_after * DAY + TIME_TO_FINISH
    await feedback.sheets.skip_own(feedback.round_id, COACH.user_id)
    got = await feedback.open()
    assert got.words_until == end + 30 * DAY
    assert [note.quote for one in got.moments for note in one.notes] == [WORDS]

    feedback.clock.present = end + 30 * DAY
    assert [note.quote for one in (await feedback.open()).moments for note in one.notes] == [""]
    feedback.hear_time()
    await feedback.retention.purge()

    assert all(WORDS.encode() not in one.read_bytes() for one in feedback.files())


async def test_what_was_opened_before_the_round_ended_is_kept_as_long_as_was_said_then(feedback):
    """S20: never longer than promised."""
    await feedback.coaching()
    await feedback.noted(OLU, quote=WORDS)
    round_ = await feedback.go_to(SegmentKind.OBSERVERS)
    await feedback.hand_in(OLU, PIA, S1="seen")
    await feedback.forward(int(round_.format.segments[round_.position].length.total_seconds()))
    await feedback.go_to(SegmentKind.NEXT)
    await feedback.sheets.skip_own(feedback.round_id, COACH.user_id)
    released = (await feedback.open()).debrief.released_at
    assert released is not None
    await feedback.forward(60)
    await feedback.stop()
    assert await ended(feedback) > released

    assert (await feedback.open()).words_until == released + 30 * DAY


async def test_a_shorter_term_of_the_dojo_hides_at_once(practice):
    """S20 and S26: what the dojo shortens counts from the same moment for readers."""
    await practice.set_dojo(safety_user_id=CONTACT.user_id, quote_days=1)
    practice.clock.present = await ended(practice) + DAY
    assert everything_of(await everything(practice)) == {TRY, WISH}
