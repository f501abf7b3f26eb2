"""Sends follow-ups a single time.

After any 5xx the library sends a message to a webhook again, up to four times, though Discord may
have posted it: messages to webhooks have no nonce that would reveal a repeat. This patches the
library's own adapter; `tests/kit/requests/test_sent_once.py` checks that this version of the
library fits.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Iterator
from typing import Any, cast

import aiohttp
import discord
from discord.http import Route, json_or_text
from discord.webhook.async_ import AsyncWebhookAdapter, async_context


class _OneSending:
    """A session that raises DiscordServerError for a 5xx, so that the library does not retry."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @contextlib.asynccontextmanager
    async def request(
        self,
        method: str,
        url: str,
        **how: Any,  # noqa: ANN401 - theirs
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        async with self._session.request(method, url, **how) as response:
            if response.status >= 500:
                raise discord.DiscordServerError(response, await json_or_text(response))
            yield response


class _OnceAdapter(AsyncWebhookAdapter):
    """Sends each request once. Only a 429, which Discord did not accept, is sent again."""

    async def request(
        self,
        route: Route,
        session: aiohttp.ClientSession,
        **how: Any,  # noqa: ANN401 - theirs
    ) -> Any:  # noqa: ANN401
        one = cast("aiohttp.ClientSession", _OneSending(session))
        return await super().request(route, one, **how)


_ADAPTER = _OnceAdapter()


@contextlib.contextmanager
def sent_once() -> Iterator[None]:
    """Inside the block, messages to webhooks are not sent again after a 5xx."""
    if not isinstance(async_context.get(), AsyncWebhookAdapter):
        # The adapter of a simulation, which repeats nothing.
        yield
        return
    before = async_context.set(cast("AsyncWebhookAdapter", _ADAPTER))
    try:
        yield
    finally:
        async_context.reset(before)
