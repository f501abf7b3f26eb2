"""Where the dojos of a server are, in words for somebody who is elsewhere."""

from __future__ import annotations

import discord

from bot.ui.interactions import Interaction, bot_is_here, client_of, services_of
from bot.ui.texts import joined

MOST_NAMED = 12


def no_dojo_note(interaction: Interaction) -> str:
    """Where the dojos are, or how to get one; nothing where there can be none."""
    if not bot_is_here(interaction) or interaction.guild_id is None:
        return ""
    channels = dojo_channels(interaction)
    if channels:
        return f"Only you see this: this channel is not a dojo. Dojos here: {joined(channels)}."
    setup = client_of(interaction).mention_command("dojo setup")
    return (
        "Only you see this: there is no dojo on this server yet. Someone who manages channels"
        f" can make this channel one with {setup}."
    )


def dojo_channels(interaction: Interaction) -> list[str]:
    """Mentions of the dojos of this server which the person can see."""
    guild = interaction.guild
    if guild is None:
        return []
    mentions: list[str] = []
    for dojo in services_of(interaction).dojos.of_guild(guild.id):
        channel = guild.get_channel(dojo.channel_id)
        # Not in the cache does not mean gone, nor hidden.
        hidden = (
            channel is not None
            and isinstance(interaction.user, discord.Member)
            and not channel.permissions_for(interaction.user).view_channel
        )
        if not hidden:
            mentions.append(f"<#{dojo.channel_id}>")
    more = len(mentions) - MOST_NAMED
    return [*mentions[:MOST_NAMED], f"{more} more"] if more > 0 else mentions
