"""Discord does not let the bot do something: before a round, and while it runs."""

from __future__ import annotations

from tests.rounds.ui.steps import private, proposed, rows, running, title
from tests.rounds.ui.trouble import (
    COACH,
    END,
    MISSING_PERMISSIONS,
    NO_DMS,
    SELF,
    attempts,
    bot_may,
    direct_messages,
    pinged,
    refusing,
    round_row,
)
from tests.simulation.world import labels, text, told

MAY_NOT = "I may not write in {} any more."


# Not allowed


async def test_missing_permissions_are_told_once_to_who_started_it(world, server):
    group = await running(world, server)
    with refusing(world, 403, MISSING_PERMISSIONS, room=group.room):
        await world.later(END)

    assert len(direct_messages(group.coach)) == 1
    said = direct_messages(group.coach)[0]
    assert said.startswith(MAY_NOT.format(group.room.mention))
    assert "Send Messages in Threads" in said
    assert "/round now" in said
    assert [direct_messages(one) for one in group.people[1:]] == [[], []]


async def test_missing_permissions_are_never_tried_again_in_a_loop(world, server):
    group = await running(world, server)
    await world.later(10)
    before = attempts(world, group.room)
    bot_may(world, server.dojo, send_messages_in_threads=False)
    await world.later(END)

    assert attempts(world, group.room) == before + 1


async def test_missing_permissions_do_not_stop_the_clock(world, server):
    group = await running(world, server)
    with refusing(world, 403, MISSING_PERMISSIONS, room=group.room):
        await world.later(SELF + 60)

    row = round_row(world)
    assert (row["state"], row["position"]) == ("running", 3)


async def test_missing_permissions_come_back_and_a_button_brings_the_card(world, server):
    group = await running(world, server)
    with refusing(world, 403, MISSING_PERMISSIONS, room=group.room):
        await world.later(COACH + 60)
    await group.press(group.client, "Pause")

    assert title(group.card) == "🗣️ Coaching"
    assert "**Paused**" in text(group.card)


async def test_missing_permissions_come_back_and_round_now_brings_the_card(world, server):
    group = await running(world, server)
    with refusing(world, 403, MISSING_PERMISSIONS, room=group.room):
        await world.later(COACH + 60)
    await group.client.slash(group.room, "round now")

    assert title(group.card) == "🗣️ Coaching"
    assert labels(group.card)[0] == "Pause"


async def test_missing_permissions_come_back_and_the_next_segment_is_told(world, server):
    group = await running(world, server)
    await world.later(10)
    bot_may(world, server.dojo, send_messages_in_threads=False)
    await world.later(COACH)
    bot_may(world, server.dojo, send_messages_in_threads=True)
    await world.later(19 * 60)

    assert title(group.card) == "✍️ Write"


async def test_missing_permissions_at_the_end_of_a_round_let_it_go(world, server):
    group = await running(world, server)
    bot_may(world, server.dojo, send_messages_in_threads=False)
    await world.later(END)
    bot_may(world, server.dojo, send_messages_in_threads=True)
    before = attempts(world, group.room)
    await world.restart()

    assert attempts(world, group.room) == before
    assert round_row(world)["ending"] == "complete"
    assert round_row(world)["told_ended"] == 1


async def test_missing_permissions_are_not_told_again_after_a_restart(world, server):
    group = await running(world, server)
    with refusing(world, 403, MISSING_PERMISSIONS, room=group.room):
        await world.later(COACH + 1)
        await world.restart()
        await world.later(30 * 60)

    assert len(direct_messages(group.coach)) == 1


async def test_dms_closed_and_a_missing_permission_is_told_in_the_dojo(world, server):
    group = await running(world, server)
    dm = group.coach.user.dm_channel
    with (
        refusing(world, 403, MISSING_PERMISSIONS, room=group.room),
        refusing(world, 403, NO_DMS, room=dm),
    ):
        await world.later(END)

    said = [one for one in server.dojo.history() if MAY_NOT[:15] in one.content]
    assert len(said) == 1
    assert group.room.mention in said[0].content
    assert pinged(world, said[0]) == {group.coach.id}
    assert attempts(world, dm) == 1


async def test_dms_closed_keeps_nobody_from_a_round(world, server):
    await running(world, server)
    await world.later(END)

    assert [one for one in world.env.http_requests if one.path == "/users/@me/channels"] == []


# Before the beginning


async def test_missing_permissions_refuse_the_start_and_name_the_switch(world, server):
    bot_may(world, server.dojo, send_messages=False, send_messages_in_threads=False)
    carla, kim = server.member("carla"), server.member("kim")
    answer = await carla.slash(server.dojo, "round start", coach=carla, client=kim)

    assert told(answer).startswith("I may not do that here: I lack **Send Messages**.")
    assert rows(world, "rounds") == []
    assert server.dojo.threads == []


async def test_missing_permissions_for_private_threads_make_a_public_one_that_says_so(
    world, server
):
    bot_may(world, server.dojo, create_private_threads=False)
    group = await proposed(world, server)

    assert "👥 A public thread: everybody who sees the dojo can read it." in text(group.card)


async def test_missing_permissions_for_threads_make_the_channel_itself_the_room(world, server):
    bot_may(world, server.dojo, create_private_threads=False, create_public_threads=False)
    group = await proposed(world, server)

    assert group.room.id == server.dojo.id
    assert "📍 Right here: everybody who sees this place can read along." in text(group.card)
    assert "is here" in text(private(group.answer))


async def test_missing_permissions_to_bring_someone_in_are_told_to_who_started_it(world, server):
    path = "/channels/*/thread-members/*"
    world.env.inject_error("PUT", path, status=403, code=MISSING_PERMISSIONS, times=None)
    group = await proposed(world, server)

    assert "⚠️ I could not add you to that room." in text(private(group.answer))
    assert title(group.card) == "🤝 A practice round, before it begins"
