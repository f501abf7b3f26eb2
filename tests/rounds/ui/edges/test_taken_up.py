"""A round that ended because too few people were left is taken up again."""

from __future__ import annotations

import pytest

from tests.rounds.ui.steps import (
    cards,
    coaching,
    custom_ids,
    lines,
    on_disk,
    private,
    rows,
    start,
    title,
)
from tests.rounds.ui.trouble import in_voice, leave, people_on, pinged
from tests.simulation.forged import click
from tests.simulation.world import labels, text, told

TAKE_UP = "Take it up again"
WAIT = 5 * 60


@pytest.fixture
def server(server):
    server.voice = server.handle.create_voice_channel("practice")
    return server


@pytest.fixture
async def voice(world, server):
    """A round of two that has ended, because the client lost the voice connection for too long."""
    group = await coaching(world, server, await in_voice(server, 2), channel=server.voice)
    await world.later(60)
    await group.client.leave_voice()
    await world.later(WAIT)
    assert title(group.card) == "⏹️ The round has ended"
    return group


async def test_the_person_who_was_gone_takes_it_up_with_one_press(world, voice):
    """B1: the clock stands where it stopped, and either of them starts it."""
    await voice.client.join_voice(voice.room)
    await voice.press(voice.client, TAKE_UP)

    assert title(voice.card) == "🗣️ Coaching"
    assert "**Paused**, with 14:30 left" in text(voice.card)
    assert people_on(voice.card)["client"] == voice.client.mention
    assert pinged(world, voice.card) == {voice.coach.id}
    await voice.press(voice.coach, "Resume")
    assert on_disk(world)["state"] == "running"
    assert TAKE_UP not in labels(cards(voice.room)[-2]), "the card of the end has no buttons left"


async def test_the_other_one_takes_it_up_and_nobody_is_put_back(world, voice):
    """B1: who was gone comes back by a press of their own."""
    await voice.press(voice.coach, TAKE_UP)

    assert "The client’s seat is empty" in text(voice.card)
    assert people_on(voice.card)["client"] == f"{voice.client.mention} (has left)"
    sure = private(await voice.press(voice.coach, "Next"))
    alone = await voice.coach.click(sure, label="Next")
    assert told(alone).startswith("You are the only one here.")
    answer = await voice.press(voice.client, "Come back")
    assert "🙋 Client" in text(private(answer))
    assert people_on(voice.card)["client"] == voice.client.mention
    await voice.press(voice.coach, "Resume")
    assert on_disk(world)["state"] == "running"


async def test_it_ends_again_when_nobody_comes_back(world, voice):
    """B1: and can be taken up for five minutes more."""
    await voice.press(voice.coach, TAKE_UP)
    await world.later(WAIT)

    assert title(voice.card) == "⏹️ The round has ended"
    assert TAKE_UP in labels(voice.card)
    await voice.press(voice.client, TAKE_UP)
    assert "**Paused**, with 14:30 left" in text(voice.card)


async def test_after_five_minutes_it_says_what_to_do_instead(world, voice):
    """B1: the button stays on the card."""
    assert "works until" in text(voice.card)
    await world.later(WAIT)
    answer = await voice.press(voice.client, TAKE_UP)

    assert told(answer).startswith("A round can be taken up again for five minutes after its end.")
    assert on_disk(world)["state"] == "ended"


async def test_a_restart_in_between_changes_nothing(world, voice):
    """B1: what has ended is on disk alone."""
    await world.away(120)
    await voice.press(voice.client, TAKE_UP)
    assert "**Paused**, with 14:30 left" in text(voice.card)
    await world.away(20)
    await voice.press(voice.coach, "Resume")

    assert on_disk(world)["state"] == "running"


async def test_two_take_it_up_at_once(world, voice):
    """B1: the second one reads that it goes on."""
    ended = voice.card
    id_ = custom_ids(ended)[TAKE_UP]
    await voice.client.click(ended, label=TAKE_UP)
    answer = await click(voice.coach, voice.room, id_, on=ended)

    assert told(answer).startswith("The round goes on already")
    assert sum(title(card) == "🗣️ Coaching" for card in cards(voice.room) if "### " in text(card))


async def test_a_stranger_takes_nothing_up(world, server, voice):
    """B1."""
    zoe = server.member("zoe")
    answer = await voice.press(zoe, TAKE_UP)
    assert told(answer).startswith("You are not in this round.")
    await voice.press(voice.coach, TAKE_UP)
    answer = await voice.press(zoe, "Come back")
    assert told(answer).startswith("You are not in this round.")


async def test_not_where_another_round_is_by_now(world, server, voice):
    """B1."""
    ended = voice.card
    people = [server.member("ann"), server.member("ben")]
    await start(people[0], voice.room, *people)
    answer = await voice.client.click(ended, label=TAKE_UP)

    assert told(answer).startswith(f"There is a round in {voice.room.mention} already")


async def test_not_with_someone_who_is_in_another_round_by_now(world, server, voice):
    """B1."""
    other = await coaching(world, server, [voice.coach, server.member("zoe")])
    answer = await voice.press(voice.client, TAKE_UP)

    assert "is in another round that is running" in told(answer)
    assert {row["state"] for row in rows(world, "rounds")} == {"ended", "running"}
    assert title(other.card) == "🗣️ Coaching"


async def test_a_round_that_someone_left_by_a_press_can_be_taken_up(world, server):
    """B1: both of a pair can, and who left is asked."""
    group = await coaching(world, server, 2)
    await leave(group, group.client)
    assert title(group.card) == "⏹️ The round has ended"
    await group.press(group.coach, TAKE_UP)

    assert "The client’s seat is empty" in text(group.card)
    assert lines(group.room) == []
    assert "has taken the round up again" in text(group.card)


async def test_a_round_that_was_ended_is_not_taken_up(world, server):
    """B1: someone wanted that."""
    group = await coaching(world, server, 2)
    sure = private(await group.press(group.coach, "End"))
    await group.coach.click(sure, label="End the round")

    assert TAKE_UP not in labels(group.card)


async def test_feedback_waits_as_long_as_it_can_be_taken_up(world, voice):
    """B1: nothing that was seen is read in the middle of a round."""
    answer = await voice.press(voice.coach, "Open my feedback")
    before = text(private(answer))
    await world.later(WAIT)
    answer = await voice.press(voice.coach, "Open my feedback")

    assert text(private(answer)) != before


async def test_the_rest_of_a_round_that_was_taken_up_comes_in_its_time(world, voice):
    """B1: each part with its card, and the end once more."""
    await voice.press(voice.client, TAKE_UP)
    await voice.press(voice.client, "Resume")
    await world.later(60 * 60)

    assert title(voice.card) == "🌿 The round is complete"
    titles = [title(card) for card in cards(voice.room) if "### " in text(card)]
    assert titles.count("🌿 The round is complete") == 1
