"""Cards as plain data, from top to bottom, and the one class that passes them to the library.

Building a card from the library's items costs several times as much as sending it. So parts are
built in the form that Discord receives: a text is a `str`, everything else a dict.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import discord

Component: TypeAlias = dict[str, Any]
"""A component in the form that Discord receives."""
Part: TypeAlias = str | Component
"""A part of a card: a text, a row, or anything else that takes a line of its own."""

ROW, BUTTON, MENU, SECTION, TEXT = 1, 2, 3, 9, 10
GALLERY, FILE, SEPARATOR, CONTAINER = 12, 13, 14, 17


class Card(discord.ui.LayoutView):
    """A card, ready to be sent. Nothing of it stays in memory: ids identify its buttons."""

    def __init__(self, components: list[Component]) -> None:
        # Does not call the library's `__init__`, which prepares for items: there are none.
        self._components = components

    @property
    def timeout(self) -> float | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """No timeout: nothing waits for a click on it."""
        return None

    def is_finished(self) -> bool:
        """Nothing waits for a click on it."""
        return True

    def is_dispatchable(self) -> bool:
        """It has no items of its own."""
        return False

    def to_components(self) -> list[Component]:
        """The components in the form that Discord receives."""
        return self._components

    def has_components_v2(self) -> bool:
        """True, though the view itself has no items."""
        return True


def card(*parts: Part, accent: discord.Colour | int | None = None) -> Card:
    """A card: texts and rows of components from top to bottom. Empty ones are left out."""
    container: Component = {
        "type": CONTAINER,
        "components": [text(one) if isinstance(one, str) else one for one in parts if one],
    }
    if accent is not None:
        container["accent_color"] = int(accent)
    return Card([container])


def text(content: str) -> Component:
    """A text."""
    return {"type": TEXT, "content": content}


def row(*items: Component) -> Component:
    """A row of up to five buttons, or of one menu; empty without any."""
    return {"type": ROW, "components": list(items)} if items else {}


def section(content: str, button: Component) -> Component:
    """A text with a button beside it."""
    return {"type": SECTION, "components": [text(content)], "accessory": button}


def line() -> Component:
    """A thin line between parts of a card."""
    return {"type": SEPARATOR, "divider": True, "spacing": 1}


def file(name: str) -> Component:
    """An attached file, by its name."""
    return {"type": FILE, "file": {"url": f"attachment://{name}"}}


def picture(name: str, description: str) -> Component:
    """An attached picture, by its name, with a description for people who do not see it."""
    item = {"media": {"url": f"attachment://{name}"}, "description": description}
    return {"type": GALLERY, "items": [item]}


def turning(page: int, pages: int, button: Callable[[int, str], Component]) -> list[Component]:
    """A row to the pages before and after, if any; `button` makes one from a page and a label."""
    buttons: list[Component] = []
    if page > 0:
        buttons.append(button(page - 1, "Previous page"))
    if page < pages - 1:
        buttons.append(button(page + 1, "Next page"))
    return [row(*buttons)] if buttons else []
