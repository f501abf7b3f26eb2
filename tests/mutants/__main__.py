"""Put faults into the program, one at a time, and say which the tests notice.

    python -m tests.mutants [--count 200] [--seed 1] [--layer model] [--reached FILE] [TESTS…]

A first run of all tests, or of those that are named, notes which of them reach which line. Then
each fault is written into a copy of the project, and the tests that reach its line run there, the
nearest first, until one fails. What no test notices is printed with its place, for a person to
look at: some faults change nothing that anyone could see.
"""

from __future__ import annotations

import argparse
import functools
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
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
MOST_TESTS = 200
"""Tests that a fault may meet, the nearest first."""
SECONDS = 900
"""After this a fault counts as noticed; a test that hangs fails much sooner by itself."""
NOT_COPIED = (".*", "__pycache__", "*.egg-info", "*.png")
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
        every = [Mutant(layer, path, change) for path in on(*floors) for change in _changes(path)]
        rng.shuffle(every)
        by_line = {(mutant.path, mutant.change.line): mutant for mutant in every}
        wanted = count if only else round(count * SHARES[layer])
        found += list(by_line.values())[:wanted]
    return found


@functools.cache
def _changes(path: Path) -> tuple[Change, ...]:
    return tuple(changes_of(path.read_bytes()))


def reached(data: Path, tests: Sequence[str]) -> coverage.CoverageData:
    """Which of these tests reach which line, by a run of them where that is not known yet."""
    if not data.exists():
        lines_only = data.with_name(f"only-lines-of-{data.name}.ini")
        lines_only.write_text("[run]\nsource = bot, cogs\nomit = bot/rehearsal/*\n")
        subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests),
                *("--cov", f"--cov-config={lines_only}", "--cov-context=test", "--cov-report="),
            ],
            cwd=ROOT,
            env=environment(COVERAGE_FILE=data.resolve()),
            stdout=sys.stderr,
            check=False,
        )
    found = coverage.CoverageData(basename=str(data))
    found.read()
    if not found.measured_contexts():
        sys.exit("No test reaches anything: see above why.")
    return found


def environment(**more: object) -> dict[str, str]:
    """Where files are compiled to, once for all runs, also where none may be left behind."""
    kept = {name: value for name, value in os.environ.items() if "DONTWRITEBYTECODE" not in name}
    return kept | {name: str(value) for name, value in more.items()}


def tests_of(mutant: Mutant, data: coverage.CoverageData, known: Collection[str]) -> list[str]:
    """The tests that reach a fault, the nearest first: of its module, its floor, its feature."""
    lines = data.contexts_by_lineno(str(mutant.path))
    # A line in the middle of a statement is noted with one before it; what runs at the import of
    # a module is of all who use the module.
    before = range(mutant.change.line, mutant.change.line - LONGEST_STATEMENT, -1)
    found = next((named for line in before if (named := _named(lines.get(line, ())))), None)
    names = found or _named(name for named in lines.values() for name in named)
    folders = mutant.path.relative_to(ROOT).with_suffix("").parts[1:]

    def distance(name: str) -> tuple[int, int]:
        there = name.partition("::")[0].removesuffix(".py").replace("test_", "").split("/")[1:]
        shared = takewhile(lambda pair: pair[0] == pair[1], zip(folders, there, strict=False))
        # Of all files alike: what is in the module itself is reached by hundreds.
        return -len(list(shared)), zlib.crc32(name.encode())

    return sorted(names.intersection(known), key=distance)[:MOST_TESTS]


def _named(contexts: Iterable[str]) -> set[str]:
    """The tests among the notes about lines."""
    return {name.rpartition("|")[0] for name in contexts if name}


def collected(tests: Sequence[str]) -> set[str]:
    """The name of each of these tests."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-n", "0", *tests],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {line for line in run.stdout.splitlines() if "::" in line}


def noticing(mutant: Mutant, tests: Sequence[str], copy: Path) -> str | None:
    """The first of these tests that fails with the fault in the copy; None if all pass."""
    path = copy / mutant.path.relative_to(ROOT)
    source = path.read_bytes()
    changed = mutant.change.applied(source)
    if b"contextlib_nullcontext" in changed:
        head = b"from __future__ import annotations\n"
        changed = changed.replace(head, head + NULL.encode(), 1)
    path.write_bytes(changed)
    try:
        failed = failing(tests, copy, "-x")
    except subprocess.TimeoutExpired:
        return "no end"
    finally:
        path.write_bytes(source)
    return next(iter(failed), None)


def failing(tests: Sequence[str], copy: Path, *options: str) -> list[str]:
    """Which of these tests fail in the copy."""
    if not tests:
        return []
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"),
            *("--tb=no", "-rfE", *options, *tests),
        ],
        cwd=copy,
        env=environment(PYTHONPYCACHEPREFIX=copy / ".compiled"),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if run.returncode == 0:
        return []
    found = re.findall(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", run.stdout, re.MULTILINE)
    # A fault may keep a module from being imported at all.
    return found or ["the import"]


def main() -> int:
    """Print which faults nobody noticed, and the share that was, by layer."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layer", choices=LAYERS)
    parser.add_argument(
        "--reached", type=Path, help="keep what the first run finds out here, for the next time"
    )
    parser.add_argument(
        "tests", nargs="*", help="folders or files of tests (default: all, which takes long)"
    )
    options = parser.parse_args()
    mutants = chosen(options.count, random.Random(options.seed), options.layer)
    made, noticed = Counter[str](), Counter[str]()
    by_test: dict[str, list[Mutant]] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = reached(options.reached or Path(folder) / "reached", options.tests)
        known = collected(options.tests)
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
        for number, mutant in enumerate(mutants, 1):
            made[mutant.layer] += 1
            tests = tests_of(mutant, data, known)
            test = noticing(mutant, tests, copy) if tests else None
            if test is not None:
                noticed[mutant.layer] += 1
                by_test.setdefault(test, []).append(mutant)
            else:
                why = "nobody noticed" if tests else "no test reaches"
                print(f"{number:3} {mutant.layer:8} {why}: {mutant}", flush=True)
        # A test that fails all the same has noticed nothing.
        for test in failing([test for test in by_test if "::" in test], copy):
            for mutant in by_test.get(test, ()):
                noticed[mutant.layer] -= 1
                print(f"    {mutant.layer:8} only {test}, which fails anyway: {mutant}")
    is_enough = True
    for layer in made:
        share = noticed[layer] / made[layer]
        is_enough &= share >= TARGETS[layer]
        print(f"{layer:8} {noticed[layer]:3} of {made[layer]:3} noticed: {share:.0%}")
    return 0 if is_enough else 1


if __name__ == "__main__":
    raise SystemExit(main())
