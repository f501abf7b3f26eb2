"""What tests of rooms in Discord share: a gathering as a value, and what does its will."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest import mock

from simcord.builders import ChannelHandle

from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.gatherings.grouping.groups import Draw, Group
from bot.gatherings.model.gathering import Gathering, Guest, Places, Presence, Room, Stage
from bot.gatherings.ui.host.host import DiscordHost
from bot.gatherings.ui.host.missing import MissingPermissions
from bot.kit.requests.direct import DirectMessages
from bot.kit.requests.rate import RequestRate
from tests.simulation.world import Server, World

BOARDING = timedelta(seconds=60)


class _AtOnce(RequestRate):
    """Waits for nothing: tests and the bot have different clocks."""

    def __init__(self) -> None:
        super().__init__(1, 1, 1)

    async def slot(self, guild_id: int) -> None:
        """Now."""
        del guild_id


class Kept:
    """The gatherings of a test, as they are now."""

    def __init__(self) -> None:
        self.gatherings: dict[int, Gathering] = {}

    def find(self, gathering_id: int | None) -> Gathering | None:
        return self.gatherings.get(gathering_id or 0)

    def all(self) -> list[Gathering]:
        return list(self.gatherings.values())


class Evenings:
    """A host over a simulated server, and the gatherings it works for."""

    def __init__(self, world: World, server: Server) -> None:
        self.world = world
        self.server = server
        self.kept = Kept()
        self.restart()

    def restart(self) -> None:
        """A new host, which knows nothing of what the one before did."""
        services = self.world.bot.services
        self.missing = MissingPermissions()
        self.host = DiscordHost(
            services[DojoService],
            services[ContentService],
            _AtOnce(),
            self.kept,
            self.missing,
            services[DirectMessages],
            now=self.world.env.now,
        )
        self.host.speak_through(self.world.bot)

    def boarding(
        self, *groups: Sequence[Any], voice: Any = None, channel: Any = None, **about: Any
    ) -> Gathering:
        """An evening whose groups are on their way; with a common voice room, in voice."""
        services = self.world.bot.services
        dojo = services[DojoService].get((channel or self.server.dojo).id)
        now = self.world.env.now()
        people = [one.id for group in groups for one in group]
        values: dict[str, Any] = {
            "id": 1_000 + len(self.kept.gatherings),
            "dojo_id": dojo.id,
            "guild_id": dojo.guild_id,
            "channel_id": dojo.channel_id,
            "format": services[ContentService].shipped("en").formats["triad-30"],
            "opened_at": now,
            "facilitator_user_id": None,
            "places": Places.VOICE if voice else Places.THREADS,
            "voice_id": voice.id if voice else None,
            "guests": tuple(Guest(one, now) for one in people),
            "stage": Stage.BOARDING,
            "number": 1,
            "due_at": now + BOARDING,
            "draw": Draw(tuple(Group(tuple(one.id for one in group)) for group in groups), 1),
        }
        return self.keep(Gathering(**{**values, **about}))

    def keep(self, gathering: Gathering, **changes: Any) -> Gathering:
        """The gathering is like this now."""
        changed = replace(gathering, **changes)
        self.kept.gatherings[gathering.id] = changed
        return changed

    def left(self, gathering: Gathering, person: Any) -> Gathering:
        """Someone has left the evening."""
        guests = tuple(
            replace(guest, presence=Presence.LEFT) if guest.user_id == person.id else guest
            for guest in gathering.guests
        )
        return self.keep(gathering, guests=guests)

    async def open(self, gathering: Gathering, taken: Sequence[Any] = ()) -> Gathering:
        """All rooms of an evening, found at the same time."""
        used = {one.id for one in taken}
        numbers = range(1, len(_groups(gathering)) + 1)
        with self.slow_network():
            rooms = await asyncio.gather(
                *(self.host.open_room(gathering, number, taken=used) for number in numbers)
            )
        await self.world.env.settle()
        return self.keep(gathering, rooms=tuple(rooms))

    async def bring(self, *gatherings: Gathering) -> list[tuple[int, ...]]:
        """Everybody to their rooms at the same time; who was missed in each."""
        with self.slow_network():
            missed = await asyncio.gather(
                *(
                    self.host.bring(gathering, room, group.people)
                    for gathering in gatherings
                    for room, group in zip(gathering.rooms, _groups(gathering), strict=True)
                )
            )
        await self.world.env.settle()
        return list(missed)

    @contextlib.contextmanager
    def slow_network(self) -> Iterator[None]:
        """Others get a turn while a request is on its way, as in the world outside."""
        request = self.world.bot.http.request

        async def slow(route: Any, **about: Any) -> Any:
            await asyncio.sleep(0)
            return await request(route, **about)

        with mock.patch.object(self.world.bot.http, "request", slow):
            yield

    async def put_away(self, gathering: Gathering, stage: Stage) -> tuple[Room, ...]:
        """Rooms that are not needed go; those that are left."""
        left = await self.host.put_away(self.keep(gathering, stage=stage))
        await self.world.env.settle()
        return left

    def people(self, count: int) -> list[Any]:
        """So many members of the server."""
        return [self.server.member(f"guest-{self._next()}") for _ in range(count)]

    async def in_voice(self, channel: Any, count: int) -> list[Any]:
        """So many members in a voice channel."""
        people = self.people(count)
        for one in people:
            await one.join_voice(channel)
        return people

    def _next(self) -> int:
        self._count = getattr(self, "_count", 0) + 1
        return self._count

    # What there is to see

    def requests(self, method: str, part: str) -> list[str]:
        """The paths of what the bot asked Discord for."""
        return [
            one.path
            for one in self.world.env.http_requests
            if one.method == method and part in one.path
        ]

    def where(self, *people: Any) -> list[int | None]:
        """The voice channels of people."""
        states = self.server.handle.voice_states()
        return [states[one.id].channel_id if one.id in states else None for one in people]

    def channels(self) -> dict[str, Any]:
        """The channels of the server as they are now, by name."""
        backend = self.world.env.backend
        ids = backend.get_guild(self.server.id).channel_ids
        return {str(backend.channels[one].name): backend.channels[one] for one in ids}

    def handle(self, room: Room) -> Any:
        """What tests do with the channel of a room that the bot made."""
        env = self.world.env
        return ChannelHandle(env, self.server.handle, env.backend.get_channel(room.channel_id))


def _groups(gathering: Gathering) -> tuple[Group, ...]:
    return gathering.draw.groups if gathering.draw else ()
