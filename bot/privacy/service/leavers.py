"""People who leave a server are erased there 30 days later; who comes back in time loses nothing.

Discord does not tell a bot without the right to see members that a member has left. So each night
the bot asks, slowly, about people it stores something about.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.kit.person import MissedPeople
from bot.kit.time.clock import Clock
from bot.kit.time.timers import DeadlineScheduler
from bot.kit.time.trusted_time import Trust, TrustedTime
from bot.privacy.service.privacy import PrivacyService
from bot.privacy.service.retention import next_night
from bot.privacy.store.departures import DepartureStore
from bot.rounds.service.ports import Directory

log = logging.getLogger(__name__)

LEAVER_GRACE = timedelta(days=30)
"""How long data about a person is kept after the bot noticed that they left."""
BEFORE_THE_PURGE = timedelta(minutes=30)
"""How long before the nightly purge Discord is asked. Its answers also contain the time."""
MOST_A_NIGHT = 600
"""People that Discord is asked about in one night; the others follow in the next nights."""
SECONDS_BETWEEN = 2.0
"""Between two requests: 600 of them take twenty minutes."""
MOST_UNANSWERED = 5
"""In a row. Then Discord is in trouble, and the rest waits for the next night."""
_LOOK = 0

Member = tuple[int, int]
"""A guild and a user, by their ids."""


class LeaverService:
    """Notices who is no longer in a server."""

    def __init__(
        self,
        store: DepartureStore,
        privacy: PrivacyService,
        directory: Directory,
        time: TrustedTime,
        missed: MissedPeople,
        *,
        now: Clock,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
        has_left: Callable[[int, int], Awaitable[None]] | None = None,
    ) -> None:
        self._store = store
        self._privacy = privacy
        self._directory = directory
        self._time = time
        self._missed = missed
        self._now = now
        self._pause = pause
        self._has_left = has_left
        """Called with the guild and the person, so that nobody waits for them there."""
        self._deadlines = DeadlineScheduler(self._come_due, now)
        self._has_started = False
        # Since the last night, in memory only: it is not stored where a person was active.
        self._seen: set[Member] = set()

    def start(self) -> None:
        """Ask every night from now on. Only the first call counts."""
        if not self._has_started:
            self._has_started = True
            self._deadlines.add(_LOOK, next_look(self._now()))
            self._deadlines.start()

    async def close(self) -> None:
        """Stop. People who were not asked about come another night."""
        await self._deadlines.close()

    def seen(self, guild_id: int, user_id: int) -> None:
        """This person does something in a guild, so they are in it."""
        self._seen.add((guild_id, user_id))

    async def look(self) -> None:
        """Ask about people for one night, and erase those who have been gone long enough."""
        await self._directory.ask_time()
        if self._time.check().trust is not Trust.AGREES:
            # With a wrong clock it is unknown when a person left, and nobody is erased.
            log.info("leavers: nobody is looked for, because the clock cannot be trusted")
            return
        known, gone = await self._store.known(), await self._store.all()
        for member in gone.keys() - set(known):
            # Nothing about them is stored there any more.
            await self._store.back(*member)
        for member in gone.keys() & self._seen:
            await self._store.back(*member)
            del gone[member]
        present = self._directory.guilds()
        ask = self._in_order([one for one in known if one[0] in present], gone)
        self._seen.clear()
        asked, left, erased, unanswered = 0, 0, 0, 0
        for member in ask[:MOST_A_NIGHT]:
            if asked:
                await self._pause(SECONDS_BETWEEN)
            asked += 1
            is_member = await self._directory.is_member(*member)
            if is_member is None:
                unanswered += 1
                if unanswered >= MOST_UNANSWERED:
                    log.info("leavers: Discord does not answer; the rest waits for another night")
                    break
                continue
            unanswered = 0
            if is_member or member in self._seen:
                if member in gone:
                    await self._store.back(*member)
            elif member not in gone:
                left += 1
                await self._store.left(*member, self._now())
                if self._has_left is not None:
                    await self._has_left(*member)
            elif self._is_over(gone[member]) and await self._privacy.forget_in_guild(
                user_id=member[1], guild_id=member[0]
            ):
                erased += 1
        log.info("leavers: %d people looked for, %d have left, %d erased", asked, left, erased)

    def _in_order(self, known: list[Member], gone: dict[Member, datetime]) -> list[Member]:
        """Whom to ask about: people to be erased, people who were missed, then the others by turns.

        Nobody who has been seen since the last night needs to be asked about.
        """
        over = [one for one in known if one in gone and self._is_over(gone[one])]
        not_found = self._missed.take()
        missed = [member for member in known if member in not_found and member not in over]
        first = [*over, *missed]
        others = [one for one in known if one not in self._seen and one not in set(first)]
        room = max(MOST_A_NIGHT - len(first), 0)
        if len(others) > room:
            # By the day, so that a restart does not begin with the same people again.
            start = self._now().toordinal() * room % len(others)
            others = others[start:] + others[:start]
        return [*first, *others]

    def _is_over(self, since: datetime) -> bool:
        return self._now() - since >= LEAVER_GRACE

    async def _come_due(self, _: int) -> None:
        # The next time first, so that a failure tonight does not end it for good.
        self._deadlines.add(_LOOK, next_look(self._now()))
        await self.look()


def next_look(now: datetime) -> datetime:
    """When Discord is next asked after `now` (UTC)."""
    return next_night(now + BEFORE_THE_PURGE) - BEFORE_THE_PURGE
