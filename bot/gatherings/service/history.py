"""What a dojo has practised until now: for its ledger, and for its next groups."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.dojos.model.dojo import Dojo
from bot.gatherings.grouping.groups import Past
from bot.gatherings.grouping.meetings import Meeting, past_of
from bot.gatherings.model.gathering import Gathering
from bot.gatherings.model.ledger import Entry, Turn, ledger
from bot.gatherings.store.history import HistoryStore
from bot.kit.time.clock import Clock

REMEMBERED = timedelta(days=366)
"""How much history grouping considers."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the rounds of a dojo until now mean for its next groups."""

    past: Past
    owed: dict[int, float]
    """Turns as coach, by user id, from before this gathering."""


class PracticeHistory:
    """Reads who practised with whom, and who coached how often."""

    def __init__(self, store: HistoryStore, *, now: Clock) -> None:
        self._store = store
        self._now = now

    async def known(self, gathering: Gathering) -> Known:
        """What has been practised in the dojo until now, tonight apart from before."""
        now = self._now()
        since = now - REMEMBERED
        meetings = await self._store.met(gathering.dojo_id, since)
        turns = await self._store.turns(gathering.dojo_id, since)
        return await asyncio.to_thread(_known, gathering.id, meetings, turns, now)

    async def have_agreed(self, gathering_id: int, people: Collection[int]) -> bool:
        """Whether each of these people has said yes to an earlier round of this evening."""
        return (await self._store.agreed_at(gathering_id)).issuperset(people)

    async def entries(self, dojo: Dojo) -> dict[int, Entry]:
        """The ledger of a dojo, by user id."""
        turns = await self._store.turns(dojo.id)
        return await asyncio.to_thread(ledger, turns)


def _known(gathering_id: int, meetings: list[Meeting], turns: list[Turn], now: datetime) -> Known:
    before = [meeting for meeting in meetings if meeting.evening != gathering_id]
    tonight = [meeting for meeting in meetings if meeting.evening == gathering_id]
    entries = ledger(turn for turn in turns if turn.evening != gathering_id)
    return Known(
        past_of(before, tonight, now), {user_id: entry.owed for user_id, entry in entries.items()}
    )
