"""SQL that writes whole rows, built from the names of their columns."""

from __future__ import annotations

from functools import lru_cache


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
