"""Follow-ups are sent once: checked against this version of the library."""

from __future__ import annotations

import ast
from typing import Any, cast

import discord
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.kit.requests.sent_once import sent_once
from tests.sources import product


async def test_a_follow_up_is_not_sent_again_after_a_5xx_but_after_a_429(monkeypatch):
    """W11: the library would post it again, up to four times, with pauses of seconds."""
    about = {"Content-Type": "application/json", "Via": "1.1 google"}
    answers = [
        web.Response(body=b'{"retry_after": 0}', status=429, headers=about),
        web.Response(body=b"{}", status=502, headers=about),
    ]
    came: list[Any] = []

    async def take(request: web.Request) -> web.Response:
        came.append(await request.json())
        return answers[len(came) - 1]

    app = web.Application()
    app.router.add_post("/webhooks/1/token", take)
    async with TestServer(app) as server, ClientSession() as session:
        monkeypatch.setattr(Route, "BASE", str(server.make_url("")).rstrip("/"))
        with sent_once():
            adapter = async_context.get()
            with pytest.raises(discord.DiscordServerError):
                await adapter.execute_webhook(1, "token", session=session, payload={"content": "x"})
    assert came == [{"content": "x"}] * 2
    assert type(async_context.get()) is AsyncWebhookAdapter


def test_every_follow_up_is_sent_within_it():
    """W11: a follow-up that is sent in another way would be posted again after a 5xx."""
    sends: list[str] = []
    guarded: list[str] = []
    for path in product():
        text = path.read_text()
        if "followup" not in text:
            continue
        tree = ast.parse(text)
        for node in ast.walk(tree):
            found = [
                f"{path.name}:{one.lineno}"
                for one in ast.walk(node)
                if isinstance(one, ast.Call) and ast.unparse(one.func).endswith("followup.send")
            ]
            if node is tree:
                sends += found
            elif isinstance(node, ast.With) and "sent_once()" in map(ast.unparse, node.items):
                guarded += found
    assert sends
    assert sends == guarded


async def test_someone_elses_way_of_answering_is_left_alone():
    simulated = cast(Any, object())
    token = async_context.set(simulated)
    try:
        with sent_once():
            assert async_context.get() is simulated
    finally:
        async_context.reset(token)
