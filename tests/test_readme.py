"""README, CHANGELOG and content/README.md tell the truth."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from discord import app_commands

from bot import cli
from bot.content import limits
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PRIVACY = (ROOT / "PRIVACY.md").read_text(encoding="utf-8")


def leaves(command: app_commands.Command | app_commands.Group) -> list[str]:
    if isinstance(command, app_commands.Group):
        return [name for inner in command.commands for name in leaves(inner)]
    return [command.qualified_name]


async def test_every_command_stands_in_the_readme(world):
    """By its full name, or by its last word in a line that begins with its group."""
    lines = [line for line in README.splitlines() if line.startswith("| `/")]
    for command in world.bot.tree.get_commands():
        for name in leaves(command):
            group, _, last = name.rpartition(" ")
            named = any(
                f"`/{name}" in line or (f"`/{group} " in line and f"`{last}`" in line)
                for line in lines
            )
            assert named, f"/{name} is not in the README"


async def test_the_readme_names_no_command_that_is_not_there(world):
    known = {name for command in world.bot.tree.get_commands() for name in leaves(command)}
    groups = {command.name for command in world.bot.tree.get_commands()}
    for said in re.findall(r"`/([a-z ]+)", README):
        assert said.strip() in known | groups | {"dojo content"}, f"/{said} is no command"


def test_privacy_gives_no_purpose_that_nothing_serves():
    """Claim 2: an evening always begins with the plan that is chosen for it."""
    assert "same plan" not in PRIVACY


def test_every_setting_stands_in_the_readme():
    names = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", Settings.from_env.__doc__ or ""))
    assert len(names) == 4
    for name in names:
        assert f"| `{name}` |" in README


@pytest.mark.parametrize("link", re.findall(r"\]\((?!https?:)([^)]+)\)", README))
def test_every_file_the_readme_links_is_there(link):
    assert (ROOT / link).exists()


@pytest.mark.parametrize("command", ["try", "run", "check", "forget", "export"])
def test_every_shell_command_of_the_readme_is_there(command, capsys):
    assert f"dojo-bot {command}" in README
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert command in capsys.readouterr().out


def test_the_limits_for_editors_are_those_that_are_checked():
    text = (ROOT / "content" / "README.md").read_text(encoding="utf-8")
    assert f"at most {limits.QUESTION_TEXT} characters" in text
    assert f"at most {limits.SIGNAL_TEXT} characters" in text
    assert f"at most {limits.PHASE_LABEL} characters" in text
    assert f"at most {limits.FORMAT_ID} characters" in text


def test_the_article_is_linked_once():
    assert README.count("coachingoutsidethebox.net") == 1
