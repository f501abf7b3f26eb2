"""The room of a round is gone, or only seems to be."""

from __future__ import annotations

from tests.rounds.ui.steps import coaching, proposed, rows, running, title
from tests.rounds.ui.trouble import (
    attempts,
    delete_channel,
    direct_messages,
    pinged,
    round_row,
    second_dojo,
)

GONE = "🚪 {}: The room of your round has been deleted, so the round has ended."


# The room is gone


async def test_room_deleted_and_the_people_learn_it_in_the_dojo(world, server):
    group = await coaching(world, server)
    await delete_channel(world, group.room)

    said = server.dojo.last_message
    named = f"{group.coach.mention}, {group.client.mention} and {group.observer.mention}"
    assert said.content.startswith(GONE.format(named))
    assert "Everything noted until then is kept." in said.content
    assert pinged(world, said) == {one.id for one in group.people}


async def test_room_deleted_and_the_round_is_kept_as_ended(world, server):
    group = await coaching(world, server)
    await delete_channel(world, group.room)
    await world.later(3600)

    row = round_row(world)
    assert (row["state"], row["ending"], row["told_ended"]) == ("ended", "room-gone", 1)
    assert len(rows(world, "round_people")) == 3
    assert attempts(world, group.room) == 3


async def test_room_deleted_and_its_people_are_free(world, server):
    group = await coaching(world, server)
    await delete_channel(world, group.room)
    again = await coaching(world, server, group.people)

    assert title(again.card) == "🗣️ Coaching"


async def test_room_deleted_before_the_beginning_is_told_without_notes(world, server):
    group = await proposed(world, server)
    await delete_channel(world, group.room)

    assert "The room of your round has been deleted" in server.dojo.last_message.content
    assert "noted" not in server.dojo.last_message.content
    assert rows(world, "rounds") == []


async def test_room_deleted_while_the_bot_was_away(world, server):
    group = await coaching(world, server)

    async def delete():
        world.env.backend.delete_channel(group.room.id)

    await world.away(60, delete)
    await world.later(18 * 60 + 60)

    assert "The room of your round has been deleted" in server.dojo.last_message.content
    assert round_row(world)["ending"] == "room-gone"


async def test_room_deleted_that_is_a_voice_channel(world, server):
    voice = server.handle.create_voice_channel("room")
    group = await coaching(world, server, channel=voice)
    await delete_channel(world, voice)

    assert group.coach.mention in server.dojo.last_message.content
    assert round_row(world)["ending"] == "room-gone"


async def test_dojo_channel_deleted_ends_the_rounds_in_its_threads(world, server):
    group = await coaching(world, server)
    await delete_channel(world, server.dojo)
    await world.later(3600)

    assert round_row(world)["ending"] == "room-gone"
    assert attempts(world, group.room) == 3
    # There is no place left for all, so the person who started it learns it.
    said = "The room of your round has been deleted, so the round has ended."
    assert direct_messages(group.coach) == [f"{said} Everything noted until then is kept."]


async def test_dojo_channel_deleted_lets_a_round_in_a_voice_channel_go_on(world, server):
    voice = server.handle.create_voice_channel("room")
    group = await coaching(world, server, channel=voice)
    await delete_channel(world, server.dojo)
    await group.press(group.coach, "Pause")
    await group.press(group.coach, "Resume")
    await world.later(31 * 60)

    assert title(group.card) == "🌿 The round is complete"


async def test_a_dojo_that_is_stopped_lets_its_rounds_go_on(world, server):
    group = await coaching(world, server)
    await server.stop()
    await group.press(group.client, "Pause")
    await group.press(group.client, "Resume")
    await world.later(31 * 60)

    assert title(group.card) == "🌿 The round is complete"


async def test_dojo_channel_deleted_leaves_the_rounds_of_other_dojos_alone(world, server):
    evening = await second_dojo(server)
    other = await coaching(world, server, channel=evening)
    await delete_channel(world, server.dojo)
    await world.later(20 * 60)

    assert round_row(world)["state"] == "running"
    assert direct_messages(other.coach) == []


# Not in the cache is not gone


async def test_a_thread_missing_from_the_cache_is_never_taken_for_gone(world, server):
    group = await running(world, server)
    # As Discord leaves out threads that have been put away when a bot connects.
    world.env.backend.get_guild(server.id).thread_ids.remove(group.room.id)
    await world.restart()
    assert world.bot.get_channel(group.room.id) is None
    await world.later(121)

    assert title(group.card) == "🗣️ Coaching"
    assert round_row(world)["state"] == "running"
