"""Make dojo-bot's database for a benchmark: the channel in which people act is a dojo."""

from __future__ import annotations

import asyncio
import os

from bot.app import open_bot
from bot.dojos.model.dojo import DojoSettings
from bot.dojos.service.dojos import DojoService
from bot.kit.person import Person
from bot.settings import Settings
from tests.benchmarks import payloads


def owner_of(guild: int) -> Person:
    """The owner of the server with this index, who may set up its dojo."""
    channel = payloads.channel_id(guild, payloads.DOJO_CHANNEL)
    return Person(payloads.OWNER_ID, payloads.guild_id(guild), managed=frozenset({channel}))


async def main() -> None:
    """Set up the dojo through the bot's own services."""
    async with open_bot(Settings.from_env(os.environ)) as bot:
        await bot.services[DojoService].set_up(
            payloads.guild_id(0),
            payloads.channel_id(0, payloads.DOJO_CHANNEL),
            DojoSettings(),
            owner_of(0),
        )


if __name__ == "__main__":
    asyncio.run(main())
