"""Components as Discord gets them, for cards that are drawn at every tap.

Making a card from the library's items costs several times what sending it does (see
`PreparedCard`); what a tap redraws is therefore put together from plain data.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord

from bot.ui.components import PREFIX, PreparedCard

Component = dict[str, Any]

_ROW, _BUTTON, _TEXT, _CONTAINER = 1, 2, 10, 17


def raw_text(content: str) -> Component:
    """A text."""
    return {"type": _TEXT, "content": content}


def raw_button(
    about: str,
    label: str,
    *,
    emoji: str = "",
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> Component:
    """A button whose custom id is the prefix and `about`."""
    button: Component = {
        "type": _BUTTON,
        "style": style.value,
        "label": label,
        "custom_id": PREFIX + about,
    }
    if emoji:
        button["emoji"] = {"name": emoji}
    return button


def raw_row(*buttons: Component) -> Component:
    """A row of up to five buttons."""
    return {"type": _ROW, "components": list(buttons)}


def raw_card(parts: Sequence[Component], accent: int) -> PreparedCard:
    """A card from its parts, top to bottom."""
    return PreparedCard([{"type": _CONTAINER, "accent_color": accent, "components": list(parts)}])
