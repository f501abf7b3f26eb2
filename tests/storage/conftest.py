"""A real database file for each test."""

from __future__ import annotations

from pathlib import Path

import pytest
import pytest_asyncio

from bot.storage.database import open_database


@pytest.fixture
def path(tmp_path) -> Path:
    """Where the database is."""
    return tmp_path / "dojo.sqlite3"


@pytest_asyncio.fixture
async def database(path):
    """A new database."""
    async with open_database(path) as database:
        yield database
