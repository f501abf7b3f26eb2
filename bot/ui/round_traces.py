"""What the bot posted about a round, in its room and where people were asked, to be deleted."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.domain.rounds import Round
from bot.ui.round_texts import NAMED, NAMELESS
from bot.ui.unreachable import DISCORD_FAILURES, says_channel_is_gone, says_message_is_gone

log = logging.getLogger(__name__)

MOST_READ = 500
"""Messages of a channel that are looked at, from the round's beginning on."""
PAGE = 100
SLACK = timedelta(minutes=10)
"""How long after its end a round may still have been spoken of."""


async def remove_traces(client: discord.Client, round_: Round, until: datetime) -> bool:
    """Delete the bot's own cards and lines about a round, and names from its thread's name.

    Returns whether nothing of it is left.

    A message is about the round when one of its buttons carries the round's id, or when it was
    posted while the round was there and mentions one of its people. What people wrote is theirs.
    `until` is when to stop looking, UTC.
    """
    is_done = await _renamed(client, round_)
    for channel_id in dict.fromkeys((round_.room_id, round_.asking_channel_id)):
        if channel_id is None:
            continue
        try:
            found, is_all = await _about(client, channel_id, round_, until)
        except DISCORD_FAILURES as error:
            if not says_channel_is_gone(error):
                log.info("what was posted about a round cannot be read: %s", error)
                is_done = False
            continue
        is_done &= is_all
        for message_id in found:
            is_done &= await _deleted(client, channel_id, message_id)
    return is_done


async def _renamed(client: discord.Client, round_: Round) -> bool:
    """Open an archived thread, as nothing in it can be deleted, and take names out of its name."""
    try:
        # Archived threads are not in the cache.
        thread = client.get_channel(round_.room_id) or await client.fetch_channel(round_.room_id)
        if not isinstance(thread, discord.Thread):
            return True
        if thread.name.startswith(NAMED):
            await thread.edit(archived=False, name=NAMELESS)
        elif thread.archived:
            await thread.edit(archived=False)
    except DISCORD_FAILURES as error:
        log.info("a thread cannot be renamed: %s", error)
        return says_channel_is_gone(error)
    return True


async def _about(
    client: discord.Client, channel_id: int, round_: Round, until: datetime
) -> tuple[list[int], bool]:
    """The messages about a round, and whether all there may be have been looked at."""
    about: list[int] = []
    me = str(client.user.id) if client.user else ""
    people = [f"<@{seat.user_id}>" for seat in round_.seats if seat.user_id is not None]
    last = discord.utils.time_snowflake(min(until, (round_.ended_at or until) + SLACK))
    after = discord.utils.time_snowflake(round_.proposed_at - timedelta(seconds=5))
    for _ in range(MOST_READ // PAGE):
        found = await client.http.logs_from(channel_id, PAGE, after=after)
        found.sort(key=lambda one: int(one["id"]))
        about += [
            int(one["id"])
            for one in found
            if one["author"]["id"] == me and _is_about(one, round_.id, people, last)
        ]
        if len(found) < PAGE or int(found[-1]["id"]) > last:
            return about, True
        after = int(found[-1]["id"])
    return about, False


def _is_about(message: Any, round_id: int, people: Collection[str], last: int) -> bool:  # noqa: ANN401 - JSON of Discord
    said = message["content"] + json.dumps(message.get("components") or [])
    if f":round:{round_id}:" in said:
        return True
    # With a button of another round or of an evening it is about that, whoever it names.
    is_other = '"custom_id"' in said
    return not is_other and int(message["id"]) <= last and any(one in said for one in people)


async def _deleted(client: discord.Client, channel_id: int, message_id: int) -> bool:
    try:
        await client.http.delete_message(channel_id, message_id)
    except DISCORD_FAILURES as error:
        is_gone = says_message_is_gone(error)
        if not is_gone:
            log.info("a card about a round cannot be deleted: %s", error)
        return is_gone
    return True
