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
from bot.dojos.model.dojo import DojoSettings
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.kit.person import Person as Facilitator
from bot.kit.refusals import DojoError
from bot.rehearsal.community import Community
from bot.rehearsal.stage import OpenBot
from bot.settings import Settings

__all__ = ["REFUSALS", "SHORT_FORMAT", "open_dojo_bot", "prepare_dojo"]

SHORT_FORMAT = "try-6"
"""The id of the rehearsal dojo's usual format."""
_SHORT_FORMAT = f"""
[[format]]
id = "{SHORT_FORMAT}"
name = "Rehearsal: a round in six minutes"
suits = "Trying out a round without practising."
people = [2, 5]
segments = [
    {{ kind = "agree", minutes = 1 }},
    {{ kind = "coach", minutes = 2 }},
    {{ kind = "write", minutes = 0.5 }},
    {{ kind = "self", minutes = 0.5 }},
    {{ kind = "client", minutes = 0.5 }},
    {{ kind = "observers", minutes = 1 }},
    {{ kind = "next", minutes = 0.5 }},
]
"""

REFUSALS = (DojoError, app_commands.CheckFailure)
"""What the bot raises to decline something, after telling the person."""


def open_dojo_bot(folder: Path, *, rng: random.Random | None = None) -> OpenBot:
    """A function that opens the real bot with its data in ``folder``; ``rng`` makes its
    shuffles."""
    settings = Settings.from_env({"DOJO_DATABASE": str(folder / "dojo.sqlite3")})

    def opener(now: Callable[[], datetime]) -> AbstractAsyncContextManager[discord.Client]:
        return open_bot(settings, now=now, rng=rng)

    return opener


async def prepare_dojo(bot: discord.Client, community: Community) -> None:
    """Make #dojo a dojo with a short format, as Fay would with /dojo setup and content import."""
    services = cast("DojoBot", bot).services
    role_id = community.facilitators.id
    managed = frozenset({community.dojo.id})
    fay = Facilitator(community["fay"].id, community.guild.id, frozenset({role_id}), managed)
    settings = DojoSettings(facilitator_role_id=role_id, format_id=SHORT_FORMAT)
    dojo = await services[DojoService].set_up(community.guild.id, community.dojo.id, settings, fay)
    # Appended to the export, so that an export still shows how to add more.
    exported = await services[ContentService].export_file(dojo)
    contents = services[ContentService]
    await contents.import_file(dojo, exported + _SHORT_FORMAT, fay, with_short_parts=True)
