"""The tables of the part about rounds, and its targets."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from tests.benchmarks.report import Target
from tests.benchmarks.rounds import ROUNDS, SIZES, SPREAD_SECONDS, Found, Starts, Told

WIDTH = 42

TOLD: list[tuple[str, Callable[[Told], float], str]] = [
    ("deadline to new card, p50 ms", lambda told: told.percentile(50) * 1e3, ".1f"),
    ("deadline to new card, p99 ms", lambda told: told.percentile(99) * 1e3, ".1f"),
    ("deadline to new card, longest, ms", lambda told: max(told.late) * 1e3, ".1f"),
    ("last deadline to last new card, s", lambda told: told.all_told, ".1f"),
    ("last deadline to last closed card, s", lambda told: told.all_closed, ".1f"),
    ("rooms without their new card", lambda told: told.lost, ".0f"),
    ("new messages beyond one card a room", lambda told: told.more, ".0f"),
    ("requests in the busiest second", lambda told: told.busiest, ".0f"),
    ("requests refused as too many", lambda told: told.refused, ".0f"),
    ("longest block of the event loop, ms", lambda told: told.blocked * 1e3, ".1f"),
    ("longest work of its thread in one go, ms", lambda told: told.working * 1e3, ".1f"),
    ("processor per round, ms", lambda told: told.processor * 1e3, ".2f"),
    ("growth, MB", lambda told: told.growth, ".1f"),
]

TARGETS: list[Target[Found]] = [
    Target(
        f"ends within {SPREAD_SECONDS:.0f} s: deadline to card, p99 ms",
        lambda found: found.spread.percentile(99) * 1e3,
        100,
    ),
    Target("ends at once: rooms without their card", lambda found: found.at_once.lost, 0),
    Target("ends at once: messages too many", lambda found: found.at_once.more, 0),
    Target(
        "ends at once: longest block of the loop, ms",
        lambda found: found.at_once.blocked * 1e3,
        50,
    ),
    Target("ends at once: requests in the busiest second", lambda f: f.at_once.busiest, 50),
    Target("ends at once: requests refused", lambda found: found.at_once.refused, 0),
]


def kilobytes(starts: Starts, size: int) -> float:
    """Memory for each round, compared with a start without any."""
    return (starts[size].memory - starts[0].memory) * 1e3 / size


START_TARGETS: list[Target[Starts]] = [
    Target(
        f"start to first answer, s more with {ROUNDS} rounds",
        lambda starts: starts[ROUNDS].seconds - starts[0].seconds,
        1,
    ),
    Target(f"memory per round, kB, with {ROUNDS}", lambda starts: kilobytes(starts, ROUNDS), 10),
    *(
        Target(f"memory per round, kB, with {size}", lambda s, size=size: kilobytes(s, size), 10)
        for size in SIZES
        if size > ROUNDS
    ),
]


def report(found: Found) -> str:
    """The part as text."""
    lines = [f"{f'{ROUNDS} rounds, segments end':<{WIDTH}}{'in a minute':>12}{'at once':>12}"]
    for text, value, spec in TOLD:
        told = (value(found.spread), value(found.at_once))
        lines.append(f"{text:<{WIDTH}}" + "".join(f"{figure:>12{spec}}" for figure in told))
    lines += ["", f"{'rounds in the database':<{WIDTH}}" + "".join(f"{n:>12}" for n in SIZES)]
    for text, value, spec in (
        ("start to first answer, s", lambda start: start.seconds, ".2f"),
        ("memory after start, MB", lambda start: start.memory, ".1f"),
    ):
        medians = (statistics.median(value(one[n]) for one in found.starts) for n in SIZES)
        lines.append(f"{text:<{WIDTH}}" + "".join(f"{median:>12{spec}}" for median in medians))
    lines += ["", *(target.line([found]) for target in TARGETS)]
    lines += [target.line(found.starts) for target in START_TARGETS]
    return "\n".join(lines)
