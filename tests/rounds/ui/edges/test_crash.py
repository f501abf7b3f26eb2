"""The bot is away while a round stands still, and crashes between a change and its message."""

from __future__ import annotations

import pytest

from tests.rounds.ui.steps import (
    cards,
    coaching,
    lines,
    posts,
    pressable,
    proposed,
    rows,
    running,
    title,
)
from tests.rounds.ui.trouble import (
    CLIENT,
    COACH,
    SELF,
    WRITE,
    attempts,
    end_of,
    in_seconds,
    leave,
    lost_answers,
    people_on,
    refusing,
    round_row,
)
from tests.simulation.world import labels, text

# Paused, or not begun


async def test_restart_during_a_pause_leaves_the_time_as_it_was(world, server):
    group = await coaching(world, server)
    await world.later(59)
    await group.press(group.coach, "Pause")
    before = len(posts(group.room))
    await world.away(300)
    assert len(posts(group.room)) == before
    await group.press(group.coach, "Resume")

    assert end_of(group.card) == in_seconds(world, 17 * 60)


async def test_restart_during_a_pause_of_more_than_ten_minutes_asks_once(world, server):
    group = await coaching(world, server)
    await group.press(group.coach, "Pause")
    await world.away(20 * 60)
    await world.later(5 * 60)

    asking = [one for one in posts(group.room) if "has been paused for 10 minutes" in text(one)]
    assert asking == [group.card]
    assert labels(group.card)[:4] == ["Resume", "+2 min", "Next", "End"]


async def test_restart_during_a_pause_that_was_forgotten_ends_the_round(world, server):
    group = await coaching(world, server)
    await group.press(group.coach, "Pause")
    await world.away(5 * 3600)

    assert title(group.card) == "🔌 The round was interrupted"
    assert round_row(world)["ending"] == "interrupted"


async def test_restart_while_the_round_waits_for_a_coach_keeps_the_offer(world, server):
    group = await coaching(world, server, 4)
    await leave(group, group.coach)
    await world.away(60)
    await group.press(group.observer, "I coach on")

    assert people_on(group.card)["coach"] == group.observer.mention


async def test_restart_before_the_round_begins_keeps_the_answers(world, server):
    group = await proposed(world, server)
    await group.agree(group.coach, group.client)
    await world.away(30 * 60)
    await group.agree(group.observer)

    assert title(group.card) == "📜 Agree"


async def test_restart_longer_than_a_proposal_lasts_lets_it_lapse(world, server):
    group = await proposed(world, server)
    await world.away(61 * 60)

    assert title(group.card) == "💤 The round did not begin"
    assert pressable(group.room) == []
    assert rows(world, "rounds") == []


# A crash between a change and its message


async def test_a_crash_before_a_segment_could_be_told_and_it_is_told_afterwards(world, server):
    group = await running(world, server)
    with refusing(world, 500, room=group.room):
        await world.later(COACH + 1)
        assert attempts(world, group.room) > len(posts(group.room))
        await world.restart(crash=True)
    assert title(group.card) == "📜 Agree"
    await world.later(20)

    assert title(group.card) == "🗣️ Coaching"
    assert len(cards(group.room)) == 3


async def test_a_crash_before_a_click_could_be_told_and_it_is_told_afterwards(world, server):
    group = await coaching(world, server)
    with refusing(world, 500, room=group.room):
        await group.press(group.client, "Pause")
    await world.restart(crash=True)
    await world.later(20)

    assert lines(group.room) == [
        f"-# ⏸️ {group.client.mention} has paused the round. The clock stands still."
    ]
    assert "**Paused**" in text(group.card)


async def test_a_crash_after_the_post_tells_it_again_as_the_same_message(world, server):
    """What was posted, but not noted: Discord knows by the number that it is the same."""
    group = await running(world, server)
    with lost_answers(world):
        await world.later(COACH + 1)
    await world.restart(crash=True)

    path = f"/channels/{group.room.id}/messages"
    sent = [one for one in world.env.http_requests if (one.method, one.path) == ("POST", path)]
    numbers = [one.json["nonce"] for one in sent if "🗣️ Coaching" in str(one.json)]
    assert len(numbers) >= 2
    assert len(set(numbers)) == 1
    assert all(one.json["enforce_nonce"] for one in sent)


@pytest.mark.parametrize("seconds", [60, COACH + 60, WRITE + 30, SELF + 60, CLIENT + 60])
async def test_a_crash_in_any_segment_leaves_the_clock_where_it_was(world, server, seconds):
    group = await running(world, server)
    await world.later(seconds)
    before = text(group.card)
    await world.restart(crash=True)

    assert text(group.card) == before
    await world.later(31 * 60 - seconds)
    assert title(group.card) == "🌿 The round is complete"
