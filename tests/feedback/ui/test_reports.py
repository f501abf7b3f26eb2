"""Reporting a note: the dojo's safety contact sees that note alone."""

from __future__ import annotations

import pytest
from simcord.backend import serializers
from simcord.enums import ComponentType, InteractionType

from tests.feedback.ui.steps import (
    SEEN,
    SIGNAL,
    about_note,
    feedback_of,
    next_part,
    pad_of,
    press,
    quote,
    released,
    tap,
)
from tests.rounds.ui.steps import cards, coaching, posts, private, rows
from tests.rounds.ui.trouble import NO_DMS, pinged, refusing
from tests.simulation.forged import click
from tests.simulation.world import labels, text, told


async def named(server, contact) -> None:
    """The facilitators name a safety contact."""
    fay = server.manager(f"namer-{contact.name}")
    card = (await fay.slash(server.dojo, "dojo settings")).response
    form = await fay.click(card, label="Privacy and safety")
    typed = {
        "contact": [contact],
        "days": "30",
        "months": "12",
        "attendance": "24",
        "names": "shown",
    }
    await fay.submit_modal(form, typed)


@pytest.fixture
def sal(server):
    return server.member("sal")


async def forged_click(actor, channel, custom_id, message):
    """A click on a button that stands on an older card."""
    assert message is not None
    backend = actor._env.backend
    source = backend.messages[channel.id].get(message.id)
    extra = {"message": dict(serializers.message_payload(backend, source))} if source else None
    data = {"custom_id": custom_id, "component_type": ComponentType.BUTTON}
    return await actor._dispatch_interaction(
        InteractionType.MESSAGE_COMPONENT,
        channel,
        data,
        extra=extra,
        source_message_id=message.id,
    )


async def full_of(world, server):
    """A round with two notes with words, and its feedback."""
    group = await coaching(world, server)
    pad = await pad_of(group, group.observer)
    for side, words in ((SEEN, "And then?"), (SIGNAL, "That was rude")):
        pad = await tap(group, group.observer, pad, side, after=60)
        pad = await quote(group, group.observer, pad, words)
    await next_part(group)
    return group, await released(group)


async def report(group, full, number: int = 1):
    """The coach reports one of the notes; what they are shown."""
    one = await about_note(group, full, number)
    asked = (await press(group.world, group.coach, one, "Report a note")).response
    assert "sees this note alone" in text(asked)
    return (await press(group.world, group.coach, asked, "Report it")).response


def notice_to(person):
    return person.user.dm_channel.history()[-1]


async def test_the_safety_contact_is_told_and_sees_that_note_alone(world, server, sal):
    await named(server, sal)
    group, full = await full_of(world, server)
    before = [post.id for post in [*posts(server.dojo), *posts(group.room)]]

    said = await report(group, full)
    assert "The safety contact has been told, and can open the note." in text(said)
    notice = notice_to(sal)
    assert "rude" not in text(notice)
    assert group.observer.name not in text(notice)
    opened = private(await sal.user.click(notice, label="Open the note"))

    assert "“That was rude”" in text(opened)
    assert f"Noted by {group.observer.mention} about {group.coach.mention}" in text(opened)
    assert "And then?" not in text(opened), "no other note of the round"
    assert [post.id for post in [*posts(server.dojo), *posts(group.room)]] == before
    # A second report of the same note says nothing new to anybody.
    await report(group, await feedback_of(group, group.coach))
    assert len(sal.user.dm_channel.history()) == 1


async def test_the_safety_contact_can_have_the_note_erased(world, server, sal):
    await named(server, sal)
    group, full = await full_of(world, server)
    await report(group, full)
    card = private(await sal.user.click(notice_to(sal), label="Open the note"))

    await press(world, sal.user, card, "Erase this note…")
    await press(world, sal.user, card, "Keep it")
    assert "“That was rude”" in text(card)
    await press(world, sal.user, card, "Erase this note…")
    await press(world, sal.user, card, "Erase it")

    assert "The note is erased." in text(card)
    assert [row["quote"] for row in rows(world, "notes")] == ["And then?"]
    assert "rude" not in text(await feedback_of(group, group.coach))
    assert "rude" not in text(await feedback_of(group, group.observer))
    await world.later(1)
    again = await sal.user.click(notice_to(sal), label="Open the note")
    assert "That note or report is gone" in told(again)


