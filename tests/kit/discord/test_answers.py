"""Discord's confirmation of an answer is lost: the work goes on, and nobody does it twice."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from fnmatch import fnmatch
from types import SimpleNamespace
from typing import Any
from unittest import mock

import aiohttp
import discord
import pytest
from simcord.http.client import FakeWebhookAdapter

from bot.kit.discord.answers import AnswerLost, NotTaken
from bot.kit.discord.failures import COUNTS
from tests.feedback.ui.steps import SEEN, label, pad_of
from tests.rounds.ui.steps import coaching, lines, private, proposed, rows, running
from tests.simulation.world import text, told
from tests.sources import product

CALLBACK = "*/callback"
LATER = "/webhooks/*"
"""Everything after the first answer: changing it, and messages of their own."""


@contextlib.contextmanager
def losing(
    path: str = CALLBACK,
    *,
    times: int = 1,
    error: type[Exception] = aiohttp.ServerDisconnectedError,
    is_taken: bool = True,
) -> Iterator[SimpleNamespace]:
    """The connection is cut at this many answers; Discord has accepted them, if `is_taken`.

    Returns how many were sent in total, including those that came through.
    """
    reached = FakeWebhookAdapter.request
    seen = SimpleNamespace(sent=0, lost=0)

    async def request(self: Any, route: Any, session: Any, **how: Any) -> Any:
        if not fnmatch(route.url.partition("/api/v10")[2], path):
            return await reached(self, route, session, **how)
        seen.sent += 1
        if seen.lost == times:
            return await reached(self, route, session, **how)
        seen.lost += 1
        if is_taken:
            await reached(self, route, session, **how)
        raise error

    with mock.patch.object(FakeWebhookAdapter, "request", request):
        yield seen


NOT_DONE = "Discord did not take my answer, so nothing was done. Please try again."


class NeverSent(aiohttp.ClientConnectorError):
    """The connection could not be made at all."""

    def __init__(self) -> None:
        OSError.__init__(self, 111, "refused")

    def __str__(self) -> str:
        return "refused"


def everything_private(result) -> list[str]:
    """All that a person got in private as answers to one press."""
    messages = [one for one in (result.response, *result.followups) if one is not None]
    return [text(one) for one in messages if one.ephemeral]


@pytest.mark.parametrize("times", [1, 2])
async def test_a_click_whose_acknowledgement_is_lost_is_worked_on(world, server, times):
    """W2: also when the connection is cut again as the acknowledgement is sent once more."""
    group = await running(world, server)
    with losing(times=times):
        answer = await group.press(group.client, "Pause")

    assert "**Paused**" in text(group.card)
    assert len(lines(group.room)) == 1
    assert answer.followups == [], "there is nothing to say about it"


async def test_a_command_whose_acknowledgement_is_lost_does_not_think_for_ever(world, server):
    """W2: the round is there once, and its starter learns where."""
    with losing(times=2):
        group = await proposed(world, server)

    assert "The agreement for" in text(group.answer.response)
    assert len(server.dojo.threads) == len(rows(world, "rounds")) == 1


async def test_a_form_whose_acknowledgement_is_lost_is_kept(world, server):
    """W2: what was typed is on disk."""
    group = await running(world, server)
    role = private(await group.press(group.coach, "My role now"))
    form = await group.coach.click(role, label="Coach: what to watch")
    with losing():
        await group.coach.submit_modal(form, {"codes": ["S4"], "wish": "Do I leave room?"})

    assert "Do I leave room?" in str(rows(world, "round_people"))


async def test_a_click_that_never_reached_discord_is_not_acted_on_and_says_so(world, server):
    """W2: without any acknowledgement the person was told that it failed, so it has to be true."""
    group = await running(world, server)
    with losing(times=2, error=NeverSent, is_taken=False):
        answer = await group.press(group.client, "Pause")

    assert told(answer) == NOT_DONE
    assert "**Paused**" not in text(group.card)


@pytest.mark.parametrize("is_taken", [True, False])
@pytest.mark.parametrize("times", [1, 2])
async def test_a_tap_whose_answer_is_lost_is_noted_once_and_never_said_to_have_failed(
    world, server, times, is_taken
):
    """W10: the tap is on disk; cut off before or after Discord took it, the pad shows it."""
    group = await coaching(world, server)
    pad = await pad_of(group, group.observer)
    await world.later(1)
    with losing(times=times, is_taken=is_taken):
        answer = await group.observer.click(pad, label=label(pad, SEEN))
    world.env.backend.interactions.clear()

    assert len(rows(world, "notes")) == 1
    assert answer.followups == []
    if is_taken or times == 1:
        assert "S5 gap 1" in str(world.env.backend.get_message(pad.channel_id, pad.id).components)


async def test_an_answer_that_discord_refuses_is_not_told_as_an_act_that_failed(world, server):
    """W10: Discord's 5xx to the answer of a tap; the person who tries again has it twice."""
    group = await coaching(world, server)
    pad = await pad_of(group, group.observer)
    await world.later(1)
    world.env.inject_error("POST", "/interactions/*/callback", status=500)
    answer = await group.observer.click(pad, label=label(pad, SEEN))

    assert len(rows(world, "notes")) == 1
    assert told(answer) == COUNTS


