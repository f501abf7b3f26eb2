"""What pytest needs before it looks for tests; `tests/fixtures.py` has the fixtures."""

from __future__ import annotations

import gc

# Imports make and drop small things by the million, not least while assertions are rewritten.
gc.disable()

import contextlib
import importlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

gc.set_threshold(400_000, 50, 50)

MEMORY = "/dev/shm"  # noqa: S108 - pytest makes a folder there that is closed to others
"""The folder that Linux keeps in memory; some containers have little room in it."""
MOST_BYTES = 2 * 1024**3
"""Of that folder must be free: a test removes its files when it has passed."""


def pytest_configure(config):
    """Load the fixtures where tests run, and share what is compiled."""
    if not hasattr(config, "workerinput"):
        _write_to_memory(config)
        _compile_once(config)
    if _only_hands_out(config) and not _measures_coverage(config):
        return
    config.pluginmanager.import_plugin("tests.fixtures")
    if hasattr(config, "workerinput") and not _measures_coverage(config):
        _begin_elsewhere(config)


def _write_to_memory(config) -> None:
    """Give the tests folders in memory where the system has room for that and nobody chose any.

    There is no power cut to outlast; and disks take a tenth of the time of tests with a database.
    """
    usual = config.option.basetemp is None and "PYTEST_DEBUG_TEMPROOT" not in os.environ
    if usual and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MOST_BYTES:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = MEMORY
        config.add_cleanup(lambda: os.environ.pop("PYTEST_DEBUG_TEMPROOT", None))


def _only_hands_out(config) -> bool:
    """Whether this process leaves all tests to workers, so that it needs nothing of the bot."""
    is_worker = hasattr(config, "workerinput")
    return not is_worker and config.option.dist != "no" and not config.option.collectonly


def _measures_coverage(config) -> bool:
    """Whether imports count: those before the collection are seen by the first process alone."""
    return bool(getattr(config.option, "cov_source", None))


def _compile_once(config) -> None:
    """Keep what is compiled for all workers and programs, also where none may be left behind.

    There it lies in pytest's own folder, and the next run need not compile the same again.
    """
    if sys.dont_write_bytecode:
        os.environ["PYTHONPYCACHEPREFIX"] = _folder_of_compiled(config)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _folder_of_compiled(config) -> str:
    if (cache := getattr(config, "cache", None)) is not None:
        with contextlib.suppress(OSError):
            return str(cache.mkdir("compiled"))
    compiled = tempfile.TemporaryDirectory(prefix="dojo-bot-")
    config.add_cleanup(compiled.cleanup)
    return compiled.name


def _begin_elsewhere(config) -> None:
    """Import the tests before they are collected, each worker from another place on.

    To compile them is most of what collecting costs. In one order all workers would compile the
    same file at the same time; so each finds most of them compiled by another.
    """
    root = config.rootpath
    folders = (Path(config.invocation_params.dir, name) for name in config.args)
    files = sorted(file for folder in folders for file in folder.rglob("test_*.py"))
    worker = int(config.workerinput["workerid"].removeprefix("gw"))
    start = len(files) * worker // config.workerinput["workercount"]
    for file in files[start:] + files[:start]:
        # What is wrong with a file is told when it is collected.
        with contextlib.suppress(Exception, pytest.skip.Exception):
            importlib.import_module(".".join(file.relative_to(root).with_suffix("").parts))


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no worker is left with it at the end."""
    long = {"benchmarks", "cards", "process", "rehearsal", "rights"}
    items.sort(key=lambda item: item.path.parent.name not in long)


def pytest_collection_finish():
    """Collect from here on; what has been imported stays, and is not looked through again."""
    gc.freeze()
    gc.enable()


def pytest_xdist_auto_num_workers(config):
    """One worker more than processors: now and then each waits for a program that it started."""
    return (os.cpu_count() or 1) + 1


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
