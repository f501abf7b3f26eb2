"""Whether the safety contact of a dojo can be reached."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.dojos.model.dojo import Dojo


class ContactPresence:
    """Checks whether the safety contact of a dojo is in its server."""

    def __init__(self, is_here: Callable[[Dojo, int], Awaitable[bool]]) -> None:
        """`is_here`: whether a person is in the server of a dojo; True if that is unknown."""
        self._is_here = is_here

    async def is_here(self, dojo: Dojo) -> bool:
        """Whether the safety contact of a dojo is in its server; False where nobody is named."""
        contact = dojo.settings.safety_user_id
        return contact is not None and await self._is_here(dojo, contact)
