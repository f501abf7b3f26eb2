# ruff: noqa: SLF001 - what is private to SimCord has no types for others
"""The page of a room: SimCord's own page inside the rehearsal's frame.

SimCord's page shows the conversation well but nothing around it: not who else is there, not the
other channels, and a "in 10 minutes" that never counts down. Our frame (``page/room.js`` and
``page/room.css``) adds these and hides the tools meant for the developers of a bot.
"""

from __future__ import annotations

import html
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

import simcord.preview
from aiohttp import web
from simcord.preview._server import PreviewServer

__all__ = ["HEADERS", "MARKS", "room_page", "static_routes", "template"]

HEADERS = dict(PreviewServer._SECURITY_HEADERS)
"""Headers for a page of this server: nothing from other origins, nothing in a frame."""

MARKS = {
    "title": "<title>SimCord Preview</title>",
    "style": '<link rel="stylesheet" href="/preview.css">',
    "script": '<script type="module" src="/app.js"></script>',
    "language": '<html lang="en">',
    "body": "<body>",
}
"""Where our frame is put into SimCord's page."""

_STATIC = Path(simcord.preview.__file__).parent / "static"


@cache
def template() -> str:
    """SimCord's page, unchanged."""
    return (_STATIC / PreviewServer._STATIC_FILES["/"]).read_text(encoding="utf-8")


def room_page(*, title: str, icon: str, key: str, place: str, person: str) -> str:
    """The HTML of a channel's page, to which ``place`` and ``person`` are its address."""

    def attribute(value: str) -> str:
        return html.escape(value, quote=True)

    frame = f'data-key="{attribute(key)}" data-place="{attribute(place)}"'
    return (
        template()
        .replace(MARKS["language"], f'<html lang="en" {frame} data-person="{attribute(person)}">')
        .replace(MARKS["title"], f"<title>{html.escape(title)}</title>")
        .replace(
            MARKS["style"],
            f'{MARKS["style"]}\n    <link rel="stylesheet" href="/page/room.css">\n'
            f'    <link rel="icon" href="{attribute(icon)}" type="image/png">',
        )
        .replace(MARKS["body"], f"{MARKS['body']}\n{_frame()}")
        .replace(
            MARKS["script"],
            # Not a module, so it runs first: it gives SimCord's script its key.
            f'<script src="/page/key.js"></script>\n    {MARKS["script"]}\n'
            '    <script type="module" src="/page/room.js"></script>',
        )
    )


@cache
def _frame() -> str:
    return (Path(__file__).parents[1] / "page" / "frame.html").read_text(encoding="utf-8")


def static_routes() -> list[web.RouteDef]:
    """SimCord's scripts, styles and fonts, which are the same in every room."""
    return [
        web.get(path, _file(_STATIC / name))
        for path, name in PreviewServer._STATIC_FILES.items()
        if path != "/" and (_STATIC / name).is_file()
    ]


def _file(path: Path) -> Callable[[web.Request], Awaitable[web.FileResponse]]:
    # Browsers cache them, and ask each time whether the file has changed.
    headers = {**HEADERS, "Cache-Control": "no-cache"}
    del headers["Pragma"]
    if (content_type := PreviewServer._STATIC_CONTENT_TYPES.get(path.name)) is not None:
        headers["Content-Type"] = content_type

    async def serve(_: web.Request) -> web.FileResponse:
        return web.FileResponse(path, headers=headers)

    return serve
