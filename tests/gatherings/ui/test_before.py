"""F12: what is missing for an evening is said before it starts, with the right switch."""

from __future__ import annotations

from types import SimpleNamespace

from tests.gatherings.ui.steps import in_hall, members, opened
from tests.rounds.ui.trouble import bot_may
from tests.simulation.world import text


async def test_opening_says_that_nothing_is_missing(world, server):
    """F12: the check runs by itself."""
    evening = await opened(world, server)

    assert "✅ I have every permission that the evening needs." in text(evening.answer)


async def test_opening_names_what_is_missing_for_threads(world, server):
    """F12: at once, and again where groups are proposed, until it is there."""
    bot_may(world, server.dojo, create_private_threads=False)
    evening = await opened(world, server)
    await evening.join(*members(server, 3))

    before = text(await evening.preview())
    bot_may(world, server.dojo, create_private_threads=True)
    after = text(await evening.preview())

    missing = f"❌ **Create Private Threads** is missing in <#{server.dojo.id}>: the room"
    assert missing in text(evening.answer)
    assert "</dojo check:" in text(evening.answer)
    assert missing in before
    assert "❌" not in after


async def test_connect_and_voice_channels_are_looked_at_where_groups_meet_in_voice(world):
    """F12: an overwrite of one voice channel is seen, and Connect is called Connect."""
    server = world.guild()
    lead = server.manager()
    dojo, hall = await in_hall(server, lead)
    bot_may(world, hall, connect=False)

    evening = await opened(world, server, lead=lead, channel=dojo)

    assert f"❌ In <#{hall.id}> **Connect** is missing: I bring nobody there or away." in text(
        evening.answer
    )
    assert "Manage Channels" not in text(evening.answer)


async def test_connect_in_the_category_is_named_where_rooms_cannot_be_made(world):
    """F12: it was called Manage Channels, which changed nothing."""
    server = world.guild()
    lead = server.manager()
    dojo, hall = await in_hall(server, lead)
    category = world.env.backend.get_channel(hall.id).parent_id
    bot_may(world, SimpleNamespace(id=category), connect=False)
    bot_may(world, hall, connect=True)

    evening = await opened(world, server, lead=lead, channel=dojo)

    said = text(evening.answer)
    assert "❌ In the category **Dojo** **Connect** is missing: I make no voice rooms" in said


async def test_in_voice_the_threads_are_not_asked_for(world):
    """F12: only what this evening needs."""
    server = world.guild()
    lead = server.manager()
    dojo, _ = await in_hall(server, lead)
    bot_may(world, dojo, create_private_threads=False)

    evening = await opened(world, server, lead=lead, channel=dojo)

    assert "✅ I have every permission that the evening needs." in text(evening.answer)
