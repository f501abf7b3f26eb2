"""What Discord is told about the commands, and when."""

from __future__ import annotations

import asyncio
from unittest import mock

import discord
import pytest

from bot.kit.steps import NotYet
from tests.rounds.ui.steps import running, title
from tests.rounds.ui.trouble import COACH
from tests.simulation.world import text

GUILD, BOT_DM, PRIVATE = 0, 1, 2
OF_GUILD, OF_USER = 0, 1
A_PERSON = 6
EVERYWHERE = ["partnership", "question", "signals", "feedback", "help", "about", "my"]


def registered(world) -> dict[str, dict]:
    return {name: command for (name, _), command in world.env.backend.commands[None].items()}


def syncs(world) -> int:
    return sum(
        request.method == "PUT" and request.path.endswith("/commands")
        for request in world.env.http_requests
    )


def entries(command, path=""):
    """The command, its subcommands and all options, with their paths."""
    path = f"{path} {command['name']}".strip()
    yield path, command
    for option in command.get("options", []):
        yield from entries(option, path)


NOT_YET = {"drill signals", "drill say", "my practice", "my reminders"}
NOT_YET |= {"dojo schedule"}
"""What the command map has beyond what there is (claim 12)."""


async def test_the_commands_are_those_of_the_command_map(world):
    paths = [
        path
        for command in registered(world).values()
        for path, entry in entries(command)
        if entry["type"] == 1 and not any(o["type"] in (1, 2) for o in entry.get("options", []))
    ]

    assert not NOT_YET & set(paths), "they are there now"
    assert sorted(paths) == sorted(
        [
            "question",
            "partnership",
            "signals",
            "help",
            "about",
            "observe",
            "feedback",
            "my asking",
            "my export",
            "my forget",
            "round start",
            "round now",
            "round pause",
            "round resume",
            "round extend",
            "round next",
            "round end",
            "round replace",
            "dojo setup",
            "dojo settings",
            "dojo check",
            "dojo status",
            "dojo open",
            "dojo record",
            "dojo rehearse",
            "dojo content export",
            "dojo content import",
        ]
    )


async def test_every_command_and_option_is_described_and_fits(world):
    for command in registered(world).values():
        for path, entry in entries(command):
            assert 1 <= len(entry["description"]) <= 100, path
            assert entry["description"] != "…", path
            assert 1 <= len(entry["name"]) <= 32, path
            assert len(entry.get("options", [])) <= 25, path
            assert len(entry.get("choices", [])) <= 25, path


async def test_questions_have_the_options_of_the_command_map(world):
    phase, show = registered(world)["question"]["options"]

    assert [choice["value"] for choice in phase["choices"]] == [
        "start",
        "check-in",
        "meaning",
        "action",
        "close",
    ]
    assert [choice["value"] for choice in show["choices"]] == ["channel", "me"]
    assert not phase.get("required")
    assert not show.get("required")


def options(world, command: str) -> dict[str, dict]:
    """The options of a subcommand, by name, in the order in which Discord shows them."""
    group, name = command.split()
    (found,) = [entry for entry in registered(world)[group]["options"] if entry["name"] == name]
    return {option["name"]: option for option in found.get("options", [])}


async def test_a_round_is_started_with_the_options_of_the_command_map(world):
    """B3: without people it offers the last group, so that nobody has to be named."""
    people = dict.fromkeys(("coach", "client", "observer1", "observer2"), False)
    started = options(world, "round start")

    needed = {name: option.get("required", False) for name, option in started.items()}
    assert needed == {**people, "observer3": False, "format": False}
    assert list(started) == list(needed)
    assert {started[name]["type"] for name in started if name != "format"} == {A_PERSON}
    assert started["format"]["autocomplete"]


async def test_a_segment_is_lengthened_by_1_to_30_minutes(world):
    (minutes,) = options(world, "round extend").values()

    assert (minutes["name"], minutes["required"]) == ("minutes", True)
    assert (minutes["min_value"], minutes["max_value"]) == (1, 30)


async def test_a_seat_is_handed_over_by_naming_both_people(world):
    named = options(world, "round replace")

    assert [(name, one["type"], one["required"]) for name, one in named.items()] == [
        ("member", A_PERSON, True),
        ("by", A_PERSON, True),
    ]


@pytest.mark.parametrize("name", ["now", "pause", "resume", "next", "end"])
async def test_a_round_is_steered_without_further_words(world, name):
    assert options(world, f"round {name}") == {}


