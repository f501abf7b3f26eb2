"""What every use case of gatherings needs: who may do what, and what the dojo has practised."""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.content.model.content import Content
from bot.dojos.model.dojo import Dojo
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.gatherings.grouping.groups import Past
from bot.gatherings.grouping.meetings import Meeting, past_of
from bot.gatherings.model.gathering import Gathering
from bot.gatherings.model.ledger import Entry, Turn, ledger
from bot.gatherings.model.refusals import CannotGather, NotFacilitator
from bot.gatherings.service.live import GatheringKeeper, Move
from bot.gatherings.store.history import HistoryStore
from bot.gatherings.store.wishes import WishStore
from bot.kit.person import Person
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.live import LiveRounds

log = logging.getLogger(__name__)

REMEMBERED = timedelta(days=366)
"""How far back it is looked at who practised with whom."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the rounds of a dojo until now mean for its next groups."""

    past: Past
    owed: dict[int, float]
    """Turns as coach, by user id, from before this gathering."""


class GatheringDesk:
    """Changes gatherings for people, one change at a time, on disk before anybody acts on it."""

    def __init__(
        self,
        keeper: GatheringKeeper,
        rounds: LiveRounds,
        round_access: RoundAccess,
        dojos: DojoService,
        contents: ContentService,
        history: HistoryStore,
        wishes: WishStore,
        *,
        rng: random.Random,
    ) -> None:
        self.kept = keeper
        """The gatherings that are going on, to look at."""
        self._rounds = rounds
        self._round_access = round_access
        self._dojos = dojos
        self._contents = contents
        self._history = history
        self._wishes = wishes
        self._rng = rng

    def dojo_of(self, gathering: Gathering) -> Dojo | None:
        """The dojo a gathering belongs to; none if it has been closed meanwhile."""
        return self._dojos.by_id(gathering.dojo_id)

    async def content_of(self, gathering: Gathering) -> Content:
        """The words and formats of its dojo."""
        dojo = self.dojo_of(gathering)
        if dojo is None:
            return self._contents.for_locale("en")
        return await self._contents.of_dojo(dojo)

    def of_dojo(self, dojo: Dojo) -> Gathering:
        """The gathering of a dojo that is going on. Raises CannotGather when there is none."""
        gathering = self.kept.of_dojo(dojo.id)
        if gathering is None:
            raise CannotGather("none", dojo.channel_id)
        return gathering

    def facilitates(self, gathering: Gathering, person: Person) -> bool:
        """Whether this person may look after the evening, by the rights they have now.

        That is for the facilitators of its dojo, and for people to whom the evening was handed
        by name, as long as they are in the server.
        """
        if person.guild_id != gathering.guild_id:
            return False
        dojo = self._dojos.open_or_closed(gathering.dojo_id)
        is_facilitator = dojo is not None and dojo.is_facilitator(person)
        return is_facilitator or person.user_id in gathering.trusted_user_ids

    def check_facilitates(self, gathering: Gathering, person: Person) -> None:
        """Raises NotFacilitator unless this person looks after the evening."""
        if not self.facilitates(gathering, person):
            dojo = self.dojo_of(gathering)
            raise NotFacilitator(dojo.settings.facilitator_role_id if dojo else None)

    def acting(self, gathering: Gathering, person: Person) -> Person:
        """The person with the rights in rooms that facilitating this evening gives them."""
        self.check_facilitates(gathering, person)
        return replace(person, looks_after=gathering.id)

    async def known(self, gathering: Gathering) -> Known:
        """What has been practised in the dojo until now, tonight apart from before."""
        now = self.kept.now()
        since = now - REMEMBERED
        meetings = await self._history.met(gathering.dojo_id, since)
        turns = await self._history.turns(gathering.dojo_id, since)
        return await asyncio.to_thread(_known, gathering.id, meetings, turns, now)

    async def entries(self, dojo: Dojo) -> dict[int, Entry]:
        """The ledger of a dojo, by user id."""
        turns = await self._history.turns(dojo.id)
        return await asyncio.to_thread(ledger, turns)

    async def _move(self, gathering_id: int, person: Person, move: Move) -> Gathering:
        """A change that is for those who look after the evening."""

        def checked(gathering: Gathering, now: datetime) -> Gathering:
            self.check_facilitates(gathering, person)
            return move(gathering, now)

        return await self.kept.move(gathering_id, checked)


def _known(gathering_id: int, meetings: list[Meeting], turns: list[Turn], now: datetime) -> Known:
    before = [one for one in meetings if one.evening != gathering_id]
    tonight = [one for one in meetings if one.evening == gathering_id]
    entries = ledger(turn for turn in turns if turn.evening != gathering_id)
    return Known(
        past_of(before, tonight, now),
        {user_id: entry.owed for user_id, entry in entries.items()},
    )
