"""Two people at once: it happens once, and the second one learns that it is done, and by whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from discord.utils import format_dt

from tests.rounds.ui.steps import (
    cards,
    coaching,
    lines,
    on_disk,
    private,
    proposed,
    rows,
    running,
    title,
)
from tests.simulation.world import labels, text, told

PAUSED = "has paused the round"
RESUMED = "has started the clock again"
ADDED = "has added"
MOVED = "has moved the round on"
ENDED = "has ended the round"


def said(group, words: str) -> list[str]:
    """Everything the room was told with these words in it."""
    everything = [*lines(group.room), *(text(card) for card in cards(group.room))]
    return [line for piece in everything for line in piece.splitlines() if words in line]


async def press_together(world, group, label: str):
    """Client and observer press the same button of the same card; the answer to the second."""
    card = group.card
    await world.later(1)
    _, second = await world.together(
        lambda: group.client.click(card, label=label),
        lambda: group.observer.click(card, label=label),
    )
    return second


async def use_together(world, group, command: str, **options):
    """Client and observer use the same command; the answer to the second."""
    _, second = await world.together(
        lambda: group.client.slash(group.room, command, **options),
        lambda: group.observer.slash(group.room, command, **options),
    )
    return second


async def test_pause_pressed_by_two_at_once(world, server):
    group = await coaching(world, server)

    second = await press_together(world, group, "Pause")

    assert told(second) == f"The round is paused already, by {group.client.user.mention}."
    assert len(said(group, PAUSED)) == 1


async def test_resume_pressed_by_two_at_once(world, server):
    group = await coaching(world, server)
    await group.press(group.coach, "Pause")

    second = await press_together(world, group, "Resume")

    assert told(second) == f"The round is running already, by {group.client.user.mention}."
    assert len(said(group, RESUMED)) == 1


async def test_longer_pressed_by_two_at_once(world, server):
    group = await coaching(world, server)
    began_at = group.card.created_at

    second = await press_together(world, group, "+2 min")

    assert told(second) == f"That has been done already, by {group.client.user.mention}."
    assert len(said(group, ADDED)) == 1
    assert format_dt(began_at + timedelta(minutes=20), "T") in text(group.card)


async def test_next_pressed_by_two_at_once(world, server):
    group = await running(world, server)

    second = await press_together(world, group, "Next")

    assert told(second) == f"The round has moved on already, by {group.client.user.mention}."
    assert title(group.card) == "🗣️ Coaching"
    assert len(said(group, MOVED)) == 1


async def test_next_confirmed_by_two_at_once(world, server):
    group = await coaching(world, server)
    one = private(await group.press(group.client, "Next"))
    two = private(await group.press(group.observer, "Next"))

    _, second = await world.together(
        lambda: group.client.click(one, label="Next"),
        lambda: group.observer.click(two, label="Next"),
    )

    assert told(second) == f"The round has moved on already, by {group.client.user.mention}."
    assert title(group.card) == "✍️ Write"


async def test_end_confirmed_by_two_at_once(world, server):
    group = await coaching(world, server)
    one = private(await group.press(group.client, "End"))
    two = private(await group.press(group.observer, "End"))

    _, second = await world.together(
        lambda: group.client.click(one, label="End the round"),
        lambda: group.observer.click(two, label="End the round"),
    )

    assert told(second) == f"The round has ended already, by {group.client.user.mention}."
    assert len(said(group, ENDED)) == 1


async def test_end_confirmed_after_another_did(world, server):
    group = await coaching(world, server)
    one = private(await group.press(group.client, "End"))
    two = private(await group.press(group.observer, "End"))
    await group.client.click(one, label="End the round")

    second = await group.observer.click(two, label="End the round")

    assert told(second) == f"The round has ended already, by {group.client.user.mention}."


@pytest.mark.parametrize(
    ("command", "options", "words", "once"),
    [
        ("round pause", {}, "The round is paused already", PAUSED),
        ("round extend", {"minutes": 5}, "That has been done already", ADDED),
        ("round next", {}, "The round has moved on already", MOVED),
        ("round end", {}, "The round has ended already", ENDED),
    ],
)
async def test_a_command_used_by_two_at_once(world, server, command, options, words, once):
    group = await running(world, server)

    second = await use_together(world, group, command, **options)

    assert told(second) == f"{words}, by {group.client.user.mention}."
    assert len(said(group, once)) == 1


async def test_resume_used_by_two_at_once(world, server):
    group = await coaching(world, server)
    await group.press(group.coach, "Pause")

    second = await use_together(world, group, "round resume")

    assert told(second) == f"The round is running already, by {group.client.user.mention}."
    assert len(said(group, RESUMED)) == 1


async def test_a_button_and_a_command_at_once(world, server):
    group = await running(world, server)
    card = group.card

    _, second = await world.together(
        lambda: group.client.click(card, label="Next"),
        lambda: group.observer.slash(group.room, "round next"),
    )

    assert told(second) == f"The round has moved on already, by {group.client.user.mention}."
    assert title(group.card) == "🗣️ Coaching"


async def test_a_command_a_little_later_is_meant(world, server):
    group = await running(world, server)
    await group.client.slash(group.room, "round extend", minutes=1)
    await world.later(5)

    answer = await group.observer.slash(group.room, "round extend", minutes=1)

    assert "1 min longer" in text(private(answer))
    assert len(said(group, ADDED)) == 2


async def test_one_person_may_add_time_twice_in_a_row(world, server):
    group = await running(world, server)

    for _ in range(2):
        await group.client.slash(group.room, "round extend", minutes=1)

    assert len(said(group, ADDED)) == 2


async def test_different_moves_at_once_are_both_made(world, server):
    group = await coaching(world, server)
    card = group.card

    await world.together(
        lambda: group.client.click(card, label="Pause"),
        lambda: group.observer.click(card, label="+2 min"),
    )

    assert "⏸️ **Paused**, with 20:00 left" in text(group.card)
    assert len(said(group, PAUSED)) == len(said(group, ADDED)) == 1


async def test_two_who_resume_and_end_at_once_leave_a_round_that_is_over(world, server):
    group = await coaching(world, server)
    await group.press(group.coach, "Pause")

    await world.together(
        lambda: group.client.slash(group.room, "round end"),
        lambda: group.observer.slash(group.room, "round resume"),
    )

    assert title(group.card) == "⏹️ The round has ended"
    assert on_disk(world)["state"] == "ended"


async def test_the_last_two_answers_at_once_begin_the_round_once(world, server):
    group = await proposed(world, server)
    await group.agree(group.coach)
    card = group.card

    await world.together(
        lambda: group.client.click(card, label="Agree, with notes"),
        lambda: group.observer.click(card, label="Agree, with notes"),
    )

    assert [title(one) for one in cards(group.room) if labels(one)] == ["📜 Agree"]
    assert len(cards(group.room)) == 2


async def test_the_last_seat_is_taken_once(world, server):
    group = await proposed(world, server, channel=server.thread())
    zoe, yan = server.member("zoe"), server.member("yan")
    card = group.card

    _, second = await world.together(
        lambda: zoe.click(card, label="Join as observer"),
        lambda: yan.click(card, label="Join as observer"),
    )

    assert "This round takes nobody more right now." in told(second)
    assert zoe.user.mention in text(group.card)
    assert yan.user.mention not in text(group.card)


async def test_a_button_pressed_in_the_second_in_which_the_part_ends(world, server):
    group = await running(world, server)
    card = group.card
    await world.later(119.9)

    answer = await group.client.click(card, label="Next")
    await world.later(1)

    assert answer.acknowledged
    assert title(group.card) == "🗣️ Coaching"
    assert len(cards(group.room)) == 3


@pytest.mark.parametrize("label", ["Agree, with notes", "Agree, without notes"])
@pytest.mark.parametrize("restart", ["before", "between"])
async def test_an_answer_pressed_twice_over_a_restart_is_that_answer(world, server, label, restart):
    """Issue 12: by a person whose seat has changed since."""
    group = await proposed(world, server, 4)
    was = group.people[3]
    await was.click(group.card, label="Agree, with notes")
    await group.coach.slash(group.room, "round replace", member=group.client, by=was)
    card = group.card
    if restart == "before":
        await world.restart(crash=True)
        await world.together(
            lambda: was.click(card, label=label), lambda: was.click(card, label=label)
        )
    else:
        await was.click(card, label=label)
        await world.restart(crash=True)
        await was.click(card, label=label)
    (seat,) = [row for row in rows(world, "round_people") if row["user_id"] == was.id]
    is_with_notes = label == "Agree, with notes"
    assert (seat["role"], seat["agreement"]) == ("client", "notes" if is_with_notes else "no-notes")
