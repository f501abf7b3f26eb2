"""Where evenings are: two dojos on a server, people in both, facilitators and members who go."""

from __future__ import annotations

from typing import Any

import pytest

from bot.gatherings.model.gathering import Closing, Stage
from bot.gatherings.service.live import LiveGatherings
from bot.rounds.model.round import RoomKind, State
from tests.gatherings.ui.steps import (
    Evening,
    board_all,
    members,
    opened,
    panel_of,
    room_card,
    room_lines,
    say_yes,
)
from tests.gatherings.ui.trouble import (
    boarding,
    end_all,
    everybody,
    gathered,
    missing,
    next_round,
    round_in,
    running,
    seated,
)
from tests.rounds.ui.steps import cards, private, rows
from tests.rounds.ui.trouble import second_dojo
from tests.simulation.world import Server, World, labels, text, told

pytestmark = pytest.mark.usefixtures("panels_at_once")


def kept(world: World) -> LiveGatherings:
    return world.bot.services[LiveGatherings]


def gathering_row(world: World) -> dict[str, Any]:
    """The one gathering there is, as it is on disk."""
    (row,) = rows(world, "gatherings")
    return row


# Two dojos, one person in both


async def test_two_dojos_in_one_guild_have_evenings_that_know_nothing_of_each_other(world, server):
    other_dojo = await second_dojo(server)
    one, people = await boarding(world, server, 3)
    others = [server.member(f"other-{number}") for number in range(3)]
    other = await opened(world, server, lead=one.lead, channel=other_dojo, format="quick-10")
    await other.join(*others)
    await other.press(one.lead, "Start", await other.preview())
    await say_yes(one, people)
    await board_all(other, others)
    assert (one.now.stage, other.now.stage) == (Stage.RUNNING, Stage.RUNNING)
    await end_all(one)
    assert other.now.stage is Stage.RUNNING
    assert round_in(other, 1).state is State.RUNNING
    assert everybody(other).isdisjoint(everybody(one))
    await one.close()
    assert kept(world).all() == [other.now]
    assert other_dojo.threads[0].id == other.now.rooms[0].channel_id


async def test_same_user_in_two_dojos_is_asked_and_never_moved_by_the_start_of_the_second(
    world, server
):
    other_dojo = await second_dojo(server)
    one, people = await running(world, server, 4)
    _, client, observer, _ = seated(one, 1, people)
    other = await opened(world, server, lead=one.lead, channel=other_dojo, format="quick-10")
    (asked,) = await other.join(observer)
    assert server.dojo.mention in text(asked)
    assert not other.now.takes_part(observer.id)
    assert round_in(one, 1).takes_part(observer.id)
    await world.later(1)
    await observer.click(asked, label="Leave that one and join here")
    assert other.now.takes_part(observer.id)
    assert not one.now.takes_part(observer.id)
    assert not round_in(one, 1).takes_part(observer.id)
    assert round_in(one, 1).state is State.RUNNING
    # The person who was told so and has thought better of it stays.
    (asked,) = await other.join(client)
    assert round_in(one, 1).takes_part(client.id)


# The facilitator leaves


async def voice_evening(
    world: World, server: Server, count: int = 3
) -> tuple[Evening, list[Any], Any]:
    """An evening in voice, which runs, with the person who leads it in the common room."""
    common = server.handle.create_voice_channel("hall")
    lead = server.manager()
    people = members(server, count)
    for one in (lead, *people):
        await one.join_voice(common)
    evening = await opened(world, server, lead=lead, format="quick-10", rounds=1)
    await evening.join(*people)
    await evening.press(lead, "Start", await evening.preview())
    await board_all(evening, people)
    assert evening.now.stage is Stage.RUNNING
    return evening, people, common


async def test_facilitator_leaves_voice_for_two_minutes_and_another_takes_over(world, server):
    evening, _, common = await voice_evening(world, server)
    await evening.lead.leave_voice()
    await world.later(119)
    await evening.lead.join_voice(common)
    await world.later(60)
    assert not any("Take over" in labels(one) for one in cards(server.dojo))
    await evening.lead.leave_voice()
    await world.later(121)
    call = cards(server.dojo)[-1]
    assert "away for 2 minutes" in text(call)
    guest = server.member("guest")
    assert "for people who facilitate" in told(await guest.click(call, label="Take over"))
    gus = server.manager("gus")
    await world.later(1)
    taken = private(await gus.click(call, label="Take over"))
    assert "You have the lead now." in text(taken)
    assert evening.now.facilitator_user_id == gus.id
    assert evening.now.stage is Stage.RUNNING


async def test_facilitator_leaves_and_nobody_takes_over_so_it_ends_by_the_clock(world, server):
    evening, people, common = await voice_evening(world, server)
    await evening.lead.leave_voice()
    await world.later(17 * 60)
    await world.later(61)
    assert evening.now.stage is Stage.BETWEEN
    # Everybody is back in the common room, and the evening is over by itself.
    states = server.handle.voice_states()
    assert {states[one.id].channel_id for one in people} == {common.id}
    assert sum("Take over" in labels(one) for one in cards(server.dojo)) == 1
    await world.later(3 * 3600)
    assert gathering_row(world)["closing"] == Closing.IDLE


async def test_facilitator_leaves_after_another_took_over_and_nobody_is_asked(world, server):
    evening, _, _ = await voice_evening(world, server)
    gus = server.manager("gus")
    panel = await panel_of(evening, gus)
    await evening.lead.leave_voice()
    await world.later(60)
    await evening.press(gus, "Take over", panel)
    await world.later(120)
    assert not any("away for 2 minutes" in text(one) for one in cards(server.dojo))


async def test_member_leaves_the_guild_and_the_evening_goes_on_without_them(world, server):
    evening, people = await gathered(world, server, 6)
    shown = await evening.preview()
    gone = next(one for one in people if one.id == evening.proposed[0].coach)
    server.handle.remove_member(gone)
    await evening.press(evening.lead, "Start", shown)
    assert len(evening.now.rooms) == 2
    await missing(evening, 1, gone.id)
    await board_all(evening, people, but=(gone.id,))
    watcher = seated(evening, 1, people)[2]
    await evening.press(watcher, "I will coach", room_card(evening, 1))
    await world.env.settle()
    assert round_in(evening, 1).has_begun
    assert not evening.now.takes_part(gone.id)
    # Who leaves it in the middle is treated likewise.
    coach = seated(evening, 2, people)[0]
    server.handle.remove_member(coach)
    shown = await missing(evening, 2, coach.id)
    assert coach.mention not in room_lines(await panel_of(evening))[1]
    await end_all(evening)
    await next_round(evening)
    assert everybody(evening) == {one.id for one in people} - {gone.id, coach.id}


async def test_stage_channel_is_the_room_of_one_ring_and_nobody_is_moved(world, server):
    stage = server.handle.create_stage_channel("stage")
    lead, people = server.manager(), members(server, 7)
    for one in (lead, *people):
        await one.join_voice(stage)
    evening = await opened(world, server, lead=lead, format="fishbowl-45", rounds=1)
    await evening.join(lead, *people)
    await evening.press(lead, "Start", await evening.preview())
    (one,) = evening.now.rooms
    assert (one.channel_id, one.kind, one.is_made) == (stage.id, RoomKind.VOICE, False)
    await board_all(evening, [lead, *people])
    assert round_in(evening, 1).has_begun
    await end_all(evening)
    await evening.close()
    assert [
        request
        for request in world.env.http_requests
        if request.method in ("PATCH", "DELETE") and "/members/" in request.path
    ] == []
    assert server.handle.voice_states()[people[0].id].channel_id == stage.id
