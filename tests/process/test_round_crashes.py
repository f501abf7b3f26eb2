"""Whenever the program is killed, rounds are as people were told, and go on from there."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain.round_clock import news_of
from tests.process.conftest import ROOT
from tests.process.round_checks import Ledger, check_states, rounds_in
from tests.process.round_child import now
from tests.services.rooms import FakeAnnouncer, Practice

KILLS = 50
THOROUGH_EVERY = 10
FOUR_HOURS = 4 * 3600

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no fork, and no SIGKILL")


class Runs:
    """Runs of the program on one database, one after another, each killed at some moment."""

    def __init__(self, process: asyncio.subprocess.Process, ledger: Ledger) -> None:
        self._process = process
        self._ledger = ledger

    @classmethod
    @contextlib.asynccontextmanager
    async def on(cls, path: Path, ledger: Ledger) -> AsyncGenerator[Runs]:
        """A program that is imported once, and forks a process for each run."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.process.round_child", str(path)),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            yield cls(process, ledger)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()

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


@pytest.mark.parametrize("seed", range(4))
async def test_a_killed_program_loses_nothing_of_its_rounds(tmp_path, library, seed):
    """200 kills in all, each while rounds are at work; the next run takes up what is left."""
    rng, path, ledger = random.Random(seed), tmp_path / "dojo.sqlite3", Ledger()
    codes = []
    async with Runs.on(path, ledger) as runs:
        for number in range(1, KILLS + 1):
            seconds = rng.uniform(0.0, 0.06)
            codes.append(await runs.run_and_kill(rng.getrandbits(32), seconds))
            stored = rounds_in(path, thorough=number % THOROUGH_EVERY == 0)
            check_states(stored.values(), now())
            ledger.check(stored)
    assert codes == [-9] * KILLS
    assert {"propose", "agree all", "pause", "next"} <= ledger.acts.keys()

    await check_the_next_start(path, library)


async def check_the_next_start(path: Path, library) -> None:
    """Every room is told once what it missed, and every round comes to its end by the clock."""
    practice = Practice(path, library, FakeAnnouncer())
    practice.clock.present = now()
    try:
        await practice.begin_process()
        told = [telling.round.id for telling in practice.announcer.tellings]
        assert len(told) == len(set(told))
        assert [one for one in practice.keeper.all() if news_of(one, practice.clock.present)] == []
        await practice.forward(FOUR_HOURS)
        assert practice.keeper.all() == []
        assert await practice.store.unfinished() == []
        check_states(rounds_in(path).values(), practice.clock.present)
    finally:
        await practice.end_process()
