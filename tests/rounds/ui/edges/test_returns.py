"""People come back to a round, come late, and are as many as they are."""

from __future__ import annotations

import pytest

from tests.rounds.ui.steps import (
    coaching,
    lines,
    posts,
    private,
    proposed,
    running,
    silently,
    title,
)
from tests.rounds.ui.trouble import (
    bring_in,
    come_back,
    end_of,
    in_seconds,
    leave,
    people_on,
    pinged,
    role_of,
)
from tests.simulation.world import text, told

# People come back, and late


async def test_someone_returns_within_the_segment_to_the_role_they_had(world, server):
    group = await coaching(world, server, 4)
    await leave(group, group.coach)
    answer = await come_back(group, group.coach)

    assert title(private(answer)) == "🎧 Coach"
    assert people_on(group.card)["coach"] == group.coach.mention
    assert "The coach’s seat is empty" not in text(group.card)


async def test_someone_returns_within_the_segment_and_the_clock_waits_for_resume(world, server):
    group = await coaching(world, server, 4)
    await world.later(59)
    await leave(group, group.coach)
    await come_back(group, group.coach)
    assert "**Paused**, with 17:00 left" in text(group.card)
    await group.press(group.coach, "Resume")

    assert end_of(group.card) == in_seconds(world, 17 * 60)


async def test_someone_returns_within_the_segment_as_observer_when_the_role_is_taken(world, server):
    group = await coaching(world, server, 4)
    await leave(group, group.coach)
    await group.press(group.observer, "I coach on")
    answer = await come_back(group, group.coach)
    assert title(private(answer)) == "👀 The client decides"
    await group.client.click(group.question, label="Let them in")

    role = private(await group.coach.slash(group.room, "round now"))
    assert title(role) == "👀 Observer"
    assert people_on(group.card)["coach"] == group.observer.mention


async def test_someone_returns_after_the_round_and_is_told_that_it_is_over(world, server):
    group = await coaching(world, server, 4)
    await leave(group, group.observer)
    back = await role_of(group, group.observer)
    await world.later(30 * 60)
    answer = await group.observer.click(back, label="Come back")

    assert told(answer).startswith("That round is over.")


async def test_late_joiner_observes_and_interrupts_nobody(world, server):
    group = await coaching(world, server, 3)
    await world.later(120)
    before, ruth = end_of(group.card), bring_in(group, "ruth")
    card = private(await group.press(ruth, "My role now"))
    await ruth.click(card, label="Join as observer")
    answer = await group.client.click(group.question, label="Let them in")

    assert silently(answer)
    assert people_on(group.card)["observers"] == f"{group.observer.mention} and {ruth.mention}"
    assert lines(group.room)[-1] == f"-# 👀 {ruth.mention} comes in and observes."
    assert pinged(world, posts(group.room)[-1]) == {ruth.id}
    assert end_of(group.card) == before


async def test_late_joiner_of_a_full_round_is_told_so(world, server):
    group = await coaching(world, server, 4)
    ruth = bring_in(group, "ruth")
    card = private(await group.press(ruth, "My role now"))
    answer = await ruth.click(card, label="Join as observer")

    assert told(answer) == "This round takes nobody more right now. You can join the next one."


# How many


@pytest.mark.parametrize(
    ("people", "name"), [(2, "Pair"), (3, "Classic triad"), (4, "Classic triad"), (5, "Relay")]
)
async def test_odd_numbers_get_a_format_for_as_many(world, server, people, name):
    group = await proposed(world, server, people)

    assert f"📋 **{name}**" in text(group.card)
    assert all(one.mention in text(group.card) for one in group.people)


async def test_odd_numbers_make_the_fourth_person_a_second_observer(world, server):
    group = await running(world, server, 4)

    olu, pia = group.people[2:]
    assert people_on(group.card)["observers"] == f"{olu.mention} and {pia.mention}"
