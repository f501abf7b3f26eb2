"""Brings a database file to this program's schema: numbered SQL files in one transaction.

A file `migrations/NNNN_name.sql` contains statements only. Missing steps run as one script that
begins the transaction, sets `user_version` (which is part of it) and commits, because
`executescript` commits whatever is open when it starts.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import aiosqlite

from bot.kit.database.errors import StorageError
from bot.kit.database.private_files import make_private_file

MIGRATIONS = Path(__file__).parent / "migrations"
APPLICATION_ID = 0x646F6A6F
"""`dojo` in ASCII, in the file's header: marks the databases of this program."""

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from a schema to the next."""

    number: int
    name: str
    sql: str


def load_migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """The steps in order. Raises ValueError when the numbers are not 1, 2, 3, …"""
    steps: list[Migration] = []
    for file in sorted(folder.glob("*.sql")):
        match = _NAME.fullmatch(file.name)
        if match is None:
            raise ValueError(f"{file.name} is not named NNNN_name.sql")
        steps.append(Migration(int(match[1]), file.stem, file.read_text(encoding="utf-8")))
    if [step.number for step in steps] != list(range(1, len(steps) + 1)):
        raise ValueError("migration numbers must be 1, 2, 3, … without gaps")
    return steps


async def migrate(
    connection: aiosqlite.Connection, path: Path, steps: list[Migration] | None = None
) -> None:
    """Apply the missing steps. Raises StorageError for a file that is newer, or not ours.

    Before the first missing step, a copy of a database with data in it is saved beside it.
    """
    steps = load_migrations() if steps is None else steps
    version = await check_is_ours(connection, path, newest=len(steps))
    missing = steps[version:]
    if not missing:
        return
    if version:
        await _keep_copy(connection, path, version)
    try:
        # One transaction for all of them: no program could use a file between two schemas.
        await connection.executescript(
            "BEGIN IMMEDIATE;\n"
            + "\n".join(step.sql for step in missing)
            + f"\nPRAGMA application_id = {APPLICATION_ID};"
            + f"\nPRAGMA user_version = {len(steps)};\nCOMMIT;"
        )
    except sqlite3.Error as error:
        # A failed script leaves its transaction open.
        await connection.rollback()
        names = ", ".join(step.name for step in missing)
        raise StorageError(
            f"The database {path} could not be brought up to date ({names}: {error})."
            " It is unchanged."
        ) from error


async def check_is_ours(
    connection: aiosqlite.Connection, path: Path, *, newest: int | None = None
) -> int:
    """The schema version of the file, 0 for a new one. Writes nothing.

    Raises StorageError for a database of another program, or of a newer version of ours.
    """
    newest = len(load_migrations()) if newest is None else newest
    application = await _pragma(connection, "application_id")
    tables = list(await connection.execute_fetchall("SELECT 1 FROM sqlite_schema LIMIT 1"))
    if tables and application != APPLICATION_ID:
        raise StorageError(
            f"{path} is a database of another program. Choose another file with DOJO_DATABASE."
        )
    version = await _pragma(connection, "user_version")
    if version > newest:
        raise StorageError(
            f"The database {path} was made by a newer dojo-bot (schema {version}; this one knows"
            f" up to {newest}). Update dojo-bot, or use the copy kept before the update."
        )
    return version


async def _keep_copy(connection: aiosqlite.Connection, path: Path, version: int) -> None:
    """Copy the file as it is now beside it, replacing an older copy of the same schema."""
    copy = path.with_name(f"{path.name}.schema-{version}")
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    await asyncio.to_thread(unfinished.unlink, missing_ok=True)
    # An empty file keeps its mode when it is filled. SQLite's own copy would be readable for
    # everyone, even if the database is not.
    await asyncio.to_thread(make_private_file, unfinished)
    await connection.execute_fetchall("VACUUM INTO ?", (str(unfinished),))
    await asyncio.to_thread(unfinished.replace, copy)


async def _pragma(connection: aiosqlite.Connection, name: str) -> int:
    rows = list(await connection.execute_fetchall(f"PRAGMA {name}"))
    return int(rows[0][0])
