"""Who may steer a round, and what the buttons of a card do that is over."""

from __future__ import annotations

import pytest

from tests.rounds.ui.steps import (
    Group,
    coaching,
    custom_ids,
    lines,
    on_disk,
    private,
    proposed,
    running,
    title,
)
from tests.rounds.ui.trouble import leave_by
from tests.simulation import forged
from tests.simulation.world import text, told

MINUTE = 60
STEERING = ["Pause", "+2 min", "Next", "End"]


async def past_coaching(world, group: Group, label: str):
    """A button of the coaching's card, which could not be taken off when the coaching was over."""
    card, custom_id = group.card, custom_ids(group.card)[label]
    await world.later(18 * MINUTE + 30)
    world.env.inject_error(
        "PATCH", f"/channels/{group.room.id}/messages/{card.id}", status=403, code=50013
    )
    await world.later(MINUTE)
    assert title(group.card) == "✍️ Write"
    return card, custom_id


# Who may


async def steer_with_everything(world, group, person):
    """Press every button, each of which changes something."""
    for label in STEERING:
        before = on_disk(world)["turn"]
        answer = await group.press(person, label)
        if label == "End":
            await person.click(private(answer), label="End the round")
        assert on_disk(world)["turn"] > before, label
        assert person.user.mention in "\n".join([*lines(group.room), text(group.card)])


@pytest.mark.parametrize("who", ["coach", "client", "observer"])
async def test_the_people_of_the_round_may_steer(world, server, who):
    group = await running(world, server)

    await steer_with_everything(world, group, getattr(group, who))


async def test_a_person_who_manages_channels_may_steer(world, server):
    group = await running(world, server, channel=server.thread())

    await steer_with_everything(world, group, server.manager())


async def test_the_facilitators_of_the_dojo_may_steer(world, server):
    await server.set_up(role=[server.facilitators])
    group = await running(world, server, channel=server.thread())

    await group.press(server.member("fin", server.facilitators), "Pause")

    assert on_disk(world)["state"] == "paused"


async def test_nobody_else_may_steer(world, server):
    group = await running(world, server, channel=server.thread())
    before, zoe = on_disk(world), server.member("zoe")
    for label in [*STEERING, "Someone left"]:
        answer = await group.press(zoe, label)

        assert told(answer) == "Only the people of this round and facilitators can do that.", label
    assert on_disk(world) == before


async def test_nobody_else_is_asked_about_the_coaching_that_is_left(world, server):
    group = await coaching(world, server, channel=server.thread())

    answer = await group.press(server.member("zoe"), "Next")

    assert told(answer) == "Only the people of this round and facilitators can do that."


async def test_a_person_who_has_left_may_not_steer(world, server):
    group = await coaching(world, server, 4)
    role = private(await group.press(group.observer, "My role now"))
    custom_id = custom_ids(group.card)["Pause"]
    await leave_by(group.observer, role)

    answer = await forged.click(group.observer, server.dojo, custom_id)

    assert told(answer) == "Only the people of this round and facilitators can do that."


# Buttons of a card that is over


@pytest.mark.parametrize("label", ["Next", "+2 min"])
async def test_a_button_of_a_part_that_is_over_changes_nothing(world, server, label):
    group = await coaching(world, server)
    card, custom_id = await past_coaching(world, group, label)
    before = on_disk(world)

    # The coach had moved the round on to the coaching, and the clock from there.
    answer = await group.observer.click(card, custom_id=custom_id)

    assert told(answer) == "The round has moved on already."
    assert on_disk(world) == before


async def test_a_question_about_a_part_that_is_over_changes_nothing(world, server):
    group = await coaching(world, server)
    question = private(await group.press(group.coach, "Next"))
    await world.later(20 * MINUTE)
    before = on_disk(world)

    answer = await group.coach.click(question, label="Next")

    assert "The round has moved on already" in told(answer)
    assert on_disk(world) == before


async def test_the_buttons_of_a_round_that_is_over_say_so(world, server):
    group = await coaching(world, server)
    card, buttons = group.card, custom_ids(group.card)
    world.env.inject_error(
        "PATCH", f"/channels/{group.room.id}/messages/{card.id}", status=403, code=50013
    )
    await group.client.slash(group.room, "round end")
    # What was noted in it can still be opened.
    assert "That round is over" not in told(
        await group.client.click(card, custom_id=buttons.pop("Open my pad"))
    )
    for label, custom_id in buttons.items():
        answer = await group.client.click(card, custom_id=custom_id)

        assert "That round is over. </round start:" in told(answer), label
    assert len(buttons) == 8


async def test_nothing_is_steered_before_the_round_begins(world, server):
    group = await proposed(world, server)

    answer = await group.coach.slash(group.room, "round pause")

    assert "The round has not begun yet. **Begin now** on its card" in told(answer)
