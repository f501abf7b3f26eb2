"""Requests to Discord outside of answers: raises what can go wrong as errors without Discord."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from typing import TypeVar

import discord

from bot.kit.requests.errors import RoomGone, RoomRefused, RoomUnreachable
from bot.kit.requests.rate import RequestRate
from bot.kit.requests.unreachable import (
    DISCORD_FAILURES,
    is_passing,
    is_refusal,
    says_channel_is_gone,
    says_message_is_gone,
    says_something_is_gone,
)

TOO_OLD_TO_EDIT = 30046
"""Messages of more than an hour may be edited only a few times."""
ARCHIVED = 50083

T = TypeVar("T")


class CardLost(Exception):
    """The card cannot be edited any more."""

    def __init__(self, error: discord.HTTPException) -> None:
        super().__init__(str(error))
        self.was_deleted = says_message_is_gone(error)


class RoomArchived(RoomRefused):
    """The thread is archived; nothing in it can be edited."""


async def reaching(request: Awaitable[T]) -> T:
    """Await a request. Raises CardLost, RoomArchived, RoomGone, RoomRefused and RoomUnreachable.

    Our own mistakes stay an HTTPException.
    """
    try:
        return await request
    except DISCORD_FAILURES as error:
        if says_channel_is_gone(error):
            raise RoomGone(str(error)) from error
        if isinstance(error, discord.HTTPException):
            if says_message_is_gone(error) or error.code == TOO_OLD_TO_EDIT:
                raise CardLost(error) from error
            if error.code == ARCHIVED:
                raise RoomArchived(str(error)) from error
        if is_refusal(error):
            raise RoomRefused(str(error)) from error
        # A missing message or person is no reason to end a round.
        if is_passing(error) or says_something_is_gone(error):
            raise RoomUnreachable(str(error) or type(error).__name__) from error
        raise


def notifying(people: Iterable[int | None]) -> discord.AllowedMentions:
    """The `allowed_mentions` that notify only these people, if the message mentions them."""
    return discord.AllowedMentions(
        everyone=False, roles=False, users=[discord.Object(person) for person in people if person]
    )


class Reach:
    """The client through which Discord is reached, and the rate limit that applies."""

    def __init__(self, rate: RequestRate) -> None:
        self.rate = rate
        self._client: discord.Client | None = None

    def speak_through(self, client: discord.Client) -> None:
        """Use this client from now on."""
        self._client = client

    @property
    def client(self) -> discord.Client:
        """The client."""
        if self._client is None:
            raise RuntimeError("there is no client yet")
        return self._client

    def guild(self, guild_id: int) -> discord.Guild:
        """A server. Raises RoomUnreachable while it is unknown, as in an outage."""
        guild = self.client.get_guild(guild_id)
        if guild is None or guild.unavailable:
            raise RoomUnreachable("the server is not known at the moment")
        return guild

    def place(self, channel_id: int, guild_id: int) -> discord.PartialMessageable:
        """A channel or thread to write in, known or not."""
        return self.client.get_partial_messageable(channel_id, guild_id=guild_id)
