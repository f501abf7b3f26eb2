"""What Discord lets the bot do, checked before it is tried."""

from __future__ import annotations

import discord

SEND = "Send Messages"
THREADS = "Send Messages in Threads"
PRIVATE, PUBLIC = "Create Private Threads", "Create Public Threads"
CHANNELS = "Manage Channels"
KEEP_OUT = "Manage Threads"
"""Not needed in private threads that the bot has opened."""
VIEW, CONNECT, MOVE = "View Channel", "Connect", "Move Members"
TO_MOVE = (VIEW, CONNECT, MOVE)
TO_MAKE = (VIEW, CONNECT, CHANNELS)
"""Discord's names for them in a channel's settings."""


def flag_of(switch: str) -> str:
    """The name that a permission has in `discord.Permissions`."""
    return switch.lower().replace(" ", "_")


def may_write(channel: object) -> bool:
    """Whether the bot may post in a channel, as far as is known; an unknown one is worth a try."""
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return True
    return not lacking_to_write(channel.permissions_for(channel.guild.me), channel)


def lacking_to_write(rights: discord.Permissions, channel: object) -> tuple[str, ...]:
    """What is missing in rights to post in a channel: those of an interaction, or of a member."""
    if rights.administrator:
        return ()
    in_thread = isinstance(channel, discord.Thread)
    may_send = rights.send_messages_in_threads if in_thread else rights.send_messages
    needed = ((VIEW, rights.view_channel), (THREADS if in_thread else SEND, may_send))
    return tuple(switch for switch, is_on in needed if not is_on)


def lacking_to_move(from_: discord.VoiceChannel, to: discord.VoiceChannel) -> str | None:
    """The permissions missing to move someone from one voice channel to another; empty if none."""
    here, there = (one.permissions_for(to.guild.me) for one in (from_, to))
    if not there.view_channel:
        return VIEW
    if not there.connect:
        return CONNECT
    return None if here.move_members and there.move_members else MOVE
