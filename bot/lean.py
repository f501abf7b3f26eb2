"""What the library would do for nothing at every tap of a pad, left out.

A pad has more than thirty components. The library reads all of them back from the message that
was tapped, and once more from Discord's answer to ours, though a tap is known by its custom id
alone and nobody looks at that answer: more work than the tap itself. Both places are the library's
own; `tests/test_lean.py` holds this version of it to them, and a tap that comes another way is
only slower.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, cast

import discord
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

Payload = dict[str, Any]

COMPONENT = 3
"""The type of an interaction that is a click."""


class _LeanAdapter(AsyncWebhookAdapter):
    """Answers interactions without asking for the message that comes of it."""

    async def request(self, route: Route, *args: Any, **how: Any) -> Any:  # noqa: ANN401 - theirs
        is_answer = route.path.endswith("/callback") and not how.get("files")
        if not is_answer:
            return await super().request(route, *args, **how)
        await super().request(route, *args, **{**how, "params": None})
        return {"interaction": {"id": route.webhook_id, "type": COMPONENT}}


_ADAPTER = _LeanAdapter()


@contextlib.contextmanager
def lean_answers() -> Iterator[None]:
    """Within the block, answers do not bring back the message they make."""
    if type(async_context.get()) is not AsyncWebhookAdapter:
        # Somebody else's, e.g. that of a simulation: it knows best how it answers.
        yield
        return
    before = async_context.set(cast("AsyncWebhookAdapter", _ADAPTER))
    try:
        yield
    finally:
        async_context.reset(before)


def read_lean(client: discord.Client, is_tap: Callable[[str], bool]) -> None:
    """From now on the message that was clicked is not read when the click is a tap."""
    parsers = client._connection.parsers  # noqa: SLF001
    parse = parsers["INTERACTION_CREATE"]

    def parse_lean(data: Payload) -> None:
        if data["type"] == COMPONENT and "message" in data and is_tap(data["data"]["custom_id"]):
            data = {name: part for name, part in data.items() if name != "message"}
        parse(data)

    parsers["INTERACTION_CREATE"] = parse_lean
