"""What tests of rounds in trouble share: Discord failing, people leaving, what was said of it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest import mock

import aiohttp
import discord
import pytest
from simcord.backend.access import can_access_channel
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from tests.rounds.ui.steps import NAMES, Group, private, rows
from tests.simulation.world import Result, Server, World, labels, text

UNKNOWN_CHANNEL = 10003
MISSING_PERMISSIONS, NO_DMS = 50013, 50007
ARCHIVED, TOO_OLD = 50083, 30046

COACH, WRITE, SELF, CLIENT, END = 120, 1260, 1320, 1440, 1860
"""When the segments of the usual format begin, in seconds; after the coaching it lands softly."""


# Discord in trouble


@contextlib.contextmanager
def refusing(
    world: World,
    status: int,
    code: int = 0,
    *,
    room: Any = None,
    method: str = "POST",
    what: str = "messages",
) -> Iterator[None]:
    """Discord answers so to what the bot wants to do with messages, in one room or everywhere."""
    place = room.id if room is not None else "*"
    world.env.inject_error(
        method, f"/channels/{place}/{what}", status=status, code=code, times=None
    )
    fault = world.env.backend.faults[-1]
    try:
        yield
    finally:
        world.env.backend.faults.remove(fault)


@contextlib.contextmanager
def cut_off(world: World) -> Iterator[None]:
    """No request of the bot reaches Discord."""

    async def request(*_: object, **__: object) -> None:
        raise aiohttp.ClientConnectionError("the network is down")

    with mock.patch.object(world.bot.http, "request", request):
        yield


@contextlib.contextmanager
def lost_answers(world: World) -> Iterator[None]:
    """What the bot posts reaches Discord, but the answer does not come back."""
    reached = world.bot.http.request

    async def request(route: Any, **about: Any) -> Any:
        answer = await reached(route, **about)
        if route.method == "POST" and route.path.endswith("/messages"):
            raise aiohttp.ServerDisconnectedError
        return answer

    with mock.patch.object(world.bot.http, "request", request):
        yield


def attempts(world: World, room: Any) -> int:
    """How often the bot has tried to post in a room."""
    path = f"/channels/{room.id}/messages"
    return sum((one.method, one.path) == ("POST", path) for one in world.env.http_requests)


def pinged(world: World, message: Any) -> set[int]:
    """Whom a message notifies, also where others before it were refused."""
    return set(world.env.backend.get_message(message.channel.id, message.id).ping_user_ids)


def direct_messages(person: Any) -> list[str]:
    """What the bot has written to a person."""
    return [message.content for message in person.user.dm_channel.history()]


async def delete_channel(world: World, channel: Any) -> None:
    """A moderator deletes a channel or a thread."""
    world.env.backend.delete_channel(channel.id)
    await world.env.settle()


async def delete_message(world: World, message: Any) -> None:
    """A moderator deletes a message."""
    world.env.backend.delete_message(message.channel.id, message.id)
    await world.env.settle()


# People come and go


def bring_in(group: Group, name: str) -> Any:
    """Someone new on the server, let into the room by a moderator."""
    person = group.server.member(name)
    group.world.env.backend.add_thread_member(group.room.id, person.id)
    return person


async def leave(group: Group, person: Any) -> Result:
    """Someone leaves through My role now."""
    return await leave_by(person, private(await group.press(person, "My role now")))


async def leave_by(person: Any, card: Any) -> Result:
    """Someone leaves by a card, and says that they are sure where they are asked."""
    result = await person.click(card, label="Leave the round")
    asked = private(result)
    if "Stay" not in labels(asked):
        return result
    return await person.click(asked, label="Leave the round")


async def role_of(group: Group, person: Any) -> Any:
    """What is a person's to do: on the card, or where they do not read the room, in the dojo."""
    if can_access_channel(group.world.env, group.room.id, person):
        return private(await group.press(person, "My role now"))
    await group.world.later(1)
    return private(await person.slash(group.server.dojo, "round now"))


async def come_back(group: Group, person: Any) -> Result:
    """Someone who left comes back."""
    return await person.click(await role_of(group, person), label="Come back")


# What there is to see


def end_of(card: Any) -> int:
    """When the segment of a card ends, in seconds since 1970."""
    found = re.search(r"until <t:(\d+):T>", text(card))
    assert found, text(card)
    return int(found[1])


def in_seconds(world: World, seconds: float) -> Any:
    """What `end_of` gives for so many seconds from now; Discord counts no parts of a second."""
    return pytest.approx(world.env.now().timestamp() + seconds, abs=1)


def people_on(card: Any) -> dict[str, str]:
    """Who has which role, as a card says it."""
    marks = {"🎧": "coach", "🙋": "client", "👀": "observers"}
    found = (line.split("** ", 1) for line in text(card).splitlines() if line[0] in marks)
    return {marks[pair[0][0]]: pair[1] for pair in found if len(pair) == 2}


def round_row(world: World) -> dict[str, Any]:
    """The newest round on disk."""
    return max(rows(world, "rounds"), key=lambda row: row["id"])


def seats(world: World) -> list[dict[str, Any]]:
    """The people of the newest round on disk."""
    round_id = round_row(world)["id"]
    return [row for row in rows(world, "round_people") if row["round_id"] == round_id]


async def in_voice(server: Any, people: int, channel: Any = None) -> list[Any]:
    """Members who are in a voice channel, that of the server unless it is another."""
    members = [server.member(name) for name in NAMES[:people]]
    for one in members:
        await one.join_voice(channel or server.voice)
    return members


def bot_may(world: World, channel: Any, **rights: bool) -> None:
    """Let the bot do things in a channel and its threads, or take that from it, as a moderator."""
    allow, deny = discord.PermissionOverwrite(**rights).pair()
    me = world.env.backend.bot_user.id
    overwrite = Overwrite(me, OverwriteType.MEMBER, allow.value, deny.value)
    world.env.backend.set_overwrite(channel.id, overwrite)


async def remove_guild(world: World, server: Server) -> None:
    """Someone removes the bot from a server."""
    world.env.backend.remove_guild(server.id)
    await world.env.settle()


def every_card(world: World) -> list[Any]:
    """Every card the bot has sent to anybody, as it was at each moment."""
    sent = [one.json for one in world.env.http_requests if isinstance(one.json, dict)]
    bodies = [body.get("data") or body for body in sent]
    return [
        SimpleNamespace(content="", components=body["components"])
        for body in bodies
        if isinstance(body, dict) and body.get("components") and "title" not in body
    ]


# Servers


async def second_dojo(server: Server, name: str = "evening", **fields: Any) -> Any:
    """Another channel of the server that is a dojo."""
    channel = server.handle.create_text_channel(name)
    await server.set_up(channel, **fields)
    return channel


def members(server: Server, *names: str) -> list[Any]:
    """Further people of the server."""
    return [server.member(name) for name in names]
