"""What is stored, seen from outside: every column of the newest schema, and who is in it."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from dataclasses import dataclass

import pytest

from bot.kit.database.migrate import load_migrations

FORMAT = {
    "id": "own",
    "name": "Own",
    "suits": "Anyone",
    "people": [2, 4],
    "segments": [["coach", 600_000]],
}
EXAMPLES = {
    "dojos.asking": "everyone",
    "dojos.question_set": "all",
    "rounds.room": "voice",
    "rounds.format": json.dumps(FORMAT),
    "rounds.state": "proposed",
    "rounds.past": "[]",
    "rounds.actions": "[]",
    "rounds.told_ended": 0,
    "rounds.refused": 0,
    "rounds.names_shown": 1,
    "rounds.way_back": "",
    "rounds.is_again": 0,
    "round_people.role": "coach",
    "round_people.agreement": "open",
    "round_people.is_here": 1,
    "round_people.has_coached": 0,
    "round_people.in_voice": 0,
    "round_people.let_in": 0,
    "round_people.lost": 0,
    "round_waiting.has_gone": 0,
    "invited_people.role": "client",
    "invited_people.is_brought": 0,
    "invited_people.stands": 0,
    "asking_choices.who": "nobody",
    "dojos.quote_days": 30,
    "dojos.code_months": 12,
    "dojos.names_shown": 1,
    "dojos.attendance_months": 24,
    "departures.noticed_at": 1_767_636_000,
    "notes.side": "seen",
    "sheets.marks": "{}",
    "rounds.offer_rests": 0,
    "round_people.may_erase": 0,
    "round_people.observes_only": 0,
    "sheets.handed_in_ms": 1_767_636_000_000,
    "client_views.chose": "yes",
    "client_views.heard": "partly",
    "client_views.recognised": "no",
    "client_views.is_shared": 0,
    "debriefs.listed": "[]",
    "debriefs.reflected_ms": 1_767_636_000_000,
    "debriefs.skipped": 0,
    "debriefs.shared": "",
    "debriefs.erased": 0,
    "debriefs.names_shown": 1,
    "gatherings.format": json.dumps(FORMAT),
    "gatherings.places": "threads",
    "gatherings.grouping": "stay",
    "gatherings.stage": "open",
    "gathering_people.wish": "any",
    "gathering_people.presence": "in",
    "gathering_rooms.kind": "voice",
    "gathering_rooms.is_made": 1,
    "member_wishes.wish": "any",
}
"""Values for columns that do not take any value of their type, or are not to be empty."""


@dataclass(frozen=True)
class Column:
    table: str
    name: str
    kind: str
    needed: bool
    parent: str | None
    """The table it points to."""

    @property
    def full_name(self) -> str:
        return f"{self.table}.{self.name}"

    @property
    def is_person(self) -> bool:
        return self.name == "user_id" or self.name.endswith("_user_id")


def read_schema() -> dict[str, list[Column]]:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        for step in load_migrations():
            connection.executescript(step.sql)
        names = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        found: dict[str, list[Column]] = {}
        for (table,) in names:
            parents = {
                row[3]: row[2] for row in connection.execute(f"PRAGMA foreign_key_list({table})")
            }
            found[table] = [
                Column(table, row[1], row[2], bool(row[3] or row[5]), parents.get(row[1]))
                for row in connection.execute(f"PRAGMA table_info({table})")
            ]
        return found


SCHEMA = read_schema()
COLUMNS = [column for columns in SCHEMA.values() for column in columns]
PEOPLE = [column for column in COLUMNS if column.is_person]
IDS = [
    column.full_name
    for column in COLUMNS
    if column.kind == "INTEGER" and column.name.endswith(("_id", "_by"))
]


class Seeds:
    """Puts rows into tables of any shape."""

    def __init__(self, connection: sqlite3.Connection, start: int = 1_000) -> None:
        self._connection = connection
        self._number = start

    def add(self, table: str, person: Column | None = None, user_id: int = 0) -> int:
        """A row, with the rows it points to; `user_id` in the column `person` only."""
        values: dict[str, object] = {}
        for column in SCHEMA[table]:
            if column == person:
                values[column.name] = user_id
            elif column.parent is not None and column.needed:
                values[column.name] = self.add(column.parent)
            elif column.needed or column.full_name in EXAMPLES:
                values[column.name] = self._value(column)
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        try:
            cursor = self._connection.execute(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - our own schema
                list(values.values()),
            )
        except sqlite3.IntegrityError as error:
            pytest.fail(f"no row for {table} ({error}): add a value that it takes to EXAMPLES")
        assert cursor.lastrowid
        return cursor.lastrowid

    def _value(self, column: Column) -> object:
        self._number += 1
        by_kind = {"INTEGER": self._number, "TEXT": f"text-{self._number}", "REAL": 1.5}
        return EXAMPLES.get(column.full_name, by_kind.get(column.kind, b"bytes"))


def cells(connection: sqlite3.Connection, user_id: int) -> list[str]:
    """Where a person's id stands in the whole database, alone or within a text."""
    found: list[str] = []
    for table in SCHEMA:
        rows = connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own schema
        names = [about[0] for about in rows.description]
        for row in rows:
            found += [
                f"{table}.{name}"
                for name, value in zip(names, row, strict=True)
                if str(user_id) in str(value)
            ]
    return found
