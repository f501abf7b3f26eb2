"""Fixtures for all tests."""

from __future__ import annotations

import gc

# Imports make and drop small things by the million, not least while assertions are rewritten.
gc.disable()

import contextlib
import os
import sys
import tempfile

import pytest
import pytest_asyncio

from bot.content.library import Library, load_library
from bot.rehearsal import simulation
from tests.simulation.world import Server, World

pytest_plugins = ["tests.fixtures"]

simulation.hold_far_timers()
simulation.quick_settling()
simulation.quick_checking()
simulation.quick_copying()
simulation.quick_bookkeeping()

gc.set_threshold(400_000, 50, 50)


def pytest_configure(config):
    """Compile each file once for all workers and programs, also where none may be left behind."""
    if sys.dont_write_bytecode and not hasattr(config, "workerinput"):
        compiled = tempfile.TemporaryDirectory(prefix="dojo-bot-")
        config.add_cleanup(compiled.cleanup)
        os.environ["PYTHONPYCACHEPREFIX"] = compiled.name
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no worker is left with it at the end."""
    long = {"benchmarks", "cards", "process", "rehearsal", "rights"}
    items.sort(key=lambda item: item.path.parent.name not in long)


def pytest_collection_finish():
    """Collect from here on; what has been imported stays, and is not looked through again."""
    gc.freeze()
    gc.enable()


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


def pytest_xdist_auto_num_workers(config):
    """As many workers as processors: nearly nothing is waited for, and each has all to import."""
    return os.cpu_count() or 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Give the test's own code the simulated time."""
    world = getattr(item, "funcargs", {}).get("world")
    with world.env.time_context() if world is not None else contextlib.nullcontext():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Show what happened in the simulated Discord when a test fails."""
    report = yield
    world = getattr(item, "funcargs", {}).get("world")
    if world is not None and report.when == "call" and report.failed:
        report.sections.append(("simulated Discord", world.env.transcript()))
    return report
