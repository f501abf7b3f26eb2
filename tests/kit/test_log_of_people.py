"""PRIVACY: log lines name servers, channels and kinds of things, not people, and never a text."""

from __future__ import annotations

import base64
import binascii
import contextlib
import logging
import re
from collections.abc import Iterator
from unittest import mock

import pytest

from bot.kit.clicks import dispatch
from bot.kit.discord import forms
from tests.cards.rules import parts
from tests.kit.test_log_privacy import Lines
from tests.rounds.ui.steps import start
from tests.simulation.world import World

SECRET = "what kim said about her mother"


def ids_in(line: str, people: set[int]) -> set[int]:
    """Whose ids are in a line, as a number or packed into base64."""
    found = {person for person in people if str(person) in line}
    packed = {person: person.to_bytes(8, "big") for person in people}
    for word in re.findall(r"[A-Za-z0-9_-]{11,}", line):
        for cut in range(4):
            short = word[: len(word) - cut]
            try:
                raw = base64.urlsafe_b64decode(short + "=" * (-len(short) % 4))
            except (binascii.Error, ValueError):
                continue
            found |= {person for person, name in packed.items() if name in raw}
    return found


@contextlib.contextmanager
def quiet_libraries() -> Iterator[None]:
    """While the context lasts, libraries log as much as the program lets them."""
    levels = {"discord": logging.INFO, "aiosqlite": logging.WARNING, "asyncio": logging.WARNING}
    before = {name: logging.getLogger(name).level for name in levels}
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@contextlib.contextmanager
def typed_words() -> Iterator[set[str]]:
    """Whatever is typed into a form in several words while the context lasts."""
    words: set[str] = set()
    read = forms.read_typed

    def noting(interaction):
        values = read(interaction)
        words.update(value for found in values.values() for value in found if " " in value)
        return values

    with (
        mock.patch.object(forms, "read_typed", noting),
        mock.patch.object(dispatch, "read_typed", noting),
    ):
        yield words


@pytest.fixture
def typed() -> Iterator[set[str]]:
    with typed_words() as words:
        yield words


def people_of(world: World) -> dict[int, str]:
    """Everybody but the bot itself, which says its own name at the start."""
    backend = world.env.backend
    return {user.id: user.name for user in backend.users.values() if user.id != backend.bot_user.id}


def naming(lines: list[str], world: World, typed: set[str]) -> list[str]:
    """The lines that name people or quote something."""
    people = people_of(world)
    direct = {str(channel_id) for channel_id in world.env.backend.dm_channels.values()}
    named = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in people.values()))
    return [
        line
        for line in lines
        if ids_in(line, set(people))
        or named.search(line)
        or any(words in line for words in typed)
        or any(channel in line for channel in direct)
    ]


async def test_a_button_that_carries_people_is_logged_by_its_kind(world, server, typed):
    """F10, S18, claim 1: an INFO line on the usual path had four people in base64."""
    people = [server.member(name) for name in ("ann", "ben", "cyd", "dan")]
    with Lines() as log:
        answer = await start(people[0], server.dojo, *people[:2], format="triad-30")
        button = next(part for part in parts(answer.response) if part.get("type") == 2)
        assert ids_in(button["custom_id"], {person.id for person in people})
        await people[0].click(answer.response, custom_id=button["custom_id"])
    assert "proposed in" in log.text
    assert naming(log.text.splitlines(), world, typed) == []


async def test_a_failure_of_a_command_names_nobody(world, server, typed):
    """S18: the traceback tells where it was, and not what it was about."""
    world.provoked = (Exception,)
    broken = mock.patch("bot.questions.service.QuestionService.pick", side_effect=KeyError(SECRET))
    with broken, Lines() as log:
        await server.member("kim").slash(server.dojo, "question", phase="close")
    assert "KeyError: …" in log.text
    assert "Traceback" in log.text
    assert naming(log.text.splitlines(), world, typed | {SECRET}) == []
