"""Quick databases for tests that are about something else than the disk.

The tests of storage that open and migrate files, and all programs that tests start, use the disk
as an operator's bot does.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest import mock

from bot.storage import database, migrate

_make_openable = database._make_openable
_prepare_writer = database._prepare_writer
_migrations = functools.cache(migrate.load_migrations)


@contextlib.contextmanager
def ready_made() -> Iterator[None]:
    """While the context lasts, a new database is a copy of one that the program has made.

    Migrating costs half of what it takes to open a new file.
    """
    _new_file()
    with (
        mock.patch("bot.storage.database._make_openable", _make_ready),
        mock.patch("bot.storage.migrate.load_migrations", _migrations),
    ):
        yield


@contextlib.contextmanager
def quick_databases() -> Iterator[None]:
    """As `ready_made`, and nothing waits for the disk: here nobody pulls a plug."""
    with ready_made(), mock.patch("bot.storage.database._prepare_writer", _hurried):
        yield


async def _hurried(writer: Any) -> None:
    await _prepare_writer(writer)
    await writer.execute_fetchall("PRAGMA synchronous = OFF")


def _make_ready(path: Path) -> None:
    _make_openable(path)
    if not path.stat().st_size:
        path.write_bytes(_new_file())


@functools.cache
def _new_file() -> bytes:
    """A database as the program leaves it when it has made it and ends."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as threads:
        path = Path(folder) / "new.sqlite3"
        # In a thread of its own: whoever asks may be in an event loop.
        threads.submit(asyncio.run, _make(path)).result()
        return path.read_bytes()


async def _make(path: Path) -> None:
    async with database.open_database(path):
        pass
