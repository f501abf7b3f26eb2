"""`/dojo setup`, `settings`, `check` and `status` from end to end."""

from __future__ import annotations

import discord
import pytest

from bot import __version__
from bot.client import DojoBot
from bot.rehearsal import simulation
from bot.storage.database import Database
from bot.storage.errors import StorageError
from tests.world import SETUP, choose, chosen, fields, labels, menus, question_of, text, told


async def settings_of(server, channel=None) -> str:
    """What the settings card of a dojo says."""
    reader = server.manager(f"reader-{len(server.handle.member_ids())}")
    return text((await reader.slash(channel or server.dojo, "dojo settings")).response)


async def is_dojo(server, channel=None) -> bool:
    asker = server.member(f"asker-{len(server.handle.member_ids())}")
    answer = await asker.slash(channel or server.dojo, "question", phase="close")
    return not answer.response.ephemeral


# The form


async def test_the_form_asks_for_everything_a_dojo_needs(world, library):
    server = world.guild()

    form = await server.manager().slash(server.dojo, "dojo setup")

    entries = fields(form)
    assert list(entries) == ["role", "format", "language", "asking", "zone"]
    formats = [option["value"] for option in entries["format"]["options"]]
    assert formats == list(library["en"].formats)
    assert [option["label"] for option in entries["language"]["options"]] == ["English"]
    assert not entries["role"]["required"]


async def test_the_form_of_a_new_dojo_proposes_what_most_want(world):
    server = world.guild()

    form = await server.manager().slash(server.dojo, "dojo setup")

    entries = fields(form)
    assert entries["role"].get("default_values", []) == []
    assert chosen(entries["format"]) == ["triad-30"]
    assert chosen(entries["language"]) == ["en"]
    assert chosen(entries["asking"]) == ["everyone"]
    assert entries["zone"]["value"] == "UTC"


async def test_the_form_of_a_new_dojo_guesses_by_the_language_of_the_server(world, two_languages):
    world.content = two_languages
    await world.restart()
    server = world.guild()
    fay = server.manager()
    world.payloads.set(fay.id, guild_locale="it", locale="de")

    entries = fields(await fay.slash(server.dojo, "dojo setup"))

    assert entries["zone"]["value"] == "Europe/Rome"
    assert chosen(entries["language"]) == ["it"]
    descriptions = [option.get("description") for option in entries["language"]["options"]]
    assert descriptions == [None, "not yet reviewed by coaches"]


async def test_sending_the_form_makes_the_channel_a_dojo(world):
    server = world.guild()
    assert not await is_dojo(server)

    result = await server.set_up()

    assert result.response.ephemeral
    assert "This channel is a dojo now" in text(result.response)
    assert await is_dojo(server)


async def test_the_card_after_set_up_shows_what_was_chosen(world):
    server = world.guild()

    result = await server.set_up(
        role=[server.facilitators], format=["quick-10"], asking="facilitators", zone="Asia/Tokyo"
    )

    said = text(result.response)
    assert f"**Channel** {server.dojo.mention}" in said
    assert f"**Facilitators** {server.facilitators.mention}" in said
    assert "**Usual format** Quick ten · 16 min, 10 coaching, 3–5 people" in said
    assert "**Language** English" in said
    assert "facilitators only" in said
    assert "**Time zone** Asia/Tokyo" in said
    assert "</question:" in said


async def test_the_form_of_a_dojo_shows_its_settings(server):
    await server.set_up(
        role=[server.facilitators], format=["pair-25"], asking="facilitators", zone="Asia/Tokyo"
    )

    entries = fields(await server.manager().slash(server.dojo, "dojo setup"))

    (role,) = entries["role"]["default_values"]
    assert int(role["id"]) == server.facilitators.id
    assert chosen(entries["format"]) == ["pair-25"]
    assert chosen(entries["asking"]) == ["facilitators"]
    assert entries["zone"]["value"] == "Asia/Tokyo"


async def test_changing_settings_says_saved(server):
    result = await server.set_up(format=["pair-25"])

    assert "## Saved" in text(result.response)
    assert "Pair" in await settings_of(server)


