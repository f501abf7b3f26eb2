"""What the program stores can be opened by its own account alone, whatever the umask."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import aiosqlite
import pytest

from bot.kit.database import migrate
from bot.kit.database.database import open_database
from bot.kit.database.lease import hold, lock_file
from bot.kit.database.private_files import files_of

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes of files are of POSIX")
PUT = "INSERT INTO program_values (name, value) VALUES ('a', 'b')"


@pytest.fixture(params=[0o022, 0o000, 0o077, 0o002], ids="{:03o}".format)
def mask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


async def keep_copy(path: Path) -> None:
    async with aiosqlite.connect(path) as connection:
        await migrate._keep_copy(connection, path, 1)


async def test_everything_the_program_makes_is_closed_to_others(tmp_path, mask):
    """S8: the folders, the database, its log, its lock and the copy before an update."""
    path = tmp_path / "a" / "b" / "dojo.sqlite3"
    async with hold(path, waiting=lambda: None), open_database(path) as database:
        await database.write(PUT)
        await keep_copy(path)
        found = modes(path.parent)
    assert found == dict.fromkeys(
        (
            "dojo.sqlite3",
            "dojo.sqlite3-wal",
            "dojo.sqlite3-shm",
            "dojo.sqlite3.lock",
            "dojo.sqlite3.schema-1",
        ),
        0o600,
    )
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in path.parents[:2]} == {0o700}


async def test_a_copy_is_closed_also_when_the_database_is_open(tmp_path, mask):
    """S8: and holds the same."""
    path = tmp_path / "dojo.sqlite3"
    async with open_database(path) as database:
        await database.write(PUT)
    path.chmod(0o644)
    await keep_copy(path)
    copy = tmp_path / "dojo.sqlite3.schema-1"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    async with aiosqlite.connect(copy) as connection:
        rows = await connection.execute_fetchall("SELECT value FROM program_values")
    assert list(rows) == [("b",)]


async def test_a_copy_that_was_not_finished_is_made_again_and_closed(tmp_path, mask):
    """S8: an update that was interrupted left it, perhaps one of an earlier version."""
    path = tmp_path / "dojo.sqlite3"
    async with open_database(path):
        pass
    left = tmp_path / "dojo.sqlite3.schema-1.unfinished"
    left.write_bytes(b"half a copy")
    left.chmod(0o644)
    await keep_copy(path)
    assert modes(tmp_path)["dojo.sqlite3.schema-1"] == 0o600
    assert not left.exists()


async def test_a_database_behind_a_link_that_leads_nowhere_yet_is_closed(tmp_path, mask):
    """S8."""
    real = tmp_path / "real"
    real.mkdir(mode=0o700)
    path = tmp_path / "dojo.sqlite3"
    path.symlink_to(real / "file.sqlite3")
    async with hold(path, waiting=lambda: None), open_database(path) as database:
        await database.write(PUT)
        found = modes(real)
    assert set(found.values()) == {0o600}
    assert len(found) == 4


async def test_a_database_its_operator_closed_stays_as_it_is(tmp_path, mask):
    path = tmp_path / "dojo.sqlite3"
    path.touch(mode=0o600)
    path.chmod(0o600)
    async with open_database(path) as database:
        await database.write(PUT)
        assert set(modes(tmp_path).values()) == {0o600}


async def test_a_folder_that_is_there_keeps_its_mode(tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    async with open_database(shared / "inner" / "dojo.sqlite3"):
        pass
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755
    assert stat.S_IMODE((shared / "inner").stat().st_mode) == 0o700


async def test_all_files_of_a_database_are_known(tmp_path):
    """S8: what `check` looks at is what the program makes."""
    path = tmp_path / "dojo.sqlite3"
    async with hold(path, waiting=lambda: None), open_database(path) as database:
        await database.write(PUT)
        await keep_copy(path)
        assert set(files_of(path)) == set(tmp_path.iterdir())
    assert lock_file(path) in files_of(path)
    (tmp_path / "dojo.sqlite3.backup").touch()
    (tmp_path / "other.sqlite3.schema-1").touch()
    assert {file.name for file in files_of(path)} == {
        "dojo.sqlite3",
        "dojo.sqlite3.lock",
        "dojo.sqlite3.schema-1",
    }
