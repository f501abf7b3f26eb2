"""README, CHANGELOG and content/README.md tell the truth."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from discord import app_commands

from bot import cli
from bot.content import limits
from bot.gatherings.model.gathering import CALL_BACK, Places, arriving_for, boarding_for
from bot.gatherings.model.plan import plan
from bot.gatherings.ui.words import planner_line
from bot.settings import Settings
from tests.sources import PLAIN, name_of, on

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


def test_the_readme_quotes_the_planner_as_it_speaks(library):
    """Claim 7: the card says how many would have no turn, and not who."""
    quick = library["en"].formats["quick-10"]
    arriving = arriving_for(10, Places.THREADS)
    moving = CALL_BACK + boarding_for(10, Places.THREADS, 2)
    planned = plan(10, quick, moving=moving, arriving=arriving)
    quoted = planner_line(planned).partition(" of ")[0]
    assert f"“{quoted}”, and how many would have no turn" in README


def test_sentences_for_people_stand_where_the_docs_say():
    """Claim 10: in ui, cogs and content; those of an exported file with the export."""
    elsewhere = {
        name_of(path)
        for path in on(*PLAIN)
        if any(map(_is_sentence, _constants(ast.parse(path.read_text()))))
    }
    assert elsewhere == {"bot/privacy/service/privacy.py"}


def _constants(tree: ast.AST) -> list[str]:
    """The texts of a module, without docstrings, lines of the log and errors."""
    left_out: set[int] = set()
    for one in ast.walk(tree):
        is_log = isinstance(one, ast.Call) and ast.unparse(one.func).startswith("log.")
        if isinstance(one, ast.Raise | ast.Assert) or is_log:
            left_out |= {id(inner) for inner in ast.walk(one)}
        elif isinstance(one, ast.Expr):
            left_out.add(id(one.value))
    constants = [one for one in ast.walk(tree) if isinstance(one, ast.Constant)]
    return [
        one.value for one in constants if isinstance(one.value, str) and id(one) not in left_out
    ]


def _is_sentence(text: str) -> bool:
    return re.fullmatch(r"[A-Z][a-z].*[.!?]", text, re.DOTALL) is not None and text.count(" ") >= 3


def test_the_readme_starts_the_bot_without_what_only_developers_need():
    """A2, A3: nothing is put into the system's Python, and no test tools beside the token."""
    started = re.findall(r"uv run ([^`\n]*?)dojo-bot", README)
    assert len(started) >= 5
    assert all("--no-dev" in options for options in started)
    extras = set(re.findall(r"--extra (\w+)", README))
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert extras == {"try"} <= set(known)
    for line in re.findall(r".*pip install .*uv.*", README):
        assert "venv .uv" in line
    assert "python3 -m pip install" not in README


@pytest.mark.parametrize(
    ("command", "option"), [("try", "--people"), ("run", "--sync"), ("export", "--to")]
)
def test_options_of_the_readme_are_there(command, option, capsys):
    """A2: the commands that it names work as they stand there."""
    assert option in README
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    assert option in capsys.readouterr().out


def test_every_setting_stands_in_the_readme():
    names = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", Settings.from_env.__doc__ or ""))
    assert len(names) == 4
    for name in names:
        assert f"| `{name}` |" in README


def test_every_file_the_readme_links_is_there():
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


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
