"""**Again, roles rotated**: another round of the same people, by one press."""

from __future__ import annotations

import pytest

from bot.rounds.model.asking import WhoMayAsk
from bot.rounds.service.asking import AskingService
from tests.rounds.ui.steps import (
    cards,
    coaching,
    custom_ids,
    on_disk,
    private,
    rows,
    silently,
    start,
    title,
)
from tests.rounds.ui.trouble import leave, people_on, pinged
from tests.simulation.forged import click
from tests.simulation.world import labels, text, told

AGAIN = "Again, roles rotated"
NEXT = "🔄 Another round, roles rotated"


@pytest.fixture
async def over(world, server):
    """A triad whose round is complete."""
    group = await coaching(world, server)
    await world.later(40 * 60)
    assert title(group.card) == "🌿 The round is complete"
    return group


async def test_one_press_asks_the_same_people_with_their_roles_rotated(world, over):
    """B3: in the same room, with the agreement in short form."""
    answer = await over.press(over.client, AGAIN)

    assert silently(answer)
    assert title(over.card) == NEXT
    assert people_on(over.card) == {
        "coach": over.observer.mention,
        "client": over.coach.mention,
        "observers": over.client.mention,
    }
    assert pinged(world, over.card) == {one.id for one in over.people}
    assert len(text(over.card).split()) <= 90
    assert {row["state"] for row in rows(world, "rounds")} == {"ended", "proposed"}


async def test_it_begins_when_each_has_said_yes_again(world, over):
    """B3: nobody is put into a round."""
    await over.press(over.client, AGAIN)
    card = over.card
    await over.coach.click(card, label="Agree, with notes")
    await over.client.click(card, label="Agree, without notes")
    assert title(over.card) == NEXT
    await over.observer.click(card, label="Agree, with notes")

    assert title(over.card) == "📜 Agree"
    assert people_on(over.card)["coach"] == over.observer.mention


async def test_a_third_round_follows_the_second(world, over):
    """B3: everybody has coached then."""
    await over.press(over.client, AGAIN)
    await over.agree()
    await world.later(40 * 60)
    await over.press(over.observer, AGAIN)

    assert people_on(over.card)["coach"] == over.client.mention


async def test_two_press_at_once_and_there_is_one_round(world, over):
    """B3."""
    card, id_ = over.card, custom_ids(over.card)[AGAIN]
    await over.client.click(card, label=AGAIN)
    answer = await click(over.coach, over.room, id_, on=card)

    assert told(answer).startswith("The next round is asked for already")
    assert len(rows(world, "rounds")) == 2


async def test_a_restart_in_between_changes_nothing(world, over):
    """B3."""
    await world.away(600)
    await over.press(over.client, AGAIN)
    await world.away(20)
    assert title(over.card) == NEXT
    await over.agree()

    assert title(over.card) == "📜 Agree"


async def test_the_role_is_an_offer(world, over):
    """B3: who would rather observe does, and the first who takes the seat has it."""
    await over.press(over.client, AGAIN)
    answer = await over.press(over.observer, "I would rather observe")
    assert "You are asked to observe" in text(private(answer))
    assert people_on(over.card)["coach"] == "nobody"
    asked = private(await over.press(over.client, "I will coach"))
    await over.client.click(asked, label="Take it, with notes")
    await over.agree(over.coach, over.observer)

    assert title(over.card) == "📜 Agree"
    assert people_on(over.card)["coach"] == over.client.mention


async def test_who_cannot_come_does_not_call_it_off(world, over):
    """B3: the others go on."""
    await over.press(over.client, AGAIN)
    sure = private(await over.press(over.observer, "I cannot come"))
    assert "the seat is open to everybody else" in text(sure)
    await over.observer.click(sure, label="I cannot come")

    assert "Empty: the coach’s seat" in text(over.card)
    assert title(over.card) == NEXT


async def test_who_has_left_is_not_asked(world, server):
    """B3: and the format is one for as many as there are."""
    group = await coaching(world, server, 4)
    await world.later(25 * 60)
    await leave(group, group.people[3])
    await world.later(20 * 60)
    await group.press(group.coach, AGAIN)

    assert group.people[3].mention not in text(group.card)


async def test_who_does_not_want_to_be_asked_is_not(world, over):
    """B3: what people chose about being asked holds."""
    await world.bot.services[AskingService].choose(over.coach.id, WhoMayAsk.NOBODY)
    answer = await over.press(over.client, AGAIN)

    assert "cannot be asked into rounds right now" in told(answer)
    assert len(rows(world, "rounds")) == 1


async def test_not_where_another_round_is(world, server, over):
    """B3."""
    card = over.card
    await start(over.coach, over.room, over.coach, over.client)
    answer = await over.client.click(card, label=AGAIN)

    assert told(answer).startswith("There is a round in")


async def test_not_after_a_round_that_was_broken_off(world, server):
    """B3: someone had a reason to."""
    group = await coaching(world, server)
    sure = private(await group.press(group.coach, "End"))
    await group.coach.click(sure, label="End the round")

    assert AGAIN not in labels(group.card)
    assert on_disk(world)["ending"] == "stopped"


async def test_the_whole_agreement_is_one_press_away(world, over):
    """B3."""
    await over.press(over.client, AGAIN)
    answer = await over.press(over.observer, "Read the agreement")

    assert "You are asked to be the **coach**" in text(private(answer))
    assert len(cards(over.room)) > 0
