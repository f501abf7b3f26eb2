"""Making dojos, finding them, changing and closing them."""

from __future__ import annotations

import random
from dataclasses import replace

from bot.domain.dojos import Dojo, DojoSettings, Person, check_may_set_up
from bot.domain.errors import DojoUnknown
from bot.domain.ids import new_id
from bot.services.clock import Clock
from bot.services.timezones import TimeZones
from bot.storage.dojos import DojoStore


class DojoService:
    """The dojos of all guilds.

    Open dojos are kept in memory beside the database, because every command asks for one; each
    change is written first. Call `load` once before use.
    """

    def __init__(
        self, store: DojoStore, zones: TimeZones, *, now: Clock, rng: random.Random
    ) -> None:
        self._store = store
        self._now = now
        self._rng = rng
        self._by_channel: dict[int, Dojo] = {}
        self.zones = zones

    async def load(self) -> None:
        """Read the open dojos from disk."""
        self._by_channel = {dojo.channel_id: dojo for dojo in await self._store.all_open()}

    def find(self, *channel_ids: int | None) -> Dojo | None:
        """The dojo of the first of these channels that is one (a thread, then its parent)."""
        for channel_id in channel_ids:
            if channel_id is not None and channel_id in self._by_channel:
                return self._by_channel[channel_id]
        return None

    def get(self, *channel_ids: int | None) -> Dojo:
        """The dojo of these channels. Raises DojoUnknown when none of them is one."""
        dojo = self.find(*channel_ids)
        if dojo is None:
            raise DojoUnknown(channel_ids[0] or 0)
        return dojo

    def by_id(self, dojo_id: int) -> Dojo | None:
        """An open dojo by its id; none if it is closed."""
        return next((dojo for dojo in self._by_channel.values() if dojo.id == dojo_id), None)

    def of_guild(self, guild_id: int) -> list[Dojo]:
        """The open dojos of a guild, oldest first."""
        found = (dojo for dojo in self._by_channel.values() if dojo.guild_id == guild_id)
        return sorted(found, key=lambda dojo: dojo.set_up_at)

    async def known(self, channel_id: int) -> Dojo | None:
        """The dojo a channel is, or was before it was closed; none for a new one."""
        return self.find(channel_id) or await self._store.closed(channel_id)

    async def check_may_set_up(self, channel_id: int, person: Person) -> None:
        """Raises NotAllowed unless `person` may set up or change the dojo of a channel.

        Facilitators of a closed dojo may bring it back.
        """
        known = await self.known(channel_id)
        if known is None:
            check_may_set_up(person)
        else:
            known.check_may_configure(person)

    async def set_up(
        self, guild_id: int, channel_id: int, settings: DojoSettings, person: Person
    ) -> Dojo:
        """Make a dojo of a channel, or change the one it is.

        Raises NotAllowed, and UnknownTimeZone when the zone is none.
        """
        known = self.find(channel_id)
        await self.check_may_set_up(channel_id, person)
        zone = await self.zones.resolve(settings.time_zone)
        now = self._now()
        dojo = await self._store.save(
            Dojo(
                id=known.id if known else new_id(now, self._rng),
                guild_id=guild_id,
                channel_id=channel_id,
                settings=replace(settings, time_zone=zone),
                set_up_at=now,
                set_up_user_id=person.user_id,
            )
        )
        self._by_channel[channel_id] = dojo
        return dojo

    async def close(self, channel_id: int, person: Person) -> Dojo:
        """Stop a channel being a dojo; its settings and content are kept for a later set-up.

        Raises DojoUnknown and NotAllowed.
        """
        dojo = self.get(channel_id)
        dojo.check_may_configure(person)
        await self._store.close(dojo.id, self._now())
        self._by_channel.pop(channel_id, None)
        return dojo

    async def channel_deleted(self, channel_id: int) -> Dojo | None:
        """Close the dojo of a channel that Discord says is deleted, if it was one."""
        dojo = self.find(channel_id)
        if dojo is not None:
            await self._store.close(dojo.id, self._now())
            self._by_channel.pop(channel_id, None)
        return dojo

    def forget_person(self, user_id: int, guild_id: int | None = None) -> None:
        """Take a person who was erased on disk off the dojos in memory, or off those of a guild."""
        for channel_id, dojo in self._by_channel.items():
            if guild_id not in (None, dojo.guild_id):
                continue
            if dojo.set_up_user_id == user_id:
                dojo = replace(dojo, set_up_user_id=None)
            if dojo.settings.safety_user_id == user_id:
                settings = replace(dojo.settings, safety_user_id=None)
                dojo = replace(dojo, settings=settings)
            self._by_channel[channel_id] = dojo
