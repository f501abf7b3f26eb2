"""What may happen when Discord is asked for something: one list, for everything that asks it."""

from __future__ import annotations

import aiohttp
import discord

UNKNOWN_CHANNEL = 10003
"""How Discord says that a channel or thread has been deleted."""
UNKNOWN_MESSAGE = 10008
"""How Discord says that a message has been deleted."""

UNKNOWN_MEMBER, UNKNOWN_USER = 10007, 10013
"""How Discord says that a person is not on the server, or has no account any more."""
MISSING_ACCESS, MISSING_PERMISSIONS = 50001, 50013
TWO_FACTOR_REQUIRED = 60003
"""The server demands it of all who moderate, and the bot's owner has not turned it on."""
VERIFICATION_TOO_HIGH = 50009
THREAD_LOCKED = 160005
CANNOT_WRITE_TO_PERSON, NO_MUTUAL_SERVER = 50007, 50278
REFUSALS = frozenset(
    {
        MISSING_ACCESS,
        MISSING_PERMISSIONS,
        TWO_FACTOR_REQUIRED,
        VERIFICATION_TOO_HIGH,
        THREAD_LOCKED,
        CANNOT_WRITE_TO_PERSON,
        NO_MUTUAL_SERVER,
    }
)
"""What Discord calls a missing right, by its JSON error codes.

A 403 with another code or none says nothing about rights: it comes from what stands before Discord
(40333, or the bare page of a proxy), or while a part of Discord is switched off (40004, 40006).
"""

CONNECTION_FAILURES = (aiohttp.ClientError, OSError, TimeoutError)
"""The connection was cut, refused or too slow. Whether the request took effect is not known."""
DISCORD_FAILURES = (discord.HTTPException, discord.RateLimited, *CONNECTION_FAILURES)
"""Everything that can come of a request instead of its answer, for `except`.

`RateLimited` is no `HTTPException`: the library raises it instead of waiting longer than
`max_ratelimit_timeout`.
"""


def is_passing(error: BaseException) -> bool:
    """Whether a failed request is worth another try: Discord or the way to it is in trouble."""
    if isinstance(error, discord.HTTPException):
        is_trouble = error.status in (401, 429) or error.status >= 500
        # Discord names what is gone; a 404 that does not comes from what stands before it.
        is_bare = error.status == 404 and not error.code
        return is_trouble or is_bare or (error.status == 403 and not is_refusal(error))
    return isinstance(error, (discord.RateLimited, *CONNECTION_FAILURES))


def says_person_is_gone(error: BaseException) -> bool:
    """Whether Discord itself says that a person is not there; any other 404 does not say so."""
    return _is_not_found(error, UNKNOWN_MEMBER, UNKNOWN_USER)


def says_message_is_gone(error: BaseException) -> bool:
    """Whether Discord itself says that a message, or the channel it was in, was deleted."""
    return _is_not_found(error, UNKNOWN_MESSAGE, UNKNOWN_CHANNEL)


def says_something_is_gone(error: BaseException) -> bool:
    """Whether Discord itself says that something, whatever it is, is not there (any more)."""
    return isinstance(error, discord.NotFound) and error.code != 0


def is_refusal(error: BaseException) -> bool:
    """Whether Discord says that a right is missing: trying again does not help."""
    return isinstance(error, discord.HTTPException) and error.code in REFUSALS


def says_channel_is_gone(error: BaseException) -> bool:
    """Whether Discord itself says that the channel was deleted; any other 404 does not say so."""
    return _is_not_found(error, UNKNOWN_CHANNEL)


def _is_not_found(error: BaseException, *codes: int) -> bool:
    return isinstance(error, discord.NotFound) and error.code in codes
