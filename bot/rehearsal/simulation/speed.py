# ruff: noqa: ANN401, SLF001 - what is private to SimCord has no types for others
"""Renders the pages of rooms in milliseconds.

SimCord builds a Markdown parser for every text it shows, and summarises all messages of a channel
for a list that the rehearsal's pages do not have. With a few dozen cards that took a third of a
second for each page and each change.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import simcord.preview._markdown as markdown
import simcord.preview._snapshot as snapshot

from bot.rehearsal.simulation.patching import replaced

__all__ = ["quick_rendering"]

_NO_LIST = {
    "query": "",
    "filter": "all",
    "hasPrevious": False,
    "hasNext": False,
    "previousCursor": None,
    "nextCursor": None,
}


@contextlib.contextmanager
def quick_rendering() -> Iterator[None]:
    """While the context lasts, parsers are reused and the list of messages stays empty."""
    genuine = markdown._markdown_parser
    kept: dict[int, tuple[dict[str, Any], Any]] = {}

    def parser(policy: Mapping[str, bool | str], context: Mapping[str, Any]) -> Any:
        # There are only a handful of policies, all constant. A parser uses the context it was made
        # with while it parses, so only that changes.
        if id(policy) not in kept:
            changing: dict[str, Any] = {}
            kept[id(policy)] = changing, genuine(policy, changing)
        changing, made = kept[id(policy)]
        changing.clear()
        changing.update(context)
        return made

    def navigation(*_: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        return [], dict(_NO_LIST)

    with (
        replaced(markdown, "_markdown_parser", parser),
        replaced(snapshot, "_message_navigation", navigation),
    ):
        yield
