"""Who may do what with a dojo."""

from __future__ import annotations

import pytest

from tests.dojos.ui.steps import is_dojo, settings_of
from tests.simulation.world import SETUP, choose, told

FOR_MANAGERS = (
    "That is for people with **Manage Channels** in the channel of the dojo. Ask one of them to"
    " do it."
)
COMMANDS = ["setup", "settings", "check", "status", "content export", "content import"]


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_member_does_not_see_the_commands_of_facilitators(server, command):
    carla = server.member("carla")

    assert f"dojo {command}" not in carla.available_commands(server.dojo)


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_member_who_reaches_a_facilitators_command_is_refused(server, command):
    carla = server.member("carla")
    server.show_commands_to(carla)
    options = {"file": ("own.toml", b"version = 1")} if "import" in command else {}

    answer = await carla.slash(server.dojo, f"dojo {command}", **options)

    assert told(answer) == FOR_MANAGERS
    assert answer.modal is None


async def test_a_refusal_names_the_role_that_may(server):
    await server.set_up(role=[server.facilitators])
    carla = server.member("carla")
    server.show_commands_to(carla)

    answer = await carla.slash(server.dojo, "dojo settings")

    assert f"and for the facilitators of this dojo ({server.facilitators.mention})" in told(answer)


@pytest.mark.parametrize("command", ["settings", "check", "status", "content export"])
async def test_a_facilitator_by_role_may_use_the_commands_in_the_dojo(server, command):
    await server.set_up(role=[server.facilitators])
    server.show_commands_to(server.facilitators)
    olu = server.member("olu", server.facilitators)

    answer = await olu.slash(server.dojo, f"dojo {command}")

    assert answer.response.ephemeral
    assert "That is for" not in answer.response.content


async def test_a_facilitator_by_role_may_change_the_dojo(server):
    await server.set_up(role=[server.facilitators])
    server.show_commands_to(server.facilitators)
    olu = server.member("olu", server.facilitators)

    await server.set_up(by=olu, role=[server.facilitators], format=["pair-25"])

    assert "Pair" in await settings_of(server)


async def test_a_facilitator_by_role_may_not_make_another_channel_a_dojo(server):
    await server.set_up(role=[server.facilitators])
    server.show_commands_to(server.facilitators)
    olu = server.member("olu", server.facilitators)

    answer = await olu.slash(server.lounge, "dojo setup")

    assert told(answer) == FOR_MANAGERS


async def test_rights_lost_while_the_form_was_open_change_nothing(world):
    server = world.guild()
    fay = server.manager()
    form = await fay.slash(server.dojo, "dojo setup")
    server.take_role(fay, server.managers)

    answer = await fay.submit_modal(form, SETUP)

    assert told(answer) == FOR_MANAGERS
    assert not await is_dojo(server)


async def test_the_role_lost_while_the_form_was_open_changes_nothing(server):
    await server.set_up(role=[server.facilitators])
    server.show_commands_to(server.facilitators)
    olu = server.member("olu", server.facilitators)
    form = await olu.slash(server.dojo, "dojo setup")
    server.take_role(olu, server.facilitators)

    answer = await olu.submit_modal(form, {**SETUP, "format": ["pair-25"]})

    assert "That is for people with **Manage Channels** in the channel of the dojo" in told(answer)
    assert "Classic triad" in await settings_of(server)


@pytest.mark.parametrize("press", ["Change", "Check", "Stop being a dojo…"])
async def test_buttons_of_the_settings_refuse_who_lost_the_rights(server, press):
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response
    server.take_role(fay, server.managers)

    answer = await fay.click(card, label=press)

    assert told(answer) == FOR_MANAGERS
    assert answer.modal is None


async def test_confirming_to_stop_refuses_who_lost_the_rights(server):
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response
    await fay.click(card, label="Stop being a dojo…")
    server.take_role(fay, server.managers)

    answer = await fay.click(card, label="Stop")

    assert told(answer) == FOR_MANAGERS
    assert await is_dojo(server)


async def test_choosing_a_zone_refuses_who_lost_the_rights(server):
    fay = server.manager()
    card = (await server.set_up(by=fay, zone="Asia/Tokio")).response
    server.take_role(fay, server.managers)

    answer = await choose(fay, card, "Choose the time zone", "Asia/Tokyo")

    assert told(answer) == FOR_MANAGERS
    assert "Europe/Rome" in await settings_of(server)
