"""What has been kept long enough is erased, every night and at every start."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from bot.services.clock import Clock
from bot.services.deadlines import DeadlineScheduler
from bot.services.dojos import DojoService
from bot.services.pads import PadService
from bot.storage.retention import RetentionStore

log = logging.getLogger(__name__)

NIGHT_HOUR = 3
"""UTC. When few people practise in Europe and the Americas."""
GUILD_GRACE = timedelta(days=30)
"""How long the data of a guild is kept after the bot was removed: it may be asked back."""
TALKS_KEPT = timedelta(days=30)
"""How long a request to talk is kept, so that the safety contact can open it."""
_PURGE = 0


class RetentionService:
    """Erases by the clock; what it does can be done again without harm."""

    def __init__(
        self, store: RetentionStore, dojos: DojoService, pads: PadService, *, now: Clock
    ) -> None:
        self._store = store
        self._dojos = dojos
        self._pads = pads
        self._now = now
        self._deadlines = DeadlineScheduler(self._come_due, now)
        self._has_started = False

    def start(self) -> None:
        """Purge now, and every night from now on; once."""
        if self._has_started:
            return
        self._has_started = True
        self._deadlines.add(_PURGE, self._now())
        self._deadlines.start()

    async def close(self) -> None:
        """Stop; what is under way is finished first."""
        await self._deadlines.close()

    async def purge(self) -> None:
        """Erase everything whose time is over at this moment."""
        now = self._now()
        words = feedback = 0
        for keeping in await self._store.keepings():
            words += await self._store.erase_words(keeping, now)
            feedback += await self._store.erase_feedback(keeping, now)
        await self._store.erase_talks(now - TALKS_KEPT)
        guilds = await self._store.erase_guilds(now - GUILD_GRACE)
        if guilds:
            await self._dojos.load()
        # Always: also after a wish alone, or when the last purge was cut off before it.
        await self._store.scrub()
        if words or feedback or guilds:
            self._pads.forget_all()
        log.info(
            "retention: words of %d notes, feedback of %d rounds, %d servers erased",
            words,
            feedback,
            len(guilds),
        )

    async def see_guilds(self, present: Collection[int]) -> None:
        """Note which guilds the bot has been removed from, or is back in, while it was away."""
        for guild_id in await self._store.guilds() - set(present):
            await self._store.guild_removed(guild_id, self._now())
        for guild_id in await self._store.removed_guilds() & set(present):
            await self._store.guild_back(guild_id)

    async def guild_left(self, guild_id: int) -> None:
        """The bot has been removed from a guild: from now on its data has a month."""
        await self._store.guild_removed(guild_id, self._now())

    async def guild_joined(self, guild_id: int) -> None:
        """The bot is (back) in a guild: everything stays."""
        await self._store.guild_back(guild_id)

    async def _come_due(self, _: int) -> None:
        # First the next time, so that a failure tonight does not end it for good.
        self._deadlines.add(_PURGE, next_night(self._now()))
        await self.purge()


def next_night(now: datetime) -> datetime:
    """The next purge after `now` (UTC)."""
    tonight = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return tonight if tonight > now else tonight + timedelta(days=1)
