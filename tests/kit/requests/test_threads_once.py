"""Threads and rooms whose making was answered by an error: found and used, or removed."""

from __future__ import annotations

import asyncio
import contextlib
from unittest import mock

import aiohttp
import discord
import pytest

from bot.gatherings.model.gathering import Stage
from bot.kit.requests.errors import RoomUnreachable
from bot.rounds.service.proposing import RoundProposing
from tests.gatherings.ui.host.steps import Evenings
from tests.gatherings.ui.trouble import gathered
from tests.rounds.ui.steps import cards, proposed, rows
from tests.rounds.ui.trouble import bot_may
from tests.simulation.world import World, told

LOST = aiohttp.ServerDisconnectedError("cut off")


@contextlib.contextmanager
def making_fails(world: World, *, times: int = 1, path: str = "/channels/{channel_id}/threads"):
    """So many requests to make a thread, or another channel, are answered by a cut connection."""
    reached, left = world.bot.http.request, [times]

    async def request(route, **about):
        if (route.method, route.path) != ("POST", path) or not left[0]:
            return await reached(route, **about)
        left[0] -= 1
        await reached(route, **about)
        raise LOST

    with mock.patch.object(world.bot.http, "request", request):
        yield


@contextlib.contextmanager
def library_repeats(world: World, path: str = "/channels/{channel_id}/threads"):
    """As the library does after a 500 that came though the request took effect."""
    reached = world.bot.http.request

    async def request(route, **about):
        if (route.method, route.path) == ("POST", path):
            await reached(route, **about)
            await asyncio.sleep(1)
        return await reached(route, **about)

    with mock.patch.object(world.bot.http, "request", request):
        yield


async def test_a_thread_whose_making_was_answered_by_an_error_is_used(world, server):
    """W9: one room, with its card; also where the library itself had asked twice."""
    with making_fails(world, times=1):
        group = await proposed(world, server)
    assert len(server.dojo.threads) == len(rows(world, "rounds")) == 1
    assert cards(group.room)
    assert "The agreement for" in str(group.answer.response.components)

    people = [server.member(name) for name in ("lea", "max", "noa")]
    with library_repeats(world):
        group = await proposed(world, server, people)
    assert len(server.dojo.threads) == 2
    assert cards(group.room)


async def test_a_thread_of_which_nobody_knows_is_removed_as_soon_as_it_can_be_seen(world, server):
    """W9: the connection is cut for longer, and nobody starts the round again."""
    world.provoked += (aiohttp.ClientError,)
    carla, kim = server.member("carla"), server.member("kim")
    with (
        making_fails(world, times=1),
        mock.patch.object(discord.Guild, "active_threads", side_effect=LOST),
        mock.patch.object(discord.TextChannel, "threads", []),
    ):
        answer = await carla.slash(server.dojo, "round start", coach=carla, client=kim)
        assert "Discord is in trouble" in told(answer)
        assert rows(world, "rounds") == []
    assert len(server.dojo.threads) == 1
    await world.later(40)
    assert server.dojo.threads == []


async def test_a_thread_of_which_nobody_knew_is_used_at_the_next_start(world, server):
    """W9: the person who tries again gets the room that is there, and no second one."""
    world.provoked += (aiohttp.ClientError,)
    carla, kim = server.member("carla"), server.member("kim")
    with (
        making_fails(world, times=1),
        mock.patch.object(discord.Guild, "active_threads", side_effect=LOST),
        mock.patch.object(discord.TextChannel, "threads", []),
    ):
        await carla.slash(server.dojo, "round start", coach=carla, client=kim)
    await carla.slash(server.dojo, "round start", coach=carla, client=kim)
    assert len(server.dojo.threads) == len(rows(world, "rounds")) == 1
    await world.later(800)
    assert cards(server.dojo.threads[0])


