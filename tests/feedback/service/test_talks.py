"""Asking to talk with the safety contact: for everybody in a round, and nothing of why."""

from __future__ import annotations

import asyncio

import pytest

from bot.dojos.model.refusals import NoSafetyContact, NotAllowed
from bot.feedback.model.refusals import NothingToShow
from bot.feedback.service.talks import Asked
from bot.rounds.model.refusals import NotInRound
from tests.feedback.service.practice import CLIENT, COACH, CONTACT, EVERYBODY, OLU, FeedbackPractice
from tests.people import MANAGER


async def in_round(feedback: FeedbackPractice) -> None:
    await feedback.set_dojo(safety_user_id=CONTACT.user_id)
    await feedback.coaching()


async def test_everybody_in_a_round_can_ask_and_nobody_else(feedback):
    """H9: not only the coach, and not only about a note."""
    await in_round(feedback)
    await feedback.rounds.people.leave(feedback.round_id, OLU)
    for person in EVERYBODY:
        assert await feedback.talks.ask(feedback.round_id, person.user_id) is Asked.TOLD
    assert feedback.teller.asked == [(CONTACT.user_id, one.user_id) for one in EVERYBODY]
    for person in (MANAGER, CONTACT):
        with pytest.raises(NotInRound):
            await feedback.talks.ask(feedback.round_id, person.user_id)


async def test_it_is_once_an_hour_also_with_two_clicks_and_after_a_restart(feedback):
    """H9: nobody can send a contact messages endlessly."""
    await in_round(feedback)
    key = (feedback.round_id, CLIENT.user_id)
    both = await asyncio.gather(feedback.talks.ask(*key), feedback.talks.ask(*key))
    assert sorted(both) == [Asked.ALREADY, Asked.TOLD]
    await feedback.restart(away=60)
    assert await feedback.talks.ask(*key) is Asked.ALREADY
    await feedback.forward(3600)
    assert await feedback.talks.ask(*key) is Asked.TOLD


async def test_it_is_for_the_contact_who_was_asked_and_nobody_else(feedback):
    """S15: a later contact does not learn who wanted to talk with the one before."""
    await in_round(feedback)
    await feedback.talks.ask(feedback.round_id, CLIENT.user_id)
    (row,) = await feedback.database.all("SELECT * FROM talk_requests")
    await feedback.set_dojo(safety_user_id=MANAGER.user_id)

    for person in (MANAGER, COACH, CLIENT):
        with pytest.raises(NotAllowed):
            await feedback.talks.open(row["id"], person.user_id)
    assert (await feedback.talks.open(row["id"], CONTACT.user_id)).user_id == CLIENT.user_id
    with pytest.raises(NothingToShow):
        await feedback.talks.open(row["id"] + 1, CONTACT.user_id)


async def test_a_contact_who_left_the_server_learns_no_longer_who_asked(feedback):
    """S14, S15: rights belong to the place."""
    await in_round(feedback)
    await feedback.talks.ask(feedback.round_id, CLIENT.user_id)
    (row,) = await feedback.database.all("SELECT * FROM talk_requests")
    feedback.teller.gone = {CONTACT.user_id}
    with pytest.raises(NotAllowed):
        await feedback.talks.open(row["id"], CONTACT.user_id)


async def test_a_contact_who_cannot_be_reached_is_asked_again(feedback):
    await in_round(feedback)
    feedback.teller.reaches = False
    assert await feedback.talks.ask(feedback.round_id, CLIENT.user_id) is Asked.LATER
    assert await feedback.talks.ask(feedback.round_id, OLU.user_id) is Asked.LATER
    feedback.teller.reaches = True
    await feedback.forward(601)
    await feedback.settled()
    assert {user for _, user in feedback.teller.asked} == {CLIENT.user_id, OLU.user_id}
    await feedback.talks.tell_waiting()
    assert len(feedback.teller.asked) == 2


async def test_a_person_who_cannot_be_asked_is_said(feedback):
    """H9: nobody named, gone from the server, or the very person who asks."""
    await feedback.coaching()
    found = []
    for contact, gone in ((None, set()), (CONTACT, {CONTACT.user_id}), (CLIENT, set())):
        await feedback.set_dojo(safety_user_id=contact and contact.user_id)
        feedback.teller.gone = gone
        with pytest.raises(NoSafetyContact) as refused:
            await feedback.talks.ask(feedback.round_id, CLIENT.user_id)
        found.append(refused.value.why)
    assert found == ["none", "gone", "yourself"]
    assert await feedback.database.all("SELECT * FROM talk_requests") == []


async def test_a_person_who_asked_is_told_when_the_contact_left_before_they_were_reached(feedback):
    await in_round(feedback)
    feedback.teller.reaches = False
    await feedback.talks.ask(feedback.round_id, CLIENT.user_id)
    feedback.teller.gone = {CONTACT.user_id}
    await feedback.restart(away=10)
    feedback.teller.gone = {CONTACT.user_id}
    await feedback.talks.tell_waiting()
    assert feedback.teller.unreached == [CLIENT.user_id]
    assert await feedback.database.all("SELECT * FROM talk_requests") == []


async def test_a_request_is_erased_after_thirty_days(feedback):
    await in_round(feedback)
    await feedback.talks.ask(feedback.round_id, CLIENT.user_id)
    await feedback.forward(29 * 86_400)
    feedback.hear_time()
    await feedback.retention.purge()
    assert len(await feedback.database.all("SELECT * FROM talk_requests")) == 1
    await feedback.forward(2 * 86_400)
    feedback.hear_time()
    await feedback.retention.purge()
    assert await feedback.database.all("SELECT * FROM talk_requests") == []
