"""F14: a message beside the cards that hangs holds up no room; it is tried again, and told once."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from unittest import mock

import pytest

from bot.gatherings.model.gathering import Stage
from bot.gatherings.ui.host.channels import RoomFinder
from bot.gatherings.ui.host.host import DiscordHost
from bot.kit.requests.errors import RoomRefused
from tests.gatherings.ui.steps import members, room_card
from tests.gatherings.ui.trouble import agree, end_all, everybody, gathered, leave, round_in, seated
from tests.rounds.ui.steps import cards, posts
from tests.simulation.world import text

pytestmark = pytest.mark.usefixtures("panels_at_once", "little_patience")

HANGS_SECONDS = 110


@pytest.fixture
def calls_hang():
    """Each call hangs the first time it is made in a place."""
    genuine, made = DiscordHost.tell, Counter()

    async def tell(self, gathering, call, *, room=None, people):
        key = (call, room.number if room else 0)
        made[key] += 1
        if made[key] == 1:
            await asyncio.sleep(HANGS_SECONDS)
        return await genuine(self, gathering, call, room=room, people=people)

    with mock.patch.object(DiscordHost, "tell", tell):
        yield


@contextlib.contextmanager
def refused(*numbers):
    """Discord does not let us open the rooms of these numbers."""
    genuine = RoomFinder.open

    async def open_(self, gathering, wanted, taken):
        if wanted in numbers:
            raise RoomRefused
        return await genuine(self, gathering, wanted, taken)

    with mock.patch.object(RoomFinder, "open", open_):
        yield


def said(channel, words):
    """How many messages there are with these words."""
    return sum(words in (one.content or "") for one in posts(channel)) + sum(
        words in text(one) for one in cards(channel)
    )


@pytest.mark.usefixtures("calls_hang")
async def test_messages_that_hang_hold_up_no_room_and_are_told_once(world, server):
    """F14: no room opened for 105 s, because of one message to a person on the waiting list."""
    people = members(server, 10)
    evening, _ = await gathered(world, server, people[:9])
    await evening.replan(seats="9")
    await evening.join(people[9])
    await leave(evening, people[0])
    with refused(3):
        await evening.press(evening.lead, "Start", await evening.preview())
        await world.later(4)
        assert len(evening.now.rooms) == 2
        for number in (1, 2):
            for one in seated(evening, number, people):
                await one.click(room_card(evening, number), label="Agree, with notes")
        due = evening.now.due_at - world.env.now()
        await world.later(due.total_seconds() + 1)
    assert round_in(evening, 1).has_begun
    await world.later(60)
    for one in seated(evening, 1, people)[1:]:
        await leave(evening, one)
    await end_all(evening, back=False)
    await world.later(5)
    assert said(server.dojo, "is over: come back") == 1
    await world.later(57)
    assert evening.now.stage is Stage.BETWEEN

    rooms = [*server.dojo.threads]
    assert [said(room, "We meet again in") for room in rooms] == [1, 1]
    for words in ("a seat has become free", "could not open a room"):
        assert said(server.dojo, words) == 1


async def test_people_who_come_late_and_cannot_be_brought_hold_up_no_room(world, server):
    """F14: each of them held up the evening for 20 s, one after the other."""
    people = members(server, 9)
    evening, _ = await gathered(world, server, people[:6])
    genuine, genuine_open = DiscordHost.bring, RoomFinder.open

    async def bring(self, gathering, room, whom):
        if set(whom) & {one.id for one in people[6:]}:
            await asyncio.sleep(HANGS_SECONDS)
        return await genuine(self, gathering, room, whom)

    async def open_(self, gathering, wanted, taken):
        await asyncio.sleep(10)
        return await genuine_open(self, gathering, wanted, taken)

    with (
        mock.patch.object(DiscordHost, "bring", bring),
        mock.patch.object(RoomFinder, "open", open_),
    ):
        await evening.press(evening.lead, "Start", await evening.preview())
        due = evening.now.due_at
        await evening.join(*people[6:])
        await world.later(12)
        assert {one.id for one in people[6:]} <= everybody(evening)
        await agree(evening, people, but=tuple(one.id for one in people[6:]))
        await world.later((due - world.env.now()).total_seconds() + 1)
        assert evening.now.stage is Stage.RUNNING
