"""The configuration from the environment."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError

TOKEN = "not.a-real.token"


def fault(**environment: str) -> str:
    """What is said of a faulty environment: always one line."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(environment)
    assert len(str(refused.value).splitlines()) == 1
    return str(refused.value)


def test_nothing_needs_to_be_set():
    settings = Settings.from_env({})
    assert settings == Settings("", Path("dojo.sqlite3"), logging.INFO, ())


def test_everything_can_be_set():
    settings = Settings.from_env(
        {
            "DISCORD_TOKEN": f" {TOKEN}\n",
            "DOJO_DATABASE": " data/other.sqlite3 ",
            "DOJO_LOG_LEVEL": "debug",
            "DOJO_SYNC_GUILDS": "11, 22 33,",
            "PATH": "/bin",
        }
    )
    assert settings == Settings(TOKEN, Path("data/other.sqlite3"), logging.DEBUG, (11, 22, 33))


@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_value_is_as_if_not_set(value):
    names = ("DISCORD_TOKEN", "DOJO_DATABASE", "DOJO_LOG_LEVEL", "DOJO_SYNC_GUILDS")
    assert Settings.from_env(dict.fromkeys(names, value)) == Settings()


def test_a_tilde_is_the_home_folder(monkeypatch):
    monkeypatch.setenv("HOME", "/home-of-somebody")
    settings = Settings.from_env({"DOJO_DATABASE": "~/dojo.sqlite3"})
    assert settings.database == Path("/home-of-somebody/dojo.sqlite3")


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("DISCORD_TOKEN", "two words", "DISCORD_TOKEN has white space in it"),
        ("DOJO_LOG_LEVEL", "loud", "DOJO_LOG_LEVEL is"),
        ("DOJO_LOG_LEVEL", "loud\nand clear", "DOJO_LOG_LEVEL is"),
        ("DOJO_LOG_LEVEL", "CRITICAL", "DOJO_LOG_LEVEL is"),
        ("DOJO_DATABASE", "postgresql://host/dojo", "DOJO_DATABASE must be the path of a file"),
        ("DOJO_DATABASE", "~nobody-of-that-name/dojo.sqlite3", "DOJO_DATABASE"),
        ("DOJO_SYNC_GUILDS", "12,dojo", "DOJO_SYNC_GUILDS must be ids of servers"),
        ("DOJO_SYNC_GUILDS", "-1", "DOJO_SYNC_GUILDS must be ids of servers"),
        ("DOJO_SYNC_GUILDS", "1.5", "DOJO_SYNC_GUILDS must be ids of servers"),
        ("DOJO_SYNC_GUILDS", "١٢", "DOJO_SYNC_GUILDS must be ids of servers"),
    ],
)
def test_a_fault_is_told_by_its_name(name, value, problem):
    assert fault(**{name: value}).startswith(problem)


def test_all_faults_are_told_in_one_line():
    said = fault(
        DISCORD_TOKEN="a b",
        DOJO_LOG_LEVEL="loud",
        DOJO_DATABASE="mysql://x",
        DOJO_SYNC_GUILDS="x",
    )
    for name in ("DISCORD_TOKEN", "DOJO_LOG_LEVEL", "DOJO_DATABASE", "DOJO_SYNC_GUILDS"):
        assert name in said


def test_a_token_is_in_no_fault_and_in_no_repr():
    assert TOKEN not in fault(DISCORD_TOKEN=f"Bot {TOKEN}")
    settings = Settings.from_env({"DISCORD_TOKEN": TOKEN})
    assert TOKEN not in repr(settings)
    assert TOKEN not in str(settings)


def test_a_missing_token_is_told_only_where_one_is_needed():
    settings = Settings.from_env({})
    with pytest.raises(SettingsError, match=r"DISCORD_TOKEN is missing.*\.env"):
        settings.with_token()
    assert Settings(TOKEN).with_token() == Settings(TOKEN)
