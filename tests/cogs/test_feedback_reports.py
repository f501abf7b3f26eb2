"""Reporting a note: the dojo's safety contact sees that note alone."""

from __future__ import annotations

import pytest

from tests.cogs.feedback_steps import (
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
from tests.cogs.round_edge_steps import NO_DMS, pinged, refusing
from tests.cogs.round_steps import cards, coaching, posts, private, rows
from tests.world import labels, text, told


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
    # Whoever presses there is not the contact, and sees nothing.
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


async def test_a_note_is_not_reported_to_whoever_wrote_it_or_reports_it(world, server):
    group, full = await full_of(world, server)
    for contact, why in ((group.observer, "wrote this note"), (group.coach, "is you")):
        await named(server, contact)
        one = await about_note(group, full, 1)

        answer = (await press(world, group.coach, one, "Report a note")).response

        assert why in text(answer)
        assert labels(answer) == ["Back to my feedback"]
        full = (await press(world, group.coach, answer, "Back to my feedback")).response
    assert rows(world, "reports") == []
