"""Asking before words are kept that may name somebody: they are not on disk until the answer.

Meanwhile they are on the card that asks, and nowhere else: its buttons read them from there, so
that neither a restart nor a change of mind loses them.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import discord

from bot.domain.careful import Find, finds
from bot.domain.errors import NotOffered
from bot.ui.answers import redraw, reply, show_form
from bot.ui.components import DojoButton, card, row
from bot.ui.gate import Ids, admit
from bot.ui.interactions import Interaction, View
from bot.ui.texts import joined

ACCENT = 0xE0A83E
FOUND = {
    Find.MENTION: "a mention",
    Find.LINK: "a link",
    Find.EMAIL: "an e-mail address",
    Find.NUMBER: "a long number",
}
TARGET = r"(?P<target>[a-z]{1,8}(?::[A-Za-z0-9-]{1,20}){1,6})"
_BLOCK = re.compile(r"\*\*(?P<label>[^*\n]+)\*\*\n```\n(?P<text>[^\n]*)\n```")

Texts = Mapping[str, str]
"""What was typed, by the label under which it is shown."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """What becomes of words of one kind."""

    save: Callable[[Interaction, Sequence[str], Texts], Awaitable[None]]
    """Keep them, and show what they were for in the place of the card that asked."""
    form: Callable[[Interaction, Sequence[str], Texts], Awaitable[discord.ui.Modal]]
    """The form they came from, with them in it."""
    about: str
    """A pattern of the arguments in a target, with named groups as in a custom id."""
    is_own: bool = True
    """As for `components.PersistentItem`."""


KEEPERS: dict[str, Keeper] = {}
"""By the first word of a target such as `note:12:34`; the rest are its arguments."""


async def keep(interaction: Interaction, target: str, texts: Texts) -> None:
    """Keep what was typed, or ask first where it may name somebody."""
    found = finds("\n".join(texts.values()))
    if found:
        await redraw_or_reply(interaction, ask_card(target, texts, found))
        return
    kind, *about = target.split(":")
    await KEEPERS[kind].save(interaction, about, texts)


async def redraw_or_reply(interaction: Interaction, view: View) -> None:
    """In the place of the private card from which a form was opened; else as a new private one."""
    if interaction.message is not None and interaction.message.flags.ephemeral:
        await redraw(interaction, view)
    else:
        await reply(interaction, view)


def ask_card(target: str, texts: Texts, found: Sequence[Find]) -> View:
    """Shows what was typed and asks whether to keep it so."""
    what = joined(FOUND[one] for one in found)
    return card(
        "### Keep it like this?",
        (
            f"There seems to be {what} in it. Leave out who it was, where, and how to reach them. I"
            " only notice the obvious, so please look yourself. Nothing is saved yet."
        ),
        *_blocks(texts),
        row(WriteAgain(target), KeepIt(target)),
        accent=ACCENT,
    )


def again_card(target: str, texts: Texts, why: str) -> View:
    """Shows what was typed, says why it cannot be saved so, and offers the form again."""
    return card("### Not saved yet", why, *_blocks(texts), row(WriteAgain(target)), accent=ACCENT)


def _blocks(texts: Texts) -> list[str]:
    # In a block of code nothing is a link, a mention or a heading.
    return [f"**{label}**\n```\n{_plain(text)}\n```" for label, text in texts.items() if text]


def _plain(text: str) -> str:
    return text.replace("```", "'''")


def typed_on(message: discord.Message | None) -> dict[str, str]:
    """The words on a card that asks."""
    found: dict[str, str] = {}
    waiting: list[object] = list(message.components) if message else []
    while waiting:
        component = waiting.pop(0)
        waiting.extend(getattr(component, "children", ()))
        match = _BLOCK.fullmatch(str(getattr(component, "content", "")))
        if match:
            found[match["label"]] = match["text"]
    return found


class _ForWords(DojoButton):
    """A button about words that were typed; its target names what they are for."""

    @classmethod
    async def pass_gate(cls, interaction: Interaction, groups: Ids) -> None:
        """The same as if the words came by their form."""
        kind, _, about = (groups["target"] or "").partition(":")
        keeper = KEEPERS.get(kind)
        named = re.fullmatch(keeper.about, about) if keeper is not None else None
        if keeper is None or named is None:
            raise NotOffered
        await admit(interaction, named.groupdict(), is_own=keeper.is_own)


class KeepIt(_ForWords, template=rf"words:keep:{TARGET}"):
    """Keeps the words as they are."""

    def __init__(self, target: str) -> None:
        self.target = target
        super().__init__(f"words:keep:{target}", "Save it as it is")

    async def pressed(self, interaction: Interaction) -> None:
        """Save what is on the card."""
        kind, *about = self.target.split(":")
        await KEEPERS[kind].save(interaction, about, typed_on(interaction.message))


class WriteAgain(_ForWords, template=rf"words:again:{TARGET}"):
    """Opens the form again."""

    def __init__(self, target: str) -> None:
        self.target = target
        primary = discord.ButtonStyle.primary
        super().__init__(f"words:again:{target}", "Change it", emoji="✏️", style=primary)

    async def pressed(self, interaction: Interaction) -> None:
        """Open the form with the words in it."""
        kind, *about = self.target.split(":")
        form = await KEEPERS[kind].form(interaction, about, typed_on(interaction.message))
        await show_form(interaction, form)
