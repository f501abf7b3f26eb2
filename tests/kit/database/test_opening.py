"""Opening a database file: what is refused, in a sentence, and that nothing is left open."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from bot.kit.database.database import READERS, open_database
from bot.kit.database.errors import StorageError
from bot.kit.database.migrate import APPLICATION_ID, load_migrations
from tests.kit.database.files import (
    PUT,
    database_threads,
    dump,
    names_in,
    outside,
    run_program,
    schema_version,
)

NEWEST = len(load_migrations())


async def refusal(path) -> str:
    """The sentence with which opening is refused."""
    with pytest.raises(StorageError) as refused:
        async with open_database(path):
            pass
    await threads_end()
    return str(refused.value)


async def threads_end() -> None:
    """Wait for the threads of closed connections: they end a moment after the closing."""
    for thread in database_threads():
        await asyncio.to_thread(thread.join, 5)


def make_other_program(path, *, user_version: int = 0) -> bytes:
    """The database of another program; its bytes."""
    with outside(path) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
        other.execute("INSERT INTO bookmarks VALUES ('https://example.org')")
        other.execute(f"PRAGMA user_version = {user_version}")
    return path.read_bytes()


class TestNew:
    async def test_a_new_file_gets_the_newest_schema_and_our_mark(self, path):
        async with open_database(path):
            pass
        with outside(path) as other:
            assert other.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        assert schema_version(path) == NEWEST

    async def test_absent_folders_are_made(self, tmp_path):
        path = tmp_path / "one" / "two" / "dojo.sqlite3"
        async with open_database(path):
            pass
        assert path.exists()

    async def test_an_empty_file_is_a_new_database(self, path):
        path.touch()
        async with open_database(path) as database:
            await database.write(PUT, "one")
        assert names_in(path) == {"one"}

    async def test_a_name_with_odd_characters_is_a_file_of_that_name(self, tmp_path):
        path = tmp_path / "dojo ?mode=ro#1 ü.sqlite3"
        async with open_database(path) as database:
            await database.write(PUT, "one")
        assert names_in(path) == {"one"}

    async def test_opening_again_keeps_everything(self, path):
        async with open_database(path) as database:
            await database.write(PUT, "one")
        before = dump(path)
        async with open_database(path):
            pass
        assert dump(path) == before

    async def test_closing_leaves_one_file_that_can_be_copied(self, path):
        async with open_database(path) as database:
            await database.write(PUT, "one")
        assert [file.name for file in path.parent.iterdir()] == [path.name]


class TestRefused:
    async def test_a_newer_database_is_refused_with_both_versions(self, path):
        async with open_database(path) as database:
            await database.write(PUT, "one")
        with outside(path) as other:
            other.execute(f"PRAGMA user_version = {NEWEST + 41}")
        before = dump(path)
        sentence = await refusal(path)
        assert str(path) in sentence
        assert f"schema {NEWEST + 41}" in sentence
        assert f"up to {NEWEST}" in sentence
        assert "Update dojo-bot" in sentence
        assert dump(path) == before
        assert schema_version(path) == NEWEST + 41

    async def test_the_database_of_another_program_is_refused(self, path):
        make_other_program(path)
        sentence = await refusal(path)
        assert f"{path} is a database of another program" in sentence
        assert "DOJO_DATABASE" in sentence

    async def test_the_database_of_another_program_stays_as_it_is(self, path):
        before = make_other_program(path)
        await refusal(path)
        assert path.read_bytes() == before

    async def test_the_database_of_another_program_is_never_taken_for_a_newer_one_of_ours(
        self, path
    ):
        make_other_program(path, user_version=77)
        assert "another program" in await refusal(path)

    async def test_the_database_of_another_program_with_a_known_version_is_refused(self, path):
        make_other_program(path, user_version=NEWEST)
        assert "another program" in await refusal(path)

    async def test_a_file_that_is_no_database_is_refused_and_stays_as_it_is(self, path):
        path.write_text("Notes of the evening. " * 100)
        before = path.read_bytes()
        assert f"The database {path} cannot be used: " in await refusal(path)
        assert path.read_bytes() == before

    async def test_a_damaged_database_is_refused(self, path):
        async with open_database(path):
            pass
        content = bytearray(path.read_bytes())
        content[100:4096] = b"\xff" * 3996
        path.write_bytes(content)
        assert f"The database {path} cannot be used: " in await refusal(path)

    async def test_a_database_that_cannot_have_a_log_is_refused(self):
        assert "write-ahead log" in await refusal(Path(":memory:"))

    async def test_a_folder_is_refused(self, tmp_path):
        assert "cannot be used" in await refusal(tmp_path)

    async def test_a_file_where_a_folder_should_be_is_refused(self, tmp_path):
        (tmp_path / "file").touch()
        assert "cannot be used" in await refusal(tmp_path / "file" / "dojo.sqlite3")

    @pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
    )
    async def test_a_folder_that_may_not_be_written_is_refused(self, tmp_path):
        tmp_path.chmod(0o500)
        try:
            assert "cannot be used" in await refusal(tmp_path / "dojo.sqlite3")
            assert "cannot be used" in await refusal(tmp_path / "new" / "dojo.sqlite3")
        finally:
            tmp_path.chmod(0o700)

    async def test_a_database_locked_by_another_program_is_refused(self, path, monkeypatch):
        monkeypatch.setattr("bot.kit.database.database.BUSY_TIMEOUT_MS", 50)
        async with open_database(path):
            pass
        with outside(path) as other:
            other.execute("PRAGMA journal_mode = DELETE")
            other.execute("BEGIN EXCLUSIVE")
            assert "locked" in await refusal(path)


PROGRAM = """
import asyncio, sys
from pathlib import Path
from bot.kit.database.database import open_database

