"""Tells Discord the commands, only when they have changed, and remembers the ids it gave them."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Sequence
from typing import Any

import discord
from discord import app_commands

from bot.kit.database.values import ProgramValueStore
from bot.kit.requests.unreachable import DISCORD_FAILURES
from bot.kit.steps import NotYet

log = logging.getLogger(__name__)


class CommandSync:
    """Keeps Discord's copy of the command tree in step with ours."""

    def __init__(
        self, tree: app_commands.CommandTree[Any], values: ProgramValueStore, *, force: bool = False
    ) -> None:
        self._tree = tree
        self._values = values
        self._force = force
        self._forced: set[str] = set()
        """Places that were told although nothing had changed there."""
        self._ids: dict[str, int] = {}
        self._untold: set[str] = set()
        self._is_told = False

    @property
    def is_behind(self) -> bool:
        """Whether Discord has not been told the present commands."""
        return not self._is_told

    async def run(self, guild_ids: Sequence[int] = ()) -> None:
        """Sync what has changed, globally and at once for the given guilds.

        Guilds that are no longer given lose their copies. Raises NotYet if Discord could not be
        told everything: another call does not repeat what was told, and old commands go on working.
        """
        self._is_told = False
        self._untold.clear()
        await self._sync(None)
        for guild_id in guild_ids:
            guild = discord.Object(guild_id)
            self._tree.copy_global_to(guild=guild)
            await self._sync(guild)
        for place in await self._values.names(self._place(None).removesuffix("global")):
            last = place.rsplit(":")[-1]
            if last != "global" and int(last) not in guild_ids:
                await self._withdraw(discord.Object(int(last)))
        if self._untold:
            raise NotYet("Discord could not be told the commands")
        self._is_told = True

    def mention(self, name: str) -> str:
        """`dojo setup` as a clickable mention, or as text while the id is not known."""
        command_id = self._ids.get(name.split(maxsplit=1)[0])
        return f"</{name}:{command_id}>" if command_id else f"`/{name}`"

    def _place(self, guild: discord.Object | None) -> str:
        application_id = self._tree.client.application_id
        return f"commands:{application_id}:{guild.id if guild else 'global'}"

    async def _sync(self, guild: discord.Object | None) -> None:
        place = self._place(guild)
        wanted = fingerprint(c.to_dict(self._tree) for c in self._tree.get_commands(guild=guild))
        known = json.loads(await self._values.get(place) or "{}")
        ids: dict[str, int] = known.get("ids", {})
        is_forced = self._force and place not in self._forced
        if known.get("fingerprint") != wanted or is_forced:
            synced = await self._tell_discord(guild)
            if synced is not None:
                self._forced.add(place)
                ids = {command.name: command.id for command in synced}
                await self._values.put(place, json.dumps({"fingerprint": wanted, "ids": ids}))
        if guild is None:
            # Those of a guild are known only there.
            self._ids = ids

    async def _withdraw(self, guild: discord.Object) -> None:
        self._tree.clear_commands(guild=guild)
        if await self._tell_discord(guild) is not None:
            await self._values.drop(self._place(guild))

    async def _tell_discord(
        self, guild: discord.Object | None
    ) -> list[app_commands.AppCommand] | None:
        """What Discord has now; None if it could not be told."""
        try:
            synced = await self._tree.sync(guild=guild)
        except DISCORD_FAILURES as error:
            # As text: what Discord finds fault with are our own commands.
            log.error("the commands could not be synced (%s): %s", self._place(guild), str(error))
            self._untold.add(self._place(guild))
            return None
        log.info("synced %d commands (%s)", len(synced), self._place(guild))
        return synced


def fingerprint(payloads: Iterable[dict[str, Any]]) -> str:
    """A short name for a set of commands in the form Discord gets them, in any order."""
    ordered = sorted(payloads, key=lambda payload: (payload["name"], payload.get("type", 1)))
    return hashlib.sha256(json.dumps(ordered, sort_keys=True).encode()).hexdigest()
