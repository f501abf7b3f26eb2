"""Who reads the private room of a round: its people, and nobody of an earlier round there."""

from __future__ import annotations

import pytest

from bot.gatherings.model.gathering import Stage
from tests.gatherings.ui.steps import board_all, panel_of, room
from tests.gatherings.ui.trouble import (
    end_all,
    everybody,
    leave,
    missing,
    next_round,
    running,
    seated,
)
from tests.rounds.ui.steps import posts
from tests.rounds.ui.trouble import refusing
from tests.simulation.world import text

pytestmark = pytest.mark.usefixtures("panels_at_once")


def readers(evening, number: int) -> set[int]:
    """Who is in the thread of a room, without the bot."""
    backend = evening.world.env.backend
    members = backend.get_channel(room(evening, number).id).thread_members
    return set(members) - {backend.bot_user.id}


async def test_a_person_who_left_or_was_removed_does_not_read_the_next_round_of_the_room(
    world, server
):
    """3: also after a restart; the people of the round and who looks after the evening stay."""
    evening, people = await running(world, server, 8, rounds=3)
    gone = seated(evening, 2, people)[-1]
    lost = seated(evening, 1, people)[-1]
    await evening.lead.click(await panel_of(evening), label="Refresh")
    world.env.backend.add_thread_member(room(evening, 2).id, evening.lead.id)
    await leave(evening, gone)
    await missing(evening, 1, lost.id)
    # Others in the room may mention them later, and Discord lets them in again with that.
    world.env.backend.add_thread_member(room(evening, 2).id, gone.id)
    world.env.backend.add_thread_member(room(evening, 1).id, lost.id)
    await end_all(evening)
    await next_round(evening)
    for number in (1, 2):
        group = {one.id for one in seated(evening, number, people)}
        assert readers(evening, number) - {evening.lead.id} == group
    assert evening.lead.id in readers(evening, 2)
    # The bot knows it from the disk as well.
    await board_all(evening, people)
    late = seated(evening, 2, people)[-1]
    await leave(evening, late)
    await end_all(evening)
    await world.restart()
    await next_round(evening)
    assert late.id not in readers(evening, 2)
    # Who comes back is let in again.
    (shown,) = await evening.join(late)
    assert late.id in everybody(evening)
    number = 1 if room(evening, 1).mention in text(shown) else 2
    assert late.id in readers(evening, number)


async def test_where_nobody_can_be_removed_the_room_and_the_panel_say_so(world, server):
    """3: the round begins all the same."""
    evening, people = await running(world, server, 4)
    gone = seated(evening, 1, people)[-1]
    with refusing(
        world, 403, 50013, room=room(evening, 1), method="DELETE", what="thread-members/*"
    ):
        await leave(evening, gone)
        await end_all(evening)
        await next_round(evening)
        await world.env.settle()
    said = [one.content for one in posts(room(evening, 1))]
    sentence = "👁️ People of an earlier round can still read here: I could not remove them."
    assert said.count(sentence) == 1
    assert "**Manage Threads** is missing" in text(await panel_of(evening))
    await board_all(evening, people)
    assert evening.now.stage is Stage.RUNNING
