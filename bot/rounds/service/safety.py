"""Where a person of a round can turn: the dojo's safety contact, and its support line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.dojos.model.dojo import Dojo
from bot.dojos.model.refusals import NoSafetyContact, NotAllowed
from bot.dojos.service.dojos import DojoService
from bot.rounds.model.round import Round
from bot.rounds.service.ports import ContactTeller


@dataclass(frozen=True, slots=True)
class Support:
    """Where one person of a round can turn."""

    has_contact: bool = False
    """Whether the dojo has a safety contact whom this person can ask to talk with them."""
    line: str = ""
    """The support line of the dojo; empty if nothing is set."""


class SafetyContacts:
    """Finds the safety contact that a person of a round may turn to, and the support line."""

    def __init__(self, dojos: DojoService, teller: ContactTeller) -> None:
        self._dojos = dojos
        self._teller = teller

    def dojo(self, dojo_id: int) -> Dojo | None:
        """A dojo; None where the channel is one no longer."""
        return self._dojos.by_id(dojo_id)

    def support_for(self, round_: Round, user_id: int) -> Support:
        """Where this person can turn, by what the dojo is set to.

        Whether the contact is still in the server is not asked here: that takes a request to
        Discord, and `of_round` asks before anything is sent.
        """
        dojo = self.dojo(round_.dojo_id)
        contact = None if dojo is None else dojo.settings.safety_user_id
        return Support(contact not in (None, user_id), self.support_line(round_.dojo_id))

    def support_line(self, dojo_id: int) -> str:
        """The support line of a dojo, also of a closed one: its rounds go on."""
        dojo = self._dojos.open_or_closed(dojo_id)
        return "" if dojo is None else dojo.settings.support_line

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
            raise self._nobody(round_, "none")
        if contact == user_id:
            raise self._nobody(round_, "yourself")
        if not await self._teller.is_here(dojo, contact):
            raise self._nobody(round_, "gone")
        return contact

    async def for_report(self, round_: Round, user_id: int) -> int:
        """Who gets a report about a round.

        Raises NoSafetyContact as `of_round`, and where the contact took part in the round: the note
        may be theirs, and who wrote it may be hidden.
        """
        dojo = self.dojo(round_.dojo_id)
        contact = None if dojo is None else dojo.settings.safety_user_id
        if contact is not None and round_.seat_of(contact) is not None:
            raise self._nobody(round_, "took part")
        return await self.of_round(round_, user_id)

    def _nobody(
        self, round_: Round, why: Literal["none", "gone", "took part", "yourself"]
    ) -> NoSafetyContact:
        dojo = self.dojo(round_.dojo_id)
        channel_id = None if dojo is None else dojo.channel_id
        return NoSafetyContact(channel_id, why, self.support_line(round_.dojo_id))
