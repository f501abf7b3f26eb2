"""`/observe` and `/feedback`."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import DojoBot
from bot.feedback.ui.client_rounds import show_client_rounds
from bot.feedback.ui.debrief.debrief import open_feedback
from bot.feedback.ui.notes.pad import open_pad
from bot.feedback.ui.rounds import read_round_id, round_of_feedback, suggested_rounds
from bot.kit.discord.failures import chosen_from
from bot.rounds.ui.shared import round_here_or_own


class Feedback(commands.Cog):
    """Notes of observers, and what coaches get of them."""

    @app_commands.command()
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def observe(self, interaction: discord.Interaction[DojoBot]) -> None:
        """Open your pad: note what you see of the coach, one tap each"""
        round_ = await round_here_or_own(interaction)
        await open_pad(interaction, round_.id)

    @app_commands.command()
    @app_commands.describe(
        round="Which of your rounds as coach or client; the latest if you leave it out"
    )
    async def feedback(
        self,
        interaction: discord.Interaction[DojoBot],
        round: str | None = None,  # noqa: A002 - the name people see
    ) -> None:
        """Open the feedback on a round you coached, or your answers as its client"""
        round_id = (
            await round_of_feedback(interaction)
            if round is None
            else await read_round_id(interaction, round)
        )
        if round_id is None:
            await show_client_rounds(interaction)
        else:
            await open_feedback(interaction, round_id)

    @feedback.autocomplete("round")
    async def suggest_round(
        self, interaction: discord.Interaction[DojoBot], current: str
    ) -> list[app_commands.Choice[str]]:
        """The person's own rounds as coach or client, the latest first."""
        return await chosen_from(interaction, suggested_rounds(interaction, current))


async def setup(bot: DojoBot) -> None:
    """Add the cog."""
    await bot.add_cog(Feedback())
