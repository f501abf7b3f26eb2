"""`/round start`: who, in which room, and a way on when someone is in another round."""

from __future__ import annotations

import discord
import pytest

from bot.rehearsal import simulation
from tests.rounds.ui.steps import (
    cards,
    lines,
    on_disk,
    posts,
    pressable,
    private,
    proposed,
    rows,
    running,
    start,
    title,
)
from tests.rounds.ui.trouble import bot_may
from tests.simulation.world import labels, text, told

ALL_BUT_PRIVATE = discord.Permissions.all()
ALL_BUT_PRIVATE.update(administrator=False, create_private_threads=False, manage_threads=False)
NO_THREADS = discord.Permissions(ALL_BUT_PRIVATE.value)
NO_THREADS.update(create_public_threads=False)


def people(server, *names):
    return [server.member(name) for name in names]


# Rooms


async def test_a_round_gets_a_private_thread_of_its_own(world, server):
    group = await proposed(world, server)

    assert group.room.id != server.dojo.id
    assert "🔒 A private thread: this round’s people can read it" in text(group.card)
    thread = world.env.backend.get_channel(group.room.id)
    assert thread.type == discord.ChannelType.private_thread.value
    assert {person.id for person in group.people} <= set(thread.thread_members)


async def test_the_thread_is_named_after_coach_and_client(world, server):
    group = await proposed(world, server)

    assert group.room.name == "Practice · carla & kim"


async def test_where_the_bot_may_not_open_private_threads_it_opens_a_public_one(world, server):
    simulation.restrict_bot(world.env, server.handle, ALL_BUT_PRIVATE)

    group = await proposed(world, server)

    assert group.room.id != server.dojo.id
    assert "👥 A public thread: everybody who sees the dojo can read it." in text(group.card)
    thread = world.env.backend.get_channel(group.room.id)
    assert thread.type == discord.ChannelType.public_thread.value


async def test_where_the_bot_may_open_no_thread_the_round_is_right_here(world, server):
    simulation.restrict_bot(world.env, server.handle, NO_THREADS)
    world.env.backend.edit_role(server.id, server.id, {"permissions": NO_THREADS.value})

    group = await proposed(world, server)

    assert group.room is server.dojo
    assert "📍 Right here: everybody who sees this place can read along." in text(group.card)
    assert "Classic triad** is here." in text(group.answer.response)
    await group.agree()
    assert title(group.card) == "📜 Agree"


async def test_a_round_started_in_a_thread_is_right_there(world, server):
    thread = server.thread()

    group = await proposed(world, server, channel=thread)

    assert group.room is thread
    assert "👥 A public thread" in text(group.card)
    assert [one.id for one in server.dojo.threads] == [thread.id]


async def test_a_round_started_in_a_voice_channel_is_in_its_chat(world, server):
    voice = server.handle.create_voice_channel("Room 1")

    group = await proposed(world, server, channel=voice)

    assert group.room is voice
    assert "🔊 A voice channel: everybody who may join it can listen in" in text(group.card)


async def test_whom_the_command_cannot_name_can_join_a_round_for_more_people(world, server):
    group = await proposed(world, server, 5, format="fishbowl-45")
    zoe = server.member("zoe")

    await group.press(zoe, "Join as observer")

    assert zoe.user.mention in text(group.card)


async def test_where_the_bot_may_not_write_no_round_is_started(world, server):
    bot_may(world, server.dojo, send_messages=False)

    carla, kim, olu = people(server, "carla", "kim", "olu")

    answer = await start(carla, server.dojo, carla, kim, olu)

    assert "I may not do that here: I lack **Send Messages**." in told(answer)
    assert rows(world, "rounds") == []
    assert posts(server.dojo) == []


@pytest.mark.parametrize("begun", [False, True])
async def test_there_is_one_round_in_a_room(world, server, begun):
    group = await proposed(world, server, channel=server.thread())
    if begun:
        await group.agree()

    answer = await start(group.coach, group.room, *people(server, "ann", "ben", "cyd"))

    assert f"There is a round in <#{group.room.id}> already" in told(answer)
    assert "</round now:" in told(answer)
    assert len(rows(world, "rounds")) == 1


