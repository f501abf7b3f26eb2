"""Posts that may have to be tried again: Discord knows a repeat by its nonce.

SimCord does not merge equal nonces, so what was sent is looked at.
"""

from __future__ import annotations

import ast
import sqlite3
from typing import Any, cast
from unittest import mock

import aiohttp
import discord
import pytest

from bot.gatherings.model.gathering import CALL_BACK
from bot.gatherings.ui.host.board import DojoBoard
from bot.kit.requests.errors import RoomUnreachable
from bot.kit.requests.posting import Poster
from bot.rounds.service.live import LiveRounds
from tests.gatherings.ui.trouble import ROUND_SECONDS
from tests.gatherings.ui.trouble import running as evening_running
from tests.rounds.ui.steps import cards, coaching, running
from tests.rounds.ui.trouble import COACH, leave, lost_answers
from tests.simulation.world import text
from tests.sources import product


def sent(world, words: str) -> list[dict[str, Any]]:
    """What the bot tried to post with these words, in order."""
    tried = [one.json for one in world.env.http_requests if one.method == "POST"]
    return [one for one in tried if isinstance(one, dict) and "nonce" in one and words in str(one)]


def numbers(posts: list[dict[str, Any]]) -> set[str]:
    assert all(one["enforce_nonce"] and len(one["nonce"]) <= 25 for one in posts)
    return {one["nonce"] for one in posts}


async def test_a_card_is_the_same_post_though_someone_acts_before_it_is_tried_again(world, server):
    """W4: its nonce is its part, not how often something was pressed."""
    group = await running(world, server)
    with lost_answers(world):
        await world.later(COACH + 1)
        await group.client.click(cards(group.room)[-1], label="Pause")
    await world.later(30)

    posts = sent(world, "### 🗣️ Coaching")
    assert len(posts) >= 2
    assert len(numbers(posts)) == 1
    # Discord gives the first one back, as it was before the press.
    edits = [one.json for one in world.env.http_requests if one.method == "PATCH"]
    assert any("🗣️ Coaching" in str(one) and "**Paused**" in str(one) for one in edits)


async def test_cards_that_ask_and_calls_are_each_one_post(world, server):
    """F8: coach gone; two such questions, one after the other, are two."""
    group = await coaching(world, server, 4)
    await world.later(60)
    with lost_answers(world):
        await leave(group, group.coach)
        await world.later(1)
    await world.later(30)
    first = sent(world, "seat is empty")
    assert len(first) >= 2
    assert len(numbers(first)) == 1

    await group.press(group.people[2], "I coach on")
    await leave(group, group.people[2])
    await world.later(30)
    assert len(numbers(sent(world, "seat is empty"))) == 2


async def test_a_card_that_cannot_be_noted_is_not_posted_again_and_again(world, server):
    """F8: the disk is full for longer than Discord remembers a nonce."""
    group = await running(world, server)
    full = sqlite3.OperationalError("database or disk is full")
    with mock.patch.object(LiveRounds, "said", side_effect=full):
        await world.later(COACH + 600)
        await group.press(group.client, "Pause")
    await world.later(30)
    assert len(sent(world, "### 🗣️ Coaching")) == 1
    assert "**Paused**" in text(group.card)


async def test_a_card_that_is_shown_once_more_is_a_post_of_its_own(world, server):
    """F8: Discord would give the one before back, further up."""
    group = await coaching(world, server)
    before = len(sent(world, "### 🗣️ Coaching"))
    for _ in range(2):
        await group.client.slash(group.room, "round now")
        await world.later(1)
    posts = sent(world, "### 🗣️ Coaching")
    assert len(posts) == before + 2
    assert len(numbers(posts)) == 1 + 2


async def test_the_tries_of_one_showing_are_one_post(world, server):
    """F8, W8: `/round now` whose answer is lost is tried again as the same, and kept up to date."""
    group = await coaching(world, server)
    before = numbers(sent(world, "### 🗣️ Coaching"))
    with lost_answers(world):
        await group.client.slash(group.room, "round now")
        await world.later(5)
    await world.later(30)
    shown = sent(world, "### 🗣️ Coaching")
    assert len(shown) >= 1 + 3
    assert len(numbers(shown) - before) == 1


