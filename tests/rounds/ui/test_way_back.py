"""**Next** can be taken back for 20 seconds."""

from __future__ import annotations

import pytest

from tests.rounds.ui.asking.test_late_observers import knocks, observers
from tests.rounds.ui.steps import (
    cards,
    coaching,
    custom_ids,
    lines,
    on_disk,
    private,
    silently,
    title,
)
from tests.rounds.ui.trouble import bring_in, pinged
from tests.simulation.forged import click
from tests.simulation.world import labels, text, told

BACK = "Back to Coaching"


@pytest.fixture
async def left(world, server):
    """A round whose coaching was left by **Next** with 90 seconds on the clock."""
    group = await coaching(world, server)
    await world.later(16 * 60 + 30)
    await group.press(group.observer, "Next")
    assert title(group.card) == "✍️ Write"
    return group


async def test_one_press_goes_back_to_where_it_was(world, left):
    """C21: the clock goes on where it was left."""
    await world.later(10)
    answer = await left.press(left.coach, BACK)

    assert silently(answer)
    assert title(left.card) == "🗣️ Coaching"
    assert f"⏮️ {left.coach.mention} has taken **Next** back." in text(left.card)
    assert on_disk(world)["ran_ms"] == 16 * 60_000 + 31_000
    assert on_disk(world)["state"] == "running"
    assert left.client.id not in pinged(world, left.card), "nobody disturbs the client"
    assert labels(cards(left.room)[-2]) == []


async def test_everything_comes_in_its_time_afterwards(world, left):
    """C21: also each card, once more."""
    await left.press(left.coach, BACK)
    await left.press(left.coach, "Next")
    assert title(left.card) == "✍️ Write"
    await left.press(left.observer, BACK)
    await world.later(60 * 60)

    titles = [title(card) for card in cards(left.room) if "### " in text(card)]
    assert titles[-1] == "🌿 The round is complete"
    said = [text(card) for card in cards(left.room)]
    assert sum("✍️ **Write** · " in one for one in said) == 1
    assert lines(left.room).count("-# ⏳ 2 minutes left.") <= 2


async def test_the_way_is_gone_after_20_seconds(world, left):
    """C21: the card does not keep a button that does nothing."""
    before = len(cards(left.room))
    id_ = custom_ids(left.card)[BACK]
    await world.later(18)
    assert BACK in labels(left.card)
    await world.later(2)
    assert BACK not in labels(left.card)
    assert len(cards(left.room)) == before
    answer = await click(left.coach, left.room, id_, on=left.card)

    assert told(answer).startswith("**Next** can be taken back for 20 seconds.")
    assert title(left.card) == "✍️ Write"


async def test_two_go_back_at_once(world, left):
    """C21: once is enough."""
    card, id_ = left.card, custom_ids(left.card)[BACK]
    await left.coach.click(card, label=BACK)
    answer = await click(left.client, left.room, id_, on=card)

    assert told(answer).startswith("The round is back there already")
    assert title(left.card) == "🗣️ Coaching"


async def test_a_restart_keeps_the_way_back(world, left):
    """C21: it is on disk."""
    await world.away(5)
    await left.press(left.coach, BACK)

    assert title(left.card) == "🗣️ Coaching"
    assert on_disk(world)["ran_ms"] == 16 * 60_000 + 31_000


async def test_the_clock_itself_has_no_way_back(world, server):
    """C21: the time of the part is up."""
    group = await coaching(world, server)
    await world.later(19 * 60)

    assert title(group.card) == "✍️ Write"
    assert [one for one in labels(group.card) if one.startswith("Back to")] == []


async def test_a_round_that_stood_still_stands_still_again(world, server):
    """C21: a pause stays a pause."""
    group = await coaching(world, server)
    await group.press(group.coach, "Pause")
    sure = private(await group.press(group.coach, "Next"))
    await group.coach.click(sure, label="Next")
    await group.press(group.client, BACK)

    assert "**Paused**, with 17:59 left" in text(group.card)


async def test_a_stranger_takes_nothing_back(world, left):
    """C21."""
    zoe = bring_in(left, "zoe")
    answer = await left.press(zoe, BACK)
    assert told(answer).startswith("Only the people of this round")


async def test_who_waits_to_observe_is_let_in_once_nobody_can_go_back(world, server):
    """C21: nobody observes the coaching without the client’s yes, also after a way back to it."""
    group = await coaching(world, server)
    zoe = await knocks(group)
    sure = private(await group.press(group.coach, "Next"))
    await group.coach.click(sure, label="Next")
    assert zoe.mention not in observers(group)
    await group.press(group.coach, BACK)
    assert zoe.mention not in observers(group)
    sure = private(await group.press(group.coach, "Next"))
    await group.coach.click(sure, label="Next")
    await world.later(20)

    assert zoe.mention in observers(group)
