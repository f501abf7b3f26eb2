"""Data rights: a file of all that is stored about a person, and its erasure."""

from __future__ import annotations

import io
from collections.abc import Mapping

import discord

from bot.kit.discord.answers import defer, redraw, reply
from bot.kit.discord.cards import card, file, row
from bot.kit.discord.file_traces import with_file_traces
from bot.kit.discord.interactions import Interaction, client_of, services_of
from bot.kit.discord.text import plural
from bot.privacy.actions import CONFIRM_FORGET, KEEP_DATA
from bot.privacy.service.privacy import NOT_RELEASED, PrivacyService

ACCENT = 0x6B7280
NOTHING = "I found nothing about you to show."
NOT_COUNTED = "Feedback that has not been released to you is not counted here. It is erased too."
ERASED_TOO = "Feedback that had not been released to you is erased too."
"""Said to everybody, whether or not there is any."""

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
    "debriefs": (
        "round with feedback on your coaching",
        "rounds with feedback on your coaching",
        "erased",
    ),
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
    "set_aside_questions": (
        "question you set aside",
        "questions you set aside",
        "erased: they come again",
    ),
    "refused_messages": (
        "note that you take no direct messages",
        "notes that you take no direct messages",
        "erased: I may write to you again",
    ),
    "askings": (
        "choice of who may ask you into rounds",
        "choices of who may ask you into rounds",
        "erased: anybody may ask you again",
    ),
    "invitations": ("question into a round", "questions into rounds", "your name goes"),
    "check_outs": ("word at the end of a gathering", "words at the end of gatherings", "erased"),
    "departures": ("server you left", "servers you left", "erased"),
    "own_contents": ("content import", "content imports", "the content stays, without your name"),
}
"""The names of the kinds of entries, and what erasing leaves."""


async def export_mine(interaction: Interaction) -> None:
    """Answer with all that is stored about the person. Raises ExportUnderWay and ExportTooLarge."""
    privacy = services_of(interaction)[PrivacyService]
    with privacy.one_at_a_time(interaction.user.id):
        await defer(interaction, ephemeral=True, thinking=True)
        export = await privacy.export_file(interaction.user.id)
        forget = client_of(interaction).mention_command("my forget")
        view = card(
            "### What is stored about you",
            _counted(export.counts) or NOTHING,
            file(export.name),
            f"-# {NOT_RELEASED}\n-# {forget} erases everything about you.",
            accent=ACCENT,
        )
        attached = discord.File(io.BytesIO(export.data), filename=export.name)
        await reply(interaction, view, files=[attached])


async def ask_to_forget(interaction: Interaction) -> None:
    """Say what would be erased, and ask. Raises ExportUnderWay.

    Asks even if nothing is found: data that is withheld from a person is theirs to erase, too.
    """
    privacy = services_of(interaction)[PrivacyService]
    with privacy.one_at_a_time(interaction.user.id):
        await defer(interaction, ephemeral=True, thinking=True)
        counts = await privacy.counts(interaction.user.id)
        view = card(
            "### Erase what is stored about you?",
            _counted(counts, with_rest=True) or NOTHING,
            NOT_COUNTED,
            "This holds for every server, and cannot be undone.",
            row(CONFIRM_FORGET.button(), KEEP_DATA.button()),
            accent=ACCENT,
        )
        await reply(interaction, view)


def _counted(counts: Mapping[str, int], *, with_rest: bool = False) -> str:
    lines: list[str] = []
    for kind, count in counts.items():
        one, many, rest = KINDS[kind]
        lines.append(f"- {plural(count, one, many)}{f' ({rest})' if with_rest else ''}")
    return "\n".join(lines)


@CONFIRM_FORGET.pressed
async def forget(interaction: Interaction) -> None:
    """Erase everything about the person who pressed, and say what was erased."""
    await defer(interaction)
    counts = await services_of(interaction)[PrivacyService].forget(interaction.user.id)
    gone = _counted(counts, with_rest=True)
    text = f"Erased:\n{gone}" if gone else "There was nothing more about you to show."
    rest = with_file_traces(interaction, ERASED_TOO)
    await redraw(interaction, card("### Done", text, rest, accent=ACCENT))


@KEEP_DATA.pressed
async def keep(interaction: Interaction) -> None:
    """Say that nothing was erased."""
    await redraw(interaction, card("Nothing was erased.", accent=ACCENT))
