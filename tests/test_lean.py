"""What is left out at taps: held to this version of the library."""

from __future__ import annotations

import inspect
from typing import Any, cast

import discord
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.lean import lean_answers, read_lean
from bot.ui.pad import is_tap
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


async def test_an_answer_to_a_tap_does_not_ask_for_the_message(monkeypatch):
    sent: list[tuple[str, object]] = []

    async def request(self, route, *args, **how):
        sent.append((route.path, how.get("params")))

    monkeypatch.setattr(AsyncWebhookAdapter, "request", request)
    route = Route(
        "POST",
        "/interactions/{webhook_id}/{webhook_token}/callback",
        webhook_id=7,
        webhook_token="x",
    )
    with lean_answers():
        made = await async_context.get().request(
            route, session=cast(Any, None), payload={}, params={"with_response": "1"}
        )
        other = Route("POST", "/webhooks/{webhook_id}", webhook_id=7)
        await async_context.get().request(other, session=cast(Any, None), params={"wait": "true"})

    assert sent == [(route.path, None), (other.path, {"wait": "true"})]
    assert (
        discord.InteractionCallbackResponse(
            data=made,
            parent=cast(Any, None),
            state=cast(Any, None),
            type=discord.InteractionResponseType.message_update,
        ).resource
        is None
    )
    assert type(async_context.get()) is AsyncWebhookAdapter


async def test_somebody_elses_way_of_answering_is_left_alone():
    class Simulated(AsyncWebhookAdapter):
        pass

    simulated = Simulated()
    token = async_context.set(simulated)
    try:
        with lean_answers():
            assert async_context.get() is simulated
    finally:
        async_context.reset(token)


def test_the_library_still_answers_through_the_adapter_in_the_context():
    source = inspect.getsource(discord.InteractionResponse.edit_message)
    assert "async_context.get()" in source
    assert "create_interaction_response" in source
