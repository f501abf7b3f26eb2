"""Whatever goes wrong, the person gets a sentence, and the log says where it happened."""

from __future__ import annotations

import logging
import re
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.dojos.service.timezones import TimeZones
from bot.kit.discord.answers import AnswerLost
from bot.kit.discord.failures import COUNTS, TROUBLE
from bot.kit.logs import ContextFilter
from bot.privacy.service.privacy import PrivacyService
from bot.questions.service import QuestionService
from tests.simulation.world import SETUP, choose, labels, text, told

ON_MY_SIDE = re.compile(
    r"Something went wrong on my side\. .* this reference: \*\*(?P<reference>[0-9A-F]{6})\*\*\."
)


class Boom(Exception):
    """An error that the bot could not foresee."""


def breaks(monkeypatch, service, method) -> None:
    def boom(*args, **options):
        raise Boom("the secret of kim")

    async def later_boom(*args, **options):
        boom()

    is_async = method not in {"begin_loose", "pick_loose", "find", "get", "known", "of_guild"}
    monkeypatch.setattr(service, method, later_boom if is_async else boom)


def reference_in(said: str) -> str:
    match = ON_MY_SIDE.fullmatch(said)
    assert match, said
    return match["reference"]


@pytest.fixture
def log(caplog):
    """Log records with the context that a line of the log shows."""
    caplog.handler.addFilter(ContextFilter())
    caplog.set_level(logging.INFO)
    return caplog


@pytest.fixture
def broken(world, log):
    """Checks that a failure was told with a reference that is in the log with its place."""
    world.provoked += (Boom,)

    def check(result, *, server, command, channel=None) -> None:
        said = told(result)
        reference = reference_in(said)
        assert "Boom" not in said
        assert "kim" not in said
        record = next(entry for entry in log.records if reference in entry.getMessage())
        assert record.levelno == logging.ERROR
        assert record.exc_info[0] is Boom
        assert f"guild={server.id}" in record.context
        assert f"channel={(channel or server.dojo).id}" in record.context
        assert f"command={command}" in record.context

    return check


# Failures of our own


async def test_a_failure_in_a_command_is_told_with_a_reference(server, broken, monkeypatch):
    breaks(monkeypatch, QuestionService, "pick")

    answer = await server.member("carla").slash(server.dojo, "question", phase="close")

    broken(answer, server=server, command="/question")


async def test_a_failure_in_a_subcommand_names_the_whole_command(server, broken, monkeypatch):
    breaks(monkeypatch, ContentService, "export_file")

    answer = await server.manager().slash(server.dojo, "dojo content export")

    broken(answer, server=server, command="/dojo content export")


async def test_a_failure_after_the_answer_was_deferred_is_told(server, broken, monkeypatch):
    breaks(monkeypatch, PrivacyService, "export_file")

    answer = await server.member("carla").slash(server.dojo, "my export")

    broken(answer, server=server, command="/my export")


async def test_a_failure_in_a_button_is_told(server, broken, monkeypatch):
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close")).response
    breaks(monkeypatch, QuestionService, "pick")

    answer = await carla.click(card, label="Another")

    broken(answer, server=server, command="question:instead")


async def test_a_failure_in_a_button_that_was_deferred_is_told(server, broken, monkeypatch):
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close", show="me")).response

    async def send(self, *args, **options):
        raise Boom

    monkeypatch.setattr(discord.abc.Messageable, "send", send)

    answer = await carla.click(card, label="Share with the room")

    broken(answer, server=server, command="private:share")


async def test_a_failure_in_a_menu_is_told(server, broken, monkeypatch):
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close")).response
    breaks(monkeypatch, QuestionService, "pick")

    answer = await choose(carla, card, "Other phase", "start")

    broken(answer, server=server, command="question:phase")


async def test_a_failure_in_a_form_is_told(server, broken, monkeypatch):
    fay = server.manager()
    form = await fay.slash(server.dojo, "dojo setup")
    breaks(monkeypatch, DojoService, "set_up")

    answer = await fay.submit_modal(form, SETUP)

    broken(answer, server=server, command="setup")


