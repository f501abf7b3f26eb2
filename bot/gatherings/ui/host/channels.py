"""Where groups meet: threads of the dojo, or voice channels of its category.

Rooms are used again from round to round. What was there before is only borrowed; what the bot made
goes again, once nobody is in it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator
from datetime import UTC
from typing import Protocol
from zoneinfo import ZoneInfo

import discord

from bot.dojos.service.dojos import DojoService
from bot.gatherings.model.gathering import Gathering, Places, Room
from bot.gatherings.ui.host.missing import MissingPermissions
from bot.kit.per_key import Locks
from bot.kit.requests.errors import RoomGone, RoomRefused, RoomUnreachable
from bot.kit.requests.reach import Reach, reaching
from bot.kit.requests.rights import (
    CHANNELS,
    PRIVATE,
    PUBLIC,
    THREADS,
    TO_MAKE,
    flag_of,
    may_write,
)
from bot.kit.requests.threads import ThreadMaker
from bot.rounds.model.round import RoomKind

log = logging.getLogger(__name__)

ONE_DAY = 1440
"""Minutes after which Discord puts a quiet thread away."""
WHY = "Rooms of a practice evening"

_NUMBERED = re.compile(r"room (\d{1,2})")

Key = tuple[int, int, Places]
"""A gathering, the number of a room, and what kind of room was wanted."""


class KnowsGatherings(Protocol):
    """What is asked about the gatherings that are going on."""

    def find(self, gathering_id: int | None) -> Gathering | None:
        """A gathering as it is now; none if it is over and the dojo knows."""
        ...

    def all(self) -> list[Gathering]:
        """Every gathering that is going on."""
        ...


class RoomFinder:
    """Finds or makes the rooms of gatherings."""

    def __init__(
        self,
        reach: Reach,
        missing: MissingPermissions,
        dojos: DojoService,
        gatherings: KnowsGatherings,
    ) -> None:
        self._reach = reach
        self._missing = missing
        self._dojos = dojos
        self._gatherings = gatherings
        self._threads = ThreadMaker()
        self._opened: dict[Key, Room] = {}
        self._perhaps_made: dict[tuple[int, int | None, int], frozenset[int]] = {}
        """Voice rooms that may be there, though an error came: the channels there were before."""
        self._opening: Locks[Key] = Locks()

    async def open(self, gathering: Gathering, number: int, taken: Collection[int]) -> Room:
        """A room for a group; the same one when it is asked for again.

        Raises RoomUnreachable, and RoomRefused where there can be none.
        """
        key = (gathering.id, number, gathering.places)
        async with self._opening[key]:
            guild = self._reach.guild(gathering.guild_id)
            known = self._opened.get(key)
            if known is not None and known.channel_id not in taken:
                return known
            room = None
            if gathering.places is Places.VOICE:
                room = await self._voice(guild, gathering, number, taken)
            # From here on no other group gets it: nothing else happens in between.
            room = room or await self._thread(guild, gathering, number, taken)
            self._opened[key] = room
            return room

    def forget(self, gathering_id: int) -> None:
        """A gathering is over: its rooms may be used by others."""
        self._opened = {key: room for key, room in self._opened.items() if key[0] != gathering_id}

    def channel_deleted(self, channel_id: int) -> None:
        """A channel or thread is gone: it is nobody's room any more."""
        self._opened = {
            k: room for k, room in self._opened.items() if room.channel_id != channel_id
        }

    def is_anothers(self, gathering: Gathering, channel_id: int) -> bool:
        """Whether another gathering uses a channel, too."""
        return any(used == channel_id and of != gathering.id for of, _, used in self._used())

    # Voice

    async def _voice(
        self, guild: discord.Guild, gathering: Gathering, number: int, taken: Collection[int]
    ) -> Room | None:
        common = guild.get_channel(gathering.voice_id or 0)
        if isinstance(common, discord.StageChannel):
            # For one ring of everybody; out of a stage nobody is moved.
            is_free = common.id not in taken and may_write(common)
            if is_free and len(gathering.groups) == 1:
                return Room(number, common.id, RoomKind.VOICE)
        home = guild.get_channel(gathering.channel_id)
        category = (home and home.category) or (common and common.category) or None
        found = self._free(guild, category, gathering, number, taken)
        own = next((one for one in found if one.name.strip().casefold() == f"room {number}"), None)
        if own is not None:
            before = self._perhaps_made.pop((guild.id, category and category.id, number), None)
            is_made = before is not None and own.id not in before
            return Room(number, own.id, RoomKind.VOICE, is_made=is_made)
        made = await self._make(guild, category, gathering, number)
        if made is not None:
            return Room(number, made.id, RoomKind.VOICE, is_made=True)
        if category is None:
            return None
        # Another group may have been quicker meanwhile.
        others = self._free(guild, category, gathering, number, taken)
        # The rooms of other groups last: those will look for them.
        others.sort(key=lambda one: _is_for_another(one, gathering))
        return Room(number, others[0].id, RoomKind.VOICE) if others else None

    async def _make(
        self,
        guild: discord.Guild,
        category: discord.CategoryChannel | None,
        gathering: Gathering,
        number: int,
    ) -> discord.VoiceChannel | None:
        rights = category.permissions_for(guild.me) if category else guild.me.guild_permissions
        lacking = [switch for switch in TO_MAKE if not getattr(rights, flag_of(switch))]
        if lacking:
            self._missing.note(gathering, lacking[0])
            return None
        await self._reach.rate.slot(gathering.guild_id)
        name, key = f"Room {number}", (guild.id, category and category.id, number)
        before = self._perhaps_made.get(key)
        if before is None:
            before = frozenset(one.id for one in guild.voice_channels)
        try:
            made = await reaching(guild.create_voice_channel(name, category=category, reason=WHY))
        except RoomUnreachable:
            self._perhaps_made[key] = before
            raise
        except RoomRefused as error:
            log.info("no voice channel can be made: %s", error)
            self._missing.note(gathering, CHANNELS)
        except discord.HTTPException as error:
            # A category holds 50 channels, a server 500.
            log.warning("no voice channel can be made: %s", error)
        else:
            self._perhaps_made.pop(key, None)
            await self._remove_twins(made, before)
            return made
        return None

    async def _remove_twins(self, made: discord.VoiceChannel, before: Collection[int]) -> None:
        """Remove what the library made besides, as it asked again after a 5xx."""
        known = {*before, made.id}
        for twin in made.guild.voice_channels:
            is_twin = (twin.name, twin.category_id) == (made.name, made.category_id)
            if is_twin and twin.id not in known and not twin.voice_states:
                try:
                    await reaching(twin.delete(reason=WHY))
                except (RoomGone, RoomRefused, RoomUnreachable, discord.HTTPException) as error:
                    log.info("a voice channel was made twice: %s", error)

    def _free(
        self,
        guild: discord.Guild,
        category: discord.CategoryChannel | None,
        gathering: Gathering,
        number: int,
        taken: Collection[int],
    ) -> list[discord.VoiceChannel]:
        """The empty voice channels that suit a group and that nobody else uses."""
        used = {*taken, guild.afk_channel and guild.afk_channel.id}
        own = (gathering.id, number)
        used |= {channel_id for *whose, channel_id in self._used() if tuple(whose) != own}
        people = _people(gathering, number)
        return [
            channel
            for channel in guild.voice_channels
            if channel.category == category
            and channel.id not in used
            and not channel.voice_states
            and may_write(channel)
            and _suits(channel, people)
        ]

    def _used(self) -> Iterator[tuple[int, int, int]]:
        """Gathering, number of the room, and channel of all rooms; the common ones with 0."""
        for gathering in self._gatherings.all():
            yield gathering.id, 0, gathering.voice_id or 0
            for room in gathering.rooms:
                yield gathering.id, room.number, room.channel_id
        # Found a moment ago, and perhaps not noted yet.
        for (gathering_id, number, _), room in self._opened.items():
            yield gathering_id, number, room.channel_id

    # Threads

    async def _thread(
        self, guild: discord.Guild, gathering: Gathering, number: int, taken: Collection[int]
    ) -> Room:
        home = guild.get_channel(gathering.channel_id)
        if home is None:
            raise RoomRefused("the channel of the dojo is hidden or gone")
        if isinstance(home, discord.TextChannel):
            for kind in self._thread_kinds(gathering, home):
                thread = await self._open_thread(gathering, home, number, kind)
                if thread is not None:
                    is_private = thread.is_private()
                    of = RoomKind.PRIVATE_THREAD if is_private else RoomKind.PUBLIC_THREAD
                    return Room(number, thread.id, of, is_made=True)
        if len(gathering.groups) == 1 and home.id not in taken and may_write(home):
            in_voice = isinstance(home, discord.VoiceChannel | discord.StageChannel)
            return Room(number, home.id, RoomKind.VOICE if in_voice else RoomKind.HERE)
        raise RoomRefused("no thread can be opened, and there is no other place")

    def _thread_kinds(
        self, gathering: Gathering, home: discord.TextChannel
    ) -> Iterator[discord.ChannelType]:
        """The kinds of threads to try, the best first."""
        rights = home.permissions_for(home.guild.me)
        if not rights.send_messages_in_threads:
            self._missing.note(gathering, THREADS)
            return
        self._missing.clear(gathering, THREADS)
        if rights.create_private_threads and not home.is_news():
            self._missing.clear(gathering, PRIVATE)
            yield discord.ChannelType.private_thread
        elif not home.is_news():
            self._missing.note(gathering, PRIVATE)
        if rights.create_public_threads:
            self._missing.clear(gathering, PUBLIC)
            is_news = home.is_news()
            yield discord.ChannelType.news_thread if is_news else discord.ChannelType.public_thread
        else:
            self._missing.note(gathering, PUBLIC)

    async def _open_thread(
        self,
        gathering: Gathering,
        home: discord.TextChannel,
        number: int,
        kind: discord.ChannelType,
    ) -> discord.Thread | None:
        dojo = self._dojos.by_id(gathering.dojo_id)
        zone = ZoneInfo(dojo.settings.time_zone) if dojo else UTC
        day = gathering.opened_at.astimezone(zone).strftime("%d %b %Y")
        await self._reach.rate.slot(gathering.guild_id)
        try:
            return await reaching(
                self._threads.make(
                    home,
                    f"Room {number} · {day}",
                    type=kind,
                    auto_archive_duration=ONE_DAY,
                    invitable=True,
                    reason=WHY,
                )
            )
        except RoomRefused as error:
            is_private = kind is discord.ChannelType.private_thread
            self._missing.note(gathering, PRIVATE if is_private else PUBLIC)
            log.info("no thread can be opened: %s", error)
        except discord.HTTPException as error:
            # A server can have a thousand that are not put away.
            log.warning("no thread can be opened: %s", error)
        return None


def _people(gathering: Gathering, number: int) -> tuple[int, ...]:
    groups = gathering.groups
    return groups[number - 1].people if number <= len(groups) else ()


def _suits(channel: discord.VoiceChannel, people: Collection[int]) -> bool:
    """Whether the people of a group fit in and get in, as far as they are known."""
    if channel.user_limit and channel.user_limit < len(people):
        return False
    members = [channel.guild.get_member(user_id) for user_id in people]
    rights = [channel.permissions_for(member) for member in members if member is not None]
    return all(one.view_channel and one.connect for one in rights)


def _is_for_another(channel: discord.VoiceChannel, gathering: Gathering) -> bool:
    name = _NUMBERED.fullmatch(channel.name.strip().casefold())
    return name is not None and int(name[1]) <= len(gathering.groups)
