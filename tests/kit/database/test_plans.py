"""S19: no statement reads a whole table that grows with every evening.

Every statement that a store sends is explained by SQLite on the newest schema, without statistics,
as the program has none either.
"""

from __future__ import annotations

import ast
import re
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.kit.database.database import Database, Transaction
from tests.kit.database.files import outside
from tests.kit.database.statement_tour import send_everything
from tests.privacy.stored import SCHEMA
from tests.sources import on, product

MACHINERY = {"database.py", "migrate.py", "batches.py"}
"""Runs what others say."""
SENDING = {"all", "one", "write", "change"}

MAY_BE_READ_WHOLE = {
    "dojos": "read into memory at each start; as many as there are channels",
    "program_values": "a handful",
    "guild_removals": "servers the bot was removed from within the last month",
    "departures": "who left a server within the last month",
    "round_waiting": "who would like to observe a round that runs; nobody when it is over",
    "invitations": "rounds that are asked for or run; gone when they are over",
    "invited_people": "the people on these",
    "own_contents": "at most one for each dojo; by person only for an export",
}
"""Small tables, and why. What has a row for each evening, round or person is none of them."""


@dataclass(frozen=True)
class Site:
    """Where in the source a statement is sent."""

    file: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.file}:{self.first}"


def sites() -> Iterator[Site]:
    for path in on("store", "database"):
        if path.name in MACHINERY:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in SENDING
                and ast.unparse(node.func.value).split(".")[-1].lstrip("_")
                in {"database", "transaction", "statements"}
            ):
                yield Site(path.name, node.lineno, node.end_lineno or node.lineno)


SITES = list(sites())


@pytest.fixture
def sent(monkeypatch) -> list[tuple[str, int, str]]:
    """What is sent from where."""
    found: list[tuple[str, int, str]] = []

    def watch(kind: type, name: str) -> None:
        send = getattr(kind, name)

        def sending(self, sql, *values):
            frame = sys._getframe(1)
            while Path(frame.f_code.co_filename).name in MACHINERY and frame.f_back is not None:
                frame = frame.f_back
            found.append((Path(frame.f_code.co_filename).name, frame.f_lineno, sql))
            return send(self, sql, *values)

        monkeypatch.setattr(kind, name, sending)

    for kind, names in ((Database, ("all", "write", "change")), (Transaction, ("all",))):
        for name in names:
            watch(kind, name)
    return found


def plan_of(connection: sqlite3.Connection, sql: str) -> list[str]:
    nothing = [None] * sql.count("?")
    rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", nothing)
    return [row[3] for row in rows]


def whole_tables(connection: sqlite3.Connection, sql: str) -> set[str]:
    """The tables, or whole indexes of them, that a statement reads from end to end."""
    partial = {
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'"
        )
    }
    names = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", sql)}
    found: set[str] = set()
    for step in plan_of(connection, sql):
        match = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
        # A partial index holds only the rows that are wanted.
        if match is None or match[2] in partial:
            continue
        table = names.get(match[1], match[1])
        if table in SCHEMA:
            found.add(table)
    return found


async def test_no_statement_reads_a_whole_table_that_grows(database, path, sent):
    """S19: neither at a start, nor for an export, a record, a plenary or a purge."""
    await send_everything(database)
    statements = dict.fromkeys((file, line, sql) for file, line, sql in sent if sql[:6] != "PRAGMA")
    with outside(path) as connection:
        faults = [
            f"{file}:{line} reads all of {table}: {sql}"
            for file, line, sql in statements
            for table in sorted(whole_tables(connection, sql) - MAY_BE_READ_WHOLE.keys())
        ]
    assert not faults, "\n".join(faults)


async def test_what_asks_for_one_round_does_not_read_all_rounds_of_a_person(database, path, sent):
    """S19: a tap costs as much in a person's hundredth round as in their first."""
    await send_everything(database)
    asking = {sql for _, _, sql in sent if re.search(r"round_id = (\?|t\.column2)", sql)}
    with outside(path) as connection:
        faults = [
            f"{step}: {sql}"
            for sql in sorted(asking)
            for step in plan_of(connection, sql)
            if re.search(r"\((observer_|coach_)?user_id=\?\)", step)
        ]
    assert len(asking) > 20
    assert not faults, "\n".join(faults)


async def test_the_tour_sends_every_statement_there_is(database, sent):
    """A new statement has to be sent by the tour, so that its plan is looked at."""
    await send_everything(database)
    reached = {(file, line) for file, line, _ in sent}
    missed = [
        str(site)
        for site in SITES
        if not any((site.file, line) in reached for line in range(site.first, site.last + 1))
    ]
    assert len(SITES) > 90
    assert not missed, f"send these in tests/kit/database/statement_tour.py: {missed}"


def test_only_the_stores_send_statements():
    """Else there would be statements whose plan nobody looks at."""
    others = [
        path
        for path in set(product()) - set(on("store", "database"))
        # What looks at a file before it is opened as a database.
        if path.name != "check.py"
        and re.search(r'"(SELECT|INSERT|UPDATE|DELETE) (?!.*sqlite_schema)', path.read_text())
    ]
    assert others == []


async def test_deleting_a_row_finds_those_that_hang_on_it(database, path):
    """No plan shows what a cascade reads: it needs an index that begins with the foreign key."""
    del database
    with outside(path) as connection:
        missing = [
            f"{table}.{key[3]}"
            for table in SCHEMA
            for key in connection.execute(f"PRAGMA foreign_key_list({table})").fetchall()
            if not has_index(connection, table, key[3])
        ]
    assert missing == []


def has_index(connection: sqlite3.Connection, table: str, column: str) -> bool:
    """Whether rows are found by this column: a key, or an index that begins with it."""
    keys = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[5]]
    if keys == [column]:
        return True
    for index in connection.execute(f"PRAGMA index_list({table})").fetchall():
        name, is_partial = index[1], index[4]
        (first, *_) = connection.execute(f"PRAGMA index_info({name})").fetchall()
        if first[2] == column and not is_partial:
            return True
    return False
