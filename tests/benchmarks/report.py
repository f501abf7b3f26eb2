"""The table of a run: medians over its repetitions, and the targets."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tests.benchmarks.programs import BARE, DOJO, DURABLE
from tests.benchmarks.repetition import Figures

Repetition = dict[str, Figures]
T = TypeVar("T")

ROWS: list[tuple[str, Callable[[Figures], float], str]] = [
    ("start to first answer, s", lambda figures: figures.start, ".2f"),
    ("memory after start, MB", lambda figures: figures.memory, ".1f"),
    ("memory after the loads, MB", lambda figures: figures.memory_loaded, ".1f"),
    ("closed loop, answers/s", lambda figures: figures.throughput, ".0f"),
    ("processor per answer, us", lambda figures: figures.processor * 1e6, ".0f"),
    ("stand-in's share of a core", lambda figures: figures.stand_in, ".2f"),
    ("open loop, answers/s", lambda figures: figures.rate, ".0f"),
    ("open loop, p50 ms", lambda figures: figures.latency(50) * 1e3, ".2f"),
    ("open loop, p99 ms", lambda figures: figures.latency(99) * 1e3, ".2f"),
]


@dataclass(frozen=True)
class Target(Generic[T]):
    """A figure that must be reached, taken of each repetition."""

    text: str
    figure: Callable[[T], float]
    bound: float
    at_least: bool = False

    def line(self, run: Sequence[T]) -> str:
        """The median with its range, and whether it is good enough."""
        values = sorted(self.figure(found) for found in run)
        median = statistics.median(values)
        met = median >= self.bound if self.at_least else median <= self.bound
        sign = ">=" if self.at_least else "<="
        range_ = f", range {values[0]:.2f} to {values[-1]:.2f}" if len(values) > 1 else ""
        return (
            f"{'met   ' if met else 'missed'}  {self.text:<46} {median:6.2f}  "
            f"(target {sign} {self.bound:g}{range_})"
        )


TARGETS: list[Target[Repetition]] = [
    Target(
        "throughput, of durable's",
        lambda found: found[DOJO.name].throughput / found[DURABLE.name].throughput,
        0.7,
        at_least=True,
    ),
    Target(
        "open loop p99, times durable's",
        lambda found: found[DOJO.name].latency(99) / found[DURABLE.name].latency(99),
        2,
    ),
    Target(
        "memory after start, MB above bare",
        lambda found: found[DOJO.name].memory - found[BARE.name].memory,
        25,
    ),
    Target(
        "start to first answer, s above bare",
        lambda found: found[DOJO.name].start - found[BARE.name].start,
        0.7,
    ),
]


def report(run: list[Repetition]) -> str:
    """The whole run as text: one column for each program, then the targets if dojo-bot ran."""
    programs = [name for name in (BARE.name, DURABLE.name, DOJO.name) if name in run[0]]
    lines = table(run, programs)
    if DOJO.name in programs:
        lines += ["", *(target.line(run) for target in TARGETS)]
    return "\n".join(lines)


def table(run: list[Repetition], programs: list[str]) -> list[str]:
    """The medians of each program in a column."""
    lines = [" " * 28 + "".join(f"{name:>10}" for name in programs)]
    for text, value, spec in ROWS:
        medians = (statistics.median(value(found[name]) for found in run) for name in programs)
        lines.append(f"{text:<28}" + "".join(f"{median:>10{spec}}" for median in medians))
    return lines
