"""One writer, separate readers, and transactions that survive cancellation."""

from __future__ import annotations

import asyncio
import contextlib
import random
import shutil
import sqlite3
from collections import Counter

import pytest

from bot.kit.database.database import BUSY_TIMEOUT_MS, MOST_IN_ONE_COMMIT, READERS, open_database
from bot.kit.database.errors import StorageError
from tests.kit.database.files import PUT, names_in, outside
from tests.kit.time.timers import Turns

GET = "SELECT name FROM program_values WHERE name = ?"


class Refused(Exception):
    """What a caller raises inside a transaction."""


async def until(holds):
    """Let others go on until it holds."""
    while not holds():  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(0.001)


async def put(database, *names):
    """Put rows in a transaction."""
    async with database.transaction() as transaction:
        for name in names:
            await transaction.all(PUT, name)


async def put_and_fail(database, seconds=0.0):
    """Put a row in a transaction that fails after a while."""
    async with database.transaction() as transaction:
        await transaction.all(PUT, "failed")
        await asyncio.sleep(seconds)
        raise Refused


class TestTransactions:
    async def test_statements_of_a_block_are_kept_together(self, database, path):
        await put(database, "one", "two")
        assert names_in(path) == {"one", "two"}

    async def test_an_exception_undoes_all_of_the_block_and_is_passed_on(self, database, path):
        with pytest.raises(Refused):
            await put_and_fail(database)
        assert names_in(path) == set()

    async def test_a_statement_that_fails_undoes_all_of_the_block(self, database, path):
        with pytest.raises(sqlite3.IntegrityError):
            await put(database, "one", "one")
        assert names_in(path) == set()

    async def test_a_rollback_does_not_keep_or_lose_the_row_of_a_neighbour(self, database, path):
        """On one shared connection a neighbour's COMMIT would keep what is rolled back."""
        inside, go_on = asyncio.Event(), asyncio.Event()

        async def fails():
            async with database.transaction() as transaction:
                await transaction.all(PUT, "failed")
                inside.set()
                await go_on.wait()
                raise Refused

        async def neighbour():
            await inside.wait()
            writes = asyncio.gather(
                database.write(PUT, "neighbour-write"), put(database, "neighbour-block")
            )
            await asyncio.sleep(0.02)
            go_on.set()
            await writes

        results = await asyncio.gather(fails(), neighbour(), return_exceptions=True)
        assert isinstance(results[0], Refused)
        assert results[1] is None
        assert names_in(path) == {"neighbour-write", "neighbour-block"}

    async def test_others_never_read_uncommitted_rows(self, database):
        async with database.transaction() as transaction:
            await transaction.all(PUT, "one")
            assert await transaction.one(GET, "one")
            for _ in range(READERS):
                assert await database.one(GET, "one") is None
        assert await database.one(GET, "one")

    async def test_what_was_rolled_back_was_never_seen(self, database):
        failing = asyncio.create_task(put_and_fail(database, seconds=0.02))
        while not failing.done():
            assert await database.all("SELECT * FROM program_values") == []
        assert isinstance(failing.exception(), Refused)
        assert await database.all("SELECT * FROM program_values") == []

    async def test_readers_do_not_wait_for_a_transaction(self, database):
        async with database.transaction() as transaction, asyncio.timeout(2):
            await transaction.all(PUT, "one")
            await asyncio.gather(*(database.all("SELECT 1") for _ in range(20)))

    async def test_transactions_follow_one_another(self, database):
        """Each reads what the one before has written: nothing is lost between read and write."""
        await database.write("INSERT INTO program_values (name, value) VALUES ('n', '0')")

        async def add_one():
            async with database.transaction() as transaction:
                row = await transaction.one("SELECT value FROM program_values WHERE name = 'n'")
                await asyncio.sleep(0)
                await transaction.all(
                    "UPDATE program_values SET value = ? WHERE name = 'n'", str(int(row[0]) + 1)
                )

        await asyncio.gather(*(add_one() for _ in range(30)))
        row = await database.one("SELECT value FROM program_values WHERE name = 'n'")
        assert row["value"] == "30"


