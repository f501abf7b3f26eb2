"""The state of the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot import __version__
from bot.kit.database.database import Database, Health
from bot.kit.database.errors import DatabaseGone, StorageError
from bot.kit.time.clock import Clock


@dataclass(frozen=True, slots=True)
class Status:
    """The program at one moment."""

    version: str
    uptime: timedelta
    database: Health | None
    """None if the database did not answer."""
    is_file_gone: bool = False
    """Whether that is because its file was deleted or replaced while the program was running."""


class StatusService:
    """Measures the state of the program."""

    def __init__(self, database: Database, *, now: Clock) -> None:
        self._database = database
        self._now = now
        self._began = now()

    async def now(self) -> Status:
        """Measure it."""
        health, is_file_gone = None, False
        try:
            health = await self._database.health()
        except StorageError as error:
            is_file_gone = isinstance(error.__cause__, DatabaseGone)
        return Status(__version__, self._now() - self._began, health, is_file_gone)
