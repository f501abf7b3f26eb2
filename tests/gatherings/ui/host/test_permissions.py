"""Discord does not let the bot do something for a gathering: it does without, and says so once."""

from __future__ import annotations

import logging

import pytest

from bot.gatherings.model.gathering import Stage
from bot.gatherings.service.ports import Call
from bot.gatherings.ui.panel.lines import missing_lines
from bot.kit.requests.errors import RoomRefused, RoomUnreachable
from bot.rounds.model.round import RoomKind
from tests.gatherings.ui.host.steps import Evenings
from tests.rounds.ui.steps import cards
from tests.rounds.ui.trouble import MISSING_PERMISSIONS, bot_may, cut_off, refusing

NOT_IN_VOICE = 40032


@pytest.fixture
def evenings(world, server):
    return Evenings(world, server)


@pytest.fixture
async def voice(server):
    """A category with a common voice room and another one, which is none of ours."""
    handle = server.handle
    server.category = handle.create_category("Practice")
    server.common = handle.create_voice_channel("Dojo hall", category=server.category)
    server.spare = handle.create_voice_channel("Kitchen", category=server.category)
    return server


async def test_missing_permissions_for_private_threads_make_public_ones(evenings, server):
    bot_may(evenings.world, server.dojo, create_private_threads=False)
    gathering = await evenings.open(evenings.boarding(evenings.people(2), evenings.people(2)))

    assert [room.kind for room in gathering.rooms] == [RoomKind.PUBLIC_THREAD] * 2
    assert evenings.missing.of(gathering.id) == ("Create Private Threads",)
    assert len(evenings.requests("POST", "/threads")) == 2


async def test_missing_permissions_for_threads_leave_one_group_in_the_dojo_itself(evenings, server):
    bot_may(evenings.world, server.dojo, send_messages_in_threads=False)
    gathering = await evenings.open(evenings.boarding(evenings.people(3)))
    (room,) = gathering.rooms
    assert (room.kind, room.channel_id, room.is_made) == (RoomKind.HERE, server.dojo.id, False)
    assert await evenings.bring(gathering) == [()]
    assert await evenings.put_away(gathering, Stage.ENDED) == (room,)

    # Not where a round is already, and not for two groups.
    again = evenings.boarding(evenings.people(3))
    with pytest.raises(RoomRefused):
        await evenings.host.open_room(again, 1, taken=[server.dojo.id])
    two = evenings.boarding(evenings.people(2), evenings.people(2))
    with pytest.raises(RoomRefused):
        await evenings.host.open_room(two, 1, taken=[])
    assert evenings.missing.of(two.id) == ("Send Messages in Threads",)
    assert evenings.requests("POST", "/threads") == []


async def test_missing_permissions_to_make_channels_use_those_there_are_then_threads(
    evenings, voice, caplog
):
    bot_may(evenings.world, voice.category, manage_channels=False)
    afk = voice.handle.create_voice_channel("Away", category=voice.category)
    evenings.world.bot.get_guild(voice.id)._afk_channel_id = afk.id
    groups = [await evenings.in_voice(voice.common, 2) for _ in range(3)]
    with caplog.at_level(logging.WARNING):
        gathering = await evenings.open(evenings.boarding(*groups, voice=voice.common))
    voiced, *threads = sorted(gathering.rooms, key=lambda room: room.kind is not RoomKind.VOICE)

    assert (voiced.channel_id, voiced.is_made) == (voice.spare.id, False)
    assert [room.kind for room in threads] == [RoomKind.PRIVATE_THREAD] * 2
    assert evenings.missing.of(gathering.id) == ("Manage Channels",)
    assert sum("Manage Channels is missing" in line for line in caplog.messages) == 1
    assert evenings.requests("POST", f"/guilds/{voice.id}/channels") == []


