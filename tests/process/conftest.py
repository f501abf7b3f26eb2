"""A stand-in for Discord, and bots started against it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.benchmarks.redirect import PORT
from tests.benchmarks.standin import StandIn

ROOT = Path(__file__).resolve().parents[2]


class Program:
    """A started `dojo-bot run`, with what it wrote to stderr."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
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


@pytest_asyncio.fixture
async def start(tmp_path):
    """Starts `dojo-bot` commands against a port; ends what is left at the end."""
    started: list[Program] = []

    async def start_program(port: int, *arguments: str, **environment: str) -> Program:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.process.launch",
            *arguments,
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                PORT: str(port),
                "DISCORD_TOKEN": "rehearsal.token",
                "DOJO_DATABASE": str(tmp_path / "dojo.sqlite3"),
                **environment,
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        started.append(Program(process))
        return started[-1]

    yield start_program
    for program in started:
        if program.process.returncode is None:
            program.process.kill()
            await program.process.communicate()
