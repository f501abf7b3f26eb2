"""Rules that every table of the newest schema keeps."""

from __future__ import annotations

import ast
import contextlib
import re
import sqlite3

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


async def test_every_table_is_strict(database):
    """Otherwise SQLite keeps a text in a column of numbers, and the next driver refuses it."""
    rows = await database.all("SELECT name FROM pragma_table_list WHERE strict = 1")
    assert set(SCHEMA) - {row["name"] for row in rows} == set()


async def test_what_has_a_default_is_never_missing(database):
    """Who reads it counts on a value, in rows of every version."""
    rows = await database.all(
        "SELECT t.name || '.' || c.name AS cell FROM sqlite_schema AS t, pragma_table_info(t.name)"
        " AS c WHERE t.type = 'table' AND c.dflt_value <> 'NULL' AND c.\"notnull\" = 0"
    )
    assert [row["cell"] for row in rows] == []


async def test_a_debrief_always_says_how_long_it_was_promised_to_be_kept(database):
    rows = await database.all("SELECT name FROM pragma_table_info('debriefs') WHERE \"notnull\"")
    assert {row["name"] for row in rows} >= {"quote_days", "code_months"}


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


async def test_every_foreign_key_says_what_happens_on_delete(database):
    keys = [
        (table, row["from"], row["on_delete"])
        for table in SCHEMA
        for row in await database.all(f"PRAGMA foreign_key_list({table})")
    ]
    assert keys
    assert [key for key in keys if key[2] not in {"CASCADE", "SET NULL", "RESTRICT"}] == []


def test_times_and_people_and_places_are_whole_numbers():
    numbers = [one for one in COLUMNS if one[1].endswith(("_at", "_ms", "_id", "_by"))]
    # The id of a format is a word of the content.
    assert [one for one in numbers if one[2] != "INTEGER" and one[1] != "format_id"] == []


def test_a_person_is_named_as_one():
    """`*_user_id`, so that export and forgetting can be held to every column with a person."""
    people = {"user", "member", "coach", "client", "observer", "person", "author", "owner", "by"}
    named = [one for one in COLUMNS if people & {*one[1].split("_")} and one[2] == "INTEGER"]
    assert [one for one in named if one[1] != "user_id" and not one[1].endswith("_user_id")] == []


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