class TestCancellation:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    async def test_200_cancelled_tasks_wedge_nothing_and_leave_no_half(self, database, path, seed):
        rng = random.Random(seed)
        done: set[int] = set()

        async def work(number):
            if number % 5 == 0:
                await database.write(PUT, f"{number}-alone")
            else:
                async with database.transaction() as transaction:
                    await transaction.all(PUT, f"{number}-a")
                    if number % 2:
                        await asyncio.sleep(0)
                    await transaction.all(PUT, f"{number}-b")
            done.add(number)

        async def cancel(task):
            # By turns of the loop and by time: every await is hit, also those on the way back.
            for _ in range(rng.randrange(60)):
                await asyncio.sleep(0)
            if rng.random() < 0.5:
                await asyncio.sleep(rng.random() * 0.2)
            for _ in range(rng.choice([1, 1, 2, 3])):
                task.cancel()
                await asyncio.sleep(0)

        tasks = [asyncio.create_task(work(number)) for number in range(200)]
        await asyncio.gather(*(cancel(task) for task in tasks))
        results = await asyncio.gather(*tasks, return_exceptions=True)
        unexpected = [r for r in results if r and not isinstance(r, asyncio.CancelledError)]
        assert unexpected == []

        async with asyncio.timeout(5), database.transaction() as transaction:
            await transaction.all(PUT, "afterwards")
        kept = names_in(path)
        assert "afterwards" in kept
        halves = [n for n in range(200) if (f"{n}-a" in kept) != (f"{n}-b" in kept)]
        assert halves == []
        lost = [n for n in done if not {f"{n}-b", f"{n}-alone"} & kept]
        assert lost == []

    @pytest.mark.parametrize("turns", range(12))
    async def test_a_task_cancelled_at_any_turn_leaves_the_writer_free(self, database, turns):
        """Also while BEGIN or COMMIT is on its way."""

        async def work():
            async with database.transaction() as transaction:
                await transaction.all(PUT, "one")
                await transaction.all(PUT, "two")

        task = asyncio.create_task(work())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(5):
            await database.write(PUT, "afterwards")
        rows = await database.all("SELECT name FROM program_values")
        assert {row["name"] for row in rows} in ({"afterwards"}, {"afterwards", "one", "two"})

    async def test_a_second_cancellation_does_not_skip_the_rollback(self, database, path):
        inside = asyncio.Event()

        async def work():
            async with database.transaction() as transaction:
                await transaction.all(PUT, "one")
                inside.set()
                await asyncio.sleep(60)

        task = asyncio.create_task(work())
        await inside.wait()
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await database.write(PUT, "afterwards")
        assert names_in(path) == {"afterwards"}

    async def test_a_task_cancelled_while_it_waits_does_not_hold_up_the_next(self, database, path):
        async with database.transaction() as transaction:
            waiting = asyncio.create_task(database.write(PUT, "cancelled"))
            following = asyncio.create_task(database.write(PUT, "following"))
            await asyncio.sleep(0)
            waiting.cancel()
            await transaction.all(PUT, "first")
        await asyncio.wait_for(following, 5)
        # It was handed over, so it is written all the same.
        assert names_in(path) == {"first", "cancelled", "following"}


