"""F14, W6: a room that Discord is slow to make holds up its own people alone."""

from __future__ import annotations

import asyncio
import contextlib
from unittest import mock

import pytest

from bot.gatherings.model.gathering import Places, Stage
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.ui.host.board import DojoBoard
from bot.gatherings.ui.host.channels import RoomFinder
from bot.kit.requests.errors import RoomUnreachable
from tests.gatherings.ui.steps import Evening, in_hall, members, opened, room_card
from tests.gatherings.ui.trouble import agree, by_id, end_all, gathered, round_in, seated
from tests.rounds.ui.steps import cards, posts
from tests.simulation.world import text

pytestmark = pytest.mark.usefixtures("panels_at_once", "little_patience")


@contextlib.contextmanager
def slow(number, seconds, *, fails=False):
    """The room of that number takes so long to make."""
    genuine = RoomFinder.open

    async def open_(self, gathering, wanted, taken):
        if wanted == number:
            await asyncio.sleep(seconds)
            if fails:
                raise RoomUnreachable("a limit of minutes")
        return await genuine(self, gathering, wanted, taken)

    with mock.patch.object(RoomFinder, "open", open_):
        yield


def where(server, person):
    states = server.handle.voice_states()
    return states[person.id].channel_id if person.id in states else None


async def say_yes(evening, people, number):
    """Everybody in a room agrees."""
    for one in seated(evening, number, people):
        await one.click(room_card(evening, number), label="Agree, with notes")


def late_calls(channel):
    return [one for one in posts(channel) if "is not there yet" in one.content]


async def test_the_others_are_moved_and_begin_and_the_late_follow(world):
    """F14, W6: nobody was moved, then or later, and all clocks waited."""
    server = world.guild()
    lead, people = server.manager(), members(server, 6)
    dojo, _ = await in_hall(server, lead, *people)
    evening: Evening = await opened(world, server, lead=lead, channel=dojo, format="quick-10")
    assert evening.now.places is Places.VOICE
    await evening.join(*people)
    preview = await evening.preview()
    with slow(2, 100):
        await evening.press(lead, "Start", preview)
        await world.later(4)
        first, second = evening.groups
        (room,) = evening.now.rooms
        assert {where(server, by_id(people, one)) for one in first.people} == {room.channel_id}
        await say_yes(evening, people, 1)
        left = (evening.now.due_at - world.env.now()).total_seconds()
        assert left > 40
        await world.later(left + 0.5)
        assert evening.now.stage is Stage.RUNNING
        assert round_in(evening, 1).has_begun
        (call,) = late_calls(dojo)
        assert all(by_id(people, one).mention in call.content for one in second.people)

        await world.later(100)
    assert len(evening.now.rooms) == 2
    late = evening.now.room(2).channel_id
    assert {where(server, by_id(people, one)) for one in second.people} == {late}
    assert f"<#{late}>" in text(evening.card)
    assert not round_in(evening, 2).has_begun
    for one in seated(evening, 2, people)[:2]:
        await one.click(room_card(evening, 2), label="Agree, with notes")
    await world.later(1)
    assert round_in(evening, 2).has_begun
    assert len(late_calls(dojo)) == 1


async def test_people_of_late_rooms_that_never_come_are_told(world, server):
    """F14: the openings fail while the others practise, one after the other."""
    evening, people = await gathered(world, server, 9)
    shown = await evening.preview()
    with slow(2, 105, fails=True), slow(3, 115, fails=True):
        await evening.press(evening.lead, "Start", shown)
        await world.later(4)
        await say_yes(evening, people, 1)
        await world.later(90)
        assert evening.now.stage is Stage.RUNNING
        assert len(late_calls(server.dojo)) == 1
        await world.later(40)
    calls = [one for one in cards(server.dojo) if "could not open a room" in text(one)]
    assert len(calls) == 2
    for call, group in zip(calls, evening.groups[1:], strict=True):
        assert all(by_id(people, one).mention in text(call) for one in group.people)
    # With the same nonce, Discord would take the second for the first.
    sent = [one.json for one in world.env.http_requests if "could not open" in str(one.json)]
    assert len({one["nonce"] for one in sent}) == len(sent) == 2


async def test_a_late_room_after_the_evening_is_removed_again(world, server):
    """F14: nothing stays behind of it."""
    evening, _ = await gathered(world, server, 6)
    shown = await evening.preview()
    with slow(2, 115):
        await evening.press(evening.lead, "Start", shown)
        await world.later(4)
        await end_all(evening)
        await evening.close()
        assert len(server.dojo.threads) == 1
        await world.later(120)
    assert world.bot.services[LiveGatherings].all() == []
    assert len(server.dojo.threads) == 2
    # The library knows only those that are not put away.
    assert not world.bot.get_guild(server.id).threads


async def test_a_card_that_hangs_in_the_dojo_holds_up_no_round(world, server):
    """F14: the card of the evening waits for minutes; rooms open and clocks start in time."""
    evening, people = await gathered(world, server, 3)
    shown = await evening.preview()
    genuine = DojoBoard.show

    async def hanging(self, *arguments):
        await asyncio.sleep(300)
        return await genuine(self, *arguments)

    with mock.patch.object(DojoBoard, "show", hanging):
        await evening.press(evening.lead, "Start", shown)
        await world.later(5)
        assert len(evening.now.rooms) == 1
        await agree(evening, people)
        await world.later(5)
        assert evening.now.stage is Stage.RUNNING
        await world.later(300)
    await world.later(1)
    assert sum("to your rooms" in text(one) for one in cards(server.dojo)) <= 1
