"""The table of the part about a gathering, and its targets."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

from tests.benchmarks.gathering import STEPS, Evening, Followed, Step
from tests.benchmarks.prepare.gathering import PEOPLE_IN_A_ROOM, ROOMS
from tests.benchmarks.report import Target
from tests.benchmarks.standin import MOST_PER_SECOND

WIDTH = 42
PANEL_SECONDS = 2

ROWS: list[tuple[str, Callable[[Followed], float], str]] = [
    ("last message has left, s", lambda one: one.left, ".2f"),
    ("last old card is closed, s", lambda one: one.closed, ".2f"),
    ("panel shows the true state, s", lambda one: one.panel, ".2f"),
    ("new messages of rooms", lambda one: one.messages, ".0f"),
    ("rooms without their new card", lambda one: one.without, ".0f"),
    ("requests in the busiest second", lambda one: one.busiest, ".0f"),
    ("requests refused as too many", lambda one: one.refused, ".0f"),
    ("longest block of the event loop, ms", lambda one: one.blocked * 1e3, ".1f"),
]


def allowed(messages: int) -> float:
    """Seconds that so many messages may take: one, or as many as Discord's limit needs."""
    return max(1.0, messages / MOST_PER_SECOND)


def _left(step: Step) -> Target[Evening]:
    text = f"{step.name}: its {step.messages} messages have left, s"
    return Target(text, lambda found: found[step.name].left, allowed(step.messages))


def _panel(step: Step) -> Target[Evening]:
    text = f"{step.name}: panel shows the true state, s"
    return Target(text, lambda found: found[step.name].panel, PANEL_SECONDS)


def _worst(text: str, figure: Callable[[Followed], float], bound: float) -> Target[Evening]:
    return Target(text, lambda found: max(map(figure, found.values())), bound)


TARGETS: list[Target[Evening]] = [
    *map(_left, STEPS),
    *map(_panel, STEPS),
    _worst("requests in the busiest second", lambda one: one.busiest, MOST_PER_SECOND),
    _worst("requests refused", lambda one: one.refused, 0),
    _worst("rooms without their card", lambda one: one.without, 0),
    Target(
        "messages too many",
        lambda found: sum(found[step.name].messages - step.messages for step in STEPS),
        0,
    ),
]


def report(found: Sequence[Evening]) -> str:
    """The part as text: medians over the repetitions, then the targets."""
    head = f"{ROOMS} rooms of {PEOPLE_IN_A_ROOM}, all at once:"
    lines = [f"{head:<{WIDTH}}" + "".join(f"{step.name:>10}" for step in STEPS)]
    for text, value, spec in ROWS:
        medians = (statistics.median(value(one[step.name]) for one in found) for step in STEPS)
        lines.append(f"{text:<{WIDTH}}" + "".join(f"{median:>10{spec}}" for median in medians))
    return "\n".join([*lines, "", *(target.line(found) for target in TARGETS)])
