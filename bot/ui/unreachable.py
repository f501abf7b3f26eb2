"""What may happen when Discord is asked for something: one list, for everything that asks it."""

from __future__ import annotations

import aiohttp
import discord

UNKNOWN_CHANNEL = 10003
"""How Discord says that a channel or thread has been deleted."""

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
        return error.status in (401, 429) or error.status >= 500
    return isinstance(error, (discord.RateLimited, *CONNECTION_FAILURES))


def says_channel_is_gone(error: BaseException) -> bool:
    """Whether Discord itself says that the channel was deleted; any other 404 does not say so."""
    return isinstance(error, discord.NotFound) and error.code == UNKNOWN_CHANNEL
