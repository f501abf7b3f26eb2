"""Inspects a database file from outside: reads it, and never migrates it."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.kit.database.errors import broken_text


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a database file without knowing its tables."""

    whole: str
    """What SQLite says about its pages: `ok`, or what is damaged."""
    broken_references: int
    version: int
    application: int
    """The id of the program it belongs to."""
    tables: int


def read_facts(path: Path) -> Facts:
    """The facts about a file. Raises sqlite3.Error when it cannot be read."""
    try:
        return _facts(path)
    except UnicodeDecodeError as error:
        raise broken_text() from error


def _facts(path: Path) -> Facts:
    with _read_only(path) as database:

        def value(pragma: str) -> Any:  # noqa: ANN401 - a number or a text, as the pragma has it
            return database.execute(f"PRAGMA {pragma}").fetchone()[0]

        return Facts(
            whole=value("integrity_check"),
            broken_references=len(database.execute("PRAGMA foreign_key_check").fetchall()),
            version=value("user_version"),
            application=value("application_id"),
            tables=database.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()[0],
        )


def read_value(path: Path, name: str) -> str | None:
    """A value that the program stores about itself, or None. Raises sqlite3.Error."""
    with _read_only(path) as database:
        row = database.execute(
            "SELECT value FROM program_values WHERE name = ?", (name,)
        ).fetchone()
    return None if row is None else str(row[0])


def _read_only(path: Path) -> contextlib.closing[sqlite3.Connection]:
    # Not `open_database`: that would migrate the file.
    return contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True))
