"""The write-ahead log of a database: copies its content into the file, and then erases it.

Erased data remains in the log until the log is emptied. Every start tries to empty it, too, so that
it happens then at the latest, also when the program was killed before.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3

import aiosqlite

log = logging.getLogger(__name__)

TRIES, WAIT_SECONDS = 4, 0.1
"""Tries while the caller waits, and the seconds between two; after that, one try a second."""
LATER_SECONDS = 1.0
COMMITS_BETWEEN = 400
"""Commits after which a connection that holds up no writer copies the log into the file."""


class WriteLog:
    """Empties the log. `writing` and `reading` are locked while one of the connections is used."""

    def __init__(
        self,
        writer: aiosqlite.Connection,
        writing: asyncio.Lock,
        reader: aiosqlite.Connection,
        reading: asyncio.Lock,
        busy_timeout_ms: int,
    ) -> None:
        self._writer, self._writing = writer, writing
        self._reader, self._reading = reader, reading
        self._busy_timeout_ms = busy_timeout_ms
        self._commits = 0
        self._bringing: asyncio.Task[None] | None = None
        self._emptying: asyncio.Task[None] | None = None

    @property
    def holds_erased(self) -> bool:
        """Whether erased data is still in the log, because other connections read the file."""
        return self._emptying is not None and not self._emptying.done()

    def count_commit(self, weight: int = 1) -> None:
        """Copy the log into the file now and then, in the background.

        Otherwise a commit does it when the log is long, and everybody waits for that commit.
        `weight` is how many small commits this one counts for.
        """
        self._commits += weight
        if self._commits >= COMMITS_BETWEEN:
            self._commits = 0
            self._bringing = asyncio.create_task(self._bring(), name="bring log")

    async def empty(self, tries: int = TRIES) -> bool:
        """Copy the log into the file and empty it. Returns whether no erased data is left in it.

        The log cannot be emptied while others read: then this tries again, at first while the
        caller waits, until it succeeds or the database is closed.
        """
        for number in range(tries):
            if number:
                await asyncio.sleep(WAIT_SECONDS)
            if await self._empty():
                return True
        log.info("something erased is still in the log, because it is being read; trying again")
        if not self.holds_erased:
            self._emptying = asyncio.create_task(self._empty_later(), name="empty log")
        return False

    async def close(self) -> None:
        """Stop trying. Closing the last connection empties the log anyway."""
        tasks = [task for task in (self._bringing, self._emptying) if task is not None]
        if self._emptying is not None:
            self._emptying.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _empty_later(self) -> None:
        # Nothing signals that the last reader has finished.
        while not await self._empty():  # noqa: ASYNC110
            await asyncio.sleep(LATER_SECONDS)
        log.info("nothing erased is in the log any more")

    async def _empty(self) -> bool:
        """Try to empty the log without waiting for readers. Returns whether that was possible."""
        # Most of the work, and nobody waits for it.
        await self._bring()
        run = self._writer.execute_fetchall
        async with self._writing:
            try:
                await run("PRAGMA busy_timeout = 0")
                (row,) = await run("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.OperationalError:
                # Another program writes, or empties the log itself.
                return False
            finally:
                await asyncio.shield(run(f"PRAGMA busy_timeout = {self._busy_timeout_ms}"))
        # The first column says whether a reader was in the way.
        return row[0] == 0

    async def _bring(self) -> None:
        """Copy what readers do not block."""
        if self._reading.locked():
            # Next time: this connection is in a long read.
            return
        async with self._reading:
            try:
                await self._reader.execute_fetchall("PRAGMA wal_checkpoint(PASSIVE)")
            except sqlite3.Error as error:
                # The log only stays longer; writers are told what is wrong with the disk.
                log.info("the log cannot be brought into the file: %s", error)