class TestCommittingTogether:
    """Single statements that come at the same time share a commit, and nothing else."""

    async def test_many_at_once_are_all_on_disk(self, database, path):
        await asyncio.gather(*(database.write(PUT, str(number)) for number in range(300)))
        assert len(names_in(path)) == 300

    async def test_they_take_few_commits(self, database):
        commits = 0

        def count(statement: str) -> None:
            nonlocal commits
            commits += statement == "COMMIT"

        await database._writer.set_trace_callback(count)
        await asyncio.gather(*(database.write(PUT, str(number)) for number in range(300)))
        # A few may go on alone before the others have come.
        assert commits <= 300 // MOST_IN_ONE_COMMIT + 2

    async def test_not_too_many_go_on_in_the_same_turn_of_the_event_loop(self, database):
        counter, turns = Turns(), Counter[int]()

        async def write(number: int) -> None:
            await database.write(PUT, str(number))
            turns[counter.count] += 1

        await asyncio.gather(*(write(number) for number in range(300)))
        counter.stop()
        assert turns.total() == 300
        assert max(turns.values()) <= MOST_IN_ONE_COMMIT

    async def test_each_gets_its_own_rows(self, database):
        returning = PUT + " RETURNING name"
        rows = await asyncio.gather(*(database.write(returning, str(n)) for n in range(50)))
        assert [row[0]["name"] for row in rows] == [str(number) for number in range(50)]

    async def test_one_that_fails_fails_alone(self, database, path):
        await database.write(PUT, "there")
        results = await asyncio.gather(
            database.write(PUT, "before"),
            database.write("INSERT INTO program_values (name, value) VALUES (?, NULL)", "bad"),
            database.write(PUT, "after"),
            return_exceptions=True,
        )
        assert [isinstance(result, sqlite3.IntegrityError) for result in results] == [
            False,
            True,
            False,
        ]
        assert names_in(path) == {"there", "before", "after"}

    async def test_nobody_is_told_of_a_row_that_was_taken_back(self, database, path):
        """A statement that ends the whole transaction fails for everyone who shared it."""
        await database.write(
            "CREATE TRIGGER fatal BEFORE INSERT ON program_values WHEN NEW.name = 'fatal'"
            " BEGIN SELECT RAISE(ROLLBACK, 'fatal'); END"
        )
        results = await asyncio.gather(
            database.write(PUT, "before"),
            database.write(PUT, "fatal"),
            database.write(PUT, "after"),
            return_exceptions=True,
        )
        told = {
            name
            for name, result in zip(("before", "fatal", "after"), results, strict=True)
            if not isinstance(result, BaseException)
        }
        assert told <= names_in(path)
        assert "before" not in names_in(path)
        await database.write(PUT, "later")
        assert "later" in names_in(path)

    async def test_what_came_after_the_fatal_one_is_told_as_it_is(self, database, path):
        await database.write(
            "CREATE TRIGGER fatal BEFORE INSERT ON program_values WHEN NEW.name = 'fatal'"
            " BEGIN SELECT RAISE(ROLLBACK, 'fatal'); END"
        )
        results = await asyncio.gather(
            *(database.write(PUT, name) for name in ("one", "fatal", "two", "three")),
            return_exceptions=True,
        )
        told = {
            name
            for name, result in zip(("one", "fatal", "two", "three"), results, strict=True)
            if not isinstance(result, BaseException)
        }
        assert told == names_in(path)

    async def test_nobody_waits_for_ever_when_committing_breaks(self, database, monkeypatch):
        async def broken(_):
            raise sqlite3.OperationalError("disk I/O error")

        monkeypatch.setattr(database, "_commit", broken)
        async with asyncio.timeout(5):
            results = await asyncio.gather(
                *(database.write(PUT, str(number)) for number in range(5)), return_exceptions=True
            )
        assert all(isinstance(result, sqlite3.OperationalError) for result in results)

    async def test_a_person_who_comes_while_committing_breaks_is_served_all_the_same(
        self, database, path, monkeypatch
    ):
        commit = database._commit
        late = []

        async def broken_once(batch):
            monkeypatch.setattr(database, "_commit", commit)
            late.append(asyncio.create_task(database.write(PUT, "late")))
            await asyncio.sleep(0)
            raise sqlite3.OperationalError("disk I/O error")

        monkeypatch.setattr(database, "_commit", broken_once)
        async with asyncio.timeout(5):
            with pytest.raises(sqlite3.OperationalError):
                await database.write(PUT, "early")
            await late[0]
        assert names_in(path) == {"late"}

    async def test_closing_waits_for_what_is_being_committed(self, database, path):
        writes = [asyncio.create_task(database.write(PUT, str(number))) for number in range(20)]
        await asyncio.sleep(0)
        closing = asyncio.create_task(database.finish())
        await asyncio.sleep(0)
        closing.cancel()
        async with asyncio.timeout(5):
            await asyncio.gather(*writes)
        assert len(names_in(path)) == 20

    async def test_a_single_write_inside_a_transaction_is_refused_instead_of_waiting(
        self, database
    ):
        async with asyncio.timeout(5), database.transaction():
            with pytest.raises(RuntimeError):
                await database.write(PUT, "inside")


