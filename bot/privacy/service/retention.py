"""Erases data that has been kept long enough, every night and at every start.

Only with a clock that agrees with Discord's: erased data cannot be brought back.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from bot.dojos.service.dojos import DojoService
from bot.feedback.service.pads import PadService
from bot.kit.database.refused_messages import NOT_AGAIN_FOR
from bot.kit.time.clock import Clock
from bot.kit.time.timers import DeadlineScheduler
from bot.kit.time.trusted_time import MOST_OFF, ClockCheck, Trust, TrustedTime
from bot.privacy.store.retention import RetentionStore

log = logging.getLogger(__name__)

NIGHT_HOUR = 3
"""UTC. Few people in Europe and the Americas practise at that time."""
GUILD_GRACE = timedelta(days=30)
"""How long a guild's data is kept after the bot was removed: people may ask it back."""
TALKS_KEPT = timedelta(days=30)
"""How long a request to talk is kept, so that the safety contact can open it."""
_PURGE = 0


class RetentionService:
    """Erases data by its age; everything it does is harmless to repeat."""

    def __init__(
        self,
        store: RetentionStore,
        dojos: DojoService,
        pads: PadService,
        time: TrustedTime,
        *,
        now: Clock,
    ) -> None:
        self._store = store
        self._dojos = dojos
        self._pads = pads
        self._time = time
        self._now = now
        self._deadlines = DeadlineScheduler(self._come_due, now)
        self._has_started = False
        self._waits_for_time = False
        self._last: datetime | None = None
        self._has_seen_guilds = False
        self._has_left_out_guilds = False
        # Guilds that had removed the bot at a time when no clock could say when.
        self._undated: set[int] = set()
        time.watch(self._time_agrees)

    async def load(self) -> None:
        """Read when data was last erased."""
        self._last = await self._store.last_purge()

    def start(self) -> None:
        """Purge now, and every night from now on. Only the first call counts."""
        if self._has_started:
            return
        self._has_started = True
        self._deadlines.add(_PURGE, self._now())
        self._deadlines.start()

    async def close(self) -> None:
        """Stop; work under way is finished first."""
        await self._deadlines.close()

    def clock(self) -> ClockCheck:
        """Whether the clock can be trusted with erasing.

        Until Discord has given the time, only a clock before the last purge is known to be wrong.
        """
        check = self._time.check()
        if check.trust is Trust.UNKNOWN and self._last is not None:
            ahead = self._now() - self._last
            if ahead < -MOST_OFF:
                return ClockCheck(Trust.WRONG, ahead)
        return check

    async def purge(self) -> bool:
        """Erase everything whose time is over. Returns whether the clock allowed it.

        Otherwise it is done as soon as Discord's time agrees with the clock.
        """
        check = self.clock()
        if check.trust is not Trust.AGREES:
            self._waits_for_time = True
            if check.trust is Trust.WRONG:
                log.warning(
                    "retention: nothing is erased, because this machine's clock is wrong by %s",
                    abs(check.ahead),
                )
            else:
                # As after every start; Discord's first answer makes up for it.
                log.info("retention: nothing is erased before Discord has told the time")
            return False
        self._waits_for_time = False
        now = self._now()
        for guild_id in sorted(self._undated):
            await self._store.guild_removed(guild_id, now)
            self._undated.discard(guild_id)
        words = await self._store.erase_words(now)
        feedback = await self._store.erase_feedback(now)
        names = await self._store.erase_names(now)
        await self._store.erase_talks(now - TALKS_KEPT)
        await self._store.erase_refused_messages(now - NOT_AGAIN_FOR)
        guilds: Collection[int] = ()
        # Until all guilds have been seen, the bot may be back in one of them.
        self._has_left_out_guilds = not self._has_seen_guilds
        if self._has_seen_guilds:
            guilds = await self._store.erase_guilds(now - GUILD_GRACE)
        if guilds:
            await self._dojos.load()
        # Always: also after a wish alone, or if the last purge was interrupted before this.
        await self._store.scrub()
        if words or feedback or names or guilds:
            self._pads.forget_all()
        await self._store.remember_purge(now)
        self._last = now
        log.info(
            "retention: words of %d notes, feedback of %d rounds, names of %d rounds and"
            " gatherings, %d servers erased",
            words,
            feedback,
            names,
            len(guilds),
        )
        return True

    async def see_guilds(self, present: Collection[int]) -> None:
        """Store which guilds removed the bot, or have it back, while it was not running.

        Until this has been done once, no purge erases data that belongs to a guild.
        """
        for guild_id in await self._store.guilds() - set(present):
            await self.guild_left(guild_id)
        self._undated -= set(present)
        for guild_id in await self._store.removed_guilds() & set(present):
            await self._store.guild_back(guild_id)
        self._has_seen_guilds = True
        if self._has_left_out_guilds:
            self._deadlines.add(_PURGE, self._now())

    async def guild_left(self, guild_id: int) -> None:
        """The bot has been removed from a guild: its data is kept for another month.

        While the clock cannot be trusted, the month begins when it can.
        """
        if self.clock().trust is Trust.AGREES:
            await self._store.guild_removed(guild_id, self._now())
        else:
            self._undated.add(guild_id)
            self._waits_for_time = True

    async def guild_joined(self, guild_id: int) -> None:
        """The bot is (back) in a guild: everything stays."""
        self._undated.discard(guild_id)
        await self._store.guild_back(guild_id)

    def _time_agrees(self) -> None:
        if self._waits_for_time and self._has_started:
            self._waits_for_time = False
            self._deadlines.add(_PURGE, self._now())

    async def _come_due(self, _: int) -> None:
        # The next time first, so that a failure tonight does not end it for good.
        self._deadlines.add(_PURGE, next_night(self._now()))
        await self.purge()


def next_night(now: datetime) -> datetime:
    """The next purge after `now` (UTC)."""
    tonight = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return tonight if tonight > now else tonight + timedelta(days=1)
