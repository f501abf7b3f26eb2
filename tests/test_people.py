"""`dojo-bot forget` and `dojo-bot export`, for people who can no longer reach the bot."""

from __future__ import annotations

import asyncio
import functools
import json
import sqlite3
import stat
from pathlib import Path

import pytest

from bot import cli
from bot.app import open_bot
from bot.kit.database.database import open_database
from bot.kit.database.lease import hold_at_once
from tests.rounds.store.samples import AT, CLIENT, COACH, NOTE, OBSERVER, RUNNING, Stores, make_dojo

NOBODY = 424_242_424_242


@pytest.fixture(autouse=True)
def database(tmp_path, monkeypatch) -> Path:
    """A database with a round, whose observer noted something, and one that is running."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "dojo.sqlite3"
    monkeypatch.setenv("DOJO_DATABASE", str(path))
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    # Whatever day it is, nothing of it is over yet.
    monkeypatch.setattr("bot.people.open_bot", functools.partial(open_bot, now=lambda: AT))

    async def fill() -> None:
        async with open_database(path) as opened:
            await make_dojo(opened)
            stores = Stores(opened)
            await stores.observe()
            assert await stores.notes.take(NOTE)
            await stores.rounds.add(RUNNING)

    asyncio.run(fill())
    return path


def answer(monkeypatch, text: str) -> None:
    monkeypatch.setattr("builtins.input", lambda prompt: print(prompt) or text)


def people_in(path: Path) -> set[int]:
    """Who is in the rounds of a database."""
    with sqlite3.connect(path) as opened:
        rows = opened.execute("SELECT user_id FROM round_people WHERE user_id IS NOT NULL")
        found = {user_id for (user_id,) in rows}
    opened.close()
    return found


def test_a_person_is_erased_after_a_yes(database, monkeypatch, capsys):
    """GDPR 12 and 17: also in a round that the stopped bot would go on with."""
    answer(monkeypatch, "yes")
    assert COACH in people_in(database)

    assert cli.main(["forget", str(COACH)]) == 0

    said = capsys.readouterr().out
    assert "rounds: 2" in said
    assert "Type yes" in said
    assert "Erased on every server" in said
    assert people_in(database) >= {CLIENT, OBSERVER}
    assert COACH not in people_in(database)
    assert cli.main(["forget", str(COACH)]) == 0
    assert f"An export of {COACH} would be empty." in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["", "no", "y", "yes please"])
def test_without_a_yes_nothing_is_erased(database, monkeypatch, capsys, typed):
    """GDPR 17: it cannot be undone, so anything else is a no."""
    answer(monkeypatch, typed)
    assert cli.main(["forget", str(COACH)]) == 1
    assert "Nothing was erased." in capsys.readouterr().out
    assert COACH in people_in(database)


def test_where_nobody_can_answer_nothing_is_erased(database, monkeypatch, capsys):
    """GDPR 17: from a script there is `--yes`."""

    def nobody(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    assert cli.main(["forget", str(COACH)]) == 1
    assert "Nothing was erased." in capsys.readouterr().out
    assert cli.main(["forget", str(COACH), "--yes"]) == 0
    assert COACH not in people_in(database)


def test_an_export_is_what_the_person_would_get(capsys):
    """GDPR 15: as JSON on the terminal."""
    assert cli.main(["export", str(OBSERVER)]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["user_id"] == str(OBSERVER)
    assert len(data["stored"]["rounds"]) == 2
    assert data["stored"]["notes"][0]["quote"] == NOTE.quote


def test_an_export_to_a_file_is_for_its_owner_alone(tmp_path, capsys):
    """GDPR 15 and 32: mode 0600, whatever the umask."""
    target = tmp_path / "theirs.json"
    assert cli.main(["export", str(OBSERVER), "--to", str(target)]) == 0
    assert json.loads(target.read_text(encoding="utf-8"))["user_id"] == str(OBSERVER)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert str(target) in capsys.readouterr().out


def test_an_export_does_not_overwrite_a_file(tmp_path, capsys):
    """It may be one that others can read."""
    target = tmp_path / "theirs.json"
    target.write_text("older")
    assert cli.main(["export", str(OBSERVER), "--to", str(target)]) == 1
    assert capsys.readouterr().err == (f"dojo-bot: {target} exists already; choose another name.\n")
    assert target.read_text() == "older"
    assert cli.main(["export", str(OBSERVER), "--to", str(tmp_path / "no" / "where")]) == 1
    assert "cannot be written: No such file or directory." in capsys.readouterr().err


@pytest.mark.parametrize("command", ["forget", "export"])
@pytest.mark.parametrize("typed", ["ana", "", "12x", "٣", "0", str(2**63), "1" * 30, "1.5"])
def test_what_is_no_account_number_is_one_plain_line_and_2(capsys, command, typed):
    """An error says what to do next, without a usage text or a traceback."""
    assert cli.main([command, typed]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "is no account number; in Discord, turn on Developer Mode" in said.err


@pytest.mark.parametrize("command", [["forget", "--yes"], ["export"]])
def test_while_a_bot_runs_on_the_database_it_is_refused_with_one_line(database, capsys, command):
    """What a running bot has in memory would be written again."""
    with hold_at_once(database):
        assert cli.main([*command, str(COACH)]) == 1
    assert capsys.readouterr().err == (
        f"dojo-bot: A dojo-bot is running on {database}; stop it first.\n"
    )
    assert COACH in people_in(database)


@pytest.mark.parametrize("command", ["forget", "export"])
def test_without_a_database_none_is_made(tmp_path, monkeypatch, capsys, command):
    """A mistyped path must not look like a person of whom nothing is stored."""
    monkeypatch.setenv("DOJO_DATABASE", str(tmp_path / "other.sqlite3"))
    assert cli.main([command, str(NOBODY)]) == 1
    assert "There is no database at" in capsys.readouterr().err
    assert not (tmp_path / "other.sqlite3").exists()
