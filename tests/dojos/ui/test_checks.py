"""`/dojo check` and `/dojo status`."""

from __future__ import annotations

from datetime import timedelta

import discord
import pytest

from bot import __version__
from bot.client import DojoBot
from bot.dojos.service.dojos import DojoService
from bot.kit.database.database import Database
from bot.kit.database.errors import StorageError
from bot.kit.database.migrate import load_migrations
from bot.kit.time.trusted_time import TrustedTime
from bot.rehearsal import simulation
from tests.dojos.ui.steps import settings_of
from tests.gatherings.ui.steps import opened
from tests.rounds.ui.steps import running
from tests.rounds.ui.trouble import bot_may
from tests.simulation.world import fields, text

NEEDS = [
    "View Channel",
    "Send Messages",
    "Send Messages in Threads",
    "Create Private Threads",
    "Create Public Threads",
    "Manage Channels",
    "Move Members",
    "Use Application Commands",
]


async def test_check_says_that_nothing_is_missing(server):
    answer = await server.manager().slash(server.dojo, "dojo check")

    said = text(answer.response)
    assert answer.response.ephemeral
    assert all(f"✅ **{need}**" in said for need in NEEDS)
    assert "✅ No permission is missing." in said
    assert "❌" not in said


async def test_check_names_what_is_missing_what_for_and_which_switch(world, server):
    allowed = discord.Permissions(view_channel=True, use_application_commands=True)
    simulation.restrict_bot(world.env, server.handle, allowed)
    world.env.backend.edit_role(server.id, server.id, {"permissions": allowed.value})

    answer = await server.manager().slash(server.dojo, "dojo check")

    said = text(answer.response)
    assert "✅ **View Channel**" in said
    assert "❌ **Send Messages**, missing" in said
    assert "Without it, a shared question shows who pressed the button." in said
    assert "❌ **Send Messages in Threads**, missing" in said
    assert "Without it, a round takes place in this channel itself, one at a time." in said
    assert (
        "→ Send Messages, Send Messages in Threads, Create Private Threads, Create Public Threads,"
        " Manage Channels and Move Members."
    ) in said


async def test_check_names_what_is_missing_where_voice_rooms_are(world, server):
    """Claim 6: a category and a voice channel have permissions of their own."""
    category = server.handle.create_category("Practice")
    home = server.handle.create_text_channel("home", category=category)
    hall = server.handle.create_voice_channel("hall", category=category)
    await server.set_up(home)
    fay = server.manager()
    assert "No permission is missing" in text((await fay.slash(home, "dojo check")).response)
    bot_may(world, category, connect=False)
    bot_may(world, hall, move_members=False)
    salon = server.handle.create_voice_channel("salon", category=category)
    bot_may(world, salon, connect=False)

    said = text((await fay.slash(home, "dojo check")).response)

    assert "No permission is missing" not in said
    assert "❌ In the category **Practice** **Connect** is missing: I make no voice rooms" in said
    assert f"❌ In {hall.mention} **Move Members** is missing: I bring nobody there" in said
    # Who may not connect may do nothing else in voice: one switch is to be turned on.
    assert f"❌ In {salon.mention} **Connect** is missing: I bring" in said


async def test_check_says_that_rooms_are_public_where_the_bot_may_not_open_private_ones(
    world, server
):
    allowed = discord.Permissions.all()
    allowed.update(administrator=False, create_private_threads=False)
    simulation.restrict_bot(world.env, server.handle, allowed)
    world.env.backend.edit_role(server.id, server.id, {"permissions": allowed.value})

    answer = await server.manager().slash(server.dojo, "dojo check")

    said = text(answer.response)
    assert (
        "❌ **Create Private Threads**, missing: to open a room for each round that only its people"
        " can read. Without it, the room of a round is a thread that everybody here can read."
    ) in said
    assert "→ Create Private Threads." in said


async def test_check_names_what_members_lack(world, server):
    world.env.backend.edit_role(
        server.id, server.id, {"permissions": discord.Permissions(view_channel=True).value}
    )
    rights = discord.Permissions(manage_channels=True, use_application_commands=True)
    fay = server.member("fay", server.handle.create_role("Lead", permissions=rights))

    answer = await fay.slash(server.dojo, "dojo check")

    said = text(answer.response)
    assert "❌ **Use Application Commands** (members), missing" in said
    assert "only people with a role that allows it can ask" in said


async def test_the_settings_warn_of_missing_permissions(world, server):
    allowed = discord.Permissions(view_channel=True, use_application_commands=True)
    simulation.restrict_bot(world.env, server.handle, allowed)
    world.env.backend.edit_role(server.id, server.id, {"permissions": allowed.value})

    assert "⚠️ 6 permissions missing (" in await settings_of(server)


async def test_check_before_set_up_says_that_it_is_no_dojo_yet(world):
    server = world.guild()

    answer = await server.manager().slash(server.dojo, "dojo check")

    assert "This channel is not a dojo yet. </dojo setup:" in text(answer.response)


async def test_check_in_a_thread_checks_the_dojo(server):
    answer = await server.manager().slash(server.thread(), "dojo check")

    assert "not a dojo" not in text(answer.response)
    assert "No permission is missing" in text(answer.response)


async def test_check_says_that_the_facilitator_role_is_gone(world, server):
    await server.set_up(role=[server.facilitators])
    world.env.backend.delete_role(server.id, server.facilitators.id)

    answer = await server.manager().slash(server.dojo, "dojo check")

    assert "The facilitator role no longer exists" in text(answer.response)


