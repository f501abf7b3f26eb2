"""`/signals`, `/help` and `/about` from end to end."""

from __future__ import annotations

import pytest

from bot import __version__
from bot.guide.cards import ARTICLE
from bot.kit.discord.text import safe
from tests.simulation.world import SETUP, labels, question_of, text

# Signals


async def all_signals(actor, answer) -> str:
    await actor.click(answer.response, label="How to tell")
    said = text(answer.response)
    while "Next page" in labels(answer.response):
        await actor.click(answer.response, label="Next page")
        said += "\n" + text(answer.response)
    return said


async def test_the_signals_are_six_lines_first_and_lead_with_partnering(server):
    """C18: a cheat sheet; how to tell is behind it, and so is the way back."""
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "signals")).response

    assert card.ephemeral
    lines = [line for line in text(card).splitlines() if line.startswith("**S")]
    assert len(lines) == 6
    said = lines[0].replace("\N{NO-BREAK SPACE}", " ")
    assert said == "**S1** 🤝 Meaning invited · 🔸 Meaning made for the client"
    assert labels(card) == ["How to tell"]
    short = text(card)

    await carla.click(card, label="How to tell")
    assert "Page 1 of 2" in text(card)
    assert text(card).index("Meaning invited") < text(card).index("Meaning made for")
    assert labels(card) == ["Next page", "All in short"]
    await carla.click(card, label="All in short")
    assert text(card) == short


async def test_the_pages_show_both_sides_of_all_six_codes_and_how_to_tell(server, library):
    carla = server.member("carla")

    said = await all_signals(carla, await carla.slash(server.dojo, "signals"))

    assert [signal.code for signal in library["en"].signals.signals] == [
        f"S{number}" for number in range(1, 7)
    ]
    for signal in library["en"].signals.signals:
        assert f"### {signal.code} · 🤝 {signal.counterpart.name}" in said
        for words in (
            signal.short,
            signal.looks,
            signal.listen,
            signal.tie_break,
            signal.name,
            signal.counterpart.text,
        ):
            assert safe(words) in said
        assert f"Related to PCC Markers {', '.join(signal.markers)}" in said


async def test_signals_turn_back_and_after_a_restart(world, server):
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "signals")).response
    await carla.click(card, label="How to tell")
    first = text(card)
    await carla.click(card, label="Next page")
    await world.restart()

    await carla.click(card, label="Previous page")

    assert text(card) == first


async def test_signals_work_in_a_direct_message(world, library):
    carla = world.person("carla")

    said = await all_signals(carla, await carla.slash("signals"))

    assert all(f"### {signal.code} ·" in said for signal in library["en"].signals.signals)


async def test_signals_are_those_of_the_dojo(server):
    await server.give_content('version = 1\n[hide]\nsignals = ["S1", "S2", "S3"]\n')

    carla = server.member("carla")
    in_dojo = await carla.slash(server.dojo, "signals")
    elsewhere = await server.member("kim").slash(server.lounge, "signals")

    assert "**S1**" not in text(in_dojo.response)
    assert "**S4**" in text(in_dojo.response)
    assert "Page" not in await all_signals(carla, in_dojo)
    assert "**S1**" in text(elsewhere.response)


# Help

FOR_FACILITATORS = "**For facilitators**"


async def test_help_in_a_dojo_says_that_it_is_one_and_offers_a_question(server):
    answer = await server.member("carla").slash(server.dojo, "help")

    said = text(answer.response)
    assert answer.response.ephemeral
    assert "This channel is a dojo" in said
    assert labels(answer.response) == ["What is partnership?", "Ask for a question"]
    assert FOR_FACILITATORS not in said


async def test_help_elsewhere_leads_to_the_dojos(server):
    answer = await server.member("carla").slash(server.lounge, "help")

    assert f"The dojos of this server: {server.dojo.mention}." in text(answer.response)


async def test_help_for_a_member_where_there_is_no_dojo_says_who_can_make_one(world):
    server = world.guild()

    answer = await server.member("carla").slash(server.dojo, "help")

    said = text(answer.response)
    assert "There is no dojo on this server yet. Someone who manages channels" in said
    assert "`/dojo setup`" in said
    assert labels(answer.response) == ["What is partnership?", "Ask for a question"]


