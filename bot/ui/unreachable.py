"""What may happen when Discord is asked for something: one list, for everything that asks it."""

from __future__ import annotations

import aiohttp
import discord

UNKNOWN_CHANNEL = 10003
"""How Discord says that a channel or thread has been deleted."""

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
        return is_trouble or (error.status == 403 and not is_refusal(error))
    return isinstance(error, (discord.RateLimited, *CONNECTION_FAILURES))


def says_person_is_gone(error: BaseException) -> bool:
    """Whether Discord itself says that a person is not there; any other 404 does not say so."""
    return isinstance(error, discord.NotFound) and error.code in (UNKNOWN_MEMBER, UNKNOWN_USER)


def is_refusal(error: BaseException) -> bool:
    """Whether Discord says that a right is missing: trying again does not help."""
    return isinstance(error, discord.HTTPException) and error.code in REFUSALS


def says_channel_is_gone(error: BaseException) -> bool:
    """Whether Discord itself says that the channel was deleted; any other 404 does not say so."""
    return isinstance(error, discord.NotFound) and error.code == UNKNOWN_CHANNEL
