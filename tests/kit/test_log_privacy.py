"""A line of the log names kinds of things, never people, what they wrote, or Discord's tokens."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sqlite3
import sys
from typing import Any
from unittest import mock

import aiohttp
import discord
import pytest
from aiohttp import web
from discord import app_commands
from discord.http import HTTPClient, Route
from hypothesis import given
from hypothesis import strategies as st

from bot.dojos.model.refusals import UnknownTimeZone
from bot.kit.log_privacy import described, without_people
from bot.kit.logs import lines_to, set_up_logging
from bot.kit.refusals import DojoError

KIM = 1_456_074_443_980_800_037
TOKEN = "aW50ZXJhY3Rpb246MTQ1NjA3NDQ0Mzk4MDgwMDAzNw" * 4
API = "https://discord.com/api/v10"


class Lines:
    """What would be written, from everybody who logs."""

    def __enter__(self) -> Lines:
        self._stream = io.StringIO()
        self._handler = lines_to(self._stream)
        root = logging.getLogger()
        self._before = root.level
        root.setLevel(logging.DEBUG)
        root.addHandler(self._handler)
        return self

    def __exit__(self, *_: object) -> None:
        root = logging.getLogger()
        root.removeHandler(self._handler)
        root.setLevel(self._before)

    @property
    def text(self) -> str:
        return self._stream.getvalue()


@pytest.fixture
def lines():
    with Lines() as lines:
        yield lines


def answer(status: int, code: int, text: str) -> discord.HTTPException:
    response = mock.Mock(status=status, reason="Bad Request")
    kind = {403: discord.Forbidden, 404: discord.NotFound}.get(status, discord.HTTPException)
    return kind(response, {"code": code, "message": text})


# Addresses


@pytest.mark.parametrize(
    ("address", "template"),
    [
        (f"{API}/guilds/{KIM}/members/{KIM}", f"{API}/guilds/{{id}}/members/{{id}}"),
        (
            f"{API}/channels/{KIM}/thread-members/{KIM}",
            f"{API}/channels/{{id}}/thread-members/{{id}}",
        ),
        (
            f"{API}/webhooks/{KIM}/{TOKEN}/messages/@original",
            f"{API}/webhooks/{{id}}/{{token}}/messages/@original",
        ),
        (f"{API}/webhooks/{KIM}/short", f"{API}/webhooks/{{id}}/{{token}}"),
        (
            f"{API}/interactions/{KIM}/{TOKEN}/callback",
            f"{API}/interactions/{{id}}/{{token}}/callback",
        ),
        (
            f"{API}/guilds/{KIM}/members/search?query=kim&limit=1",
            f"{API}/guilds/{{id}}/members/search",
        ),
        (f"{API}/users/@me/channels", f"{API}/users/@me/channels"),
        ("https://discord.com/", "https://discord.com/"),
    ],
)
def test_an_address_becomes_the_template_of_its_route(address, template):
    """S18: in a sentence, too."""
    assert without_people(address) == template
    said = without_people(f"We asked {address} twice, PATCH '{address}'.")
    assert said.replace(".", "") == f"We asked {template} twice, PATCH '{template}'".replace(
        ".", ""
    )


@given(st.text(), st.integers(10**16, 2**63), st.text())
def test_no_id_stays_in_a_text(before, person, after):
    """S18: but longer numbers, which are none."""
    before, after = before.rstrip("0123456789"), after.lstrip("0123456789")
    assert str(person) not in without_people(f"{before} {person} {after}")


# Errors


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (answer(403, 50013, "Missing Permissions"), "Forbidden 403/50013"),
        (answer(404, 10003, "kim's room"), "NotFound 404/10003"),
        (answer(400, 50035, f"In content: {KIM} kim said"), "HTTPException 400/50035"),
        (UnknownTimeZone("what kim typed"), "UnknownTimeZone"),
        (DojoError("what kim typed"), "DojoError"),
        (app_commands.CommandNotFound("what kim typed", []), "CommandNotFound"),
        (KeyError(KIM), "KeyError: <id>"),
        (KeyError("kim"), "KeyError: …"),
        (KeyError(3), "KeyError: 3"),
        (
            ValueError("invalid literal for int() with base 10: 'kim'"),
            "ValueError: invalid literal for int() with base 10: …",
        ),
        (ValueError("can't read 'kim' or \"kim\""), "ValueError: can…"),
        (ValueError(f"{API}/guilds/{KIM}"), f"ValueError: {API}/guilds/{{id}}"),
        (sqlite3.OperationalError("database is locked"), "OperationalError: database is locked"),
        (OSError(28, "No space left on device"), "OSError: [Errno 28] No space left on device"),
        (TimeoutError(), "TimeoutError"),
        (
            RuntimeError("x" * 25 + " " + "y " * 500),
            "RuntimeError: " + ("x" * 25 + " " + "y " * 500)[:300],
        ),
        (RuntimeError(f"dojo:1:round:5:hand-in:{KIM} failed"), "RuntimeError: dojo:… failed"),
        (RuntimeError(TOKEN), "RuntimeError: <token>"),
    ],
)
def test_an_error_is_described_without_what_it_is_about(error, text):
    """S18."""
    assert described(error) == text


def test_a_line_of_ours_describes_its_error(lines):
    """S18: whatever the error says of itself."""
    logging.getLogger("bot.rounds.x").info("no direct message: %s", answer(403, 50007, f"to {KIM}"))
    logging.getLogger("bot.rounds.x").info("%(why)s", {"why": KeyError(KIM)})
    assert "no direct message: Forbidden 403/50007\n" in lines.text
    assert str(KIM) not in lines.text


def test_a_traceback_has_the_places_and_none_of_the_words(lines):
    """S18: in its causes and in groups; also when another handler has made its text before."""
    name = "kim"
    try:
        try:
            raise KeyError(f"{name} {KIM}")
        except KeyError as error:
            raise ExceptionGroup("two", [ValueError(f"'{name}'"), answer(400, 1, name)]) from error
    except ExceptionGroup:
        error = sys.exc_info()
    log = logging.getLogger("bot.x")
    record = log.makeRecord("bot.x", logging.ERROR, "", 1, "failure %s", ("A1",), error)
    assert "kim" in logging.Formatter().format(record)
    log.handle(record)
    assert "kim" not in lines.text
    assert str(KIM) not in lines.text
    for part in ("KeyError: …", "which led to", "ExceptionGroup: two", "HTTPException 400/1"):
        assert part in lines.text
    assert (
        ", in test_a_traceback_has_the_places_and_none_of_the_words\n    raise KeyError"
        in lines.text
    )


def test_an_endless_chain_of_errors_ends(lines):
    first = error = RuntimeError("0")
    for number in range(30):
        error.__cause__ = RuntimeError(str(number))
        error = error.__cause__
    logging.getLogger("bot.x").error("failed", exc_info=first)
    assert lines.text.count("which led to") == 7


# What libraries log


class Member:
    def __repr__(self) -> str:
        return f"<Member id={KIM} name='kim'>"


@pytest.mark.parametrize("name", ["discord.state", "discord.ui.view", "aiohttp.client", "asyncio"])
def test_a_library_names_no_people(lines, name):
    """S18: ids, objects whose repr names people, texts made before."""
    log = logging.getLogger(name)
    log.warning("member %s of %d unknown: %r, %s", KIM, KIM, Member(), f"dojo:1:mark:{KIM}")
    made_before = f"Task exception was never retrieved, exception=ValueError('kim') {KIM} {TOKEN}"
    log.warning(made_before)
    log.warning("in %.2f s", 1.5)
    assert "kim" not in lines.text
    assert str(KIM) not in lines.text
    assert TOKEN not in lines.text
    assert "member <id> of <id> unknown: <Member>, dojo:…" in lines.text
    assert "in 1.50 s" in lines.text


async def refusing(requests: list[str]) -> web.AppRunner:
    """A Discord that says 429 to the first request of each address."""

    async def refuse_once(request: web.Request) -> web.Response:
        seen = request.path in requests
        requests.append(request.path)
        if seen:
            return web.json_response({})
        limited = {"message": "You are being rate limited.", "retry_after": 0.01, "global": False}
        headers = {"Via": "1.1 google", "Content-Type": "application/json"}
        return web.Response(body=json.dumps(limited).encode(), status=429, headers=headers)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", refuse_once)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner


async def test_the_warning_about_too_many_requests_names_no_people(lines, monkeypatch):
    """S18: the library's own, when people are moved or let into threads, and for answers."""
    requests: list[str] = []
    runner = await refusing(requests)
    port = runner.addresses[0][1]
    monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{port}/api/v10")
    client = HTTPClient(asyncio.get_running_loop())
    client._HTTPClient__session = aiohttp.ClientSession()  # type: ignore[attr-defined]
    client._global_over = asyncio.Event()
    client._global_over.set()
    try:
        routes: list[tuple[str, str, dict[str, Any]]] = [
            ("PATCH", "/guilds/{guild_id}/members/{user_id}", {"guild_id": 1, "user_id": KIM}),
            (
                "PUT",
                "/channels/{channel_id}/thread-members/{user_id}",
                {"channel_id": 1, "user_id": KIM},
            ),
            (
                "POST",
                "/webhooks/{application_id}/{token}",
                {"application_id": KIM, "token": TOKEN},
            ),
        ]
        for method, path, about in routes:
            await client.request(Route(method, path, **about))
    finally:
        await client._HTTPClient__session.close()  # type: ignore[attr-defined]
        await runner.cleanup()

    assert len(requests) == 6
    said = [line for line in lines.text.splitlines() if "We are being rate limited" in line]
    base = f"http://127.0.0.1:{port}/api/v10"
    assert [line.partition("limited. ")[2].partition(" responded")[0] for line in said] == [
        f"PATCH {base}/guilds/{{id}}/members/{{id}}",
        f"PUT {base}/channels/{{id}}/thread-members/{{id}}",
        f"POST {base}/webhooks/{{id}}/{{token}}",
    ]
    assert str(KIM) not in lines.text
    assert TOKEN not in lines.text


def test_the_log_of_a_program_is_made_so(capsys):
    """S18: `dojo-bot run` sets it up."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers[:] = []
    try:
        set_up_logging(logging.INFO)
        logging.getLogger("discord.http").warning("%s", f"{API}/guilds/{KIM}/members/{KIM}")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    assert f"{API}/guilds/{{id}}/members/{{id}}\n" in capsys.readouterr().err
