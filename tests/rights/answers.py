"""Everything that a person can read in an answer: texts, what is chosen, forms and files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from tests.simulation.world import Result

FILE = 13
"""A component that shows a file."""
TEXTS = ("content", "label", "description", "placeholder", "value", "title")
INNER = ("components", "component", "accessory", "options", "default_values")


async def read(result: Result) -> str:
    """All of an answer, line by line; `[x]` stands before what is chosen in a menu or form."""
    messages = [one for one in (result.response, *result.followups) if one is not None]
    lines = list(_lines(result.modal)) if result.modal else []
    for message in messages:
        lines.append(message.content or "")
        parts = message.components
        for part in parts:
            lines += _lines(part)
        # Looking for files makes a whole message of it, and every file stands on its card.
        if any(one.get("type") == FILE for part in parts for one in part.get("components", ())):
            lines += [await _text_of(file) for file in message.attachments]
    return "\n".join(lines)


def _lines(part: dict[str, Any]) -> Iterator[str]:
    chosen = "[x] " if part.get("default") else ""
    yield from (f"{chosen}{part[name]}" for name in TEXTS if part.get(name))
    if "id" in part and part.get("type") in ("user", "role", "channel"):
        # What a form proposes of people and places.
        yield f"[x] {part['id']}"
    for name in INNER:
        inner: Any = part.get(name) or ()
        for one in [inner] if isinstance(inner, dict) else inner:
            yield from _lines(one)


async def _text_of(file: Any) -> str:
    buffer = io.BytesIO()
    await file.save(buffer)
    return buffer.getvalue().decode(errors="replace")