async def test_with_closed_direct_messages_the_contact_is_told_in_the_dojo(world, server, sal):
    await named(server, sal)
    group, full = await full_of(world, server)

    with refusing(world, 403, NO_DMS, room=sal.user.dm_channel):
        said = await report(group, full)

    assert "The safety contact has been told" in text(said)
    notice = cards(server.dojo)[-1]
    assert sal.mention in text(notice)
    assert "rude" not in text(notice)
    assert pinged(world, notice) == {sal.id}
    # The person who presses there is not the contact, and sees nothing.
    for person in (group.coach, group.observer, server.manager()):
        answer = await person.click(notice, label="Open the note")
        assert "rude" not in told(answer)
    opened = private(await sal.click(notice, label="Open the note"))
    assert "“That was rude”" in text(opened)


async def test_a_contact_who_cannot_be_reached_is_told_at_the_next_start(world, server, sal):
    await named(server, sal)
    group, full = await full_of(world, server)

    with refusing(world, 503):
        one = await about_note(group, full, 1)
        asked = (await press(world, group.coach, one, "Report a note")).response
        said = (await press(world, group.coach, asked, "Report it")).response
    assert "I could not reach the safety contact yet" in text(said)
    await world.restart()

    assert labels(notice_to(sal)) == ["Open the note"]
    assert [row["told_at"] is not None for row in rows(world, "reports")] == [True]


async def test_without_a_safety_contact_it_is_said_who_can_name_one(world, server):
    group, full = await full_of(world, server)

    one = await about_note(group, full)
    answer = await press(world, group.coach, one, "Report a note")

    assert "This dojo has named no safety contact" in told(answer)
    assert "nothing was sent" in told(answer)
    assert rows(world, "reports") == []


async def test_a_note_is_not_reported_to_anybody_of_its_round(world, server):
    """S15: the author of a note cannot be named contact; which of them wrote it is not said."""
    group, full = await full_of(world, server)
    said = []
    for contact in (group.observer, group.client, group.coach):
        await named(server, contact)
        one = await about_note(group, full, 1)
        said.append(told(await press(world, group.coach, one, "Report a note")))
        full = (await press(world, group.coach, one, "Back to my feedback")).response
    assert len(set(said)) == 1
    assert "took part in this round" in said[0]
    assert rows(world, "reports") == []


async def test_the_author_who_is_named_contact_after_the_question_gets_nothing(world, server, sal):
    """S15: the last click looks again; an older card asks again for whom it would be."""
    await named(server, sal)
    group, full = await full_of(world, server)
    one = await about_note(group, full, 1)
    asked = (await press(world, group.coach, one, "Report a note")).response
    await named(server, group.observer)

    refused = await press(world, group.coach, asked, "Report it")
    assert "took part in this round" in text(private(refused))
    tom = server.member("tom")
    await named(server, tom)
    again = (await press(world, group.coach, asked, "Report it")).response
    assert f"{tom.mention}, the safety contact of this dojo" in text(again)
    assert rows(world, "reports") == []
    (round_,), notes = rows(world, "rounds"), rows(world, "notes")
    old = f"dojo:1:round:{round_['id']}:report-indeed:{notes[1]['id']}"
    stale = await forged_click(group.coach, group.room, old, again)
    assert f"{tom.mention}, the safety contact" in text(stale.response)
    assert rows(world, "reports") == []


async def test_a_contact_named_later_does_not_open_older_reports(world, server, sal):
    """S15: nor the facilitator who names herself, from the card in the dojo channel."""
    await named(server, sal)
    group, full = await full_of(world, server)
    with refusing(world, 403, NO_DMS, room=sal.user.dm_channel):
        await report(group, full)
    notice = cards(server.dojo)[-1]
    fay = server.manager()
    await named(server, fay)

    answer = await fay.click(notice, label="Open the note")

    assert "rude" not in told(answer)
    await world.later(2)
    opened = text(private(await sal.click(notice, label="Open the note")))
    assert "“That was rude”" in opened
    assert "Ask the person who reported what they want" in opened, "H10"


async def test_a_contact_who_left_the_server_is_not_told_and_the_coach_learns_it(
    world, server, sal
):
    """S15: the reporter is told how to go on."""
    await named(server, sal)
    group, full = await full_of(world, server)
    server.handle.remove_member(sal)
    one = await about_note(group, full, 1)

    answer = told(await press(world, group.coach, one, "Report a note"))

    assert "is no longer in this server" in answer
    assert "speak with a facilitator" in answer
    assert rows(world, "reports") == []


