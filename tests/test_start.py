"""A start that meets trouble: the clocks run, and what could not be done is tried again."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from types import SimpleNamespace
from unittest import mock

import aiohttp
import discord
import pytest
from simcord.backend import serializers

from bot.dojos.service.dojos import DojoService
from bot.feedback.service.reports import ReportService
from bot.privacy.service.retention import RetentionService
from bot.rounds.service.rooms import RoundRooms
from tests.rounds.ui.steps import coaching, rows, running, title
from tests.rounds.ui.trouble import COACH, in_voice, second_dojo
from tests.simulation.world import text

LIBRARY_GIVES_UP_AFTER = 25
"""Seconds: the library tries a request five times that is answered 502."""


def failing(error, times=1):
    """Something that fails so often with `error` and then gives nothing; and its calls."""
    calls = []

    async def fail(*arguments, **_):
        calls.append(arguments)
        if len(calls) <= times:
            raise error

    return fail, calls


def answered(status, code=0):
    answer = SimpleNamespace(status=status, reason="")
    kind = {404: discord.NotFound, 403: discord.Forbidden}.get(status, discord.DiscordServerError)
    return kind(answer, {"code": code, "message": ""})


@contextlib.contextmanager
def without_channels(guild):
    """The cache of the bot does not know the channels of a server."""
    get_channel = discord.Guild.get_channel

    def known(self, channel_id, /):
        return None if self.id == guild.id else get_channel(self, channel_id)

    with mock.patch.object(discord.Guild, "get_channel", known):
        yield


async def open_dojos(world):
    return {row["channel_id"] for row in rows(world, "dojos") if row["closed_at"] is None}


@pytest.mark.parametrize("trouble", ["connection", "disk", "steps"])
async def test_clocks_run_whatever_a_start_meets_and_the_rest_is_done_later(world, server, trouble):
    """F1, W1: a cut connection, a full disk, or any step that fails keeps no clock from running."""
    group = await running(world, server)
    other = await second_dojo(server)

    async def delete():
        world.env.backend.delete_channel(other.id)

    with contextlib.ExitStack() as stack:
        if trouble == "connection":
            fail, _ = failing(aiohttp.ServerDisconnectedError(), times=1)
            fetch = discord.Client.fetch_channel

            async def cut_once(self, channel_id, /):
                await fail()
                return await fetch(self, channel_id)

            stack.enter_context(mock.patch("discord.Client.fetch_channel", cut_once))
        elif trouble == "disk":
            close, full = DojoService._close, failing(sqlite3.OperationalError("disk is full"))[0]

            async def full_once(self, dojo):
                await full()
                await close(self, dojo)

            stack.enter_context(mock.patch.object(DojoService, "_close", full_once))
        else:
            for owner, name in (
                (RoundRooms, "see_voice"),
                (DojoService, "correct_server"),
                (RetentionService, "see_guilds"),
                (ReportService, "tell_waiting"),
            ):
                fail, _ = failing(sqlite3.OperationalError("database is locked"), times=10)
                stack.enter_context(mock.patch.object(owner, name, fail))
        await world.away(5, delete)
        await world.later(COACH - 5)
        assert title(group.card) == "🗣️ Coaching"
    assert await open_dojos(world) == {server.dojo.id}


async def test_rounds_of_one_server_do_not_wait_for_another_one_that_is_down(world, server):
    """F7: eight channels that do not answer, each for 25 s, hold up nobody."""
    group = await running(world, server)
    down = world.guild(name="Down")
    for number in range(8):
        await second_dojo(down, f"dojo-{number}")

    async def bad_gateway(self, channel_id, /):
        await asyncio.sleep(LIBRARY_GIVES_UP_AFTER)
        raise answered(502)

    with mock.patch("discord.Client.fetch_channel", bad_gateway), without_channels(down):
        await world.later(COACH - 10)
        await world.away(5)
        await world.later(30)
        assert title(group.card) == "🗣️ Coaching"
    assert len(await open_dojos(world)) == 9


@pytest.mark.parametrize(
    ("status", "code", "is_gone"),
    [(404, 10003, True), (404, 0, False), (404, 10004, False), (403, 50001, False), (503, 0, 0)],
)
async def test_only_an_unknown_channel_closes_a_dojo(world, server, status, code, is_gone):
    """F12: any other answer leaves the dojo as it is."""
    fail, calls = failing(answered(status, code), times=10)
    with mock.patch("discord.Client.fetch_channel", fail), without_channels(server):
        await world.away(5)
        await world.later(1)
    assert calls
    assert (await open_dojos(world) == set()) == is_gone


async def test_a_server_that_comes_back_is_looked_at(world, server):
    """F7, U2: who left voice in its outage is away, and a channel deleted in it is no dojo."""
    voice = server.handle.create_voice_channel("practice")
    await server.set_up(voice)
    group = await coaching(world, server, await in_voice(server, 4, voice), channel=voice)
    backend = world.env.backend
    backend.emit("GUILD_DELETE", {"id": str(server.id), "unavailable": True})
    await world.env.settle()
    heard, backend.subscribers[:] = [*backend.subscribers], []
    await group.coach.leave_voice()
    backend.delete_channel(server.dojo.id)
    backend.subscribers[:] = heard
    await world.later(1)
    assert "(away)" not in text(group.card)

    payload = serializers.guild_create_payload(backend, backend.guilds[server.id])
    backend.emit("GUILD_CREATE", {**payload, "unavailable": False})
    await world.later(1)
    assert f"{group.coach.mention} (away)" in text(group.card)
    assert await open_dojos(world) == {voice.id}


async def test_a_bot_that_is_in_no_server_says_how_to_invite_it(world, caplog):
    caplog.set_level("INFO")
    await world.restart()
    assert "invite me with https://discord.com/oauth2/authorize?client_id=" in caplog.text
    world.guild()
    caplog.clear()
    await world.restart()
    assert "ready as" in caplog.text
    assert "invite me" not in caplog.text
