"""`python -m tests.benchmarks`: all programs in one run, compared. Exit code 0 unless it broke."""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks import day as living
from tests.benchmarks import gathering_report, pads_report, payloads, report, rounds_report
from tests.benchmarks import groups as drawing
from tests.benchmarks import growth as growing
from tests.benchmarks import imports as importing
from tests.benchmarks.gathering import Evening, play
from tests.benchmarks.pads import PADS, Opened, opened
from tests.benchmarks.programs import BARE, DOJO, DURABLE, Program
from tests.benchmarks.repetition import GUILDS, Workshop
from tests.benchmarks.rounds import RoundsPart

QUIET = 0.7
"""The load average up to which this machine is ours."""

PARTS = ("answers", "pad", "rounds", "groups", "gathering", "imports", "growth", "day")
ANSWERS, PAD, ROUNDS, GROUPS, GATHERING, IMPORTS, GROWTH, DAY = PARTS
WITHOUT_DOJO = (ANSWERS, GROUPS)
"""Parts that say something without dojo-bot."""


def arguments() -> argparse.Namespace:
    """The options of the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS, help="only this one; without it, all")
    parser.add_argument("--repeat", type=int, default=5, help="repetitions (default 5)")
    parser.add_argument(
        "--seconds", type=int, default=3, help="length of each load in each repetition (default 3)"
    )
    parser.add_argument(
        "--dojos",
        type=int,
        default=growing.DOJOS,
        help=f"dojos of the part growth (default {growing.DOJOS}; 3 for a quick run)",
    )
    parser.add_argument(
        "--hours",
        type=int,
        default=living.HOURS,
        help=f"hours of the part day (default {living.HOURS})",
    )
    parser.add_argument(
        "--directory",
        type=Path,
        help="where the databases are made; must be on a disk, not in memory (default: temporary)",
    )
    parser.add_argument(
        "--profile",
        type=Path,
        help="write dojo-bot's cProfile data here; its figures are wrong then",
    )
    return parser.parse_args()


async def run(options: argparse.Namespace, directory: Path) -> None:
    """Run everything and print the report."""
    began = time.monotonic()
    task = asyncio.current_task()
    assert task is not None
    # Ended by SIGTERM as by Ctrl-C: through the contexts, which end the programs.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    busy = os.getloadavg()[0]
    if busy > QUIET:
        print(f"other programs are at work here (load {busy:.1f}): expect wide ranges")
    has_dojo = importlib.util.find_spec("bot.app") is not None
    if not has_dojo:
        print("dojo-bot is not there: baselines only")
    parts: list[str] = []
    for name in PARTS if options.part is None else (options.part,):
        if has_dojo or name in WITHOUT_DOJO:
            # Each part in a folder of its own: two of them make places of the same name.
            own = directory / name
            await asyncio.to_thread(own.mkdir)
            parts.append(await measure(name, options, own, has_dojo=has_dojo))
    print(
        f"medians of {options.repeat}; {GUILDS} guilds, {payloads.USERS} people; "
        f"Python {platform.python_version()}, {os.cpu_count()} cores; "
        f"{time.monotonic() - began:.0f} s"
    )
    for part in parts:
        print(f"\n{part}")


async def measure(
    name: str, options: argparse.Namespace, directory: Path, *, has_dojo: bool
) -> str:
    """Run one part in an empty directory; its report."""
    if name == ANSWERS:
        return await answers(options, directory, [BARE, DURABLE, DOJO][: 2 + has_dojo])
    if name == GROUPS:
        return drawing.report(*drawing.measured(options.repeat))
    parts = {
        PAD: pad,
        ROUNDS: rounds,
        GATHERING: gathering,
        IMPORTS: imports,
        GROWTH: growth,
        DAY: day,
    }
    return await parts[name](options, directory)


async def answers(options: argparse.Namespace, directory: Path, programs: list[Program]) -> str:
    """Compare the programs answering people."""
    workshop = Workshop(programs, directory, options.profile)
    await workshop.prepare()
    found: list[report.Repetition] = []
    for number in range(options.repeat):
        found.append(await workshop.repetition(slices=options.seconds))
        print(f"repetition {number + 1} of {options.repeat} done", file=sys.stderr, flush=True)
    return "\n".join([report.report(found), *_missing(workshop.unknown)])


async def pad(options: argparse.Namespace, directory: Path) -> str:
    """Compare taps on the pad with the durable baseline; then see how a coach gets feedback."""
    workshop = Workshop([DURABLE, PADS], directory, options.profile)
    await workshop.prepare()
    found: list[report.Repetition] = []
    for number in range(options.repeat):
        found.append(await workshop.repetition(slices=options.seconds))
        print(f"pad: repetition {number + 1} of {options.repeat} done", file=sys.stderr, flush=True)
    coaches: list[Opened] = []
    for number in range(options.repeat):
        own = directory / f"feedback-{number}"
        await asyncio.to_thread(own.mkdir)
        coaches.append(await opened(own, directory / "compiled"))
    return "\n".join([pads_report.report(found, coaches), *_missing(workshop.unknown)])


async def rounds(options: argparse.Namespace, directory: Path) -> str:
    """See how dojo-bot keeps time with many rounds."""
    part = RoundsPart(directory, options.profile)
    found = await part.run(options.repeat)
    return "\n".join([rounds_report.report(found), *_missing(part.unknown)])


async def gathering(options: argparse.Namespace, directory: Path) -> str:
    """See how the rooms of an evening, and its panel, follow what happens in all of them."""
    found: list[Evening] = []
    unknown: set[str] = set()
    for number in range(options.repeat):
        own = directory / f"gathering-{number}"
        await asyncio.to_thread(own.mkdir)
        evening, requests = await play(own, directory / "compiled", options.profile)
        found.append(evening)
        unknown |= requests
        done = f"gathering: repetition {number + 1} of {options.repeat} done"
        print(done, file=sys.stderr, flush=True)
    return "\n".join([gathering_report.report(found), *_missing(unknown)])


async def imports(options: argparse.Namespace, directory: Path) -> str:
    """See how long everybody waits for the import of a file."""
    return importing.report(await importing.measured(options.repeat, directory))


async def growth(options: argparse.Namespace, directory: Path) -> str:
    """See how long everybody waits with a year of many dojos on disk."""
    return growing.report(await growing.measured(directory, options.dojos))


async def day(options: argparse.Namespace, directory: Path) -> str:
    """See whether memory stays as it is over a day of rounds."""
    return living.report(await living.measured(directory, options.hours))


def _missing(requests: Iterable[str]) -> list[str]:
    return [f"the stand-in has no route for {request}" for request in sorted(requests)]


def main() -> None:
    """Run in a directory that is gone afterwards."""
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="dojo-benchmark-", dir=options.directory) as directory:
        asyncio.run(run(options, Path(directory)))


if __name__ == "__main__":
    main()
