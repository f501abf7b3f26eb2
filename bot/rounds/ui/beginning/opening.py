"""The room of a round that is started: a thread of its own, or the place where it is started."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import discord

from bot.content.model.formats import Format
from bot.dojos.model.dojo import Dojo
from bot.kit.discord.interactions import Interaction, client_of
from bot.kit.discord.text import cut
from bot.kit.refusals import LacksRight
from bot.kit.requests.rights import SEND, lacking_to_write, may_write
from bot.kit.requests.unreachable import DISCORD_FAILURES
from bot.rounds.model.refusals import MayNotWrite
from bot.rounds.model.round import RoomKind
from bot.rounds.service.proposing import Room, all_can_be_named
from bot.rounds.ui.words import NAMED, NAMELESS

log = logging.getLogger(__name__)

THREAD_NAME = 100
TOO_MANY_THREADS = 160006
"""A server can have a thousand that are not put away."""
ONE_DAY = 1440
"""Minutes after which Discord puts a quiet thread away."""


def check_may_write(interaction: Interaction) -> None:
    """Raises MayNotWrite where the bot would write in a place in which the person may not."""
    if lacking_to_write(interaction.permissions, interaction.channel):
        raise MayNotWrite(isinstance(interaction.channel, discord.Thread))


def check_may_write_in(interaction: Interaction, dojo: Dojo) -> None:
    """Raises MayNotWrite where people would be asked in a dojo the person may not write in."""
    channel = interaction.guild.get_channel(dojo.channel_id) if interaction.guild else None
    if channel is None or not isinstance(interaction.user, discord.Member):
        return
    if lacking_to_write(channel.permissions_for(interaction.user), channel):
        raise MayNotWrite(in_thread=False)


def opens_thread(interaction: Interaction) -> bool:
    """Whether a round started here gets a thread of its own.

    Its people are asked in the channel, so the bot has to be able to write there, too.
    """
    rights = interaction.app_permissions
    may_open = rights.create_private_threads or rights.create_public_threads
    may_write = rights.send_messages and rights.send_messages_in_threads and rights.view_channel
    return isinstance(interaction.channel, discord.TextChannel) and may_open and may_write


def asking_channel(interaction: Interaction, dojo: Dojo, room: Room) -> int | None:
    """Where people are asked into a room that they are to be added to; None for its own card.

    A mention that notifies in a thread adds people to it. In a public thread that was there
    before, and in channels, everybody can look for themselves.
    """
    is_own = room.channel_id != interaction.channel_id
    if room.channel_id == dojo.channel_id:
        return None
    return dojo.channel_id if is_own or room.kind is RoomKind.PRIVATE_THREAD else None


async def open_room(
    interaction: Interaction, format_: Format, names: Sequence[str], *, brought: int | None
) -> tuple[Room, bool]:
    """The room of a new round, and whether the person who is `brought` there could not be.

    Raises LacksRight where nothing can be posted.
    """
    channel, rights = interaction.channel, interaction.app_permissions
    guild_id = interaction.guild_id or 0
    if opens_thread(interaction) and isinstance(channel, discord.TextChannel):
        # People whom the command cannot name have to see the card to join.
        needs_others = not all_can_be_named(format_) and rights.create_public_threads
        is_private = rights.create_private_threads and not needs_others
        # Where everybody sees the list of threads, it does not say who practises.
        name = NAMED + " & ".join(names) if names and is_private else NAMELESS
        try:
            return await _open_thread(
                interaction, channel, cut(name, THREAD_NAME), is_private=is_private, brought=brought
            )
        except discord.HTTPException as error:
            if error.code != TOO_MANY_THREADS:
                raise
            log.info("no thread for a round: there are too many")
    missing = lacking_to_write(rights, channel)
    kind = RoomKind.HERE
    if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        kind = RoomKind.VOICE
    elif isinstance(channel, discord.Thread):
        kind = RoomKind.PRIVATE_THREAD if channel.is_private() else RoomKind.PUBLIC_THREAD
        if channel.is_private() and not may_write(channel.parent):
            missing = (*missing, SEND)
    if missing:
        raise LacksRight(missing)
    return Room(guild_id, interaction.channel_id or 0, kind), False


async def _open_thread(
    interaction: Interaction,
    channel: discord.TextChannel,
    name: str,
    *,
    is_private: bool,
    brought: int | None,
) -> tuple[Room, bool]:
    kind = discord.ChannelType.private_thread if is_private else discord.ChannelType.public_thread
    thread = await client_of(interaction).threads.make(
        channel,
        name,
        type=kind,
        auto_archive_duration=ONE_DAY,
        # Those who are in a private one can let a late observer in.
        invitable=True,
    )
    is_missed = False
    if brought is not None:
        try:
            await thread.add_user(discord.Object(brought))
        except DISCORD_FAILURES as error:
            log.info("a person cannot be brought into the thread: %s", error)
            is_missed = True
    room_kind = RoomKind.PRIVATE_THREAD if is_private else RoomKind.PUBLIC_THREAD
    return Room(channel.guild.id, thread.id, room_kind), is_missed


async def bring_in(interaction: Interaction, user_id: int) -> None:
    """Let a person into this thread, as far as that is possible and needed."""
    if not isinstance(interaction.channel, discord.Thread):
        return
    try:
        await interaction.channel.add_user(discord.Object(user_id))
    except DISCORD_FAILURES as error:
        log.info("a person cannot be brought into the thread: %s", error)


async def put_away(interaction: Interaction, room: Room) -> None:
    """Remove a thread that was opened for a round which did not come about; never raises."""
    if room.channel_id == interaction.channel_id or interaction.guild is None:
        return
    thread: object = interaction.guild.get_thread(room.channel_id)
    if thread is None:
        try:
            thread = await interaction.guild.fetch_channel(room.channel_id)
        except (discord.InvalidData, *DISCORD_FAILURES) as error:
            log.info("a thread without a round cannot be looked at: %s", error)
    if isinstance(thread, discord.Thread):
        await client_of(interaction).threads.remove(thread)


def in_voice(interaction: Interaction) -> frozenset[int]:
    """Who is in this voice channel; nobody in a channel of another kind."""
    channel = interaction.channel
    if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        return frozenset(channel.voice_states)
    return frozenset()