async def test_a_failure_before_a_form_opens_is_told(server, broken, monkeypatch):
    breaks(monkeypatch, DojoService, "known")

    answer = await server.manager().slash(server.dojo, "dojo setup")

    broken(answer, server=server, command="/dojo setup")


async def test_a_failure_in_a_direct_message_is_told(world, log, monkeypatch):
    world.provoked += (Boom,)
    breaks(monkeypatch, QuestionService, "pick_loose")

    answer = await world.person("carla").slash("question", phase="close")

    reference = reference_in(told(answer))
    record = next(entry for entry in log.records if reference in entry.getMessage())
    assert "guild=" not in record.context
    assert "command=/question" in record.context


async def test_a_failure_while_typing_offers_nothing_and_is_in_the_log(server, log, monkeypatch):
    breaks(monkeypatch, TimeZones, "suggest")

    choices = await server.manager().autocomplete(server.dojo, "dojo setup", "timezone", "rom")

    unanswered = server.world.unanswered()
    server.world.env.backend.interactions.clear()
    assert choices == []
    assert unanswered == []
    assert any(entry.exc_info and entry.exc_info[0] is Boom for entry in log.records)


async def test_two_failures_have_two_references(server, broken, monkeypatch):
    breaks(monkeypatch, QuestionService, "pick")
    carla = server.member("carla")

    one = await carla.slash(server.dojo, "question", phase="close")
    two = await carla.slash(server.dojo, "question", phase="close")

    assert reference_in(told(one)) != reference_in(told(two))


async def test_after_a_failure_the_same_button_works_again(world, server, monkeypatch):
    world.provoked += (Boom,)
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close")).response
    with monkeypatch.context() as patch:
        breaks(patch, QuestionService, "pick")
        await carla.click(card, label="Another")
    await world.later(1)

    answer = await carla.click(card, label="Another")

    assert labels(answer.response) == ["Another", "Show all"]


async def test_one_failing_button_does_not_leak_its_place_into_the_next_log_line(
    server, broken, monkeypatch
):
    carla, kim = server.member("carla"), server.member("kim")
    card = (await carla.slash(server.dojo, "question", phase="close")).response
    breaks(monkeypatch, QuestionService, "pick")
    await carla.click(card, label="Another")
    await server.set_up(server.lounge)

    answer = await kim.slash(server.lounge, "question", phase="close")

    broken(answer, server=server, command="/question", channel=server.lounge)


# Refusals by Discord


async def test_a_right_that_discord_says_is_missing_is_told(world, server):
    world.provoked += (discord.Forbidden,)
    carla, kim = server.member("carla"), server.member("kim")
    world.env.inject_error("POST", "/channels/*/threads", status=403, code=50013)

    answer = await carla.slash(server.dojo, "round start", coach=carla, client=kim)

    assert "I lack a permission here" in told(answer)
    assert "/dojo check" in told(answer)


async def test_a_403_that_names_no_right_sends_nobody_to_the_permissions(world, server):
    """F6: it comes from what stands before Discord."""
    world.provoked += (discord.Forbidden,)
    carla, kim = server.member("carla"), server.member("kim")
    world.env.inject_error("POST", "/channels/*/threads", status=403, code=40333)

    answer = await carla.slash(server.dojo, "round start", coach=carla, client=kim)

    assert told(answer) == TROUBLE


async def test_an_answer_whose_card_was_closed_meanwhile_is_not_told_as_a_failure(world, server):
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close", show="me")).response
    world.env.inject_error("PATCH", "/webhooks/*", status=404, code=10008)

    answer = await carla.click(card, label="Share with the room")

    assert answer.followups == []
    assert len([one for one in server.dojo.history() if not one.flags.ephemeral]) == 1


async def test_a_deleted_channel_is_told_as_gone(world, server):
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close", show="me")).response
    world.env.inject_error("POST", "/channels/*/messages", status=404, code=10003)

    answer = await carla.click(card, label="Share with the room")

    assert told(answer) == "What this belonged to is gone. Please use the command again."


