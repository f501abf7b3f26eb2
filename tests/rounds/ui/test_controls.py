"""Steering a round by its buttons: longer, next, end."""

from __future__ import annotations

from datetime import timedelta

from discord.utils import format_dt

from bot.kit.time.clock import full_minute
from tests.rounds.ui.steps import (
    WAYS_IN,
    coaching,
    lines,
    on_disk,
    posts,
    pressable,
    private,
    rows,
    running,
    silently,
    title,
)
from tests.simulation.world import labels, text

MINUTE = 60


def until(at) -> str:
    return f"until {format_dt(at, 'T')} ({format_dt(at, 'R')})"


# Longer


async def test_two_minutes_more(world, server):
    group = await coaching(world, server)
    began_at = group.card.created_at

    answer = await group.press(group.client, "+2 min")

    assert silently(answer)
    assert until(began_at + timedelta(minutes=20)) in text(group.card)
    assert lines(group.room) == [f"-# ➕ {group.client.user.mention} has added 2 minutes."]
    await world.later(21 * MINUTE - 2)
    assert title(group.card) == "🗣️ Coaching"
    await world.later(1)
    assert title(group.card) == "✍️ Write"


async def test_two_minutes_more_move_the_end_of_the_round(world, server):
    """7: and the minute it is over by is never too early."""
    group = await coaching(world, server)
    over_at = full_minute(group.card.created_at + timedelta(minutes=29))
    assert over_at > group.card.created_at + timedelta(minutes=29)
    assert f"over by {format_dt(over_at, 't')}" in text(group.card)

    await group.press(group.client, "+2 min")

    assert f"over by {format_dt(over_at + timedelta(minutes=2), 't')}" in text(group.card)


async def test_two_minutes_more_move_the_cues_that_are_still_to_come(world, server):
    group = await coaching(world, server)
    began_at = group.card.created_at
    await world.later(14 * MINUTE)
    await group.press(group.coach, "+2 min")

    await world.later(5 * MINUTE)

    said = [
        ((post.created_at - began_at).total_seconds() / MINUTE, post.content)
        for post in posts(group.room)
        if post.content.startswith("-# ⏳")
    ]
    assert said == [(13, "-# ⏳ 5 minutes left."), (18, "-# ⏳ 2 minutes left.")]


async def test_two_minutes_left_is_said_once_more_when_it_is_true_once_more(world, server):
    group = await coaching(world, server)
    await world.later(17 * MINUTE)
    await group.press(group.coach, "+2 min")

    await world.later(3 * MINUTE)

    assert lines(group.room).count("-# ⏳ 2 minutes left.") == 2


async def test_two_minutes_more_while_the_coaching_lands_go_on_with_it(world, server):
    group = await coaching(world, server)
    began_at = group.card.created_at
    await world.later(18 * MINUTE + 20)
    assert "**Time is up.**" in text(group.card)

    await group.press(group.coach, "+2 min")

    assert until(began_at + timedelta(minutes=20)) in text(group.card)
    await world.later(2 * MINUTE + 38)
    assert title(group.card) == "🗣️ Coaching"
    assert sum("Time is up" in line for line in lines(group.room)) == 2
    await world.later(1)
    assert title(group.card) == "✍️ Write"


async def test_two_minutes_more_can_be_pressed_again(world, server):
    group = await coaching(world, server)
    began_at = group.card.created_at
    await group.press(group.coach, "+2 min")

    await group.press(group.coach, "+2 min")

    assert until(began_at + timedelta(minutes=22)) in text(group.card)


async def test_a_paused_round_can_be_made_longer(world, server):
    group = await coaching(world, server)
    await group.press(group.coach, "Pause")

    await group.press(group.coach, "+2 min")

    assert "⏸️ **Paused**, with 19:59 left" in text(group.card)


# Next


async def test_next_begins_the_next_part(world, server):
    group = await running(world, server)

    answer = await group.press(group.observer, "Next")

    assert silently(answer)
    assert title(group.card) == "🗣️ Coaching"
    assert f"⏭️ {group.observer.user.mention} has moved the round on." in text(group.card)
    assert "went by" not in text(group.card)


async def test_next_asks_when_much_coaching_is_left(world, server):
    group = await coaching(world, server)
    await world.later(2 * MINUTE - 1)

    question = private(await group.press(group.coach, "Next"))

    assert text(question) == "There are 16 min of coaching left. Close it and go on?"
    assert title(group.card) == "🗣️ Coaching"
    await group.coach.click(question, label="Next")
    assert text(question) == "⏭️ On to **Write**."
    assert title(group.card) == "✍️ Write"


async def test_next_may_be_thought_better_of(world, server):
    group = await coaching(world, server)
    question = private(await group.press(group.coach, "Next"))

    await group.coach.click(question, label="Leave it as it is")

    assert text(question) == "👍 Nothing was changed."
    assert title(group.card) == "🗣️ Coaching"


async def test_next_does_not_ask_in_the_last_two_minutes(world, server):
    group = await coaching(world, server)
    await world.later(16 * MINUTE - 1)

    answer = await group.press(group.coach, "Next")

    assert silently(answer)
    assert title(group.card) == "✍️ Write"


async def test_next_after_the_last_part_completes_the_round(world, server):
    group = await running(world, server)
    await world.later(30 * MINUTE)
    assert title(group.card) == "🎯 Next step"

    await group.press(group.client, "Next")

    assert title(group.card) == "🌿 The round is complete"


async def test_next_goes_on_with_a_paused_round(world, server):
    group = await running(world, server)
    await group.press(group.coach, "Pause")

    await group.press(group.coach, "Next")

    assert title(group.card) == "🗣️ Coaching"
    assert "Pause" in labels(group.card)


# End


async def test_end_asks(world, server):
    group = await coaching(world, server)

    question = private(await group.press(group.observer, "End"))

    assert "**End the round for everybody?**" in text(question)
    assert "29 min" in text(question)
    assert labels(question) == ["End the round", "Leave it as it is"]
    assert title(group.card) == "🗣️ Coaching"


async def test_end_ends_the_round_and_says_who_did(world, server):
    group = await coaching(world, server)
    question = private(await group.press(group.observer, "End"))

    await group.observer.click(question, label="End the round")

    assert text(question) == "⏹️ The round has ended."
    assert title(group.card) == "⏹️ The round has ended"
    assert f"⏹️ {group.observer.user.mention} has ended the round." in text(group.card)
    assert [labels(card) for card in pressable(group.room)] == [WAYS_IN[:2]]
    await world.later(60 * MINUTE)
    assert title(group.card) == "⏹️ The round has ended"


async def test_a_round_that_was_ended_is_kept(world, server):
    group = await coaching(world, server)
    question = private(await group.press(group.observer, "End"))

    await group.observer.click(question, label="End the round")

    assert on_disk(world)["ending"] == "stopped"
    assert len(rows(world, "round_people")) == 3


async def test_end_may_be_thought_better_of(world, server):
    group = await coaching(world, server)
    question = private(await group.press(group.observer, "End"))

    await group.observer.click(question, label="Leave it as it is")

    assert text(question) == "👍 Nothing was changed."
    assert title(group.card) == "🗣️ Coaching"
