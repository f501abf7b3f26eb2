"""Brings the news of rounds to their rooms: at least once, in order, and never in a burst.

There is one delivery at a time for each round. What changes meanwhile is told after it, merged
into one piece, because news is always what the room does not know at that moment.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Protocol

from bot.kit.few_at_a_time import Pace
from bot.kit.logs import log_context
from bot.kit.one_per_key import OnePerKey
from bot.kit.requests.errors import RoomGone, RoomRefused, RoomUnreachable
from bot.kit.time.clock import Clock
from bot.kit.time.timers import DeadlineScheduler
from bot.rounds.model.clock import News
from bot.rounds.model.round import Round
from bot.rounds.service.ports import Announcer, Sent

log = logging.getLogger(__name__)

FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 20.0
MOST_ODDITIES = 5
"""Times that news which fails for no known reason is tried."""


class KnowsRounds(Protocol):
    """What the delivery asks of the live rounds."""

    async def unsaid(self, round_id: int, *, repost: bool) -> tuple[Round, News] | None:
        """A round and what its room does not know by now; None if it knows everything.

        With `repost`, its card is news in any case.
        """
        ...

    async def said(self, round_id: int, news: News, sent: Sent) -> None:
        """Note that the room knows the news; on disk on return."""
        ...

    async def refused(self, round_id: int) -> bool:
        """Note that the room cannot be written to; whether that is new."""
        ...

    async def gone(self, round_id: int) -> None:
        """End a round whose room is gone."""
        ...


class RoundDelivery:
    """Delivers news."""

    def __init__(self, rounds: KnowsRounds, announcer: Announcer, *, now: Clock) -> None:
        self._rounds = rounds
        self._announcer = announcer
        self._now = now
        self._pace = Pace()
        self._telling: OnePerKey[int] = OnePerKey("tell")
        self._repost: set[int] = set()
        self._waits: dict[int, float] = {}
        self._oddities: dict[int, int] = {}
        self._retries = DeadlineScheduler(self._retry, now)
        self._is_open = False

    def start(self) -> None:
        """Begin to tell; until then nothing leaves."""
        self._is_open = True
        self._retries.start()

    async def close(self) -> None:
        """Stop telling; what has not been told is news again at the next start."""
        self._is_open = False
        await self._retries.close()
        await self._telling.close()

    def tell(self, round_id: int, *, repost: bool = False) -> None:
        """See to it that the room learns what it does not know yet, and `repost` its card."""
        if not self._is_open:
            return
        if repost:
            self._repost.add(round_id)
        self._telling.wake(round_id, lambda: self._deliver(round_id))

    async def _retry(self, round_id: int) -> None:
        self.tell(round_id)

    async def _deliver(self, round_id: int) -> None:
        self._retries.cancel(round_id)
        with log_context(round=round_id):
            try:
                is_more_to_tell = await self._deliver_once(round_id)
            except RoomUnreachable as error:
                log.warning("the room cannot be reached (%s); trying again", error)
                self._try_later(round_id)
            except Exception:
                log.exception("the news could not be told")
                self._try_later(round_id)
            else:
                self._waits.pop(round_id, None)
                if is_more_to_tell:
                    self.tell(round_id)

    async def _deliver_once(self, round_id: int) -> bool:
        """Tell what there is to tell now; whether to look for more."""
        # Building a card takes the processor; a thousand of them must not stop everything else.
        await self._pace.turn()
        repost = round_id in self._repost
        self._repost.discard(round_id)
        try:
            return await self._bring(round_id, repost=repost)
        except Exception:
            if repost:
                self._repost.add(round_id)
            raise

    async def _bring(self, round_id: int, *, repost: bool) -> bool:
        unsaid = await self._rounds.unsaid(round_id, repost=repost)
        if unsaid is None:
            return False
        round_, news = unsaid
        try:
            sent = await self._announcer.tell(round_, news, self._now())
        except RoomRefused as error:
            log.info("the room cannot be written to: %s", error)
            await self._refused(round_)
            return False
        except RoomGone:
            log.info("the room is gone")
            await self._rounds.gone(round_id)
            return False
        except RoomUnreachable:
            raise
        except Exception:
            # Something about this news that nobody foresaw. What comes after it must not wait
            # for ever.
            self._oddities[round_id] = self._oddities.get(round_id, 0) + 1
            if self._oddities[round_id] < MOST_ODDITIES:
                raise
            log.exception("the news is given up")
            sent = Sent()
        self._oddities.pop(round_id, None)
        await self._rounds.said(round_id, news, sent)
        return True

    async def _refused(self, round_: Round) -> None:
        try:
            if await self._rounds.refused(round_.id):
                await self._announcer.report_refused(round_)
        except Exception:
            log.exception("a report could not be made")

    def _try_later(self, round_id: int) -> None:
        wait = self._waits.get(round_id, FIRST_WAIT_SECONDS)
        self._waits[round_id] = min(2 * wait, LONGEST_WAIT_SECONDS)
        self._retries.add(round_id, self._now() + timedelta(seconds=wait))