@pytest.mark.parametrize("name", ["dojo", "round"])
async def test_commands_of_dojos_and_rounds_are_for_servers_only(world, name):
    command = registered(world)[name]

    assert command["contexts"] == [GUILD]
    assert command["integration_types"] == [OF_GUILD]


async def test_commands_of_rounds_are_shown_to_everybody(world):
    assert registered(world)["round"]["default_member_permissions"] is None


async def test_commands_of_facilitators_are_hidden_from_others(world):
    rights = int(registered(world)["dojo"]["default_member_permissions"])

    assert rights == discord.Permissions(manage_channels=True).value


@pytest.mark.parametrize("name", EVERYWHERE)
async def test_commands_of_everybody_work_everywhere(world, name):
    command = registered(world)[name]

    assert sorted(command["contexts"]) == [GUILD, BOT_DM, PRIVATE]
    assert sorted(command["integration_types"]) == [OF_GUILD, OF_USER]
    assert command["default_member_permissions"] is None


async def test_commands_of_dojos_and_rounds_are_not_offered_in_direct_messages(world):
    offered = world.person("carla").available_commands()

    assert sorted(offered) == sorted(
        [
            "partnership",
            "question",
            "signals",
            "feedback",
            "help",
            "about",
            "my asking",
            "my export",
            "my forget",
        ]
    )


async def test_discord_is_told_the_commands_once(world):
    assert syncs(world) == 1

    await world.restart()
    await world.restart(crash=True)

    assert syncs(world) == 1


async def test_discord_is_told_again_when_the_commands_have_changed(world, monkeypatch):
    monkeypatch.setattr("bot.client.EXTENSIONS", ("cogs.questions", "cogs.guide"))

    await world.restart()
    assert syncs(world) == 2
    assert sorted(registered(world)) == ["about", "help", "partnership", "question", "signals"]
    await world.restart()
    assert syncs(world) == 2


async def test_commands_that_discord_did_not_take_are_told_again_until_it_does(
    world, server, monkeypatch
):
    """W3: with growing pauses, and `/dojo status` says so in the meantime; nobody restarts
    anything."""
    fay = server.manager()
    monkeypatch.setattr("bot.client.EXTENSIONS", ("cogs.questions", "cogs.dojos"))
    world.env.inject_error("PUT", "/applications/*/commands", status=503, times=3)
    await world.restart()
    assert syncs(world) == 2
    assert "feedback" in registered(world)
    status = (await fay.slash(server.dojo, "dojo status")).response
    assert "Discord does not have all of them yet" in text(status)

    await world.later(10 + 20)
    assert syncs(world) == 4
    assert "feedback" in registered(world)
    await world.later(40)

    assert sorted(registered(world)) == ["dojo", "question"]
    status = (await fay.slash(server.dojo, "dojo status")).response
    assert "**Commands:**" not in text(status)
    await world.later(3600)
    assert syncs(world) == 5


async def test_a_refused_sync_leaves_the_commands_working(world, monkeypatch):
    server = world.guild()
    monkeypatch.setattr("bot.sync.fingerprint", lambda _: "others")
    world.env.inject_error("PUT", "/applications/*/commands", status=500)
    with pytest.raises(NotYet):
        await world.bot._sync.run()

    answer = await server.member("carla").slash(server.dojo, "question", phase="close")

    assert answer.response.ephemeral


async def test_a_start_does_not_wait_long_for_commands(world, server, monkeypatch):
    """W3: Discord takes ten minutes for them; rounds go on."""
    # A login is waited for in real time.
    monkeypatch.setattr("bot.client.COMMANDS_SECONDS", 0.02)
    group = await running(world, server)

    async def slow(*_, **__):
        await asyncio.sleep(600)

    with (
        mock.patch("discord.app_commands.CommandTree.sync", slow),
        mock.patch("bot.sync.fingerprint", return_value="others"),
    ):
        await world.away(5)
        await world.later(COACH)
        assert title(group.card) == "🗣️ Coaching"


async def test_copies_for_a_guild_go_when_it_is_no_longer_configured(world):
    """And mentions everywhere else use the ids that hold everywhere."""
    server = world.guild()
    for_all = world.bot.mention_command("question")
    await world.bot._sync.run([server.id])
    assert server.id in world.env.backend.commands
    assert world.bot.mention_command("question") == for_all

    await world.restart()

    assert not world.env.backend.commands.get(server.id)
    assert world.bot.mention_command("question") == for_all


async def test_a_login_that_failed_half_way_can_be_repeated(world):
    await world.bot.setup_hook()

    server = world.guild()
    answer = await server.member("carla").slash(server.lounge, "question", phase="close")
    assert answer.response is not None
