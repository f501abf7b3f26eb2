"""The connection to the gateway: held to this version of the library."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import discord
import pytest
from discord.gateway import DiscordWebSocket

from bot import cli
from bot.app import _log_in_and_connect
from bot.close_codes import PROGRAM, SETTINGS
from bot.gateway import (
    BETWEEN_IDENTIFIES_SECONDS,
    LONGEST_PAUSE_SECONDS,
    Identifies,
    bound_pauses,
    expect_no_voice,
)

CODES = range(4000, 4015)


@pytest.fixture
def pauses(monkeypatch):
    """What is waited for; the clock of the loop goes on by it at once."""
    waited: list[float] = []
    now = [1000.0]

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(
        "bot.gateway.asyncio.get_running_loop", lambda: SimpleNamespace(time=lambda: now[0])
    )
    return waited


class Lost(Exception):
    """The test has seen enough."""


async def test_after_an_outage_of_any_length_the_next_attempt_comes_within_seconds(pauses):
    """W5: the library's own pauses grow to 17 minutes."""
    bound_pauses()
    attempts = 0

    async def refuse(*_: object, **__: object) -> None:
        nonlocal attempts
        attempts += 1
        if attempts > 300:
            raise Lost
        raise OSError(111, "refused")

    client = discord.Client(intents=discord.Intents.none())
    client.ws = cast(Any, SimpleNamespace(sequence=1, gateway=None, session_id="a"))
    with mock.patch.object(DiscordWebSocket, "from_client", refuse), pytest.raises(Lost):
        await client.connect()

    assert len(pauses) == 300
    assert max(pauses) <= LONGEST_PAUSE_SECONDS
    assert sum(pauses[-100:]) >= 100 * LONGEST_PAUSE_SECONDS / 4


async def test_logins_keep_to_what_discord_allows_however_often_the_connection_is_lost(pauses):
    """W5: 5 s between two, fewer than 1,000 in a day, and nobody waits after one outage."""
    identifies = Identifies()
    await identifies.turn()
    assert pauses == []
    for _ in range(50):
        await identifies.turn()
    assert max(pauses) == BETWEEN_IDENTIFIES_SECONDS
    count = 51
    while sum(pauses) < 24 * 3600:
        await identifies.turn()
        count += 1
    assert 850 < count < 1000


async def test_a_bot_asks_for_its_turn_before_it_logs_in(world, monkeypatch):
    """W5: by the hook of the library, which is called before each login and no resuming."""
    turns = []

    async def turn(_: object) -> None:
        turns.append(1)

    monkeypatch.setattr(Identifies, "turn", turn)
    await world.bot._connection.hooks["before_identify"](None, initial=True)
    assert turns == [1]


@pytest.mark.parametrize("code", CODES)
async def test_every_close_code_is_taken_up_again_or_ends_in_one_line(capsys, monkeypatch, code):
    """W13c: 4010 to 4014 ended in a traceback."""
    socket = SimpleNamespace(_close_code=None, socket=SimpleNamespace(close_code=code))
    recovers = DiscordWebSocket._can_handle_close(cast(Any, socket))
    assert recovers is not (code in SETTINGS or code in PROGRAM)
    if recovers:
        return
    closed = discord.ConnectionClosed(cast(Any, socket.socket), shard_id=None, code=code)
    # The library has a class of its own for one of them.
    error = discord.PrivilegedIntentsRequired(None) if code == 4014 else closed

    async def run_bot(*_: object, **__: object) -> None:
        bot = SimpleNamespace(
            http=SimpleNamespace(token="a"), connect=mock.AsyncMock(side_effect=error)
        )
        await _log_in_and_connect(cast(Any, bot), "a")

    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
    monkeypatch.setattr("bot.app.run_bot", run_bot)
    monkeypatch.setattr("bot.logs.set_up_logging", lambda _: None)
    exit_code = await asyncio.to_thread(cli.main, ["run"])
    said = capsys.readouterr().err
    assert exit_code == (2 if code in SETTINGS else 1)
    assert said.count("\n") == 1
    assert ("token" if code == 4004 else str(code)) in said


def test_the_library_does_not_warn_that_it_cannot_speak(caplog):
    """W13f: two warnings at every start."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = True
    expect_no_voice()
    discord.Client(intents=discord.Intents.none())
    assert "voice" not in caplog.text
