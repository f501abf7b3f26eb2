"""One SQLite file: a single writer, separate readers, and transactions that survive cancellation.

Every connection has a thread of its own (aiosqlite), so nothing here blocks the event loop. The
writer commits with `synchronous=FULL`: an acknowledged write survives a power cut.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol, cast

import aiosqlite

from bot.kit.batcher import Asked, Batcher
from bot.kit.database.batches import BATCH, Batch, Counted
from bot.kit.database.errors import StorageError, broken_text
from bot.kit.database.migrate import check_is_ours, migrate
from bot.kit.database.moments import EPOCH
from bot.kit.database.private_files import make_private_file, make_private_folder
from bot.kit.database.watched_file import WatchedReader, WatchedWriter
from bot.kit.database.write_log import TRIES, WriteLog

READERS = 2
"""Connections for short reads, which people wait for. Long reads have a connection of their own."""
IN_MEMORY = ":memory:"
"""SQLite's name for a database without a file. It is refused, because it has no log."""
BUSY_TIMEOUT_MS = 5_000
PAGES_IN_LOG = 4_000
"""Pages in the log after which the writer copies it into the file, if nothing else has."""
MOST_IN_ONE_COMMIT = 32
"""Statements in one commit. All their callers continue in the same turn of the event loop."""

Value = int | float | str | bytes | None
Row = sqlite3.Row


class Statements(Protocol):
    """Something that runs SQL: the database itself, or a transaction."""

    async def all(self, sql: str, *values: Value) -> list[Row]:
        """Every row that the statement returns."""
        ...

    async def one(self, sql: str, *values: Value) -> Row | None:
        """The first row that the statement returns, or None."""
        ...


