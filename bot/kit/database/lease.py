"""One process per database file: the process that runs the bot on it holds the lock file beside it.

SQLite takes the lock from the operating system, so it works everywhere and ends with its process.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sqlite3
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path

from bot.kit.database.errors import StorageError
from bot.kit.database.private_files import make_private_file, make_private_folder
from bot.kit.database.watched_file import Identity, identity

# Not filelock: 4.2 takes 5.4 MB, a third of all the bot may take above a bare one, and it does not
# notice that its file is deleted or replaced while it is held, so `_look_after` would have to stay.

log = logging.getLogger(__name__)

PRIMARY_CODE = 0xFF
"""The bits of an SQLite error code that give its kind."""


@contextlib.asynccontextmanager
async def hold(
    path: Path,
    *,
    waiting: Callable[[], None],
    every: float = 1.0,
    taken: Callable[[], None] = lambda: None,
    look_every: float = 5.0,
) -> AsyncGenerator[None]:
    """Be the one process that runs the bot on the database `path`.

    While another process is, `waiting` is called once and the lock tried again every `every`
    seconds. Every `look_every` seconds this checks that the lock file is still there: if it is not,
    another process could lock a new one. `taken` is called when that has happened. Raises
    StorageError when the lock file cannot be used.
    """
    told = False
    while (connection := _take(path)) is None:
        if not told:
            waiting()
            told = True
        await asyncio.sleep(every)
    # The file stays: someone may have opened it already, and would then lock a deleted file.
    with contextlib.ExitStack() as held:
        held.callback(connection.close)
        own = identity(str(lock_file(path)))
        looking = asyncio.create_task(_look_after(path, held, own, taken, look_every), name="lock")
        try:
            yield
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)


async def _look_after(
    path: Path,
    held: contextlib.ExitStack,
    own: Identity | None,
    taken: Callable[[], None],
    every: float,
) -> None:
    """Keep holding the lock when its file, `own`, is deleted or replaced."""
    lock = str(lock_file(path))
    while True:
        await asyncio.sleep(every)
        if identity(lock) == own:
            continue
        try:
            connection = _take(path)
        except StorageError as error:
            log.error("%s", str(error))
            continue
        if connection is None:
            taken()
            return
        log.warning("the lock file %s was deleted or replaced while the bot runs", lock)
        held.callback(connection.close)
        own = identity(lock)


@contextlib.contextmanager
def hold_at_once(path: Path) -> Generator[None]:
    """Like `hold`, but raises StorageError when another process has the lock."""
    connection = _take(path)
    if connection is None:
        raise StorageError(f"A dojo-bot is running on {path}; stop it first.")
    with contextlib.closing(connection):
        yield


def lock_file(path: Path) -> Path:
    """The lock file of a database. It is the same through every link to the database."""
    real = Path(os.path.realpath(path))
    return real.with_name(f"{real.name}.lock")


def _take(path: Path) -> sqlite3.Connection | None:
    """The connection that holds the lock until it is closed. None while another process holds it.

    Never waits, so it needs no thread. A thread would go on after its caller is cancelled, and
    might take a lock that nobody gives back.
    """
    lock = lock_file(path)
    try:
        make_private_folder(path.parent)
        make_private_file(lock)
        return _lock(lock)
    except (sqlite3.Error, OSError) as error:
        raise StorageError(
            f"The database {path} cannot be kept for one process: {error}."
            f" The bot must be able to write {lock}."
        ) from error


def _lock(lock: Path) -> sqlite3.Connection | None:
    with contextlib.ExitStack() as stack:
        connection = sqlite3.connect(lock, timeout=0, isolation_level=None)
        stack.callback(connection.close)
        try:
            connection.execute("BEGIN EXCLUSIVE")
            if not connection.execute("SELECT 1 FROM sqlite_schema").fetchall():
                # An empty file could be mistaken for a new database of ours; this one is refused.
                connection.execute("CREATE TABLE held_while_a_bot_runs (unused)")
                connection.execute("COMMIT")
                connection.execute("BEGIN EXCLUSIVE")
            # Changes nothing, but fails where the file is read-only, so that nothing is locked.
            connection.execute("DELETE FROM held_while_a_bot_runs WHERE 0")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & PRIMARY_CODE == sqlite3.SQLITE_BUSY:
                return None
            raise
        stack.pop_all()
        return connection
