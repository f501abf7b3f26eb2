"""The rooms of a gathering in Discord: found, made, filled, and put away again."""

from __future__ import annotations

import asyncio
from collections import Counter

import discord
import pytest

from bot.gatherings.model.gathering import Stage
from bot.gatherings.ui.host import voice as gathering_moves_voice
from bot.rounds.model.round import RoomKind
from tests.gatherings.ui.host.steps import Evenings
from tests.rounds.ui.trouble import delete_channel, second_dojo


@pytest.fixture
def evenings(world, server):
    return Evenings(world, server)


@pytest.fixture
async def voice(server):
    """A category with a dojo, a common voice room and Room 1."""
    handle = server.handle
    server.category = handle.create_category("Practice")
    server.common = handle.create_voice_channel("Dojo hall", category=server.category)
    server.first = handle.create_voice_channel("room 1", category=server.category)
    return server


# Threads


async def test_groups_meet_in_private_threads_which_are_put_away_at_the_end(evenings, server):
    first, second = evenings.people(3), evenings.people(3)
    gathering = await evenings.open(evenings.boarding(first, second))

    assert [thread.name for thread in server.dojo.threads] == [
        "Room 1 · 01 Jan 2026",
        "Room 2 · 01 Jan 2026",
    ]
    assert [room.kind for room in gathering.rooms] == [RoomKind.PRIVATE_THREAD] * 2
    assert all(room.is_made for room in gathering.rooms)
    assert await evenings.bring(gathering) == [(), ()]
    members = evenings.world.env.backend.get_channel(gathering.rooms[0].channel_id).thread_members
    assert {one.id for one in first} <= set(members)
    assert not {one.id for one in second} & set(members)

    # Asked for once more, as after an outage, it is the same room.
    assert await evenings.host.open_room(gathering, 1, taken=()) == gathering.rooms[0]
    await evenings.bring(gathering)
    assert len(evenings.requests("PUT", "/thread-members/")) == 6

    # People still write their feedback there when everybody is back.
    assert await evenings.put_away(gathering, Stage.BETWEEN) == gathering.rooms
    assert not any(one.thread_metadata.archived for one in _threads(evenings, gathering))
    assert await evenings.put_away(gathering, Stage.ENDED) == ()
    assert all(one.thread_metadata.archived for one in _threads(evenings, gathering))


async def test_a_deleted_room_is_replaced_by_another_one(evenings, server):
    gathering = await evenings.open(evenings.boarding(evenings.people(3)))
    room = gathering.rooms[0]
    await delete_channel(evenings.world, server.dojo.threads[0])

    again = await evenings.host.open_room(gathering, 1, taken=())
    assert again.channel_id != room.channel_id


async def test_more_than_15_rooms_open_at_once_and_each_is_another_one(evenings, server):
    groups = [evenings.people(3) for _ in range(20)]
    gathering = await evenings.open(evenings.boarding(*groups))
    missed = await evenings.bring(gathering)

    assert len({room.channel_id for room in gathering.rooms}) == 20
    assert missed == [()] * 20
    assert len(evenings.requests("PUT", "/thread-members/")) == 60


async def test_a_room_that_is_asked_for_twice_at_once_is_one_room(evenings, voice):
    for common, made in ((None, "Room 2 · 01 Jan 2026"), (voice.common, "Room 2")):
        gathering = evenings.boarding(evenings.people(3), evenings.people(3), voice=common)
        with evenings.slow_network():
            room, same = await asyncio.gather(
                *(evenings.host.open_room(gathering, 2, taken=()) for _ in range(2))
            )
        assert room == same
        threads = [one.name for one in voice.dojo.threads]
        assert [*threads, *evenings.channels()].count(made) == 1


# Voice