async def test_two_who_start_in_one_room_at_once_start_one_round(world, server):
    thread = server.thread()
    ann, ben, cyd, dan, eve, fin = people(server, *"abcdef")

    await world.together(
        lambda: start(ann, thread, ann, ben, cyd),
        lambda: start(dan, thread, dan, eve, fin),
    )

    assert len(rows(world, "rounds")) == 1
    assert len(pressable(thread)) == 1


async def test_a_room_is_free_again_after_its_round(world, server):
    group = await running(world, server, channel=server.thread())
    await group.client.slash(group.room, "round end")

    again = await start(group.coach, group.room, *group.people)

    assert "Classic triad** is here." in text(private(again))


async def test_where_there_is_no_dojo_no_round_is_started(server):
    carla, kim, olu = people(server, "carla", "kim", "olu")

    answer = await start(carla, server.lounge, carla, kim, olu)

    assert "This channel is not a dojo." in told(answer)


# Who


async def test_a_round_can_be_started_for_others(world, server):
    fay = server.manager()

    group = await proposed(world, server, by=fay)

    assert fay.user.mention not in text(group.card)
    assert on_disk(world)["starter_user_id"] == fay.id


async def test_bots_are_not_asked_into_a_round(world, server):
    carla, kim = people(server, "carla", "kim")
    robot = server.handle.add_member(world.env.create_user("robot", bot=True))

    answer = await start(carla, server.dojo, carla, kim, robot)

    assert f"{robot.user.mention} is a bot, and cannot practise. Choose a person." in told(answer)
    assert server.dojo.threads == []


async def test_a_person_who_is_not_on_the_server_is_not_asked_into_a_round(world, server):
    carla, kim = people(server, "carla", "kim")
    stranger = world.person("stranger")

    answer = await start(carla, server.dojo, carla, kim, stranger)

    assert f"<@{stranger.id}> cannot see this channel or is not on this server." in told(answer)
    assert server.dojo.threads == []


async def test_nobody_has_two_seats(world, server):
    carla, kim = people(server, "carla", "kim")

    answer = await start(carla, server.dojo, carla, kim, carla)

    assert f"{carla.user.mention} can have only one seat." in told(answer)
    assert server.dojo.threads == []


# Someone is in another running round


@pytest.fixture
async def group(world, server):
    """A round that is running."""
    return await running(world, server, 4)


async def test_a_person_who_is_in_a_running_round_may_leave_it_and_start_another(
    world, server, group
):
    ann, ben = people(server, "ann", "ben")
    card = private(await start(group.observer, server.dojo, ann, ben, group.observer))
    assert f"- {group.observer.user.mention} in <#{group.room.id}>" in text(card)
    assert labels(card) == ["Leave that one and start this one"]

    await group.observer.click(card, label="Leave that one and start this one")

    assert f"-# 👋 {group.observer.user.mention} has left the round." in lines(group.room)
    assert title(cards(server.dojo.threads[-1])[0]) == "🤝 A practice round, before it begins"
    assert len(server.dojo.threads) == 2


async def test_a_round_can_be_started_without_observers_who_are_in_another(world, server, group):
    ann, ben, cyd = people(server, "ann", "ben", "cyd")
    card = private(await start(ann, server.dojo, ann, ben, cyd, group.observer))
    assert labels(card) == ["Start without them"]

    await ann.click(card, label="Start without them")

    said = text(cards(server.dojo.threads[-1])[0])
    assert f"👀 **Observer** {cyd.user.mention}" in said
    assert group.observer.user.mention not in said
    assert lines(group.room) == []


async def test_without_a_coach_or_client_of_its_own_a_round_is_not_started(world, server, group):
    ann, ben = people(server, "ann", "ben")

    card = private(await start(ann, server.dojo, group.observer, ann, ben))

    assert labels(card) == []
    assert "Choose somebody else for that seat, or wait for the end." in text(card)
    assert len(server.dojo.threads) == 1


async def test_a_person_who_is_free_again_can_be_asked(world, server, group):
    ann, ben = people(server, "ann", "ben")
    await group.client.slash(group.room, "round end")

    await start(ann, server.dojo, group.observer, ann, ben)

    assert len(server.dojo.threads) == 2
