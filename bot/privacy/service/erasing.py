"""What the client of a round, and its coach, may erase, everywhere and for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.feedback.service.access import FeedbackAccess
from bot.feedback.service.pads import PadService
from bot.feedback.store.debriefs import DebriefStore
from bot.gatherings.service.live import LiveGatherings
from bot.kit.person import Person
from bot.rounds.model.round import Role, Round
from bot.rounds.model.rules import check_leads
from bot.rounds.service.steering import RoundSteering
from bot.rounds.store.rounds import RoundStore


@dataclass(eq=False, repr=False)
class ErasingService:
    """Erasing as use cases. Every trace is gone from the disk when they return."""

    _steering: RoundSteering
    _gatherings: LiveGatherings
    _access: FeedbackAccess
    _pads: PadService
    _store: RoundStore
    _debriefs: DebriefStore

    async def next_in_room(self, round_: Round) -> datetime | None:
        """When the next round was proposed in the room of this one (UTC); None if none was."""
        return await self._store.next_in_room(round_)

    async def erase_round(self, round_id: int, person: Person) -> None:
        """Erase a round and everything about it, for the person who is or was its client.

        Also after they left or were replaced, and after it ended. An evening it belonged to no
        longer says who was in its group. Raises NoRound and NotInRound.
        """
        round_ = await self._access.find(round_id)
        await self._steering.erase(round_id, person)
        self._pads.forget_all()
        await self._gatherings.forget_group(round_)

    async def erase_notes(self, round_id: int, person: Person) -> None:
        """Erase the notes so far: all of them for the client, those about the coach for the coach.

        Raises NoRound, and NotInRound for others.
        """
        round_ = await self._access.find(round_id)
        check_leads(round_, person.user_id)
        is_coach = round_.get_seat(person.user_id).role is Role.COACH
        await self._debriefs.erase_notes(round_id, person.user_id if is_coach else None)
        self._pads.forget_all()
