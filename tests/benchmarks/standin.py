"""A small Discord on loopback: the REST routes and the gateway that a bot needs to answer people.

It serves one bot at a time, whatever token it brings, and knows nothing about the bots it serves.
`StandIn.ask` delivers an interaction and returns the bot's answer with the times it took. It is
built to cost little, because it shares a machine with the bot it measures: low-level aiohttp, no
router, no access log.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import re
import time
import zlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import zstandard
from aiohttp import WSCloseCode, WSMsgType, web

from tests.benchmarks import payloads
from tests.benchmarks.payloads import Json

API = "/api/v10"
GATEWAY = "/gateway"
HEARTBEAT_MS = 41_250
MOST_PER_SECOND = 50
"""Requests, in any second; more are refused. Answers to interactions are free, as at Discord."""

JSON = {"Content-Type": "application/json"}
BUCKET = {
    **JSON,
    "X-RateLimit-Limit": "5",
    "X-RateLimit-Remaining": "4",
    "X-RateLimit-Reset-After": "5.000",
}
"""What Discord says about the limit of a route, while there is room."""

# Callback types, and those among them that promise an answer for later.
PONG, MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE = 1, 4, 5, 6, 7
DEFERRED = (DEFERRED_MESSAGE, DEFERRED_UPDATE)


class BotLost(Exception):
    """The bot closed its gateway connection while it owed answers."""


@dataclass(slots=True)
class Answer:
    """What a bot did with one interaction; times in seconds since its frame was sent."""

    acknowledged: float
    """Until the callback request arrived."""
    answered: float
    """Until the answer proper arrived: the callback itself unless that only deferred."""
    kind: int
    """The type of the callback: 4 is a message."""
    message: Json | None
    """The message shown or changed."""

    @property
    def public(self) -> bool:
        """Whether everybody in the channel sees it."""
        return self.message is not None and not self.message["flags"] & 64


@dataclass(frozen=True, slots=True)
class Written:
    """A request that wrote a message, or changed one."""

    at: float
    """When it arrived, in seconds since 1970."""
    channel: int
    is_new: bool
    is_card: bool
    """Whether it has components."""


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """A request that answered an interaction after its callback, or changed the answer."""

    at: float
    """When it arrived, in seconds since 1970."""
    message: Json


@dataclass(slots=True)
class _Pending:
    interaction: Json
    done: asyncio.Future[Answer]
    sent: float = 0.0
    acknowledged: float = 0.0
    kind: int = 0


class _Gateway:
    """One bot's connection: frames out, compressed as its URL asked for."""

    def __init__(self, socket: web.WebSocketResponse, compression: str | None) -> None:
        self._socket = socket
        self._sequence = itertools.count(1)
        self._encode = self._encoder(compression)

    @staticmethod
    def _encoder(compression: str | None) -> Callable[[bytes], bytes] | None:
        if compression == "zstd-stream":
            zstd = zstandard.ZstdCompressor(level=1).compressobj()
            flush = zstandard.COMPRESSOBJ_FLUSH_BLOCK
            return lambda data: zstd.compress(data) + zstd.flush(flush)
        if compression == "zlib-stream":
            stream = zlib.compressobj(1)
            return lambda data: stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)
        return None

    async def send(self, frame: Json) -> None:
        """Send a frame. It is encoded and written at once, so frames keep the order of calls."""
        data = orjson.dumps(frame)
        if self._encode is None:
            await self._socket.send_str(data.decode())
        else:
            await self._socket.send_bytes(self._encode(data))

    async def dispatch(self, event: str, data: Json) -> None:
        await self.send({"op": 0, "t": event, "s": next(self._sequence), "d": data})

    async def close(self) -> None:
        await self._socket.close(code=WSCloseCode.GOING_AWAY)


