"""A stand-in for Discord, and bots started against it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.benchmarks.redirect import PORT
from tests.benchmarks.standin import StandIn
from tests.process.forks import ROOT, Forked, Forks, forking

PROGRAM = "tests.process.launch"
Process = Forked | asyncio.subprocess.Process
Start = Callable[[list[str], dict[str, str]], Awaitable[Process]]


class Program:
    """A started `dojo-bot run`, with what it wrote to stderr."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.errors = ""

    async def ended(self, seconds: float = 15) -> int:
        """Wait for its end; its exit code."""
        async with asyncio.timeout(seconds):
            _, errors = await self.process.communicate()
        self.errors += errors.decode()
        return self.process.returncode or 0

    async def says(self, words: str) -> None:
        """Wait until it has written a line with these words."""
        assert self.process.stderr is not None
        async with asyncio.timeout(15):
            while words not in self.errors:
                line = await self.process.stderr.readline()
                assert line, f"ended without saying {words!r}:\n{self.errors}"
                self.errors += line.decode()


@pytest_asyncio.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    """A small Discord with one guild."""
    async with StandIn(guilds=1).running() as server:
        yield server


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Starts programs that are imported once."""
    with forking(PROGRAM) as forks:
        yield forks


@pytest_asyncio.fixture
async def start(request, tmp_path):
    """Starts `dojo-bot` commands against a port; ends what is left at the end."""
    if not hasattr(os, "fork"):
        async with _starting(tmp_path, _execute) as start:
            yield start
        return
    forks: Forks = request.getfixturevalue("forks")

    async def fork(arguments: list[str], environment: dict[str, str]) -> Forked:
        return await forks.start(PROGRAM, arguments, environment)

    async with _starting(tmp_path, fork) as start:
        yield start


@pytest_asyncio.fixture
async def start_own_python(tmp_path):
    """As `start`, in a Python process of its own, as an operator does it; takes longer."""
    async with _starting(tmp_path, _execute) as start:
        yield start


async def _execute(arguments: list[str], environment: dict[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", PROGRAM, *arguments),
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@asynccontextmanager
async def _starting(
    folder: Path, begin: Start
) -> AsyncGenerator[Callable[..., Awaitable[Program]]]:
    started: list[Program] = []

    async def start_program(port: int, *arguments: str, **environment: str) -> Program:
        about = {
            "PATH": os.environ["PATH"],
            PORT: str(port),
            "DISCORD_TOKEN": "rehearsal.token",
            "DOJO_DATABASE": str(folder / "dojo.sqlite3"),
        }
        started.append(Program(await begin([*arguments], about | environment)))
        return started[-1]

    yield start_program
    for program in started:
        if program.process.returncode is None:
            program.process.kill()
        await program.process.communicate()
