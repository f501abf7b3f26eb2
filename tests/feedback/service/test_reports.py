"""Reported notes: the safety contact of the dojo is told, and sees that note alone."""

from __future__ import annotations

import asyncio

import pytest

from bot.dojos.model.refusals import NoSafetyContact, NotAllowed
from bot.feedback.model.notes import Note
from bot.feedback.model.refusals import NothingToShow, NotReleased
from bot.feedback.service.reports import Told
from bot.rounds.model.refusals import NotInRound
from tests.feedback.service.practice import (
    CLIENT,
    COACH,
    CONTACT,
    OLU,
    PIA,
    FakeTeller,
    FeedbackPractice,
)
from tests.people import MANAGER

SECRET = "You never listen."


async def released_note(feedback: FeedbackPractice) -> Note:
    """A note with words that the coach can see, and another one beside it."""
    await feedback.set_dojo(safety_user_id=CONTACT.user_id)
    await feedback.coaching()
    note = await feedback.noted(OLU, quote=SECRET)
    await feedback.noted(PIA, "S1", quote="And what else?")
    await feedback.released()
    return note


async def report(feedback: FeedbackPractice, note: Note) -> Told:
    return await feedback.reports.report(feedback.round_id, COACH.user_id, note.id)


def told(feedback: FeedbackPractice) -> list[int]:
    """The reports of which the contact has been told, all of them the same contact."""
    assert isinstance(feedback.teller, FakeTeller)
    assert {contact for contact, _ in feedback.teller.told} <= {CONTACT.user_id}
    return [report_id for _, report_id in feedback.teller.told]


async def test_the_contact_is_told_once_and_sees_that_note_alone(feedback):
    note = await released_note(feedback)

    assert await report(feedback, note) is Told.NOW
    assert await report(feedback, note) is Told.NOW

    (report_id,) = told(feedback)
    reported = await feedback.reports.open(report_id, CONTACT.user_id)
    assert (reported.note, reported.round.id) == (note, feedback.round_id)
    assert "S5" in [one.code for one in reported.listed]
    for person in (COACH, OLU, CLIENT, MANAGER):
        with pytest.raises(NotAllowed):
            await feedback.reports.open(report_id, person.user_id)


async def test_two_devices_that_report_at_once_make_one_report(feedback):
    note = await released_note(feedback)

    await asyncio.gather(report(feedback, note), report(feedback, note))

    assert len(told(feedback)) == 1


async def test_a_contact_who_cannot_be_reached_is_told_later(feedback):
    note = await released_note(feedback)
    feedback.teller.reaches = False
    assert await report(feedback, note) is Told.LATER
    await feedback.reports.tell_waiting()
    assert told(feedback) == []

    await feedback.restart(away=60)
    await feedback.reports.tell_waiting()
    await feedback.reports.tell_waiting()

    (report_id,) = told(feedback)
    assert (await feedback.reports.open(report_id, CONTACT.user_id)).note == note


async def test_a_dojo_without_a_contact_takes_no_report(feedback):
    note = await released_note(feedback)
    await feedback.set_dojo(safety_user_id=None)

    with pytest.raises(NoSafetyContact) as refused:
        await report(feedback, note)

    assert refused.value.channel_id == feedback.dojo.channel_id
    await feedback.reports.tell_waiting()
    assert told(feedback) == []


async def test_a_later_contact_does_not_see_what_was_reported_before(feedback):
    """S15: a report is for the contact named when it was made, told or not."""
    note = await released_note(feedback)
    await report(feedback, note)
    (report_id,) = told(feedback)
    await feedback.set_dojo(safety_user_id=MANAGER.user_id)
    await feedback.restart(away=60)
    await feedback.reports.tell_waiting()

    with pytest.raises(NotAllowed):
        await feedback.reports.open(report_id, MANAGER.user_id)
    assert (await feedback.reports.open(report_id, CONTACT.user_id)).note == note
    # The reporter may tell the new one as well; then it is for them.
    assert await report(feedback, note) is Told.NOW
    assert (await feedback.reports.open(report_id, MANAGER.user_id)).note == note
    with pytest.raises(NotAllowed):
        await feedback.reports.open(report_id, CONTACT.user_id)


