"""Quick databases and loops for tests that are about neither the disk nor threads.

Tests of storage, and programs that tests start, use threads as an operator's bot does, and nearly
all of them use the disk, too.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import tempfile
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest import mock

import aiosqlite

from bot.kit.database import database, migrate

TURNS_WITHOUT_ASKING = 8
"""Of a busy loop: what a thread answers is noticed within so many."""
MOST_TURNS = 300
"""Of a loop that comes to no rest: then SimCord looks whether its patience is over."""
_THREADS = ThreadPoolExecutor()
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
        mock.patch("bot.kit.database.database._make_openable", _make_ready),
        mock.patch("bot.kit.database.migrate.load_migrations", _migrations),
    ):
        yield


@contextlib.contextmanager
def no_waiting() -> Iterator[None]:
    """While the context lasts, nothing waits for the disk.

    What has been written outlives the program, but not the machine.
    """
    with mock.patch("bot.kit.database.database._prepare_writer", _hurried):
        yield


@contextlib.contextmanager
def quick_databases() -> Iterator[None]:
    """As `ready_made`, and nothing waits for the disk or a thread: here nobody pulls a plug.

    To and from the thread of a connection is most of what a statement costs.
    """
    with (
        ready_made(),
        no_waiting(),
        mock.patch("aiosqlite.core.Connection", _WithoutThread),
    ):
        yield


@contextlib.contextmanager
def quick_loop() -> Iterator[None]:
    """While the context lasts, the running loop rarely asks the system what has come in.

    It does so at once when it has nothing else to do; SimCord, which would look at each turn if the
    bot has come to rest, looks then. And what is to run in a thread runs in one of those that stay
    for the next test.
    """
    loop: Any = asyncio.get_running_loop()
    genuine = loop._selector.select
    turns = itertools.count(1)
    rest = _UntilRest(loop)

    def select(timeout: float | None = None) -> list[Any]:
        if rest.waiting and rest.comes(timeout):
            timeout = 0
        return [] if timeout == 0 and next(turns) % TURNS_WITHOUT_ASKING else genuine(timeout)

    with (
        mock.patch.object(loop._selector, "select", select),
        mock.patch("simcord.env.asyncio", rest),
    ):
        loop.set_default_executor(_THREADS)
        try:
            yield
        finally:
            # The loop would end them, and with a thread for that.
            loop._default_executor = None


def forget_ended_tasks() -> None:
    """Let Python look no more at tasks that have ended, when it is asked for all: that are those
    of many tests, until they are collected."""
    known: Any = asyncio.tasks._all_tasks  # type: ignore[attr-defined]
    for task in list(known):
        if task.done():
            known.discard(task)


class _UntilRest:
    """`asyncio` for SimCord's settling: it sleeps until the loop has nothing to do."""

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._turns = 0
        self.waiting: list[asyncio.Future[None]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, delay: float) -> None:
        """Wait as long as the delay, if there is nothing to do; then until there is nothing to do,
        or for many turns."""
        if delay and not self._loop._ready:
            await asyncio.sleep(delay)
        self._turns = 0
        self.waiting.append(wake := self._loop.create_future())
        await wake

    def comes(self, timeout: float | None) -> bool:
        """Wake those who sleep if the loop, about to wait this long, has nothing else to do."""
        self._turns += 1
        if timeout == 0 and self._turns < MOST_TURNS:
            return False
        for wake in self.waiting:
            if not wake.done():
                wake.set_result(None)
        self.waiting.clear()
        return True


class _WithoutThread(aiosqlite.Connection):
    """A connection whose statements run in the thread of the event loop.

    They are run in their order, also for a caller that is cancelled, and others have a turn before
    the caller goes on: as with a thread that is quick.
    """

    def __await__(self) -> Generator[Any, None, aiosqlite.Connection]:
        return self._connect().__await__()

    async def _connect(self) -> aiosqlite.Connection:
        self._connection = self._connector()
        await asyncio.sleep(0)
        return self

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not self._running or not self._connection:
            raise ValueError("Connection closed")
        try:
            return fn(*args, **kwargs)
        finally:
            await asyncio.sleep(0)

    def stop(self) -> None:
        self._running = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None


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
        # In a thread of its own: the person who asks may be in an event loop.
        threads.submit(asyncio.run, _make(path)).result()
        return path.read_bytes()


async def _make(path: Path) -> None:
    async with database.open_database(path):
        pass
