"""The work left out at answers: checked against this version of the library."""

from __future__ import annotations

import asyncio
import inspect
import io
import json
from collections.abc import Mapping
from typing import Any, cast

import aiohttp
import discord
import pytest
from aiohttp import web
from discord.http import MultipartParameters, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.feedback.ui.notes.pad import is_tap
from bot.kit.requests.lean import answer_leanly, read_lean
from tests.benchmarks import payloads

TAP = "dojo:1:tap:12:S5:seen"


class Client(discord.Client):
    """A client that remembers what it was handed."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.none())
        state = self._connection
        state.user = discord.ClientUser(state=state, data=cast(Any, payloads.BOT_USER))
        self.seen: list[discord.Interaction] = []

    def dispatch(self, event: str, /, *args: object, **kwargs: object) -> None:
        if event == "interaction":
            self.seen += [one for one in args if isinstance(one, discord.Interaction)]


def click(custom_id: str) -> dict[str, object]:
    button = {"type": 2, "style": 2, "label": "Tap", "custom_id": custom_id}
    sent = {"components": [{"type": 1, "components": [button]}], "flags": 64 | 32768}
    message = payloads.message(sent, "920000000000000101")
    return payloads.click(0, message, custom_id)


async def received(custom_id: str) -> discord.Interaction:
    client = Client()
    read_lean(client, is_tap)
    data = click(custom_id)
    client._connection.parsers["INTERACTION_CREATE"](data)
    assert "message" in data, "what came is not changed"
    return client.seen[0]


async def test_the_message_is_not_read_where_a_pad_was_tapped():
    interaction = await received(TAP)
    assert interaction.message is None
    assert cast(Any, interaction.data)["custom_id"] == TAP
    assert interaction.type is discord.InteractionType.component


async def test_the_message_of_any_other_click_is_read():
    interaction = await received("dojo:1:round:12:pad")
    assert interaction.message is not None
    assert len(interaction.message.components) == 1


PATH = "/interactions/7/a:b=/callback"
PAYLOAD = {"type": 4}


class Discord:
    """Takes requests at a real port, and answers them in turn."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[web.Response] = []

    async def take(self, request: web.Request) -> web.Response:
        self.requests.append((request.path, dict(request.query), await request.read()))
        return self.answers.pop(0) if self.answers else web.json_response({})


def answer(said: Mapping[str, object], status: int) -> web.Response:
    """As Discord answers: the library reads only what says exactly that it is JSON."""
    headers = {"Content-Type": "application/json", "Via": "1.1 google"}
    return web.Response(body=json.dumps(said).encode(), status=status, headers=headers)


@pytest.fixture
async def discord_api(monkeypatch):
    """What takes the requests of this test."""
    api, app = Discord(), web.Application()
    app.router.add_route("*", "/{path:.*}", api.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    monkeypatch.setattr(Route, "BASE", f"http://{host}:{port}")
    yield api
    await runner.cleanup()


@pytest.fixture
async def traced():
    """The library's session, and the requests that it was told of."""
    told: list[str] = []

    async def begun(session, context, request) -> None:
        told.append(request.url.path)

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(begun)
    async with aiohttp.ClientSession(trace_configs=[trace]) as session:
        yield session, told


async def answered(session: aiohttp.ClientSession, **how: Any) -> Any:
    """What the adapter makes of an answer, in a task of the bot."""

    async def send() -> Any:
        answer_leanly()
        params = MultipartParameters(how.get("payload"), how.get("multipart"), how.get("files", []))
        return await async_context.get().create_interaction_response(
            7, "a:b=", session=session, params=params
        )

    return await asyncio.create_task(send())


async def test_an_answer_does_not_ask_for_the_message_and_nobody_is_told_of_it(discord_api, traced):
    session, told = traced
    made = await answered(session, payload=PAYLOAD)
    assert discord_api.requests == [(PATH, {}, b'{"type":4}')]
    assert told == []
    response = discord.InteractionCallbackResponse(
        data=made,
        parent=cast(Any, None),
        state=cast(Any, None),
        type=discord.InteractionResponseType.message_update,
    )
    assert response.resource is None


async def test_an_answer_with_a_file_goes_the_librarys_way(discord_api, traced):
    session, told = traced
    file = discord.File(io.BytesIO(b"x"), "x.txt")
    part = {"name": "files[0]", "value": file.fp, "filename": "x.txt"}
    await answered(session, files=[file], multipart=[part])
    assert [path for path, _, _ in discord_api.requests] == [PATH]
    assert len(told) == 1


async def test_an_answer_that_is_too_much_at_once_is_sent_again(discord_api, traced):
    """Discord says how long to wait; the library does."""
    session, _ = traced
    slow = {"retry_after": 0.01}
    discord_api.answers = [answer(slow, 429), answer(slow, 429)]
    await answered(session, payload=PAYLOAD)
    assert [body for _, _, body in discord_api.requests] == [b'{"type":4}'] * 3


async def test_what_discord_refuses_is_raised_with_its_code(discord_api, traced):
    session, _ = traced
    refusal = {"code": 40060, "message": "Interaction has already been acknowledged."}
    discord_api.answers = [answer(refusal, 400), answer(refusal, 400)]
    with pytest.raises(discord.HTTPException) as caught:
        await answered(session, payload=PAYLOAD)
    assert caught.value.code == 40060


async def test_a_new_session_of_the_library_is_followed(discord_api, traced):
    """A login that failed half-way closes its session with all connections."""
    session, _ = traced

    async def twice() -> None:
        answer_leanly()
        adapter = async_context.get()
        params = MultipartParameters(PAYLOAD, None, None)
        await adapter.create_interaction_response(7, "x", session=session, params=params)
        await session.close()
        async with aiohttp.ClientSession() as other:
            await adapter.create_interaction_response(8, "y", session=other, params=params)

    await asyncio.create_task(twice())
    assert len(discord_api.requests) == 2


async def test_someone_elses_way_of_answering_is_left_alone():
    class Simulated(AsyncWebhookAdapter):
        pass

    async def way() -> AsyncWebhookAdapter:
        async_context.set(cast(Any, simulated))
        answer_leanly()
        return async_context.get()

    simulated = Simulated()
    assert await asyncio.create_task(way()) is simulated


def test_the_library_still_answers_through_the_adapter_in_the_context():
    source = inspect.getsource(discord.InteractionResponse.edit_message)
    assert "async_context.get()" in source
    assert "create_interaction_response" in source
