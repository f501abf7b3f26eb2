"""Where rounds are: two dojos on a server, one person in both, and servers that go away."""

from __future__ import annotations

from tests.rounds.ui.steps import (
    cards,
    coaching,
    lines,
    private,
    proposed,
    rows,
    running,
    start,
    title,
)
from tests.rounds.ui.trouble import (
    attempts,
    direct_messages,
    members,
    refusing,
    remove_guild,
    round_row,
    second_dojo,
)
from tests.simulation.world import labels, text, told

# Two dojos


async def test_two_dojos_in_one_guild_have_rounds_that_know_nothing_of_each_other(world, server):
    evening = await second_dojo(server)
    one = await coaching(world, server)
    other = await coaching(world, server, members(server, "ann", "ben", "cleo"), channel=evening)
    await one.press(one.coach, "Pause")
    await world.later(9 * 60)

    assert "**Paused**" in text(one.card)
    assert lines(one.room)[-1].endswith("has paused the round. The clock stands still.")
    assert lines(other.room) == ["-# 🌗 Half of the time is left."]


async def test_two_dojos_in_one_guild_have_their_own_usual_format(world, server):
    evening = await second_dojo(server, format=["quick-10"])
    one = await proposed(world, server)
    other = await proposed(world, server, channel=evening)

    assert "**Classic triad**" in text(one.card)
    assert "**Quick ten**" in text(other.card)


async def test_two_dojos_in_one_guild_and_trouble_in_one_leaves_the_other_alone(world, server):
    evening = await second_dojo(server)
    one = await running(world, server)
    other = await running(world, server, members(server, "ann", "ben", "cleo"), channel=evening)
    with refusing(world, 403, 50013, room=one.room):
        await world.later(121)

    assert title(one.card) == "📜 Agree"
    assert title(other.card) == "🗣️ Coaching"


async def test_two_dojos_in_one_guild_share_no_voice_channel_by_accident(world, server):
    """Which of two dojos a voice channel serves is said by its category."""
    evening = await second_dojo(server)
    loose = server.handle.create_voice_channel("loose")
    carla, kim = members(server, "carla", "kim")
    answer = await start(carla, loose, carla, kim)

    assert told(answer).startswith("This channel is not a dojo.")
    assert evening.threads == server.dojo.threads == []


async def test_two_dojos_in_one_guild_each_serve_the_voice_channels_of_their_category(
    world, server
):
    floor = server.handle.create_category("upstairs")
    upstairs = server.handle.create_text_channel("upstairs-dojo", category=floor)
    await server.set_up(upstairs, format=["quick-10"])
    voice = server.handle.create_voice_channel("upstairs-room", category=floor)
    group = await proposed(world, server, channel=voice)

    assert "**Quick ten**" in text(group.card)


# One person in two dojos


async def test_same_user_in_two_dojos_cannot_be_asked_while_a_round_runs(world, server):
    evening = await second_dojo(server)
    one = await coaching(world, server)
    ann, ben = members(server, "ann", "ben")
    answer = await start(ann, evening, ann, one.client, ben)

    card = private(answer)
    assert text(card).splitlines()[1] == f"- {one.client.mention}"
    assert one.room.mention not in text(card)
    assert labels(card) == []
    assert evening.threads == []


async def test_same_user_in_two_dojos_is_left_out_as_observer_on_a_tap(world, server):
    evening = await second_dojo(server)
    one = await coaching(world, server)
    ann, ben, cleo = members(server, "ann", "ben", "cleo")
    answer = await start(ann, evening, ann, ben, cleo, one.observer)
    await ann.click(private(answer), label="Start without them")

    agreement = text(cards(evening.threads[-1])[-1])
    assert cleo.mention in agreement
    assert one.observer.mention not in agreement


async def test_same_user_in_two_dojos_may_leave_one_round_to_start_another(world, server):
    evening = await second_dojo(server)
    one = await coaching(world, server, 4)
    ann, ben = members(server, "ann", "ben")
    answer = await start(one.observer, evening, one.observer, ann, ben)
    await one.observer.click(private(answer), label="Leave that one and start this one")

    assert lines(one.room)[-1] == f"-# 👋 {one.observer.mention} has left the round."
    assert one.observer.mention in text(cards(evening.threads[-1])[-1])


