"""S19: a person who clicks hundreds of times delays only themselves."""

from __future__ import annotations

from tests.feedback.ui.steps import SIGNAL, label, pad_of
from tests.rounds.ui.steps import coaching

MANY, A_FEW = 120, 25


def answers(world) -> list[int]:
    """Whose interactions were answered, in that order."""
    people = {str(one.id): one.user_id for one in world.env.backend.interactions.values()}
    return [
        people[request.path.split("/")[2]]
        for request in world.env.http_requests
        if request.path.endswith("/callback")
    ]


async def test_a_flood_of_commands_delays_the_command_of_another_by_a_few(world, server):
    carla, kim = server.member("carla"), server.member("kim")
    known = len(answers(world))
    await world.together(
        *[lambda: carla.slash(server.dojo, "question", phase="meaning")] * MANY,
        lambda: kim.slash(server.dojo, "question", phase="meaning"),
    )
    order = answers(world)[known:]
    assert len(order) == MANY + 1
    assert order.index(kim.id) < A_FEW
    again = await carla.slash(server.dojo, "question", phase="meaning")
    assert again.acknowledged


async def test_a_flood_of_clicks_delays_the_tap_of_another_by_a_few(world, server):
    group = await coaching(world, server, 4)
    pad = await pad_of(group, group.observer)
    card = group.card
    await world.later(1)
    known = len(answers(world))
    name = label(pad, SIGNAL)
    await world.together(
        *[lambda: group.client.slash(group.room, "round now")] * MANY,
        *[lambda: group.client.click(card, label="My role now")] * 10,
        lambda: group.observer.click(pad, label=name),
    )
    assert answers(world)[known:].index(group.observer.id) < A_FEW