async def test_voice_rooms_are_used_again_or_made_and_people_are_moved(evenings, voice):
    people = await evenings.in_voice(voice.common, 6)
    stranger = (await evenings.in_voice(voice.common, 1))[0]
    groups = (people[:3], [*people[3:], voice.member("typing")])
    gathering = await evenings.open(evenings.boarding(*groups, voice=voice.common))
    reused, made = gathering.rooms

    assert (reused.channel_id, reused.is_made) == (voice.first.id, False)
    assert evenings.channels()["Room 2"].parent_id == voice.category.id
    assert (made.kind, made.is_made) == (RoomKind.VOICE, True)

    # Who only types has to come by the link, and costs no request.
    assert await evenings.bring(gathering) == [(), (groups[1][3].id,)]
    assert len(evenings.requests("PATCH", "/members/")) == 6
    assert evenings.where(*people) == [reused.channel_id] * 3 + [made.channel_id] * 3
    assert evenings.where(stranger) == [voice.common.id]
    assert set(evenings.host.in_voice(made.channel_id)) == {one.id for one in people[3:]}

    # Nobody is dragged again when they leave.
    await people[0].join_voice(voice.common)
    await people[1].leave_voice()
    await evenings.bring(gathering)
    assert evenings.where(*people[:2]) == [voice.common.id, None]

    # Everybody of the evening comes back; a visitor stays where they are.
    await stranger.join_voice(evenings.handle(made))
    await evenings.host.bring_back(gathering)
    await evenings.world.env.settle()
    assert evenings.where(*people) == [voice.common.id, None, *[voice.common.id] * 4]
    assert evenings.where(stranger) == [made.channel_id]

    # Only what was made goes, and only once nobody is in it.
    assert await evenings.put_away(gathering, Stage.ENDED) == (reused, made)
    await stranger.leave_voice()
    assert {"room 1", "Dojo hall"} <= set(evenings.channels())
    assert "Room 2" not in evenings.channels()


async def test_voice_rooms_in_which_someone_is_are_left_alone(evenings, voice):
    await evenings.in_voice(voice.first, 1)
    used = voice.handle.create_voice_channel("Room 2", category=voice.category)
    groups = [await evenings.in_voice(voice.common, 2) for _ in range(2)]
    gathering = evenings.boarding(*groups, voice=voice.common)
    gathering = await evenings.open(gathering, taken=[used])

    assert all(room.is_made for room in gathering.rooms)
    assert not {room.channel_id for room in gathering.rooms} & {voice.first.id, used.id}


async def test_nobody_is_moved_any_more_when_the_round_is_over_or_they_have_left(evenings, voice):
    """W6: but the people of a late room are, however late it is."""
    one, two, three = await evenings.in_voice(voice.common, 3)
    gathering = await evenings.open(evenings.boarding([one, two, three], voice=voice.common))
    room = gathering.rooms[0]
    evenings.left(gathering, one)
    assert await evenings.host.bring(gathering, room, [one.id]) == ()
    evenings.keep(gathering, stage=Stage.RETURNING)
    await evenings.host.bring(gathering, room, [two.id])
    assert evenings.requests("PATCH", "/members/") == []

    # Who comes late to a round that runs is brought, too.
    evenings.keep(gathering, stage=Stage.RUNNING, due_at=None)
    assert await evenings.host.bring(gathering, room, [three.id]) == ()
    assert evenings.where(one, two, three) == [voice.common.id, voice.common.id, room.channel_id]


