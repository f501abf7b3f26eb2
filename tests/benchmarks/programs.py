"""The programs under test, each run as a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks import redirect

ROOT = Path(__file__).resolve().parents[2]
"""The checkout, from which the programs import."""

STOP_SECONDS = 10.0
"""How long a program may take to end after SIGTERM before it is killed."""


@dataclass(frozen=True)
class Program:
    """A bot: a module of `bots`, and the options its `/question` is asked with."""

    name: str
    options: dict[str, str] = field(default_factory=dict)
    prepare: str | None = None
    """A module of this package that makes its database before it starts."""
    module: str = ""
    """The module of `bots` that it is, if that is not its name."""


BARE = Program("bare")
DURABLE = Program("durable")
DOJO = Program("dojo", {"phase": "start", "show": "channel"}, prepare="prepare.dojo")


@dataclass(frozen=True)
class Place:
    """Where a program runs once."""

    directory: Path
    """For its database and output; its working directory."""
    port: int
    """The stand-in's."""
    compiled: Path
    """Where compiled modules are kept for the next start."""
    profile: Path | None = None
    """Where cProfile's data go, if they are wanted."""

    @property
    def database(self) -> Path:
        """The program's database."""
        return self.directory / "dojo.sqlite3"

    @property
    def output(self) -> Path:
        """What the program prints."""
        return self.directory / "output.txt"


class Ended(Exception):
    """A program ended by itself."""


class Process:
    """A running program."""

    def __init__(self, child: asyncio.subprocess.Process, place: Place, started: float) -> None:
        self._child = child
        self._place = place
        self.started = started
        """`time.perf_counter()` just before the process was started."""

    async def ended(self) -> None:
        """Wait until the program ends by itself, which no program should."""
        raise Ended(f"exit code {await self._child.wait()}")

    def said(self) -> str:
        """The end of the program's output."""
        return self._place.output.read_text(errors="replace")[-2000:]

    def memory(self) -> float:
        """Resident memory in MB (of 10^6 bytes). Linux only."""
        for line in Path(f"/proc/{self._child.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024 / 1e6
        raise Ended("no memory: the process is gone")

    def cpu(self) -> float:
        """Processor seconds used so far, in all threads. Linux only."""
        fields = Path(f"/proc/{self._child.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def stop(self) -> None:
        """End the program as an operator does, and only if it hangs the hard way."""
        if self._child.returncode is None:
            self._child.terminate()
            try:
                await asyncio.wait_for(self._child.wait(), STOP_SECONDS)
            except TimeoutError:
                self._child.kill()
                await self._child.wait()


async def prepare(module: str, place: Place) -> None:
    """Run a module of this package that makes a database."""
    preparation = await _spawn(module, place)
    if code := await preparation.wait():
        raise Ended(f"{module}: exit code {code}\n{place.output.read_text()}")


@asynccontextmanager
async def running(program: Program, place: Place) -> AsyncIterator[Process]:
    """The program as a process of its own, ended with the context."""
    if program.prepare is not None:
        await prepare(program.prepare, place)
    options = ["-m", "cProfile", "-o", str(place.profile.resolve())] if place.profile else []
    started = time.perf_counter()
    module = f"bots.{program.module or program.name}"
    process = Process(await _spawn(module, place, *options), place, started)
    try:
        yield process
    except BaseException as error:
        error.add_note(f"{program.name} said: {process.said() or 'nothing'}")
        raise
    finally:
        await process.stop()


async def _spawn(module: str, place: Place, *options: str) -> asyncio.subprocess.Process:
    """Start a module of this package. No `.env` and no token of the machine's owner reach it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DISCORD_", "DOJO_", "PYTHON"))
    }
    settings = {
        "PYTHONPATH": str(ROOT),
        # Programs start from compiled modules, as installed ones do, wherever this machine keeps
        # or does not keep them: compiling costs both time and memory.
        "PYTHONPYCACHEPREFIX": str(place.compiled),
        redirect.PORT: str(place.port),
        "DISCORD_TOKEN": "benchmark",
        "DOJO_DATABASE": str(place.database),
    }
    with place.output.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *options,
            "-m",
            f"{__package__}.{module}",
            cwd=place.directory,
            env={**kept, **settings},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