class TestErasing:
    async def test_what_was_erased_is_in_no_file(self, database, path):
        await database.write(PUT, "remember-this-person")
        await database.write("DELETE FROM program_values")
        await database.scrub()
        for file in path.parent.iterdir():
            assert b"remember-this-person" not in file.read_bytes(), file.name


class TestCursors:
    async def test_no_open_cursor_blocks_a_commit(self, database, path):
        """An unread cursor makes COMMIT fail; the first of many rows leaves none."""
        for number in range(20):
            await database.write(PUT, str(number))
        async with database.transaction() as transaction:
            await transaction.one("SELECT * FROM program_values")
            await transaction.one("PRAGMA journal_mode")
            await transaction.one("UPDATE program_values SET value = 'y' RETURNING name")
        assert len(names_in(path)) == 20

    async def test_no_open_cursor_of_a_reader_holds_back_the_log(self, database):
        """A reader in the middle of a result keeps the write-ahead log growing forever."""
        for number in range(20):
            await database.write(PUT, str(number))
        for _ in range(READERS):
            await database.one("SELECT * FROM program_values")
        (row,) = await database.write("PRAGMA wal_checkpoint(TRUNCATE)")
        assert tuple(row) == (0, 0, 0)


class TestConnections:
    @pytest.mark.parametrize(
        ("pragma", "value"),
        [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("query_only", 0)],
    )
    async def test_the_writer_is_set_to(self, database, pragma, value):
        async with database.transaction() as transaction:
            row = await transaction.one(f"PRAGMA {pragma}")
        assert row[0] == value

    async def test_foreign_keys_are_enforced(self, database):
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            await database.write("INSERT INTO own_contents VALUES (1, '', 0, NULL)")

    async def test_readers_cannot_write(self, database, path):
        for _ in range(READERS):
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                await database.all(PUT, "one")
        assert names_in(path) == set()

    async def test_a_write_is_there_for_others_when_it_returns(self, database, path):
        await database.write(PUT, "one")
        assert names_in(path) == {"one"}

    async def test_a_write_gives_the_rows_it_returns(self, database):
        (row,) = await database.write(PUT + " RETURNING name, value", "one")
        assert dict(row) == {"name": "one", "value": "x"}

    async def test_a_write_that_fails_changes_nothing_and_frees_the_writer(self, database, path):
        await database.write(PUT, "one")
        with pytest.raises(sqlite3.IntegrityError):
            await database.write(PUT, "one")
        await database.write(PUT, "two")
        assert names_in(path) == {"one", "two"}

    async def test_a_reader_sees_the_newest_state_each_time(self, database):
        for number in range(10):
            await database.write(PUT, str(number))
            assert len(await database.all("SELECT * FROM program_values")) == number + 1

    async def test_closing_waits_for_a_transaction_in_progress(self, path):
        async def slow(database, inside):
            async with database.transaction() as transaction:
                await transaction.all(PUT, "one")
                inside.set()
                await asyncio.sleep(0.05)
                await transaction.all(PUT, "two")

        async with open_database(path) as database:
            inside = asyncio.Event()
            task = asyncio.create_task(slow(database, inside))
            await inside.wait()
        await task
        assert names_in(path) == {"one", "two"}


