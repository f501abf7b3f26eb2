"""`/dojo setup`: the form, and time zones."""

from __future__ import annotations

import pytest

from tests.dojos.ui.steps import is_dojo, settings_of
from tests.rounds.ui.steps import posts, private, rows
from tests.rounds.ui.trouble import bot_may
from tests.simulation.world import SETUP, choose, chosen, fields, menus, text


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


async def test_the_form_leaves_a_dojo_as_other_tests_take_it(world, server):
    elsewhere = world.guild(name="Other Corp")
    await elsewhere.set_up()

    here, there = (dict(row) for row in rows(world, "dojos"))

    differ = {name for name in here if here[name] != there[name]}
    assert differ == {"id", "guild_id", "channel_id", "set_up_user_id"}


async def test_the_card_after_set_up_shows_what_was_chosen(world):
    server = world.guild()

    result = await server.set_up(
        role=[server.facilitators], format=["quick-10"], asking="facilitators", zone="Asia/Tokyo"
    )

    said = text(result.response)
    assert f"**Channel:** {server.dojo.mention}" in said
    assert f"**Facilitators:** {server.facilitators.mention}" in said
    assert "**Usual format:** Quick ten · 16 min, 10 coaching, 3–5 people" in said
    assert "**Language:** English" in said
    assert "facilitators only" in said
    assert "**Time zone:** Asia/Tokyo" in said
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

    assert "**Facilitators:** whoever manages channels" in await settings_of(server)


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

    assert f"**Channel:** {server.dojo.mention}" in text(result.response)
    assert await is_dojo(server)


async def test_in_a_thread_the_settings_are_those_of_the_dojo(server):
    said = await settings_of(server, server.thread())

    assert f"**Channel:** {server.dojo.mention}" in said


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


@pytest.mark.parametrize("typed", ["Europe/Rome", "rome", "ROME", " europe/rome "])
async def test_a_time_zone_is_known_by_its_name_or_its_city(world, typed):
    server = world.guild()

    result = await server.set_up(zone=typed)

    assert "**Time zone:** Europe/Rome" in text(result.response)


async def test_a_city_of_two_words_is_known(world):
    result = await world.guild().set_up(zone="new york")

    assert "**Time zone:** America/New_York" in text(result.response)


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
    assert "**Time zone:** Asia/Tokyo" in said
    assert "Pair" in said


async def test_a_time_zone_like_no_other_says_what_to_enter(server):
    result = await server.set_up(zone="xqzw")

    assert "Choose the time zone" not in menus(result.response)
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


async def test_setting_up_checks_by_itself_and_asks_for_a_safety_contact(world):
    """C16: what is missing is named at once, and the form is one press away."""
    server = world.guild()
    shown = (await server.set_up()).response
    assert "✅ No permission is missing." in text(shown)
    assert "There is no safety contact" in text(shown)
    fay = server.manager()
    form = await fay.click(
        (await fay.slash(server.dojo, "dojo settings")).response, label="Privacy and safety"
    )
    assert "contact" in fields(form)
    bot_may(world, server.dojo, create_private_threads=False)
    shown = (await fay.slash(server.dojo, "dojo settings")).response
    assert "1 permission missing (Create Private Threads)" in text(shown)


async def test_a_dojo_gets_a_card_for_its_members(world):
    """C15: a question, a round and help, one press each; posted by a facilitator, and pinned."""
    server = world.guild()
    await server.set_up()
    lead, ann = server.manager(), server.member("ann")
    settings = (await lead.slash(server.dojo, "dojo settings")).response
    answer = await lead.click(settings, label="Post a card for members")
    assert "pinned" in text(private(answer))
    card = next(one for one in posts(server.dojo) if "This is a dojo" in text(one))
    asked = await ann.click(card, label="Start")
    assert not asked.response.ephemeral
    assert "This is a dojo" in text(card)
    assert "Who practises?" in text(private(await ann.click(card, label="Start a round")))
    # It goes on after a restart.
    await world.restart()
    assert "## Practising together" in text(private(await ann.click(card, label="Help")))
    bot_may(world, server.dojo, send_messages=False)
    settings = (await lead.slash(server.dojo, "dojo settings")).response
    refused = await lead.click(settings, label="Post a card for members")
    assert "I may not write" in text(private(refused))