async def test_the_facilitator_role_can_be_taken_out_again(server):
    await server.set_up(role=[server.facilitators])

    await server.set_up(role=[])

    assert "**Facilitators** whoever manages channels" in await settings_of(server)


async def test_settings_survive_a_restart(world, server):
    await server.set_up(role=[server.facilitators], format=["pair-25"], zone="Asia/Tokyo")
    before = await settings_of(server)

    await world.restart(crash=True)

    assert await settings_of(server) == before


async def test_a_form_sent_after_a_restart_still_works(world):
    server = world.guild()
    fay = server.manager()
    form = await fay.slash(server.dojo, "dojo setup")
    await world.restart()

    result = await fay.submit_modal(form, SETUP)

    assert "This channel is a dojo now" in text(result.response)
    assert await is_dojo(server)


async def test_two_forms_sent_together_make_one_dojo(world):
    server = world.guild()
    one, two = server.manager("one"), server.manager("two")
    first = await one.slash(server.dojo, "dojo setup")
    second = await two.slash(server.dojo, "dojo setup")

    results = await world.together(
        lambda: one.submit_modal(first, {**SETUP, "format": ["pair-25"]}),
        lambda: two.submit_modal(second, {**SETUP, "format": ["quick-10"]}),
    )

    assert all(result.acknowledged for result in results)
    now = await settings_of(server)
    await world.restart()
    assert await settings_of(server) == now


async def test_in_a_thread_the_form_is_for_the_channel_of_the_thread(world):
    server = world.guild()
    thread = server.thread()

    result = await server.set_up(thread)

    assert f"**Channel** {server.dojo.mention}" in text(result.response)
    assert await is_dojo(server)


async def test_in_a_thread_the_settings_are_those_of_the_dojo(server):
    said = await settings_of(server, server.thread())

    assert f"**Channel** {server.dojo.mention}" in said


async def test_dojos_of_a_server_are_set_independently(server):
    await server.set_up(server.lounge, format=["pair-25"], zone="Asia/Tokyo")

    assert "Classic triad" in await settings_of(server)
    assert "Europe/Rome" in await settings_of(server)
    assert "Pair" in await settings_of(server, server.lounge)


async def test_stopping_one_dojo_leaves_the_other(server):
    await server.set_up(server.lounge)

    await server.stop(server.lounge)

    assert not await is_dojo(server, server.lounge)
    assert await is_dojo(server)


# Time zones


@pytest.mark.parametrize("typed", ["Europe/Rome", "rome", "ROME", " europe/rome "])
async def test_a_time_zone_is_known_by_its_name_or_its_city(world, typed):
    server = world.guild()

    result = await server.set_up(zone=typed)

    assert "**Time zone** Europe/Rome" in text(result.response)


async def test_a_city_of_two_words_is_known(world):
    result = await world.guild().set_up(zone="new york")

    assert "**Time zone** America/New_York" in text(result.response)


async def test_a_mistyped_time_zone_costs_only_the_time_zone(server):
    result = await server.set_up(
        role=[server.facilitators], format=["pair-25"], asking="facilitators", zone="Europe/Rone"
    )

    said = text(result.response)
    assert "I do not know the time zone “Europe/Rone”, so it stays Europe/Rome" in said
    assert "Pair" in said
    assert server.facilitators.mention in said
    assert "facilitators only" in said


async def test_a_mistyped_time_zone_offers_the_nearest(server):
    result = await server.set_up(zone="Asia/Tokio")

    assert menus(result.response)["Choose the time zone"][0] == "Asia/Tokyo"


async def test_a_city_of_several_zones_offers_them_all(server):
    result = await server.set_up(zone="Louisville")

    offered = menus(result.response)["Choose the time zone"]
    assert set(offered) == {"America/Louisville", "America/Kentucky/Louisville"}


@pytest.mark.parametrize("restart", [False, True], ids=["at once", "after a restart"])
async def test_choosing_one_of_the_offered_zones_saves_it(world, server, restart):
    fay = server.manager()
    card = (await server.set_up(by=fay, format=["pair-25"], zone="Asia/Tokio")).response
    if restart:
        await world.restart()

    result = await choose(fay, card, "Choose the time zone", "Asia/Tokyo")

    assert result.response.id == card.id
    assert "## Saved" in text(card)
    said = await settings_of(server)
    assert "**Time zone** Asia/Tokyo" in said
    assert "Pair" in said