async def test_a_thread_that_takes_long_holds_up_no_other_of_its_name(world, server):
    """W9: nameless rooms all have one name; and what another is about to get is not taken away."""
    world.provoked += (aiohttp.ClientError,)
    bot_may(world, server.dojo, create_private_threads=False)
    people = [server.member(name) for name in ("ada", "ben", "cleo", "dan", "eve", "fil")]
    reached, asked = world.bot.http.request, []

    async def request(route, **about):
        if (route.method, route.path) != ("POST", "/channels/{channel_id}/threads"):
            return await reached(route, **about)
        asked.append(route)
        which = len(asked)
        made = await reached(route, **about)
        if which == 1:
            # It is there, and the answer takes a minute.
            await asyncio.sleep(60)
        elif which == 3:
            raise LOST
        return made

    async def start(coach, client):
        return await coach.slash(server.dojo, "round start", coach=coach, client=client)

    with mock.patch.object(world.bot.http, "request", request):
        await start(*people[:2])
        await start(*people[2:4])
        assert len(rows(world, "rounds")) == 1
        lost = await start(*people[4:])
        assert "Discord is in trouble" in told(lost)
        await world.later(70)
    assert len(rows(world, "rounds")) == 2
    await world.later(800)
    # That of the lost answer is gone; the others are not.
    assert len(server.dojo.threads) == 2


async def test_a_round_that_does_not_come_about_leaves_no_thread(world, server):
    """W9: also where the bot may not delete threads, and after an error of its own."""
    world.provoked += (ZeroDivisionError,)
    carla, kim = server.member("carla"), server.member("kim")
    with mock.patch.object(RoundProposing, "propose", side_effect=ZeroDivisionError):
        await carla.slash(server.dojo, "round start", coach=carla, client=kim)
        assert server.dojo.threads == []
        world.env.inject_error("DELETE", "/channels/*", status=403, code=50013)
        await carla.slash(server.dojo, "round start", coach=carla, client=kim)
    (left,) = server.dojo.threads
    assert world.env.backend.channels[left.id].thread_metadata.archived


@pytest.mark.parametrize("error", [LOST, aiohttp.ClientOSError(104, "reset"), TimeoutError()])
async def test_a_connection_cut_while_people_are_let_in_leaves_no_thread_without_a_round(
    world, server, error
):
    """F11: the round is there, and its starter is told to open the room by its link."""
    with mock.patch.object(discord.Thread, "add_user", side_effect=error):
        group = await proposed(world, server, in_room=False)
    (thread,) = server.dojo.threads
    assert cards(thread)
    assert "I could not add you" in str(group.answer.response.components)


async def test_rooms_of_an_evening_are_made_once(world, server):
    """W9: at boarding, too, where another attempt follows by itself."""
    evening, _ = await gathered(world, server, 6)
    shown = await evening.preview()
    with (
        making_fails(world, times=2),
        mock.patch.object(discord.Guild, "active_threads", side_effect=LOST),
        mock.patch.object(discord.TextChannel, "threads", []),
    ):
        await evening.press(evening.lead, "Start", shown)
    await world.later(20)
    assert len(evening.dojo.threads) == 2
    assert all(cards(one) for one in evening.dojo.threads)


@pytest.mark.parametrize("fault", [making_fails, library_repeats])
async def test_a_voice_room_is_made_once_and_is_the_bots_own(world, server, fault):
    """W9: one that is there after all goes again at the end, as it is not borrowed."""
    evenings = Evenings(world, server)
    hall = server.handle.create_voice_channel("hall")
    people = await evenings.in_voice(hall, 3)
    gathering = evenings.boarding(people, voice=hall)
    make = "/guilds/{guild_id}/channels"
    with fault(world, path=make), contextlib.suppress(RoomUnreachable):
        await evenings.open(gathering)
    opened = await evenings.open(gathering)
    (room,) = opened.rooms
    assert room.is_made
    assert [name for name in evenings.channels() if name == "Room 1"] == ["Room 1"]
    assert sum(one.name == "Room 1" for one in world.bot.get_guild(server.id).voice_channels) == 1
    assert await evenings.put_away(opened, Stage.ENDED) == ()
