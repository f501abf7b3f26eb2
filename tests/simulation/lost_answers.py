"""Losing what Discord says to the answers of the bot: the request counts, its answer is lost."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fnmatch import fnmatch
from types import SimpleNamespace
from typing import Any
from unittest import mock

import aiohttp
from simcord.http.client import FakeWebhookAdapter

CALLBACK = "*/callback"
LATER = "/webhooks/*"
"""Everything after the first answer: changing it, and messages of their own."""


@contextlib.contextmanager
def losing(
    path: str = CALLBACK,
    *,
    times: int = 1,
    error: type[Exception] = aiohttp.ServerDisconnectedError,
    is_taken: bool = True,
) -> Iterator[SimpleNamespace]:
    """The connection is cut at so many answers; Discord has taken them, if `is_taken`.

    Gives how many were sent in all, with those that came through.
    """
    reached = FakeWebhookAdapter.request
    seen = SimpleNamespace(sent=0, lost=0)

    async def request(self: Any, route: Any, session: Any, **how: Any) -> Any:
        if not fnmatch(route.url.partition("/api/v10")[2], path):
            return await reached(self, route, session, **how)
        seen.sent += 1
        if seen.lost == times:
            return await reached(self, route, session, **how)
        seen.lost += 1
        if is_taken:
            await reached(self, route, session, **how)
        raise error

    with mock.patch.object(FakeWebhookAdapter, "request", request):
        yield seen
