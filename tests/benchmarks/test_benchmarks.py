"""`python -m tests.benchmarks` runs all of its parts in one go."""

from __future__ import annotations

import contextlib
from argparse import Namespace

import pytest

from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks import groups as drawing
from tests.benchmarks import repetition


class StandingStill:
    """A program that does nothing, and people who ask nothing of it."""

    said = figures = None

    def memory(self) -> float:
        return 1.0

    def cpu(self) -> float:
        return 1.0


@contextlib.asynccontextmanager
async def running(program, place):
    """Nothing is started; its folder has to be new and its own."""
    place.database.touch(exist_ok=False)
    yield StandingStill()


@pytest.fixture
def idle(monkeypatch):
    """The smallest form: the places of every part are made, and nothing is started in them."""

    async def nothing(*_: object) -> None:
        return None

    monkeypatch.setattr(repetition, "running", running)
    for name in ("start", "warm_up", "closed", "open"):
        monkeypatch.setattr(repetition.Contender, name, nothing)
    monkeypatch.setattr(repetition, "SETTLE_SECONDS", 0)
    monkeypatch.setattr(repetition.Figures, "throughput", 1.0)

    async def in_a_new_folder(directory, *_: object) -> tuple[str, set[str]]:
        (directory / "mark").touch(exist_ok=False)
        return "measured", set()

    monkeypatch.setattr(benchmarks, "opened", in_a_new_folder)
    monkeypatch.setattr(benchmarks, "play", in_a_new_folder)
    for part in (benchmarks.growing, benchmarks.living):
        monkeypatch.setattr(part, "measured", in_a_new_folder)

    async def of_imports(_: int, directory) -> tuple[str, set[str]]:
        return await in_a_new_folder(directory)

    monkeypatch.setattr(benchmarks.importing, "measured", of_imports)
    monkeypatch.setattr(benchmarks.drawing, "measured", lambda _: ((), ()))
    monkeypatch.setattr(benchmarks.RoundsPart, "run", nothing)
    reports = [
        *(benchmarks.report, benchmarks.pads_report, benchmarks.rounds_report),
        *(benchmarks.gathering_report, benchmarks.drawing, benchmarks.importing),
        *(benchmarks.growing, benchmarks.living),
    ]
    for one in reports:
        monkeypatch.setattr(one, "report", lambda *_, name=one.__name__: f"the report of {name}")


def test_a_part_runs_for_real(monkeypatch, capsys):
    """Issue 12: with fewer people than usual, and nothing that stands in for it."""
    monkeypatch.setattr(drawing, "SIZES", (6, 8))
    monkeypatch.setattr(drawing, "SHUFFLES", 20)
    monkeypatch.setattr(drawing, "CROWD", 12)
    monkeypatch.setattr("sys.argv", ["benchmarks", "groups", "--repeat", "1"])
    benchmarks.main()
    printed = capsys.readouterr().out
    assert "medians of 1" in printed
    assert [line.split()[:2] for line in printed.splitlines() if line.startswith("     ")] == [
        [count, rounds] for count in "68" for rounds in "34"
    ]
    assert "all sizes: repeats beyond the best known" in printed


@pytest.mark.parametrize("repeat", [1, 3])
async def test_all_parts_run_in_one_go(tmp_path, capsys, idle, repeat):
    """Issue 12: two parts made the same folder, so that a run of all of them broke."""
    options = Namespace(
        part=None, repeat=repeat, seconds=1, profile=None, directory=None, dojos=1, hours=1
    )
    await benchmarks.run(options, tmp_path)
    printed = capsys.readouterr().out
    assert printed.count("the report of") == len(benchmarks.PARTS)
    assert {path.name for path in tmp_path.iterdir()} == set(benchmarks.PARTS)
