"""Fixtures for every folder: the simulated Discord, databases, and services on them."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest
import pytest_asyncio

from bot.content.library import SHIPPED, Library, load_library
from bot.kit.database.database import open_database
from bot.rehearsal import simulation
from tests.dojos.service.house import House
from tests.feedback.service.practice import FeedbackPractice
from tests.gatherings.service.evening import Evening
from tests.kit.time.timers import MovableClock
from tests.rounds.service.practice import Practice
from tests.simulation import quick
from tests.simulation.world import Server, World

simulation.hold_far_timers()
simulation.quick_settling()
simulation.quick_checking()
simulation.quick_copying()
simulation.quick_bookkeeping()


@pytest_asyncio.fixture
async def world(tmp_path):
    """A simulated Discord with our bot on an empty database."""
    world = World(tmp_path)
    await world.start()
    try:
        yield world
    finally:
        await world.stop()


@pytest_asyncio.fixture
async def server(world) -> Server:
    """A guild in which the channel #dojo is a dojo."""
    server = world.guild()
    await server.becomes_dojo()
    return server


@pytest.fixture(scope="session")
def library() -> Library:
    """The shipped content."""
    return load_library()


@pytest.fixture
def path(tmp_path) -> Path:
    """Where the database is."""
    return tmp_path / "dojo.sqlite3"


@pytest_asyncio.fixture
async def database(path):
    """A new database on the disk, as an operator has it."""
    async with contextlib.AsyncExitStack() as stack:
        with quick.ready_made():
            database = await stack.enter_async_context(open_database(path))
        yield database


@pytest.fixture
def quick_databases():
    """Databases that wait for neither the disk nor a thread."""
    with quick.quick_databases():
        yield


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest_asyncio.fixture
async def house(quick_databases, path, library, clock):
    """Dojos and their words, with a clock that a test moves."""
    async with House.opened(path, library, clock) as house:
        yield house


@pytest_asyncio.fixture
async def practice(quick_databases, path, library):
    """A dojo with rounds in it, whose rooms are made up and whose time a test moves."""
    async with Practice.opened(path, library) as practice:
        yield practice


@pytest_asyncio.fixture
async def feedback(quick_databases, path, library):
    """A practice with notes, sheets and debriefs."""
    async with FeedbackPractice.opened(path, library) as practice:
        yield practice


@pytest_asyncio.fixture
async def evening(quick_databases, path, library):
    """Gatherings of a dojo over a real database."""
    async with Evening.opened(path, library) as evening:
        yield evening


@pytest.fixture
def two_languages(tmp_path):
    """A content folder in which an unreviewed Italian stands beside English."""
    folder = tmp_path / "content"
    for language in ("en", "it"):
        shutil.copytree(SHIPPED / "en", folder / language)
    italian = folder / "it"
    (italian / "language.toml").write_text('name = "Italiano"\nreviewed = false\n')
    for file in (italian / "questions").glob("*.toml"):
        file.write_text(file.read_text().replace('text = "', 'text = "Allora: '))
    spoken = italian / "spoken.toml"
    spoken.write_text(spoken.read_text().replace('    "', '    "Allora: '))
    phases = italian / "phases.toml"
    phases.write_text(phases.read_text().replace('"Meaning"', '"Significato"'))
    return folder


@pytest.fixture
def panels_at_once(monkeypatch):
    """Panels are edited as often as there is something new: the pause between is real time."""
    monkeypatch.setattr("bot.gatherings.ui.panel.live.SECONDS_BETWEEN_EDITS", 0.0)


@pytest.fixture
def little_patience(monkeypatch):
    """What is short for the simulated clock is waited for in real time."""
    for module in ("boarding", "rooms", "conductor"):
        monkeypatch.setattr(f"bot.gatherings.service.{module}.PATIENCE_SECONDS", 0.02)
