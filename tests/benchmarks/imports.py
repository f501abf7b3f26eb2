"""Importing files made to keep their reader busy: how long everybody else waits."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.content.library import load_library
from bot.content.limits import OWN_FILE_BYTES, OWN_QUESTIONS
from bot.content.model.refusals import ContentRejected
from bot.dojos.model.dojo import Dojo, DojoSettings
from bot.dojos.service.contents import ContentService
from bot.dojos.ui.content_files import faults_card
from bot.tuning import SWITCH_SECONDS
from tests.benchmarks.report import Target
from tests.content.bombs import bombs
from tests.dojos.service.house import House
from tests.kit.time.timers import MovableClock
from tests.people import CHANNEL, GUILD, MANAGER

BEAT_SECONDS = 0.005
IDLE_SECONDS = 1.0
SHOWN = 8
LARGEST = "version = 1\n" + "".join(
    f'[[question]]\nid = "q-{number}"\nphase = "start"\ntext = "{"What now? " * 15}"\n'
    for number in range(OWN_QUESTIONS)
)
"""A valid file, with as many questions as a dojo may have."""


@dataclass(frozen=True)
class Import:
    """One file, imported."""

    name: str
    seconds: float
    """Until its sender had the answer."""
    block: float
    """The longest time in which nothing else could run."""
    work: float
    """Of the processor in the event loop's own thread."""


@dataclass(frozen=True)
class Found:
    """One repetition: every file, and as long without any."""

    imports: list[Import]
    idle: float
    """The longest block while nothing was imported."""

    @property
    def worst(self) -> Import:
        """The file for which everybody else waited longest."""
        return max(self.imports, key=lambda one: one.block)


TARGETS: list[Target[Found]] = [
    Target("longest block of the event loop, ms", lambda found: found.worst.block * 1e3, 50),
    Target(
        "longest time until an answer, s",
        lambda found: max(one.seconds for one in found.imports),
        2.5,
    ),
]


class Heart:
    """Sleeps again and again, and remembers the longest time between two beats."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def beat(self) -> None:
        """Beat until cancelled."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last)
            last = now


async def measured(repetitions: int, directory: Path) -> list[Found]:
    """Import every file, one after another, this many times."""
    # As the bot does when it runs.
    sys.setswitchinterval(SWITCH_SECONDS)
    clock = MovableClock()
    found: list[Found] = []
    async with House.opened(directory / "imports.sqlite3", load_library(), clock) as house:
        dojo = await house.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
        files = {**bombs(), "the largest good file": LARGEST}
        assert all(len(text.encode()) <= OWN_FILE_BYTES for text in files.values())
        for number in range(repetitions):
            imports: list[Import] = []
            for name, text in files.items():
                clock.forward(hours=2)
                imports.append(await _imported(house.contents, dojo, name, text))
            found.append(Found(imports, await _idle()))
            done = f"imports: repetition {number + 1} of {repetitions} done"
            print(done, file=sys.stderr, flush=True)
    return found


async def _imported(contents: ContentService, dojo: Dojo, name: str, text: str) -> Import:
    heart = Heart()
    beating = asyncio.create_task(heart.beat())
    await asyncio.sleep(BEAT_SECONDS)
    began, worked = time.perf_counter(), time.thread_time()
    try:
        await contents.import_file(dojo, text, MANAGER)
        await contents.of_dojo(dojo)
    except ContentRejected as rejected:
        view, _ = faults_card(rejected, name="own.toml", pause=5)
        view.to_components()
    seconds, work = time.perf_counter() - began, time.thread_time() - worked
    await asyncio.sleep(BEAT_SECONDS)
    beating.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await beating
    return Import(name, seconds, heart.longest, work)


async def _idle() -> float:
    heart = Heart()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(heart.beat(), IDLE_SECONDS)
    return heart.longest


def report(found: Sequence[Found]) -> str:
    """The part as text: the worst files, then the targets."""
    by_name: dict[str, list[Import]] = {}
    for repetition in found:
        for one in repetition.imports:
            by_name.setdefault(one.name, []).append(one)
    rows = [
        (
            statistics.median(one.block for one in imports) * 1e3,
            statistics.median(one.work for one in imports) * 1e3,
            statistics.median(one.seconds for one in imports),
            name,
        )
        for name, imports in by_name.items()
    ]
    rows.sort(reverse=True)
    idle = statistics.median(repetition.idle for repetition in found) * 1e3
    lines = [
        f"{len(rows)} files; the {SHOWN} with the longest blocks (without an import {idle:.1f} ms)",
        "block, ms  loop's own work, ms  until answered, s  file",
    ]
    lines += [
        f"{block:>9.1f}{work:>21.1f}{seconds:>19.2f}  {name}"
        for block, work, seconds, name in rows[:SHOWN]
    ]
    return "\n".join([*lines, "", *(target.line(found) for target in TARGETS)])
