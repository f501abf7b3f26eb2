"""What the bot posted about a round, in its room and where people were asked, to be deleted."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.kit.discord.cards import Component, text
from bot.kit.requests.unreachable import (
    DISCORD_FAILURES,
    says_channel_is_gone,
    says_message_is_gone,
)
from bot.rounds.model.round import Round
from bot.rounds.ui.words import NAMED, NAMELESS, ROOM_DELETED

log = logging.getLogger(__name__)

MOST_READ = 500
"""Messages of a channel that are looked at, from the round's beginning on."""
PAGE = 100
SLACK = timedelta(minutes=10)
"""How long after its end a round may still have been spoken of."""
BEFORE = timedelta(seconds=5)
"""By how much the clock of Discord, which dates messages, may be behind."""
_FIRST_MARK = 1 << 16
"""Discord numbers components without an id from 1: no mark is one of those."""
_LAST_MARK = (1 << 31) - 1
_OF_A_ROUND = re.compile(r":round:\d+:")
"""In the custom id of a button: the card is about that round."""


async def remove_traces(
    client: discord.Client,
    round_: Round,
    until: datetime,
    *,
    after: datetime | None = None,
    dojo_channel_id: int | None = None,
) -> bool:
    """Delete the bot's own cards and lines about a round, and names from its thread's name.

    Returns whether nothing of it is left.

    A message is about the round when a button or a mark of it carries the round. So is one that
    was posted while the round was there and mentions one of its people or, in its room, has no
    buttons; in a thread that the bot opened it is any message. What people wrote is theirs.
    `until` is when to stop looking, and `after` when the next round in the room was proposed, UTC.
    `dojo_channel_id` is where the dojo was told what could not be told in the room.
    """
    thread, is_done = await _opened(client, round_)
    is_own = thread is not None and client.user is not None and thread.owner_id == client.user.id
    until = min(until, after - BEFORE) if after is not None else until
    for channel_id in dict.fromkeys((round_.room_id, round_.asking_channel_id, dojo_channel_id)):
        if channel_id is None:
            continue
        try:
            is_room = channel_id == round_.room_id
            how = _Place(
                round_,
                is_room=is_room,
                is_own=is_room and is_own,
                is_asking=channel_id == round_.asking_channel_id,
            )
            found, is_all = await _about(client, channel_id, how, until)
        except DISCORD_FAILURES as error:
            if not says_channel_is_gone(error):
                log.info("what was posted about a round cannot be read: %s", error)
                is_done = False
            continue
        is_done &= is_all
        for message_id in found:
            is_done &= await _deleted(client, channel_id, message_id)
    return is_done


async def _opened(client: discord.Client, round_: Round) -> tuple[discord.Thread | None, bool]:
    """The thread of a round, if it is in one, without names in its name; whether that is done.

    An archived one is opened: nothing in it can be deleted before.
    """
    try:
        # Archived threads are not in the cache.
        thread = client.get_channel(round_.room_id) or await client.fetch_channel(round_.room_id)
        if not isinstance(thread, discord.Thread):
            return None, True
        if thread.name.startswith(NAMED):
            await thread.edit(archived=False, name=NAMELESS)
        elif thread.archived:
            await thread.edit(archived=False)
    except DISCORD_FAILURES as error:
        log.info("a thread cannot be renamed: %s", error)
        return None, says_channel_is_gone(error)
    return thread, True


@dataclass(frozen=True, slots=True)
class _Place:
    """A channel in which a round was spoken of."""

    round: Round
    is_room: bool
    """It took place there."""
    is_asking: bool
    """Its people were asked there."""
    is_own: bool
    """The bot opened it for rounds: all it says there is about one."""


async def _about(
    client: discord.Client, channel_id: int, place: _Place, until: datetime
) -> tuple[list[int], bool]:
    """The messages about a round, and whether all there may be have been looked at."""
    about: list[int] = []
    me = str(client.user.id) if client.user else ""
    round_ = place.round
    last = discord.utils.time_snowflake(min(until, (round_.ended_at or until) + SLACK))
    after = discord.utils.time_snowflake(round_.proposed_at - BEFORE)
    for _ in range(MOST_READ // PAGE):
        found = await client.http.logs_from(channel_id, PAGE, after=after)
        found.sort(key=lambda one: int(one["id"]))
        about += [
            int(one["id"])
            for one in found
            if one["author"]["id"] == me and _is_about(one, place, last)
        ]
        if len(found) < PAGE or int(found[-1]["id"]) > last:
            return about, True
        after = int(found[-1]["id"])
    return about, False


def _is_about(message: Any, place: _Place, last: int) -> bool:  # noqa: ANN401 - JSON of Discord
    said = message["content"] + json.dumps(message.get("components") or [])
    round_ = place.round
    if f":round:{round_.id}:" in said or re.search(rf'"id": {mark_of(round_.id)}\b', said):
        return True
    if int(message["id"]) > last or _OF_A_ROUND.search(said) is not None:
        return False
    if place.is_own:
        return True
    if '"custom_id"' in said:
        # With a button of an evening it is about that, whomever it names.
        return False
    if place.is_room and message["content"].startswith("-# "):
        return True
    people = (f"<@{seat.user_id}>" for seat in round_.seats if seat.user_id is not None)
    names = any(one in said for one in people)
    if place.is_room or place.is_asking:
        return names
    # In a dojo that did not ask, what names people may be about their evening.
    return (names and ROOM_DELETED in said) or f"<#{round_.room_id}>" in said


async def _deleted(client: discord.Client, channel_id: int, message_id: int) -> bool:
    try:
        await client.http.delete_message(channel_id, message_id)
    except DISCORD_FAILURES as error:
        is_gone = says_message_is_gone(error)
        if not is_gone:
            log.info("a card about a round cannot be deleted: %s", error)
        return is_gone
    return True


def mark_of(round_id: int) -> int:
    """The id of a component by which a card that says nothing of this round is still found.

    Components may have an id of 32 bits, which nobody sees and Discord gives back with the message.
    """
    number = int.from_bytes(hashlib.blake2b(str(round_id).encode(), digest_size=8).digest())
    return _FIRST_MARK + number % (_LAST_MARK - _FIRST_MARK)


def marked(content: str, round_id: int) -> Component:
    """The text of a card without buttons that is about this round."""
    return text(content) | {"id": mark_of(round_id)}
