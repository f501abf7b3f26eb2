"""Many statements in one trip to a connection's thread.

Every trip there and back costs about as much as a small statement, and more while the event loop
is busy. aiosqlite hands a connection one call at a time, so a batch travels as the parameters of
one: a connection that knows batches runs all of it, and gives all results back together.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Result = list[sqlite3.Row] | Exception
"""The rows of a statement, or how it failed."""

BATCH = "a batch"
"""What stands in the place of the SQL of a batch."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Statements with their values, to be committed together."""

    statements: Sequence[tuple[str, Sequence[Any]]]

    def run(self, execute: Callable[..., sqlite3.Cursor]) -> _Results:
        """Run them in a transaction; one that breaks a rule fails alone.

        The last result is that of the commit. Raises sqlite3.Error when none could be begun.
        """
        execute("BEGIN IMMEDIATE")
        results: list[Result | int] = [
            _result(execute, sql, values) for sql, values in self.statements
        ]
        # Spelled out, because a statement that fails badly ends the transaction by itself: then
        # this COMMIT fails, and nobody is told that their row is on disk.
        results.append(_result(execute, "COMMIT", ()))
        return _Results(results)


@dataclass(frozen=True, slots=True)
class _Results:
    results: Sequence[Result | int]

    def fetchall(self) -> Sequence[Result | int]:
        """What aiosqlite asks of a cursor."""
        return self.results


@dataclass(frozen=True, slots=True)
class Counted:
    """A statement of which only is wanted how many rows it changed.

    Every row that a statement gives back costs a turn of the interpreter lock.
    """

    sql: str
    values: Sequence[Any]

    def run(self, execute: Callable[..., sqlite3.Cursor]) -> _Results:
        """Run it for itself; the only result is the number."""
        return _Results([execute(self.sql, self.values).rowcount])


class BatchingConnection(sqlite3.Connection):
    """A connection that also takes batches."""

    def execute(self, sql: str, parameters: Any = (), /) -> Any:  # noqa: ANN401 - as the original
        """Run a statement; or, where the parameters are a Batch or Counted, what they say."""
        if isinstance(parameters, Batch | Counted):
            return parameters.run(super().execute)
        return super().execute(sql, parameters)


def _result(execute: Callable[..., sqlite3.Cursor], sql: str, values: Sequence[Any]) -> Result:
    try:
        return execute(sql, values).fetchall()
    except Exception as error:  # noqa: BLE001 - also a number SQLite cannot hold is that caller's
        return error
