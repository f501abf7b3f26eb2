"""Buttons and menus that work for ever, and the cards they sit on.

A custom id is `dojo:1:<what it is about>`: ours, with a version, and with identity only; what a
click does is decided from the database. Every click goes through `dispatch_click` and `answered`,
so that whatever happens the person gets an answer.

Cards are stopped before they are sent: the library then keeps nothing of them, where it would
otherwise hold every private card for a quarter of an hour.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, cast

import discord

from bot.domain.errors import NotOffered
from bot.ui.answers import acknowledge_repeat
from bot.ui.cards import Card as PreparedCard
from bot.ui.cards import Part, card, line, row, turning
from bot.ui.failures import answered
from bot.ui.gate import Ids, admit, offered_values
from bot.ui.interactions import Interaction, client_of
from bot.ui.patterns import PREFIX

__all__ = ["PREFIX", "Part", "PreparedCard", "card", "line", "row", "turning"]

PERSISTENT_ITEMS: list[type[PersistentItem]] = []
"""Every kind of button and menu of this program."""


class PersistentItem:
    """Something to click that is known by its custom id alone.

    A kind of item is a subclass with `template=`: what follows the prefix, with named groups that
    are the strings given to `__init__`. With `is_own=True` it leads to what is the person's own,
    and works in direct messages and elsewhere as well: see `gate.admit`.
    """

    template: ClassVar[re.Pattern[str]]
    is_own: ClassVar[bool] = False
    known_by: str
    """The custom id."""

    def __init_subclass__(cls, *, template: str | None = None, is_own: bool = False) -> None:
        super().__init_subclass__()
        cls.is_own = is_own or cls.is_own
        if template is not None:
            cls.template = re.compile(re.escape(PREFIX) + template)
            PERSISTENT_ITEMS.append(cls)

    @classmethod
    async def pass_gate(cls, interaction: Interaction, groups: Ids) -> None:
        """Let a click through if what its custom id names is of this place. Raises as `admit`."""
        await admit(interaction, groups, is_own=cls.is_own)

    async def act(self, interaction: Interaction) -> None:
        """Do what a click on it is for. A DojoError is told to the person."""
        raise NotImplementedError


class DojoButton(PersistentItem, discord.ui.Button[Any]):
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
        self.known_by = PREFIX + about
        super().__init__(
            label=label, emoji=emoji, style=style, disabled=disabled, custom_id=self.known_by
        )

    async def act(self, interaction: Interaction) -> None:
        """Do what the button is for."""
        await self.pressed(interaction)

    async def pressed(self, interaction: Interaction) -> None:
        """What the button does. A DojoError is told to the person."""
        raise NotImplementedError


class DojoMenu(PersistentItem, discord.ui.Select[Any]):
    """A menu of texts. Subclass it with `template=` and override `chosen`."""

    def __init__(
        self, about: str, placeholder: str, options: list[discord.SelectOption] | None = None
    ) -> None:
        # A menu made anew from its custom id has no use for its options, but needs one.
        filled = options or [discord.SelectOption(label="…")]
        self.known_by = PREFIX + about
        super().__init__(custom_id=self.known_by, placeholder=placeholder, options=filled)

    async def act(self, interaction: Interaction) -> None:
        """Do what was chosen, if it was among what the card offers."""
        await self.chosen(interaction, offered_values(interaction, self.known_by)[0])

    async def chosen(self, interaction: Interaction, choice: str) -> None:
        """What choosing does. A DojoError is told to the person."""
        raise NotImplementedError


def leading_to(
    about: str, label: str, *, emoji: str = "", is_first: bool = False
) -> discord.ui.Button[Any]:
    """A button that leads to a part of the program which this card need not know.

    It is known by its custom id, as every button is. `is_first` for what most people want next.
    """
    style = discord.ButtonStyle.primary if is_first else discord.ButtonStyle.secondary
    return discord.ui.Button(
        label=label, emoji=emoji or None, custom_id=PREFIX + about, style=style
    )


async def dispatch_old_click(interaction: Interaction, custom_id: str) -> bool:
    """Hand a click to its kind of item, once, through the gate; whether there is one.

    The library could do so, too, but would first rebuild the whole card from its message.
    """
    for kind in PERSISTENT_ITEMS:
        match = kind.template.fullmatch(custom_id)
        if match is not None:
            await _click_once(interaction, custom_id, kind, match.groupdict())
            return True
    return False


async def _click_once(
    interaction: Interaction, custom_id: str, kind: type[PersistentItem], groups: Ids
) -> None:
    """Act on a click, and answer whatever happens; the repeat of a press does nothing."""
    if not issubclass(kind, DojoButton):
        await answered(interaction, _click(interaction, kind, groups), what=kind.__name__)
        return
    with client_of(interaction).clicks.once(interaction, custom_id) as is_first:
        if is_first:
            await answered(interaction, _click(interaction, kind, groups), what=kind.__name__)
        else:
            await answered(interaction, acknowledge_repeat(interaction), what="double click")


async def _click(interaction: Interaction, kind: type[PersistentItem], groups: Ids) -> None:
    await kind.pass_gate(interaction, groups)
    try:
        # What the template names, the subclass takes as text.
        item: PersistentItem = cast("Any", kind)(**groups)
    except (ValueError, LookupError):
        # Only a forged id fits the template and still says nothing.
        raise NotOffered from None
    await item.act(interaction)
