"""H13: a dojo's own support line, where its people can turn when it gets too much."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dojos.service.dojos import DojoService
from tests.dojos.ui.steps import settings_of
from tests.feedback.ui.steps import press
from tests.feedback.ui.test_reports import ask_to_talk, named
from tests.rounds.ui.steps import as_posted, cards, coaching, private, proposed, rows
from tests.rounds.ui.trouble import NO_DMS, leave_by, refusing, role_of
from tests.simulation.forged import click, said, submit
from tests.simulation.world import fields, labels, text, told

BUTTON = "Support line…"
LINE = "Ana Rossi, or call 116 123"
SHOWN = f"🛟 **Support line:** {LINE}"
TALK = "Talk to the safety contact"
NONE_YET = "**Support line:** none yet. It tells people where they can turn when it gets too much."


async def form_of(server, by) -> Any:
    card = (await by.slash(server.dojo, "dojo settings")).response
    return await by.click(card, label=BUTTON)


async def say(server, line: str) -> Any:
    """A facilitator sets the support line; what they are answered."""
    fay = server.manager(f"sayer-{len(server.handle.member_ids())}")
    return await fay.submit_modal(await form_of(server, fay), {"line": line})


def line_now(world, server) -> str:
    return world.bot.services[DojoService].get(server.dojo.id).settings.support_line


def about_round(world, what: str) -> str:
    """The id of a button of the one round, as an older card has it."""
    (row,) = rows(world, "rounds")
    return f"dojo:1:round:{row['id']}:{what}"


async def test_it_is_set_in_a_form_of_its_own_survives_a_restart_and_is_taken_away(world, server):
    """H13: other settings stay as they are, and other forms leave it as it is."""
    await named(server, server.member("sal"))
    assert NONE_YET in await settings_of(server)

    answer = await say(server, f"  {LINE}\n")

    assert answer.response.ephemeral
    assert "## Saved" in text(answer.response)
    assert f"**Support line:** {LINE}\n" in text(answer.response)
    await server.set_up(format=["pair-25"])
    before = rows(world, "dojos")
    await world.restart()
    assert line_now(world, server) == LINE
    fay = server.manager()
    form = await form_of(server, fay)
    assert fields(form)["line"]["value"] == LINE

    answer = await fay.submit_modal(form, {"line": " "})

    assert NONE_YET in text(answer.response)
    assert rows(world, "dojos") == [{**row, "support_line": ""} for row in before]


async def test_a_dojo_that_was_stopped_and_brought_back_still_has_it(world, server):
    """H13: kept as other settings are; a form from before changes nothing, and rounds go on."""
    await say(server, LINE)
    group = await proposed(world, server, in_room=False)
    asking = cards(server.dojo)[-1]
    fay = server.manager()
    form = await form_of(server, fay)
    await server.stop()
    refused = await fay.submit_modal(form, {"line": "Somebody else"})
    assert "This channel is not a dojo" in told(refused)
    await group.press(group.coach, "Agree, with notes")
    assert SHOWN in text(group.card)
    assert SHOWN in text(private(await group.client.click(asking, label="Read and answer")))

    await server.set_up()

    assert line_now(world, server) == LINE


async def test_a_person_who_may_not_configure_neither_opens_nor_sends_the_form(world, server):
    """H13: asked at each press and at the sending; a forged form is refused as well."""
    await say(server, LINE)
    fay, carla = server.manager(), server.member("carla")
    card = (await fay.slash(server.dojo, "dojo settings")).response
    form = await fay.click(card, label=BUTTON)
    server.take_role(fay, server.managers)
    await world.later(1)
    about = f"dojo:1:dojo-support:{server.dojo.id}"

    answers = [
        await fay.click(card, label=BUTTON),
        await fay.submit_modal(form, {"line": "Mallory"}),
        await click(carla, server.dojo, "dojo:1:dojo:support", on=card),
        await submit(carla, server.dojo, about, {"line": "Mallory"}),
    ]

    assert [one.modal for one in answers] == [None] * 4
    assert all("That is for people with **Manage Channels**" in said(one) for one in answers)
    assert line_now(world, server) == LINE


async def test_two_hundred_characters_are_kept_and_one_more_is_refused_not_cut(world, server):
    """H13: half a phone number helps nobody."""
    fay = server.manager()
    assert fields(await form_of(server, fay))["line"]["max_length"] == 200
    await say(server, "a" * 200)
    assert line_now(world, server) == "a" * 200

    about = f"dojo:1:dojo-support:{server.dojo.id}"
    refused = await submit(fay, server.dojo, about, {"line": "b" * 201})

    assert "has 200 characters at most, and this one has 201. Nothing was changed." in told(refused)
    assert line_now(world, server) == "a" * 200


async def test_markdown_and_mentions_in_it_do_nothing_and_a_plain_link_can_be_pressed(
    world, server
):
    """H13: as all typed words; it stands on a card that does notify people."""
    await say(server, "# **Ana** <@1> @everyone [here](https://evil.example) https://example.org")

    group = await proposed(world, server, channel=server.thread())

    shown = text(group.card)
    typed = r"\# \*\*Ana\*\* \<@1\> @everyone \[here](https\://evil.example)"
    typed = typed.replace("@everyone", "@\u200beveryone")
    assert f"🛟 **Support line:** {typed} https://example.org\n" in shown
    # `mentions` also asserts that nothing is parsed for mentions, and no role notified.
    posted = as_posted(world, group.room, group.card)
    assert posted.mentions == {person.id for person in group.people}


@pytest.mark.parametrize("has_contact", [True, False])
async def test_it_is_on_the_agreement_the_moment_and_the_role_cards(world, server, has_contact):
    """H13: the role card has one way to turn: the contact where there is one, else the line."""
    if has_contact:
        await named(server, server.member("sal"))
    await say(server, LINE)
    group = await proposed(world, server, in_room=False)
    moment_line = f"If it gets too much, press **I need a moment**. {SHOWN}\n"
    assert moment_line in text(group.card)
    asked = private(await group.client.click(cards(server.dojo)[-1], label="Read and answer"))
    assert moment_line in text(asked)
    role = private(await group.coach.slash(group.room, "round now"))
    assert (TALK in labels(role), SHOWN in text(role)) == (has_contact, not has_contact)

    group = await coaching(world, server, [server.member(name) for name in ("ria", "sol", "tom")])

    for person in group.people:
        role = await role_of(group, person)
        assert (TALK in labels(role), SHOWN in text(role)) == (has_contact, not has_contact)
    assert SHOWN in text(private(await group.press(group.client, "I need a moment")))
    await leave_by(group.observer, role)
    role = await role_of(group, group.observer)
    assert (TALK in labels(role), SHOWN in text(role)) == (has_contact, not has_contact)


async def test_it_is_on_the_cards_about_the_safety_contact(world, server):
    """H13: before the request, after it, and in the message that says nobody was reached."""
    sal = server.member("sal")
    await named(server, sal)
    await say(server, LINE)
    group = await coaching(world, server)
    asked = await ask_to_talk(group, group.client)
    assert SHOWN in text(asked)
    with refusing(world, 403, NO_DMS, room=sal.user.dm_channel), refusing(world, 403):
        sent = (await press(world, group.client, asked, "Send it")).response
    assert "I could not reach them yet" in text(sent)
    assert SHOWN in text(sent)

    server.handle.remove_member(sal)
    await world.away(60 * 60)

    (unreached,) = group.client.user.dm_channel.history()
    assert "left the server before I could reach them" in text(unreached)
    assert SHOWN in text(unreached)


async def test_where_there_is_nobody_to_ask_the_refusal_offers_the_line(world, server):
    """H13: the button of an older card, also once the channel is a dojo no longer."""
    await say(server, LINE)
    group = await coaching(world, server)
    role = await role_of(group, group.observer)
    for is_stopped in (False, True):
        if is_stopped:
            await server.stop()
            await world.later(1)
        answer = await click(group.observer, group.room, about_round(world, "talk"), on=role)
        assert "speak with a facilitator yourself; nothing was sent." in told(answer)
        assert told(answer).endswith(f"\n{SHOWN}")
    assert SHOWN in text(private(await group.press(group.client, "I need a moment")))


async def test_the_contact_is_not_offered_to_themselves(world, server):
    """H9, H13: in a round of their own the contact has the support line instead."""
    await say(server, LINE)
    group = await coaching(world, server)
    await named(server, group.observer)

    role = await role_of(group, group.observer)

    assert TALK not in labels(role)
    assert SHOWN in text(role)
    assert TALK in labels(await role_of(group, group.client))


async def test_without_contact_and_line_nothing_is_offered(world, server):
    """H13: no empty label anywhere."""
    group = await coaching(world, server)

    role = await role_of(group, group.client)
    moment = private(await group.press(group.client, "I need a moment"))

    assert TALK not in labels(role)
    assert "Support line" not in text(role) + text(moment)
