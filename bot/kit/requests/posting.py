"""Posts each message once, however often posting has to be tried.

If a second message of ours has the same nonce as one of the last few minutes, Discord posts nothing
and returns the first one. So a nonce says what a message is about, and not how often it was tried:
neither a lost answer, nor the library's own retry, nor a crash before it was stored posts it twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

import discord

from bot.kit.requests.errors import RoomUnreachable
from bot.kit.requests.reach import CardLost, reaching
from bot.kit.requests.unreachable import CONNECTION_FAILURES

MOST_KEPT = 500
"""Messages remembered of each kind: posted, perhaps posted, and posted on an occasion."""


def nonce(*about: object) -> str:
    """A nonce that is the same for the same arguments, of 24 characters: Discord allows 25."""
    text = "/".join(str(one) for one in about)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def new_nonce() -> str:
    """A new nonce, good for one request, for a message that may be repeated in the same words."""
    return secrets.token_hex(12)


async def posted(place: discord.abc.Messageable, number: str, **what: Any) -> discord.Message:  # noqa: ANN401 - theirs
    """Post a message with this nonce, twice if the connection was cut. Raises what that raises."""
    try:
        return await place.send(**what, nonce=number)
    except CONNECTION_FAILURES:
        return await place.send(**what, nonce=number)


class Poster:
    """Posts messages, and remembers those that may or may not have been posted."""

    def __init__(self) -> None:
        self._unsure: OrderedDict[str, None] = OrderedDict()
        self._numbers: OrderedDict[Hashable, str] = OrderedDict()
        self._there: OrderedDict[str, int] = OrderedDict()

    def number_for(self, *occasion: Hashable) -> str:
        """A nonce for a message that may be repeated: the last one while its outcome is unknown."""
        number = self._numbers.get(occasion)
        if number is None or number not in self._unsure:
            number = new_nonce()
            _keep(self._numbers, occasion, number)
        return number

    async def card(
        self,
        place: discord.PartialMessageable,
        number: str,
        view: discord.ui.LayoutView,
        mentions: discord.AllowedMentions,
    ) -> int:
        """Post a card with this nonce. Returns its message. Raises what `reaching` raises.

        A card that is known to be there is edited instead, however long ago it was posted: perhaps
        it could not be stored, as when the disk is full. So is one that an earlier try may have
        posted, because Discord then returns the message as it was rendered at that time.
        """
        known, sent_with = self._there.get(number), number
        if known is not None:
            try:
                await reaching(
                    place.get_partial_message(known).edit(view=view, allowed_mentions=mentions)
                )
            except CardLost:
                # With the same nonce Discord would look for the one that was deleted.
                sent_with = nonce(number, "instead of", known)
            else:
                return known
        was_unsure = sent_with in self._unsure
        message = await self.message(place, sent_with, view=view, allowed_mentions=mentions)
        _keep(self._there, number, message.id)
        if was_unsure:
            # If it was deleted in the meantime, the next edit will find out.
            with contextlib.suppress(CardLost):
                await reaching(message.edit(view=view, allowed_mentions=mentions))
        return message.id

    async def message(
        self,
        place: discord.PartialMessageable,
        number: str,
        **what: Any,  # noqa: ANN401 - theirs
    ) -> discord.Message:
        """Post a message with this nonce. Raises what `reaching` raises."""
        try:
            message = await reaching(place.send(**what, nonce=number))
        except (RoomUnreachable, asyncio.CancelledError):
            # A caller who is cancelled does not know whether it is there, either.
            _keep(self._unsure, number, None)
            raise
        self._unsure.pop(number, None)
        return message


def _keep(known: OrderedDict[Any, Any], key: Hashable, value: object) -> None:
    known[key] = value
    while len(known) > MOST_KEPT:
        known.popitem(last=False)