@pytest.mark.parametrize("status", [400, 500, 503])
async def test_an_answer_that_fails_is_told_as_such(world, server, log, status):
    """W10: what was asked for is done; a reference only where the fault is our own."""
    world.provoked += (AnswerLost,)
    world.env.inject_error("POST", "/interactions/*/callback", status=status)

    answer = await server.member("carla").slash(server.dojo, "question", phase="close")

    assert told(answer).startswith(COUNTS)
    references = re.findall("[0-9A-F]{6}", told(answer))
    assert len(references) == (status == 400)
    for reference in references:
        assert any(reference in entry.getMessage() for entry in log.records)


async def test_an_answer_that_discord_does_not_take_at_all_is_in_the_log(world, server, log):
    world.provoked += (AnswerLost,)
    carla = server.member("carla")
    world.env.inject_error("POST", "/interactions/*/callback", status=500, times=2)

    await carla.slash(server.dojo, "question", phase="close")

    assert any("could not tell the person" in entry.getMessage() for entry in log.records)
    assert len(world.unanswered()) == 1
    world.env.backend.interactions.clear()


async def test_a_refusal_is_no_error_in_the_log(server, log):
    answer = await server.manager().slash(server.lounge, "dojo settings")

    assert "not a dojo" in told(answer)
    assert [entry for entry in log.records if entry.levelno >= logging.WARNING] == []


# What nobody knows any more


def stored(world, card) -> Any:
    """The components of a card as Discord has them; changes stay."""
    return world.env.backend.get_message(card.channel_id, card.id).components[0]["components"]


async def old_card(server, custom_id):
    """A card with a button whose custom id this version does not know."""
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close")).response
    for part in stored(server.world, card):
        for item in part.get("components", []):
            if item.get("label") == "Another":
                item["custom_id"] = custom_id
            if item.get("placeholder") == "Other phase":
                item["custom_id"] = custom_id + ":menu"
    return carla, card


OUTDATED = (
    "This belongs to an older version of me and no longer works. Please use the command again."
)


@pytest.mark.parametrize(
    "custom_id",
    [
        "dojo:0:question:close:another",
        "dojo:1:gone",
        "dojo:1:question:nowhere:another",
        "dojo:1:question:close:another:more",
        "dojo:1:private:close:another:12345678901:0",
        "somebody else's",
    ],
)
@pytest.mark.parametrize("kind", ["button", "menu"])
async def test_a_component_nobody_knows_any_more_answers_kindly(server, custom_id, kind):
    carla, card = await old_card(server, custom_id)

    if kind == "button":
        answer = await carla.click(card, label="Another")
    else:
        answer = await choose(carla, card, "Other phase", "start")

    assert told(answer) == OUTDATED


async def test_a_menu_with_a_value_nobody_knows_any_more_is_answered(world, server):
    carla = server.member("carla")
    card = (await carla.slash(server.dojo, "question", phase="close")).response
    stored(world, card)[-1]["components"][0]["options"][0]["value"] = "reflection"

    answer = await choose(carla, card, "Other phase", "reflection")

    assert told(answer) == "There is no question for that phase. Choose another phase."


async def test_a_form_nobody_knows_any_more_answers_kindly(server):
    fay = server.manager()
    form = await fay.slash(server.dojo, "dojo setup")
    form._interaction.modal["custom_id"] = "dojo:0:setup"

    answer = await fay.submit_modal(form, SETUP)

    assert told(answer) == OUTDATED


async def test_a_command_nobody_knows_any_more_answers_kindly(world, server):
    (about,) = [
        command
        for (name, _), command in world.env.backend.commands[None].items()
        if name == "about"
    ]
    world.env.backend.commands[None][("gone", 1)] = {**about, "name": "gone"}
    world.provoked += (app_commands.CommandNotFound,)

    answer = await server.member("carla").slash(server.dojo, "gone")

    assert "This command has changed since your Discord last looked." in told(answer)


async def test_an_answer_to_a_refused_person_shows_no_card(server):
    carla = server.member("carla")
    server.show_commands_to(carla)

    answer = await carla.slash(server.dojo, "dojo settings")

    assert text(answer.response) == told(answer)
