"""Asking to talk with the safety contact: for everybody in a round, without saying why."""

from __future__ import annotations

import logging
from datetime import timedelta
from enum import StrEnum

from bot.dojos.model.refusals import NotAllowed
from bot.feedback.model.refusals import NothingToShow
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.store.talks import TalkRequest, TalkStore
from bot.kit.time.timers import DeadlineScheduler
from bot.rounds.model.refusals import NotInRound
from bot.rounds.service.ports import ContactTeller
from bot.rounds.service.safety import SafetyContacts

log = logging.getLogger(__name__)

BETWEEN_REQUESTS = timedelta(hours=1)
RETRY = timedelta(minutes=10)
"""The pause after a contact could not be reached."""


class Asked(StrEnum):
    """What happened after someone asked to talk."""

    TOLD = "told"
    LATER = "later"
    """The contact could not be reached yet; the bot tries again."""
    ALREADY = "already"
    """This person has asked within the last hour."""


class TalkService:
    """Requests to talk as use cases."""

    def __init__(
        self,
        access: FeedbackAccess,
        talks: TalkStore,
        contacts: SafetyContacts,
        teller: ContactTeller,
    ) -> None:
        self._access = access
        self._talks = talks
        self._contacts = contacts
        self._teller = teller
        self._deadlines = DeadlineScheduler(self._try_again, access.now)

    async def close(self) -> None:
        """Stop. Contacts who have not been told are told after the next start."""
        await self._deadlines.close()

    async def contact_for(self, round_id: int, user_id: int) -> int:
        """The contact for someone of a round. Raises NoRound, NotInRound and NoSafetyContact."""
        round_ = await self._access.find(round_id)
        if round_.seat_of(user_id) is None:
            raise NotInRound("take part")
        return await self._contacts.of_round(round_, user_id)

    async def ask(self, round_id: int, user_id: int) -> Asked:
        """Let the safety contact know that this person would like to talk; saved on disk first.

        At most once an hour. Raises what `contact_for` raises.
        """
        contact = await self.contact_for(round_id, user_id)
        round_ = await self._access.find(round_id)
        now = self._access.now()
        request = TalkRequest(self._access.new_id(now), round_.dojo_id, user_id, contact)
        if not await self._talks.add(request, now, since=now - BETWEEN_REQUESTS):
            return Asked.ALREADY
        return Asked.TOLD if await self._tell(request) else Asked.LATER

    async def tell_waiting(self) -> None:
        """Tell contacts what they have not been told yet."""
        for request in await self._talks.untold():
            await self._tell(request)

    async def open(self, request_id: int, user_id: int) -> TalkRequest:
        """Who would like to talk, for the contact they asked. Raises NothingToShow, NotAllowed."""
        request = await self._talks.get(request_id)
        if request is None:
            raise NothingToShow("report")
        if request.contact_user_id != user_id:
            raise NotAllowed("see reports")
        await self._contacts.check_here(request.dojo_id, user_id)
        return request

    async def _try_again(self, request_id: int) -> None:
        request = next((one for one in await self._talks.untold() if one.id == request_id), None)
        if request is not None:
            await self._tell(request)

    async def _tell(self, request: TalkRequest) -> bool:
        """Tell the contact, or tell the asker that they have left. Returns whether either knows."""
        dojo = self._contacts.dojo(request.dojo_id)
        if dojo is None:
            return False
        if not await self._teller.is_here(dojo, request.contact_user_id):
            await self._talks.delete(request.id)
            await self._teller.tell_unreached(dojo, request.user_id)
            return True
        is_told = await self._teller.ask_to_talk(
            dojo, request.contact_user_id, request.user_id, request.id
        )
        if is_told:
            await self._talks.told(request.id, self._access.now())
        else:
            log.warning("the safety contact of dojo %s could not be asked to talk", dojo.id)
            self._deadlines.start()
            self._deadlines.add(request.id, self._access.now() + RETRY)
        return is_told