class TestErased:
    """What has been erased leaves the log, also while others read."""

    @pytest.fixture(autouse=True)
    def without_waiting(self, monkeypatch):
        monkeypatch.setattr("bot.kit.database.write_log.WAIT_SECONDS", 0)
        monkeypatch.setattr("bot.kit.database.write_log.LATER_SECONDS", 0.001)

    async def test_what_is_erased_leaves_the_log_once_a_reader_has_gone(self, database, path):
        log = path.with_name(path.name + "-wal")
        await database.write(PUT, "a secret")
        with outside(path) as other:
            other.execute("BEGIN")
            other.execute("SELECT * FROM program_values").fetchall()
            await database.write("DELETE FROM program_values")
            assert not await database.scrub()
            assert database.holds_erased
            assert b"a secret" in log.read_bytes()
            # Meanwhile others write.
            await database.write(PUT, "another")
            other.execute("ROLLBACK")
        async with asyncio.timeout(5):
            await until(lambda: not database.holds_erased)
        assert b"a secret" not in log.read_bytes()

    async def test_nobody_waits_to_write_while_the_log_waits_for_a_reader(self, database, path):
        """F9: a tap behind an erasure behind a long reader is on disk at once."""
        await database.write(PUT, "a secret")
        with outside(path) as other:
            other.execute("BEGIN")
            other.execute("SELECT * FROM program_values").fetchall()
            await database.write("DELETE FROM program_values")
            busy: list[str] = []
            await database._writer.set_trace_callback(busy.append)
            await asyncio.gather(database.scrub(), database.write(PUT, "a tap"))
            assert names_in(path) == {"a tap"}
            assert "PRAGMA busy_timeout = 0" in busy
            other.execute("ROLLBACK")

    async def test_what_was_erased_before_a_kill_leaves_the_log_at_the_next_start(self, path):
        """F9: remembered by the log itself, which each start empties."""
        copy = path.with_name("killed.sqlite3")
        async with open_database(path) as database:
            await database.write(PUT, "a secret")
            await database.write("DELETE FROM program_values")
            for suffix in ("", "-wal"):
                shutil.copy(f"{path}{suffix}", f"{copy}{suffix}")
        log = copy.with_name(copy.name + "-wal")
        assert b"a secret" in log.read_bytes()
        with outside(copy) as other:
            other.execute("BEGIN")
            other.execute("SELECT * FROM program_values").fetchall()
            async with open_database(copy) as database:
                assert database.holds_erased
                other.execute("ROLLBACK")
                async with asyncio.timeout(5):
                    await until(lambda: not database.holds_erased)
                assert b"a secret" not in log.read_bytes() + copy.read_bytes()

    async def test_a_long_log_is_brought_into_the_file_beside_those_who_write(
        self, database, path, monkeypatch
    ):
        """Issue 12: else a commit does so, and everybody waits for it."""
        monkeypatch.setattr("bot.kit.database.write_log.COMMITS_BETWEEN", 3)
        for number in range(3):
            await database.write(PUT, f"row {number}")
        async with asyncio.timeout(5):
            await until(lambda: b"row 2" in path.read_bytes())

    async def test_closing_does_not_wait_for_a_reader(self, path):
        async with open_database(path) as database:
            await database.write(PUT, "a secret")
            with outside(path) as other:
                other.execute("BEGIN")
                other.execute("SELECT * FROM program_values").fetchall()
                await database.write("DELETE FROM program_values")
                await database.scrub()
                async with asyncio.timeout(5):
                    await database.finish()
                other.execute("ROLLBACK")
        assert b"a secret" not in path.read_bytes()

    async def test_with_nobody_reading_the_log_is_empty_at_once(self, database, path):
        await database.write(PUT, "a secret")
        await database.write("DELETE FROM program_values")
        await database.scrub()
        assert path.with_name(path.name + "-wal").stat().st_size == 0
        async with database.transaction() as transaction:
            (row,) = await transaction.all("PRAGMA busy_timeout")
        assert row[0] == BUSY_TIMEOUT_MS


class TestHealth:
    async def test_tells_size_schema_and_the_time_of_a_real_write(self, database, path):
        health = await database.health()
        assert health.schema_version >= 1
        assert health.write_seconds > 0
        assert health.file_bytes >= path.stat().st_size > 0

    async def test_measuring_leaves_one_row_however_often(self, database, path):
        for _ in range(3):
            await database.health()
        assert len(names_in(path)) == 1

    async def test_says_so_when_the_database_does_not_answer(self, database, path):
        with contextlib.suppress(sqlite3.Error), outside(path) as other:
            other.execute("DROP TABLE program_values")
        with pytest.raises(StorageError, match=r"dojo\.sqlite3 does not answer"):
            await database.health()