async def test_a_report_from_before_contacts_were_kept_is_for_nobody(feedback):
    """S15: who it was made for is not known, so nobody opens it; it can be reported again."""
    note = await released_note(feedback)
    await report(feedback, note)
    (report_id,) = told(feedback)
    await feedback.database.write("UPDATE reports SET contact_user_id = NULL")

    with pytest.raises(NotAllowed):
        await feedback.reports.open(report_id, CONTACT.user_id)
    await feedback.forward(3601)
    assert await report(feedback, note) is Told.NOW
    assert (await feedback.reports.open(report_id, CONTACT.user_id)).note == note


@pytest.mark.parametrize("who", [OLU, PIA, CLIENT, COACH])
async def test_nobody_of_the_round_gets_a_report_about_it(feedback, who):
    """S15: the author of a note is not named contact to read it, nor found out by asking."""
    note = await released_note(feedback)
    await feedback.set_dojo(safety_user_id=who.user_id)

    with pytest.raises(NoSafetyContact) as refused:
        await report(feedback, note)

    assert refused.value.why == "took part"
    assert await feedback.database.all("SELECT * FROM reports") == []


async def test_a_contact_who_has_left_the_server_gets_no_report_and_the_reporter_is_told(feedback):
    """S15: before it is sent, and also where the contact left while they could not be reached."""
    note = await released_note(feedback)
    feedback.teller.reaches = False
    assert await report(feedback, note) is Told.LATER
    feedback.teller.reaches = True
    feedback.teller.gone = {CONTACT.user_id}
    await feedback.forward(601)
    await feedback.settled()
    assert feedback.teller.unreached == [COACH.user_id]
    assert told(feedback) == []
    with pytest.raises(NoSafetyContact) as refused:
        await report(feedback, note)
    assert refused.value.why == "gone"
    assert await feedback.database.all("SELECT * FROM reports") == []


async def test_a_contact_gets_one_message_an_hour_that_names_all_there_is(feedback):
    """S9: twelve reports are two messages, not twelve; also after a restart."""
    await feedback.set_dojo(safety_user_id=CONTACT.user_id)
    await feedback.coaching()
    notes = [await feedback.noted(OLU, f"S{1 + number % 6}") for number in range(12)]
    await feedback.released()
    assert await report(feedback, notes[0]) is Told.NOW
    for note in notes[1:7]:
        await feedback.forward(60)
        assert await report(feedback, note) is Told.SOON
    await feedback.restart()
    await feedback.reports.tell_waiting()
    for note in notes[7:]:
        assert await report(feedback, note) is Told.SOON
    assert feedback.teller.messages == 0, "the new process has sent none"

    await feedback.forward(3600)
    await feedback.settled()

    assert feedback.teller.messages == 1
    assert len(told(feedback)) == 11


async def test_only_the_coach_reports_and_only_what_has_been_released_to_them(feedback):
    await feedback.set_dojo(safety_user_id=CONTACT.user_id)
    await feedback.coaching()
    note = await feedback.noted(OLU)
    with pytest.raises(NotReleased):
        await report(feedback, note)
    await feedback.released()

    for person in (CLIENT, OLU, CONTACT):
        with pytest.raises(NotInRound):
            await feedback.reports.report(feedback.round_id, person.user_id, note.id)
    with pytest.raises(NothingToShow):
        await feedback.reports.report(feedback.round_id, COACH.user_id, note.id + 1)
    assert told(feedback) == []


async def test_the_contact_has_a_note_erased_for_everybody(feedback):
    note = await released_note(feedback)
    await feedback.pads.look(feedback.round_id, OLU.user_id)
    await report(feedback, note)
    (report_id,) = told(feedback)
    with pytest.raises(NotAllowed):
        await feedback.reports.erase_note(report_id, COACH.user_id)

    await feedback.reports.erase_note(report_id, CONTACT.user_id)

    with pytest.raises(NothingToShow):
        await feedback.reports.open(report_id, CONTACT.user_id)
    assert [one.observer_user_id for one in await feedback.notes_on_disk()] == [PIA.user_id]
    assert len((await feedback.open()).moments) == 1
    await feedback.check_memory_is_the_disk(OLU)
    # Nothing of what a note says lingers in the file.
    assert all(SECRET.encode() not in one.read_bytes() for one in feedback.files())
    await feedback.reports.tell_waiting()
    assert told(feedback) == [report_id]
