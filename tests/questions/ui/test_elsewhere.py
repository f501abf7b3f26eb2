"""`/question` where there is no dojo: other channels, direct messages, brought-along apps."""

from __future__ import annotations

import shutil

import discord
import pytest

from bot.content.model.questions import Phase
from bot.questions.ui.words import question_text
from tests.simulation.world import choose, labels, menus, question_of, text, texts


def shown(library, phase="meaning", language="en") -> set[str]:
    bank = library[language].bank
    return {question_text(bank.get(question_id)) for question_id in bank.deck(Phase(phase))}


def hidden_channel(server, name="secret"):
    nobody = {server.handle.default_role: discord.PermissionOverwrite(view_channel=False)}
    return server.handle.create_text_channel(name, overwrites=nobody)


# In a channel that is no dojo


@pytest.mark.parametrize("show", ["channel", "me"])
async def test_outside_a_dojo_the_answer_is_private(server, library, show):
    carla, kim = server.member("carla"), server.member("kim")

    answer = await carla.slash(server.lounge, "question", phase="meaning", show=show)

    assert answer.response.ephemeral
    assert question_of(answer.response) in shown(library)
    assert labels(answer.response) == ["Another", "Show all"]
    assert server.lounge.history(viewer=kim) == []


async def test_outside_a_dojo_the_chooser_gives_private_questions(server, library):
    carla, kim = server.member("carla"), server.member("kim")
    chooser = (await carla.slash(server.lounge, "question")).response
    assert "posted here for everyone" not in text(chooser)

    await carla.click(chooser, label="Meaning")

    assert question_of(chooser) in shown(library)
    assert server.lounge.history(viewer=kim) == []


@pytest.mark.parametrize("options", [{"phase": "meaning"}, {}], ids=["question", "chooser"])
async def test_outside_a_dojo_the_dojos_of_the_server_are_named(server, options):
    await server.set_up(server.handle.create_text_channel("evening"))
    evening = server.handle.channels["evening"]

    answer = await server.member("carla").slash(server.lounge, "question", **options)

    assert f"Dojos here: {server.dojo.mention} and {evening.mention}." in text(answer.response)


async def test_dojos_that_the_person_cannot_see_are_not_named(server):
    secret = hidden_channel(server)
    admins = server.handle.create_role(
        "Admins", permissions=discord.Permissions(administrator=True)
    )
    boss = server.member("boss", admins)
    await server.set_up(secret, by=boss)

    of_member = await server.member("carla").slash(server.lounge, "question", phase="meaning")
    of_boss = await boss.slash(server.lounge, "question", phase="meaning")

    assert server.dojo.mention in text(of_member.response)
    assert secret.mention not in text(of_member.response)
    assert secret.mention in text(of_boss.response)


async def test_dojos_of_another_server_are_not_named(world, server):
    elsewhere = world.guild(name="Elsewhere")
    await elsewhere.set_up()

    answer = await server.member("carla").slash(server.lounge, "question", phase="meaning")

    assert elsewhere.dojo.mention not in text(answer.response)


async def test_a_channel_that_was_deleted_is_not_named_as_a_dojo(world, server):
    evening = server.handle.create_text_channel("evening")
    await server.set_up(evening)
    world.env.backend.delete_channel(evening.id)
    await world.env.settle()

    answer = await server.member("carla").slash(server.lounge, "question", phase="meaning")

    assert server.dojo.mention in text(answer.response)
    assert evening.mention not in text(answer.response)


@pytest.mark.parametrize("options", [{"phase": "meaning"}, {}], ids=["question", "chooser"])
async def test_on_a_server_without_a_dojo_it_says_how_to_set_one_up(world, options):
    server = world.guild()

    answer = await server.member("carla").slash(server.lounge, "question", **options)

    assert "no dojo on this server" in text(answer.response)
    # No mention: a member would see "unavailable" in its place.
    assert "`/dojo setup`" in text(answer.response)
    assert answer.response.ephemeral


async def test_outside_a_dojo_nothing_repeats_before_the_phase_is_used_up(server, library):
    carla = server.member("carla")
    card = (await carla.slash(server.lounge, "question", phase="meaning")).response
    seen = [question_of(card)]
    for _ in range(18):
        await carla.click(card, label="Another")
        seen.append(question_of(card))

    assert set(seen) == shown(library)
    await carla.click(card, label="Another")
    assert question_of(card) in shown(library) - {seen[-1]}


