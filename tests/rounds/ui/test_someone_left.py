"""**Someone left**: by name, asked for a coach or client, and taken back."""

from __future__ import annotations

import pytest

from tests.rounds.ui.steps import (
    coaching,
    custom_ids,
    lines,
    on_disk,
    private,
    rows,
    say_left,
    title,
)
from tests.rounds.ui.trouble import people_on
from tests.simulation.forged import click
from tests.simulation.world import labels, text, told

BACK = "Take that back"


@pytest.fixture
async def facilitated(world, server):
    """A triad in its coaching, and a facilitator who looks after it."""
    group = await coaching(world, server)
    fay = server.manager()
    world.env.backend.add_thread_member(group.room.id, fay.id)
    return group, fay


def seat_of(world, person):
    return next(one for one in rows(world, "round_people") if one["user_id"] == person.id)


@pytest.mark.parametrize(("who", "what"), [("coach", "the clock rests"), ("client", "clock rests")])
async def test_a_coach_or_client_is_asked_about_before_anything_happens(world, server, who, what):
    """B2: one slip of the thumb sent them away, and ended a round of two."""
    group = await coaching(world, server)
    person = getattr(group, who)
    asked = private(await group.press(group.observer, "Someone left"))
    label = f"{person.user.name} · {who}"
    sure = private(await group.observer.click(asked, label=label))

    assert f"Has {person.mention} left? They are the {who}." in text(sure)
    assert what in text(sure)
    assert seat_of(world, person)["doubted_ms"] is None
    await group.observer.click(sure, label="Leave it as it is")
    assert seat_of(world, person)["doubted_ms"] is None
    assert "are you still here" not in text(group.card)


async def test_a_pair_reads_that_the_round_would_end(world, server):
    """B2."""
    group = await coaching(world, server, 2)
    asked = private(await group.press(group.client, "Someone left"))
    sure = private(await group.client.click(asked, label="carla · coach"))

    assert "the round ends" in text(sure)
    await group.client.click(sure, label="Ask them")
    assert f"{group.coach.mention}: are you still here?" in text(group.card)


async def test_who_asked_takes_it_back(world, server):
    """B2: the person who was asked has nothing to answer any more."""
    group = await coaching(world, server)
    answer = private(await say_left(group, group.observer, group.coach))
    assert "is asked on the card now" in text(answer)
    await group.observer.click(answer, label=BACK)

    assert "are you still here" not in text(group.card)
    said = f"-# ↩️ {group.observer.mention} has taken it back: {group.coach.mention} has not left."
    assert lines(group.room)[-1] == said
    await world.later(90)
    assert seat_of(world, group.coach)["is_here"] == 1


async def test_a_facilitator_takes_it_back_and_the_person_has_their_seat(world, facilitated):
    """B2: they had not left, so nobody is put anywhere."""
    group, fay = facilitated
    answer = private(await say_left(group, fay, group.client))
    assert people_on(group.card)["client"] == f"{group.client.mention} (has left)"
    await fay.click(answer, label=BACK)

    assert people_on(group.card)["client"] == group.client.mention
    assert "seat is empty" not in text(group.card)
    await group.press(group.coach, "Resume")
    assert on_disk(world)["state"] == "running"


async def test_only_who_said_it_takes_it_back_and_for_a_minute(world, facilitated):
    """B2: after that, who is gone comes back by a press of their own."""
    group, fay = facilitated
    answer = private(await say_left(group, fay, group.observer))
    id_ = next(part for part in ids(answer) if "left-not" in part)
    refused = await click(group.coach, group.room, id_)
    assert told(refused).startswith("Only the person who said it can take it back")
    await world.later(61)
    refused = await fay.click(answer, label=BACK)
    assert told(refused).startswith("Only the person who said it can take it back")
    assert seat_of(world, group.observer)["is_here"] == 0


async def test_a_restart_takes_nothing_back(world, facilitated):
    """B2: what was said holds, and the way back is the person's own."""
    group, fay = facilitated
    answer = private(await say_left(group, fay, group.observer))
    await world.restart()
    refused = await fay.click(answer, label=BACK)

    assert "comes back with **My role now**" in told(refused)


async def test_a_round_that_ended_with_it_can_be_taken_up_again(world, server):
    """B2: also by the word of a facilitator."""
    group, fay = await coaching(world, server, 2), server.manager()
    world.env.backend.add_thread_member(group.room.id, fay.id)
    answer = private(await say_left(group, fay, group.client))

    assert title(group.card) == "⏹️ The round has ended"
    assert "**Take it up again** on its card goes on." in text(answer)
    assert BACK not in labels(answer)


async def test_an_old_button_asks_as_well(world, server):
    """B2: the ids of buttons that were posted before have not changed."""
    group = await coaching(world, server)
    asked = private(await group.press(group.observer, "Someone left"))
    old = ids(asked)[0]
    assert old.endswith(":left:0")
    answer = private(await click(group.observer, group.room, old, on=asked))

    assert "They are the coach" in text(answer)


def ids(message):
    return list(custom_ids(message).values())
