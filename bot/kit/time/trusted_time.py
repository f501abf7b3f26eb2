"""Whether the machine's clock can be trusted: compares it with the time that Discord gives.

Data erased because of its age is lost for good, so a wrong clock must not decide that. Every event
and every answer of Discord has a time; nothing is erased unless both clocks agree.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.kit.time.clock import Clock

log = logging.getLogger(__name__)

MOST_OFF = timedelta(days=1)
FRESH = timedelta(days=1)
"""How long a comparison counts: after that the clock may have been set."""


OFTEN_ENOUGH = timedelta(seconds=10)
"""While the clocks agree they are not compared again for this long, as events come in hundreds.

A clock set wrong by more than `FRESH` in the meantime is still not trusted.
"""


class Trust(StrEnum):
    """What is known about the machine's clock."""

    UNKNOWN = "unknown"
    """Discord has not given the time lately."""
    AGREES = "agrees"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class ClockCheck:
    """How far the machine's clock can be trusted."""

    trust: Trust
    ahead: timedelta = timedelta()
    """How far it is ahead of Discord; negative when it is behind."""


class TrustedTime:
    """Compares the injected clock with what Discord says."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._heard_at: datetime | None = None
        self._told = datetime.min.replace(tzinfo=UTC)
        """What Discord said when the clocks were last compared."""
        self._ahead = timedelta()
        self._last = Trust.UNKNOWN
        self._watchers: list[Callable[[], None]] = []

    def hear(self, moment: datetime, *, in_passing: bool = False) -> None:
        """Discord has just said that it is `moment` (aware).

        With `in_passing` it is one of hundreds, and the machine's clock need not be read for it.
        """
        is_soon = self._last is Trust.AGREES and abs(moment - self._told) < OFTEN_ENOUGH
        if is_soon and in_passing:
            return
        heard_at = self._now()
        ahead = heard_at - moment
        if is_soon and abs(ahead - self._ahead) < OFTEN_ENOUGH:
            return
        self._told, self._heard_at, self._ahead = moment, heard_at, ahead
        trust = self.check().trust
        if trust is not self._last:
            self._last = trust
            if trust is Trust.WRONG:
                log.warning(
                    "this machine's clock differs from Discord's by %s;"
                    " nothing is erased by age until it is set right",
                    abs(self._ahead),
                )
        if trust is Trust.AGREES:
            for watcher in self._watchers:
                watcher()

    def check(self) -> ClockCheck:
        """What is known at present."""
        if self._heard_at is None or not -FRESH < self._now() - self._heard_at < FRESH:
            return ClockCheck(Trust.UNKNOWN)
        if abs(self._ahead) > MOST_OFF:
            return ClockCheck(Trust.WRONG, self._ahead)
        return ClockCheck(Trust.AGREES, self._ahead)

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` whenever Discord's time agrees with the clock. It must be quick."""
        self._watchers.append(watcher)