async def test_a_voice_channel_that_a_group_cannot_enter_is_none_of_its_rooms(evenings, voice):
    bot_may(evenings.world, voice.category, manage_channels=False)
    people = await evenings.in_voice(voice.common, 3)
    evenings.world.env.backend.get_channel(voice.spare.id).user_limit = 2
    evenings.world.env.backend.announce_channel_update(voice.spare.id)
    gathering = await evenings.open(evenings.boarding(people, voice=voice.common))

    assert gathering.rooms[0].kind is RoomKind.PRIVATE_THREAD


async def test_missing_permissions_to_move_cost_no_request_and_are_said_once(
    evenings, voice, caplog
):
    one, two = await evenings.in_voice(voice.common, 2)
    gathering = await evenings.open(evenings.boarding([one, two], voice=voice.common))
    bot_may(evenings.world, voice.common, move_members=False)
    with caplog.at_level(logging.WARNING):
        assert await evenings.bring(gathering) == [(one.id, two.id)]
        assert not await evenings.host.visit(gathering, gathering.rooms[0], one.id)
    await one.join_voice(evenings.handle(gathering.rooms[0]))
    await evenings.host.bring_back(gathering)

    assert evenings.requests("PATCH", "/members/") == []
    assert evenings.missing.of(gathering.id) == ("Move Members",)
    assert sum("Move Members is missing" in line for line in caplog.messages) == 1

    # Once it is there again, the panel does not say so any more.
    bot_may(evenings.world, voice.common, move_members=True)
    assert await evenings.host.visit(gathering, gathering.rooms[0], two.id)
    assert evenings.missing.of(gathering.id) == ()


async def test_missing_permissions_that_only_discord_knows_of_are_never_tried_in_a_loop(
    evenings, voice
):
    people = await evenings.in_voice(voice.common, 8)
    gathering = await evenings.open(evenings.boarding(people[:4], people[4:], voice=voice.common))
    backend = evenings.world.env.backend
    evenings.world.env.inject_error(
        "PATCH", "/guilds/*/members/*", status=403, code=MISSING_PERMISSIONS, times=None
    )
    missed = await evenings.bring(gathering)
    assert sorted(sum(missed, ())) == sorted(one.id for one in people)
    assert len(evenings.requests("PATCH", "/members/")) == 3
    backend.faults.clear()

    threads = await evenings.open(evenings.boarding(evenings.people(6)))
    evenings.world.env.inject_error(
        "PUT", "/channels/*/thread-members/*", status=403, code=MISSING_PERMISSIONS, times=None
    )
    assert [len(one) for one in await evenings.bring(threads)] == [6]
    assert len(evenings.requests("PUT", "/thread-members/")) == 3


async def test_the_right_that_is_missing_for_a_move_is_the_one_that_is_named(evenings, voice):
    """W13e: Connect was missing, and the panel said Move Members."""
    one, two = await evenings.in_voice(voice.common, 2)
    gathering = await evenings.open(evenings.boarding([one, two], voice=voice.common))
    room = evenings.handle(gathering.rooms[0])
    bot_may(evenings.world, room, connect=False)
    assert await evenings.bring(gathering) == [(one.id, two.id)]
    assert evenings.missing.of(gathering.id) == ("Connect",)
    (line,) = missing_lines(evenings.missing.of(gathering.id))
    assert line == "⚠ **Connect** is missing: people go to their voice rooms by the link."

    bot_may(evenings.world, room, connect=True)
    assert await evenings.host.visit(gathering, gathering.rooms[0], two.id)
    assert evenings.missing.of(gathering.id) == ()


async def test_a_person_who_was_moved_by_visit_is_brought_back_and_the_room_can_go(evenings, voice):
    """W13g: a facilitator stayed behind, and so did the room."""
    one, two, fay = await evenings.in_voice(voice.common, 3)
    gathering = await evenings.open(evenings.boarding([one, two], voice=voice.common))
    await evenings.bring(gathering)
    assert await evenings.host.visit(gathering, gathering.rooms[0], fay.id)

    await evenings.host.bring_back(gathering)

    assert evenings.where(one, two, fay) == [voice.common.id] * 3
    assert await evenings.put_away(gathering, Stage.ENDED) == ()


