"""Whenever the program is killed, rounds are as people were told, and go on from there."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from bot.rounds.model.clock import news_of
from tests.process.round_checks import Ledger, check_states, rounds_in
from tests.process.round_child import now
from tests.process.runs import KILLS, MOST_KILLS, SEEDS, Runs
from tests.rounds.service.practice import FakeAnnouncer, Practice

THOROUGH_EVERY = 10
ACTS = {"propose", "agree all", "pause", "next"}
FOUR_HOURS = 4 * 3600

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no fork, and no SIGKILL")


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_killed_program_loses_nothing_of_its_rounds(tmp_path, library, seed):
    """20 kills or more, each while rounds are at work; the next run takes up what is left."""
    rng, path, ledger = random.Random(seed), tmp_path / "dojo.sqlite3", Ledger()
    codes = []
    async with Runs.on(path, ledger, "round_child") as runs:
        for number in range(1, MOST_KILLS + 1):
            if number > KILLS and ledger.acts.keys() >= ACTS:
                break
            seconds = rng.uniform(0.0, 0.06)
            codes.append(await runs.run_and_kill(rng.getrandbits(32), seconds))
            stored = rounds_in(path, thorough=number % THOROUGH_EVERY == 0)
            check_states(stored.values(), now())
            ledger.check(stored)
    assert len(codes) >= KILLS
    assert set(codes) == {-9}
    assert ledger.acts.keys() >= ACTS

    await check_the_next_start(path, library)


async def check_the_next_start(path: Path, library) -> None:
    """Every room is told once what it missed, and every round comes to its end by the clock."""
    practice = Practice(path, library, FakeAnnouncer())
    practice.clock.present = now()
    try:
        await practice.begin_process()
        told = [telling.round.id for telling in practice.announcer.tellings]
        assert len(told) == len(set(told))
        assert [
            one for one in practice.rounds.live.all() if news_of(one, practice.clock.present)
        ] == []
        await practice.forward(FOUR_HOURS)
        assert practice.rounds.live.all() == []
        assert await practice.store.unfinished() == []
        check_states(rounds_in(path).values(), practice.clock.present)
    finally:
        await practice.end_process()
