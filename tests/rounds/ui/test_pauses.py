"""Pausing a round: the clock stands still, and the round waits, but not forever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from discord.utils import format_dt

from tests.rounds.ui.steps import (
    WAYS_IN,
    cards,
    coaching,
    lines,
    on_disk,
    posts,
    pressable,
    silently,
    title,
)
from tests.simulation.world import labels, text

MINUTE = 60


def until(at) -> str:
    return f"until {format_dt(at, 'T')} ({format_dt(at, 'R')})"


async def test_pause_stops_the_clock(world, server):
    group = await coaching(world, server)
    await world.later(4 * MINUTE - 1)

    answer = await group.press(group.observer, "Pause")

    assert silently(answer)
    assert "⏸️ **Paused**, with 14:00 left" in text(group.card)
    await world.later(5 * MINUTE)
    assert "⏸️ **Paused**, with 14:00 left" in text(group.card)
    assert title(group.card) == "🗣️ Coaching"


async def test_the_room_is_told_who_paused_and_who_resumed(world, server):
    group = await coaching(world, server)
    await group.press(group.observer, "Pause")

    await group.press(group.client, "Resume")

    assert lines(group.room) == [
        f"-# ⏸️ {group.observer.user.mention} has paused the round. The clock stands still.",
        f"-# ▶️ {group.client.user.mention} has started the clock again.",
    ]


async def test_a_paused_card_offers_to_resume_instead(world, server):
    group = await coaching(world, server)

    await group.press(group.coach, "Pause")

    assert labels(group.card)[:4] == ["Resume", "+2 min", "Next", "End"]


async def test_resume_keeps_what_was_left(world, server):
    group = await coaching(world, server)
    began_at = group.card.created_at
    await world.later(4 * MINUTE - 1)
    await group.press(group.coach, "Pause")
    await world.later(5 * MINUTE - 1)

    await group.press(group.coach, "Resume")

    assert until(began_at + timedelta(minutes=18 + 5)) in text(group.card)
    await world.later(14 * MINUTE + 59)
    assert title(group.card) == "🗣️ Coaching"
    await world.later(1)
    assert title(group.card) == "✍️ Write"


@pytest.mark.parametrize("crash", [False, True])
async def test_a_pause_outlives_a_restart(world, server, crash):
    group = await coaching(world, server)
    await world.later(4 * MINUTE - 1)
    await group.press(group.coach, "Pause")
    posted = len(posts(group.room))

    await world.restart(crash=crash)
    await world.later(9 * MINUTE)

    assert len(posts(group.room)) == posted
    await group.press(group.coach, "Resume")
    assert until(world.env.now() + timedelta(minutes=14)) in text(group.card)


async def test_a_pause_of_ten_minutes_asks(world, server):
    group = await coaching(world, server)
    await group.press(group.coach, "Pause")
    await world.later(10 * MINUTE - 1)
    assert len(cards(group.room)) == 3

    await world.later(1)

    assert len(cards(group.room)) == 4
    assert "**⏸️ The round has been paused for 10 minutes. Go on, or end it?" in text(group.card)
    assert labels(group.card)[:4] == ["Resume", "+2 min", "Next", "End"]
    assert [card.id for card in pressable(group.room)] == [group.card.id]


async def test_a_long_pause_asks_once(world, server):
    group = await coaching(world, server)
    await group.press(group.coach, "Pause")

    await world.later(69 * MINUTE)

    assert len(cards(group.room)) == 4


async def test_after_the_question_the_round_goes_on_as_if_nothing_had_been(world, server):
    group = await coaching(world, server)
    await group.press(group.coach, "Pause")
    await world.later(30 * MINUTE)

    await group.press(group.client, "Resume")

    assert "paused" not in text(group.card).lower()
    assert until(world.env.now() + timedelta(minutes=17, seconds=59)) in text(group.card)


async def test_a_pause_of_seventy_minutes_ends_the_round_as_interrupted(world, server):
    group = await coaching(world, server)
    await group.press(group.coach, "Pause")
    await world.later(70 * MINUTE - 1)
    assert labels(group.card)

    await world.later(1)

    assert title(group.card) == "🔌 The round was interrupted"
    assert "Everything noted until then is kept." in text(group.card)
    await world.later(1)  # old cards are closed when there is time for it
    assert [labels(card) for card in pressable(group.room)] == [WAYS_IN[:2]]
    assert on_disk(world)["ending"] == "interrupted"
