"""What is going on in rounds and evenings, by which the clock of this machine is made up for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.gatherings.model.gathering import LONGEST_BOARDING, Stage
from bot.gatherings.service.live import GatheringKeeper
from bot.kit.time.steady_clock import SteadyClock
from bot.rounds.service.live import LiveRounds

IN_TRANSIT = (Stage.BOARDING, Stage.RETURNING)
IN_THE_MIDDLE = (*IN_TRANSIT, Stage.RUNNING)


def keep_steady(clock: SteadyClock, rounds: LiveRounds, gatherings: GatheringKeeper) -> None:
    """Let a clock go by what is going on, as it was read from disk."""
    for moment in _moments(rounds, gatherings):
        clock.not_before(moment)
    clock.step_back_when(lambda: is_idle(rounds, gatherings))


def is_idle(rounds: LiveRounds, gatherings: GatheringKeeper) -> bool:
    """Whether no round is running or paused, and no evening is on the way to or from one."""
    return not any(one.has_begun and one.is_open for one in rounds.all()) and not any(
        one.stage in IN_THE_MIDDLE for one in gatherings.all()
    )


def _moments(rounds: LiveRounds, gatherings: GatheringKeeper) -> Iterator[datetime]:
    """What was stored of that which is in the middle of something."""
    for round_ in rounds.all():
        if round_.has_begun and round_.is_open:
            stored = (round_.began_at, round_.since, round_.paused_at)
            yield from (moment for moment in stored if moment is not None)
    for gathering in gatherings.all():
        if gathering.stage in IN_TRANSIT and gathering.due_at is not None:
            yield gathering.due_at - LONGEST_BOARDING
