"""How a request to Discord can fail: one list for everything that makes requests."""

from __future__ import annotations

import aiohttp
import discord

UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008

UNKNOWN_MEMBER, UNKNOWN_USER = 10007, 10013
"""How Discord says that a person is not on the server, or has no account any more."""
MISSING_ACCESS, MISSING_PERMISSIONS = 50001, 50013
TWO_FACTOR_REQUIRED = 60003
"""The server requires two-factor authentication of moderators, and the bot's owner has none."""
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
"""Discord's JSON error codes for a missing right.

A 403 with another code or none says nothing about rights: it comes from a proxy in front of Discord
(40333, or a bare page), or while a part of Discord is switched off (40004, 40006).
"""

CONNECTION_FAILURES = (aiohttp.ClientError, OSError, TimeoutError)
"""The connection was cut, refused or too slow. It is unknown whether the request took effect."""
DISCORD_FAILURES = (discord.HTTPException, discord.RateLimited, *CONNECTION_FAILURES)
"""Everything a request can raise, for `except`.

`RateLimited` is no `HTTPException`: it is raised for waits beyond `max_ratelimit_timeout`.
"""


def is_passing(error: BaseException) -> bool:
    """Whether a failed request is worth another try: the trouble may pass."""
    if isinstance(error, discord.HTTPException):
        is_trouble = error.status in (401, 429) or error.status >= 500
        # Discord names what is missing. A 404 that does not comes from a proxy in front of it.
        is_bare = error.status == 404 and not error.code
        return is_trouble or is_bare or (error.status == 403 and not is_refusal(error))
    return isinstance(error, (discord.RateLimited, *CONNECTION_FAILURES))


def says_person_is_gone(error: BaseException) -> bool:
    """Whether Discord itself says that a person is not there. Other 404s do not say that."""
    return _is_not_found(error, UNKNOWN_MEMBER, UNKNOWN_USER)


def says_message_is_gone(error: BaseException) -> bool:
    """Whether Discord itself says that a message, or its channel, was deleted."""
    return _is_not_found(error, UNKNOWN_MESSAGE, UNKNOWN_CHANNEL)


def says_something_is_gone(error: BaseException) -> bool:
    """Whether Discord itself says that something, of any kind, does not exist (any more)."""
    return isinstance(error, discord.NotFound) and error.code != 0


def is_refusal(error: BaseException) -> bool:
    """Whether Discord says that a right is missing, so that trying again does not help."""
    return isinstance(error, discord.HTTPException) and error.code in REFUSALS


def says_channel_is_gone(error: BaseException) -> bool:
    """Whether Discord itself says that the channel was deleted. Other 404s do not say that."""
    return _is_not_found(error, UNKNOWN_CHANNEL)


def _is_not_found(error: BaseException, *codes: int) -> bool:
    return isinstance(error, discord.NotFound) and error.code in codes
