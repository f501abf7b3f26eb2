"""How late what the clock brings is, over the last day."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

LOOKED_BACK = timedelta(days=1)
MOST_KEPT = 5_000
"""The latest ones of a day; a busy day has more."""
SHARE = 0.99


@dataclass(frozen=True, slots=True)
class Late:
    """How late it was."""

    last_at: datetime
    """When the clock last brought anything."""
    count: int
    nearly_all: timedelta
    """99 of 100 were at most this late."""


class Lateness:
    """Remembers how late things were; in memory only."""

    def __init__(self) -> None:
        self._seen: deque[tuple[datetime, timedelta]] = deque(maxlen=MOST_KEPT)

    def note(self, due: datetime, now: datetime) -> None:
        """What was due then is done now."""
        self._seen.append((now, max(now - due, timedelta())))

    def at(self, now: datetime) -> Late | None:
        """How late it was in the day before `now`; None if there was nothing."""
        lates = sorted(late for at, late in self._seen if now - at < LOOKED_BACK)
        if not lates:
            return None
        return Late(self._seen[-1][0], len(lates), lates[math.ceil(SHARE * len(lates)) - 1])
