"""The rehearsal's web server: the start page, the rooms, and what can be done there.

Listens on loopback only. A page from elsewhere can neither read anything here (it is another
origin) nor do anything: requests must name this host, and requests that change something must also
come from here.
"""

from __future__ import annotations

import html
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.rehearsal.community import Person
from bot.rehearsal.faces import bot_face
from bot.rehearsal.simulation.pages import HEADERS, room_page, static_routes
from bot.rehearsal.simulation.rooms import Rooms, room_key
from bot.rehearsal.stage import Refused, Stage
from bot.rehearsal.view import Place, View

__all__ = ["Site"]

_PAGE = Path(__file__).parent / "page"
_FILES = {
    "key.js": "text/javascript",
    "room.css": "text/css",
    "room.js": "text/javascript",
    "start.css": "text/css",
    "start.js": "text/javascript",
    "state.js": "text/javascript",
}

_BOT = "_bot"
"""The bot's key where people have keys."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """Everything to see of a rehearsal, on one loopback port."""

    def __init__(self, stage: Stage, port: int) -> None:
        self._stage = stage
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._view = View(stage)
        self.rooms = Rooms(
            stage.env,
            turn=stage.turn,
            acted=stage.acted,
            viewer=self._view.viewer,
            allowed=self.allowed,
            port=port,
            pictures=stage.community.pictures(),
        )
        stage.watched = lambda: self.rooms.watched
        stage.show = self.rooms.refresh
        stage.players.by_hand = lambda: self.rooms.viewer_ids

    def application(self) -> web.Application:
        """The server, to be run on the port that was given."""
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/", _file("start.html", "text/html")),
                *(web.get(f"/page/{name}", _file(name, kind)) for name, kind in _FILES.items()),
                web.get("/face/{person}.png", self._face),
                web.get("/favicon.ico", self._icon),
                web.get("/state.json", self._state),
                web.get("/in/{place}/as/{person}", self._room),
                web.post("/do/jump", self._jump),
                web.post("/do/speed", self._speed),
                web.post("/do/restart", self._restart),
                web.post("/do/voice", self._voice),
                web.post("/do/language", self._language),
                web.post("/do/zone", self._zone),
                *static_routes(),
                *self.rooms.routes(),
            ]
        )
        return app

    async def close(self) -> None:
        """Close all rooms; the server has stopped by then."""
        await self.rooms.close()

    def allowed(self, request: web.Request) -> bool:
        """Whether a request was meant for this server and made by one of its own pages."""
        host = request.headers.get("Host", "")
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        return (
            host in self._hosts
            and (origin is None or origin == f"http://{host}")
            and site in ("same-origin", "none")
        )

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        # A link from elsewhere may lead to a page; that reads nothing and does nothing.
        if request.headers.get("Host", "") not in self._hosts:
            raise web.HTTPForbidden(text="This address is not the rehearsal's.")
        if request.method not in ("GET", "HEAD") and not self.allowed(request):
            raise web.HTTPForbidden(text="Only the rehearsal's own pages may do that.")
        try:
            return await handler(request)
        except Refused as refused:
            return web.json_response({"error": str(refused)}, status=409)

    async def _state(self, request: web.Request) -> web.Response:
        asking = request.query.get("as")
        person = self._person(asking) if asking else None
        headers = {"Cache-Control": "no-store", "ETag": f'"{self._view.edition()}"'}
        # Every open page asks each second, and mostly nothing has happened.
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        return web.json_response(self._view.describe(person), headers=headers)

    async def _icon(self, _: web.Request) -> web.Response:
        return _png(bot_face())

    async def _face(self, request: web.Request) -> web.Response:
        key = request.match_info["person"]
        picture = bot_face() if key == _BOT else self._person(key).picture
        return _png(picture)

    async def _room(self, request: web.Request) -> web.Response:
        person = self._person(request.match_info["person"])
        place = self._view.place(request.match_info["place"], person)
        if place is None:
            text = _nowhere(person)
            return web.Response(text=text, status=404, content_type="text/html", headers=HEADERS)
        page = room_page(
            title=f"{_title(place)} as {person.name}",
            icon=f"/face/{person.key}.png",
            key=room_key(place.channel.id, person.id),
            place=place.key,
            person=person.key,
        )
        return web.Response(text=page, content_type="text/html", headers=HEADERS)

    async def _jump(self, request: web.Request) -> web.Response:
        seconds = (await _asked(request, seconds=(int, float)))["seconds"]
        try:
            by = timedelta(seconds=seconds)
        except (OverflowError, ValueError) as error:
            raise Refused("That is too long for a jump.") from error
        await self._stage.jump(by)
        return _done()

    async def _speed(self, request: web.Request) -> web.Response:
        self._stage.set_speed((await _asked(request, speed=(int, float)))["speed"])
        return _done()

    async def _restart(self, request: web.Request) -> web.Response:
        await _asked(request)
        await self._stage.restart_bot()
        return _done()

    async def _voice(self, request: web.Request) -> web.Response:
        asked = await _asked(request, person=str, place=(str, type(None)))
        person = self._person(asked["person"])
        channel_id = None
        if asked["place"] is not None:
            place = self._view.place(asked["place"], person)
            if place is None or place.kind != "voice":
                raise Refused("There is no such voice channel.")
            channel_id = place.channel.id
        await self._stage.set_voice(person, channel_id)
        return _done()

    async def _language(self, request: web.Request) -> web.Response:
        asked = await _asked(request, person=str, language=str)
        self._stage.set_language(self._person(asked["person"]), asked["language"])
        return _done()

    async def _zone(self, request: web.Request) -> web.Response:
        self.rooms.set_zone((await _asked(request, zone=str))["zone"])
        return _done()

    def _person(self, key: str) -> Person:
        try:
            return self._view.person(key)
        except KeyError:
            raise web.HTTPNotFound(text="There is no such person in this rehearsal.") from None


def _nowhere(person: Person) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Not here</title>'
        '<link rel="stylesheet" href="/page/start.css"><div class="sheet"><h1>Not here</h1>'
        f"<p>{html.escape(person.name)} has no such channel, or no longer."
        ' <a href="/">To the start page</a></p></div>'
    )


def _title(place: Place) -> str:
    return "Direct messages" if place.kind == "direct" else f"#{place.channel.name}"


def _png(picture: bytes) -> web.Response:
    headers = {"Cache-Control": "max-age=60"}
    return web.Response(body=picture, content_type="image/png", headers=headers)


def _done() -> web.Response:
    return web.json_response({"done": True})


async def _asked(request: web.Request, **fields: type | tuple[type, ...]) -> dict[str, Any]:
    """The request's JSON, with exactly ``fields`` of these types."""
    # A form of a foreign page cannot send this type without asking first.
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="Expected JSON.")
    try:
        # JSON is UTF-8, whatever the header says. A number may have too many digits for Python, and
        # brackets may be nested endlessly.
        asked = json.loads((await request.read()).decode())
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest(text="Expected JSON.") from None
    if not isinstance(asked, dict) or asked.keys() != fields.keys():
        raise web.HTTPBadRequest(text=f"Expected these fields: {', '.join(fields) or 'none'}.")
    for name, kind in fields.items():
        if not isinstance(asked[name], kind) or isinstance(asked[name], bool):
            raise web.HTTPBadRequest(text=f"The field {name} is of the wrong kind.")
    return asked


def _file(name: str, content_type: str) -> Handler:
    headers = {**HEADERS, "Cache-Control": "no-cache", "Content-Type": content_type}
    headers["Content-Type"] += "; charset=utf-8"
    del headers["Pragma"]

    async def serve(_: web.Request) -> web.FileResponse:
        return web.FileResponse(_PAGE / name, headers=headers)

    return serve
