"""The connection to the gateway: held to this version of the library."""

from __future__ import annotations

import asyncio
import bisect
import contextlib
import itertools
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import aiohttp
import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket

from bot import cli
from bot.close_codes import PROGRAM, SETTINGS
from bot.gateway import (
    BETWEEN_IDENTIFIES_SECONDS,
    LONGEST_PAUSE_SECONDS,
    QUIET_SECONDS,
    Identifies,
    bound_pauses,
    expect_no_voice,
)
from bot.run import _log_in_and_connect

CODES = range(4000, 4015)


@pytest.fixture
def pauses(monkeypatch):
    """What is waited for; the clock of the loop goes on by it at once."""
    waited: list[float] = []
    now = [1000.0]

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    # What `bound_pauses` replaces in the library is put back.
    for name in ("ExponentialBackoff", "DiscordWebSocket"):
        monkeypatch.setattr(discord.client, name, getattr(discord.client, name))
    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(
        "bot.gateway.asyncio.get_running_loop", lambda: SimpleNamespace(time=lambda: now[0])
    )
    return waited


class Lost(Exception):
    """The test has seen enough."""


async def test_after_an_outage_of_any_length_the_next_attempt_comes_within_seconds(pauses):
    """W5: the library's own pauses grow to 17 minutes."""
    bound_pauses(Identifies())
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
    """W5: 5 s between two, at most 1,000 in a day, and nobody waits after one outage."""
    identifies, made = Identifies(), []

    async def log_in() -> None:
        await identifies.slot()
        made.append(sum(pauses))

    await log_in()
    assert pauses == []
    await log_in()
    assert pauses == [BETWEEN_IDENTIFIES_SECONDS]
    while made[-1] < 3 * 24 * 3600:
        await log_in()
    assert most_in_a_day(made) < 1000
    # Nor is there a time in which nobody can log in.
    assert max(later - one for one, later in itertools.pairwise(made)) < 600
    # The next outage, after one that is over, is like the first.
    await asyncio.sleep(QUIET_SECONDS)
    before = len(pauses)
    for _ in range(2):
        await log_in()
    assert len(pauses) == before + 1


class Gateway:
    """A gateway that accepts connections, and drops them while it is in trouble."""

    def __init__(self, trouble: float, drops: str, clock: Callable[[], float]) -> None:
        """`drops` is what it drops: "all", also resuming; or logins, and knows no session."""
        self.began = clock()
        self.clock = clock
        self.trouble, self.drops = trouble, drops
        self.logins: list[float] = []
        self.connected = 0.0
        self.connections = 0
        self.took: list[float] = []
        """How long attempts took until they had logged in."""

    async def connect(self, *_: object, **__: object) -> GatewaySocket:
        self.connected = self.clock()
        self.connections += 1
        return GatewaySocket(self)

    def answer(self, op: int) -> dict[str, Any] | None:
        """What it says to a message, or that it drops the connection."""
        if op == DiscordWebSocket.RESUME:
            is_dropped = self.drops == "all" and self.is_in_trouble
            return None if is_dropped else {"op": DiscordWebSocket.INVALIDATE_SESSION, "d": False}
        if op == DiscordWebSocket.IDENTIFY:
            self.logins.append(self.clock() - self.began)
            self.took.append(self.clock() - self.connected)
            if not self.is_in_trouble:
                raise Lost
        return None

    @property
    def is_in_trouble(self) -> bool:
        return self.clock() - self.began < self.trouble


class GatewaySocket:
    """One connection to it."""

    closed, close_code = False, None

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._answers: list[dict[str, Any] | None] = [
            {"op": DiscordWebSocket.HELLO, "d": {"heartbeat_interval": 41_250}}
        ]

    async def send_str(self, text: str) -> None:
        op = json.loads(text)["op"]
        if op in (DiscordWebSocket.RESUME, DiscordWebSocket.IDENTIFY):
            self._answers.append(self._gateway.answer(op))

    async def receive(self, **_: object) -> SimpleNamespace:
        # On its way.
        await asyncio.sleep(0.5)
        answer = self._answers.pop(0)
        if answer is None:
            self.close_code = 1006
            return SimpleNamespace(type=aiohttp.WSMsgType.CLOSED)
        return SimpleNamespace(type=aiohttp.WSMsgType.TEXT, data=json.dumps(answer))

    async def close(self, **_: object) -> None:
        return


def most_in_a_day(moments: list[float]) -> int:
    """The most moments in any 24 hours."""
    return max(
        bisect.bisect_left(moments, one + 24 * 3600) - number for number, one in enumerate(moments)
    )


