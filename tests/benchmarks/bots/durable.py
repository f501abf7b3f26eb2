"""Baseline: the bare bot, which commits one row to SQLite before it answers."""

from __future__ import annotations

import os

import aiosqlite
import discord

from tests.benchmarks import redirect
from tests.benchmarks.bots.bare import Bare


class Durable(Bare):
    """A client with a database that survives a power cut: WAL and `synchronous=FULL`."""

    database: aiosqlite.Connection

    async def setup_hook(self) -> None:
        """Open the database, then do as the bare bot."""
        self.database = await aiosqlite.connect(os.environ["DOJO_DATABASE"])
        await self.database.execute("PRAGMA journal_mode = WAL")
        await self.database.execute("PRAGMA synchronous = FULL")
        await self.database.execute("CREATE TABLE asked (interaction INTEGER, person INTEGER)")
        await self.database.commit()
        await super().setup_hook()

    async def close(self) -> None:
        """Close the database after the connection."""
        await super().close()
        await self.database.close()


def main() -> None:
    """Run until stopped."""
    client = Durable()

    @client.tree.command(description="A question.")
    async def question(interaction: discord.Interaction) -> None:
        row = (interaction.id, interaction.user.id)
        await client.database.execute("INSERT INTO asked VALUES (?, ?)", row)
        await client.database.commit()
        await interaction.response.send_message("What would you like to take from this?")

    client.run("benchmark", log_handler=None)


if __name__ == "__main__":
    redirect.to_stand_in()
    main()
