"""Direct messages: sent once, and not tried again soon where a person takes none."""

from __future__ import annotations

import logging
from typing import Any

import discord

from bot.kit.database.errors import StorageError
from bot.kit.database.refused_messages import NOT_AGAIN_FOR, RefusedMessageStore
from bot.kit.requests.posting import posted
from bot.kit.requests.unreachable import (
    CANNOT_WRITE_TO_PERSON,
    DISCORD_FAILURES,
    NO_MUTUAL_SERVER,
)
from bot.kit.time.clock import Clock

log = logging.getLogger(__name__)


class DirectMessages:
    """Sends direct messages."""

    def __init__(self, store: RefusedMessageStore, *, now: Clock) -> None:
        self._store = store
        self._now = now

    async def write_to(
        self,
        client: discord.Client,
        user_id: int,
        number: str,
        **what: Any,  # noqa: ANN401 - theirs
    ) -> bool:
        """Send a message with this nonce. Returns whether that was possible."""
        try:
            refused_at = await self._store.refused_at(user_id)
            if refused_at is not None and self._now() - refused_at < NOT_AGAIN_FOR:
                log.info("no direct message: the last one was refused")
                return False
            if not await self._sent(client, user_id, number, what):
                await self._store.put(user_id, self._now())
                return False
            if refused_at is not None:
                await self._store.drop(user_id)
        except DISCORD_FAILURES as error:
            log.info("no direct message possible: %s", error)
            return False
        except StorageError as error:
            log.warning("whether a person takes direct messages is not known: %s", error)
            return False
        return True

    async def _sent(
        self, client: discord.Client, user_id: int, number: str, what: dict[str, Any]
    ) -> bool:
        """Whether the person took it. Raises other failures."""
        try:
            user = await client.fetch_user(user_id)
            await posted(user, number, **what)
        except discord.HTTPException as error:
            if error.code not in (CANNOT_WRITE_TO_PERSON, NO_MUTUAL_SERVER):
                raise
            return False
        return True