class StandIn:
    """The server and what one bot did with it. Enter `running` to serve."""

    def __init__(self, guilds: int, rooms: int = 0) -> None:
        self._guilds = [
            payloads.guild(index, rooms=range(index, rooms, guilds)) for index in range(guilds)
        ]
        self._gateway: _Gateway | None = None
        self._ready = asyncio.Event()
        self._pending: dict[str, _Pending] = {}
        # Deferred interactions, by token: that is how a bot names them from then on.
        self._deferred: dict[str, _Pending] = {}
        self._commands: dict[str, Json] = {}
        self._routes: list[tuple[str, re.Pattern[str], Callable[..., Any]]] = self._table()
        self.port = 0
        self.unknown: set[str] = set()
        """Requests this server has no route for, as "METHOD path"; answered with 404."""
        self.written: list[Written] = []
        """The messages of channels, in the order of their requests."""
        self.followed_up: list[FollowedUp] = []
        """The answers to interactions that came later than their callbacks, in order."""
        self.arrivals: list[float] = []
        """When each request came that counts for the limit, by `time.perf_counter`."""
        self.refused = 0
        """How many of them were too many."""
        self._taken: deque[float] = deque(maxlen=MOST_PER_SECOND)

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[StandIn]:
        """Serve on a loopback port (0: a free one) until the context ends."""
        runner = web.ServerRunner(web.Server(self._handle, access_log=None), shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        self.port = runner.addresses[0][1]
        try:
            yield self
        finally:
            if self._gateway is not None:
                await self._gateway.close()
            await runner.cleanup()

    async def connected(self) -> None:
        """Wait until a bot has been sent READY and all its guilds."""
        await self._ready.wait()

    @property
    def owed(self) -> int:
        """How many interactions wait for an answer."""
        return len(self._pending) + len(self._deferred)

    def command(self, name: str) -> Json:
        """The command the bot registered under this name, or a plain one if it did not sync."""
        return self._commands.get(name) or {"id": "940000000000000001", "name": name}

    async def ask(self, interaction: Json) -> Answer:
        """Deliver an interaction and wait for the answer."""
        if self._gateway is None:
            raise BotLost
        pending = _Pending(interaction, asyncio.get_running_loop().create_future())
        self._pending[interaction["id"]] = pending
        pending.sent = time.perf_counter()
        await self._gateway.dispatch("INTERACTION_CREATE", interaction)
        return await pending.done

    # Requests ---------------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        arrived = time.perf_counter()
        path, _, query = request.raw_path.partition("?")
        parts = path.split("/")
        # The one request that is measured comes first and without a regular expression.
        if parts[-1] == "callback" and parts[3] == "interactions":
            return await self._callback(request, parts[4], arrived, "with_response" in query)
        if path.startswith(GATEWAY):
            return await self._serve_gateway(request)
        if parts[3] != "webhooks" and (wait := self._seconds_too_early(arrived)):
            await request.read()
            return _refusal(wait)
        for method, pattern, answer in self._routes:
            if method == request.method and (match := pattern.fullmatch(path)):
                made = answer(await _body(request), arrived, *match.groups())
                # One bucket for each kind of request; discord.py adds the channel by itself.
                return _json(made, headers={**BUCKET, "X-RateLimit-Bucket": f"{id(pattern):x}"})
        self.unknown.add(f"{request.method} {path}")
        return _json({"message": "404: Not Found", "code": 0}, status=404)

    def _seconds_too_early(self, arrived: float) -> float:
        """Count a request; how long it should have waited to be within the limit, or 0."""
        self.arrivals.append(arrived)
        is_full = len(self._taken) == MOST_PER_SECOND
        if is_full and (wait := self._taken[0] + 1 - arrived) > 0:
            self.refused += 1
            return wait
        self._taken.append(arrived)
        return 0.0

    def _table(self) -> list[tuple[str, re.Pattern[str], Callable[..., Any]]]:
        def fixed(value: Any) -> Callable[..., Any]:
            return lambda *_: value

        commands = r"/applications/\d+(?:/guilds/(\d+))?/commands"
        routes: list[tuple[str, str, Callable[..., Any]]] = [
            ("GET", "/users/@me", fixed(payloads.BOT_USER)),
            ("GET", "/applications/@me", fixed(payloads.APPLICATION)),
            ("GET", "/oauth2/applications/@me", fixed(payloads.APPLICATION)),
            ("GET", "/gateway(?:/bot)?", self._gateway_address),
            ("GET", commands, lambda *_: list(self._commands.values())),
            ("PUT", commands, self._register),
            ("POST", r"/webhooks/\d+/([^/]+)", self._follow_up),
            ("PATCH", r"/webhooks/\d+/([^/]+)/messages/([^/]+)", self._follow_up),
            ("GET", r"/webhooks/\d+/([^/]+)/messages/([^/]+)", self._original),
            ("POST", r"/channels/(\d+)/messages", self._post),
            ("PATCH", r"/channels/(\d+)/messages/(\d+)", self._post),
            ("PUT", r"/channels/\d+/thread-members/\d+", fixed({})),
        ]
        return [(method, re.compile(API + path), answer) for method, path, answer in routes]

    async def _callback(
        self, request: web.BaseRequest, number: str, arrived: float, with_response: bool
    ) -> web.Response:
        pending = self._pending.pop(number, None)
        if pending is None:
            return _json({"message": "Unknown interaction", "code": 10062}, status=404)
        body = await _body(request)
        pending.kind = body["type"]
        pending.acknowledged = arrived - pending.sent
        made = self._message_of(pending.interaction, pending.kind, body.get("data") or {})
        if pending.kind in DEFERRED:
            self._deferred[pending.interaction["token"]] = pending
        else:
            self._settle(pending, made, arrived)
        if not with_response:
            return web.Response(status=204)
        return _json(payloads.callback_response(pending.interaction, pending.kind, made))

    @staticmethod
    def _message_of(interaction: Json, kind: int, data: Json) -> Json | None:
        if kind in (MESSAGE, DEFERRED_MESSAGE):
            return payloads.message(data, interaction["channel_id"])
        if kind == UPDATE:
            old = interaction["message"]
            # What only one person sees stays so.
            flags = (data.get("flags") or 0) | old["flags"] & 64
            new = {**old, **data, "flags": flags}
            return payloads.message(new, interaction["channel_id"], old["id"])
        return None

    @staticmethod
    def _settle(pending: _Pending, made: Json | None, arrived: float) -> None:
        if not pending.done.done():
            taken = arrived - pending.sent
            pending.done.set_result(Answer(pending.acknowledged, taken, pending.kind, made))

    def _follow_up(self, body: Json, arrived: float, token: str, *_: str) -> Json:
        made = payloads.message(body, str(payloads.channel_id(0, payloads.DOJO_CHANNEL)))
        self.followed_up.append(FollowedUp(_since_1970(arrived), made))
        if (pending := self._deferred.pop(token, None)) is not None:
            self._settle(pending, made, arrived)
        return made

    def _original(self, *_: Any) -> Json:
        return payloads.message({}, str(payloads.channel_id(0, payloads.DOJO_CHANNEL)))

    def _post(self, body: Json, arrived: float, channel: str, number: str | None = None) -> Json:
        is_new, is_card = number is None, bool(body.get("components"))
        self.written.append(Written(_since_1970(arrived), int(channel), is_new, is_card))
        return payloads.message(body, channel, number)

    def _register(self, body: list[Json], _arrived: float, guild: str | None) -> list[Json]:
        made = [payloads.registered(command, guild) for command in body]
        self._commands = {command["name"]: command for command in made}
        return made

    def _gateway_address(self, *_: Any) -> Json:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return {"url": self._socket_url(), "shards": 1, "session_start_limit": limit}

    # Gateway ----------------------------------------------------------------------------------

    def _socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}{GATEWAY}"

    async def _serve_gateway(self, request: web.BaseRequest) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        gateway = self._gateway = _Gateway(socket, request.query.get("compress"))
        await gateway.send({"op": 10, "d": {"heartbeat_interval": HEARTBEAT_MS}})
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    continue
                op = orjson.loads(frame.data)["op"]
                if op == 1:
                    await gateway.send({"op": 11})
                elif op == 2:
                    await self._welcome(gateway)
                elif op == 6:
                    await gateway.dispatch("RESUMED", {})
                    self._ready.set()
        finally:
            self._forget()
        return socket

    async def _welcome(self, gateway: _Gateway) -> None:
        ready = {
            "v": 10,
            "user": payloads.BOT_USER,
            "guilds": [{"id": guild["id"], "unavailable": True} for guild in self._guilds],
            "session_id": payloads.new_id(),
            "resume_gateway_url": self._socket_url(),
            "application": {"id": str(payloads.APPLICATION_ID), "flags": 0},
        }
        await gateway.dispatch("READY", ready)
        for guild in self._guilds:
            await gateway.dispatch("GUILD_CREATE", guild)
        self._ready.set()

    def _forget(self) -> None:
        """The bot is gone: whatever waits for it fails, and the next one starts again."""
        self._gateway = None
        self._ready.clear()
        for pending in (*self._pending.values(), *self._deferred.values()):
            if not pending.done.done():
                pending.done.set_exception(BotLost())
        self._pending.clear()
        self._deferred.clear()
        self._commands.clear()


def _since_1970(moment: float) -> float:
    """A moment of `time.perf_counter`, in seconds since 1970."""
    return time.time_ns() / 1e9 - (time.perf_counter() - moment)


async def _body(request: web.BaseRequest) -> Any:
    """The JSON of a request, also when it comes in a form beside files; {} without one."""
    if request.content_type.startswith("multipart/"):
        raw = (await request.post()).get("payload_json", "{}")
        return orjson.loads(raw) if isinstance(raw, str) else {}
    return orjson.loads(await request.read() or b"{}")


def _json(value: Any, status: int = 200, headers: Mapping[str, str] = JSON) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, headers=headers)


def _refusal(seconds: float) -> web.Response:
    """What Discord answers to a bot that asks too much of it."""
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": True}
    about = {
        "X-RateLimit-Global": "true",
        "X-RateLimit-Scope": "global",
        "Retry-After": str(math.ceil(seconds)),
        # Without it the library takes the answer for that of a firewall.
        "Via": "1.1 google",
    }
    return _json(body, status=429, headers={**JSON, **about})
