from __future__ import annotations

import logging

import pytest
from discord import app_commands

from bot.rehearsal.errors import LogLines, Reporter, one_line


class Refusal(Exception):
    """What the bot raises to decline something."""


def caught(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as raised:
        return raised


def wrapped(error: Exception) -> app_commands.CommandInvokeError:
    @app_commands.command()
    async def ask(interaction) -> None:
        """Ask."""

    return app_commands.CommandInvokeError(ask, caught(error))


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def reporter(lines) -> Reporter:
    return Reporter(lines.append, (Refusal,))


def test_an_error_is_one_line_with_its_place():
    line = one_line(wrapped(KeyError("gone\nand more")))
    assert line.startswith("KeyError: 'gone")
    assert "test_errors.py, line" in line
    assert "\n" not in line


def test_an_error_the_log_told_is_not_told_again(reporter, lines):
    error = wrapped(ValueError("broken"))
    with LogLines(reporter):
        logging.getLogger("bot").error("failure A1B2", exc_info=error.original)
    reporter.errors([error])
    (line,) = lines
    assert line.startswith("Error: failure A1B2: ValueError: broken (")


def test_an_error_the_log_kept_is_told(reporter, lines):
    reporter.errors([caught(ValueError("broken"))])
    assert lines[0].startswith("Error: ValueError: broken")


def test_a_refusal_is_no_error(reporter, lines):
    reporter.errors([wrapped(Refusal()), caught(Refusal())])
    assert not lines


def test_trouble_that_stays_is_told_once(reporter, lines):
    for _ in range(3):
        reporter.trouble(TimeoutError("busy"))
    reporter.well()
    reporter.trouble(TimeoutError("busy"))
    assert lines == ["Time could not pass: TimeoutError: busy"] * 2
