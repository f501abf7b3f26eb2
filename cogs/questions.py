"""`/question`."""

# No `from __future__ import annotations` with names under TYPE_CHECKING in cogs: the library
# evaluates the annotations of commands when they are defined.

from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import DojoBot
from bot.content.model.questions import Phase
from bot.questions.ui.cards import ask_for_phase, give_question
from bot.questions.ui.place import place_of


class Questions(commands.Cog):
    """Partnering questions on request."""

    @app_commands.command()
    @app_commands.describe(
        phase="Where the conversation is; leave it out to choose, or to go by the round",
        show="Who sees it; if you leave it out, all here do, during coaching only you",
    )
    @app_commands.choices(
        phase=[app_commands.Choice(name=phase.value, value=phase.value) for phase in Phase]
    )
    async def question(
        self,
        interaction: discord.Interaction[DojoBot],
        phase: str | None = None,
        show: Literal["channel", "me"] | None = None,
    ) -> None:
        """Get one partnering question"""
        place = await place_of(interaction)
        # Coaches ask for themselves, unless they say otherwise.
        private = show == "me" or (show is None and place.is_coaching)
        wanted = Phase(phase) if phase is not None else place.phase
        if wanted is None:
            await ask_for_phase(interaction, place, private=private)
        else:
            await give_question(interaction, place, wanted, private=private)


async def setup(bot: DojoBot) -> None:
    """Add the cog."""
    await bot.add_cog(Questions())
