"""`/my`: what belongs to the person who asks. Discord has a `/me` of its own."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import DojoBot
from bot.privacy.ui.data_rights import ask_to_forget, export_mine
from bot.rounds.ui.asking.choice import show_choice


class My(commands.GroupCog, group_name="my", group_description="Your own data and settings"):
    """What people have and decide for themselves, for everyone and everywhere."""

    @app_commands.command()
    async def export(self, interaction: discord.Interaction[DojoBot]) -> None:
        """Get a file of all that is stored about you"""
        await export_mine(interaction)

    @app_commands.command()
    async def forget(self, interaction: discord.Interaction[DojoBot]) -> None:
        """Erase all that is stored about you"""
        await ask_to_forget(interaction)

    @app_commands.command()
    async def asking(self, interaction: discord.Interaction[DojoBot]) -> None:
        """Choose who may ask you into rounds"""
        await show_choice(interaction)


async def setup(bot: DojoBot) -> None:
    """Add the cog."""
    await bot.add_cog(My())
