"""Bringing a database file to the newest schema."""

from __future__ import annotations

import contextlib
import re

import aiosqlite
import pytest

from bot.kit.database.errors import StorageError
from bot.kit.database.migrate import APPLICATION_ID, Migration, load_migrations, migrate
from tests.kit.database.files import dump, outside, schema_version

FIRST = Migration(1, "0001_first", "CREATE TABLE first (name TEXT);")
SECOND = Migration(
    2, "0002_second", "CREATE TABLE second (name TEXT); INSERT INTO first VALUES ('of second');"
)
BROKEN = Migration(
    2,
    "0002_broken",
    "CREATE TABLE second (name TEXT); DELETE FROM first; INSERT INTO nowhere VALUES (1);",
)
SHIPPED = load_migrations()


@contextlib.asynccontextmanager
async def connected(path):
    async with aiosqlite.connect(path, isolation_level=None) as connection:
        yield connection


async def bring(path, *steps: Migration) -> None:
    async with connected(path) as connection:
        await migrate(connection, path, list(steps))


def run(path, sql: str) -> list[tuple[object, ...]]:
    with outside(path) as other:
        return other.execute(sql).fetchall()


def tables(path) -> set[object]:
    return {row[0] for row in run(path, "SELECT name FROM sqlite_schema WHERE type = 'table'")}


class TestSteps:
    async def test_are_applied_in_order_and_the_version_follows(self, path):
        await bring(path, FIRST, SECOND)
        assert run(path, "SELECT name FROM first") == [("of second",)]
        assert schema_version(path) == 2
        assert run(path, "PRAGMA application_id") == [(APPLICATION_ID,)]

    async def test_only_those_that_are_missing_are_applied(self, path):
        await bring(path, FIRST)
        run(path, "INSERT INTO first VALUES ('kept')")
        await bring(path, FIRST, SECOND)
        assert run(path, "SELECT name FROM first") == [("kept",), ("of second",)]

    async def test_none_is_applied_twice(self, path):
        await bring(path, FIRST, SECOND)
        before = dump(path)
        await bring(path, FIRST, SECOND)
        assert dump(path) == before

    async def test_triggers_and_comments_at_the_end_are_statements_like_others(self, path):
        step = Migration(
            1,
            "0001_trigger",
            "CREATE TABLE first (name TEXT);\n"
            "CREATE TRIGGER double AFTER INSERT ON first WHEN new.name = 'a'\n"
            "BEGIN INSERT INTO first VALUES ('b'); INSERT INTO first VALUES ('c'); END;\n"
            "-- the end",
        )
        await bring(path, step)
        run(path, "INSERT INTO first VALUES ('a')")
        assert len(run(path, "SELECT * FROM first")) == 3
        assert schema_version(path) == 1


class TestFailing:
    async def test_leaves_the_file_unchanged(self, path):
        await bring(path, FIRST)
        run(path, "INSERT INTO first VALUES ('kept')")
        before = dump(path)
        with pytest.raises(StorageError):
            await bring(path, FIRST, BROKEN)
        assert dump(path) == before
        assert schema_version(path) == 1

    async def test_leaves_a_new_file_empty(self, path):
        with pytest.raises(StorageError):
            await bring(path, Migration(1, "0001_broken", "CREATE TABLE x (a TEXT); nonsense;"))
        assert tables(path) == set()
        assert schema_version(path) == 0

    async def test_leaves_no_transaction_open(self, path):
        async with connected(path) as connection:
            await migrate(connection, path, [FIRST])
            with pytest.raises(StorageError):
                await migrate(connection, path, [FIRST, BROKEN])
            assert not connection.in_transaction
            await connection.execute_fetchall("INSERT INTO first VALUES ('afterwards')")
        assert run(path, "SELECT name FROM first") == [("afterwards",)]

    async def test_names_the_file_the_step_and_the_reason(self, path):
        await bring(path, FIRST)
        with pytest.raises(StorageError) as failed:
            await bring(path, FIRST, BROKEN)
        sentence = str(failed.value)
        assert str(path) in sentence
        assert "0002_broken" in sentence
        assert "nowhere" in sentence
        assert "unchanged" in sentence

    async def test_can_be_tried_again_with_a_better_program(self, path):
        await bring(path, FIRST)
        with pytest.raises(StorageError):
            await bring(path, FIRST, BROKEN)
        await bring(path, FIRST, SECOND)
        assert schema_version(path) == 2

    async def test_a_failing_step_takes_the_steps_before_it_back(self, path):
        """A file between two schemas would fit neither the old program nor the new one."""
        third = Migration(3, "0003_broken", "nonsense;")
        with pytest.raises(StorageError):
            await bring(path, FIRST, SECOND, third)
        assert schema_version(path) == 0
        assert tables(path) == set()


