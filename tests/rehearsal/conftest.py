"""A rehearsal that is open, and someone who visits it."""

from __future__ import annotations

import aiohttp
import pytest
import pytest_asyncio

from bot.rehearsal import Options
from bot.rehearsal.command import Rehearsal, open_dojo_rehearsal
from tests.rehearsal.visitor import Visitor
from tests.simulation.quick import quick_databases, quick_loop
from tests.simulation.world import read_once


@pytest.fixture
def complaints() -> list[str]:
    """What the rehearsal reported to have gone wrong."""
    return []


@pytest_asyncio.fixture
async def rehearsal(tmp_path, complaints):
    """The real bot's rehearsal."""
    opened = open_dojo_rehearsal(Options(), tmp_path, report=complaints.append)
    with quick_databases(), quick_loop(), read_once():
        async with opened as rehearsal:
            yield rehearsal


@pytest_asyncio.fixture
async def visitor(rehearsal: Rehearsal):
    """Someone with a browser."""
    async with aiohttp.ClientSession() as session:
        yield Visitor(rehearsal, session)
