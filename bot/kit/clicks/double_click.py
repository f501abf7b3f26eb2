"""A double click acts once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import discord

DOUBLE_CLICK = timedelta(milliseconds=400)

_Key = tuple[int, int, str]
"""Who clicked, the message, and the custom id."""


class Clicks:
    """Remembers for a moment who clicked what.

    A second click of one person on the same button of the same message is a repeat while the first
    is still being handled, and for 400 ms after it came. Clicks of two people are never repeats.
    """

    def __init__(self) -> None:
        self._working: set[_Key] = set()
        self._came_at: dict[_Key, datetime] = {}

    @contextlib.contextmanager
    def once(self, interaction: discord.Interaction[Any], custom_id: str) -> Iterator[bool]:
        """Whether to act on this click. Stay inside the block while acting."""
        message_id = interaction.message.id if interaction.message else 0
        key = (interaction.user.id, message_id, custom_id)
        now = interaction.created_at
        self._drop_older_than(now - DOUBLE_CLICK)
        came_at = self._came_at.get(key)
        just_now = came_at is not None and now - came_at < DOUBLE_CLICK
        if key in self._working or just_now:
            yield False
            return
        self._working.add(key)
        self._came_at.pop(key, None)
        self._came_at[key] = now
        try:
            yield True
        finally:
            self._working.discard(key)

    def _drop_older_than(self, limit: datetime) -> None:
        # The entries are in order of arrival, so this looks at one entry more than it drops.
        while self._came_at:
            key, came_at = next(iter(self._came_at.items()))
            if came_at > limit:
                return
            del self._came_at[key]
