"""A seat that has become free is told to the person who has it now, however it became free."""

from __future__ import annotations

import asyncio
import functools

from bot import people as operator
from bot.gatherings.model.gathering import Presence
from bot.gatherings.service.joining import GatheringJoining
from bot.settings import Settings
from tests.gatherings.ui.steps import members, opened
from tests.gatherings.ui.trouble import gathered
from tests.rounds.ui.steps import cards, posts, private
from tests.rounds.ui.trouble import pinged


def told(evening, person) -> bool:
    """Whether someone was called, not counting cards."""
    calls = [one for one in posts(evening.dojo) if "a seat has become free" in (one.content or "")]
    return any(person.id in pinged(evening.world, call) for call in calls)


async def test_a_seat_is_told_of_however_it_became_free(world, server):
    """F13: by Leave, `/my forget`, another evening, the operator, or leaving the server."""
    await server.set_up(server.lounge)
    people = members(server, 10)
    evening, _ = await gathered(world, server, people[:5])
    await evening.replan(seats="5")
    await evening.join(*people[5:])
    other = await opened(world, server, lead=evening.lead, channel=server.lounge)
    line = iter(people[5:])
    missed: list[str] = []

    async def next_is_told(how: str) -> None:
        await world.later(6)
        seated = next(line)
        if evening.guest(seated.id).presence is not Presence.IN or not told(evening, seated):
            missed.append(how)

    await evening.press(people[0], "Leave")
    await next_is_told("Leave")

    # Discord is in trouble for a moment: it is said after that, once.
    world.env.inject_error("POST", f"/channels/{server.dojo.id}/messages", status=503)
    asked = private(await people[1].slash(server.dojo, "my forget"))
    await people[1].click(asked, label="Erase")
    await next_is_told("/my forget")

    asked = private(await other.press(people[2], "Join"))
    await people[2].click(asked, label="Leave that one and join here")
    await next_is_told("another evening")

    settings = Settings(database=world.database)

    async def erase() -> None:
        forget = functools.partial(operator.forget, settings, people[3].id, ask=None, say=print)
        await asyncio.to_thread(forget)

    await world.away(5, erase)
    await next_is_told("the operator")

    server.handle.remove_member(people[4])
    # As at night, when Discord is asked who is still a member.
    await world.bot.services[GatheringJoining].left_server(server.id, people[4].id)
    await next_is_told("left the server")

    assert not missed
    calls = [one for one in posts(server.dojo) if "a seat has become free" in (one.content or "")]
    assert len(calls) == 5
    assert len(cards(server.lounge)) == 1
