"""What tests of gatherings in trouble share: an evening, its rounds, and how they go on."""

from __future__ import annotations

import functools
from typing import Any

from bot.gatherings.model.gathering import Stage
from bot.rounds.model.round import Round, Seat
from bot.rounds.service.live import LiveRounds
from tests.gatherings.ui.steps import Evening, board_all, members, opened, panel_of, room_card
from tests.rounds.ui.steps import private
from tests.simulation.world import Server, World, choose

ROOMS, MISSING = "One room: people, clock, visit…", "Someone is missing"
ROUND_SECONDS = 17 * 60
"""quick-10 with its soft landing."""


async def gathered(
    world: World, server: Server, people: int | list[Any], **options: Any
) -> tuple[Evening, list[Any]]:
    """An open evening that so many people have joined, all in the same moment."""
    evening = await opened(world, server, **{"format": "quick-10", "rounds": 2, **options})
    if isinstance(people, int):
        people = members(server, people)
    card = evening.card
    await world.together(*(functools.partial(one.click, card, label="Join") for one in people))
    return evening, people


async def boarding(
    world: World, server: Server, people: int | list[Any], **options: Any
) -> tuple[Evening, list[Any]]:
    """An evening whose people are on their way to their rooms."""
    evening, people = await gathered(world, server, people, **options)
    await evening.press(evening.lead, "Start", await evening.preview())
    assert evening.now.stage is Stage.BOARDING
    return evening, people


async def running(
    world: World, server: Server, people: int | list[Any], **options: Any
) -> tuple[Evening, list[Any]]:
    """An evening whose clocks run, in the first segment, with a yes of everybody."""
    evening, people = await boarding(world, server, people, **options)
    await board_all(evening, people)
    assert evening.now.stage is Stage.RUNNING
    return evening, people


async def end_all(evening: Evening, *, back: bool = True) -> None:
    """End the rounds of all rooms from the panel; with `back`, everybody is together again."""
    panel = await panel_of(evening)
    for _ in range(2):
        await evening.press(evening.lead, "End all", panel)
    if back:
        await evening.world.later(61)
        assert evening.now.stage is Stage.BETWEEN


async def next_round(evening: Evening) -> None:
    """The next round begins, with the groups that stay."""
    label = "One more round" if evening.now.is_last else "Next round"
    await evening.press(evening.lead, label)
    await evening.world.env.settle()
    assert evening.now.stage is Stage.BOARDING


async def missing(evening: Evening, number: int, user_id: int) -> Any:
    """A facilitator says on the panel that someone is not there; the room as shown then."""
    panel = await panel_of(evening)
    await choose(evening.lead, panel, ROOMS, str(number))
    await evening.world.later(1)
    await choose(evening.lead, panel, MISSING, str(user_id))
    return panel


async def leave(evening: Evening, person: Any) -> None:
    """Someone leaves the evening by its card, in a round after having been asked."""
    asked = private(await evening.press(person, "Leave"))
    if evening.now.takes_part(person.id):
        await evening.press(person, "Leave the evening", asked)
    assert not evening.now.takes_part(person.id)


async def agree(evening: Evening, people: list[Any], *, but: tuple[int, ...] = ()) -> None:
    """Everybody answers the agreement of their room."""
    for number in range(1, len(evening.groups) + 1):
        for one in seated(evening, number, people):
            if one.id not in but:
                await one.click(room_card(evening, number), label="Agree, with notes")
    await evening.world.env.settle()


def round_in(evening: Evening, number: int) -> Round:
    """The round of a room."""
    (room,) = [one for one in evening.now.rooms if one.number == number]
    round_ = evening.world.bot.services[LiveRounds].find(room.round_id or 0)
    assert round_ is not None, "there is no round in that room"
    return round_


def coach_in(evening: Evening, number: int) -> Seat:
    """The coach of a room."""
    seat = round_in(evening, number).coach
    assert seat is not None, "nobody coaches there"
    return seat


def client_in(evening: Evening, number: int) -> Seat:
    """The client of a room."""
    seat = round_in(evening, number).client
    assert seat is not None, "there is no client"
    return seat


def seated(evening: Evening, number: int, people: list[Any]) -> list[Any]:
    """The people of the group with that number, coach first."""
    return [by_id(people, one) for one in evening.groups[number - 1].people]


def by_id(people: list[Any], user_id: int | None) -> Any:
    """Someone of these people."""
    return next(one for one in people if one.id == user_id)


def sizes(evening: Evening) -> list[int]:
    """How many are in each group of the round."""
    return [len(group.people) for group in evening.groups]


def everybody(evening: Evening) -> set[int]:
    """Who is in a group of the round."""
    return {one for group in evening.groups for one in group.people}
