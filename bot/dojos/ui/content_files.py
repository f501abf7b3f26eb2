"""A dojo's own content as a file: exports it, imports it, and names every fault."""

from __future__ import annotations

import io

import discord

from bot.content.limits import OWN_FILE_BYTES
from bot.content.model.refusals import ContentRejected, Fault
from bot.content.own import FILE_NAME
from bot.dojos.actions import LEAVE_FILE, TAKE_SHORT_PARTS
from bot.dojos.model.dojo import Dojo
from bot.dojos.model.refusals import ShortParts
from bot.dojos.service.contents import ContentService, Imported
from bot.dojos.service.dojos import DojoService
from bot.kit.discord.answers import defer, redraw, reply
from bot.kit.discord.cards import Part, card, file, row
from bot.kit.discord.interactions import (
    Interaction,
    View,
    channel_ids,
    client_of,
    person_of,
    services_of,
)
from bot.kit.discord.text import cut, joined, plural, safe

ACCENT = 0x3E8E7E
FAULTS_SHOWN = 12
PARTS_SHOWN = 8


def text_file(text: str, name: str) -> discord.File:
    """A text as an attachment."""
    return discord.File(io.BytesIO(text.encode()), filename=name)


async def export_content(interaction: Interaction) -> None:
    """Answer with the dojo's file. Raises DojoUnknown and NotAllowed."""
    services = services_of(interaction)
    dojo = services[DojoService].get(*channel_ids(interaction))
    dojo.check_may_configure(person_of(interaction))
    await defer(interaction, ephemeral=True, thinking=True)
    exported = text_file(await services[ContentService].export_file(dojo), FILE_NAME)
    command = client_of(interaction).mention_command("dojo content import")
    view = card(
        "### Own questions, signals and formats of this dojo",
        "Open the file in any text editor. It says inside how to add, change and leave out"
        f" questions, signals and formats of rounds. Give it back with {command}.",
        file(FILE_NAME),
        accent=ACCENT,
    )
    await reply(interaction, view, files=[exported])


async def import_content(interaction: Interaction, attachment: discord.Attachment) -> None:
    """Make a file the dojo's own content, or say everything that is wrong with it."""
    services = services_of(interaction)
    dojo = services[DojoService].get(*channel_ids(interaction))
    dojo.check_may_configure(person_of(interaction))
    # Before the file is downloaded.
    services[ContentService].imports.check(dojo.guild_id)
    await defer(interaction, ephemeral=True, thinking=True)
    text = ""
    try:
        text = await _read(attachment)
        imported = await services[ContentService].import_file(dojo, text, person_of(interaction))
    except ShortParts as short:
        # The file stands on the card, which is asked for it: nothing is lost by a restart.
        await reply(interaction, ask_card(short), files=[text_file(text, FILE_NAME)])
    except ContentRejected as rejected:
        pause = services[ContentService].imports.pause(dojo.guild_id)
        view, files = faults_card(rejected, name=attachment.filename, pause=pause)
        await reply(interaction, view, files=files)
    else:
        await _show_imported(interaction, dojo, imported)


def ask_card(short: ShortParts) -> View:
    """Asks whether parts under a minute are meant."""
    lines = [
        f"- **{safe(cut(name, 60))}**: {kind}, {seconds} seconds"
        for name, kind, seconds in short.parts[:PARTS_SHOWN]
    ]
    if len(short.parts) > PARTS_SHOWN:
        lines.append(f"- and {len(short.parts) - PARTS_SHOWN} more")
    return card(
        "### Are these parts meant to be so short?",
        "\n".join(lines),
        "A part under a minute can be over before people know what it is for. Nothing was changed"
        " yet. Take the file as it is, or correct it and import it again.",
        file(FILE_NAME),
        row(LEAVE_FILE.button(), TAKE_SHORT_PARTS.button()),
        accent=ACCENT,
    )


