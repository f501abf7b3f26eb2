"""`/dojo open`, `/dojo record`, `/dojo rehearse`: evenings, for those who lead them."""

from typing import cast

import discord
from discord import app_commands

from bot.client import DojoBot
from bot.gatherings.model.gathering import FEWEST_GUESTS, MOST_GUESTS, MOST_ROUNDS, Places
from bot.gatherings.ui.dry_run import start_rehearsal
from bot.gatherings.ui.groups.open import open_gathering
from bot.gatherings.ui.record import show_record
from bot.kit.discord.failures import chosen_from
from bot.rounds.ui.beginning.start import suggested_formats

Interaction = discord.Interaction[DojoBot]


@app_commands.command(name="open")
@app_commands.describe(
    format="What each round looks like; the usual one of this dojo if you leave it out",
    rounds="How many rounds, 1 to 8; it can be changed later",
    rooms="Where groups meet; voice channels if you sit in one of this dojo",
)
@app_commands.choices(
    rooms=[
        app_commands.Choice(name="threads", value=Places.THREADS.value),
        app_commands.Choice(name="voice channels", value=Places.VOICE.value),
    ]
)
async def open_evening(
    interaction: Interaction,
    format: str | None = None,  # noqa: A002 - the name people see
    rounds: app_commands.Range[int, 1, MOST_ROUNDS] | None = None,
    rooms: str | None = None,
) -> None:
    """Open a gathering: people join, I propose groups, all rounds run on one clock"""
    await open_gathering(
        interaction, format_name=format, rounds=rounds, places=Places(rooms) if rooms else None
    )


@app_commands.command()
async def record(interaction: Interaction) -> None:
    """Show who has coached how often and who is owed a turn; for facilitators"""
    await show_record(interaction)


@app_commands.command()
@app_commands.describe(
    people="How many people, 2 to 60",
    rounds="How many rounds, 1 to 8",
    format="What each round looks like; the usual one of this dojo if you leave it out",
)
async def rehearse(
    interaction: Interaction,
    people: app_commands.Range[int, FEWEST_GUESTS, MOST_GUESTS],
    rounds: app_commands.Range[int, 1, MOST_ROUNDS],
    format: str | None = None,  # noqa: A002 - the name people see
) -> None:
    """Try an evening with made-up people: groups, roles and times; nobody is told"""
    await start_rehearsal(interaction, people, rounds, format)


@open_evening.autocomplete("format")
@rehearse.autocomplete("format")
async def suggest_format(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Formats that fit what was typed, with minutes and people."""
    return await chosen_from(interaction, suggested_formats(interaction, current))


async def setup(bot: DojoBot) -> None:
    """Add the commands to `/dojo`, which is there already."""
    dojo = cast("app_commands.Group", bot.tree.get_command("dojo"))
    for command in (open_evening, record, rehearse):
        dojo.add_command(command)
