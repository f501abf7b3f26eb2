"""Making dojos, finding them, changing and closing them, and reaching their safety contacts."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Container
from dataclasses import fields, replace

from bot.dojos.model.dojo import Dojo, DojoSettings, check_may_set_up, read_support_line
from bot.dojos.model.refusals import DojoUnknown, NotAllowed
from bot.dojos.service.timezones import TimeZones
from bot.dojos.store.dojos import DojoStore
from bot.kit.ids import new_id
from bot.kit.person import Person
from bot.kit.time.clock import Clock

Change = Callable[[DojoSettings], DojoSettings]
"""Makes new settings from those at present."""


class DojoService:
    """The dojos of all guilds, on disk and then in memory: every command asks for one.

    Call `load` once before use.
    """

    def __init__(
        self, store: DojoStore, zones: TimeZones, *, now: Clock, rng: random.Random
    ) -> None:
        self._store = store
        self._now = now
        self._rng = rng
        self._by_channel: dict[int, Dojo] = {}
        self._closed: dict[int, Dojo] = {}
        """Also by channel: their rounds and feedback go on, with the rights people had there."""
        # Settings are read and written whole, so two changes must not overlap.
        self._changing = asyncio.Lock()
        self.zones = zones

    async def load(self) -> None:
        """Read the dojos from disk."""
        self._by_channel = {dojo.channel_id: dojo for dojo in await self._store.all_open()}
        self._closed = {dojo.channel_id: dojo for dojo in await self._store.all_closed()}

    def find(self, *channel_ids: int | None) -> Dojo | None:
        """The first of these channels that is a dojo (a thread, then its parent)."""
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
        """An open dojo by its id; None if it is closed."""
        return next((dojo for dojo in self._by_channel.values() if dojo.id == dojo_id), None)

    def open_or_closed(self, dojo_id: int) -> Dojo | None:
        """A dojo by its id, even if its channel is no longer a dojo."""
        closed = (dojo for dojo in self._closed.values() if dojo.id == dojo_id)
        return self.by_id(dojo_id) or next(closed, None)

    def of_guild(self, guild_id: int) -> list[Dojo]:
        """The open dojos of a guild, oldest first."""
        found = (dojo for dojo in self._by_channel.values() if dojo.guild_id == guild_id)
        return sorted(found, key=lambda dojo: dojo.set_up_at)

    def known(self, channel_id: int, guild_id: int | None) -> Dojo | None:
        """The dojo that a channel of this server is, or was before it was closed; else None."""
        known = self.find(channel_id) or self._closed.get(channel_id)
        return known if known is not None and known.guild_id == guild_id else None

    def check_may_set_up(self, channel_id: int, person: Person) -> None:
        """Raise NotAllowed unless `person` may set up this channel, or bring its dojo back."""
        known = self.known(channel_id, person.guild_id)
        if known is None:
            check_may_set_up(channel_id, person)
        else:
            known.check_may_configure(person)

    async def set_up(
        self,
        guild_id: int,
        channel_id: int,
        settings: DojoSettings,
        person: Person,
        *,
        before: DojoSettings | None = None,
    ) -> Dojo:
        """Make a dojo of a channel of this server, or change the present one.

        `before` is what was shown to the person who entered `settings`: then only what they changed
        is changed, because another person may have changed the rest at the same time.

        Raises NotAllowed, UnknownTimeZone if the zone does not exist, and SupportLineTooLong.
        """

        def all_of_it(_: DojoSettings) -> DojoSettings:
            return settings

        change = all_of_it if before is None else differences(before, settings)
        return await self._change(guild_id, channel_id, change, person, settings)

    async def change(self, dojo: Dojo, change: Change, person: Person) -> Dojo:
        """Change what `change` makes of the settings of its turn. Raises what `set_up` raises."""
        return await self._change(dojo.guild_id, dojo.channel_id, change, person, dojo.settings)

    async def _change(
        self, guild_id: int, channel_id: int, change: Change, person: Person, new: DojoSettings
    ) -> Dojo:
        if person.guild_id != guild_id:
            raise NotAllowed("configure")
        async with self._changing:
            known = self.known(channel_id, guild_id)
            self.check_may_set_up(channel_id, person)
            settings = change(known.settings) if known else new
            support_line = read_support_line(settings.support_line)
            zone = await self.zones.resolve(settings.time_zone)
            now = self._now()
            dojo = await self._store.save(
                Dojo(
                    id=known.id if known else new_id(now, self._rng),
                    guild_id=guild_id,
                    channel_id=channel_id,
                    settings=replace(settings, time_zone=zone, support_line=support_line),
                    set_up_at=now,
                    set_up_user_id=person.user_id,
                )
            )
            self._by_channel[channel_id] = dojo
            self._closed.pop(channel_id, None)
        return dojo

    async def close(self, channel_id: int, person: Person) -> Dojo:
        """Stop a channel being a dojo, and keep the rest. Raises DojoUnknown and NotAllowed."""
        dojo = self.get(channel_id)
        dojo.check_may_configure(person)
        await self._close(dojo)
        return dojo

    async def channel_deleted(self, channel_id: int) -> Dojo | None:
        """Close the dojo of a channel that Discord says is deleted, if it was one."""
        dojo = self.find(channel_id)
        if dojo is not None:
            await self._close(dojo)
        return dojo

    async def correct_server(self, guild_id: int, channel_ids: Container[int]) -> None:
        """Correct the server of the dojos of these channels, if another one was stored."""
        for dojos in (self._by_channel, self._closed):
            for dojo in tuple(dojos.values()):
                if dojo.channel_id in channel_ids and dojo.guild_id != guild_id:
                    async with self._changing:
                        await self._store.move(dojo.id, guild_id)
                        if dojo.channel_id in dojos:
                            now = dojos[dojo.channel_id]
                            dojos[dojo.channel_id] = replace(now, guild_id=guild_id)

    async def _close(self, dojo: Dojo) -> None:
        async with self._changing:
            await self._store.close(dojo.id, self._now())
            # Read again: its settings may have changed while this waited.
            closed = self._by_channel.pop(dojo.channel_id, dojo)
            self._closed[dojo.channel_id] = closed

    def forget_person(self, user_id: int, guild_id: int | None = None) -> None:
        """Remove a person, erased on disk already, from all dojos in memory, or from a guild's."""
        for dojos in (self._by_channel, self._closed):
            for channel_id, dojo in dojos.items():
                if guild_id not in (None, dojo.guild_id):
                    continue
                if dojo.set_up_user_id == user_id:
                    dojo = replace(dojo, set_up_user_id=None)
                if dojo.settings.safety_user_id == user_id:
                    settings = replace(dojo.settings, safety_user_id=None)
                    dojo = replace(dojo, settings=settings)
                dojos[channel_id] = dojo


def differences(before: DojoSettings, after: DojoSettings) -> Change:
    """A change of what differs between two settings, and nothing else."""
    changed = {
        field.name: getattr(after, field.name)
        for field in fields(DojoSettings)
        if getattr(after, field.name) != getattr(before, field.name)
    }
    return lambda settings: replace(settings, **changed)


class ContactPresence:
    """Checks whether the safety contact of a dojo is in its server."""

    def __init__(self, is_here: Callable[[Dojo, int], Awaitable[bool]]) -> None:
        """`is_here`: whether a person is in the server of a dojo; True if that is unknown."""
        self._is_here = is_here

    async def is_here(self, dojo: Dojo) -> bool:
        """Whether the safety contact of a dojo is in its server; False where nobody is named."""
        contact = dojo.settings.safety_user_id
        return contact is not None and await self._is_here(dojo, contact)
