"""The database of a running bot, read whole only when something was written to it."""

from __future__ import annotations

import sqlite3

from tests.simulation.world import World

TOLD_BY_CLOCK = {"told_position", "told_cue", "told_turn", "told_asked", "told_ended", "version"}
"""What a round notes when its clock has told the room something, at any time."""

Rows = dict[str, list[tuple[object, ...]]]


class Disk:
    """What is stored, as another program sees it.

    SQLite counts the commits to a file: `PRAGMA data_version` gives another number after every
    commit of any other connection, whatever it changed and by whichever way it got there. All
    connections of the bot are others than ours. With the same number, nothing was committed, so
    there is nothing to compare. What is not committed is not stored, then or ever: the bot has
    come to rest when it is asked.
    """

    def __init__(self, world: World) -> None:
        self._outside = sqlite3.connect(world.database)
        self._commits: int | None = None
        self._rows: Rows = {}

    def close(self) -> None:
        """Look no more."""
        self._outside.close()

    def rows(self) -> Rows:
        """Everything that somebody may have changed, by table."""
        (commits,) = self._outside.execute("PRAGMA data_version").fetchone()
        if commits != self._commits:
            self._commits, self._rows = commits, self._read()
        return self._rows

    def _read(self) -> Rows:
        tables = self._outside.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return {table: self._rows_of(table) for (table,) in tables.fetchall()}

    def _rows_of(self, table: str) -> list[tuple[object, ...]]:
        found = self._outside.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own names
        names = [name for name, *_ in found.description]
        if table != "rounds":
            return found.fetchall()
        kept = [at for at, name in enumerate(names) if name not in TOLD_BY_CLOCK]
        return [tuple(row[at] for at in kept) for row in found]
