"""A whole evening in voice channels: people are moved to their rooms, and back."""

from __future__ import annotations

from typing import Any

from simcord.builders import ChannelHandle

from bot.gatherings.model.gathering import Places, Stage
from bot.rounds.model.round import RoomKind
from tests.gatherings.ui.steps import Evening, board_all, in_hall, members, opened, panel_of
from tests.rounds.ui.steps import cards
from tests.simulation.world import Server, World, text

ROUND_SECONDS = 17 * 60


def where(server: Server, person: Any) -> int | None:
    states = server.handle.voice_states()
    return states[person.id].channel_id if person.id in states else None


def voice_names(world: World, server: Server) -> list[str]:
    backend = world.env.backend
    channels = [backend.channels[one] for one in backend.get_guild(server.id).channel_ids]
    return sorted(str(one.name) for one in channels if str(one.name).startswith("Room"))


def chat(world: World, server: Server, channel_id: int) -> Any:
    return ChannelHandle(world.env, server.handle, world.env.backend.get_channel(channel_id))


async def test_people_in_voice_are_brought_to_their_rooms_and_back(world: World) -> None:
    server = world.guild()
    lead, people = server.manager(), members(server, 6)
    dojo, hall = await in_hall(server, lead, *people)
    typing = server.member("typing")
    evening: Evening = await opened(world, server, lead=lead, channel=dojo, format="quick-10")
    assert evening.now.places is Places.VOICE
    await evening.join(*people, typing)

    # Boarding is longer, because people are moved one by one.
    preview = await evening.preview()
    await evening.press(lead, "Start", preview)
    await world.env.settle()
    gathering = evening.now
    assert gathering.stage is Stage.BOARDING
    assert (gathering.due_at - world.env.now()).total_seconds() > 45
    assert [room.kind for room in gathering.rooms] == [RoomKind.VOICE] * 2
    assert voice_names(world, server) == ["Room 1", "Room 2"]
    by_id = {person.id: person for person in (*people, typing)}
    for room, group in zip(gathering.rooms, gathering.draw.groups, strict=True):
        brought = [one for one in group.people if one != typing.id]
        assert {where(server, by_id[one]) for one in brought} == {room.channel_id}
        # Who is not in voice finds the way by the card, which mentions everybody of the group.
        card = cards(chat(world, server, room.channel_id))[0]
        assert all(by_id[one].mention in text(card) for one in group.people)
    assert where(server, typing) is None
    assert where(server, lead) == hall.id
    panel = await panel_of(evening)
    assert "6 of 7 are in their rooms" in text(panel)

    await board_all(evening, [*people, typing])
    await world.later(60)
    assert evening.now.stage is Stage.RUNNING
    # Someone walks to the other room: nobody drags them back.
    watching = [one for group in gathering.draw.groups for one in group.observers]
    walker = next(by_id[one] for one in watching if one != typing.id)
    other = next(
        room.channel_id for room in gathering.rooms if room.channel_id != where(server, walker)
    )
    await walker.join_voice(chat(world, server, other))
    await world.later(40)
    assert where(server, walker) == other

    # The minute of the call back, and everybody is in the hall again.
    await world.later(ROUND_SECONDS)
    await world.later(70)
    assert evening.now.stage is Stage.BETWEEN
    assert {where(server, person) for person in people} == {hall.id}
    assert voice_names(world, server) == ["Room 1", "Room 2"]

    # Closed: the rooms that were made go, and only those.
    panel = await panel_of(evening)
    for _ in range(2):
        await evening.press(lead, "Close the evening", panel)
    await world.env.settle()
    assert voice_names(world, server) == []
    assert {where(server, person) for person in people} == {hall.id}


async def test_when_the_facilitator_leaves_voice_others_can_take_over(world: World) -> None:
    server = world.guild()
    lead, other, people = server.manager(), server.manager("gus"), members(server, 3)
    dojo, _ = await in_hall(server, lead, *people)
    evening = await opened(world, server, lead=lead, channel=dojo, format="quick-10")
    await evening.join(*people)
    await evening.press(lead, "Start", await evening.preview())
    await world.later(60)
    await lead.leave_voice()
    await world.later(119)
    assert "Take over" not in text(dojo.last_message)
    await world.later(2)
    said = dojo.last_message
    await other.click(said, label="Take over")
    assert evening.now.facilitator_user_id == other.id
    assert evening.now.helper_user_ids == (lead.id,)
    # The evening has run on in the meantime.
    assert evening.now.stage is Stage.RUNNING
