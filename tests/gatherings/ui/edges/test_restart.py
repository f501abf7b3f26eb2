"""The bot is away in every stage of an evening: for a moment, over a boundary, for hours."""

from __future__ import annotations

from typing import Any

import pytest

from bot.gatherings.model.gathering import Closing, Stage
from bot.gatherings.service.live import LiveGatherings
from tests.gatherings.ui.steps import Evening, opened, room, room_card
from tests.gatherings.ui.trouble import (
    boarding,
    end_all,
    everybody,
    gathered,
    next_round,
    round_in,
    running,
    seated,
)
from tests.rounds.ui.steps import cards, lines, posts, rows, title
from tests.simulation.world import labels, text

pytestmark = pytest.mark.usefixtures("panels_at_once")

HOURS = 4 * 3600


def said(evening: Evening) -> list[int]:
    """How many messages there are in the dojo and in each of its rooms."""
    return [len(posts(one)) for one in (evening.dojo, *evening.dojo.threads)]


async def in_stage(world: Any, server: Any, stage: Stage) -> tuple[Evening, list[Any]]:
    """An evening of six in one of its stages, with proposed groups while it is open."""
    if stage is Stage.OPEN:
        evening, people = await gathered(world, server, 6)
        await evening.preview()
    elif stage is Stage.BOARDING:
        evening, people = await boarding(world, server, 6)
    else:
        evening, people = await running(world, server, 6)
    if stage in (Stage.RETURNING, Stage.BETWEEN):
        await end_all(evening, back=stage is Stage.BETWEEN)
    assert evening.now.stage is stage
    return evening, people


STAGES = (Stage.OPEN, Stage.BOARDING, Stage.RUNNING, Stage.RETURNING, Stage.BETWEEN)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("crash", [False, True], ids=["stopped", "killed"])
async def test_bot_restart_under_15_s_says_nothing_and_leaves_every_button_alive(
    world, server, stage, crash
):
    evening, _ = await in_stage(world, server, stage)
    before, shown, heard = evening.now, text(evening.card), said(evening)
    due = before.due_at
    if crash:
        await world.restart(crash=True)
    else:
        await world.away(5)
    now = evening.now
    assert (now.stage, now.number, now.due_at, now.draw) == (stage, before.number, due, before.draw)
    assert (now.guests, now.rooms, now.draft) == (before.guests, before.rooms, before.draft)
    assert (said(evening), text(evening.card)) == (heard, shown)
    assert len(evening.dojo.threads) == len(now.rooms)
    # The next thing happens on time, and the old buttons work.
    (joined,) = await evening.join(server.member("late"))
    assert "You are in" in text(joined)
    if stage is Stage.BOARDING:
        await world.later(105)
        assert evening.now.stage is Stage.RUNNING
        assert round_in(evening, 1).since == round_in(evening, 2).since
    elif stage is Stage.RETURNING:
        await world.later(60)
        assert evening.now.stage is Stage.BETWEEN


async def test_restart_over_one_boundary_starts_all_clocks_at_once_and_calls_back_once(
    world, server
):
    evening, people = await boarding(world, server, 6)
    # Over the end of boarding: coach and client of each room have agreed.
    for number in (1, 2):
        for one in seated(evening, number, people)[:2]:
            await one.click(room_card(evening, number), label="Agree, with notes")
    await world.away(115)
    assert evening.now.stage is Stage.RUNNING
    assert round_in(evening, 1).since == round_in(evening, 2).since
    # Over the beginning of the coaching: each room has one card, which says so.
    heard = said(evening)
    await world.away(60 + 30)
    assert [title(room_card(evening, number)) for number in (1, 2)] == ["🗣️ Coaching"] * 2
    assert [now - before for now, before in zip(said(evening), heard, strict=True)] == [0, 1, 1]
    # Over the end of the rounds, by a little: everybody is called back, once.
    ends = round_in(evening, 1).ends_at - world.env.now()
    await world.later(ends.total_seconds() - 10)
    await world.away(15)
    await world.later(30)
    assert evening.now.stage in (Stage.RETURNING, Stage.BETWEEN)
    # Over the end of the call back.
    await world.away(70)
    assert evening.now.stage is Stage.BETWEEN
    called = [one for one in lines(room(evening, 1)) if "We meet again" in one]
    assert len(called) == 1
    assert sum("Together again" in text(one) for one in cards(server.dojo)) == 1
    await next_round(evening)
    assert everybody(evening) == {one.id for one in people}


@pytest.mark.parametrize("stage", STAGES)
async def test_restart_longer_than_the_session_sends_nothing_late_and_keeps_what_was(
    world, server, stage
):
    evening, people = await in_stage(world, server, stage)
    notified = pings(world)
    await world.away(13 * 3600)
    await world.later(120)
    # Nobody is notified of something that was hours ago, but for what is kept of their round.
    late = [one for one in pings(world)[len(notified) :] if one]
    assert late == []
    await world.later(3 * 3600)
    (row,) = rows(world, "gatherings")
    assert (row["stage"], row["closing"]) == ("ended", Closing.IDLE)
    assert labels(evening.card) == []
    assert world.bot.services[LiveGatherings].all() == []
    if stage is Stage.RUNNING:
        assert [one["ending"] for one in rows(world, "rounds")] == ["interrupted"] * 2
    # Another evening can begin, with the same people.
    again = await opened(world, server, lead=evening.lead)
    await again.join(*people)
    assert len(again.now.here) == 6


def pings(world: Any) -> list[list[str]]:
    """Whom each message the bot has posted in a channel notifies."""
    return [
        (one.json.get("allowed_mentions") or {}).get("users") or []
        for one in world.env.http_requests
        if one.method == "POST" and one.path.startswith("/channels/") and isinstance(one.json, dict)
    ]
