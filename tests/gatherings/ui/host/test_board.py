"""What a gathering shows and says in Discord: its card in the dojo, calls, and broadcasts."""

from __future__ import annotations

import asyncio

import pytest

from bot.gatherings.model.gathering import Stage
from bot.gatherings.service.ports import Call
from tests.gatherings.ui.host.steps import Evenings
from tests.rounds.ui.steps import cards, custom_ids
from tests.rounds.ui.trouble import delete_channel, delete_message, pinged
from tests.simulation.world import labels, text


@pytest.fixture
def evenings(world, server):
    return Evenings(world, server)


@pytest.fixture
async def voice(server):
    """A category with a common voice room."""
    server.category = server.handle.create_category("Practice")
    server.common = server.handle.create_voice_channel("Dojo hall", category=server.category)
    return server


# The card


async def test_the_card_is_new_where_people_have_to_notice_it_and_else_rendered_again(
    evenings, server
):
    group = evenings.people(3)
    gathering = evenings.boarding(group, stage=Stage.OPEN, number=0, draw=None, due_at=None)

    async def show(**changes):
        nonlocal gathering
        gathering = evenings.keep(gathering, **changes)
        card_id = await evenings.host.show_card(gathering, None)
        gathering = evenings.keep(
            gathering, card_id=card_id or gathering.card_id, told_stage=gathering.stage
        )
        return card_id

    opened = await show()
    assert await show() == opened
    assert len(cards(server.dojo)) == 1

    draw = evenings.boarding(group).draw
    boarding = await show(stage=Stage.BOARDING, number=1, draw=draw)
    # Nobody waits until the card before is closed.
    await asyncio.gather(*evenings.host._board._old_cards._tasks._tasks)
    before, now = cards(server.dojo)
    assert (before.id, now.id) == (opened, boarding)
    assert labels(before) == []
    assert pinged(evenings.world, before) == set()
    assert pinged(evenings.world, now) == {one.id for one in group}
    assert await show(stage=Stage.RUNNING) == boarding
    between = await show(stage=Stage.BETWEEN)
    assert between not in (opened, boarding)
    assert pinged(evenings.world, cards(server.dojo)[-1]) == set()
    assert await show(stage=Stage.ENDED) == between
    assert len(cards(server.dojo)) == 3

    # An evening that was never shown is not shown when it is over.
    never = evenings.boarding(group, stage=Stage.ENDED)
    assert await evenings.host.show_card(never, None) is None


async def test_card_deleted_by_a_moderator_is_posted_again_twice_in_a_stage(evenings, server):
    gathering = evenings.boarding(evenings.people(2), stage=Stage.RUNNING, told_stage=Stage.OPEN)
    shown = []
    for _ in range(4):
        card_id = await evenings.host.show_card(gathering, None)
        shown.append(card_id)
        gathering = evenings.keep(gathering, card_id=card_id or gathering.card_id)
        if card_id is not None:
            await delete_message(evenings.world, cards(server.dojo)[-1])
    tried = len(evenings.requests("PATCH", f"/channels/{server.dojo.id}/messages/"))

    assert [card_id is None for card_id in shown] == [False, False, False, True]
    assert await evenings.host.show_card(gathering, None) is None
    assert len(evenings.requests("PATCH", f"/channels/{server.dojo.id}/messages/")) == tried
    later = evenings.keep(gathering, stage=Stage.RETURNING)
    assert await evenings.host.show_card(later, None) is not None


# Words


async def test_calls_say_where_to_go_and_notify_only_those_they_are_for(evenings, voice):
    one, two, three = evenings.people(3)
    gathering = await evenings.open(evenings.boarding([one, two], [three], voice=voice.common))
    gathering = evenings.keep(gathering, stage=Stage.RETURNING)
    room, other = gathering.rooms
    host, due = evenings.host, int(gathering.due_at.timestamp())

    await host.tell(gathering, Call.CALLED_BACK, room=room, people=[one.id, two.id])
    said = evenings.handle(room).history()[-1]
    assert f"<#{voice.common.id}> at <t:{due}:T> (<t:{due}:R>)" in said.content
    assert pinged(evenings.world, said) == {one.id, two.id}

    await host.tell(gathering, Call.FACILITATOR_GONE, people=[three.id])
    await host.tell(gathering, Call.SEAT_FREE, people=[one.id])
    await host.tell(gathering, Call.MOVED_ON, room=other, people=[two.id])
    await host.tell(gathering, Call.HELP, room=room, people=[three.id])
    gone, seat, alone, asks = voice.dojo.history()[-4:]
    assert custom_ids(gone) == {"Take over": f"dojo:1:gather:{gathering.id}:panel:take-over"}
    assert "away for 2 minutes" in text(gone)
    assert pinged(evenings.world, gone) == {three.id}
    assert "a seat has become free" in seat.content
    assert f"<#{other.channel_id}>" in text(alone)
    assert custom_ids(alone) == {"Join": f"dojo:1:gather:{gathering.id}:join"}
    # H1: everybody reads this, so it does not say which room.
    assert "a room asks for a facilitator" in text(asks)
    assert str(room.channel_id) not in text(asks)
    assert custom_ids(asks) == {"Visit": f"dojo:1:gather:{gathering.id}:visit-call"}
    assert pinged(evenings.world, asks) == {three.id}


async def test_a_person_who_is_alone_is_let_into_the_thread_they_are_invited_to(evenings, server):
    lonely, *others = evenings.people(4)
    gathering = await evenings.open(evenings.boarding([lonely], others))
    room = gathering.rooms[1]
    await evenings.host.tell(gathering, Call.MOVED_ON, room=room, people=[lonely.id])

    assert lonely.id in evenings.world.env.backend.get_channel(room.channel_id).thread_members
    assert f"<#{room.channel_id}>" in text(server.dojo.history()[-1])


async def test_a_broadcast_is_posted_as_typed_and_notifies_nobody(evenings, server):
    one, two = evenings.people(2)
    gathering = await evenings.open(evenings.boarding([one, two]))
    room = gathering.rooms[0]
    typed = f"*Two* minutes <@{one.id}> @everyone"

    assert await evenings.host.broadcast(gathering, room, typed, two.id)
    (thread,) = server.dojo.threads
    said = thread.history()[-1]
    assert said.content.startswith(f"📣 **From <@{two.id}>**: \\*Two\\* minutes")
    assert pinged(evenings.world, said) == set()
    await delete_channel(evenings.world, thread)
    assert not await evenings.host.broadcast(gathering, room, "hello", two.id)