class TestCopy:
    @staticmethod
    def copies(path):
        return [file for file in path.parent.iterdir() if file != path]

    async def test_is_kept_before_an_existing_database_is_changed(self, path):
        await bring(path, FIRST)
        run(path, "INSERT INTO first VALUES ('kept')")
        before = dump(path)
        await bring(path, FIRST, SECOND)
        (copy,) = self.copies(path)
        assert copy.name == "dojo.sqlite3.schema-1"
        assert dump(copy) == before
        assert schema_version(copy) == 1

    async def test_can_be_used_by_the_program_of_before(self, path):
        await bring(path, FIRST)
        await bring(path, FIRST, SECOND)
        (copy,) = self.copies(path)
        await bring(copy, FIRST)

    async def test_is_kept_also_when_the_change_fails(self, path):
        await bring(path, FIRST)
        with pytest.raises(StorageError):
            await bring(path, FIRST, BROKEN)
        assert len(self.copies(path)) == 1

    async def test_of_a_new_database_is_not_needed(self, path):
        await bring(path, FIRST, SECOND)
        assert self.copies(path) == []

    async def test_of_a_database_that_is_up_to_date_is_not_needed(self, path):
        await bring(path, FIRST)
        await bring(path, FIRST)
        assert self.copies(path) == []

    async def test_holds_what_was_there_right_before_even_beside_an_older_copy(self, path):
        """A first try failed, the old program went on for weeks, then comes the second try."""
        await bring(path, FIRST)
        with pytest.raises(StorageError):
            await bring(path, FIRST, BROKEN)
        run(path, "INSERT INTO first VALUES ('of these weeks')")
        await bring(path, FIRST, SECOND)
        kept = [run(copy, "SELECT name FROM first") for copy in self.copies(path)]
        assert [("of these weeks",)] in kept

    async def test_tries_without_end_do_not_fill_the_disk(self, path):
        """A supervisor starts a program again and again whose update fails."""
        await bring(path, FIRST)
        for _ in range(6):
            with pytest.raises(StorageError):
                await bring(path, FIRST, BROKEN)
        assert len(self.copies(path)) <= 2


class TestShipped:
    def test_numbers_are_without_gaps(self):
        assert [step.number for step in SHIPPED] == list(range(1, len(SHIPPED) + 1))

    @pytest.mark.parametrize("number", range(len(SHIPPED)))
    async def test_each_applies_on_the_schema_before_it(self, path, number):
        await bring(path, *SHIPPED[:number])
        await bring(path, *SHIPPED[: number + 1])
        assert schema_version(path) == number + 1
        assert run(path, "PRAGMA integrity_check") == [("ok",)]
        assert run(path, "PRAGMA foreign_key_check") == []

    async def test_step_by_step_gives_the_same_schema_as_all_at_once(self, tmp_path):
        slow, fast = tmp_path / "slow", tmp_path / "fast"
        for number in range(len(SHIPPED)):
            await bring(slow, *SHIPPED[: number + 1])
        await bring(fast, *SHIPPED)
        schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"
        assert run(slow, schema) == run(fast, schema)

    @pytest.mark.parametrize("step", SHIPPED, ids=lambda step: step.name)
    def test_hold_statements_only(self, step):
        """Their transaction and version are the migrator's business."""
        words = re.sub(r"--.*", "", step.sql).upper()
        assert not re.search(r"\b(COMMIT|ROLLBACK|PRAGMA|VACUUM|BEGIN (IMMEDIATE|TRANS))", words)


class TestLoading:
    def test_files_are_read_in_the_order_of_their_numbers(self, tmp_path):
        for name in ("0002_b.sql", "0001_a.sql"):
            (tmp_path / name).write_text(f"-- {name}")
        assert load_migrations(tmp_path) == [
            Migration(1, "0001_a", "-- 0001_a.sql"),
            Migration(2, "0002_b", "-- 0002_b.sql"),
        ]

    @pytest.mark.parametrize(
        "names", [["0002_b.sql"], ["0001_a.sql", "0003_c.sql"], ["0001_a.sql", "0001_b.sql"]]
    )
    def test_a_gap_or_a_doubled_number_is_refused(self, tmp_path, names):
        for name in names:
            (tmp_path / name).touch()
        with pytest.raises(ValueError, match="without gaps"):
            load_migrations(tmp_path)

    @pytest.mark.parametrize("name", ["1_a.sql", "0001-a.sql", "0001_A.sql", "first.sql"])
    def test_a_faulty_name_is_refused(self, tmp_path, name):
        (tmp_path / name).touch()
        with pytest.raises(ValueError, match="is not named"):
            load_migrations(tmp_path)
