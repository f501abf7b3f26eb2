"""The table of the part about the pad, and its targets."""

from __future__ import annotations

from tests.benchmarks.pads import PADS, Opened
from tests.benchmarks.programs import DURABLE
from tests.benchmarks.report import Repetition, Target, table

TARGETS: list[Target[Repetition]] = [
    Target(
        "taps: throughput, of durable's",
        lambda found: found[PADS.name].throughput / found[DURABLE.name].throughput,
        0.8,
        at_least=True,
    ),
    Target(
        "taps: open loop p99, times durable's",
        lambda found: found[PADS.name].latency(99) / found[DURABLE.name].latency(99),
        2,
    ),
]


OPENED: list[Target[Opened]] = [
    Target("feedback on 60 notes, opened first, ms", lambda one: one.first * 1e3, 300),
    Target("feedback on 60 notes, opened again, ms", lambda one: one.later * 1e3, 300),
    Target("its picture, the first time, ms", lambda one: one.picture * 1e3, 1500),
    Target("its picture, afterwards, ms", lambda one: one.picture_later * 1e3, 500),
    Target("longest block of the loop meanwhile, ms", lambda one: one.blocked * 1e3, 50),
]


def report(run: list[Repetition], found: list[Opened]) -> str:
    """The part as text."""
    lines = table(run, [DURABLE.name, PADS.name])
    lines += ["", *(target.line(run) for target in TARGETS)]
    return "\n".join([*lines, *(target.line(found) for target in OPENED)])