async def test_a_private_answer_comes_once_though_its_confirmation_is_lost(world, server):
    """W11: no second copy, and no “went wrong” beside it."""
    group = await coaching(world, server)
    with losing(CALLBACK):
        opened = await group.press(group.observer, "Open my pad")
    assert len(everything_private(opened)) == 1
    assert "Listen. Tap once" in text(private(opened))

    # After “thinking…”, by changing that.
    with losing(LATER):
        exported = await group.client.slash(server.dojo, "my export")
    assert exported.followups == []
    assert "What is stored about you" in text(exported.response)
    assert [one.filename for one in exported.response.attachments] == ["my-dojo-data.json"]

    # After a silent acknowledgement, as a message of its own: a refusal.
    stranger = server.member("stranger")
    world.env.backend.add_thread_member(group.room.id, stranger.id)
    with losing(LATER) as seen:
        refused = await group.press(stranger, "Pause")
    assert seen.sent == 1
    assert len(everything_private(refused)) == 1


async def test_the_answer_to_a_start_is_lost_and_nobody_starts_a_second_one(world, server):
    """W9: round and room are there, so nothing says to try again."""
    world.provoked += (AnswerLost,)
    carla, kim = server.member("carla"), server.member("kim")
    with losing(LATER, times=2, is_taken=False):
        answer = await carla.slash(server.dojo, "round start", coach=carla, client=kim)

    assert len(server.dojo.threads) == len(rows(world, "rounds")) == 1
    assert not any("again" in one for one in everything_private(answer))


async def test_nothing_answers_an_interaction_beside_the_module_that_knows_lost_answers():
    """W2, W10, W11: one place for all clicks, forms and commands."""
    ways = {"defer", "send_message", "edit_message", "send_modal"}
    ways |= {"edit_original_response", "followup"}
    beside: list[str] = []
    for path in product():
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Attribute) or path.name == "answers.py":
                continue
            if node.attr in ways:
                beside.append(f"{path.name}:{node.lineno}")
    assert beside == []


async def test_a_form_that_does_not_open_has_done_nothing(world, server):
    """W10: before an act there is nothing to count."""
    world.provoked += (NotTaken,)
    world.env.inject_error("POST", "/interactions/*/callback", status=503)
    answer = await server.manager().slash(server.dojo, "dojo setup")
    assert told(answer) == NOT_DONE


async def test_discord_in_trouble_is_not_told_as_a_fault_of_the_bot(world, server, caplog):
    """U3: its 5xx in what a command does."""
    world.provoked += (discord.HTTPException,)
    carla, kim = server.member("carla"), server.member("kim")
    world.env.inject_error("POST", "/channels/*/threads", status=503)
    answer = await carla.slash(server.dojo, "round start", coach=carla, client=kim)

    assert "Discord is in trouble" in told(answer)
    assert not any(one.exc_info for one in caplog.records)
