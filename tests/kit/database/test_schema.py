"""Rules that every table of the newest schema keeps."""

from __future__ import annotations

import ast
import contextlib
import re
import sqlite3

import pytest

from bot.kit.database.migrate import load_migrations
from tests.sources import name_of, on, product


def newest_schema() -> dict[str, list[tuple[str, str]]]:
    """Columns and their types by table."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        for step in load_migrations():
            connection.executescript(step.sql)
        return {
            table: [(row[1], row[2]) for row in connection.execute(f"PRAGMA table_info({table})")]
            for (table,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table'"
                " AND name NOT LIKE 'sqlite_%' ORDER BY name"
            ).fetchall()
        }


SCHEMA = newest_schema()
COLUMNS = [(table, *column) for table, columns in SCHEMA.items() for column in columns]


@pytest.mark.parametrize("table", SCHEMA)
async def test_a_table_is_strict(database, table):
    """Else SQLite keeps a text in a column of numbers, and the next driver refuses it."""
    row = await database.one("SELECT strict FROM pragma_table_list WHERE name = ?", table)
    assert row["strict"] == 1


def test_stores_speak_only_the_sql_that_a_second_driver_understands():
    """Claim 11: what is of SQLite alone stands with the file, its log, its lock and its checks."""
    of_sqlite = re.compile(
        r"\b(INSERT OR|REPLACE INTO|IFNULL|ROWID|PRAGMA|STRFTIME|GLOB|DATETIME\(|JULIANDAY"
        r"|UNIXEPOCH|JSON_EACH|JSON_EXTRACT|VACUUM|SQLITE_SCHEMA|AUTOINCREMENT)\b",
        re.IGNORECASE,
    )
    found = {
        path.name
        for path in on("store", "database")
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(one, ast.Constant) and of_sqlite.search(str(one.value))
    }
    assert found == {"database.py", "lease.py", "looking.py", "migrate.py", "write_log.py"}


@pytest.mark.parametrize("table", SCHEMA)
async def test_a_foreign_key_says_what_happens_on_delete(database, table):
    for row in await database.all(f"PRAGMA foreign_key_list({table})"):
        assert row["on_delete"] in {"CASCADE", "SET NULL", "RESTRICT"}, row["from"]


@pytest.mark.parametrize(("table", "column", "kind"), COLUMNS)
def test_times_and_people_and_places_are_whole_numbers(table, column, kind):
    is_number = column.endswith(("_at", "_ms", "_id", "_by"))
    # The id of a format is a word of the content.
    if is_number and column != "format_id":
        assert kind == "INTEGER", f"{table}.{column}"


@pytest.mark.parametrize(("table", "column", "kind"), COLUMNS)
def test_a_person_is_named_as_one(table, column, kind):
    """`*_user_id`, so that export and forgetting can be held to every column with a person."""
    words = column.split("_")
    people = {"user", "member", "coach", "client", "observer", "person", "author", "owner", "by"}
    if people & set(words) and kind == "INTEGER":
        assert column.endswith("_user_id") or column == "user_id", f"{table}.{column}"


def test_the_migrations_have_nothing_of_sqlite_alone_but_strict_tables():
    for step in load_migrations():
        words = re.sub(r"--.*", "", step.sql).upper()
        for odd in ("AUTOINCREMENT", "INSERT OR", "WITHOUT ROWID", "CURRENT_TIMESTAMP", "DATETIME"):
            assert odd not in words, f"{step.name}: {odd}"


def test_there_is_no_sql_outside_of_storage():
    """Claim 8: a SELECT and four PRAGMAs stood in the check."""
    outside = [
        f"{name_of(path)}: {found[0]}"
        for path in set(product()) - set(on("store", "database"))
        if (found := re.findall(r"\b(?:SELECT|INSERT INTO|DELETE FROM|PRAGMA) ", path.read_text()))
    ]
    assert not outside