async def test_a_contact_who_left_the_server_opens_no_note_any_more(world, server, sal):
    """S14, S15: rights belong to the place, also by a message sent before."""
    await named(server, sal)
    group, full = await full_of(world, server)
    await report(group, full, 1)
    notice = notice_to(sal)
    server.handle.remove_member(sal)

    answer = told(await sal.user.click(notice, label="Open the note"))

    assert answer.startswith("Only the safety contact it was sent to can open this")


async def test_several_reports_come_in_one_message(world, server, sal):
    """S9: the second report waits for the end of the hour, and each note opens by itself."""
    await named(server, sal)
    group = await coaching(world, server)
    pad = await pad_of(group, group.observer)
    for side, words in ((SEEN, "One"), (SIGNAL, "Two"), (SEEN, "Three")):
        pad = await tap(group, group.observer, pad, side, after=60)
        pad = await quote(group, group.observer, pad, words)
    await next_part(group)
    full = await released(group)
    said = []
    for number in range(3):
        said.append(text(await report(group, full, number)))
        full = await feedback_of(group, group.coach)
    assert "has been told" in said[0]
    assert "within the hour" in said[1]
    assert len(sal.user.dm_channel.history()) == 1
    await world.later(3600)

    assert len(sal.user.dm_channel.history()) == 2
    notice = notice_to(sal)
    assert "2 notes from a practice round" in text(notice)
    assert labels(notice) == ["Open note 1", "Open note 2"]
    assert "Three" in text(private(await sal.user.click(notice, label="Open note 2")))


# Talking with someone


async def ask_to_talk(group, person):
    """Someone presses it in My role now; the question they are shown."""
    role = private(await group.press(person, "My role now"))
    return private(await press(group.world, person, role, "Talk to the safety contact"))


async def test_everybody_in_a_round_can_ask_to_talk_with_the_contact(world, server, sal):
    """H9: client and observer as well; the contact gets a name and nothing else."""
    await named(server, sal)
    group = await coaching(world, server)
    before = [post.id for post in [*posts(server.dojo), *posts(group.room)]]
    for person in (group.client, group.observer):
        asked = await ask_to_talk(group, person)
        assert sal.mention in text(asked)
        await press(world, person, asked, "Not now")
        assert rows(world, "talk_requests") == [] or person is group.observer
        asked = await ask_to_talk(group, person)
        sent = (await press(world, person, asked, "Send it")).response
        assert "They will get in touch with you." in text(sent)
        assert f"{person.mention} would like to talk with you" in text(notice_to(sal))
        assert group.room.mention not in text(notice_to(sal))
    # A second time within the hour nothing is sent.
    asked = await ask_to_talk(group, group.client)
    assert "nothing was sent twice" in text(
        (await press(world, group.client, asked, "Send it")).response
    )
    assert len(sal.user.dm_channel.history()) == 2
    assert [post.id for post in [*posts(server.dojo), *posts(group.room)]] == before


async def test_with_closed_direct_messages_nobody_else_learns_who_wants_to_talk(world, server, sal):
    """H9: the line in the dojo names nobody but the contact, who opens it in private."""
    await named(server, sal)
    group = await coaching(world, server)
    asked = await ask_to_talk(group, group.client)
    with refusing(world, 403, NO_DMS, room=sal.user.dm_channel):
        await press(world, group.client, asked, "Send it")
    notice = cards(server.dojo)[-1]
    assert group.client.mention not in text(notice)
    assert "talk" not in text(notice)
    assert pinged(world, notice) == {sal.id}
    for person in (group.coach, server.manager()):
        answer = await person.click(notice, label="Open the message")
        assert group.client.mention not in told(answer)
    opened = private(await sal.click(notice, label="Open the message"))
    assert f"{group.client.mention} would like to talk with you" in text(opened)


async def test_without_a_contact_it_is_said_whom_else_to_speak_with(world, server):
    """H9: the button of a card from before, when there was one, says what to do."""
    group = await coaching(world, server)
    role = private(await group.press(group.observer, "My role now"))
    assert "Talk to the safety contact" not in labels(role)
    about = f"dojo:1:round:{rows(world, 'rounds')[0]['id']}:talk"
    answer = await click(group.observer, group.room, about, on=role)
    assert "has named no safety contact" in told(answer)
    assert "speak with a facilitator" in told(answer)
