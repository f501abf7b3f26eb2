"""The services on a real database file, with a clock that a test moves."""

from __future__ import annotations

import contextlib
import random
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.content.library import Library
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.dojos.service.timezones import TimeZones
from bot.dojos.store.dojos import DojoStore
from bot.dojos.store.own_contents import OwnContentStore
from bot.kit.database.database import Database, open_database
from bot.questions.service import QuestionService
from bot.questions.store import BagStore
from tests.quick import quick_databases
from tests.services.clocks import MovableClock
from tests.services.feedback import FeedbackPractice
from tests.services.gatherings import Evening
from tests.services.rooms import Practice


class House:
    """What one process has; `opened` makes another on the same file."""

    def __init__(self, database: Database, library: Library, clock: MovableClock) -> None:
        rng = random.Random(5)
        self.database = database
        self.clock = clock
        own_store = OwnContentStore(database)
        self.dojos = DojoService(DojoStore(database), TimeZones(), now=clock, rng=rng)
        self.contents = ContentService(library, own_store, now=clock)
        self.questions = QuestionService(BagStore(database), self.contents, rng=rng)

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(
        cls, path: Path, library: Library, clock: MovableClock
    ) -> AsyncGenerator[House]:
        async with open_database(path) as database:
            house = cls(database, library, clock)
            await house.dojos.load()
            yield house


@pytest.fixture(autouse=True)
def _quick_databases():
    with quick_databases():
        yield


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def path(tmp_path) -> Path:
    """Where the database is."""
    return tmp_path / "dojo.sqlite3"


@pytest_asyncio.fixture
async def house(path, library, clock):
    async with House.opened(path, library, clock) as house:
        yield house


@pytest_asyncio.fixture
async def practice(path, library):
    """A dojo with rounds in it, whose rooms are made up and whose time a test moves."""
    async with Practice.opened(path, library) as practice:
        yield practice


@pytest_asyncio.fixture
async def feedback(path, library):
    """A practice with notes, sheets and debriefs."""
    async with FeedbackPractice.opened(path, library) as practice:
        yield practice


@pytest_asyncio.fixture
async def evening(path, library):
    """Gatherings of a dojo over a real database."""
    async with Evening.opened(path, library) as evening:
        yield evening
