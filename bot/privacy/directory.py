"""Asks Discord who is in which server, and what time it is."""

from __future__ import annotations

import logging
from collections.abc import Collection

from bot.kit.requests.reach import Reach
from bot.kit.requests.unreachable import DISCORD_FAILURES, says_person_is_gone

log = logging.getLogger(__name__)


class DiscordDirectory(Reach):
    """Implements `bot.rounds.service.ports.Directory`."""

    def guilds(self) -> Collection[int]:
        """See Directory."""
        return {guild.id for guild in self.client.guilds if not guild.unavailable}

    async def is_member(self, guild_id: int, user_id: int) -> bool | None:
        """See Directory."""
        guild = self.client.get_guild(guild_id)
        if guild is None or guild.unavailable:
            return None
        await self.rate.slot(guild_id)
        try:
            await guild.fetch_member(user_id)
        except DISCORD_FAILURES as error:
            if says_person_is_gone(error):
                return False
            log.info("Discord does not say who is a member: %s", type(error).__name__)
            return None
        return True

    async def ask_time(self) -> None:
        """See Directory."""
        user = self.client.user
        if user is None:
            return
        # For no server: it waits in a line of its own.
        await self.rate.slot(0)
        try:
            await self.client.fetch_user(user.id)
        except DISCORD_FAILURES as error:
            log.info("Discord does not say what time it is: %s", type(error).__name__)