async def main():
    async with open_database(Path(sys.argv[1])) as database:
        await database.write("INSERT INTO program_values (name, value) VALUES ('one', 'x')")
        {body}

asyncio.run(main())
"""
RAISES = PROGRAM.format(body="raise RuntimeError('in the middle')")
RAISES_INSIDE = PROGRAM.format(
    body="""
        async with database.transaction() as transaction:
            await transaction.all("INSERT INTO program_values (name, value) VALUES ('two', 'x')")
            raise RuntimeError('in the middle')"""
)
LEAVES = PROGRAM.format(body="sys.exit(3)")
BUSY = PROGRAM.format(
    body="""
        tasks = [asyncio.create_task(database.write("SELECT 1")) for _ in range(50)]
        await asyncio.sleep(0)
        raise RuntimeError('in the middle')"""
)

REFUSED_OFTEN = """
import asyncio, sys
from pathlib import Path
from bot.kit.database.database import open_database
from bot.kit.database.errors import StorageError

async def main():
    async with open_database(Path(sys.argv[1])):
        pass

for _ in range(100):
    try:
        asyncio.run(main())
    except StorageError:
        pass
"""


def break_file(path):
    path.write_text("no database " * 100)


def break_schema(path):
    """Our mark, no version, and a table where the first migration wants to make one."""
    with outside(path) as other:
        other.execute("CREATE TABLE program_values (other TEXT)")
        other.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def break_version(path):
    with outside(path) as other:
        other.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        other.execute("PRAGMA user_version = 1000")


class TestNothingIsLeftOpen:
    """A connection left open keeps the process from exiting: a supervisor would wait forever."""

    @pytest.mark.parametrize(
        "prepare",
        [break_file, break_schema, break_version, make_other_program],
        ids=lambda prepare: prepare.__name__,
    )
    async def test_a_program_that_cannot_open_the_database_exits(self, path, prepare):
        prepare(path)
        ended = await run_program(PROGRAM.format(body="pass"), path)
        assert ended.code == 1
        assert "bot.kit.database.errors.StorageError: " in ended.errors
        assert "was deleted before being closed" not in ended.errors

    @pytest.mark.parametrize(
        ("source", "code"),
        [(RAISES, 1), (RAISES_INSIDE, 1), (LEAVES, 3), (BUSY, 1)],
        ids=["raises", "raises in a transaction", "leaves", "leaves work behind"],
    )
    async def test_a_program_that_fails_with_the_database_open_exits(self, path, source, code):
        ended = await run_program(source, path)
        assert ended.code == code
        assert "was deleted before being closed" not in ended.errors
        assert names_in(path) == {"one"}

    @pytest.mark.parametrize("turns", [0, 1, 2, 3, 5, 8, 13, 21, 34, 55])
    async def test_a_start_that_is_cancelled_leaves_no_connection(self, path, turns):
        async def start():
            async with open_database(path):
                await asyncio.sleep(60)

        task = asyncio.create_task(start())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await threads_end()
        assert database_threads() == []
        async with open_database(path) as database:
            await database.write(PUT, "one")

    async def test_an_open_database_has_its_connections_and_a_closed_one_none(self, path):
        async with open_database(path):
            # A writer, readers, and one for what reads much.
            assert len(database_threads()) == 1 + READERS + 1
        await threads_end()
        assert database_threads() == []

    @pytest.mark.parametrize(
        "prepare",
        [break_file, break_schema, break_version, make_other_program, Path.mkdir],
        ids=lambda prepare: prepare.__name__,
    )
    async def test_a_refused_file_has_no_connection_left(self, path, prepare):
        prepare(path)
        await refusal(path)
        assert database_threads() == []

    async def test_a_refusal_is_all_that_is_said(self, tmp_path):
        """No thread is left that finds its loop closed and prints a traceback of its own."""
        ended = await run_program(REFUSED_OFTEN, tmp_path)
        assert ended.code == 0
        assert ended.errors == ""
