# ruff: noqa: ANN401, SLF001 - what is private to SimCord has no types for others
"""One channel's preview, as the rehearsal needs it: no port of its own, no stale clicks."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import simcord.preview._server as preview_server
from aiohttp import web
from simcord.actors import MemberActor
from simcord.backend.errors import BackendError, SetupError
from simcord.builders import ChannelHandle, UserHandle
from simcord.preview import Preview
from simcord.preview._server import PreviewServer

if TYPE_CHECKING:
    from bot.rehearsal.simulation.rooms import Rooms

__all__ = ["Room", "Viewer"]

Viewer = MemberActor | UserHandle
"""Someone who looks at a channel: a member of the guild, or a user in direct messages."""

_LOOKED_AT_WITHIN = 5.0
"""Seconds since its last poll for which a page counts as open (it polls twice a second)."""
_OPEN_WITHIN = 75.0
"""The same in a tab in the background, where a browser lets it poll once a minute. A page that is
closed says so at once."""


class _RoomServer(PreviewServer):
    """The preview's own request handling, without a port of its own."""

    def __init__(self, room: Room, rooms: Rooms) -> None:
        super().__init__(room, rooms.port)
        self._room = room
        self._rooms = rooms

    async def start(self) -> None:
        # SimCord imports it into its module only when it binds a port itself.
        setattr(preview_server, "web", web)  # noqa: B010
        self.port = self._requested_port

    async def close(self) -> None:
        self.port = None

    def _authorized(self, request: web.Request, *, context: str | None = None) -> bool:
        if context is not None and request.headers.get("X-Simcord-Context") != context:
            return False
        return self._rooms.allowed(request)

    async def _action(self, request: web.Request) -> web.StreamResponse:
        try:
            return await super()._action(request)
        except RecursionError:
            # SimCord expects every fault of JSON except brackets nested endlessly.
            raise web.HTTPBadRequest(text="Expected JSON.") from None

    async def _multipart_action(self, request: web.Request) -> dict[str, Any]:
        try:
            return await super()._multipart_action(request)
        except (ValueError, AssertionError):
            # The library expects well-formed parts.
            raise web.HTTPBadRequest(text="Expected the parts of a form.") from None

    async def open_page(self, user_id: int) -> web.Response:
        """Open a page for this person, showing the latest messages."""
        try:
            payload = self._room.open_page(user_id)
        except (SetupError, BackendError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response(payload, headers=self._SECURITY_HEADERS)


class Room(Preview):
    """One channel's preview: its pages, and the actions taken in them."""

    _MAX_PAGES = 80

    def __init__(self, rooms: Rooms, channel: ChannelHandle, first: Viewer) -> None:
        super().__init__(
            rooms.env,
            channel,
            (first,),
            layout="channel",
            display="responsive",
            width=960,
            height=720,
            locale="en-US",
            timezone=rooms.zone,
            presentation_time=None,
            assets=rooms.pictures,
            port=rooms.port,
        )
        self._rooms = rooms
        self._rendered: dict[str, int] = {}
        self.server = self._server = _RoomServer(self, rooms)

    def _viewer(self, viewer_id: Any) -> Viewer:
        """The person, if they may read the channel at this moment; not from a list made when it was
        opened."""
        viewer = self._rooms.viewer(self.channel.id, int(viewer_id))
        if viewer is None:
            raise SetupError("this person cannot read this channel")
        return viewer

    def open_page(self, user_id: int) -> dict[str, Any]:
        """Open a page for this person. Returns what it shows at first."""
        if self._python is not None:
            # A new page begins where this one is: at the latest message.
            self._python.target_id = self._python.window_end_id = None
        page = self._open_page(user_id)
        self._rendered = {
            key: rendered for key, rendered in self._rendered.items() if key in self._pages
        }
        self._rendered[page.id] = self._rooms.edition
        return self._page_payload(page)

    async def _action(self, context_id: str | None, body: Any) -> dict[str, Any]:
        async with self._rooms.turn():
            page = self._pages.get(context_id or "")
            if page is not None and isinstance(body, dict):
                # Since the page was rendered, time may have passed, someone else may have done
                # something, the bot may have been restarted. In Discord that is no reason to refuse
                # a click.
                if "published_revision" in body:
                    body["published_revision"] = page.revision
                if "bot_generation" in body:
                    body["bot_generation"] = self.env._generation
            try:
                return await super()._action(context_id, body)
            finally:
                self._rooms.acted()

    def _finish_action(
        self, page: Any, action: Any, settlement: str, cursor: int, *rest: Any, **more: Any
    ) -> dict[str, Any]:
        interaction = more.get("interaction") or action.interaction
        if interaction is not None and interaction.responded:
            # The bot met an error, but it told the person: to them, that is an answer.
            cursor = self.env.error_cursor
        return super()._finish_action(page, action, settlement, cursor, *rest, **more)

    @property
    def watched(self) -> list[Any]:
        """The pages that are open in a browser now."""
        return self._asked_within(_LOOKED_AT_WITHIN)

    @property
    def viewer_ids(self) -> set[int]:
        """The people whose pages of this channel are open, including tabs in the background."""
        return {page.viewer.id for page in self._asked_within(_OPEN_WITHIN)}

    def _asked_within(self, seconds: float) -> list[Any]:
        now = time.monotonic()
        return [
            page
            for page in self._pages.values()
            if page is not self._python and now - page.last_activity < seconds
        ]

    def republish(self) -> None:
        """Show the present state in every open page."""
        for page in self.watched:
            if page.id in self._pages:  # Publishing one page may close expired others.
                self._render(page)

    def missed(self, context_id: str | None) -> bool:
        """Whether something has happened since this page was rendered."""
        return self._rendered.get(context_id or "", self._rooms.edition) != self._rooms.edition

    def catch_up(self, context_id: str | None) -> None:
        """Render this page, if it still exists."""
        if (page := self._pages.get(context_id or "")) is not None:
            self._render(page)

    def _render(self, page: Any) -> None:
        self.timezone = self._rooms.zone
        self._advance_presentation_time()
        self._publish(page, reason="refresh")
        self._rendered[page.id] = self._rooms.edition
