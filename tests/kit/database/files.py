"""Looks at database files from outside, and at programs that use them."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
PUT = "INSERT INTO program_values (name, value) VALUES (?, 'x')"


@contextlib.contextmanager
def outside(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of another program, which commits at once."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def names_in(path: Path) -> set[str]:
    """The names of all program values, as another program sees them."""
    with outside(path) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM program_values")}


def schema_version(path: Path) -> int:
    with outside(path) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def dump(path: Path) -> list[str]:
    """Everything in a database, schema and rows."""
    with outside(path) as connection:
        return list(connection.iterdump())


def database_threads() -> list[threading.Thread]:
    """Threads of connections that are still open: one keeps a process from exiting."""
    return [thread for thread in threading.enumerate() if "connection_worker" in thread.name]


@dataclass(frozen=True)
class Ended:
    """How a program ended."""

    code: int | None
    output: str
    errors: str


async def run_program(source: str, *arguments: object, seconds: float = 15) -> Ended:
    """Run Python source to its end; a program that hangs is killed and has no code."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        source,
        *map(str, arguments),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, errors = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        process.kill()
        output, errors = await process.communicate()
        return Ended(None, output.decode(), errors.decode())
    return Ended(process.returncode, output.decode(), errors.decode())
