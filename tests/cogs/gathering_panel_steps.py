"""What tests of the facilitator's panel share: evenings whose people are in their rooms."""

from __future__ import annotations

import re
from typing import Any

from tests.cogs.gathering_steps import Evening, members, opened
from tests.cogs.round_steps import cards, private
from tests.world import Server, World, text

BOARDING = 60
"""Seconds after which the clocks of all rooms have been started, whoever has answered."""


async def boarding(
    world: World, server: Server, people: int | list[Any] = 6, **options: Any
) -> Evening:
    """An evening whose groups have just been started."""
    options = {"format": "quick-10", "rounds": 2, **options}
    evening = await opened(world, server, **options)
    if isinstance(people, int):
        people = members(server, people)
    await evening.join(*people)
    preview = await evening.preview()
    await evening.press(evening.lead, "Start", preview)
    return evening


async def in_rooms(
    world: World, server: Server, people: int | list[Any] = 6, **options: Any
) -> Evening:
    """An evening whose clocks are running, in the first segment."""
    evening = await boarding(world, server, people, **options)
    await world.later(BOARDING)
    return evening


async def panel_of(evening: Evening, by: Any = None) -> Any:
    """The panel of somebody, as opened from the card."""
    return private(await evening.press(by or evening.lead, "Panel"))


def room(evening: Evening, number: int) -> Any:
    """The thread of a group."""
    channel_id = next(one.channel_id for one in evening.now.rooms if one.number == number)
    return next(one for one in evening.dojo.threads if one.id == channel_id)


def room_card(evening: Evening, number: int) -> Any:
    """The newest card in a room."""
    return cards(room(evening, number))[-1]


def group(evening: Evening, number: int, people: list[Any]) -> list[Any]:
    """The people of a group, coach first."""
    gathering = evening.now
    assert gathering.draw is not None
    by_id = {person.id: person for person in people}
    return [by_id[one] for one in gathering.draw.groups[number - 1].people]


def room_lines(panel: Any) -> list[str]:
    """The lines of the rooms on a panel."""
    return [one for one in text(panel).splitlines() if re.match(r"\*\*(Room )?\d", one)]
