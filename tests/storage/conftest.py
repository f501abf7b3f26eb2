"""A real database file for each test."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
import pytest_asyncio

from bot.kit.database.database import open_database
from tests.quick import ready_made


@pytest.fixture
def path(tmp_path) -> Path:
    """Where the database is."""
    return tmp_path / "dojo.sqlite3"


@pytest_asyncio.fixture
async def database(path):
    """A new database."""
    async with contextlib.AsyncExitStack() as stack:
        with ready_made():
            database = await stack.enter_async_context(open_database(path))
        yield database
