"""Asks before it saves words that may name a person. Until the answer they are not on disk.

Until then they are on the card that asks, and nowhere else: its buttons read them from there, so
that neither a restart nor a change of mind loses them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import discord

from bot.kit.discord.actions import Button, H, Style
from bot.kit.discord.answers import answer_in_place
from bot.kit.discord.cards import Card, card, row
from bot.kit.discord.interactions import Interaction
from bot.kit.discord.text import joined
from bot.kit.personal_words import Find, finds

ACCENT = 0xE0A83E
FOUND = {
    Find.MENTION: "a mention",
    Find.LINK: "a link",
    Find.EMAIL: "an e-mail address",
    Find.NUMBER: "a long number",
}
_BLOCK = re.compile(r"\*\*(?P<label>[^*\n]+)\*\*\n```\n(?P<text>[^\n]*)\n```")

Texts = Mapping[str, str]
"""What was typed, by the label it is shown under."""


class WordsButton(Button):
    """A button on a card that shows words; its handler gets them as `texts`."""

    given = ("interaction", "texts")


class Words:
    """Words that a form asks for, declared with a pattern, like an action:

    TRY_WORDS = Words("try:{round_id}", is_own=True)

    await TRY_WORDS.keep(interaction, {TRY: words}, round_id=round_id)

    @TRY_WORDS.kept
    async def keep_try(interaction: Interaction, texts: Texts, round_id: int): ...

    @TRY_WORDS.changed
    async def change_try(interaction: Interaction, texts: Texts, round_id: int): ...
    """

    def __init__(self, pattern: str, *, is_own: bool = False) -> None:
        """`is_own` has the same meaning as for actions."""
        self._keep = WordsButton(f"words:keep:{pattern}", "Save it as it is", is_own=is_own)
        self._change = WordsButton(
            f"words:again:{pattern}", "Change it", emoji="✏️", style=Style.primary, is_own=is_own
        )

    def kept(self, handler: H) -> H:
        """Register a function that saves the words, and then shows what they belong to."""
        return self._keep.pressed(handler)

    def changed(self, handler: H) -> H:
        """Register a function that opens the form again, with the words in it."""
        return self._change.pressed(handler)

    async def keep(self, interaction: Interaction, texts: Texts, **about: object) -> None:
        """Save what was typed, or ask first if it may name a person."""
        found = finds("\n".join(texts.values()))
        if found:
            await answer_in_place(interaction, self.ask_card(texts, found, about))
        elif self._keep.handler is not None:
            await self._keep.handler(interaction, texts, **about)

    def ask_card(self, texts: Texts, found: Sequence[Find], about: Mapping[str, Any]) -> Card:
        """Shows what was typed and asks whether to save it like that."""
        what = joined(FOUND[find] for find in found)
        return card(
            "### Keep it like this?",
            f"There seems to be {what} in it. Leave out who it was, where, and how to reach them. I"
            " only notice the obvious, so please look yourself. Nothing is saved yet.",
            *_blocks(texts),
            row(self._change.button(**about), self._keep.button(**about)),
            accent=ACCENT,
        )

    def again_card(self, texts: Texts, why: str, about: Mapping[str, Any]) -> Card:
        """Shows what was typed, says why it cannot be saved so, and offers the form again."""
        again = row(self._change.button(**about))
        return card("### Not saved yet", why, *_blocks(texts), again, accent=ACCENT)


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