async def test_a_run_outside_a_dojo_goes_on_after_a_restart(world, server, library):
    carla = server.member("carla")
    card = (await carla.slash(server.lounge, "question", phase="check-in")).response
    seen = [question_of(card)]
    for number in range(len(shown(library, "check-in")) - 1):
        if number in {3, 7}:
            await world.restart()
        await carla.click(card, label="Another")
        seen.append(question_of(card))

    assert set(seen) == shown(library, "check-in")


async def test_asking_outside_a_dojo_takes_nothing_from_a_dojo(server, library):
    carla = server.member("carla")
    seen = []
    for _ in shown(library, "check-in"):
        await carla.slash(server.lounge, "question", phase="check-in")
        answer = await carla.slash(server.dojo, "question", phase="check-in")
        seen.append(question_of(answer.response))

    assert set(seen) == shown(library, "check-in")


# Brought along, and in direct messages


def brought_along(world, person, context=0):
    """The app is installed to the person, not to the server."""
    world.payloads.set(
        person.id, authorizing_integration_owners={"1": str(person.id)}, context=context
    )


async def test_a_direct_message_gets_a_question(world, library):
    carla = world.person("carla")

    answer = await carla.slash("question", phase="meaning")

    assert question_of(answer.response) in shown(library)
    assert labels(answer.response) == ["Another", "Show all"]
    assert "dojo" not in text(answer.response)


async def test_in_a_direct_message_all_buttons_work(world, library):
    carla = world.person("carla")
    card = (await carla.slash("question")).response

    await carla.click(card, label="Meaning")
    first = question_of(card)
    await carla.click(card, label="Another")
    assert question_of(card) in shown(library) - {first}
    await choose(carla, card, "Other phase", "close")
    assert question_of(card) in shown(library, "close")
    await carla.click(card, label="Show all")
    await choose(carla, card, "Take one", menus(card)["Take one"][1])

    assert question_of(card) in shown(library, "close")
    assert labels(card) == ["Another", "Show all"]


async def test_where_a_person_brings_the_app_along_the_answer_is_private(world, server, library):
    carla = server.member("carla")
    brought_along(world, carla)

    answer = await carla.slash(server.lounge, "question", phase="meaning")
    await carla.click(answer.response, label="Another")

    assert answer.response.ephemeral
    assert question_of(answer.response) in shown(library)
    assert "dojo" not in text(answer.response)


async def test_brought_to_a_channel_it_once_was_a_dojo_in_the_answer_is_private(world, server):
    """The app was removed from the server, the dojo is still known, a member has it installed."""
    carla = server.member("carla")
    brought_along(world, carla)

    answer = await carla.slash(server.dojo, "question", phase="meaning")

    assert answer.response.ephemeral


async def test_in_a_private_channel_the_answer_is_private(world, library):
    carla = world.person("carla")
    brought_along(world, carla, context=2)

    answer = await carla.slash("question", phase="meaning")

    assert answer.response.ephemeral
    assert question_of(answer.response) in shown(library)


# Language


async def test_in_a_direct_message_the_words_are_in_the_persons_language(world, two_languages):
    world.content = two_languages
    await world.restart()
    carla = world.person("carla")
    world.payloads.set(carla.id, locale="it")

    answer = await carla.slash("question", phase="meaning")

    assert question_of(answer.response).startswith("Allora: ")
    assert "Significato" in texts(answer.response)[0]


async def test_a_locale_that_is_not_shipped_gets_english(world, library):
    carla = world.person("carla")
    world.payloads.set(carla.id, locale="ja")

    answer = await carla.slash("question", phase="meaning")

    assert question_of(answer.response) in shown(library)


async def test_in_a_dojo_the_language_is_that_of_the_dojo(world, server, two_languages, library):
    world.content = two_languages
    await world.restart()
    carla = server.member("carla")
    world.payloads.set(carla.id, locale="it")

    public = await carla.slash(server.dojo, "question", phase="meaning")
    private = await carla.slash(server.dojo, "question", phase="meaning", show="me")

    assert question_of(public.response) in shown(library)
    assert question_of(private.response) in shown(library)


async def test_a_dojo_that_changes_its_language_gives_its_questions_in_it(
    world, server, two_languages
):
    world.content = two_languages
    await world.restart()

    await server.set_up(language=["it"])
    answer = await server.member("carla").slash(server.dojo, "question", phase="meaning")

    assert question_of(answer.response).startswith("Allora: ")


async def test_a_dojo_whose_language_is_no_longer_shipped_goes_on_in_english(
    world, server, two_languages, library
):
    world.content = two_languages
    await world.restart()
    await server.set_up(language=["it"])
    shutil.rmtree(two_languages / "it")
    await world.restart()

    answer = await server.member("carla").slash(server.dojo, "question", phase="meaning")

    assert question_of(answer.response) in shown(library)