async def test_a_move_that_hangs_holds_up_its_own_person_alone(evenings, voice, monkeypatch):
    """F14, W6: everybody waited up to 20 s for each of them, on the way there and back."""
    monkeypatch.setattr(gathering_moves_voice, "HANGS_SECONDS", 0.01)
    monkeypatch.setattr(gathering_moves_voice, "MOVING_SECONDS", 0.1)
    people = await evenings.in_voice(voice.common, 9)
    stuck, others = people[:5], people[5:]
    gathering = await evenings.open(
        evenings.boarding(people[:3], people[3:6], people[6:], voice=voice.common)
    )
    genuine, tries, moved = discord.Member.move_to, Counter(), []

    async def move_to(member, channel, **about):
        tries[member.id] += 1
        if member.id in {one.id for one in stuck} and tries[member.id] == 1:
            await asyncio.Event().wait()
        await genuine(member, channel, **about)
        moved.append(member.id)

    monkeypatch.setattr(discord.Member, "move_to", move_to)
    assert await evenings.bring(gathering) == [()] * 3
    assert set(moved[:4]) == {one.id for one in others}
    rooms = [one.channel_id for one in gathering.rooms for _ in range(3)]
    assert evenings.where(*people) == rooms

    tries.clear()
    await evenings.host.bring_back(gathering)
    await evenings.world.env.settle()
    assert evenings.where(*others) == [voice.common.id] * 4
    assert evenings.where(*stuck) == rooms[:5]
    # They follow, once the first try has been given up.
    late = [one for one in asyncio.all_tasks() if one.get_name() == "moving-late"]
    await asyncio.gather(*late)
    await evenings.world.env.settle()
    assert evenings.where(*stuck) == [voice.common.id] * 5


async def test_a_facilitator_visits_a_room(evenings, voice):
    group = await evenings.in_voice(voice.common, 2)
    fay = (await evenings.in_voice(voice.common, 1))[0]
    typing = voice.member("typing")
    gathering = await evenings.open(evenings.boarding(group, voice=voice.common))
    room = gathering.rooms[0]

    assert await evenings.host.visit(gathering, room, fay.id)
    assert evenings.where(fay) == [room.channel_id]
    assert not await evenings.host.visit(gathering, room, typing.id)

    threads = await evenings.open(evenings.boarding(evenings.people(2)))
    room = threads.rooms[0]
    assert not await evenings.host.visit(threads, room, fay.id)
    assert fay.id in evenings.world.env.backend.get_channel(room.channel_id).thread_members


async def test_two_dojos_in_one_guild_take_turns_moving_and_never_share_a_room(evenings, voice):
    other = await second_dojo(voice)
    early = [await evenings.in_voice(voice.common, 3) for _ in range(3)]
    late = [await evenings.in_voice(voice.common, 3)]
    first = await evenings.open(evenings.boarding(*early, voice=voice.common))
    second = await evenings.open(evenings.boarding(*late, voice=voice.common, channel=other))
    ids = [room.channel_id for room in (*first.rooms, *second.rooms)]
    assert len(set(ids)) == 4

    await evenings.bring(first, second)
    moved = [int(path.rsplit("/", 1)[1]) for path in evenings.requests("PATCH", "/members/")]
    of_second = {one.id for one in late[0]}
    assert len(moved) == 12
    # The first three are on their way before the other evening asks; then both take turns.
    turns = [False] * 3 + [False, True] * 3 + [False] * 3
    assert [one in of_second for one in moved] == turns

    # A room that another evening has taken over is not removed with the one that made it.
    evenings.keep(second, rooms=(first.rooms[1],))
    for people in (*early, *late):
        for one in people:
            await one.leave_voice()
    assert await evenings.put_away(first, Stage.ENDED) == (first.rooms[0], first.rooms[1])


async def test_stage_channel_holds_one_ring_and_nobody_is_moved_out_of_it(evenings, voice):
    stage = voice.handle.create_stage_channel("Stage", category=voice.category)
    ring = await evenings.in_voice(stage, 4)
    gathering = await evenings.open(evenings.boarding(ring, voice=stage))
    assert [room.channel_id for room in gathering.rooms] == [stage.id]
    assert await evenings.bring(gathering) == [()]

    groups = evenings.boarding(ring[:2], ring[2:], voice=stage)
    groups = await evenings.open(groups)
    assert stage.id not in {room.channel_id for room in groups.rooms}
    assert [len(missed) for missed in await evenings.bring(groups)] == [2, 2]
    await evenings.host.bring_back(groups)
    assert evenings.requests("PATCH", "/members/") == []
    assert await evenings.put_away(gathering, Stage.ENDED) == gathering.rooms


def _threads(evenings, gathering):
    return [evenings.world.env.backend.get_channel(room.channel_id) for room in gathering.rooms]