async def test_someone_who_has_just_left_voice_is_missed_and_the_others_are_moved(evenings, voice):
    one, two = await evenings.in_voice(voice.common, 2)
    gathering = await evenings.open(evenings.boarding([one, two], voice=voice.common))
    evenings.world.env.inject_error(
        "PATCH", f"/guilds/*/members/{one.id}", status=400, code=NOT_IN_VOICE
    )

    assert await evenings.bring(gathering) == [(one.id,)]
    assert evenings.where(two) == [gathering.rooms[0].channel_id]
    assert evenings.missing.of(gathering.id) == ()


async def test_missing_permissions_to_delete_leave_the_channel(evenings, voice):
    gathering = await evenings.open(evenings.boarding(evenings.people(2), voice=voice.common))
    (room,) = gathering.rooms
    bot_may(evenings.world, evenings.handle(room), manage_channels=False)

    assert await evenings.put_away(gathering, Stage.BETWEEN) == (room,)
    assert evenings.requests("DELETE", "/channels/") == []
    bot_may(evenings.world, evenings.handle(room), manage_channels=True)
    assert await evenings.put_away(gathering, Stage.ENDED) == ()


async def test_a_full_category_is_no_obstacle(evenings, voice):
    evenings.world.env.inject_error("POST", "/guilds/*/channels", status=400, code=50035)
    gathering = await evenings.open(evenings.boarding(evenings.people(2), voice=voice.common))

    assert gathering.rooms[0].channel_id == voice.spare.id


async def test_missing_permissions_to_write_in_the_dojo_are_noted_and_nothing_is_sent(
    evenings, server
):
    gathering = evenings.boarding(evenings.people(2))
    with refusing(evenings.world, 403, MISSING_PERMISSIONS, room=server.dojo):
        assert await evenings.host.show_card(gathering, None) is None
    bot_may(evenings.world, server.dojo, send_messages=False)
    before = len(evenings.requests("POST", f"/channels/{server.dojo.id}/messages"))

    assert await evenings.host.show_card(gathering, None) is None
    await evenings.host.tell(gathering, Call.SEAT_FREE, people=[1])
    assert len(evenings.requests("POST", f"/channels/{server.dojo.id}/messages")) == before
    assert evenings.missing.of(gathering.id) == ("Send Messages",)
    bot_may(evenings.world, server.dojo, send_messages=True)
    assert await evenings.host.show_card(gathering, None) == cards(server.dojo)[-1].id
    assert evenings.missing.of(gathering.id) == ()


async def test_an_outage_is_worth_another_try_where_that_helps_and_harms_nothing(evenings, voice):
    people = await evenings.in_voice(voice.common, 2)
    gathering = await evenings.open(evenings.boarding(people, voice=voice.common))
    fresh = evenings.boarding(evenings.people(2), voice=voice.common)
    with cut_off(evenings.world):
        with pytest.raises(RoomUnreachable):
            await evenings.host.show_card(gathering, None)
        with pytest.raises(RoomUnreachable):
            await evenings.host.open_room(fresh, 1, taken=())
        room = gathering.rooms[0]
        assert len(await evenings.host.bring(gathering, room, [one.id for one in people])) == 2
        await evenings.host.bring_back(gathering)
        await evenings.host.tell(gathering, Call.CALLED_BACK, room=room, people=[people[0].id])
        assert not await evenings.host.broadcast(gathering, room, "hello", people[0].id)
        assert await evenings.host.put_away(gathering) == gathering.rooms


async def test_after_a_restart_what_was_found_and_made_is_known_from_the_gatherings(
    evenings, voice
):
    gathering = await evenings.open(evenings.boarding(evenings.people(2), voice=voice.common))
    await evenings.world.restart()
    evenings.restart()
    other = await evenings.open(evenings.boarding(evenings.people(2), voice=voice.common))

    assert other.rooms[0].channel_id != gathering.rooms[0].channel_id
    assert await evenings.put_away(gathering, Stage.ENDED) == ()
