"""The messages in a room in which a coach shared feedback: posted, changed, and taken back."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import discord

from bot.domain.errors import LacksRight
from bot.domain.rounds import Round
from bot.services.debriefs import Feedback
from bot.ui.components import card
from bot.ui.interactions import Interaction, View
from bot.ui.posting import nonce, posted
from bot.ui.unreachable import DISCORD_FAILURES, is_refusal, says_message_is_gone

log = logging.getLogger(__name__)

TAKEN_BACK = "-# 📣 What was shared here was taken back."


async def post(interaction: Interaction, feedback: Feedback, views: Sequence[View]) -> list[int]:
    """Post cards in the room of a round; the messages. Raises LacksRight."""
    room = _room(interaction, feedback.round)
    try:
        return [
            (await posted(room, nonce(interaction.id, n), view=view, silent=True)).id
            for n, view in enumerate(views)
        ]
    except discord.HTTPException as error:
        if is_refusal(error):
            raise LacksRight(_lacking(interaction, feedback.round.room_id)) from None
        raise


async def remove(interaction: Interaction, feedback: Feedback) -> list[int]:
    """Delete what was posted; the messages that are still there because Discord refused."""
    return await delete(interaction, feedback.round, feedback.debrief.posts)


async def delete(interaction: Interaction, round_: Round, posts: Sequence[int]) -> list[int]:
    """Delete messages in the room of a round; those that are still there."""
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


async def replace(interaction: Interaction, feedback: Feedback, views: Sequence[View]) -> bool:
    """Show other cards in the messages that were posted; whether that was possible everywhere."""
    room = _room(interaction, feedback.round)
    shown = [*views, *[card(TAKEN_BACK)] * len(feedback.debrief.posts)]
    is_done = True
    for message_id, view in zip(feedback.debrief.posts, shown, strict=False):
        try:
            await room.get_partial_message(message_id).edit(view=view)
        except DISCORD_FAILURES as error:
            if not says_message_is_gone(error):
                log.info("what was shared cannot be changed: %s", error)
                is_done = False
    return is_done


def _room(interaction: Interaction, round_: Round) -> discord.PartialMessageable:
    return interaction.client.get_partial_messageable(round_.room_id, guild_id=round_.guild_id)


def _lacking(interaction: Interaction, room_id: int) -> tuple[str, ...]:
    """The rights without which nothing can be posted: those missing, or all where nobody knows."""
    all_of_them = ("View Channel", "Send Messages", "Send Messages in Threads")
    if interaction.channel_id != room_id:
        return all_of_them
    rights, in_thread = interaction.app_permissions, isinstance(interaction.channel, discord.Thread)
    missing = [] if rights.view_channel else ["View Channel"]
    if in_thread and not rights.send_messages_in_threads:
        missing.append("Send Messages in Threads")
    if not in_thread and not rights.send_messages:
        missing.append("Send Messages")
    return tuple(missing) or all_of_them
