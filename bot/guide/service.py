"""The state of the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot import __version__
from bot.kit.database.database import Database, Health
from bot.kit.database.errors import DatabaseGone, StorageError
from bot.kit.time.clock import Clock
from bot.kit.time.lateness import Late
from bot.rounds.service.live import LiveRounds


@dataclass(frozen=True, slots=True)
class Status:
    """The program at one moment."""

    version: str
    uptime: timedelta
    database: Health | None
    """None if the database did not answer."""
    running: int = 0
    """The rounds of a server that are going on."""
    late: Late | None = None
    """How late rooms learned in the last day what the clock brought; None if there was nothing."""
    is_file_gone: bool = False
    """Whether that is because its file was deleted or replaced while the program was running."""


class StatusService:
    """Measures the state of the program."""

    def __init__(self, database: Database, rounds: LiveRounds, *, now: Clock) -> None:
        self._database = database
        self._rounds = rounds
        self._now = now
        self._began = now()

    async def now(self, guild_id: int | None = None) -> Status:
        """Measure it, with the rounds of this server."""
        health, is_file_gone = None, False
        try:
            health = await self._database.health()
        except StorageError as error:
            is_file_gone = isinstance(error.__cause__, DatabaseGone)
        return Status(
            __version__,
            self._now() - self._began,
            health,
            running=sum(
                one.guild_id == guild_id and one.has_begun and one.is_open
                for one in self._rounds.all()
            ),
            late=self._rounds.lateness.at(self._rounds.now()),
            is_file_gone=is_file_gone,
        )
