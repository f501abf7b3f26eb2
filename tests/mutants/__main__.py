"""Put faults into the program, one at a time, and say which the tests notice.

    python -m tests.mutants [--count 200] [--seed 1] [--layer model]

A first run of all tests notes which of them reach which line. Then each fault is written into a
copy of the project, and the tests that reach its line run there, the nearest first, until one
fails. What no test notices is printed with its place, for someone to look at: some faults change
nothing that anyone could see.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import coverage

from tests.mutants.changes import Change, changes_of
from tests.sources import ROOT, on

LAYERS = {
    "model": ("model", "grouping"),
    "store": ("store", "database"),
    "service": ("service",),
    "ui": ("ui", "discord", "clicks", "requests"),
}
SHARES = {"model": 0.30, "store": 0.20, "service": 0.25, "ui": 0.25}
TARGETS = {"model": 0.95, "store": 0.95, "service": 0.85, "ui": 0.85}
LONGEST_STATEMENT = 12
"""Lines."""
MOST_TESTS = 60
"""Tests that a fault may meet; those of its own feature come first."""
SECONDS = 240
"""After this a fault counts as noticed: the tests hang, or take forever."""
COPIED = ("bot", "cogs", "content", "tests", "pyproject.toml", "README.md", "CONTRIBUTING.md")
NULL = "from contextlib import nullcontext as contextlib_nullcontext\n"


@dataclass(frozen=True)
class Mutant:
    """A fault in one file of the product."""

    layer: str
    path: Path
    change: Change

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.change.line} {self.change.what}"


def chosen(count: int, rng: random.Random, only: str | None) -> list[Mutant]:
    """Faults at random places, at most one in a line, for each layer its share."""
    found: list[Mutant] = []
    for layer, floors in LAYERS.items():
        if only not in (None, layer):
            continue
        every = [
            Mutant(layer, path, change)
            for path in on(*floors)
            for change in changes_of(path.read_bytes())
        ]
        rng.shuffle(every)
        by_line = {(mutant.path, mutant.change.line): mutant for mutant in every}
        wanted = count if only else round(count * SHARES[layer])
        found += list(by_line.values())[:wanted]
    return found


def reached(data: Path) -> coverage.CoverageData:
    """Run all tests once; which of them reach which line."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("--cov=bot", "--cov=cogs", "--cov-context=test", "--cov-report="),
        ],
        cwd=ROOT,
        env=environment(data),
        check=False,
    )
    found = coverage.CoverageData(basename=str(data))
    found.read()
    return found


def environment(data: Path) -> dict[str, str]:
    """Where the notes about lines go."""
    return {**os.environ, "COVERAGE_FILE": str(data)}


def tests_of(mutant: Mutant, data: coverage.CoverageData) -> list[str]:
    """The tests that reach a fault, those of its own feature first."""
    lines = data.contexts_by_lineno(str(mutant.path))
    # A line in the middle of a statement is noted with one before it; what runs at the import of
    # a module is of all who use the module.
    before = range(mutant.change.line, mutant.change.line - LONGEST_STATEMENT, -1)
    found = next((named for line in before if (named := _named(lines.get(line, ())))), None)
    names = found or _named(name for named in lines.values() for name in named)
    feature = mutant.path.relative_to(ROOT).parts[1]
    nearest = sorted(names, key=lambda name: (f"tests/{feature}/" not in name, name))
    return nearest[:MOST_TESTS]


def _named(contexts: Iterable[str]) -> set[str]:
    """The tests among the notes about lines."""
    return {name.partition("|")[0] for name in contexts if name}


def is_noticed(mutant: Mutant, tests: Sequence[str], copy: Path) -> bool:
    """Whether any of these tests fails with the fault in the copy."""
    path = copy / mutant.path.relative_to(ROOT)
    source = path.read_bytes()
    changed = mutant.change.applied(source)
    if b"contextlib_nullcontext" in changed:
        head = b"from __future__ import annotations\n"
        changed = changed.replace(head, head + NULL.encode(), 1)
    path.write_bytes(changed)
    try:
        run = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-x", "-n", "0"),
                *("-p", "no:cacheprovider", *tests),
            ],
            cwd=copy,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        path.write_bytes(source)
    return run.returncode != 0


def main() -> int:
    """Print which faults nobody noticed, and the share that was, by layer."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layer", choices=LAYERS)
    options = parser.parse_args()
    mutants = chosen(options.count, random.Random(options.seed), options.layer)
    made, noticed = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        data = reached(Path(folder) / "reached")
        copy = Path(folder) / "copy"
        copy.mkdir()
        for name in COPIED:
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / name)
        for number, mutant in enumerate(mutants, 1):
            made[mutant.layer] += 1
            tests = tests_of(mutant, data)
            if tests and is_noticed(mutant, tests, copy):
                noticed[mutant.layer] += 1
            else:
                why = "nobody noticed" if tests else "no test reaches"
                print(f"{number:3} {mutant.layer:8} {why}: {mutant}", flush=True)
    is_enough = True
    for layer in made:
        share = noticed[layer] / made[layer]
        is_enough &= share >= TARGETS[layer]
        print(f"{layer:8} {noticed[layer]:3} of {made[layer]:3} noticed: {share:.0%}")
    return 0 if is_enough else 1


if __name__ == "__main__":
    raise SystemExit(main())
