"""W13d: the file is deleted or replaced under the running bot, and the next write says so."""

from __future__ import annotations

import shutil

import pytest

from bot.kit.database.database import open_database
from bot.kit.database.errors import DatabaseGone, StorageError
from tests.kit.database.files import PUT, names_in


async def put_in_transaction(database, name):
    async with database.transaction() as transaction:
        await transaction.all(PUT, name)


@pytest.mark.parametrize("how", ["deleted", "replaced"])
async def test_nothing_is_written_into_a_file_that_nobody_will_find(tmp_path, caplog, how):
    """W13d: by no way to write; said once in the log; and it goes on once the file is back."""
    path, aside, copy = (tmp_path / name for name in ("dojo.sqlite3", "aside", "copy"))
    async with open_database(path) as database:
        await database.write(PUT, "before")
        shutil.copy(path, copy)
        path.rename(aside)
        if how == "replaced":
            copy.rename(path)

        with pytest.raises(DatabaseGone):
            await database.write(PUT, "one")
        with pytest.raises(DatabaseGone):
            await database.change(PUT, "two")
        with pytest.raises(DatabaseGone):
            await put_in_transaction(database, "three")
        with pytest.raises(StorageError, match="deleted or replaced"):
            await database.health()
        assert caplog.text.count("deleted or replaced while the bot runs") == 1

        aside.replace(path)
        await database.write(PUT, "after")
    assert names_in(path) == {"before", "after"}
