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
from pathlib import Path

from tests.benchmarks import payloads, report
from tests.benchmarks.programs import BARE, DOJO, DURABLE
from tests.benchmarks.repetition import GUILDS, Workshop

QUIET = 0.7
"""The load average up to which this machine is ours."""


def arguments() -> argparse.Namespace:
    """The options of the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--repeat", type=int, default=5, help="repetitions (default 5)")
    parser.add_argument(
        "--seconds", type=int, default=3, help="length of each load in each repetition (default 3)"
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
    programs = [BARE, DURABLE]
    if importlib.util.find_spec("bot.app") is None:
        print("dojo-bot is not there: baselines only")
    else:
        programs.append(DOJO)
    busy = os.getloadavg()[0]
    if busy > QUIET:
        print(f"other programs are at work here (load {busy:.1f}): expect wide ranges")
    workshop = Workshop(programs, directory, options.profile)
    await workshop.prepare()
    found: list[report.Repetition] = []
    for number in range(options.repeat):
        found.append(await workshop.repetition(slices=options.seconds))
        print(f"repetition {number + 1} of {options.repeat} done", file=sys.stderr, flush=True)
    print(
        f"medians of {options.repeat}; {GUILDS} guilds, {payloads.USERS} people; "
        f"Python {platform.python_version()}, {os.cpu_count()} cores; "
        f"{time.monotonic() - began:.0f} s\n"
    )
    print(report.report(found))
    for request in sorted(workshop.unknown):
        print(f"the stand-in has no route for {request}")


def main() -> None:
    """Run in a directory that is gone afterwards."""
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="dojo-benchmark-", dir=options.directory) as directory:
        asyncio.run(run(options, Path(directory)))


if __name__ == "__main__":
    main()