async def test_help_for_a_manager_where_there_is_no_dojo_opens_the_form(world):
    server = world.guild()
    fay = server.manager()
    card = (await fay.slash(server.dojo, "help")).response
    assert labels(card) == ["What is partnership?", "Set up this channel"]

    form = await fay.click(card, label="Set up this channel")
    result = await fay.submit_modal(form, SETUP)

    assert "This channel is a dojo now" in text(result.response)


@pytest.mark.parametrize("by", ["rights", "role"])
async def test_help_for_facilitators_shows_their_commands(server, by):
    await server.set_up(role=[server.facilitators])
    role = server.facilitators if by == "role" else server.managers
    fay = server.member("fay", role)

    answer = await fay.slash(server.dojo, "help")

    said = text(answer.response)
    assert FOR_FACILITATORS in said
    for command in ("setup", "settings", "check", "content export", "content import"):
        assert f"</dojo {command}:" in said


async def test_help_in_a_direct_message_speaks_of_no_server(world):
    answer = await world.person("carla").slash("help")

    said = text(answer.response)
    assert "only you see my answers" in said
    assert " server" not in said
    assert FOR_FACILITATORS not in said


async def test_help_where_a_person_brings_the_app_along_offers_no_set_up(world):
    server = world.guild()
    fay = server.manager()
    world.payloads.set(fay.id, authorizing_integration_owners={"1": str(fay.id)})

    answer = await fay.slash(server.lounge, "help")

    assert labels(answer.response) == ["What is partnership?", "Ask for a question"]
    assert "dojo setup" not in text(answer.response)


async def test_every_command_that_help_names_can_be_clicked(world, server):
    answer = await server.manager().slash(server.dojo, "help")

    ids = {name: command["id"] for (name, _), command in world.env.backend.commands[None].items()}
    said = text(answer.response)
    assert "`/" not in said
    for name in ("question", "signals", "about"):
        assert f"</{name}:{ids[name]}>" in said
    for name in ("my export", "my forget"):
        assert f"</{name}:{ids['my']}>" in said


async def test_commands_can_still_be_clicked_after_a_restart_without_a_sync(world, server):
    carla = server.member("carla")
    before = text((await carla.slash(server.dojo, "help")).response)

    await world.restart()

    assert text((await carla.slash(server.dojo, "help")).response) == before


async def test_asking_from_the_help_stays_private(server):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "help")).response

    chooser = (await carla.click(card, label="Ask for a question")).response
    await carla.click(chooser, label="Meaning")

    assert chooser.ephemeral
    assert question_of(chooser)
    assert "Share with the room" in labels(chooser)
    assert server.dojo.history(viewer=kim) == []


async def test_asking_from_the_help_works_in_a_direct_message_after_a_restart(world):
    carla = world.person("carla")
    card = (await carla.slash("help")).response
    await world.restart()

    chooser = (await carla.click(card, label="Ask for a question")).response

    assert labels(chooser) == ["Start", "Check-in", "Meaning", "Action", "Close"]


# About


async def test_about_credits_the_article_once_and_claims_no_affiliation(server):
    answer = await server.member("carla").slash(server.dojo, "about")

    said = text(answer.response)
    assert answer.response.ephemeral
    assert said.count(f"[What does partnership mean in coaching?]({ARTICLE})") == 1
    assert said.count("coachingoutsidethebox") == 1
    assert said.count("Lucia Baldelli") == 1
    assert "no affiliation" in said


async def test_about_says_what_is_stored_and_which_version_it_is(server):
    answer = await server.member("carla").slash(server.dojo, "about")

    said = text(answer.response)
    assert "I do not store who asks for questions" in said
    assert "/my export" in said
    assert "/my forget" in said
    assert f"Version {__version__}" in said


async def test_about_works_in_a_direct_message(world):
    answer = await world.person("carla").slash("about")

    assert "**Privacy**" in text(answer.response)


async def test_help_offers_no_question_to_who_may_not_ask_for_one(server):
    await server.set_up(asking="facilitators")

    member = await server.member("carla").slash(server.dojo, "help")
    facilitator = await server.manager().slash(server.dojo, "help")

    assert "facilitators ask for the questions" in text(member.response)
    assert labels(member.response) == ["What is partnership?"]
    assert labels(facilitator.response) == ["What is partnership?", "Ask for a question"]
