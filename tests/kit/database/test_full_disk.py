"""F5: a disk that is full at COMMIT: people are told exactly what is on disk.

Real files; no file may grow beyond its size, as on a disk without room.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import sqlite3

import pytest

from tests.kit.database.files import PUT, names_in


@pytest.fixture
def full_disk(path):
    """Begins at a call and ends with the test, or with a call of its result."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def end() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    def begin():
        size = path.with_name(path.name + "-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        return end

    yield begin
    end()


async def shared(database, writes, then=lambda: None):
    """How each of these writes went when they share a commit, just before which `then` happens."""
    async with database.transaction() as transaction:
        await transaction.all("SELECT 1")
        tasks = [asyncio.ensure_future(database.write(*one)) for one in writes]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        then()
    return await asyncio.gather(*tasks, return_exceptions=True)


def told(writes, results):
    """The names that were told to be on disk."""
    return {
        name
        for (_, name), result in zip(writes, results, strict=True)
        if not isinstance(result, BaseException)
    }


@pytest.mark.parametrize("names", [("a", "b", "c"), ("a", "there already", "c", "d")])
async def test_when_the_commit_fails_everybody_who_shared_it_is_told(
    database, path, full_disk, names
):
    """F5: also when one of them had broken a rule; once there is room all goes on."""
    await database.write(PUT, "there already")
    writes = [(PUT, name) for name in names]
    results = await shared(database, writes, full_disk)
    assert told(writes, results) == set()
    assert names_in(path) == {"there already"}
    broke = [isinstance(result, sqlite3.IntegrityError) for result in results]
    assert broke == [name == "there already" for name in names]
    full_disk()()
    await database.write(PUT, "later")
    assert names_in(path) == {"there already", "later"}


async def test_what_is_written_after_a_transaction_ended_by_itself_is_told_as_it_is(database, path):
    """F5, the other half: a later statement that breaks a rule says nothing about those before."""
    await database.write(
        "CREATE TRIGGER fatal BEFORE INSERT ON program_values WHEN NEW.name = 'fatal'"
        " BEGIN SELECT RAISE(ROLLBACK, 'fatal'); END"
    )
    await database.write(PUT, "twice")
    names = ("before", "twice", "fatal", "after", "twice", "last")
    writes = [(PUT, name) for name in names]
    results = await shared(database, writes)
    assert names_in(path) == {"twice", "after", "last"}
    assert told(writes, results) == {"after", "last"}


async def test_a_block_whose_transaction_ended_by_itself_does_not_pass_for_written(database, path):
    """F5: also when the block goes on after the error."""
    await database.write(
        "CREATE TRIGGER fatal BEFORE INSERT ON program_values WHEN NEW.name = 'fatal'"
        " BEGIN SELECT RAISE(ROLLBACK, 'fatal'); END"
    )

    async def go_on_after_the_error():
        async with database.transaction() as transaction:
            await transaction.all(PUT, "before")
            with contextlib.suppress(sqlite3.Error):
                await transaction.all(PUT, "fatal")

    with pytest.raises(sqlite3.OperationalError, match="ended by an error"):
        await go_on_after_the_error()
    assert names_in(path) == set()
