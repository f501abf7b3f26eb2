"""Discord's time: from the ids of events, and from the dates of its answers."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime

import aiohttp

HOST = "discord.com"
"""Only the API itself: other hosts may answer from another cache."""


OF_INTERACTIONS = ("/interactions/", "/webhooks/")
"""In the paths of requests that do not count towards Discord's global limit."""


def heard_from_answers(
    hear: Callable[[datetime], None], sent: Callable[[], None] = lambda: None
) -> aiohttp.TraceConfig:
    """A trace for the library's requests that passes the date of each answer of the API to `hear`.

    The first answers come while the bot logs in, long before the first event. `sent` is called when
    a request begins that counts towards Discord's global limit.
    """

    async def on_request_start(
        session: aiohttp.ClientSession, context: object, request: aiohttp.TraceRequestStartParams
    ) -> None:
        del session, context
        if not any(part in request.url.path for part in OF_INTERACTIONS):
            sent()

    async def on_request_end(
        session: aiohttp.ClientSession, context: object, answer: aiohttp.TraceRequestEndParams
    ) -> None:
        del session, context
        host, date = answer.url.host or "", answer.response.headers.get("Date")
        if date is None or not (host == HOST or host.endswith(f".{HOST}")):
            return
        # A date that cannot be read says nothing.
        with contextlib.suppress(ValueError):
            moment = parsedate_to_datetime(date)
            if moment.tzinfo is not None:
                hear(moment)

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(on_request_start)
    trace.on_request_end.append(on_request_end)
    return trace
