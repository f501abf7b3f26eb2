"""The check of a channel: which permissions are needed, what for, and what works without them."""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.dojos.actions import CHECK
from bot.dojos.model.dojo import Dojo
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import ContactPresence, DojoService
from bot.dojos.ui.places import check_facilitates, dojo_channel
from bot.kit.discord.answers import reply
from bot.kit.discord.cards import Part, card, line
from bot.kit.discord.interactions import Interaction, View, client_of, services_of
from bot.kit.discord.text import cut, joined, safe
from bot.kit.requests.rights import PRIVATE, PUBLIC, SEND, THREADS, VIEW, flag_of
from bot.kit.requests.voice_rights import voice_lines

ACCENT = 0x3E8E7E


@dataclass(frozen=True, slots=True)
class Need:
    """One permission the bot or the members need."""

    switch: str
    """Discord's name for it in the channel's settings."""
    purpose: str
    without: str
    of_members: bool = False

    @property
    def flag(self) -> str:
        """The name of the flag in `discord.Permissions`."""
        return flag_of(self.switch)


NEEDS = (
    Need(
        "View Channel",
        "post in this channel by itself",
        "questions still come, as answers to the person who asks",
    ),
    Need(
        "Send Messages",
        "share a question without showing who asked",
        "a shared question shows who pressed the button",
    ),
    Need(
        "Send Messages in Threads",
        "run rounds in threads of this channel, and share questions there",
        "a round takes place in this channel itself, one at a time",
    ),
    Need(
        "Create Private Threads",
        "open a room for each round that only its people can read",
        "the room of a round is a thread that everybody here can read",
    ),
    Need(
        "Create Public Threads",
        "open a room for a round where private ones are not possible",
        "where private ones are not possible either, a round takes place in this channel itself",
    ),
    Need(
        "Manage Channels",
        "make voice channels for the groups of an evening, and remove them afterwards",
        "groups meet in voice channels that are there, or in threads",
    ),
    Need(
        "Move Members",
        "bring people into the voice channel of their group, and back",
        "people go there by themselves, by a link",
    ),
    Need(
        "Use Application Commands",
        "let members use my commands here",
        "only people with a role that allows it can ask",
        of_members=True,
    ),
)


FOR_VOICE = (VIEW, SEND)
FOR_THREADS = (VIEW, SEND, THREADS, PRIVATE, PUBLIC)
"""What an evening needs in the dojo's own channel, by where its groups meet."""


def wanted() -> discord.Permissions:
    """What the bot asks for when it is invited."""
    return discord.Permissions(**{need.flag: True for need in NEEDS if not need.of_members})


def permission_lines(interaction: Interaction) -> list[str]:
    """One line for each permission: whether it is there, what for, and what happens without it."""
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
    """The permissions that are switched off."""
    return [need.switch for need in NEEDS if not _has(interaction, need)]


def _has(interaction: Interaction, need: Need) -> bool:
    rights = interaction.app_permissions
    if need.of_members:
        channel, guild = interaction.channel, interaction.guild
        known = isinstance(channel, discord.abc.GuildChannel | discord.Thread)
        if not known or guild is None or guild.default_role is None:
            return True
        rights = channel.permissions_for(guild.default_role)
    return bool(getattr(rights, need.flag)) or rights.administrator


def evening_lines(
    guild: discord.Guild | None, channel_id: int, *, in_voice: bool, common_id: int | None
) -> list[str]:
    """What is missing for an evening of this dojo, and what happens without it; empty if nothing.

    In voice also the channels there, which have permissions of their own.
    """
    home = guild.get_channel(channel_id) if guild else None
    if guild is None or home is None:
        return []
    rights = home.permissions_for(guild.me)
    needs = FOR_VOICE if in_voice else FOR_THREADS
    missing = [
        need
        for need in NEEDS
        if need.switch in needs and not (getattr(rights, need.flag) or rights.administrator)
    ]
    lines = [
        f"❌ **{need.switch}** is missing in <#{channel_id}>: {need.without}." for need in missing
    ]
    return lines + (voice_lines(guild, channel_id, common_id) if in_voice else [])


@CHECK.pressed
async def check(interaction: Interaction) -> None:
    """Answer with the check of this channel."""
    check_facilitates(interaction)
    await reply(interaction, await check_card(interaction))


async def check_card(interaction: Interaction) -> View:
    """Every permission for this channel: there or missing, what for, and which switch to change."""
    services = services_of(interaction)
    dojo = services[DojoService].find(dojo_channel(interaction))
    parts: list[Part] = ["## Check of this channel"]
    if dojo is None:
        setup = client_of(interaction).mention_command("dojo setup")
        parts.append(f"This channel is not a dojo yet. {setup} makes it one.")
    parts += ["\n".join(permission_lines(interaction)), line()]
    missing = problems(interaction)
    in_voice = voice_lines(interaction.guild, dojo_channel(interaction))
    if missing:
        parts.append(
            "**How to turn them on** Channel settings → Permissions → the role of this app (or"
            f" @everyone where it says members) → {joined(missing)}."
        )
    parts += ["\n".join(in_voice)] if in_voice else []
    if not missing and not in_voice:
        parts.append("✅ No permission is missing.")
    if dojo is not None:
        parts += await _dojo_faults(interaction, dojo)
    return card(*parts, accent=ACCENT)


async def _dojo_faults(interaction: Interaction, dojo: Dojo) -> list[Part]:
    """What is wrong with the dojo beyond permissions."""
    parts: list[Part] = []
    rejected = await services_of(interaction)[ContentService].stored_faults(dojo)
    if rejected is not None:
        listed = "\n".join(f"- {cut(safe(str(fault)), 200)}" for fault in rejected.faults[:5])
        parts.append(
            "⚠️ The dojo's own content no longer fits the shipped one, so the shipped words are"
            f" used. Export it, correct it and import it again:\n{listed}"
        )
    warning = await contact_warning(interaction, dojo)
    if warning:
        parts.append(warning)
    guild, role_id = interaction.guild, dojo.settings.facilitator_role_id
    if guild is not None and role_id is not None and guild.roles and not guild.get_role(role_id):
        parts.append("⚠️ The facilitator role no longer exists. Choose another in the settings.")
    return parts


async def contact_warning(interaction: Interaction, dojo: Dojo) -> str:
    """A warning that nobody can be told of a harmful note, or asked to talk; empty if one can."""
    settings = client_of(interaction).mention_command("dojo settings")
    name_one = f"{settings}, **Privacy and safety**, names one."
    contact = dojo.settings.safety_user_id
    if contact is None:
        return (
            "⚠️ There is no safety contact: nobody can report a note, or ask to talk with someone."
            f" {name_one}"
        )
    if await services_of(interaction)[ContactPresence].is_here(dojo):
        return ""
    return f"⚠️ The safety contact, <@{contact}>, is no longer in this server. {name_one}"
