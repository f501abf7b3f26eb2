"""What the bot may not do for a gathering, said once."""

from __future__ import annotations

import logging

from bot.gatherings.model.gathering import Gathering

log = logging.getLogger(__name__)


class MissingPermissions:
    """What the bot may not do in each gathering. The log says it once, the panel as long as so."""

    def __init__(self) -> None:
        self._now: dict[int, list[str]] = {}
        self._said: set[tuple[int, str]] = set()

    def note(self, gathering: Gathering, switch: str) -> None:
        """A permission is missing."""
        missing = self._now.setdefault(gathering.id, [])
        if switch not in missing:
            missing.append(switch)
        if (gathering.id, switch) not in self._said:
            self._said.add((gathering.id, switch))
            log.warning("gathering %s: %s is missing; going on without", gathering.id, switch)

    def clear(self, gathering: Gathering, switch: str) -> None:
        """A permission is there."""
        if switch in self._now.get(gathering.id, ()):
            self._now[gathering.id].remove(switch)

    def of(self, gathering_id: int) -> tuple[str, ...]:
        """The permissions that were missing when they were last needed, first ones first."""
        return tuple(self._now.get(gathering_id, ()))

    def forget(self, gathering_id: int) -> None:
        """A gathering is over."""
        self._now.pop(gathering_id, None)
        self._said = {key for key in self._said if key[0] != gathering_id}
