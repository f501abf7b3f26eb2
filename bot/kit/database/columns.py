"""Whole rows: the SQL that writes them, and the fields of values that are stored in columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import lru_cache, partial
from typing import Any

from bot.kit.database.database import Row, Value
from bot.kit.database.moments import MILLISECOND, milliseconds, moment


@lru_cache
def insert(table: str, columns: tuple[str, ...], count: int = 1) -> str:
    """Inserts `count` rows; their values come one row after another."""
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * count)}"  # noqa: S608 - our names


@lru_cache
def update(table: str, columns: tuple[str, ...]) -> str:
    """Updates a row by id if its version is unchanged. Returns no row if the version differs."""
    sets = ", ".join(f"{column} = ?" for column in columns)
    return f"UPDATE {table} SET {sets} WHERE id = ? AND version = ? RETURNING id"  # noqa: S608


class Columns:
    """Fields of a dataclass that have a column each: named once, for writing and for reading."""

    def __init__(
        self,
        same: Sequence[str],
        *,
        flags: Sequence[str] = (),
        kinds: Mapping[str, type[Enum]] | None = None,
        moments: Mapping[str, str] | None = None,
        lengths: Mapping[str, str] | None = None,
    ) -> None:
        """The columns of `moments` and `lengths`, which hold milliseconds, are given by field.

        All others have the names of their fields: `same` are stored as they are, `flags` as 0 or
        1, and `kinds` by the value of their enum. Moments and kinds may be None.
        """
        self._fields: list[tuple[str, str, Callable[[Any], Value], Callable[[Any], Any]]] = []
        for name in same:
            self._fields.append((name, name, _as_it_is, _as_it_is))
        for name in flags:
            self._fields.append((name, name, int, bool))
        for name, kind in (kinds or {}).items():
            self._fields.append((name, name, _value_of, partial(_read_kind, kind)))
        for name, column in (moments or {}).items():
            self._fields.append((name, column, milliseconds, moment))
        for name, column in (lengths or {}).items():
            self._fields.append(
                (name, column, lambda length: length // MILLISECOND, lambda ms: ms * MILLISECOND)
            )

    def row(self, of: object) -> dict[str, Value]:
        """The columns of a value."""
        return {column: store(getattr(of, name)) for name, column, store, _ in self._fields}

    def fields(self, row: Row) -> dict[str, Any]:
        """The fields of the value that a row holds."""
        return {name: read(row[column]) for name, column, _, read in self._fields}


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - of a column, whatever its type
    return value


def _value_of(kind: Enum | None) -> Value:
    return None if kind is None else kind.value


def _read_kind(kind: type[Enum], value: Value) -> Enum | None:
    return None if value is None else kind(value)
