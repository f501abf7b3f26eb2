"""Small facts the program keeps about itself."""

from __future__ import annotations

from bot.kit.database.database import open_database
from bot.kit.database.values import ProgramValueStore


async def test_what_was_never_put_is_none(database):
    assert await ProgramValueStore(database).get("commands") is None


async def test_the_last_value_put_is_got_also_after_a_restart(path):
    async with open_database(path) as database:
        await ProgramValueStore(database).put("commands", "old")
        await ProgramValueStore(database).put("commands", "new")
        await ProgramValueStore(database).put("other", "x")
    async with open_database(path) as database:
        assert await ProgramValueStore(database).get("commands") == "new"
