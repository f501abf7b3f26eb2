"""The commands on the shell, short of a running bot."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import __version__, check, cli
from bot.check import check_content
from bot.storage.database import open_database
from bot.storage.retention import RetentionStore


@pytest.fixture(autouse=True)
def empty_place(tmp_path, monkeypatch):
    """A working directory without `.env`, and an environment without our settings."""
    monkeypatch.chdir(tmp_path)
    for name in ("DISCORD_TOKEN", "DOJO_DATABASE", "DOJO_LOG_LEVEL", "DOJO_SYNC_GUILDS"):
        monkeypatch.delenv(name, raising=False)


def test_running_without_a_token_is_one_line_and_exit_code_2(capsys):
    assert cli.main(["run"]) == 2
    errors = capsys.readouterr().err
    assert errors.count("\n") == 1
    assert "DISCORD_TOKEN is missing" in errors


def test_every_faulty_setting_is_named_in_one_line(monkeypatch, capsys):
    monkeypatch.setenv("DISCORD_TOKEN", "to ken")
    monkeypatch.setenv("DOJO_LOG_LEVEL", "loud")
    monkeypatch.setenv("DOJO_SYNC_GUILDS", "12, x")

    assert cli.main(["run"]) == 2

    errors = capsys.readouterr().err
    assert errors.count("\n") == 1
    for name in ("DISCORD_TOKEN", "DOJO_LOG_LEVEL", "DOJO_SYNC_GUILDS"):
        assert name in errors


def test_settings_come_from_a_file_and_the_environment_wins(monkeypatch):
    Path(".env").write_text('DISCORD_TOKEN="from the file"\nDOJO_LOG_LEVEL=debug\n')
    monkeypatch.setenv("DISCORD_TOKEN", "from.environment")

    assert cli.environment()["DISCORD_TOKEN"] == "from.environment"
    assert cli.environment()["DOJO_LOG_LEVEL"] == "debug"


def test_an_unreadable_file_of_settings_is_one_line_and_exit_code_2(capsys):
    Path(".env").write_bytes(b"\xff\xfe\x00")

    assert cli.main(["run"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert __version__ in capsys.readouterr().out


def test_without_a_command_it_says_which_there_are(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([])
    assert ended.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


def test_a_check_of_everything_in_order_ends_with_0(monkeypatch, capsys):
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
    assert cli.main(["check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["ok", "ok", "ok"]
    assert "91 questions, 6 signals, 9 formats" in lines[1]
    assert not Path("dojo.sqlite3").exists()


def test_a_check_names_each_fault_and_ends_with_1(monkeypatch, capsys):
    Path("old.sqlite3").write_text("not a database, but long enough to be one" * 100)
    monkeypatch.setenv("DOJO_DATABASE", "old.sqlite3")

    assert cli.main(["check"]) == 1

    faults = [line for line in capsys.readouterr().out.splitlines() if line.startswith("FAULT")]
    assert "DISCORD_TOKEN is missing" in faults[0]
    assert "old.sqlite3 cannot be read" in faults[1]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("PRAGMA user_version = 999", "has schema 999"),
        ("PRAGMA application_id = 5", "belongs to another program"),
    ],
)
async def test_a_check_judges_the_database_without_changing_it(statement, said, tmp_path):
    path = tmp_path / "dojo.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE a (b)")
        database.execute("PRAGMA application_id = 1685023343")
        database.execute(statement)
    database.close()
    before = path.read_bytes()

    finding = await check.check_database(path)

    assert not finding.good
    assert said in finding.text
    assert path.read_bytes() == before


@pytest.mark.parametrize(("behind", "is_fault"), [(25, True), (24, False), (-9000, False)])
async def test_a_check_finds_a_clock_that_is_before_the_last_purge(tmp_path, behind, is_fault):
    """U1: one that is ahead cannot be known without Discord."""
    path = tmp_path / "dojo.sqlite3"
    last = datetime(2026, 3, 1, 3, tzinfo=UTC)
    async with open_database(path) as database:
        await RetentionStore(database).remember_purge(last)

    findings = await check.check_clock(path, last - timedelta(hours=behind))

    assert [one.good for one in findings] == [False] * is_fault
    if is_fault:
        assert "this machine says 2026-02-28 02:00 UTC" in findings[0].text
        assert "nothing is erased by its age before that" in findings[0].text
    assert await check.check_clock(tmp_path / "none.sqlite3", last) == []


def test_a_check_of_content_gives_a_line_for_every_fault(tmp_path):
    tree = tmp_path / "content"
    shutil.copytree(check.SHIPPED, tree)
    (tree / "en" / "phases.toml").unlink()
    (tree / "en" / "signals.toml").write_text("signal = 4")

    findings = check_content(tree)

    assert not any(finding.good for finding in findings)
    assert {finding.text.split(":")[0] for finding in findings} >= {
        "en/phases.toml",
        "en/signals.toml",
    }


def test_nothing_is_read_at_import():
    """Importing every part of the bot needs no settings, no files and no SimCord."""
    code = (
        "import builtins, sys\n"
        "import bot.cli, bot.app, bot.check, bot.rehearsal\n"
        "import cogs.questions, cogs.guide, cogs.dojos, cogs.privacy\n"
        "assert 'simcord' not in sys.modules\n"
        "assert 'bot.content.library' in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={"PYTHONPATH": str(check.SHIPPED.parent)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
