"""PRIVACY: log lines name servers, channels and kinds of things, not people, and never a text."""

from __future__ import annotations

import base64
import binascii
import logging
import re
from unittest import mock

import pytest
from simcord.enums import ComponentType, InteractionType

from bot.kit.clicks import dispatch
from bot.kit.discord import forms
from bot.kit.discord.actions import Action
from tests.cards.kinds import Kind, kinds
from tests.cards.rules import parts
from tests.cards.tour import shown, walk
from tests.kit.test_log_privacy import Lines
from tests.rounds.ui.steps import start
from tests.simulation.world import World

SECRET = "what kim said about her mother"


def ids_in(line: str, people: set[int]) -> set[int]:
    """Whose ids are in a line, as a number or packed into base64."""
    found = {person for person in people if str(person) in line}
    for word in re.findall(r"[A-Za-z0-9_-]{11,}", line):
        for cut in range(4):
            short = word[: len(word) - cut]
            try:
                raw = base64.urlsafe_b64decode(short + "=" * (-len(short) % 4))
            except (binascii.Error, ValueError):
                continue
            found |= {person for person in people if person.to_bytes(8, "big") in raw}
    return found


@pytest.fixture
def quiet_libraries():
    """As the program sets them up."""
    levels = {"discord": logging.INFO, "aiosqlite": logging.WARNING, "asyncio": logging.WARNING}
    before = {name: logging.getLogger(name).level for name in levels}
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def typed(monkeypatch) -> set[str]:
    """Whatever is typed into a form in several words."""
    words: set[str] = set()
    read = forms.read_typed

    def noting(interaction):
        values = read(interaction)
        words.update(value for found in values.values() for value in found if " " in value)
        return values

    monkeypatch.setattr(forms, "read_typed", noting)
    monkeypatch.setattr(dispatch, "read_typed", noting)
    return words


def people_of(world: World) -> dict[int, str]:
    """Everybody but the bot itself, which says its own name at the start."""
    backend = world.env.backend
    return {user.id: user.name for user in backend.users.values() if user.id != backend.bot_user.id}


def check(lines: list[str], world: World, typed: set[str]) -> None:
    """Raises AssertionError for lines that name people or quote something."""
    people = people_of(world)
    direct = {str(channel_id) for channel_id in world.env.backend.dm_channels.values()}
    named = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in people.values()))
    bad = [
        line
        for line in lines
        if ids_in(line, set(people))
        or named.search(line)
        or any(words in line for words in typed)
        or any(channel in line for channel in direct)
    ]
    assert bad == []


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("quiet_libraries")
async def test_a_walk_past_every_card_names_nobody(world, server, typed):
    """S18: at every level of our own lines."""
    with Lines() as log:
        await walk(world, server)
    lines = log.text.splitlines()
    assert len(lines) > 100
    assert any(" DEBUG bot." in line for line in lines)
    assert len(people_of(world)) > 20
    assert typed
    check(lines, world, typed)


async def test_a_button_that_carries_people_is_logged_by_its_kind(world, server, typed):
    """F10, S18, claim 1: an INFO line on the usual path had four people in base64."""
    people = [server.member(name) for name in ("ann", "ben", "cyd", "dan")]
    with Lines() as log:
        answer = await start(people[0], server.dojo, *people[:2], format="triad-30")
        button = next(part for part in parts(answer.response) if part.get("type") == 2)
        assert ids_in(button["custom_id"], {person.id for person in people})
        await people[0].click(answer.response, custom_id=button["custom_id"])
    assert "proposed in" in log.text
    check(log.text.splitlines(), world, typed)


def breaks(monkeypatch, kind: Kind, secret: str) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"“{secret}”")

    if isinstance(kind.of, Action):
        monkeypatch.setattr(kind.of, "handler", broken)
        return
    method = "submitted" if kind.is_form else "chosen" if kind.is_menu else "pressed"
    monkeypatch.setattr(kind.of, method, classmethod(broken) if kind.is_form else broken)


@pytest.mark.timeout(240)
@pytest.mark.usefixtures("quiet_libraries")
async def test_a_failure_in_any_button_menu_or_form_names_nobody(world, server, typed, monkeypatch):
    """S18: the line says which kind of thing it was; its custom id can name the coach."""
    world.provoked = (Exception,)
    await walk(world, server)
    tour = shown(world)
    ids = {part["custom_id"] for part in tour.clickable} | {
        form["custom_id"] for form in tour.forms
    }
    people = people_of(world)
    secret = f"{SECRET} {next(iter(people))}"
    for kind in kinds():
        breaks(monkeypatch, kind, secret)
    by_kind = {
        kind: next((one for one in sorted(ids) if kind.template.fullmatch(one)), None)
        for kind in kinds()
    }
    assert sum(custom_id is not None for custom_id in by_kind.values()) > 150
    fay = server.manager("fay-who-presses")

    with Lines() as log:
        for kind, custom_id in by_kind.items():
            if custom_id is None:
                continue
            if kind.is_form:
                sort, data = InteractionType.MODAL_SUBMIT, {"components": []}
            else:
                is_button = kind.is_button
                sort = InteractionType.MESSAGE_COMPONENT
                component = ComponentType.BUTTON if is_button else ComponentType.STRING_SELECT
                data = {"component_type": component, "values": [str(fay.id)]}
            data["custom_id"] = custom_id
            await fay._dispatch_interaction(sort, server.dojo, data)

    lines = log.text.splitlines()
    check(lines, world, typed | {SECRET})
    said = set(re.findall(r" command=([\w:-]+)", log.text))
    pressed = {kind.name for kind, custom_id in by_kind.items() if custom_id is not None}
    assert pressed <= said


async def test_a_failure_of_a_command_names_nobody(world, server, typed):
    """S18: the traceback tells where it was, and not what it was about."""
    world.provoked = (Exception,)
    broken = mock.patch("bot.questions.service.QuestionService.draw", side_effect=KeyError(SECRET))
    with broken, Lines() as log:
        await server.member("kim").slash(server.dojo, "question", phase="close")
    assert "KeyError: …" in log.text
    assert "Traceback" in log.text
    check(log.text.splitlines(), world, typed | {SECRET})
