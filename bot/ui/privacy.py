"""Data rights: a file of all that is stored about a person, and its erasure."""

from __future__ import annotations

import json

import discord

from bot.ui.components import DojoButton, card, row
from bot.ui.interactions import Interaction, View, client_of, redraw, reply, services_of
from bot.ui.own_contents import text_file
from bot.ui.texts import plural

ACCENT = 0x6B7280
FILE_NAME = "my-dojo-data.json"

KINDS = {
    "dojos": (
        "dojo you set up or are a contact of",
        "dojos you set up or are a contact of",
        "the dojo stays, without your name",
    ),
    "rounds": ("round", "rounds", "the others keep theirs, without your name"),
    "notes": (
        "note by or about you",
        "notes by or about you",
        "those about you go; those you took stay for their coach, without your name and words",
    ),
    "sheets": (
        "sheet by or about you",
        "sheets by or about you",
        "those about you go; those you filled in stay for their coach, without your name",
    ),
    "client_views": ("answer as a client", "answers as a client", "erased"),
    "debriefs": ("debrief of your coaching", "debriefs of your coaching", "erased"),
    "reports": ("report of a note", "reports of notes", "erased"),
    "talks": (
        "request to talk with a safety contact",
        "requests to talk with a safety contact",
        "erased",
    ),
    "gatherings": (
        "gathering you joined or led",
        "gatherings you joined or led",
        "the others keep theirs, without your name",
    ),
    "wishes": ("wish for your groups", "wishes for your groups", "erased"),
    "check_outs": ("word at the end of a gathering", "words at the end of gatherings", "erased"),
    "own_contents": ("content import", "content imports", "the content stays, without your name"),
}
"""What the kinds of stored entries are called, and what erasing leaves."""


async def export_mine(interaction: Interaction) -> None:
    """Answer with everything that is stored about the person who asks."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    data = await services_of(interaction).privacy.export(interaction.user.id)
    counts = await services_of(interaction).privacy.counts(interaction.user.id)
    text = json.dumps(data, indent=2, ensure_ascii=False)
    forget = client_of(interaction).mention_command("me forget")
    view = card(
        "### What is stored about you",
        _counted(counts) or "Nothing is stored about you.",
        discord.ui.File(f"attachment://{FILE_NAME}"),
        *([f"-# {forget} erases it."] if counts else []),
        accent=ACCENT,
    )
    await reply(interaction, view, files=[text_file(text, FILE_NAME)])


async def ask_to_forget(interaction: Interaction) -> None:
    """Say what would go, and ask."""
    counts = await services_of(interaction).privacy.counts(interaction.user.id)
    await reply(interaction, _ask_card(counts))


def _ask_card(counts: dict[str, int]) -> View:
    if not counts:
        return card(
            "### Nothing is stored about you",
            "There is nothing to erase, on this server or any other.",
            accent=ACCENT,
        )
    return card(
        "### Erase what is stored about you?",
        _counted(counts, with_rest=True),
        "This holds for every server, and cannot be undone.",
        row(ForgetMe(), KeepMe()),
        accent=ACCENT,
    )


def _counted(counts: dict[str, int], *, with_rest: bool = False) -> str:
    lines: list[str] = []
    for kind, count in counts.items():
        one, many, rest = KINDS[kind]
        lines.append(f"- {plural(count, one, many)}{f' ({rest})' if with_rest else ''}")
    return "\n".join(lines)


class ForgetMe(DojoButton, template=r"me:forget:yes"):
    """Erases everything about the person who presses."""

    def __init__(self) -> None:
        super().__init__("me:forget:yes", "Erase", style=discord.ButtonStyle.danger)

    async def pressed(self, interaction: Interaction) -> None:
        """Erase, and say what has gone."""
        counts = await services_of(interaction).privacy.forget(interaction.user.id)
        text = (
            f"Erased is who it was:\n{_counted(counts, with_rest=True)}"
            if counts
            else "There was nothing left to erase."
        )
        await redraw(interaction, card("### Done", text, accent=ACCENT))


class KeepMe(DojoButton, template=r"me:forget:no"):
    """Keeps everything."""

    def __init__(self) -> None:
        super().__init__("me:forget:no", "Keep it")

    async def pressed(self, interaction: Interaction) -> None:
        """Say that nothing was changed."""
        await redraw(interaction, card("Nothing was erased.", accent=ACCENT))
