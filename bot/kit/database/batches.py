"""Runs many statements in one trip to a connection's thread.

A trip there and back costs about as much as a small statement, and more while the event loop is
busy. aiosqlite passes one call at a time to a connection, so a batch travels as the parameters of a
single call: a `BatchingConnection` runs all of it and returns all results together.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.kit.database.errors import broken_text

Result = list[sqlite3.Row] | Exception
"""The rows of a statement, or the exception it failed with."""

Execute = Callable[..., sqlite3.Cursor]

BATCH = "a batch"
"""Takes the place of the SQL when the parameters are a batch."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Statements with their values, to be committed together."""

    statements: Sequence[tuple[str, Sequence[Any]]]

    def run(self, connection: sqlite3.Connection, execute: Execute) -> _Results:
        """Run them in a transaction. A statement that breaks a constraint fails alone.

        Each result says what is on disk: the rows, if the statement is committed, or else the error
        that prevented it. Raises sqlite3.Error when no transaction could be begun.
        """
        execute("BEGIN IMMEDIATE")
        results: list[Result] = []
        uncommitted = 0
        """The index of the first result that is not on disk yet."""
        for sql, values in self.statements:
            was_open = connection.in_transaction
            result = _result(execute, sql, values)
            results.append(result)
            if connection.in_transaction:
                continue
            if was_open and isinstance(result, Exception):
                # A full disk, for example, ends the transaction and rolls back all before it.
                _lose(results, uncommitted, result)
            # From here on each statement commits or fails by itself.
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
        """aiosqlite asks a cursor for this."""
        return self.results


@dataclass(frozen=True, slots=True)
class Counted:
    """A statement whose caller only wants to know how many rows it changed.

    Each row that a statement returns needs the interpreter lock once.
    """

    sql: str
    values: Sequence[Any]

    def run(self, connection: sqlite3.Connection, execute: Execute) -> _Results:
        """Run the statement by itself. The only result is the number of rows."""
        del connection
        return _Results([execute(self.sql, self.values).rowcount])


class BatchingConnection(sqlite3.Connection):
    """A connection that also takes batches."""

    def execute(self, sql: str, parameters: Any = (), /) -> Any:  # noqa: ANN401 - as the original
        """Run a statement, or what the parameters say where they are a Batch or Counted."""
        try:
            if isinstance(parameters, Batch | Counted):
                return parameters.run(self, super().execute)
            return super().execute(sql, parameters)
        except UnicodeDecodeError as error:
            raise broken_text() from error


def _lose(results: list[Result], first: int, error: Exception) -> None:
    """Replace results that were rolled back by `error`. A failed statement keeps its own."""
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
