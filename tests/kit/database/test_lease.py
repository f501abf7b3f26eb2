"""One process at a time runs the bot on a database, and its end frees it, whatever that is."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from pathlib import Path

import pytest

from bot.check import check_database
from bot.kit.database.database import open_database
from bot.kit.database.errors import StorageError
from bot.kit.database.lease import hold, lock_file
from tests.kit.database.files import PUT, ROOT, dump, names_in, outside, run_program

# Starts a child while it holds the lease, then lives on until it is killed.
HOLDER = """
import asyncio, subprocess, sys
from pathlib import Path
from bot.kit.database.lease import hold

async def main():
    async with hold(Path(sys.argv[1]), waiting=lambda: print("waiting", flush=True), every=0.01):
        child = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(60)"], stdout=subprocess.DEVNULL
        )
        print(child.pid, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""

# Goes in and out often, and writes down both.
VISITOR = """
import asyncio, os, sys
from pathlib import Path
from bot.kit.database.lease import hold

async def main():
    book = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for _ in range(8):
        async with hold(Path(sys.argv[1]), waiting=lambda: None, every=0.001):
            os.write(book, b"in %d\\n" % os.getpid())
            await asyncio.sleep(0.002)
            os.write(book, b"out %d\\n" % os.getpid())
        await asyncio.sleep(0.001)

asyncio.run(main())
"""


class Second:
    """Someone who waits for the lease, and gives it back as soon as they have it."""

    def __init__(self, path: Path) -> None:
        self.told = 0
        self.waits = asyncio.Event()
        self.got_it = asyncio.Event()
        self.task = asyncio.create_task(self._wait(path))

    @classmethod
    async def of(cls, path: Path) -> Second:
        """One who has been told to wait."""
        second = cls(path)
        await asyncio.wait_for(second.waits.wait(), 5)
        return second

    async def _wait(self, path: Path) -> None:
        async with hold(path, waiting=self._tell, every=0.005):
            self.got_it.set()

    def _tell(self) -> None:
        self.told += 1
        self.waits.set()


def nobody() -> None:
    pytest.fail("there is nobody to wait for")


async def refusal(path) -> str:
    with pytest.raises(StorageError) as refused:
        async with hold(path, waiting=nobody):
            pass
    return str(refused.value)


class TestTaking:
    async def test_a_free_database_is_held_at_once(self, path):
        async with hold(path, waiting=nobody):
            assert lock_file(path).exists()
        async with hold(path, waiting=nobody):
            pass

    async def test_the_database_itself_is_not_touched(self, path):
        async with hold(path, waiting=nobody):
            assert not path.exists()
        assert [file.name for file in path.parent.iterdir()] == [f"{path.name}.lock"]

    async def test_the_database_can_be_used_by_who_holds_it_and_read_by_others(self, path):
        async with hold(path, waiting=nobody), open_database(path) as database:
            await database.write(PUT, "one")
            assert names_in(path) == {"one"}
            assert (await check_database(path)).good

    async def test_absent_folders_are_made(self, tmp_path):
        async with hold(tmp_path / "one" / "two" / "dojo.sqlite3", waiting=nobody):
            pass

    async def test_other_databases_of_the_folder_are_free(self, path):
        async with (
            hold(path, waiting=nobody),
            hold(path.with_name("other.sqlite3"), waiting=nobody),
        ):
            pass

    async def test_the_lock_file_passes_for_no_database_of_ours(self, path):
        async with hold(path, waiting=nobody):
            pass
        before = lock_file(path).read_bytes()
        with pytest.raises(StorageError, match="another program"):
            async with open_database(lock_file(path)):
                pass
        finding = await check_database(lock_file(path))
        assert not finding.good
        assert "another program" in finding.text
        assert lock_file(path).read_bytes() == before


class TestLockFileGone:
    """W13d: with the lock file gone, a second process ran beside the first one."""

    async def test_it_is_made_and_held_again(self, path):
        async with hold(path, waiting=nobody, look_every=0.01):
            lock_file(path).unlink()
            await asyncio.sleep(0.05)
            second = await Second.of(path)
        await asyncio.wait_for(second.task, 5)

    async def test_the_first_is_told_where_another_one_was_quicker(self, path):
        is_taken = asyncio.Event()
        async with hold(path, waiting=nobody, taken=is_taken.set, look_every=0.01):
            lock_file(path).unlink()
            async with hold(path, waiting=nobody):
                await asyncio.wait_for(is_taken.wait(), 5)


class TestWaiting:
    async def test_the_second_waits_until_the_first_lets_go_and_is_told_once(self, path):
        async with hold(path, waiting=nobody):
            second = await Second.of(path)
            await asyncio.sleep(0.03)
            assert not second.got_it.is_set()
        await asyncio.wait_for(second.task, 5)
        assert second.told == 1

    async def test_an_error_lets_go(self, path):
        with pytest.raises(LookupError):
            async with hold(path, waiting=nobody):
                raise LookupError
        async with hold(path, waiting=nobody):
            pass

    async def test_a_person_who_is_cancelled_while_waiting_leaves_nothing(self, path):
        async with hold(path, waiting=nobody):
            second = await Second.of(path)
            second.task.cancel()
            await asyncio.sleep(0)
        async with hold(path, waiting=nobody):
            pass
        assert not second.got_it.is_set()

    @pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
    async def test_links_lead_to_the_same_lock(self, path, tmp_path, monkeypatch):
        (tmp_path / "elsewhere").mkdir()
        link = tmp_path / "elsewhere" / "link.sqlite3"
        link.symlink_to(path)
        (tmp_path / "folder").symlink_to(tmp_path)
        monkeypatch.chdir(tmp_path)
        for way in (link, tmp_path / "folder" / path.name, Path(path.name)):
            async with hold(path, waiting=nobody):
                second = await Second.of(way)
            await asyncio.wait_for(second.task, 5)
        assert [file.name for file in link.parent.iterdir()] == [link.name]


class TestProcesses:
    @pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
    async def test_a_killed_process_lets_go_at_once_also_with_a_child_that_lives(self, path):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", HOLDER, str(path), cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        child = int(await process.stdout.readline())
        second = await Second.of(path)
        process.kill()
        await process.communicate()
        try:
            await asyncio.wait_for(second.task, 5)
            os.kill(child, 0)
            async with hold(path, waiting=nobody):
                pass
        finally:
            os.kill(child, 9)

    async def test_of_many_that_start_at_once_one_is_in(self, path, tmp_path):
        """Also while the lock file is being made."""
        book = tmp_path / "book"
        ends = await asyncio.gather(*(run_program(VISITOR, path, book) for _ in range(4)))
        assert [(end.code, end.errors) for end in ends] == [(0, "")] * 4
        lines = book.read_text().split("\n")[:-1]
        assert len(lines) == 4 * 8 * 2
        for entered, left in zip(lines[::2], lines[1::2], strict=True):
            assert entered.startswith("in ")
            assert left == entered.replace("in", "out")


class TestRefused:
    async def test_a_lock_file_that_is_something_else_is_refused_and_stays_as_it_is(self, path):
        lock_file(path).write_text("Notes of the evening. " * 100)
        before = lock_file(path).read_bytes()
        sentence = await refusal(path)
        assert f"The database {path} cannot be kept for one process: " in sentence
        assert f"must be able to write {lock_file(path)}." in sentence
        assert lock_file(path).read_bytes() == before

    async def test_a_folder_in_its_place_is_refused(self, path):
        lock_file(path).mkdir()
        assert "cannot be kept for one process" in await refusal(path)

    async def test_a_file_where_a_folder_should_be_is_refused(self, tmp_path):
        (tmp_path / "file").touch()
        assert "cannot be kept" in await refusal(tmp_path / "file" / "dojo.sqlite3")

    @pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
    async def test_a_link_to_itself_is_refused_by_the_person_who_opens_the_database(self, path):
        path.symlink_to(path)
        async with hold(path, waiting=nobody):
            with pytest.raises(StorageError):
                async with open_database(path):
                    pass

    @pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
    )
    async def test_a_folder_that_may_not_be_written_is_refused(self, tmp_path):
        tmp_path.chmod(0o500)
        try:
            assert "cannot be kept" in await refusal(tmp_path / "dojo.sqlite3")
            assert "cannot be kept" in await refusal(tmp_path / "new" / "dojo.sqlite3")
        finally:
            tmp_path.chmod(0o700)

    async def test_a_lock_file_that_may_only_be_read_is_refused(self, path, monkeypatch):
        """SQLite then begins an exclusive transaction that excludes nobody."""
        async with hold(path, waiting=nobody):
            pass
        connect = sqlite3.connect

        def read_only(file, **options):
            if file != lock_file(path):
                # Of those who measure what the tests reach.
                return connect(file, **options)
            return connect(f"{file.as_uri()}?mode=ro", uri=True, **options)

        monkeypatch.setattr("bot.kit.database.lease.sqlite3.connect", read_only)
        assert "cannot be kept for one process: attempt to write" in await refusal(path)

    async def test_the_database_of_another_program_in_its_place_is_refused(self, path):
        with outside(lock_file(path)) as other:
            other.execute("CREATE TABLE bookmarks (url TEXT)")
        before = dump(lock_file(path))
        assert "cannot be kept for one process" in await refusal(path)
        assert dump(lock_file(path)) == before