class Transaction:
    """Statements that are committed together or not at all."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def all(self, sql: str, *values: Value) -> list[Row]:
        """Run a statement and return all its rows."""
        # execute_fetchall leaves no cursor open: an open one makes the next COMMIT fail.
        return list(await self._connection.execute_fetchall(sql, values))

    async def one(self, sql: str, *values: Value) -> Row | None:
        """Run a statement and return its first row, or None."""
        rows = await self.all(sql, *values)
        return rows[0] if rows else None


class _Statement(NamedTuple):
    """A statement that waits for its commit."""

    sql: str
    values: tuple[Value, ...]


def _given_up() -> sqlite3.Error:
    return sqlite3.OperationalError("the write was given up")


@dataclass(frozen=True, slots=True)
class Health:
    """How the database is doing."""

    file_bytes: int
    schema_version: int
    write_seconds: float
    """How long one durable write took just now, in seconds."""
    holds_erased: bool = False
    """Whether erased data is still in the files, because another program is reading them."""


class Database:
    """The database of one bot. `open_database` makes it and closes it."""

    def __init__(
        self,
        path: Path,
        writer: aiosqlite.Connection,
        readers: Iterable[aiosqlite.Connection],
        long_reader: aiosqlite.Connection,
        now: Callable[[], datetime],
    ) -> None:
        self.path = path
        self.now = now
        """Gives the present. Readers do not see anything that has expired by then."""
        self._writer = writer
        self._writing = asyncio.Lock()
        self._batcher = Batcher[_Statement, list[Row]](
            "commit",
            lambda batch: self._commit(batch),
            most=MOST_IN_ONE_COMMIT,
            slot=lambda: self._writing,
            given_up=_given_up,
        )
        self._owner: asyncio.Task[object] | None = None
        self._readers = itertools.cycle(readers)
        self._long_reader = long_reader
        self._reading_long = asyncio.Lock()
        self._log = WriteLog(
            writer, self._writing, long_reader, self._reading_long, BUSY_TIMEOUT_MS
        )

    async def all(self, sql: str, *values: Value) -> list[Row]:
        """Every row of a query, as last committed."""
        return list(await next(self._readers).execute_fetchall(sql, values))

    async def one(self, sql: str, *values: Value) -> Row | None:
        """The first row of a query, as last committed, or None."""
        rows = await self.all(sql, *values)
        return rows[0] if rows else None

    async def write(self, sql: str, *values: Value) -> list[Row]:
        """Run one statement by itself; it is on disk when this returns.

        Returns the rows of a `RETURNING` clause. Statements that come while a commit is under way
        share the next one, so that many people do not wait for each other. A statement that breaks
        a constraint fails alone; one that ends the whole transaction (a full disk) also fails the
        statements that shared it. A statement goes on when its caller is cancelled.
        """
        if self._owner is not None and self._owner is asyncio.current_task():
            raise RuntimeError("inside a transaction, use the transaction")
        return await self._batcher.ask(_Statement(sql, values))

    async def change(self, sql: str, *values: Value) -> int:
        """Run one statement in a commit of its own. Returns how many rows it changed on disk.

        Cheaper than `write` for a statement that changes many rows.
        """
        async with self._writing:
            run = cast("Callable[..., Awaitable[list[int]]]", self._writer.execute_fetchall)
            (count,) = await run(BATCH, Counted(sql, values))
        self._log.count_commit()
        return count

    async def _commit(self, batch: Sequence[Asked[_Statement, list[Row]]]) -> None:
        """Run statements and tell each caller how it went."""
        run = cast("Callable[..., Awaitable[list[Any]]]", self._writer.execute_fetchall)
        statements = [asked.item for asked in batch]
        if len(batch) == 1:
            # Commits by itself, for the price of one trip to the writer's thread.
            results = await asyncio.gather(run(*statements[0]), return_exceptions=True)
        else:
            # One trip to the thread for all: a trip for each would cost more than the statements.
            results = await run(BATCH, Batch(statements))
        for asked, result in zip(batch, results, strict=True):
            asked.tell(result if isinstance(result, BaseException) else list(result))
        self._log.count_commit()

    @contextlib.asynccontextmanager
    async def transaction(self, *, weight: int = 1) -> AsyncGenerator[Transaction]:
        """A transaction: committed at the end of the block, rolled back on any exception.

        Keep it short, and never talk to Discord inside: nobody else can write in the meantime.
        `weight` says how many small transactions it counts for, where it changes a lot.
        """
        async with self._writing:
            try:
                # Inside the try: cancelled during BEGIN, it would leave a transaction open forever.
                await self._writer.execute_fetchall("BEGIN IMMEDIATE")
                self._owner = asyncio.current_task()
                yield Transaction(self._writer)
                if not self._writer.in_transaction:
                    # A full disk, for example, ends a transaction by itself. Even if the block
                    # handled that error, not all of its statements are on disk.
                    raise sqlite3.OperationalError("the transaction was ended by an error")
                await self._writer.commit()
                self._log.count_commit(weight)
            except BaseException:
                # Shielded, so that a second cancellation cannot skip it. Without a transaction
                # (BEGIN failed, or COMMIT had already happened) a rollback does nothing.
                await asyncio.shield(self._writer.rollback())
                raise
            finally:
                self._owner = None

    @contextlib.asynccontextmanager
    async def long_read(self) -> AsyncGenerator[Statements]:
        """A long read of one consistent state that keeps nobody waiting; one at a time."""
        async with self._reading_long:
            try:
                await self._long_reader.execute_fetchall("BEGIN")
                yield Transaction(self._long_reader)
            finally:
                # The log cannot be emptied while a transaction reads from it.
                await asyncio.shield(self._long_reader.rollback())

    @property
    def holds_erased(self) -> bool:
        """Whether erased data is still in the files, because another program is reading them."""
        return self._log.holds_erased

    async def scrub(self, tries: int = TRIES) -> bool:
        """Remove every trace of erased data from the files. Returns whether that succeeded.

        It is impossible while another program reads them: then this returns False within half a
        second, and the work is done when that program has finished, or at the next start.
        """
        return await self._log.empty(tries)

    async def finish(self) -> None:
        """Wait until nobody is in the middle of a write."""
        try:
            await self._batcher.finish()
            async with self._writing:
                pass
        finally:
            # Last: each commit may begin something there.
            await self._log.close()

    async def health(self) -> Health:
        """Measure the database now, with one real durable write. Raises StorageError."""
        clock = asyncio.get_running_loop().time
        try:
            began = clock()
            await self.write(
                "INSERT INTO program_values (name, value) VALUES ('health', '1')"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            )
            write_seconds = clock() - began
            version = await self.all("PRAGMA user_version")
        except sqlite3.Error as error:
            raise StorageError(f"The database {self.path} does not answer: {error}.") from error
        return Health(
            file_bytes=sum(file.stat().st_size for file in self._files() if file.exists()),
            schema_version=int(version[0][0]),
            write_seconds=write_seconds,
            holds_erased=self.holds_erased,
        )

    def _files(self) -> list[Path]:
        return [self.path, self.path.with_name(self.path.name + "-wal")]


@contextlib.asynccontextmanager
async def open_database(
    path: Path, *, now: Callable[[], datetime] = lambda: EPOCH
) -> AsyncGenerator[Database]:
    """Open the database file, creating and migrating it if necessary. Closes it on every way out.

    `now` gives the present. Readers no longer see words whose time is over, long before the night
    in which they are erased. Without `now` nothing expires.

    Raises StorageError, with a sentence for the operator, when the file cannot be used.
    """
    # This stack closes every connection: one left open keeps the process from exiting.
    async with contextlib.AsyncExitStack() as stack:
        try:
            await asyncio.to_thread(_make_openable, path)
            writer = await _connect(stack, path, WatchedWriter)
            # Before anything about the file changes, even its mode.
            await check_is_ours(writer, path)
            await _prepare_writer(writer)
            await migrate(writer, path)
            long_reader, *readers = [await _connect(stack, path) for _ in range(1 + READERS)]
            for reader in (long_reader, *readers):
                await reader.execute_fetchall("PRAGMA query_only = 1")
        except (sqlite3.Error, OSError) as error:
            raise _unusable(path, error) from error
        except UnicodeDecodeError as error:
            raise _unusable(path, broken_text()) from error
        database = Database(path, writer, readers, long_reader, now)
        try:
            try:
                # Data erased just before the program was killed may still be in the log.
                await database.scrub(tries=1)
            except sqlite3.Error as error:
                raise _unusable(path, error) from error
            yield database
        finally:
            await database.finish()


def _unusable(path: Path, error: Exception) -> StorageError:
    return StorageError(f"The database {path} cannot be used: {error}.")


def _make_openable(path: Path) -> None:
    """Create folder and file for this account alone, and raise here if the file cannot be opened.

    A connection of aiosqlite that fails to open leaves its thread behind for a moment, and that
    thread prints a traceback when it finds the event loop closed.
    """
    make_private_folder(path.parent)
    # SQLite would make it, and its log, readable for everyone.
    if str(path) != IN_MEMORY:
        make_private_file(path)
    sqlite3.connect(path).close()


async def _connect(
    stack: contextlib.AsyncExitStack, path: Path, factory: type[sqlite3.Connection] = WatchedReader
) -> aiosqlite.Connection:
    # isolation_level=None: the driver begins no transaction by itself.
    connection = await stack.enter_async_context(
        aiosqlite.connect(path, isolation_level=None, factory=factory)
    )
    connection.row_factory = sqlite3.Row
    await connection.execute_fetchall(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    return connection


async def _prepare_writer(writer: aiosqlite.Connection) -> None:
    (row,) = await writer.execute_fetchall("PRAGMA journal_mode = WAL")
    mode = row[0]
    if mode != "wal":
        raise StorageError(
            f"The database cannot use a write-ahead log here (it stays in mode {mode})."
            " Put it on a local disk."
        )
    await writer.execute_fetchall("PRAGMA synchronous = FULL")
    # Nobody can write while the log is copied into the file: do it less often, so that the evening
    # of a large group hardly notices. The log is 16 MB at most, with pages of 4 kB.
    await writer.execute_fetchall(f"PRAGMA wal_autocheckpoint = {PAGES_IN_LOG}")
    await writer.execute_fetchall("PRAGMA foreign_keys = ON")
    # Erased data is overwritten, not only unlinked.
    await writer.execute_fetchall("PRAGMA secure_delete = ON")
