"""The one module of the rehearsal that knows the bot."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import cast

import discord
from discord import app_commands

from bot.app import open_bot
from bot.client import DojoBot
from bot.domain.dojos import DojoSettings
from bot.domain.dojos import Person as Facilitator
from bot.domain.errors import DojoError
from bot.rehearsal.community import Community
from bot.rehearsal.stage import OpenBot
from bot.settings import Settings

__all__ = ["REFUSALS", "open_dojo_bot", "prepare_dojo"]

REFUSALS = (DojoError, app_commands.CheckFailure)
"""What the bot raises to decline something, which it tells the person."""


def open_dojo_bot(folder: Path, *, rng: random.Random | None = None) -> OpenBot:
    """How to open the real bot with its data in ``folder``; ``rng`` makes its shuffles."""
    settings = Settings.from_env({"DOJO_DATABASE": str(folder / "dojo.sqlite3")})

    def opener(now: Callable[[], datetime]) -> AbstractAsyncContextManager[discord.Client]:
        return open_bot(settings, now=now, rng=rng)

    return opener


async def prepare_dojo(bot: discord.Client, community: Community) -> None:
    """Make #dojo a dojo, as Fay would with /dojo setup."""
    facilitator = community["fay"]
    role_id = community.facilitators.id
    await cast("DojoBot", bot).services.dojos.set_up(
        community.guild.id,
        community.dojo.id,
        DojoSettings(facilitator_role_id=role_id),
        Facilitator(facilitator.id, frozenset({role_id}), manages_channels=True),
    )
