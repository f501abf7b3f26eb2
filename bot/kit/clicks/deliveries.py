"""Acts once on an interaction that Discord delivers twice."""

from __future__ import annotations

REMEMBERED_MS = 15 * 60_000
"""Milliseconds for which an interaction can be answered."""
MOST_REMEMBERED = 30_000
"""Ids in each of the two sets, about 3 MB. In a flood the oldest are dropped earlier."""


class Deliveries:
    """Remembers the ids of the interactions of the last quarter of an hour.

    Discord may deliver an interaction again, for example when the gateway resumes. Two sets
    alternate, so that nothing has to be searched: the older one is dropped as a whole.
    """

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._before: set[int] = set()
        self._since_ms = 0

    def is_first(self, interaction_id: int) -> bool:
        """Whether an interaction comes for the first time. Remembers it."""
        if interaction_id in self._ids or interaction_id in self._before:
            return False
        # Discord's ids contain the moment at which they were made.
        made_ms = interaction_id >> 22
        if made_ms - self._since_ms > REMEMBERED_MS or len(self._ids) >= MOST_REMEMBERED:
            self._before, self._ids = self._ids, set()
            self._since_ms = made_ms
        self._ids.add(interaction_id)
        return True

    def __len__(self) -> int:
        return len(self._ids) + len(self._before)
