"""F2: `/dojo open` looks at voice until Start, and puts nobody in: it offers."""

from __future__ import annotations

from tests.gatherings.ui.steps import in_hall, members, opened, panel_of
from tests.rounds.ui.steps import notified, posts
from tests.rounds.ui.trouble import bot_may
from tests.simulation.world import labels, text


def offers(dojo):
    return [one for one in posts(dojo) if "an evening is open here" in text(one)]


async def test_who_comes_to_voice_later_is_asked_once_and_is_not_in(world):
    """F2: one press of their own lets them in."""
    server = world.guild()
    lead, ann, kim = server.manager(), server.member("ann"), server.member("kim")
    dojo, hall = await in_hall(server, lead, ann)
    evening = await opened(world, server, lead=lead, channel=dojo)
    other = server.handle.create_voice_channel("Lounge")

    await kim.join_voice(hall)
    await kim.join_voice(other)
    await kim.join_voice(hall)
    await world.later(2)

    (offer,) = offers(dojo)
    assert notified(world, dojo, offer) == {kim.id}
    assert labels(offer) == ["Join"]
    assert evening.now.here == ()
    assert f"and not in yet: {ann.mention} and {kim.mention}." in text(evening.answer)
    await evening.press(kim, "Join", offer)
    assert [one.user_id for one in evening.now.here] == [kim.id]
    await world.later(2)
    assert f"and not in yet: {ann.mention}." in text(evening.answer)


async def test_who_is_in_and_leaves_voice_is_marked_and_stays_in(world):
    """F2: on the plan, on the panel and where groups are proposed."""
    server = world.guild()
    lead, people = server.manager(), members(server, 3)
    dojo, hall = await in_hall(server, lead, *people)
    evening = await opened(world, server, lead=lead, channel=dojo)
    await evening.join(*people)
    panel = await panel_of(evening)
    before = text(panel)

    await people[0].leave_voice()
    await world.later(2)

    mark = f"🔇 In, and not in <#{hall.id}>: {people[0].mention}."
    assert "🔇" not in before
    assert mark in text(panel)
    assert mark in text(await evening.preview())
    assert len(evening.now.here) == 3
    assert offers(dojo) == []


async def test_nobody_is_asked_who_looks_after_it_has_left_or_does_not_see_the_dojo(world):
    """F2: nor a bot, nor who is in already."""
    server = world.guild()
    lead, ann, ben = server.manager(), server.member("ann"), server.member("ben")
    dojo, hall = await in_hall(server, lead)
    evening = await opened(world, server, lead=lead, channel=dojo)
    await evening.join(ann, ben)
    await evening.press(ben, "Leave")
    robot = server.handle.add_member(world.env.create_user("robot", bot=True))

    for person in (ann, ben, robot):
        await person.join_voice(hall)
    await lead.leave_voice()
    await lead.join_voice(hall)
    await world.later(2)

    assert offers(dojo) == []
    assert "not in yet" not in text(evening.answer)


async def test_after_start_nobody_is_asked(world):
    """F2: only until Start; who comes later finds the card."""
    server = world.guild()
    lead, people = server.manager(), members(server, 3)
    dojo, hall = await in_hall(server, lead, *people)
    evening = await opened(world, server, lead=lead, channel=dojo)
    await evening.join(*people)
    await evening.press(lead, "Start", await evening.preview())

    await server.member("kim").join_voice(hall)
    await world.later(2)

    assert offers(dojo) == []


async def test_where_the_bot_may_not_write_nothing_breaks(world):
    """F2: the facilitator still sees who is there."""
    server = world.guild()
    lead, kim = server.manager(), server.member("kim")
    dojo, hall = await in_hall(server, lead)
    evening = await opened(world, server, lead=lead, channel=dojo)
    bot_may(world, dojo, send_messages=False)

    await kim.join_voice(hall)
    await world.later(2)

    assert f"and not in yet: {kim.mention}." in text(evening.answer)
