"""The write-ahead log of a database: what is in it is brought into the file, and erased from it.

What was erased stands in the log until the log is emptied. Emptying is tried at every start, too,
so that it is done at the latest then, also when the program was killed before.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3

import aiosqlite

log = logging.getLogger(__name__)

TRIES, WAIT_SECONDS = 4, 0.1
"""Tries while the caller waits, and the time between two; after that it is tried once a second."""
LATER_SECONDS = 1.0
COMMITS_BETWEEN = 400
"""After so many the log is brought into the file, by a connection that keeps no writer waiting."""


class WriteLog:
    """Empties the log. `writing` and `reading` are held while one of the connections is used."""

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
        """Whether something erased is still in the log, because others read the file."""
        return self._emptying is not None and not self._emptying.done()

    def count_commit(self, weight: int = 1) -> None:
        """Bring the log into the file now and then, beside the writer.

        Else a commit does so once the log is long, and everybody waits for that one. `weight` is
        for how many small commits this one counts.
        """
        self._commits += weight
        if self._commits >= COMMITS_BETWEEN:
            self._commits = 0
            self._bringing = asyncio.create_task(self._bring(), name="bring log")

    async def empty(self, tries: int = TRIES) -> bool:
        """Empty the log into the file, so that nothing erased lingers in it; whether that is done.

        While others read, the log cannot be emptied: then it is tried again, after a while
        without the caller, until it is done or the database is closed.
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
        """Try no more. Closing the last connection empties the log anyway."""
        tasks = [task for task in (self._bringing, self._emptying) if task is not None]
        if self._emptying is not None:
            self._emptying.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _empty_later(self) -> None:
        # Nothing tells when the last reader has gone.
        while not await self._empty():  # noqa: ASYNC110
            await asyncio.sleep(LATER_SECONDS)
        log.info("nothing erased is in the log any more")

    async def _empty(self) -> bool:
        """Try to empty the log, without waiting for those who read; whether that was possible."""
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
        """Bring into the file what readers do not hold back."""
        if self._reading.locked():
            # The next time: this connection reads something long.
            return
        async with self._reading:
            try:
                await self._reader.execute_fetchall("PRAGMA wal_checkpoint(PASSIVE)")
            except sqlite3.Error as error:
                # The log only stays longer; what is wrong with the disk is told to those who write.
                log.info("the log cannot be brought into the file: %s", error)
