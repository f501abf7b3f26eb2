"""The person who acts, with the rights they have there, and people who were not found."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """A person who acts, with what decides their rights: looked up at each press, never stored."""

    user_id: int
    guild_id: int | None = None
    """The server they act in; None in direct messages, and where the bot is no member."""
    role_ids: Container[int] = frozenset[int]()
    managed: Container[int] = frozenset[int]()
    """The channels of that server in which they have the right to manage channels."""
    looks_after: int | None = None
    """The gathering they act for, which gives them rights over its rounds alone."""


class MissedPeople:
    """People of whom Discord said, in answer to something else, that they are not in a server.

    In memory only. The nightly search for people who have left asks about these first.
    """

    def __init__(self) -> None:
        self._missed: set[tuple[int, int]] = set()

    def add(self, guild_id: int, user_id: int) -> None:
        """Remember that a person was not found in a guild."""
        self._missed.add((guild_id, user_id))

    def take(self) -> set[tuple[int, int]]:
        """The guild and the person of each, which are forgotten here."""
        missed, self._missed = self._missed, set()
        return missed
