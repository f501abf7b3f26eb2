"""How the program is doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot import __version__
from bot.services.clock import Clock
from bot.storage.database import Database, Health
from bot.storage.errors import StorageError


@dataclass(frozen=True, slots=True)
class Status:
    """The program at one moment."""

    version: str
    uptime: timedelta
    database: Health | None
    """None when the database did not answer."""


class StatusService:
    """Tells how the program is doing."""

    def __init__(self, database: Database, *, now: Clock) -> None:
        self._database = database
        self._now = now
        self._began = now()

    async def now(self) -> Status:
        """Measure it."""
        try:
            health = await self._database.health()
        except StorageError:
            health = None
        return Status(__version__, self._now() - self._began, health)
