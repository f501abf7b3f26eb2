"""Connections that notice when their database file is no longer where it was opened.

The program can still write to a file that is deleted or replaced while it runs, for nobody to find.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from pathlib import Path
from typing import Any

from bot.kit.database.batches import BatchingConnection
from bot.kit.database.errors import DatabaseGone

log = logging.getLogger(__name__)

Identity = tuple[int, int]
"""Device and number of a file. No other file has the same while this one is open."""


_told: set[str] = set()
"""Paths whose loss is in the log already."""


class _OfFile(BatchingConnection):
    """A connection that knows which file it was opened for."""

    def __init__(self, database: Path, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(database, *arguments, **options)
        self._path = str(database)
        self._file = identity(self._path)

    def _is_gone(self) -> bool:
        """Whether the path leads to no file any more, or to another one. Logs that once."""
        is_gone = identity(self._path) != self._file
        if is_gone and self._path not in _told:
            _told.add(self._path)
            log.error(
                "the database file %s was deleted or replaced while the bot runs; nothing is"
                " stored any more: put it back, or restart the bot",
                self._path,
            )
        elif not is_gone and self._path in _told:
            _told.discard(self._path)
            log.warning("the database file %s is back", self._path)
        return is_gone

    def _gone(self) -> DatabaseGone:
        return DatabaseGone(f"the file {self._path} was deleted or replaced")


class WatchedWriter(_OfFile):
    """Checks the file before each call, in the connection's thread: some microseconds."""

    def execute(self, sql: str, parameters: Any = (), /) -> Any:  # noqa: ANN401 - as the original
        """Run a statement or a batch. Raises DatabaseGone if nobody would find the result."""
        if self._is_gone():
            raise self._gone()
        return super().execute(sql, parameters)


class WatchedReader(_OfFile):
    """Goes on reading the file it has open, and explains a failure that its loss has caused."""

    def execute(self, sql: str, parameters: Any = (), /) -> Any:  # noqa: ANN401 - as the original
        """Run a query. Raises DatabaseGone where it fails because the file is gone."""
        try:
            return super().execute(sql, parameters)
        except sqlite3.OperationalError as error:
            if self._is_gone():
                raise self._gone() from error
            raise


def identity(path: str) -> Identity | None:
    """Which file a path leads to, or None."""
    try:
        found = os.stat(path)  # noqa: PTH116 - at every write, and a Path costs more than the call
    except OSError:
        return None
    return found.st_dev, found.st_ino
