"""The person who acts, with the rights they have where they act."""

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
