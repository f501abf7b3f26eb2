"""The date of Discord's answers is heard, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.kit.requests.discord_time import heard_from_answers

DATE = "Mon, 05 Jan 2026 18:00:00 GMT"
MOMENT = datetime(2026, 1, 5, 18, tzinfo=UTC)


async def heard(host: str | None, headers: dict[str, str]) -> list[datetime]:
    """What is heard from one answer."""
    moments: list[datetime] = []
    trace = heard_from_answers(moments.append)
    answer = SimpleNamespace(
        url=SimpleNamespace(host=host), response=SimpleNamespace(headers=headers)
    )
    for callback in trace.on_request_end:
        await callback(cast(Any, None), cast(Any, None), cast(Any, answer))
    return moments


@pytest.mark.parametrize("host", ["discord.com", "canary.discord.com"])
async def test_the_date_of_an_answer_of_the_api_is_heard(host):
    """U1: the first ones come while the bot logs in."""
    assert await heard(host, {"Date": DATE}) == [MOMENT]


@pytest.mark.parametrize(
    ("host", "headers"),
    [
        ("cdn.discordapp.com", {"Date": DATE}),
        ("notdiscord.com", {"Date": DATE}),
        (None, {"Date": DATE}),
        ("discord.com", {}),
        ("discord.com", {"Date": "yesterday"}),
        ("discord.com", {"Date": "Mon, 05 Jan 2026 18:00:00 -0000"}),
    ],
)
async def test_what_says_nothing_for_sure_is_not_heard(host, headers):
    """U1: someone's cache, no date, or one that cannot be read."""
    assert await heard(host, headers) == []


async def test_requests_that_count_for_the_limit_of_all_are_heard_when_they_begin():
    """Issue 12: answers to interactions do not count; with or without a turn, all others do."""
    count = 0

    def sent() -> None:
        nonlocal count
        count += 1

    trace = heard_from_answers(lambda _: None, sent)
    for path in ("/api/v10/channels/1/messages", "/api/v10/interactions/1/x/callback"):
        request = SimpleNamespace(url=SimpleNamespace(path=path))
        for callback in trace.on_request_start:
            await callback(cast(Any, None), cast(Any, None), cast(Any, request))
    assert count == 1
