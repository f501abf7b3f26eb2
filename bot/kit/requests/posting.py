"""Messages that are posted once, however often that has to be tried.

Discord takes a second message of ours with the same nonce, a few minutes later at most, for the
first one and gives that back. So a nonce says what a message is about, and not how often it was
tried: then a lost answer, the library's own repetition after a 5xx, and a crash before a message
was noted never double it.
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
"""How many messages are known of each kind: there, perhaps there, and said on an occasion."""


def nonce(*about: object) -> str:
    """The same for the same things it is about, of 24 characters: Discord takes up to 25."""
    text = "/".join(str(one) for one in about)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def new_nonce() -> str:
    """One of its own, for what may be said again in the same words; it holds for one request."""
    return secrets.token_hex(12)


async def posted(place: discord.abc.Messageable, number: str, **what: Any) -> discord.Message:  # noqa: ANN401 - theirs
    """Post a message with this nonce, a second time where the connection was cut.

    Raises what the request raises.
    """
    try:
        return await place.send(**what, nonce=number)
    except CONNECTION_FAILURES:
        return await place.send(**what, nonce=number)


class Poster:
    """Posts messages, and knows of which nobody said whether they are there."""

    def __init__(self) -> None:
        self._unsure: OrderedDict[str, None] = OrderedDict()
        self._numbers: OrderedDict[Hashable, str] = OrderedDict()
        self._there: OrderedDict[str, int] = OrderedDict()

    def number_for(self, *occasion: Hashable) -> str:
        """A nonce for what may happen again: a new one, unless the last post is not sure."""
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
        """Post a card with this nonce; its message. Raises as `reaching`.

        One that is known to be there is brought up to date instead, however long ago it was
        posted: it could not be noted, as when the disk is full. So is one that an earlier try may
        have posted, because Discord gives back the message as it was drawn then.
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
            # One that was deleted meanwhile is found out by what redraws it next.
            with contextlib.suppress(CardLost):
                await reaching(message.edit(view=view, allowed_mentions=mentions))
        return message.id

    async def message(
        self,
        place: discord.PartialMessageable,
        number: str,
        **what: Any,  # noqa: ANN401 - theirs
    ) -> discord.Message:
        """Post a message with this nonce. Raises as `reaching`."""
        try:
            message = await reaching(place.send(**what, nonce=number))
        except (RoomUnreachable, asyncio.CancelledError):
            # The person who gives up waiting does not know whether it is there, either.
            _keep(self._unsure, number, None)
            raise
        self._unsure.pop(number, None)
        return message


def _keep(known: OrderedDict[Any, Any], key: Hashable, value: object) -> None:
    known[key] = value
    while len(known) > MOST_KEPT:
        known.popitem(last=False)
