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

from bot.kit.database.errors import broken_text

Result = list[sqlite3.Row] | Exception
"""The rows of a statement, or how it failed."""

Execute = Callable[..., sqlite3.Cursor]
"""Runs SQL on a connection."""

BATCH = "a batch"
"""What stands in the place of the SQL of a batch."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Statements with their values, to be committed together."""

    statements: Sequence[tuple[str, Sequence[Any]]]

    def run(self, connection: sqlite3.Connection, execute: Execute) -> _Results:
        """Run them in a transaction; one that breaks a rule fails alone.

        Each result says what is on disk: rows where the statement is committed, else the error
        that kept it from that. Raises sqlite3.Error when no transaction could be begun.
        """
        execute("BEGIN IMMEDIATE")
        results: list[Result] = []
        uncommitted = 0
        """The first result that is not on disk yet."""
        for sql, values in self.statements:
            was_open = connection.in_transaction
            result = _result(execute, sql, values)
            results.append(result)
            if connection.in_transaction:
                continue
            if was_open and isinstance(result, Exception):
                # A full disk, for example, ends the transaction and takes back all before it.
                _lose(results, uncommitted, result)
            # From here on each statement is committed by itself, or fails by itself.
            uncommitted = len(results)
        if connection.in_transaction:
            committed = _result(execute, "COMMIT", ())
            if isinstance(committed, Exception):
                if connection.in_transaction:
                    execute("ROLLBACK")
                _lose(results, uncommitted, committed)
        return _Results(results)


@dataclass(frozen=True, slots=True)
class _Results:
    results: Sequence[Result] | Sequence[int]

    def fetchall(self) -> Sequence[Result] | Sequence[int]:
        """What aiosqlite asks of a cursor."""
        return self.results


@dataclass(frozen=True, slots=True)
class Counted:
    """A statement of which only is wanted how many rows it changed.

    Every row that a statement gives back costs a turn of the interpreter lock.
    """

    sql: str
    values: Sequence[Any]

    def run(self, connection: sqlite3.Connection, execute: Execute) -> _Results:
        """Run it for itself; the only result is the number."""
        del connection
        return _Results([execute(self.sql, self.values).rowcount])


class BatchingConnection(sqlite3.Connection):
    """A connection that also takes batches."""

    def execute(self, sql: str, parameters: Any = (), /) -> Any:  # noqa: ANN401 - as the original
        """Run a statement; or, where the parameters are a Batch or Counted, what they say."""
        try:
            if isinstance(parameters, Batch | Counted):
                return parameters.run(self, super().execute)
            return super().execute(sql, parameters)
        except UnicodeDecodeError as error:
            raise broken_text() from error


def _lose(results: list[Result], first: int, error: Exception) -> None:
    """Put `error` in the place of results that were taken back; who failed keeps its own error."""
    results[first:] = [
        result if isinstance(result, Exception) else error for result in results[first:]
    ]


def _result(execute: Execute, sql: str, values: Sequence[Any]) -> Result:
    try:
        return execute(sql, values).fetchall()
    except UnicodeDecodeError:
        return broken_text()
    except Exception as error:  # noqa: BLE001 - also a number SQLite cannot hold is that caller's
        return error