async def both_asked(world, server):
    """Two proposals that ask the same observer; the first one is running."""
    evening = await second_dojo(server)
    one = await proposed(world, server, 4)
    people = [*members(server, "ann", "ben"), one.observer]
    other = await proposed(world, server, people, channel=evening)
    await one.agree()
    return one, other


async def test_same_user_in_two_dojos_is_asked_before_joining_the_second(world, server):
    one, other = await both_asked(world, server)
    answer = await other.press(one.observer, "Agree, with notes")

    asked = private(answer)
    assert text(asked).startswith(f"You are in a round that is running in {one.room.mention}.")
    assert labels(asked) == ["Leave it and come here", "Stay there"]
    assert f"Asked: {other.coach.mention}" in text(other.card)


async def test_same_user_in_two_dojos_stays_in_the_first(world, server):
    one, other = await both_asked(world, server)
    asked = private(await other.press(one.observer, "Agree, with notes"))
    await one.observer.click(asked, label="Stay there")

    assert one.observer.mention in text(one.card)
    assert "has left" not in text(one.card)


async def test_same_user_in_two_dojos_leaves_the_first(world, server):
    one, other = await both_asked(world, server)
    asked = private(await other.press(one.observer, "Agree, with notes"))
    await one.observer.click(asked, label="Leave it and come here")

    assert lines(one.room)[-1] == f"-# 👋 {one.observer.mention} has left the round."
    assert f"✅ Agreed: {one.observer.mention}" in text(other.card)


async def test_same_user_in_two_dojos_is_never_moved_by_the_start_of_the_second(world, server):
    one, other = await both_asked(world, server)
    for person in other.people[:2]:
        await person.click(other.card, label="Agree, with notes")
    await other.press(other.coach, "Change…")
    await other.press(other.coach, "Begin now")

    # A triad needs three: without the observer there is none.
    assert title(other.card) == "🤝 A practice round, before it begins"
    assert one.observer.mention in text(one.card)


async def test_same_user_in_two_dojos_is_not_asked_to_leave_for_a_room_that_is_taken(world, server):
    voice = server.handle.create_voice_channel("room")
    await coaching(world, server, members(server, "ann", "ben", "cleo"), channel=voice)
    one = await coaching(world, server)
    answer = await start(one.coach, voice, one.coach, *members(server, "cy", "di"))

    assert told(answer).startswith(f"There is a round in {voice.mention} already")
    assert "has left" not in text(one.card)


async def test_same_user_in_two_dojos_is_not_asked_to_leave_for_a_round_of_others(world, server):
    one = await coaching(world, server)
    other = await proposed(world, server, members(server, "ann", "ben", "cleo"))
    world.env.backend.add_thread_member(other.room.id, one.observer.id)
    answer = await other.press(one.observer, "Agree, with notes")

    assert told(answer).startswith("You are not in this round.")


# The server is gone, or seems to be


async def test_bot_removed_from_guild_closes_its_rounds_and_keeps_them(world, server):
    group = await coaching(world, server)
    before = attempts(world, group.room)
    await remove_guild(world, server)
    await world.later(3600)

    row = round_row(world)
    assert (row["state"], row["ending"], row["told_ended"]) == ("ended", "bot-removed", 1)
    assert len(rows(world, "round_people")) == 3
    assert attempts(world, group.room) == before
    assert [direct_messages(one) for one in group.people] == [[], [], []]


async def test_bot_removed_from_guild_leaves_the_rounds_of_other_guilds_alone(world, server):
    elsewhere = world.guild(name="Elsewhere")
    await elsewhere.set_up()
    other = await coaching(world, elsewhere)
    await coaching(world, server)
    await remove_guild(world, server)
    await world.later(19 * 60)

    assert title(other.card) == "✍️ Write"


async def test_bot_removed_from_guild_while_it_was_away(world, server):
    await coaching(world, server)

    async def remove():
        world.env.backend.remove_guild(server.id)

    await world.away(60, remove)
    await world.later(31 * 60)

    assert round_row(world)["state"] == "ended"


async def test_a_server_that_discord_cannot_reach_is_never_taken_for_left(world, server):
    group = await running(world, server)
    world.env.backend.emit("GUILD_DELETE", {"id": str(server.id), "unavailable": True})
    await world.later(121)

    assert title(group.card) == "🗣️ Coaching"
    assert round_row(world)["state"] == "running"