@TAKE_SHORT_PARTS.pressed
async def take_short_parts(interaction: Interaction) -> None:
    """Import the file that stands on the card, with its short parts."""
    services = services_of(interaction)
    dojo = services[DojoService].get(*channel_ids(interaction))
    dojo.check_may_configure(person_of(interaction))
    await defer(interaction)
    message = interaction.message
    attachment = next(iter(message.attachments if message else ()), None)
    if attachment is None:
        command = client_of(interaction).mention_command("dojo content import")
        text = f"The file is no longer here. Import it again with {command}."
        await redraw(interaction, card(text))
        return
    try:
        imported = await services[ContentService].import_file(
            dojo, await _read(attachment), person_of(interaction), with_short_parts=True
        )
    except ContentRejected as rejected:
        pause = services[ContentService].imports.pause(dojo.guild_id)
        view, files = faults_card(rejected, name=attachment.filename, pause=pause)
        await reply(interaction, view, files=files)
        return
    await redraw(interaction, card("✅ Taken as it is."))
    await _show_imported(interaction, dojo, imported)


@LEAVE_FILE.pressed
async def leave_file(interaction: Interaction) -> None:
    """Change nothing, and say so."""
    await redraw(interaction, card("👍 Nothing was changed."))


async def _read(attachment: discord.Attachment) -> str:
    # Before it is downloaded: a wrong file may be very large.
    if attachment.size > OWN_FILE_BYTES:
        limit = OWN_FILE_BYTES // 1024
        raise ContentRejected(
            (Fault(FILE_NAME, f"is larger than {limit} KiB, so I did not read it"),)
        )
    try:
        return (await attachment.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ContentRejected((Fault(FILE_NAME, "is not a text file in UTF-8"),)) from None


def faults_card(
    rejected: ContentRejected, *, name: str, pause: int
) -> tuple[View, list[discord.File]]:
    """What is wrong with a file, as a file if that is long; `pause`: seconds until the next."""
    count = len(rejected.faults) + rejected.more
    # The file is named once, as the person calls it.
    lines = [str(fault).removeprefix(f"{FILE_NAME}: ") for fault in rejected.faults]
    shown = [f"- {cut(safe(line), 220)}" for line in lines[:FAULTS_SHOWN]]
    again = f" in {plural(pause, 'second')} or later" if pause else ""
    parts: list[Part] = [
        f"### Not imported: {plural(count, 'fault')} in {safe(cut(name, 60))}",
        f"Nothing was changed. Correct the file and import it again{again}.",
        "\n".join(shown),
    ]
    files: list[discord.File] = []
    if count > len(shown):
        listed = "all of them" if not rejected.more else f"the first {len(lines):,}"
        parts += [f"… and {count - len(shown):,} more, {listed} in this file:", file("faults.txt")]
        if rejected.more:
            lines.append(f"… and {rejected.more:,} more")
        files.append(text_file("\n".join(lines) + "\n", "faults.txt"))
    return card(*parts, accent=0xC4674B), files


async def _show_imported(interaction: Interaction, dojo: Dojo, imported: Imported) -> None:
    own = imported.own
    counts = [
        (imported.added_questions, "question", "added"),
        (imported.changed_questions, "question", "changed"),
        (len(own.hidden_questions), "question", "hidden"),
        (imported.added_signals, "signal", "added"),
        (imported.changed_signals, "signal", "changed"),
        (len(own.hidden_signals), "signal", "hidden"),
        (imported.added_formats, "format", "added"),
        (imported.changed_formats, "format", "changed"),
        (len(own.hidden_formats), "format", "hidden"),
    ]
    said = joined(f"{plural(count, noun)} {done}" for count, noun, done in counts if count)
    parts: list[Part] = [
        "### Imported",
        f"Compared with the shipped content: {said}."
        if own
        else "The file has no own content, so the dojo now uses the shipped content as it is.",
        (
            "It is used from the next question or round on. A file with only `version = 1` takes it"
            " all back."
        ),
    ]
    content = await services_of(interaction)[ContentService].of_dojo(dojo)
    if dojo.settings.format_id not in content.formats:
        usual = content.format_or_default(dojo.settings.format_id)
        setup = client_of(interaction).mention_command("dojo setup")
        parts.append(
            f"The usual format of this dojo is hidden or gone, so {safe(usual.name)} takes its"
            f" place. Choose another with {setup}."
        )
    files: list[discord.File] = []
    if imported.before is not None:
        name = f"before-{FILE_NAME}"
        parts += ["This is what the dojo had until now; import it to go back.", file(name)]
        files.append(text_file(imported.before, name))
    await reply(interaction, card(*parts, accent=ACCENT), files=files)
