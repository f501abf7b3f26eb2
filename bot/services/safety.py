"""Who is the safety contact of a round, and whether they can be asked for anything."""

from __future__ import annotations

from bot.domain.dojos import Dojo
from bot.domain.errors import NoSafetyContact, NotAllowed
from bot.domain.rounds import Round
from bot.services.dojos import DojoService
from bot.services.ports import ContactTeller


class SafetyContacts:
    """Finds the safety contact that a person of a round may turn to."""

    def __init__(self, dojos: DojoService, teller: ContactTeller) -> None:
        self._dojos = dojos
        self._teller = teller

    def dojo(self, dojo_id: int) -> Dojo | None:
        """A dojo; None where the channel is one no longer."""
        return self._dojos.by_id(dojo_id)

    async def is_here(self, dojo: Dojo) -> bool:
        """Whether the safety contact of a dojo is in its server; False where nobody is named."""
        contact = dojo.settings.safety_user_id
        return contact is not None and await self._teller.is_here(dojo, contact)

    async def check_here(self, dojo_id: int, user_id: int) -> None:
        """Raises NotAllowed for a contact who has left the server of that dojo since."""
        dojo = self._dojos.open_or_closed(dojo_id)
        if dojo is None or not await self._teller.is_here(dojo, user_id):
            raise NotAllowed("see reports")

    async def of_round(self, round_: Round, user_id: int) -> int:
        """Whom this person can ask to talk with them.

        Raises NoSafetyContact where nobody is named, where the contact has left the server,
        or where that is the person who asks.
        """
        dojo = self.dojo(round_.dojo_id)
        contact = None if dojo is None else dojo.settings.safety_user_id
        if dojo is None or contact is None:
            raise NoSafetyContact(dojo.channel_id if dojo else None)
        if contact == user_id:
            raise NoSafetyContact(dojo.channel_id, "yourself")
        if not await self._teller.is_here(dojo, contact):
            raise NoSafetyContact(dojo.channel_id, "gone")
        return contact

    async def for_report(self, round_: Round, user_id: int) -> int:
        """Who gets a report about a round.

        Raises NoSafetyContact as `of_round`, and where the contact took part in the round: the note
        may be theirs, and who wrote it may be hidden.
        """
        dojo = self.dojo(round_.dojo_id)
        contact = None if dojo is None else dojo.settings.safety_user_id
        if dojo is not None and contact is not None and round_.seat_of(contact) is not None:
            raise NoSafetyContact(dojo.channel_id, "took part")
        return await self.of_round(round_, user_id)
