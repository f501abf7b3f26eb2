"""`/dojo record`: who has coached how often and who is owed a turn; nothing of anybody's notes."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

import discord

from bot.dojos.model.dojo import Dojo
from bot.dojos.model.refusals import DojoUnknown
from bot.dojos.service.dojos import DojoService
from bot.gatherings.actions import RECORD_FILE, RECORD_PAGE
from bot.gatherings.model.ledger import Entry, csv_of, owed_first
from bot.gatherings.service.history import PracticeHistory
from bot.kit.discord.answers import defer, redraw, reply
from bot.kit.discord.cards import card, file, row, turning
from bot.kit.discord.interactions import Interaction, View, client_of, person_of, services_of
from bot.kit.discord.text import moment, plural
from bot.kit.person import MissedPeople
from bot.kit.requests.unreachable import DISCORD_FAILURES, says_person_is_gone
from bot.rounds.ui.beginning.start import dojo_here
from bot.rounds.ui.shared import mention

ACCENT = 0x8C6D46
PEOPLE_ON_A_PAGE = 20
FILE_NAME = "record.csv"
MOST_ASKED = 100
"""Names that are asked of Discord for one file; beyond that, people are given by their ids."""
AT_ONCE = 5


async def show_record(interaction: Interaction) -> None:
    """Answer with the ledger of this dojo. Raises DojoUnknown and NotAllowed."""
    dojo, _ = await dojo_here(interaction)
    dojo.check_may_configure(person_of(interaction))
    await defer(interaction, ephemeral=True, thinking=True)
    await reply(interaction, record_card(interaction, dojo, await _entries(interaction, dojo)))


async def _entries(interaction: Interaction, dojo: Dojo) -> list[Entry]:
    entries = await services_of(interaction)[PracticeHistory].entries(dojo)
    return owed_first(entries.values())


def record_card(
    interaction: Interaction, dojo: Dojo, entries: Sequence[Entry], page: int = 0
) -> View:
    """One page of the ledger, who is owed a turn first."""
    if not entries:
        begin = client_of(interaction).mention_command("dojo open")
        text = f"Nobody has practised here yet. {begin} begins an evening."
        return card("### 📒 Record of this dojo", text, accent=ACCENT)
    pages = -(-len(entries) // PEOPLE_ON_A_PAGE)
    page = min(page, pages - 1)
    shown = entries[page * PEOPLE_ON_A_PAGE : (page + 1) * PEOPLE_ON_A_PAGE]
    count = sum(one.is_owed for one in entries)
    owed = f"{count} of them owed" if count else "nobody owed"
    return card(
        f"### 📒 Record of this dojo\n{plural(len(entries), 'person', 'people')}, {owed} a turn as"
        " coach. Who is owed most comes first.",
        "\n".join(map(record_line, shown)),
        row(RECORD_FILE.button(dojo_id=dojo.id)),
        *turning(
            page, pages, lambda to, label: RECORD_PAGE.button(dojo_id=dojo.id, page=to, label=label)
        ),
        "-# For sharing out turns, among facilitators. It knows nothing of notes or feedback.",
        accent=ACCENT,
    )


def record_line(entry: Entry) -> str:
    """One person: turns as coach, what they are owed, how often they were there."""
    last = f", last {moment(entry.last_coached_at, 'd')}" if entry.last_coached_at else ""
    coached = f"coached {entry.coached} ×{last}" if entry.coached else "has not coached yet"
    owed = " · 🎧 **owed a turn**" if entry.is_owed else ""
    return f"{mention(entry.user_id)} · {coached} · {plural(entry.evenings, 'evening')}{owed}"


def _dojo(interaction: Interaction, dojo_id: int) -> Dojo:
    """The dojo a button belongs to, for its facilitators."""
    dojo = services_of(interaction)[DojoService].by_id(dojo_id)
    if dojo is None:
        raise DojoUnknown(interaction.channel_id or 0)
    dojo.check_may_configure(person_of(interaction))
    return dojo


@RECORD_PAGE.pressed
async def show_page(interaction: Interaction, dojo_id: int, page: int) -> None:
    """Show another page in the same place."""
    dojo = _dojo(interaction, dojo_id)
    entries = await _entries(interaction, dojo)
    await redraw(interaction, record_card(interaction, dojo, entries, page))


@RECORD_FILE.pressed
async def give_file(interaction: Interaction, dojo_id: int) -> None:
    """Attach the ledger to a private answer, with the names by which the server knows people."""
    dojo = _dojo(interaction, dojo_id)
    await defer(interaction, ephemeral=True, thinking=True)
    entries = await _entries(interaction, dojo)
    names = await _names(interaction, [one.user_id for one in entries])
    text = csv_of(entries, names, ZoneInfo(dojo.settings.time_zone))
    view = card(
        "### 📒 The record as a file",
        "For a spreadsheet. “owed” counts turns as coach: shares of the groups someone was in,"
        " less the turns they had.",
        file(FILE_NAME),
        accent=ACCENT,
    )
    # With a mark in front, without which Excel takes the letters for others.
    attached = discord.File(io.BytesIO(text.encode("utf-8-sig")), filename=FILE_NAME)
    await reply(interaction, view, files=[attached])


async def _names(interaction: Interaction, user_ids: Iterable[int]) -> dict[int, str]:
    """How people are called on a server, as far as that can be found out."""
    guild = interaction.guild
    if guild is None:
        return {}
    found: dict[int, str] = {}
    unknown: list[int] = []
    for user_id in user_ids:
        member = guild.get_member(user_id)
        if member is not None:
            found[user_id] = member.display_name
        else:
            # Without the right to list members, only those who are seen are known.
            unknown.append(user_id)
    turns = asyncio.Semaphore(AT_ONCE)

    async def ask(user_id: int) -> None:
        async with turns:
            try:
                found[user_id] = (await guild.fetch_member(user_id)).display_name
            except DISCORD_FAILURES as error:
                # Left the server, most likely: the id says who it was to those who know.
                if says_person_is_gone(error):
                    services_of(interaction)[MissedPeople].add(guild.id, user_id)

    await asyncio.gather(*map(ask, unknown[:MOST_ASKED]))
    return found
