"""People of whom Discord said, in answer to something else, that they are not in a server."""

from __future__ import annotations


class MissedPeople:
    """In memory only. The nightly search for people who have left asks about these first."""

    def __init__(self) -> None:
        self._missed: set[tuple[int, int]] = set()

    def add(self, guild_id: int, user_id: int) -> None:
        self._missed.add((guild_id, user_id))

    def take(self) -> set[tuple[int, int]]:
        """The guild and the person of each, which are forgotten here."""
        missed, self._missed = self._missed, set()
        return missed
