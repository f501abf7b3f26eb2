"""What CONTRIBUTING.md tells newcomers to do works as it is written there."""

from __future__ import annotations

import re
import textwrap
import tomllib
from pathlib import Path

from bot.content.library import load_library
from bot.kit.discord import actions
from bot.rounds.service.live import LiveRounds
from tests.content.trees import copy_language
from tests.rounds.ui.steps import running
from tests.simulation.forged import click, said

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def blocks(heading: str, language: str) -> list[str]:
    """The blocks of code of a section."""
    (section,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    return [
        textwrap.dedent(block)
        for block in re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    ]


async def test_a_button_is_added_as_it_says(world, server, monkeypatch):
    declared = list(actions.ACTIONS)
    monkeypatch.setattr(actions, "ACTIONS", declared)
    declaration, handler = blocks("Add a button", "python")
    imports = (
        "from bot.kit.discord.actions import Button\n"
        "from bot.kit.discord.answers import reply\n"
        "from bot.kit.discord.cards import card, row\n"
        "from bot.kit.discord.interactions import Interaction\n"
    )
    shown = "BUTTON = row(WAVE.button(round_id=17))"
    assert f"`{shown.removeprefix('BUTTON = ')}`" in TEXT
    module: dict[str, object] = {}
    exec("\n".join((imports, declaration, handler, shown)), module)  # noqa: S102 - our own page

    new = declared[-1]
    assert new.handler is module["wave"]
    handlers = [one.handler.__module__ for one in declared if one.handler is not None]
    actions.check_actions(declared, handlers)
    group = await running(world, server)
    (round_,) = world.bot.services[LiveRounds].all()
    pressed = await click(group.coach, group.room, new.custom_id(round_id=round_.id))
    assert said(pressed) == f"👋 from round {round_.id}"


def test_a_format_is_added_as_it_says(tmp_path):
    folder = copy_language(tmp_path)
    (entry,) = blocks("Add a signal or a format", "toml")
    file = folder / "formats.toml"
    file.write_text(f"{file.read_text()}\n{entry}")
    added = load_library(tmp_path)["en"].formats["pair-8"]
    assert added.name == "Quick pair"


def test_a_language_is_added_as_it_says(tmp_path):
    copy_language(tmp_path)
    copy_language(tmp_path, "es")
    assert set(load_library(tmp_path)) == {"en", "es"}


def test_the_plan_shows_the_features_as_they_stand_on_each_other():
    """From above to below, as the import rules have them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (layers,) = [
        contract["layers"]
        for contract in project["tool"]["importlinter"]["contracts"]
        if "bot.kit" in contract.get("layers", ())
    ]
    order = [re.findall(r"bot\.(\w+)", layer) for layer in layers]
    features = [name for names in order for name in names if (ROOT / "bot" / name).is_dir()]
    features.remove("rehearsal")
    (plan,) = re.findall(r"^ guide .*?(?=^```)", TEXT, re.MULTILINE | re.DOTALL)
    lines = [line.split()[:2] for line in plan.splitlines()]
    assert [word for words in lines for word in words if word in features] == features


def test_the_files_it_names_are_there():
    named = re.findall(r"`((?:bot|tests|content|cogs)/[\w./]+)`", TEXT)
    # Those it tells to make are not there yet.
    missing = [name for name in named if not (ROOT / name).exists() and name not in ("content/es",)]
    assert named
    assert missing == []
