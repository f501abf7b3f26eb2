"""Which channel is meant, who may configure it, and where the dojos of a server are."""

from __future__ import annotations

import discord

from bot.dojos.service.dojos import DojoService
from bot.kit.discord.interactions import Interaction, bot_is_here, client_of, person_of, services_of
from bot.kit.discord.text import joined

MOST_NAMED = 12


def no_dojo_notice(interaction: Interaction) -> str:
    """Where the dojos are, or how to get one; empty where there can be none."""
    if not bot_is_here(interaction) or interaction.guild_id is None:
        return ""
    channels = dojo_channels(interaction)
    if channels:
        return f"Only you see this: this channel is not a dojo. Dojos here: {joined(channels)}."
    if dojo_channel(interaction) in person_of(interaction).managed:
        setup = client_of(interaction).mention_command("dojo setup")
        return (
            f"Only you see this: there is no dojo on this server. {setup} makes this channel one."
        )
    # Not as a mention: people who may not use a command see "unavailable" in its place.
    return (
        "Only you see this: there is no dojo on this server. Someone who manages channels can make"
        " this channel one with `/dojo setup`."
    )


def dojo_channels(interaction: Interaction) -> list[str]:
    """Mentions of the dojos of this server that the person can see."""
    guild = interaction.guild
    if guild is None:
        return []
    mentions: list[str] = []
    for dojo in services_of(interaction)[DojoService].of_guild(guild.id):
        channel = guild.get_channel(dojo.channel_id)
        # A channel that is not in the cache may still exist, and may be visible.
        hidden = (
            channel is not None
            and isinstance(interaction.user, discord.Member)
            and not channel.permissions_for(interaction.user).view_channel
        )
        if not hidden:
            mentions.append(f"<#{dojo.channel_id}>")
    more = len(mentions) - MOST_NAMED
    return [*mentions[:MOST_NAMED], f"{more} more"] if more > 0 else mentions


def dojo_channel(interaction: Interaction) -> int:
    """The channel that would be the dojo: for a thread, the one it belongs to."""
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return interaction.channel_id or 0


def check_facilitates(interaction: Interaction) -> None:
    """Raise NotAllowed unless the person may configure this channel."""
    dojos = services_of(interaction)[DojoService]
    dojos.check_may_set_up(dojo_channel(interaction), person_of(interaction))
