"""Repetitions: every program is started again, then loaded in turn in short slices.

The programs run side by side but only one has work at a time. With slices of a second a slow spell
of the machine affects all of them, which keeps their ratios steady even if their figures are not.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks import payloads
from tests.benchmarks.load import PATIENCE, Load, Outcome, slash
from tests.benchmarks.pads import PADS, taps
from tests.benchmarks.programs import DOJO, DURABLE, Ended, Place, Process, Program, running
from tests.benchmarks.standin import StandIn

GUILDS = 100
SETTLE_SECONDS = 2.5
"""From the first answer to the look at memory: discord.py says "ready" 2 s after the guilds."""
WARM_UP_SECONDS = 0.5
SLICE_SECONDS = 1.0


@dataclass
class Figures:
    """What one repetition found for one program."""

    start: float = 0.0
    """Seconds from starting the process to its first answer."""
    memory: float = 0.0
    """Resident MB after the start with all guilds."""
    memory_loaded: float = 0.0
    """Resident MB after the loads."""
    closed: list[Outcome] = field(default_factory=list)
    """The slices of the closed loop: people ask again when answered."""
    processor_seconds: float = 0.0
    """Processor time the program used in the closed loop."""
    stand_in_seconds: float = 0.0
    """Processor time the stand-in used in the closed loop."""
    open: list[Outcome] = field(default_factory=list)
    """The slices of the open loop, at half of the durable baseline's throughput."""

    @property
    def throughput(self) -> float:
        """Answers per second of the closed loop."""
        return _answers(self.closed) / _seconds(self.closed)

    @property
    def processor(self) -> float:
        """Processor seconds of the program for each answer of the closed loop."""
        return self.processor_seconds / _answers(self.closed)

    @property
    def stand_in(self) -> float:
        """Share of one core the stand-in used in the closed loop; near 1 it would be the limit."""
        return self.stand_in_seconds / _seconds(self.closed)

    @property
    def rate(self) -> float:
        """Answers per second of the open loop."""
        return _answers(self.open) / _seconds(self.open)

    def latency(self, hundredth: int) -> float:
        """A percentile, over all slices, of the seconds until acknowledgement in the open loop."""
        times = [taken for outcome in self.open for taken in outcome.acknowledged]
        return statistics.quantiles(times, n=100, method="inclusive")[hundredth - 1]


def _answers(outcomes: list[Outcome]) -> int:
    return sum(len(outcome.acknowledged) for outcome in outcomes)


def _seconds(outcomes: list[Outcome]) -> float:
    return sum(outcome.seconds for outcome in outcomes)


class Contender:
    """A running program with a stand-in of its own, and the figures found so far."""

    def __init__(
        self, program: Program, discord: StandIn, process: Process, load: Load | None = None
    ) -> None:
        self.program = program
        self.figures = Figures()
        self._process = process
        self._discord = discord
        self._load = load or Load(discord, slash(discord, "question", **program.options))

    async def start(self) -> None:
        """Wait for the first answer."""
        ended = asyncio.create_task(self._process.ended())
        connected = asyncio.create_task(self._discord.connected())
        done, left = await asyncio.wait(
            {ended, connected}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED
        )
        for task in left:
            task.cancel()
        if connected not in done:
            raise Ended("it did not connect") from (ended.exception() if ended in done else None)
        await self._load.first()
        self.figures.start = time.perf_counter() - self._process.started

    async def warm_up(self) -> None:
        """Note the memory of the start, then work a little: the first answers cost more."""
        self.figures.memory = self._process.memory()
        await self._load.closed(payloads.USERS, WARM_UP_SECONDS)

    async def closed(self) -> None:
        """A slice of the closed loop."""
        processor, own = self._process.cpu(), time.process_time()
        self.figures.closed.append(await self._load.closed(payloads.USERS, SLICE_SECONDS))
        self.figures.stand_in_seconds += time.process_time() - own
        self.figures.processor_seconds += self._process.cpu() - processor

    async def open(self, per_second: float) -> None:
        """A slice of the open loop."""
        outcome = await self._load.open(payloads.USERS, per_second, SLICE_SECONDS)
        self.figures.open.append(outcome)
        self.figures.memory_loaded = self._process.memory()


class Workshop:
    """Where the programs run: a directory, with a fresh place in it for every start."""

    def __init__(self, programs: list[Program], directory: Path, profile: Path | None) -> None:
        self._programs = programs
        self._directory = directory
        self._profile = profile
        self._places = itertools.count(1)
        self.unknown: set[str] = set()
        """Requests of the programs that the stand-in could not serve."""

    async def prepare(self) -> None:
        """Start every program once, so that all their modules are compiled."""
        for program in self._programs:
            async with AsyncExitStack() as stack:
                await self._start(program, stack)

    async def repetition(self, slices: int) -> dict[str, Figures]:
        """Run all programs once, with loads of that many slices. Returns figures by name."""
        async with AsyncExitStack() as stack:
            contenders = [await self._start(program, stack) for program in self._programs]
            await asyncio.sleep(SETTLE_SECONDS)
            for contender in contenders:
                await contender.warm_up()
            for _ in range(slices):
                for contender in contenders:
                    await contender.closed()
            figures = {contender.program.name: contender.figures for contender in contenders}
            rate = figures[DURABLE.name].throughput / 2
            for _ in range(slices):
                for contender in contenders:
                    await contender.open(rate)
        return figures

    async def _start(self, program: Program, stack: AsyncExitStack) -> Contender:
        directory = self._directory / f"{program.name}-{next(self._places)}"
        directory.mkdir()
        discord = await stack.enter_async_context(StandIn(GUILDS).running())
        stack.callback(lambda: self.unknown.update(discord.unknown))
        profile = self._profile if program in (DOJO, PADS) else None
        place = Place(directory, discord.port, self._directory / "compiled", profile)
        process = await stack.enter_async_context(running(program, place))
        load = taps(discord, place.directory) if program is PADS else None
        contender = Contender(program, discord, process, load)
        await contender.start()
        return contender
