"""`/partnership`, `/signals`, `/help` and `/about`."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import DojoBot
from bot.guide.cards import about_card, help_card
from bot.guide.partnership import partnership_card
from bot.guide.signals import short_card
from bot.kit.discord.answers import reply
from bot.questions.ui.place import place_of


class Guide(commands.Cog):
    """Cards to read."""

    @app_commands.command()
    async def partnership(self, interaction: discord.Interaction[DojoBot]) -> None:
        """Read what partnership means in coaching, on one card"""
        await reply(interaction, partnership_card())

    @app_commands.command()
    async def signals(self, interaction: discord.Interaction[DojoBot]) -> None:
        """Show the six signals: what to look and listen for"""
        place = await place_of(interaction)
        await reply(interaction, short_card(place.content))

    @app_commands.command()
    async def help(self, interaction: discord.Interaction[DojoBot]) -> None:
        """Show what you can do here, and where to start"""
        await reply(interaction, await help_card(interaction))

    @app_commands.command()
    async def about(self, interaction: discord.Interaction[DojoBot]) -> None:
        """Tell what this bot is, whose ideas it stands on, and what it stores"""
        await reply(interaction, about_card(interaction))


async def setup(bot: DojoBot) -> None:
    """Add the cog."""
    await bot.add_cog(Guide())
