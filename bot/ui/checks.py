"""Permissions in a channel: which are needed, what for, and what works without them."""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.ui.interactions import Interaction


@dataclass(frozen=True, slots=True)
class Need:
    """One permission the bot or the members need."""

    flag: str
    """The name of the flag in `discord.Permissions`."""
    switch: str
    """What Discord calls it in the channel's settings."""
    purpose: str
    without: str
    of_members: bool = False


NEEDS = (
    Need(
        "view_channel",
        "View Channel",
        "post in this channel by itself",
        "questions still come, as answers to the person who asks",
    ),
    Need(
        "send_messages",
        "Send Messages",
        "share a question without showing who asked",
        "a shared question shows who pressed the button",
    ),
    Need(
        "send_messages_in_threads",
        "Send Messages in Threads",
        "do the same in the threads of this channel",
        "in threads a shared question shows who pressed the button",
    ),
    Need(
        "use_application_commands",
        "Use Application Commands",
        "members use my commands here",
        "only people with a role that allows it can ask",
        of_members=True,
    ),
)


def wanted() -> discord.Permissions:
    """What the bot asks for when it is invited."""
    return discord.Permissions(**{need.flag: True for need in NEEDS if not need.of_members})


def permission_lines(interaction: Interaction) -> list[str]:
    """One line a permission: whether it is there, what for, and what happens without."""
    lines: list[str] = []
    for need in NEEDS:
        whose = " (members)" if need.of_members else ""
        if _has(interaction, need):
            lines.append(f"✅ **{need.switch}**{whose}: {need.purpose}")
        else:
            lines.append(
                f"❌ **{need.switch}**{whose}, missing: to {need.purpose}. Without it,"
                f" {need.without}."
            )
    return lines


def problems(interaction: Interaction) -> list[str]:
    """The switches that are off."""
    return [need.switch for need in NEEDS if not _has(interaction, need)]


def _has(interaction: Interaction, need: Need) -> bool:
    rights = interaction.app_permissions
    if need.of_members:
        channel, guild = interaction.channel, interaction.guild
        known = isinstance(channel, discord.abc.GuildChannel | discord.Thread)
        if not known or guild is None:
            return True
        rights = channel.permissions_for(guild.default_role)
    return bool(getattr(rights, need.flag)) or rights.administrator
