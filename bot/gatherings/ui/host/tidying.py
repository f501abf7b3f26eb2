"""After an evening: what the bot made for it goes, once nobody is in it."""

from __future__ import annotations

import logging

import discord

from bot.gatherings.model.gathering import Gathering, Room, Stage
from bot.gatherings.ui.host.channels import WHY, RoomFinder
from bot.gatherings.ui.host.missing import MissingPermissions
from bot.gatherings.ui.host.voice import people_in
from bot.kit.requests.errors import RoomGone, RoomRefused, RoomUnreachable
from bot.kit.requests.reach import Reach, reaching
from bot.kit.requests.rights import CHANNELS
from bot.rounds.model.round import RoomKind

log = logging.getLogger(__name__)


class RoomTidier:
    """Deletes voice channels that the bot made, and puts its threads away. Nothing else, ever."""

    def __init__(self, reach: Reach, missing: MissingPermissions, rooms: RoomFinder) -> None:
        self._reach = reach
        self._missing = missing
        self._rooms = rooms
        self._full: dict[int, Gathering] = {}
        """Channels of evenings that are over, in which people still are."""

    async def put_away(self, gathering: Gathering) -> tuple[Room, ...]:
        """The rooms that are left.

        Threads are put away only when the evening is over: until then people give feedback there.
        What cannot be done because of an outage is left, too.
        """
        left: list[Room] = []
        for room in gathering.rooms:
            if room.kind is RoomKind.VOICE:
                is_gone = room.is_made and await self._delete(gathering, room.channel_id)
            else:
                is_gone = room.is_made and await self._archive(gathering, room)
            if not is_gone:
                left.append(room)
        return tuple(left)

    async def left_voice(self, channel_id: int) -> None:
        """Someone left a voice channel: if it waits for being empty, it may be."""
        gathering = self._full.get(channel_id)
        if gathering is not None:
            await self._delete(gathering, channel_id)

    def channel_deleted(self, channel_id: int) -> None:
        """A channel is gone."""
        self._full.pop(channel_id, None)

    async def _delete(self, gathering: Gathering, channel_id: int) -> bool:
        """Delete a voice channel that the bot made; whether it is gone."""
        guild = self._reach.client.get_guild(gathering.guild_id)
        if guild is None or guild.unavailable:
            return False
        channel = guild.get_channel(channel_id)
        if channel is None:
            return True
        if people_in(channel) or self._rooms.is_anothers(gathering, channel_id):
            if gathering.stage is Stage.ENDED:
                self._full[channel_id] = gathering
            return False
        self._full.pop(channel_id, None)
        if not channel.permissions_for(guild.me).manage_channels:
            self._missing.note(gathering, CHANNELS)
            return False
        await self._reach.rate.slot(gathering.guild_id)
        try:
            await reaching(channel.delete(reason=WHY))
        except RoomGone:
            return True
        except (RoomRefused, RoomUnreachable, discord.HTTPException) as error:
            log.info("a voice channel stays: %s", error)
            return False
        self._rooms.channel_deleted(channel_id)
        return True

    async def _archive(self, gathering: Gathering, room: Room) -> bool:
        """Put a thread away at the end of the evening; whether that is done."""
        if gathering.stage is not Stage.ENDED:
            return False
        guild = self._reach.client.get_guild(gathering.guild_id)
        thread = guild.get_thread(room.channel_id) if guild is not None else None
        if thread is None or thread.archived:
            # Known are only those that are not put away.
            return True
        await self._reach.rate.slot(gathering.guild_id)
        try:
            await reaching(thread.edit(archived=True, reason=WHY))
        except (RoomGone, RoomRefused, RoomUnreachable, discord.HTTPException) as error:
            log.info("a thread is not put away: %s", error)
            return False
        return True