async def test_the_form_does_not_propose_a_role_that_is_gone(world, server):
    await server.set_up(role=[server.facilitators])
    world.env.backend.delete_role(server.id, server.facilitators.id)

    entries = fields(await server.manager().slash(server.dojo, "dojo setup"))

    assert entries["role"].get("default_values", []) == []


async def test_a_dojo_whose_role_is_gone_is_still_for_who_manages_channels(world, server):
    await server.set_up(role=[server.facilitators], asking="facilitators")
    world.env.backend.delete_role(server.id, server.facilitators.id)

    answer = await server.manager().slash(server.dojo, "question", phase="close")

    assert not answer.response.ephemeral


async def test_status_shows_connection_database_and_version(world, server):
    """S29: how many servers there are is the operator's business alone."""
    await world.restart()
    await world.later(2 * 3600 + 300)

    answer = await server.manager().slash(server.dojo, "dojo status")

    said = text(answer.response)
    assert answer.response.ephemeral
    assert "**Discord:** ✅" in said
    assert "**Running for:** 2 h 5 min" in said
    assert "**Database:** ✅ a write takes" in said
    assert f"schema {len(load_migrations())}" in said
    assert "**Clock:** ✅ agrees with Discord’s" in said
    assert "Servers" not in said
    assert f"**Version:** {__version__}" in said


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(days=800), "❌ 800 d ahead of the right time. I erase nothing by its age"),
        (timedelta(days=-3), "❌ 3 d behind the right time. I erase nothing by its age"),
    ],
)
async def test_status_says_that_a_wrong_clock_erases_nothing(world, server, ahead, said):
    """U1: the facilitator reads what the operator has to do."""
    time = world.bot.services[TrustedTime]
    right = time._now
    time._now = lambda: right() + ahead

    answer = await server.manager().slash(server.dojo, "dojo status")

    assert said in text(answer.response)


async def test_status_says_that_discord_has_not_told_the_time(world, server, monkeypatch):
    """U1: nothing is known right after a start."""
    monkeypatch.setattr(world.bot.services[TrustedTime], "hear", lambda moment, **_: None)
    await world.later(2 * 24 * 3600)

    answer = await server.manager().slash(server.dojo, "dojo status")

    assert "⚠️ not compared with Discord’s yet" in text(answer.response)


async def test_status_shows_running_rounds_and_how_late_their_parts_come(world, server):
    """F18: rounds of this server, when the clock last did something, and how late it was."""
    before = text((await server.manager().slash(server.dojo, "dojo status")).response)
    await running(world, server)
    await world.later(120)

    said = text((await server.manager("eve").slash(server.dojo, "dojo status")).response)

    assert "**Rounds:** 0 running on this server. No part has begun" in before
    assert "**Rounds:** 1 running on this server. The last part or cue came <t:" in said
    assert "99 of 100 came within 0.0 s" in said


@pytest.mark.parametrize("latency", [float("nan"), float("inf")])
async def test_status_without_a_heartbeat_says_not_connected(server, monkeypatch, latency):
    monkeypatch.setattr(DojoBot, "latency", property(lambda bot: latency))

    answer = await server.manager().slash(server.dojo, "dojo status")

    assert "**Discord:** ❌ not connected" in text(answer.response)


async def test_status_says_when_the_database_does_not_answer(server, monkeypatch):
    async def broken(self):
        raise StorageError("no")

    monkeypatch.setattr(Database, "health", broken)

    answer = await server.manager().slash(server.dojo, "dojo status")

    assert "**Database:** ❌ does not answer" in text(answer.response)


async def test_status_works_where_there_is_no_dojo(world):
    server = world.guild()

    answer = await server.manager().slash(server.lounge, "dojo status")

    assert "## Status" in text(answer.response)


async def test_a_dojo_whose_channel_went_while_the_bot_was_away_is_closed(world, server):
    world.env.backend.emit = lambda *_, **__: None
    try:
        world.env.backend.delete_channel(server.dojo.id)
    finally:
        del world.env.backend.emit

    await world.restart()
    await world.env.settle()

    assert world.bot.services[DojoService].of_guild(server.id) == []


async def test_while_the_server_is_not_loaded_the_check_says_what_it_can(server, monkeypatch):
    monkeypatch.setattr(discord.Guild, "default_role", None)

    answer = await server.manager().slash(server.dojo, "dojo check")

    assert "Check of this channel" in text(answer.response)


async def test_check_and_a_new_evening_warn_where_nobody_is_the_safety_contact(world, server):
    """H9: before someone needs one, and also when the contact has left the server."""
    fay, sal = server.manager(), server.member("sal")
    missing = "There is no safety contact"
    assert missing in text((await fay.slash(server.dojo, "dojo check")).response)
    evening = await opened(world, server, lead=fay)
    assert missing in text(evening.answer)
    await evening.close()

    card = (await fay.slash(server.dojo, "dojo settings")).response
    form = await fay.click(card, label="Privacy and safety")
    typed = {"contact": [sal], "days": "30", "months": "12", "attendance": "24", "names": "shown"}
    await fay.submit_modal(form, typed)
    assert "safety contact" not in text((await fay.slash(server.dojo, "dojo check")).response)
    again = await opened(world, server, lead=fay)
    assert "safety contact" not in text(again.answer)

    server.handle.remove_member(sal)
    said = text((await fay.slash(server.dojo, "dojo check")).response)
    assert f"The safety contact, {sal.mention}, is no longer in this server." in said
