"""The messages in which a coach shared feedback in a room: posts, changes and deletes them.

Before anything is posted, the intention is on disk, and each message is stored as soon as it is
there. So a message whose answer was lost is found again: by its nonce, or in the room.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import discord

from bot.feedback.service.debriefs import DebriefService, Feedback
from bot.kit.discord.cards import card
from bot.kit.discord.interactions import Interaction, View, services_of
from bot.kit.refusals import DojoError, LacksRight
from bot.kit.requests.posting import nonce, posted
from bot.kit.requests.rights import SEND, THREADS, VIEW, lacking_to_write
from bot.kit.requests.unreachable import (
    DISCORD_FAILURES,
    is_refusal,
    says_channel_is_gone,
    says_message_is_gone,
)
from bot.rounds.model.round import Round
from bot.rounds.ui.shared import mention

log = logging.getLogger(__name__)

TAKEN_BACK = "-# 📣 What was shared here was taken back."
LATEST = timedelta(minutes=10)
"""How long after a press its messages may still come into the room, with every pause."""
PAGE = 100


def shares(coach_user_id: int) -> str:
    """The beginning of the card in which a coach shares something."""
    return f"### 📣 {mention(coach_user_id)} shares"


def next_page(coach_user_id: int) -> str:
    """The beginning of each further card."""
    return f"-# {mention(coach_user_id)}, page "


@dataclass(frozen=True, slots=True)
class Left:
    """What may still be in the room after it was to be deleted."""

    posts: list[int]
    unsure: list[int]
    """Moments at which something was posted that could not be looked for."""

    def __iter__(self) -> Iterator[int]:
        """Where to look in the room."""
        return iter([*self.posts, *self.unsure])

    def __bool__(self) -> bool:
        return bool(self.posts or self.unsure)


@dataclass(slots=True)
class _Found:
    """What earlier tries may have left in a room."""

    cards: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    """The texts on each message."""
    is_all: bool = True

    def take(self, view: View) -> list[int]:
        """The messages with the same texts as this card. They are removed from this."""
        texts = list(_texts(view.to_components()))
        same = [one for one, said in self.cards.items() if said == texts]
        for one in same:
            del self.cards[one]
        return same


async def post(
    interaction: Interaction, feedback: Feedback, what: str, views: Sequence[View]
) -> list[int]:
    """Post cards in the room of a round, each on disk as soon as it is there. Returns the messages.

    `what` says how much they share. What an earlier try left in the room is used again. Raises
    LacksRight, DojoError if the feedback was erased in the meantime, and what the request raises.
    """
    debriefs = services_of(interaction)[DebriefService]
    key = (feedback.round.id, feedback.debrief.coach_user_id)
    earlier = feedback.debrief.unsure
    there = await _perhaps_posted(interaction, feedback)
    # Discord's own time, as the messages will have it.
    is_new = not earlier or interaction.id > _later(max(earlier), LATEST / 2)
    if is_new:
        await debriefs.will_post(*key, interaction.id)
    done: list[int] = []
    doubles: list[int] = []
    try:
        for part, view in enumerate(views):
            same = there.take(view) or [
                await _posted(interaction, feedback, ("shared", *key, what, part), view)
            ]
            done.append(same[0])
            await debriefs.has_posted(*key, same[0])
            doubles += [one for one in same[1:] if one not in feedback.debrief.posts]
        for message_id in [*there.cards, *await delete(interaction, feedback.round, doubles)]:
            await debriefs.has_posted(*key, message_id)
        known = earlier if there.is_all else ()
        await debriefs.settle_posts(*key, [*known, *([interaction.id] if is_new else [])])
    except DojoError:
        # Erased while it was posted: nobody would know later which messages these are.
        await delete(interaction, feedback.round, [*done, *doubles, *there.cards])
        raise
    except discord.HTTPException as error:
        if not is_refusal(error):
            raise
        if is_new and not done:
            await debriefs.settle_posts(*key, [interaction.id])
        raise LacksRight(_lacking(interaction, feedback.round.room_id)) from None
    return done


async def remove(interaction: Interaction, feedback: Feedback) -> Left:
    """Delete what was posted, also where the answer was lost. Returns what may still be there."""
    found = await _perhaps_posted(interaction, feedback)
    posts = dict.fromkeys([*feedback.debrief.posts, *found.cards])
    left = await delete(interaction, feedback.round, posts)
    return Left(left, [] if found.is_all else [*feedback.debrief.unsure])


async def delete(interaction: Interaction, round_: Round, posts: Iterable[int]) -> list[int]:
    """Delete messages in the room of a round. Returns those that are still there."""
    room = _room(interaction, round_)
    left: list[int] = []
    for message_id in posts:
        try:
            await room.get_partial_message(message_id).delete()
        except DISCORD_FAILURES as error:
            if not says_message_is_gone(error):
                log.info("what was shared cannot be deleted: %s", error)
                left.append(message_id)
    return left


async def replace(
    interaction: Interaction, feedback: Feedback, views: Sequence[View] | None
) -> bool:
    """Show other cards in the posted messages. Returns whether that was possible everywhere.

    A card of None leaves the known message as it is. Messages whose answer was lost are deleted.
    """
    room = _room(interaction, feedback.round)
    key = (feedback.round.id, feedback.debrief.coach_user_id)
    found = await _perhaps_posted(interaction, feedback)
    for message_id in found.cards:
        await services_of(interaction)[DebriefService].has_posted(*key, message_id)
    known = () if views is None else feedback.debrief.posts
    unknown = [one for one in found.cards if one not in feedback.debrief.posts]
    posts = [*known, *unknown]
    shown = [*(views or ())][: len(known)]
    shown += [card(TAKEN_BACK) for _ in posts[len(shown) :]]
    is_done = found.is_all
    for message_id, view in zip(posts, shown, strict=True):
        try:
            await room.get_partial_message(message_id).edit(view=view)
        except DISCORD_FAILURES as error:
            if not says_message_is_gone(error):
                log.info("what was shared cannot be changed: %s", error)
                is_done = False
    return is_done


async def _posted(
    interaction: Interaction, feedback: Feedback, about: tuple[object, ...], view: View
) -> int:
    """Post one card. If an earlier try has posted it, edit that message."""
    room = _room(interaction, feedback.round)
    number = nonce(*about, min((*feedback.debrief.unsure, interaction.id)))
    message = await posted(room, number, view=view, silent=True)
    if message.id > interaction.id:
        return message.id
    try:
        # Discord returns it as it was rendered then.
        await message.edit(view=view)
    except discord.HTTPException as error:
        if not says_message_is_gone(error):
            raise
        message = await posted(room, nonce(*about, interaction.id), view=view, silent=True)
    return message.id


async def _perhaps_posted(interaction: Interaction, feedback: Feedback) -> _Found:
    """What earlier tries may have left in the room, according to Discord."""
    round_, debrief = feedback.round, feedback.debrief
    found = _Found()
    if not debrief.unsure:
        return found
    elsewhere = await services_of(interaction)[DebriefService].posts_elsewhere(
        round_.id, debrief.coach_user_id
    )
    begins = (shares(debrief.coach_user_id), next_page(debrief.coach_user_id))
    try:
        for began in debrief.unsure:
            for message in await _ours(interaction, round_.room_id, began, _later(began, LATEST)):
                texts = list(_texts(message.get("components") or []))
                is_it = bool(texts) and texts[0].startswith(begins)
                if is_it and int(message["id"]) not in elsewhere:
                    found.cards[int(message["id"])] = texts
    except DISCORD_FAILURES as error:
        log.info("what was shared cannot be looked for: %s", error)
        return _Found(is_all=says_channel_is_gone(error))
    return found


async def _ours(interaction: Interaction, room_id: int, after: int, until: int) -> list[Any]:
    """The bot's messages in a room between two moments, in Discord's order."""
    client = interaction.client
    me = str(client.user.id) if client.user else ""
    ours: list[Any] = []
    while True:
        found = await client.http.logs_from(room_id, PAGE, after=after)
        found.sort(key=lambda one: int(one["id"]))
        ours += [one for one in found if one["author"]["id"] == me and int(one["id"]) <= until]
        if len(found) < PAGE or int(found[-1]["id"]) > until:
            return ours
        after = int(found[-1]["id"])


def _texts(components: Iterable[Any]) -> Iterator[str]:
    """The texts on a card, in order."""
    for one in components:
        if one.get("content"):
            yield one["content"].strip()
        yield from _texts(one.get("components") or [])


def _later(moment_id: int, after: timedelta) -> int:
    """An id of Discord for a moment so long after that of another id."""
    return discord.utils.time_snowflake(discord.utils.snowflake_time(moment_id) + after)


def _room(interaction: Interaction, round_: Round) -> discord.PartialMessageable:
    return interaction.client.get_partial_messageable(round_.room_id, guild_id=round_.guild_id)


def _lacking(interaction: Interaction, room_id: int) -> tuple[str, ...]:
    """The rights without which nothing can be posted: those missing, or all if unknown."""
    is_here = interaction.channel_id == room_id
    missing = lacking_to_write(interaction.app_permissions, interaction.channel) if is_here else ()
    return missing or (VIEW, SEND, THREADS)
