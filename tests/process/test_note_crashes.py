"""Whenever the program is killed, feedback is as people were told, and none comes too early."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from bot.feedback.model.sheets import coaches
from bot.rounds.model.round import Agreement, Role
from tests.feedback.service.practice import FeedbackPractice
from tests.process.note_checks import Stored
from tests.process.note_ledger import Ledger
from tests.process.round_child import now
from tests.process.runs import SEEDS, Runs
from tests.rounds.service.practice import FakeAnnouncer

KILLS = 50
MOST_KILLS = 4 * KILLS
"""On a busy machine a program that is killed as soon has done less."""
THOROUGH_EVERY = 10
FOUR_HOURS = 4 * 3600
EVERYTHING = {
    *("tap", "tap twice", "take back", "put back", "words", "remember", "mark"),
    *("hand in", "skip", "open"),
}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no fork, and no SIGKILL")


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_killed_program_loses_nothing_of_feedback_and_releases_nothing_early(
    tmp_path, library, seed
):
    """50 kills or more, while three rounds get taps, words, sheets and openings of feedback."""
    rng, path, ledger = random.Random(seed), tmp_path / "dojo.sqlite3", Ledger()
    codes = []
    async with Runs.on(path, ledger, "note_child") as runs:
        for number in range(1, MOST_KILLS + 1):
            if number > KILLS and is_complete(ledger):
                break
            seconds = rng.uniform(0.0, 0.04)
            codes.append(await runs.run_and_kill(rng.getrandbits(32), seconds))
            stored = Stored.read(path, thorough=number % THOROUGH_EVERY == 0)
            stored.check(now())
            ledger.check(stored)
    assert len(codes) >= KILLS
    assert set(codes) == {-9}
    assert ledger.acts.keys() >= EVERYTHING
    assert ledger.under_way["tap"]
    assert ledger.released

    await check_the_next_start(path, library, ledger)


def is_complete(ledger: Ledger) -> bool:
    """Whether everything was done, and feedback released, and a tap cut off."""
    is_cut_off = bool(ledger.under_way["tap"])
    return ledger.acts.keys() >= EVERYTHING and is_cut_off and bool(ledger.released)


async def check_the_next_start(path: Path, library, ledger: Ledger) -> None:
    """Every pad shows what was noted, and every coach gets it once their own view is skipped."""
    practice = FeedbackPractice(path, library, FakeAnnouncer())
    practice.clock.present = now()
    try:
        await practice.begin_process()
        await practice.forward(FOUR_HOURS)
        for round_ in Stored.read(path).rounds.values():
            noted: list[int] = []
            for seat in round_.seats:
                if seat.role is Role.OBSERVER and seat.agreement is Agreement.NOTES:
                    assert seat.user_id is not None
                    known = ledger.of(round_.id, seat.user_id)
                    pad = await practice.pads.look(round_.id, seat.user_id)
                    assert {note.id for note in pad.notes} == known.notes.keys()
                    noted += known.notes
            # None where it was stopped before any coaching.
            for coach in coaches(round_):
                assert coach.user_id is not None
                await practice.sheets.skip_own(round_.id, coach.user_id)
                feedback = await practice.debriefs.open(round_.id, coach.user_id)
                assert {note.id for one in feedback.moments for note in one.notes} == {*noted}
    finally:
        await practice.end_process()