async def test_a_card_in_place_of_a_deleted_one_is_one_post_however_often_it_is_tried():
    """F8: neither the nonce of the deleted one, nor another one at each try."""

    class Message:
        id = 7
        is_deleted = False

        async def edit(self, **_: object) -> None:
            if self.is_deleted:
                response = mock.Mock(status=404, reason="Not Found")
                raise discord.NotFound(response, {"code": 10008, "message": ""})

    class Channel:
        is_lost = False

        def __init__(self) -> None:
            self.tried: list[object] = []

        async def send(self, **what: object) -> Message:
            self.tried.append(what["nonce"])
            if self.is_lost:
                raise aiohttp.ServerDisconnectedError
            return Message()

        def get_partial_message(self, _: int) -> Message:
            return Message()

    posts, channel = Poster(), Channel()
    about: tuple[Any, ...] = (channel, "the card of a part", None, None)
    await posts.card(*about)
    Message.is_deleted = channel.is_lost = True
    for _ in range(2):
        with pytest.raises(RoomUnreachable):
            await posts.card(*about)
    channel.is_lost = False
    await posts.card(*about)
    deleted, *instead = channel.tried
    assert len(instead) == 3
    assert set(instead) == {instead[0]} != {deleted}


def called_back(world) -> list[dict[str, Any]]:
    said = sent(world, "the round is over")
    return [one for one in said if one["allowed_mentions"]["users"]]


@pytest.mark.usefixtures("panels_at_once")
async def test_everybody_is_called_back_once(world, server):
    """F8, W8: also across a restart."""
    evening, _ = await evening_running(world, server, 3)
    # Once the card of the evening says so, nobody is called any more.
    no_card = mock.patch.object(DojoBoard, "show", side_effect=RoomUnreachable("in trouble"))
    with lost_answers(world), no_card:
        await world.later(ROUND_SECONDS - CALL_BACK.total_seconds())
        while not (before := len(called_back(world))):
            await world.later(5)
        await world.restart(crash=True)
    await world.later(30)
    assert before < len(called_back(world))
    assert len(numbers(called_back(world))) == 1
    assert evening.now.number == 1


async def test_a_call_for_help_of_which_nobody_is_sure_is_made_again_as_the_same(world, server):
    """F8: what may be said again keeps its nonce only until it is known to be there."""
    evening, people = await evening_running(world, server, 3)
    room = evening.dojo.threads[0]
    card = [one for one in cards(room) if "### " in text(one)][-1]
    with lost_answers(world):
        await people[0].click(card, label="Ask for help")
    await world.later(2)
    await people[0].click(card, label="Ask for help")
    assert len(sent(world, "asks for")) == 2
    assert len(numbers(sent(world, "asks for"))) == 1


async def test_what_may_be_said_again_has_a_new_nonce_once_it_is_known_to_be_there():
    """F8: else Discord would swallow the second of two calls within minutes."""

    class Channel:
        is_lost = True

        async def send(self, **_: object) -> None:
            if self.is_lost:
                raise aiohttp.ServerDisconnectedError

    posts, channel = Poster(), Channel()
    number = posts.number_for("help", 1)
    with pytest.raises(RoomUnreachable):
        await posts.message(cast(Any, channel), number, content="Help")
    assert posts.number_for("help", 1) == number != posts.number_for("help", 2)
    channel.is_lost = False
    await posts.message(cast(Any, channel), number, content="Help")
    assert posts.number_for("help", 1) != number


def test_everything_that_is_posted_has_a_nonce():
    """F8: without one the library's own repetition after a 5xx would double it."""
    bare: list[str] = []
    for path in product():
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            has_nonce = any(one.arg == "nonce" for one in node.keywords)
            if node.func.attr == "send" and path.name != "answers.py" and not has_nonce:
                bare.append(f"{path.name}:{node.lineno}")
    assert bare == []
