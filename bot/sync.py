"""Tells Discord the commands, only when they have changed, and remembers the ids it gave them."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Sequence
from typing import Any

import discord
from discord import app_commands

from bot.storage.program_values import ProgramValueStore

log = logging.getLogger(__name__)


class CommandSync:
    """Keeps Discord's copy of the command tree in step with ours."""

    def __init__(
        self,
        tree: app_commands.CommandTree[Any],
        values: ProgramValueStore,
        *,
        force: bool = False,
    ) -> None:
        self._tree = tree
        self._values = values
        self._force = force
        self._ids: dict[str, int] = {}

    async def run(self, guild_ids: Sequence[int] = ()) -> None:
        """Sync what has changed, for everyone and at once for the guilds given.

        A refusal by Discord is logged and tried again at the next start: the commands it has go
        on working.
        """
        await self._sync(None)
        for guild_id in guild_ids:
            guild = discord.Object(guild_id)
            self._tree.copy_global_to(guild=guild)
            await self._sync(guild)

    def mention(self, name: str) -> str:
        """`dojo setup` as a clickable mention, or as text while the id is not known."""
        command_id = self._ids.get(name.split(maxsplit=1)[0])
        return f"</{name}:{command_id}>" if command_id else f"`/{name}`"

    async def _sync(self, guild: discord.Object | None) -> None:
        application_id = self._tree.client.application_id
        place = f"commands:{application_id}:{guild.id if guild else 'global'}"
        wanted = fingerprint(c.to_dict(self._tree) for c in self._tree.get_commands(guild=guild))
        known = json.loads(await self._values.get(place) or "{}")
        if known.get("fingerprint") == wanted and not self._force:
            self._ids.update(known["ids"])
            return
        try:
            synced = await self._tree.sync(guild=guild)
        except discord.HTTPException as error:
            log.error("the commands could not be synced (%s): %s", place, error)
            self._ids.update(known.get("ids", {}))
            return
        self._ids.update({command.name: command.id for command in synced})
        ids = {command.name: command.id for command in synced}
        await self._values.put(place, json.dumps({"fingerprint": wanted, "ids": ids}))
        log.info("synced %d commands (%s)", len(synced), place)


def fingerprint(payloads: Iterable[dict[str, Any]]) -> str:
    """A short name for a set of commands as Discord gets them, whatever their order."""
    ordered = sorted(payloads, key=lambda payload: (payload["name"], payload.get("type", 1)))
    return hashlib.sha256(json.dumps(ordered, sort_keys=True).encode()).hexdigest()
