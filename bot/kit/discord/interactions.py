"""Who acts, where, and how to answer: the few things every command and button needs."""

from __future__ import annotations

import logging
from collections.abc import Container
from dataclasses import dataclass
from typing import Protocol, cast

import discord

from bot.kit.clicks.double_click import Clicks
from bot.kit.discord.answers import Interaction, View, reply
from bot.kit.person import Person
from bot.kit.refusals import LacksRight
from bot.kit.requests.posting import nonce, posted
from bot.kit.requests.rights import SEND, THREADS, lacking_to_write
from bot.kit.requests.threads import ThreadMaker
from bot.kit.requests.unreachable import is_refusal, says_person_is_gone
from bot.kit.services import Services

log = logging.getLogger(__name__)


class DojoClient(Protocol):
    """What cards and forms use of the bot."""

    services: Services
    clicks: Clicks
    threads: ThreadMaker

    def mention_command(self, name: str) -> str:
        """A command as a clickable mention, or as `/name` while its id is not known."""
        ...


@dataclass(eq=False)
class _RolesOf(Container[int]):
    """The roles of a member, looked up only when they are needed."""

    member: discord.Member

    def __contains__(self, role_id: object) -> bool:
        # The ids as Discord sent them: roles are found by name only once the server is loaded.
        return isinstance(role_id, int) and self.member._roles.has(role_id)  # noqa: SLF001


def client_of(interaction: Interaction) -> DojoClient:
    """The bot."""
    return cast("DojoClient", interaction.client)


def services_of(interaction: Interaction) -> Services:
    """The bot's services."""
    return client_of(interaction).services


@dataclass(eq=False)
class _ManagedBy(Container[int]):
    """The channels of a server in which a member may manage channels, checked one at a time."""

    member: discord.Member
    here: tuple[int | None, ...] = ()
    rights_here: discord.Permissions | None = None

    def __contains__(self, channel_id: object) -> bool:
        rights = self._rights(channel_id)
        return rights is not None and (rights.manage_channels or rights.administrator)

    def _rights(self, channel_id: object) -> discord.Permissions | None:
        if channel_id in self.here:
            # For the channel it happens in, Discord sends the permissions with each interaction.
            return self.rights_here
        channel = self.member.guild.get_channel(cast("int", channel_id))
        return None if channel is None else channel.permissions_for(self.member)


def person_of(interaction: Interaction) -> Person:
    """Who acts, with their rights in this server now; without any where the bot is no member."""
    user = interaction.user
    if not bot_is_here(interaction) or not isinstance(user, discord.Member):
        return Person(user.id)
    return Person(
        user_id=user.id,
        guild_id=interaction.guild_id,
        role_ids=_RolesOf(user),
        managed=_ManagedBy(user, channel_ids(interaction), interaction.permissions),
    )


async def person_now(interaction: Interaction) -> Person:
    """Who acted, with their present rights, which Discord itself is asked for.

    For what is shown to a person without a new press of theirs. Raises what the request raises.
    """
    guild = interaction.guild
    if guild is None or not bot_is_here(interaction):
        return Person(interaction.user.id)
    try:
        member = await guild.fetch_member(interaction.user.id)
    except discord.HTTPException as error:
        if not says_person_is_gone(error):
            raise
        return Person(interaction.user.id)
    return person_in(member)


def person_in(member: discord.Member) -> Person:
    """A member of a server, with their rights there."""
    return Person(member.id, member.guild.id, _RolesOf(member), _ManagedBy(member))


def channel_ids(interaction: Interaction) -> tuple[int | None, ...]:
    """The ids of this channel and, for a thread, of the channel it belongs to."""
    channel = interaction.channel
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    return (interaction.channel_id, parent)


def bot_is_here(interaction: Interaction) -> bool:
    """Whether the bot is a member of this server, and was not just brought along by a person."""
    return interaction.guild_id is not None and interaction.is_guild_integration()


async def post_in_room(
    interaction: Interaction, view: View, *, must_not_name: bool = False
) -> None:
    """Post a card for everybody in this channel, without saying who asked for it.

    Where the bot may not write, the card is an answer to the person instead, which needs no right;
    Discord then shows who pressed. Where it `must_not_name` anybody, this raises LacksRight.
    """
    channel = interaction.channel
    lacking = lacking_to_write(interaction.app_permissions, channel)
    if isinstance(channel, discord.abc.Messageable) and not lacking:
        try:
            await posted(channel, nonce(interaction.id), view=view)
        except discord.HTTPException as error:
            if not is_refusal(error):
                raise
            log.info("not allowed to post here")
        else:
            return
    if must_not_name:
        raise LacksRight((THREADS if isinstance(channel, discord.Thread) else SEND,))
    await reply(interaction, view, private=False)
