"""Leaves out work that the library would do at every answer for nothing.

A pad has more than thirty components. The library parses all of them again from the message that
was tapped, though the custom id alone identifies a tap. It also asks for the message that each
answer makes and parses that, though nobody uses it. Each of the two costs more than the tap itself.
This patches the library's own functions; `tests/kit/requests/test_lean.py` checks that this version
of the library fits. Where a call goes another way, it is only slower.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import quote

import aiohttp
import discord
import orjson
import yarl
from discord.http import MultipartParameters, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

Payload = dict[str, Any]

COMPONENT = 3
"""The type of an interaction that is a click."""
_JSON = {"Content-Type": "application/json"}


class _LeanAdapter(AsyncWebhookAdapter):
    """Answers interactions without asking for the message that results."""

    def __init__(self) -> None:
        super().__init__()
        self._session: aiohttp.ClientSession | None = None

    async def create_interaction_response(
        self,
        interaction_id: int,
        token: str,
        *,
        session: aiohttp.ClientSession,
        params: MultipartParameters,
        **way: Any,  # noqa: ANN401 - theirs
    ) -> Any:  # noqa: ANN401 - theirs
        """Answer an interaction. The result contains nothing but its id."""
        made = {"interaction": {"id": interaction_id, "type": COMPONENT}}
        if not params.files and way.get("proxy") is None:
            path = f"/interactions/{interaction_id}/{quote(token, safe='')}/callback"
            sending = self._untraced(session).post(
                yarl.URL(Route.BASE + path, encoded=True),
                data=orjson.dumps(params.payload),
                headers=_JSON,
            )
            async with sending as response:
                if 200 <= response.status < 300:
                    return made
        # If it was not accepted at once, the library takes over: it knows when to try again.
        await super().create_interaction_response(
            interaction_id, token, session=session, params=params, **way
        )
        return made

    def _untraced(self, session: aiohttp.ClientSession) -> aiohttp.ClientSession:
        """A session over the same connections, without traces."""
        if self._session is None or self._session.connector is not session.connector:
            self._session = aiohttp.ClientSession(
                connector=session.connector,
                connector_owner=False,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


def answer_leanly() -> None:
    """From now on answers do not fetch the message they make, in this task and its tasks."""
    # Not where someone else answers, e.g. a simulation, which has its own way.
    if type(async_context.get()) is AsyncWebhookAdapter:
        async_context.set(cast("AsyncWebhookAdapter", _LeanAdapter()))


def read_lean(client: discord.Client, is_tap: Callable[[str], bool]) -> None:
    """From now on the message that was clicked is not parsed when the click is a tap."""
    parsers = client._connection.parsers  # noqa: SLF001
    parse = parsers["INTERACTION_CREATE"]

    def parse_lean(data: Payload) -> None:
        if data["type"] == COMPONENT and "message" in data and is_tap(data["data"]["custom_id"]):
            data = {name: part for name, part in data.items() if name != "message"}
        parse(data)

    parsers["INTERACTION_CREATE"] = parse_lean
