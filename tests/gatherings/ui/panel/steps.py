"""What tests of the facilitator's panel share: evenings whose people are in their rooms."""

from __future__ import annotations

import functools
import re
from typing import Any

from simcord.builders import ChannelHandle

from bot.rounds.service.steering import RoundService
from tests.gatherings.ui.steps import Evening, members, opened
from tests.rounds.ui.steps import cards, private
from tests.simulation.world import Server, World, labels, text

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
    """An evening whose clocks are running, in the first segment, with a yes of everybody."""
    if isinstance(people, int):
        people = members(server, people)
    evening = await boarding(world, server, people, **options)
    await board_all(evening, people)
    return evening


async def board_all(evening: Evening, people: list[Any], *, but: tuple[int, ...] = ()) -> None:
    """Everybody agrees to the round of their room just before the time to come is up.

    Without notes; the clocks of all rooms run a minute after the start, however long it was.
    """
    world, begun = evening.world, evening.world.env.now()
    due = evening.now.due_at
    assert due is not None
    await world.later(max((due - begun).total_seconds() - 5, 0))
    await say_yes(evening, people, but=but)
    await world.later(max(BOARDING - (world.env.now() - begun).total_seconds(), 1))


async def say_yes(evening: Evening, people: list[Any], *, but: tuple[int, ...] = ()) -> None:
    """Everybody who is in a room agrees to its round, without notes."""
    gathering = evening.now
    assert gathering.draw is not None
    by_id = {person.id: person for person in people if person.id not in but}
    clicks = []
    for one in gathering.rooms:
        group_ = gathering.draw.groups[one.number - 1].people if one.round_id else ()
        card = room_card(evening, one.number) if group_ else None
        if card is not None and "Agree, without notes" in labels(card):
            clicks += [
                functools.partial(by_id[user_id].click, card, label="Agree, without notes")
                for user_id in group_
                if user_id in by_id and _is_asked(evening, one.round_id, user_id)
            ]
    await evening.world.together(*clicks)


def _is_asked(evening: Evening, round_id: int, user_id: int) -> bool:
    """Whether a person has a seat in a round, or is asked to take one."""
    round_ = evening.world.bot.services[RoundService].kept.find(round_id)
    seat = round_.seat_of(user_id) if round_ is not None else None
    return seat is not None and seat.is_here


async def panel_of(evening: Evening, by: Any = None) -> Any:
    """The panel of somebody, as opened from the card."""
    return private(await evening.press(by or evening.lead, "Panel"))


def room(evening: Evening, number: int) -> Any:
    """The thread of a group, or the voice channel it meets in."""
    channel_id = next(one.channel_id for one in evening.now.rooms if one.number == number)
    thread = next((one for one in evening.dojo.threads if one.id == channel_id), None)
    if thread is not None:
        return thread
    env = evening.world.env
    return ChannelHandle(env, evening.server.handle, env.backend.channels[channel_id])


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
