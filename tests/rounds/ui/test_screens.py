"""What rounds look like to those who play them: nothing stale, nothing that never works."""

from __future__ import annotations

import discord

from bot.rehearsal import simulation
from tests.rounds.ui.steps import cards, coaching, private, proposed, rows, running, start, title
from tests.rounds.ui.trouble import leave
from tests.simulation.world import labels, text, texts

ALL_BUT_PRIVATE = discord.Permissions.all()
ALL_BUT_PRIVATE.update(administrator=False, create_private_threads=False, manage_threads=False)


# Started for others


async def test_one_who_starts_a_round_for_others_begins_it_without_seeing_their_thread(
    world, server
):
    fay = server.member("fay")
    group = await proposed(world, server, by=fay)
    answer = private(group.answer)
    assert "is in a private thread of its people" in text(answer)
    assert str(group.room.id) not in text(answer)
    for one in (group.coach, group.client):
        await group.press(one, "Agree, with notes")

    await fay.click(answer, label="Begin now")

    assert title(group.card) == "📜 Agree"
    (redrawn,) = [one for one in server.dojo.history(viewer=fay) if one.id == answer.id]
    assert text(redrawn) == "▶️ The round has begun."
    assert labels(redrawn) == []


async def test_a_person_who_starts_a_round_for_others_can_call_it_off_without_seeing_it(
    world, server
):
    fay = server.member("fay")
    group = await proposed(world, server, by=fay)
    change = await fay.click(private(group.answer), label="Change…")

    await fay.click(private(change), label="Call it off")

    assert title(group.card) == "📭 The round is called off"


async def test_a_person_who_can_see_the_agreement_has_its_buttons_there_alone(world, server):
    simulation.restrict_bot(world.env, server.handle, ALL_BUT_PRIVATE)
    group = await proposed(world, server, by=server.manager())

    assert f"is in <#{group.room.id}>" in text(private(group.answer))
    assert labels(private(group.answer)) == []


# Nothing stale


async def test_a_moment_that_is_over_leaves_no_buttons_behind(world, server):
    group = await coaching(world, server)
    moment = private(await group.press(group.client, "I need a moment"))

    await group.client.click(moment, label="Resume")

    (redrawn,) = [one for one in group.room.history(viewer=group.client) if one.id == moment.id]
    assert text(redrawn) == "▶️ The clock is running."
    assert labels(redrawn) == []


async def test_the_agreement_of_a_round_that_was_called_off_does_not_say_that_it_began(
    world, server
):
    group = await proposed(world, server)
    question = private(await group.press(group.client, "I cannot come"))

    await group.client.click(question, label="I cannot come")

    assert "The round does not take place." in text(cards(group.room)[0])
    assert "has begun" not in text(cards(group.room)[0])


async def test_a_round_that_ended_before_the_coaching_counts_none(world, server):
    group = await running(world, server, 2)

    await leave(group, group.client)

    assert rows(world, "rounds")[0]["ending"] == "alone"
    assert "of coaching" not in text(group.card)


# Someone left


async def test_people_are_named_with_their_role(world, server):
    """B2: a slip of the thumb is not a person sent away."""
    group = await running(world, server, 5)
    await leave(group, group.people[3])

    question = private(await group.press(group.coach, "Someone left"))

    names = ["carla · coach", "kim · client", "olu · observer", "ruth · observer"]
    assert labels(question) == names
    await group.coach.click(question, label="ruth · observer")
    assert f"{group.people[4].user.mention}: are you still here?" in text(group.card)


# Finding and choosing


async def test_formats_are_found_by_what_is_shown_of_them(server):
    carla = server.member("carla")

    shown = await carla.autocomplete(server.dojo, "round start", "format", "triad · 30 min · 3–4")

    assert [choice["value"] for choice in shown] == ["triad-30"]


async def test_advice_stands_apart_from_the_list_of_those_who_are_busy(world, server):
    group = await running(world, server, 3)
    ann, ben = server.member("ann"), server.member("ben")

    answer = private(await start(ann, server.dojo, group.coach, ann, ben))

    assert texts(answer)[1] == "Choose somebody else for that seat, or wait for the end."


def _lines(group) -> str:
    return "\n".join(message.content for message in group.room.history())
