"""Buttons and menus that work for ever, and the cards they sit on.

A custom id is `dojo:1:<what it is about>`: ours, with a version, and with identity only; what a
click does is decided from the database. Every click goes through `answered`, because the library
swallows exceptions of dynamic items without an answer to the person.

Cards are stopped before they are sent: the library then keeps nothing of them, where it would
otherwise hold every private card for a quarter of an hour.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Self, TypeAlias, cast

import discord

from bot.ui.failures import answered
from bot.ui.interactions import Interaction, View, client_of

PREFIX = "dojo:1:"

PERSISTENT_ITEMS: list[type[discord.ui.DynamicItem[Any]]] = []
"""Every kind of button and menu of this program; the client listens for all of them."""


class PersistentItem(discord.ui.DynamicItem[Any], template="dojo:none"):
    """Something to click that is known by its custom id alone.

    A kind of item is a subclass with `template=`: what follows the prefix, with named groups that
    are the strings given to `__init__`.
    """

    def __init_subclass__(cls, *, template: str | None = None) -> None:
        if template is None:
            super().__init_subclass__(template="dojo:none")
            return
        super().__init_subclass__(template=re.compile(re.escape(PREFIX) + template))
        PERSISTENT_ITEMS.append(cls)

    @classmethod
    async def from_custom_id(
        cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the item anew from what its custom id says."""
        # What the template names, the subclass takes as text.
        return cast("Any", cls)(**match.groupdict())


class DojoButton(PersistentItem):
    """A button. Subclass it with `template=` and override `pressed`."""

    def __init__(
        self,
        about: str,
        label: str,
        *,
        emoji: str | None = None,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
    ) -> None:
        super().__init__(
            discord.ui.Button(
                label=label,
                emoji=emoji,
                style=style,
                disabled=disabled,
                custom_id=PREFIX + about,
            )
        )

    async def callback(self, interaction: Interaction) -> None:
        """Do what the button is for, once, and answer whatever happens."""
        with client_of(interaction).clicks.once(interaction, self.custom_id) as is_first:
            if is_first:
                await answered(interaction, self.pressed(interaction), what=self.custom_id)
            else:
                await answered(interaction, interaction.response.defer(), what="double click")

    async def pressed(self, interaction: Interaction) -> None:
        """What the button does. A DojoError is told to the person."""
        raise NotImplementedError


class DojoMenu(PersistentItem):
    """A menu of texts. Subclass it with `template=` and override `chosen`."""

    def __init__(
        self, about: str, placeholder: str, options: list[discord.SelectOption] | None = None
    ) -> None:
        # A menu made anew from its custom id has no use for its options, but needs one.
        filled = options or [discord.SelectOption(label="…")]
        super().__init__(
            discord.ui.Select(custom_id=PREFIX + about, placeholder=placeholder, options=filled)
        )

    async def callback(self, interaction: Interaction) -> None:
        """Do what was chosen, and answer whatever happens."""
        choice = self.item.values[0] if self.item.values else ""
        await answered(interaction, self.chosen(interaction, choice), what=self.custom_id)

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """What choosing does. A DojoError is told to the person."""
        raise NotImplementedError


def row(*items: discord.ui.Item[Any]) -> discord.ui.ActionRow[Any]:
    """A row of up to five buttons, or of one menu."""
    return discord.ui.ActionRow(*items)


def turning(
    page: int, pages: int, button: Callable[[int, str], DojoButton]
) -> list[discord.ui.ActionRow[Any]]:
    """A row with buttons to the pages before and after, as far as there are any.

    `button` makes one from a page's number and a label.
    """
    buttons: list[DojoButton] = []
    if page > 0:
        buttons.append(button(page - 1, "Previous page"))
    if page < pages - 1:
        buttons.append(button(page + 1, "Next page"))
    return [row(*buttons)] if buttons else []


Part: TypeAlias = str | discord.ui.Item[Any]


def card(*parts: Part, accent: discord.Colour | int | None = None) -> View:
    """A card: texts and rows of components from top to bottom."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(
        discord.ui.Container(
            *(discord.ui.TextDisplay(part) if isinstance(part, str) else part for part in parts),
            accent_colour=accent,
        )
    )
    view.stop()
    return view


class PreparedCard(discord.ui.LayoutView):
    """A card from components that were rendered before.

    Making a card from items costs several times what sending it does. A card on which nothing
    depends on the moment is rendered once; its buttons are known by their custom ids anyway.
    """

    def __init__(self, components: list[dict[str, Any]]) -> None:
        super().__init__(timeout=None)
        self._components = components
        self.stop()

    def to_components(self) -> list[dict[str, Any]]:
        """The components as Discord gets them."""
        return self._components

    def has_components_v2(self) -> bool:
        """They are of the second version, though the view itself has no items."""
        return True


def line() -> discord.ui.Separator[Any]:
    """A thin line between parts of a card."""
    return discord.ui.Separator()