async def test_a_time_zone_like_no_other_says_what_to_enter(server):
    result = await server.set_up(zone="xqzw")

    assert menus(result.response) == {}
    assert "Press **Change** and enter a city, e.g. Rome." in text(result.response)


async def test_a_time_zone_cannot_smuggle_in_a_mention(server):
    result = await server.set_up(zone="@everyone **x**")

    assert "@everyone" not in text(result.response)
    assert "**x**" not in text(result.response)


async def test_cities_are_found_while_typing(server):
    choices = await server.manager().autocomplete(server.dojo, "dojo setup", "timezone", "rom")

    assert choices[0] == {"name": "Europe/Rome", "value": "Europe/Rome"}


@pytest.mark.parametrize("typed", ["", "e", "zzzz", "new y", "x" * 90])
async def test_typing_any_time_zone_offers_at_most_25(server, typed):
    fay = server.manager()

    choices = await fay.autocomplete(server.dojo, "dojo setup", "timezone", typed)

    assert len(choices) <= 25


async def test_the_form_opens_with_the_time_zone_that_was_typed(server):
    form = await server.manager().slash(server.dojo, "dojo setup", timezone="Asia/Tokyo")

    assert fields(form)["zone"]["value"] == "Asia/Tokyo"


async def test_the_form_opens_with_a_time_zone_that_is_far_too_long(server):
    form = await server.manager().slash(server.dojo, "dojo setup", timezone="x" * 300)

    zone = fields(form)["zone"]
    # Discord refuses a form in which a text is longer than it may be.
    assert len(zone["value"]) <= zone["max_length"]


# Rights

FOR_MANAGERS = "That is for people who manage channels here. Ask one of them to do it."
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

    assert "That is for people who manage channels here" in told(answer)
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


# Settings, stopping


async def test_settings_can_be_changed_checked_and_stopped_from_their_card(server):
    answer = await server.manager().slash(server.dojo, "dojo settings")

    assert answer.response.ephemeral
    assert labels(answer.response) == ["Change", "Check", "Stop being a dojo…"]


async def test_change_opens_the_form(server):
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response

    form = await fay.click(card, label="Change")
    await fay.submit_modal(form, {**SETUP, "format": ["pair-25"]})

    assert "Pair" in await settings_of(server)


async def test_check_on_the_settings_answers_with_the_check(server):
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response

    answer = await fay.click(card, label="Check")

    assert answer.response.ephemeral
    assert "Check of this channel" in text(answer.response)


async def test_settings_where_there_is_no_dojo_say_how_to_get_one(server):
    answer = await server.manager().slash(server.lounge, "dojo settings")

    assert "not a dojo" in told(answer)
    assert "/dojo setup" in told(answer)


async def test_settings_do_not_name_a_person_who_has_been_forgotten(server):
    fay = server.manager()
    await server.set_up(server.lounge, by=fay)
    assert fay.mention in await settings_of(server, server.lounge)
    card = (await fay.slash(server.dojo, "me forget")).response

    await fay.click(card, label="Erase")

    assert fay.mention not in await settings_of(server, server.lounge)


async def test_stop_asks_first(server):
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response

    await fay.click(card, label="Stop being a dojo…")

    assert labels(card) == ["Stop", "Keep it"]
    assert await is_dojo(server)


async def test_keep_it_goes_back_to_the_settings(server):
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response
    before = text(card)
    await fay.click(card, label="Stop being a dojo…")

    await fay.click(card, label="Keep it")

    assert text(card) == before
    assert await is_dojo(server)


async def test_stop_makes_it_no_dojo_and_says_how_to_get_it_back(world, server):
    result = await server.stop()

    assert "is no longer a dojo" in text(result.response)
    assert "</dojo setup:" in text(result.response)
    assert not await is_dojo(server)
    await world.restart()
    assert not await is_dojo(server)


