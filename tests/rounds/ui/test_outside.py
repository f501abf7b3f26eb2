"""People who have to do with a round and do not read its room: each reads what is so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rounds.ui.asking.test_late_observers import knocks
from tests.rounds.ui.steps import coaching, private, proposed, running, title
from tests.rounds.ui.trouble import leave, leave_by, role_of
from tests.simulation.world import labels, text, told

OVER = "👀 The round that you asked to observe is over. You do not wait any more."


async def now(server, person) -> Any:
    """What `/round now` shows in the dojo."""
    return private(await person.slash(server.dojo, "round now"))


def written_to(person) -> list[str]:
    """The direct messages that a person got."""
    return [text(message) for message in person.user.dm_channel.history()]


async def answers(server, person) -> Any:
    """The private agreement of a person who is asked in the dojo."""
    return private(await person.click(server.dojo.history()[-1], label="Read and answer"))


# Who started it for others


async def test_who_starts_a_round_for_others_can_look_how_it_stands(world, server):
    """12 f5: before it begins, while it runs, and after it."""
    carla = server.member("starter")
    group = await proposed(world, server, 3, by=carla)
    card = private(group.answer)
    assert "shows how it stands" in text(card)
    await group.agree(group.coach)
    shown = await now(server, carla)
    assert "1 of 3 have answered" in text(shown)
    assert labels(shown) == ["Begin now", "Change…"]

    await group.agree(*group.people[1:])
    shown = await now(server, carla)
    assert text(shown).startswith("▶️ The round that you started has begun. Agree until <t:")
    assert labels(shown) == []
    await world.later(1)
    await carla.click(card, label="Begin now")
    assert text(card) == text(shown)
    assert labels(card) == []


@pytest.mark.parametrize("label", ["Begin now", "Change…"])
async def test_the_card_of_who_started_a_round_gives_place_when_it_is_over(world, server, label):
    """12 f5: when it has ended, and when it never began and nothing of it is stored."""
    carla = server.member("starter")
    group = await running(world, server, 3, by=carla)
    asked = private(await group.press(group.coach, "End"))
    await group.coach.click(asked, label="End the round")
    card = private(group.answer)
    await carla.click(card, label=label)
    assert text(card).startswith("That round is over.")
    assert labels(card) == []

    group = await proposed(world, server, [server.member(name) for name in "xyz"], by=carla)
    card = private(group.answer)
    change = private(await carla.click(card, label="Change…"))
    await carla.click(change, label="Call it off")
    await world.later(2)
    await carla.click(card, label=label)
    assert "it was erased, or never began" in text(card)
    assert labels(card) == []


# Who waits for the client's yes


async def test_who_waits_is_told_when_the_round_ends(world, server):
    """12 f7: by a message, by the card that waits, and by `/round now`."""
    group = await coaching(world, server)
    await leave_by(group.observer, await role_of(group, group.observer))
    shown = await now(server, group.observer)
    waiting = private(await group.observer.click(shown, label="Come back"))
    assert "If the round ends before, I write you a direct message." in text(waiting)
    gone = await knocks(group)
    await gone.click(await now(server, gone), label="Do not wait")
    asked = private(await group.press(group.coach, "End"))
    await group.coach.click(asked, label="End the round")
    await world.later(2)
    assert written_to(group.observer) == [OVER]
    assert written_to(gone) == []
    assert text(await now(server, group.observer)) == OVER
    await group.observer.click(waiting, label="Do not wait")
    assert text(waiting) == OVER
    assert told(await gone.slash(server.dojo, "round now")).startswith("There is no round here.")
    # What is remembered for that is not remembered for long.
    await world.later(60 * 60)
    answer = told(await group.observer.slash(server.dojo, "round now"))
    assert answer.startswith("There is no round here.")


async def test_who_waits_is_told_of_an_end_while_the_bot_was_away(world, server):
    """12 f7: the clock has ended the round before anything else was looked at."""
    group = await coaching(world, server)
    zoe = await knocks(group)
    await world.away(2 * 60 * 60)
    await world.later(2)
    assert written_to(zoe) == [OVER]


async def test_who_waits_is_told_where_no_seat_was_left(world, server):
    """12 f7: two waited for one seat when the coaching was over."""
    group = await coaching(world, server)
    first, second = await knocks(group), await knocks(group, "yan")
    await world.later(20 * 60)
    assert first.mention in text(group.card)
    assert written_to(first) == []
    assert written_to(second) == [OVER.replace("is over", "has no seat left")]


# Whose seat another person was asked to take


@pytest.mark.parametrize("label", ["Agree, with notes", "I cannot come"])
async def test_a_stale_answer_of_who_was_replaced_leads_nowhere_but_to_the_truth(
    world, server, label
):
    """12 f8: in the words of `/round now`, in the place of the old card."""
    group = await proposed(world, server, 3, in_room=False)
    kim, zoe = group.client, server.member("zoe")
    card = await answers(server, kim)
    await group.coach.slash(group.room, "round replace", member=kim, by=zoe)
    await world.later(2)
    await kim.click(card, label=label)
    assert "Another person was asked to take your seat" in text(card)
    assert text(card) == text(await now(server, kim))
    assert labels(card) == []


# What is said to whom


async def test_who_is_still_asked_is_led_to_where_they_can_answer(world, server):
    """12 f9: not to a card in a room that they do not read."""
    group = await proposed(world, server, 3, in_room=False)
    await group.agree(group.coach)
    client = group.client
    await client.click(await answers(server, client), label="Agree, with notes")
    await group.press(group.coach, "Begin now")
    await world.later(2)
    assert (
        f"**Asked to observe** {group.observer.mention}. They answer in <#{server.dojo.id}>."
        in (text(group.card))
    )


async def test_each_of_several_observers_is_asked_to_be_one_of_them(world, server):
    """12 f10: "the observer" is for a round with a single one."""
    group = await proposed(world, server, 4, in_room=False)
    for person, role in zip(
        group.people[1:], ("the **client**", "an **observer**", "an **observer**"), strict=True
    ):
        assert f"You are asked to be {role}." in text(await answers(server, person))


async def test_what_leaving_costs_is_said_of_the_future(world, server):
    """12 f10: before the person leaves, they still read the room."""
    group = await coaching(world, server)
    asked = private(
        await group.coach.click(await role_of(group, group.coach), label="Leave the round")
    )
    assert "🔒 You will not read this room any more" in text(asked)


async def test_who_left_the_coaching_comes_back_to_the_seat_that_nobody_took(world, server):
    """12 f11: the client agreed to them as coach and is not asked again; the clock rests."""
    group = await coaching(world, server)
    await leave(group, group.coach)
    shown = await now(server, group.coach)
    back = private(await group.coach.click(shown, label="Come back"))
    assert title(back) == "🎧 Coach"
    assert "Let them in" not in labels(group.card)
    assert "**Paused**" in text(group.card)
    assert "Resume" in labels(group.card)
