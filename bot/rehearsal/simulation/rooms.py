# ruff: noqa: SLF001 - what is private to SimCord has no types for others
"""A browser page for every channel, all on one address.

SimCord's preview shows one channel, allows one preview at a time and binds a port for it. ``Rooms``
has a preview for every channel that someone has opened, answers for all of them on the rehearsal's
single address, and lets the address of a page say whose view it shows.

A page identifies itself by a key, ``<channel id>.<user id>``, which it sends where SimCord expects
its capability. The key is no secret: anyone who may open the address may see every person's view.
Foreign web pages are kept out because a request must carry this header and come from the
rehearsal's own origin.
"""

from __future__ import annotations

import asyncio
import re
import zoneinfo
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager

from aiohttp import web
from simcord.builders import ChannelHandle, GuildHandle
from simcord.env import Env

from bot.rehearsal.simulation.room import Room, Viewer

__all__ = ["Rooms", "room_key"]


_KEY = re.compile(r"([0-9]{1,20})\.([0-9]{1,20})")


def room_key(channel_id: int, user_id: int) -> str:
    """The key of the page that shows a channel as this person sees it."""
    return f"{channel_id}.{user_id}"


def _ids(key: str | None) -> tuple[int, int]:
    match = _KEY.fullmatch(key or "")
    if match is None:
        raise web.HTTPUnauthorized(text="This page belongs to another rehearsal.")
    return int(match[1]), int(match[2])


class Rooms:
    """All rooms of a rehearsal. Replaces SimCord's one preview of an ``Env``.

    Enter ``turn()`` to act on the simulated Discord; clicks in a page do that themselves, and call
    ``acted`` after that. ``viewer`` gives a person's handle for a channel they may read (channel
    id, user id), or ``None``. ``allowed`` says whether a request may come in at all (its host and
    origin). ``pictures`` maps addresses of Discord's image server to ``(file name, PNG)``.
    """

    _closed = False

    def __init__(
        self,
        env: Env,
        *,
        turn: Callable[[], AbstractAsyncContextManager[None]],
        acted: Callable[[], None],
        viewer: Callable[[int, int], Viewer | None],
        allowed: Callable[[web.Request], bool],
        port: int,
        pictures: Mapping[str, tuple[str, bytes]],
    ) -> None:
        self.env = env
        self.turn = turn
        self.acted = acted
        self.viewer = viewer
        self.allowed = allowed
        self.port = port
        self.pictures = pictures
        self.zone = "UTC"
        self.edition = 0
        self._rooms: dict[int, Room] = {}

    def _mark_action_dispatched(self) -> None:
        for room in self._rooms.values():
            room._mark_action_dispatched()

    @property
    def watched(self) -> bool:
        """Whether any page is open in a browser now."""
        return any(room.watched for room in self._rooms.values())

    @property
    def viewer_ids(self) -> set[int]:
        """The Discord ids of people with a page of any channel open."""
        return set().union(*(room.viewer_ids for room in self._rooms.values()))

    async def refresh(self) -> None:
        """Update every open page and drop the rooms of deleted channels.

        Call it inside ``turn()``.
        """
        self.edition += 1
        for channel_id, room in tuple(self._rooms.items()):
            if channel_id not in self.env.backend.channels:
                del self._rooms[channel_id]
                await room.close()
            elif room.watched:
                room.republish()
                await asyncio.sleep(0)  # Rendering may take a while; let requests through.

    def set_zone(self, zone: str) -> None:
        """Show times in this IANA time zone from now on; an unknown zone is ignored."""
        if zone in zoneinfo.available_timezones():
            self.zone = zone

    async def close(self) -> None:
        """Close every room."""
        for room in tuple(self._rooms.values()):
            await room.close()
        self._rooms.clear()
        self.env._preview = None

    async def _open(self, channel_id: int, user_id: int) -> Room:
        async with self.turn():
            if (room := self._rooms.get(channel_id)) is not None:
                return room
            first = self.viewer(channel_id, user_id)
            if first is None:
                raise web.HTTPNotFound(text="This person has no such channel.")
            channel = self.env.backend.get_channel(channel_id)
            guild = None
            if channel.guild_id is not None:
                guild = GuildHandle(self.env, self.env.backend.get_guild(channel.guild_id))
            room = Room(self, ChannelHandle(self.env, guild, channel), first)
            self.env._preview = None
            try:
                await room.__aenter__()
            finally:
                self.env._preview = self  # type: ignore[assignment]
            self._rooms[channel_id] = room
            return room

    def routes(self) -> list[web.RouteDef]:
        """The requests that the pages of the rooms make with their key."""
        return [
            web.post("/api/pages", self._open_page),
            web.delete("/api/pages/{context_id}", self._to("_delete_page")),
            web.get("/api/state", self._state),
            web.get("/api/commands", self._to("_commands")),
            web.get("/api/action-result", self._to("_action_result")),
            web.post("/api/action", self._to("_action")),
            web.get("/api/assets/{asset_id}", self._to("_asset")),
        ]

    def _room(self, request: web.Request) -> Room:
        channel_id, _ = _ids(request.headers.get("X-Simcord-Capability"))
        room = self._rooms.get(channel_id)
        if room is None:
            raise web.HTTPGone(text="This page is no longer open; load it again.")
        return room

    def _to(self, handler: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await getattr(self._room(request).server, handler)(request)

        return handle

    async def _state(self, request: web.Request) -> web.StreamResponse:
        room = self._room(request)
        if self.allowed(request) and room.missed(request.headers.get("X-Simcord-Context")):
            # A browser hardly polls for a tab in the background; it was skipped then.
            async with self.turn():
                room.catch_up(request.headers.get("X-Simcord-Context"))
        return await room.server._state(request)

    async def _open_page(self, request: web.Request) -> web.StreamResponse:
        if not self.allowed(request):
            raise web.HTTPForbidden()
        channel_id, user_id = _ids(request.headers.get("X-Simcord-Capability"))
        room = await self._open(channel_id, user_id)
        return await room.server.open_page(user_id)
