"""The commands on the shell, short of a running bot."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import __version__, check, cli
from bot.check import check_content
from bot.content.model.refusals import ContentRejected, Fault
from bot.kit.database.database import open_database
from bot.kit.database.private_files import exposed
from bot.privacy.store.retention import RetentionStore


@pytest.fixture(autouse=True)
def empty_place(tmp_path, monkeypatch):
    """A working directory without `.env`, and an environment without our settings."""
    monkeypatch.chdir(tmp_path)
    for name in ("DISCORD_TOKEN", "DOJO_DATABASE", "DOJO_LOG_LEVEL", "DOJO_SYNC_GUILDS"):
        monkeypatch.delenv(name, raising=False)
    # What is made here is made with the mask of most systems, and a command changes it.
    before = os.umask(0o022)
    yield
    os.umask(before)


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


def test_faulty_content_is_one_line_with_every_fault_and_exit_code_1(monkeypatch, capsys):
    faults = [Fault("en/phases.toml", "is missing"), Fault("en/signals.toml: S1", "twice")]

    def rejected(_):
        raise ContentRejected(tuple(faults))

    monkeypatch.setattr("bot.app.load_library", rejected)
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")

    assert cli.main(["run"]) == 1

    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("dojo-bot: Content: ")
    assert all(str(fault) in said for fault in faults)


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
    assert [line.split()[0] for line in lines] == ["ok", "ok", "ok", "ok"]
    assert "94 questions, 6 signals, 9 formats" in lines[1]
    assert not Path("dojo.sqlite3").exists()


def test_a_check_names_each_fault_and_ends_with_1(monkeypatch, capsys):
    Path("old.sqlite3").touch(mode=0o600)
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


@pytest.mark.parametrize(
    ("table", "command"),
    [
        ("dojos", ["run"]),
        ("rounds_open", ["run"]),
        ("own_contents", ["export", "12"]),
        ("own_contents", ["forget", "12", "--yes"]),
    ],
)
def test_a_damaged_table_ends_in_the_sentence_of_the_check(monkeypatch, capsys, table, command):
    """F16: what reads the table ended in a traceback."""
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
    path = Path("dojo.sqlite3")
    monkeypatch.setenv("DOJO_DATABASE", str(path))
    asyncio.run(make_empty(path))
    with contextlib.closing(sqlite3.connect(path)) as database:
        row = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,))
        (page,) = row.fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(range(1, 256)) * (size // 255 + 1))
    path.chmod(0o600)
    assert cli.main(["check"]) == 1
    finding = next(line for line in capsys.readouterr().out.splitlines() if "database:" in line)

    assert cli.main(command) == 1

    said = capsys.readouterr().err.splitlines()[-1]
    assert said == f"dojo-bot: The database {finding.removeprefix('FAULT database: ')}."
    assert "malformed" in said


async def make_empty(path: Path) -> None:
    async with open_database(path):
        pass


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


# Who else can read what is stored


posix = pytest.mark.skipif(os.name != "posix", reason="modes of files are of POSIX")


def made(name: str, mode: int) -> Path:
    path = Path(name)
    path.write_bytes(b"")
    path.chmod(mode)
    return path


def faults_of_check(capsys) -> list[str]:
    assert cli.main(["check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    return [line for line in lines if line.startswith("FAULT")]


@posix
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602, 0o660])
@pytest.mark.parametrize(
    "name",
    [
        ".env",
        *("dojo.sqlite3", "dojo.sqlite3-wal", "dojo.sqlite3-shm", "dojo.sqlite3.lock"),
        *("dojo.sqlite3.schema-4", "dojo.sqlite3.schema-4.unfinished"),
    ],
)
def test_a_file_that_others_can_open_is_a_fault_with_the_command_that_closes_it(
    name, mode, monkeypatch, capsys
):
    """S8: also the token, the log, and copies of an earlier version."""
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
    made("dojo.sqlite3", 0o600)
    made(name, mode)
    (fault,) = faults_of_check(capsys)
    assert (
        f"others can open {Path.cwd() / name if name != '.env' else name} (mode {mode:o})" in fault
    )
    command = fault.partition("close it with: ")[2]

    subprocess.run(command, shell=True, check=True)  # noqa: S602 - as an operator does

    assert cli.main(["check"]) == 0


@posix
def test_every_open_file_is_named(monkeypatch, capsys):
    """S8: a name with a space can be copied, too."""
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
    monkeypatch.setenv("DOJO_DATABASE", "our dojo.sqlite3")
    for name in ("our dojo.sqlite3", "our dojo.sqlite3-wal", ".env"):
        made(name, 0o644)
    faults = faults_of_check(capsys)
    assert len(faults) == 3
    assert f"chmod 600 '{Path.cwd()}/our dojo.sqlite3'" in faults[0]


@posix
def test_a_folder_in_which_others_can_change_files_is_a_fault(tmp_path, monkeypatch, capsys):
    """S8: an account that can replace the database need not be able to read it."""
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
    made("dojo.sqlite3", 0o600)
    tmp_path.chmod(0o770)
    (fault,) = faults_of_check(capsys)
    assert f"others can change {tmp_path} (mode 770)" in fault
    assert fault.endswith(f"chmod go-w {tmp_path}")
    tmp_path.chmod(0o1777)
    (fault,) = faults_of_check(capsys)
    assert "put the database into a folder of its own" in fault


@posix
def test_a_database_that_is_reached_by_a_link_is_looked_at_where_it_is(
    tmp_path, monkeypatch, capsys
):
    """S8."""
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
    inner = tmp_path / "inner"
    inner.mkdir(mode=0o700)
    made("inner/real.sqlite3", 0o644)
    made("inner/real.sqlite3-wal", 0o644)
    Path("dojo.sqlite3").symlink_to(inner / "real.sqlite3")
    assert len(faults_of_check(capsys)) == 2


def test_where_files_have_no_modes_nothing_is_said_of_them(monkeypatch, tmp_path):
    """S8: as on Windows."""
    made("dojo.sqlite3", 0o644)
    monkeypatch.setattr("bot.kit.database.private_files.os.name", "nt")
    assert exposed(tmp_path / "dojo.sqlite3") == []


@posix
@pytest.mark.parametrize("command", ["run", "check", "try"])
def test_every_command_makes_files_for_its_own_account_alone(command, monkeypatch):
    """S8: whatever the mask it was started with."""
    masks = []
    monkeypatch.setattr(f"bot.cli._{command}", lambda _: masks.append(_mask()) or 0)
    cli.main([command])
    assert masks == [0o077]


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


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


def test_what_few_people_ever_use_is_not_imported_at_start():
    """It would take half a megabyte for as long as the bot runs."""
    seldom = "{'csv', 'difflib', 'zipfile', 'PIL', 'simcord', 'bot.rehearsal'}"
    code = f"import sys, bot.run, bot.app; print(*sorted({seldom} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={"PYTHONPATH": str(check.SHIPPED.parent)},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout.strip() == ""


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