class PacedClient(discord.Client):
    """A client that paces its logins as the bot does."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.none())
        self.identifies = Identifies()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        await super().before_identify_hook(shard_id, initial=initial)
        await self.identifies.slot()


async def connect_until_lost(client: PacedClient, ws_connect: Callable[..., Any]) -> None:
    """Let the library connect, to what stands in for the gateway, until that ends the test."""
    await client._async_setup_hook()
    client.http.token = "a"
    with (
        mock.patch.object(client.http, "ws_connect", ws_connect),
        mock.patch("discord.gateway.KeepAliveHandler.start"),
        contextlib.suppress(Lost),
    ):
        await client.connect()


@pytest.mark.usefixtures("pauses")
@pytest.mark.parametrize(
    ("hours", "drops"), [(1 / 6, "logins"), (1, "logins"), (12, "logins"), (1, "all")]
)
async def test_a_gateway_that_accepts_and_drops_uses_up_no_logins(hours, drops):
    """W5: after 7 minutes a login had to wait for 93 s, and the library gave it up after 60."""
    client = PacedClient()
    bound_pauses(client.identifies)
    gateway = Gateway(hours * 3600, drops, asyncio.get_running_loop().time)
    await connect_until_lost(client, gateway.connect)
    print(
        "GW",
        hours,
        drops,
        len(gateway.logins),
        gateway.logins[-1] - gateway.trouble,
        gateway.connections,
        max(gateway.took),
        most_in_a_day(gateway.logins),
    )
    assert gateway.logins[-1] - gateway.trouble < 60
    assert most_in_a_day(gateway.logins) < 1000
    assert max(gateway.took) < 20
    # Nor does it hammer at the gateway.
    assert gateway.connections < gateway.trouble / 5 + 20


async def test_an_address_for_resuming_that_does_not_answer_is_given_up(pauses):
    """W5: all attempts went there, forever. The session is kept as long as Discord knows it."""
    client = PacedClient()
    bound_pauses(client.identifies)
    dead = yarl.URL("wss://gateway-dead.discord.gg")
    client.ws = cast(Any, SimpleNamespace(sequence=7, gateway=dead, session_id="kept"))
    tried: list[str | None] = []
    resumed: list[dict[str, Any]] = []

    class Socket(GatewaySocket):
        async def send_str(self, text: str) -> None:
            if json.loads(text)["op"] == DiscordWebSocket.RESUME:
                resumed.append(json.loads(text)["d"])
                raise Lost

    async def connect(url: str) -> GatewaySocket:
        tried.append(yarl.URL(url).host)
        if tried[-1] == dead.host or len(tried) == 1:
            raise OSError(111, "refused")
        return Socket(cast(Any, None))

    await connect_until_lost(client, connect)
    usual = DiscordWebSocket.DEFAULT_GATEWAY.host
    assert tried == [usual, dead.host, dead.host, dead.host, usual]
    assert [(one["session_id"], one["seq"]) for one in resumed] == [("kept", 7)]
    assert sum(pauses) < 60


async def test_a_bot_asks_for_its_slot_before_it_logs_in(world, monkeypatch):
    """W5: by the hook of the library, which is called before each login and no resuming."""
    slots = []

    async def slot(_: object) -> None:
        slots.append(1)

    monkeypatch.setattr(Identifies, "slot", slot)
    await world.bot._connection.hooks["before_identify"](None, initial=True)
    assert slots == [1]


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
            http=SimpleNamespace(token="a"),
            connect=mock.AsyncMock(side_effect=error),
            identifies=Identifies(),
        )
        await _log_in_and_connect(cast(Any, bot), "a")

    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
    monkeypatch.setattr("bot.run.run_bot", run_bot)
    monkeypatch.setattr("bot.kit.logs.set_up_logging", lambda _: None)
    exit_code = await asyncio.to_thread(cli.main, ["run"])
    said = capsys.readouterr().err
    assert exit_code == (2 if code in SETTINGS else 1)
    assert said.count("\n") == 1
    assert ("token" if code == 4004 else str(code)) in said


async def test_an_error_of_our_own_while_connected_is_not_taken_for_an_outage():
    broken = AttributeError("'NoneType' object has no attribute 'guild'")
    bot = SimpleNamespace(
        # A client that takes it for an outage logs in again, which begins with closing the session.
        http=SimpleNamespace(token="a", close=mock.AsyncMock(side_effect=AssertionError)),
        ws=object(),
        connect=mock.AsyncMock(side_effect=broken),
        identifies=Identifies(),
    )
    with pytest.raises(AttributeError):
        await _log_in_and_connect(cast(Any, bot), "a")


def test_the_library_does_not_warn_that_it_cannot_speak(caplog):
    """W13f: two warnings at every start."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = True
    expect_no_voice()
    discord.Client(intents=discord.Intents.none())
    assert "voice" not in caplog.text
