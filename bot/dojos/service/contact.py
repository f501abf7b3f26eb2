"""Whether the safety contact of a dojo can be reached."""

from __future__ import annotations

from typing import Protocol

from bot.dojos.model.dojo import Dojo


class KnowsMembers(Protocol):
    """Knows who is in the server of a dojo."""

    async def is_here(self, dojo: Dojo, user_id: int) -> bool:
        """Whether a person is in the server of a dojo; True if that is unknown."""
        ...


class ContactPresence:
    """Checks whether the safety contact of a dojo is in its server."""

    def __init__(self, members: KnowsMembers) -> None:
        self._members = members

    async def is_here(self, dojo: Dojo) -> bool:
        """Whether the safety contact of a dojo is in its server; False where nobody is named."""
        contact = dojo.settings.safety_user_id
        return contact is not None and await self._members.is_here(dojo, contact)
