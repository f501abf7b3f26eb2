"""Baseline: the smallest possible discord.py bot. One slash command, a constant answer."""

from __future__ import annotations

import discord
from discord import app_commands

from tests.benchmarks import redirect


class Bare(discord.Client):
    """A client with the intents dojo-bot has, that registers its commands at every start."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, voice_states=True))
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        """Register the command."""
        await self.tree.sync()


def main() -> None:
    """Run until stopped."""
    client = Bare()

    @client.tree.command(description="A question.")
    async def question(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("What would you like to take from this?")

    client.run("benchmark", log_handler=None)


if __name__ == "__main__":
    redirect.to_stand_in()
    main()
