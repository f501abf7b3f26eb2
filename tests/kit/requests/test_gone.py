"""Only Discord's own code says that something is gone; a bare 404 comes from what stands before it.

Proxies and outages answer 404, too.
"""

from __future__ import annotations

import ast
from typing import Any, cast
from unittest import mock

import discord
import pytest

from bot.kit.requests.threads import ThreadMaker
from tests.feedback.ui.debrief.test_sharing import WORDS, full_of, let_words_be_shown, share
from tests.feedback.ui.steps import feedback_of, press
from tests.rounds.ui.steps import posts, rows
from tests.rounds.ui.trouble import UNKNOWN_CHANNEL, refusing
from tests.simulation.world import text
from tests.sources import product

UNKNOWN_MESSAGE = 10008


async def test_a_bare_404_takes_nothing_back(world, server):
    """F12: it is said, the message stays known, and goes at the next try; also with Erase."""
    group, full = await full_of(world, server)
    before = len(posts(group.room))
    await share(group, full, "Everything noted")
    full = await feedback_of(group, group.coach)
    asked = (await press(world, group.coach, full, "Share with the room")).response
    with refusing(world, 404, 0, room=group.room, method="DELETE", what="messages/*"):
        await press(world, group.coach, asked, "Take it back")
        assert "I could not delete it" in text(asked)
        assert rows(world, "debriefs")[0]["posts"]
        full = await feedback_of(group, group.coach)
        asked = await press(world, group.coach, full, "Erase…")
        await press(world, group.coach, asked.response, "Erase it")
        assert "I could not delete what you shared" in text(asked.response)
        assert rows(world, "debriefs")[0]["posts"]
    erased = await feedback_of(group, group.coach)
    await press(world, group.coach, erased, "Take it back")
    assert "Nothing of your feedback is shared any more" in text(erased)
    assert len(posts(group.room)) == before


@pytest.mark.parametrize("code", [UNKNOWN_MESSAGE, UNKNOWN_CHANNEL])
async def test_what_discord_says_is_gone_is_taken_back(world, server, code):
    """F12: a moderator deleted the message, or its room."""
    group, full = await full_of(world, server)
    await share(group, full, "Everything noted")
    full = await feedback_of(group, group.coach)
    asked = (await press(world, group.coach, full, "Share with the room")).response
    with refusing(world, 404, code, room=group.room, method="DELETE", what="messages/*"):
        await press(world, group.coach, asked, "Take it back")
    assert "Nothing of your feedback is shared any more" in text(asked)
    assert rows(world, "debriefs")[0]["posts"] == ""


async def test_a_bare_404_does_not_say_that_words_are_no_longer_shown(world, server):
    """F12: the client hears that the words could not be taken out of the room."""
    group, full = await full_of(world, server)
    await let_words_be_shown(group)
    post = await share(group, full, "Everything noted")
    own = await feedback_of(group, group.client)
    with refusing(world, 404, 0, room=group.room, method="PATCH", what="messages/*"):
        answer = await press(world, group.client, own, "No words, please")
    assert all(words in text(post) for words in WORDS)
    assert "I could not change what is in the room already" in text(answer.followups[-1])


async def test_an_empty_thread_is_put_away_after_a_bare_404():
    """F12: else it stays, as if it had been deleted."""

    put_away: dict[int, bool] = {}
    for code in (0, UNKNOWN_CHANNEL):
        thread = mock.AsyncMock()
        response = mock.Mock(status=404, reason="Not Found")
        thread.delete.side_effect = discord.NotFound(response, {"code": code, "message": ""})
        await ThreadMaker().remove(cast(Any, thread))
        put_away[code] = thread.edit.await_count == 1
    assert put_away == {0: True, UNKNOWN_CHANNEL: False}


def test_one_place_knows_how_discord_says_that_something_is_gone():
    """F12: nobody else catches NotFound, or compares with 404 or a code of its own."""
    codes = {404, 10003, 10007, 10008, 10013}
    elsewhere: list[str] = []
    for path in product():
        if path.name == "unreachable.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute | ast.Name):
                names_it = "NotFound" in ast.unparse(node).split(".")
            else:
                names_it = isinstance(node, ast.Constant) and node.value in codes
            if names_it:
                elsewhere.append(f"{path.name}:{getattr(node, 'lineno', 0)}")
    assert elsewhere == []