async def test_stop_twice_is_refused_with_a_sentence(world, server):
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response
    await fay.click(card, label="Stop being a dojo…")
    await server.stop()

    answer = await fay.click(card, label="Stop")

    assert "not a dojo" in told(answer)


async def test_a_dojo_that_was_stopped_opens_the_form_with_what_it_was(server):
    await server.set_up(role=[server.facilitators], format=["pair-25"], zone="Asia/Tokyo")
    await server.stop()

    entries = fields(await server.manager().slash(server.dojo, "dojo setup"))

    (role,) = entries["role"]["default_values"]
    assert int(role["id"]) == server.facilitators.id
    assert chosen(entries["format"]) == ["pair-25"]
    assert entries["zone"]["value"] == "Asia/Tokyo"


async def test_setting_up_again_brings_back_content_and_order(server, library):
    await server.give_content(
        'version = 1\n[[question]]\nid = "ours"\nphase = "check-in"\ntext = "Ours?"\n'
    )
    carla = server.member("carla")
    count = len(library["en"].bank.deck("check-in")) + 1
    seen = []
    for number in range(count):
        if number == 4:
            await server.stop()
            await server.set_up()
        answer = await carla.slash(server.dojo, "question", phase="check-in")
        seen.append(question_of(answer.response))

    assert len(set(seen)) == count
    assert "Ours?" in seen


async def test_bring_it_back_opens_the_form(server):
    fay = server.manager()
    card = (await fay.slash(server.dojo, "dojo settings")).response
    await fay.click(card, label="Stop being a dojo…")
    await fay.click(card, label="Stop")

    form = await fay.click(card, label="Bring it back")
    await fay.submit_modal(form, SETUP)

    assert await is_dojo(server)


# Check

NEEDS = ["View Channel", "Send Messages", "Send Messages in Threads", "Use Application Commands"]


async def test_check_says_that_nothing_is_missing(server):
    answer = await server.manager().slash(server.dojo, "dojo check")

    said = text(answer.response)
    assert answer.response.ephemeral
    assert all(f"✅ **{need}**" in said for need in NEEDS)
    assert "✅ Nothing is missing." in said
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
    assert said.endswith("→ Send Messages and Send Messages in Threads.")


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

    assert "⚠️ 2 permissions missing: </dojo check:" in await settings_of(server)


async def test_check_before_set_up_says_that_it_is_no_dojo_yet(world):
    server = world.guild()

    answer = await server.manager().slash(server.dojo, "dojo check")

    assert "This channel is not a dojo yet. </dojo setup:" in text(answer.response)


async def test_check_in_a_thread_checks_the_dojo(server):
    answer = await server.manager().slash(server.thread(), "dojo check")

    assert "not a dojo" not in text(answer.response)
    assert "Nothing is missing" in text(answer.response)


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


# Status


async def test_status_shows_connection_database_and_version(world, server):
    await world.restart()
    await world.later(2 * 3600 + 300)

    answer = await server.manager().slash(server.dojo, "dojo status")

    said = text(answer.response)
    assert answer.response.ephemeral
    assert "**Discord** ✅" in said
    assert "**Running for** 2 h 5 min" in said
    assert "**Database** ✅ a write takes" in said
    assert "schema 1" in said
    assert "**Servers** 1" in said
    assert f"**Version** {__version__}" in said


@pytest.mark.parametrize("latency", [float("nan"), float("inf")])
async def test_status_without_a_heartbeat_says_not_connected(server, monkeypatch, latency):
    monkeypatch.setattr(DojoBot, "latency", property(lambda bot: latency))

    answer = await server.manager().slash(server.dojo, "dojo status")

    assert "**Discord** ❌ not connected" in text(answer.response)


async def test_status_says_when_the_database_does_not_answer(server, monkeypatch):
    async def broken(self):
        raise StorageError("no")

    monkeypatch.setattr(Database, "health", broken)

    answer = await server.manager().slash(server.dojo, "dojo status")

    assert "**Database** ❌ does not answer" in text(answer.response)


async def test_status_works_where_there_is_no_dojo(world):
    server = world.guild()

    answer = await server.manager().slash(server.lounge, "dojo status")

    assert "## Status" in text(answer.response)
