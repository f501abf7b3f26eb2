"""Programs that are killed over and over, and what they say until then."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Protocol

from tests.process.conftest import ROOT

SEEDS, KILLS = (range(4), 50) if os.environ.get("EVERY_SEED") else (range(1), 20)
"""One short run of kills is enough for every day; with EVERY_SEED=1 there are four long ones."""
MOST_KILLS = 200
"""On a busy machine a program that is killed as soon has done less."""


class Heeds(Protocol):
    """Remembers what a program has acknowledged."""

    def heed(self, word: str, round_id: int, *facts: object) -> None:
        """Take in one line of the program."""
        ...


class Runs:
    """Runs of the program on one database, one after another, each killed at some moment."""

    def __init__(self, process: asyncio.subprocess.Process, ledger: Heeds) -> None:
        self._process = process
        self._ledger = ledger

    @classmethod
    @contextlib.asynccontextmanager
    async def on(cls, path: Path, ledger: Heeds, program: str) -> AsyncGenerator[Runs]:
        """A program of this folder that is imported once, and forks a process for each run."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", f"tests.process.{program}", str(path)),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            yield cls(process, ledger)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            # It has ended once all that a run may still have said has been read.
            await process.communicate()

    async def run_and_kill(self, seed: int, seconds: float) -> int:
        """Kill a run so long after it has acknowledged something; its exit code."""
        self._order(f"run {seed}")
        while await self._heard() != "did":
            pass
        await asyncio.sleep(seconds)
        self._order("kill")
        while isinstance(word := await self._heard(), str):
            pass
        return word

    def _order(self, what: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what}\n".encode())

    async def _heard(self) -> str | int:
        """The word of the next line, or the exit code of the run that has ended."""
        assert self._process.stdout is not None
        async with asyncio.timeout(10):
            word, *facts = json.loads(await self._process.stdout.readline())
        if word == "ended":
            return facts[0]
        self._ledger.heed(word, *facts)
        return word
