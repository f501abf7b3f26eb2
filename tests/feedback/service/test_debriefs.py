"""The debrief: in its turn, for the coach, and for others as far as the coach shares it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.content.model.formats import SegmentKind
from bot.feedback.model.debriefs import Shared
from bot.feedback.model.notes import Side, Verdict
from bot.feedback.model.refusals import CannotNote, NothingToShow, NotReleased
from bot.feedback.model.sheets import Answer, Mark
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

ANSWERS = (Answer.YES, Answer.PARTLY, Answer.NO)


async def waits_for(feedback: FeedbackPractice) -> str:
    """What has to come before the coach may see their feedback."""
    with pytest.raises(NotReleased) as refused:
        await feedback.open()
    debrief = await feedback.joined.debrief_store.get(feedback.round_id, COACH.user_id)
    assert debrief is None or debrief.released_at is None
    return refused.value.why


# Order and release


async def test_each_thing_that_comes_before_the_release_is_waited_for_in_turn(feedback):
    await feedback.coaching()
    await feedback.tap(OLU)
    assert await waits_for(feedback) == "coaching"
    for kind in (SegmentKind.WRITE, SegmentKind.SELF, SegmentKind.CLIENT):
        await feedback.go_to(kind)
        await feedback.hand_in(*OBSERVERS[:2])
        assert await waits_for(feedback) == "turn"
    await feedback.go_to(SegmentKind.OBSERVERS)
    assert await waits_for(feedback) == "observers"
    await feedback.hand_in(RUTH)
    assert await waits_for(feedback) == "observers", "the part of the client was cut short"
    await feedback.forward(120)
    assert await waits_for(feedback) == "own view"
    await feedback.hand_in(COACH)

    feedback_of_coach = await feedback.open()
    assert len(feedback_of_coach.moments) == 1
    assert feedback_of_coach.debrief.released_at == feedback.clock()


async def test_own_view_alone_opens_nothing(feedback):
    await feedback.coaching()
    await feedback.go_to(SegmentKind.SELF)
    await feedback.sheets.skip_own(feedback.round_id, COACH.user_id)

    assert await waits_for(feedback) == "turn"
    await feedback.go_to(SegmentKind.OBSERVERS)
    assert await waits_for(feedback) == "observers"
    await feedback.go_to(SegmentKind.NEXT)
    assert await waits_for(feedback) == "observers", "their part was cut short"
    await feedback.forward(120)
    assert (await feedback.open()).own is None


async def test_a_person_who_has_left_is_not_waited_for(feedback):
    await feedback.coaching()
    await feedback.rounds.people.leave(feedback.round_id, RUTH)
    await feedback.rounds.people.leave(feedback.round_id, PIA)
    await feedback.go_to(SegmentKind.OBSERVERS)
    await feedback.hand_in(OLU)
    await feedback.forward(120)

    assert await waits_for(feedback) == "own view"


async def test_a_person_who_takes_no_notes_is_waited_for_like_one_who_does_not_hand_in(feedback):
    """S12: the part of the observers goes on as long in both cases."""
    await feedback.coaching()
    await feedback.rounds.proposing.agree(feedback.round_id, RUTH, Agreement.NO_NOTES)
    await feedback.go_to(SegmentKind.OBSERVERS)
    await feedback.hand_in(OLU, PIA)

    assert await waits_for(feedback) == "observers"


async def test_a_round_that_has_ended_waits_for_the_own_view_alone(feedback):
    await feedback.coaching()
    await feedback.tap(OLU)
    await feedback.stop()
    await feedback.forward(3600)

    assert await waits_for(feedback) == "own view"
    await feedback.hand_in(COACH, S1="seen")
    own = (await feedback.open()).own
    assert own is not None
    assert own.marks == {"S1": Mark.SEEN}


async def test_the_release_is_recorded_once_when_the_coach_opens_it(feedback):
    await feedback.coaching()
    await feedback.tap(OLU)
    await feedback.stop()
    await feedback.sheets.skip_own(feedback.round_id, COACH.user_id)
    store, key = feedback.joined.debrief_store, (feedback.round_id, COACH.user_id)
    unopened = await store.get(*key)
    assert unopened is not None
    assert unopened.released_at is None
    await feedback.forward(500)
    opened_at = feedback.clock()

    first, second = await asyncio.gather(feedback.open(), feedback.open())
    await feedback.restart(away=500)
    later = await feedback.open()

    assert {one.debrief.released_at for one in (first, second, later)} == {opened_at}


async def test_nobody_else_opens_what_the_coach_gets(feedback):
    await feedback.coaching()
    await feedback.released()

    for person in (*EVERYBODY[1:], CONTACT):
        with pytest.raises(NotInRound) as refused:
            await feedback.debriefs.open(feedback.round_id, person.user_id)
        assert refused.value.what == "coach"


# What the coach gets


async def test_the_coach_gets_moments_sheets_and_until_when_they_are_kept(feedback):
    await feedback.coaching()
    await feedback.rounds.proposing.watch_for(feedback.round_id, COACH, ["S5"], "Do I leave room?")
    await feedback.noted(OLU, quote="And what else?")
    await feedback.noted(PIA)
    await feedback.forward(40)
    await feedback.noted(RUTH, "S2", Side.SIGNAL)
    await feedback.go_to(SegmentKind.CLIENT)
    await feedback.sheets.say(feedback.round_id, CLIENT.user_id, ANSWERS, is_shared=True)
    await feedback.hand_in(OLU, COACH, S1="no-occasion")
    await feedback.sheets.mark(feedback.round_id, PIA.user_id, COACH.user_id, "S1", Mark.SEEN)
    await feedback.stop()
    await feedback.forward(121)

    got = await feedback.open()

    seen = [(one.code, one.side, [n.observer_user_id for n in one.notes]) for one in got.moments]
    assert seen == [
        ("S5", Side.SEEN, [OLU.user_id, PIA.user_id]),
        ("S2", Side.SIGNAL, [RUTH.user_id]),
    ]
    assert got.moments[0].notes[0].quote == "And what else?"
    assert (got.observers, got.names_shown, got.focus, got.wish) == (
        3,
        True,
        ("S5",),
        "Do I leave room?",
    )
    # A draft is nobody's business, and the coach's own view is no observer's.
    assert [one.user_id for one in got.sheets] == [OLU.user_id]
    assert got.own is not None
    assert got.own.user_id == COACH.user_id
    assert [one.chose for one in got.client_views] == [Answer.YES]
    ended = got.round.ended_at
    assert ended is not None
    assert got.words_until == ended + timedelta(days=30)
    assert got.codes_until == ended.replace(year=ended.year + 1)


async def test_the_coach_sees_what_the_client_said_only_while_the_client_shares_it(feedback):
    await feedback.coaching()
    await feedback.go_to(SegmentKind.CLIENT)
    await feedback.sheets.say(feedback.round_id, CLIENT.user_id, ANSWERS, is_shared=False)

    assert (await feedback.released()).client_views == ()
    await feedback.sheets.say(feedback.round_id, CLIENT.user_id, ANSWERS, is_shared=True)
    assert len((await feedback.open()).client_views) == 1
    await feedback.sheets.unsay(feedback.round_id, CLIENT.user_id)
    assert (await feedback.open()).client_views == ()


async def test_the_list_of_a_round_stays_as_it_was_and_names_are_as_the_dojo_says(feedback):
    await feedback.coaching()
    before = (await feedback.tap(OLU)).listed
    await feedback.set_dojo(names_shown=False)
    got = await feedback.released()

    assert got.debrief.listed == before
    assert not got.names_shown


async def test_what_the_coach_wants_to_try_is_remembered_for_the_next_round(feedback):
    await feedback.coaching()
    key = (feedback.round_id, COACH.user_id)
    await feedback.released()
    with pytest.raises(NotInRound):
        await feedback.debriefs.try_next(feedback.round_id, OLU.user_id, "Ask more.")

    await feedback.debriefs.try_next(*key, "  Leave   the gap open. ")
    await feedback.coaching()

    last = await feedback.debriefs.last_try(COACH.user_id, feedback.dojo.guild_id)
    assert last == "Leave the gap open."


async def test_the_coach_takes_words_out_of_a_note_judges_it_and_erases_all(feedback):
    await feedback.coaching()
    note = await feedback.noted(OLU, quote="And what else?")
    await feedback.pads.look(feedback.round_id, OLU.user_id)
    key = (feedback.round_id, COACH.user_id)
    await feedback.released()

    judged = await feedback.debriefs.judge(*key, note.id, Verdict.UNCLEAR)
    await feedback.debriefs.erase_words(*key, note.id)

    assert judged.verdict is Verdict.UNCLEAR
    (moment,) = (await feedback.open()).moments
    assert moment.notes[0].quote == ""
    await feedback.check_memory_is_the_disk(OLU)
    await feedback.debriefs.erase(*key)
    assert (await feedback.open()).moments == ()
    await feedback.check_memory_is_the_disk(OLU)
    with pytest.raises(NothingToShow):
        await feedback.debriefs.judge(*key, note.id, None)
    with pytest.raises(CannotNote):
        await feedback.pads.remember(feedback.round_id, OLU.user_id, "S1", Side.SEEN, note.at)


# What others get


async def test_a_facilitator_sees_what_the_coach_shares_and_never_what_the_client_said(feedback):
    await feedback.coaching()
    await feedback.tap(OLU)
    await feedback.tap(OLU, "S6", Side.SIGNAL)
    await feedback.go_to(SegmentKind.CLIENT)
    await feedback.sheets.say(feedback.round_id, CLIENT.user_id, ANSWERS, is_shared=True)
    await feedback.hand_in(OLU, S2="both", S3="signal")
    await feedback.hand_in(COACH, S1="signal")
    key = (feedback.round_id, COACH.user_id)
    with pytest.raises(NothingToShow):
        await feedback.debriefs.shared(*key)
    await feedback.stop()
    await feedback.forward(121)
    await feedback.open()
    with pytest.raises(NothingToShow):
        await feedback.debriefs.shared(*key)

    await feedback.debriefs.share(*key, Shared.SEEN, ())
    some = await feedback.debriefs.shared(*key)
    await feedback.debriefs.share(*key, Shared.ALL, ())
    full = await feedback.debriefs.shared(*key)

    assert (some.debrief.shared, some.own, some.client_views) == (Shared.SEEN, None, ())
    assert [one.side for one in some.moments] == [Side.SEEN]
    assert [dict(sheet.marks) for sheet in some.sheets] == [{"S2": Mark.SEEN, "S5": Mark.SEEN}]
    assert len(full.moments) == 2
    assert full.sheets[0].marks["S3"] is Mark.SIGNAL
    assert full.own is not None
    assert full.own.marks == {"S1": Mark.SIGNAL}
    assert full.client_views == ()


async def test_a_facilitator_sees_how_far_it_is_and_nothing_of_what_it_says(feedback):
    """S12: an observer without notes is counted like one who has not handed in."""
    await feedback.coaching()
    await feedback.rounds.proposing.agree(feedback.round_id, RUTH, Agreement.NO_NOTES)
    await feedback.go_to(SegmentKind.OBSERVERS)
    await feedback.hand_in(OLU)
    (before,) = await feedback.debriefs.process(feedback.round_id)
    await feedback.hand_in(PIA, COACH)
    await feedback.stop()
    await feedback.forward(121)
    await feedback.open()
    (after,) = await feedback.debriefs.process(feedback.round_id)

    assert (before.coach_user_id, before.observers, before.handed_in) == (COACH.user_id, 3, 1)
    assert (before.has_own_view, before.is_released) == (False, False)
    assert (after.observers, after.handed_in, after.has_own_view, after.is_released) == (
        3,
        2,
        True,
        True,
    )


async def test_observers_learn_how_many_of_their_notes_matched_once_the_coach_has_them(feedback):
    await feedback.coaching()
    olus = [await feedback.noted(OLU), await feedback.noted(OLU, "S1")]
    pias = await feedback.noted(PIA)
    own = feedback.debriefs.own_notes
    before = await own(feedback.round_id, OLU.user_id)
    await feedback.released()
    for note in (*olus, pias):
        await feedback.debriefs.judge(feedback.round_id, COACH.user_id, note.id, Verdict.HELPFUL)

    assert (before.is_released, before.has_others) == (False, False)
    assert (before.matched, before.helpful) == (0, 0)
    assert [note.id for note in before.notes] == [note.id for note in olus]
    after = await own(feedback.round_id, OLU.user_id)
    assert (after.matched, after.helpful, after.unclear) == (1, 2, 0)
    # What the coach said of a single note would be said of a person.
    single = await own(feedback.round_id, PIA.user_id)
    assert (len(single.notes), single.matched, single.helpful, single.unclear) == (1, 1, 0, 0)
    none = await own(feedback.round_id, RUTH.user_id)
    assert (none.notes, none.matched, none.has_others) == ((), 0, True)
