"""What Discord lets the bot do for a gathering, asked before it is tried; what it lacks, once."""

from __future__ import annotations

import logging

import discord

from bot.gatherings.model.gathering import Gathering

log = logging.getLogger(__name__)

SEND = "Send Messages"
THREADS = "Send Messages in Threads"
PRIVATE, PUBLIC = "Create Private Threads", "Create Public Threads"
CHANNELS = "Manage Channels"
KEEP_OUT = "Manage Threads"
"""Not needed in private threads that the bot has opened."""
VIEW, CONNECT, MOVE = "View Channel", "Connect", "Move Members"
TO_MOVE = (VIEW, CONNECT, MOVE)
"""What Discord calls them in a channel's settings."""


def may_write(channel: object) -> bool:
    """Whether we may post in a channel, as far as that is known; an unknown one is worth a try."""
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return True
    rights = channel.permissions_for(channel.guild.me)
    in_thread = isinstance(channel, discord.Thread)
    may_send = rights.send_messages_in_threads if in_thread else rights.send_messages
    return rights.view_channel and may_send


def lacking_to_move(from_: discord.VoiceChannel, to: discord.VoiceChannel) -> str | None:
    """What we lack to move somebody from one voice channel to another; none if nothing."""
    here, there = (one.permissions_for(to.guild.me) for one in (from_, to))
    if not there.view_channel:
        return VIEW
    if not there.connect:
        return CONNECT
    return None if here.move_members and there.move_members else MOVE


class Lacks:
    """What the bot may not do in each gathering. The log says it once, the panel as long as so."""

    def __init__(self) -> None:
        self._now: dict[int, list[str]] = {}
        self._said: set[tuple[int, str]] = set()

    def note(self, gathering: Gathering, switch: str) -> None:
        """A permission is missing."""
        lacking = self._now.setdefault(gathering.id, [])
        if switch not in lacking:
            lacking.append(switch)
        if (gathering.id, switch) not in self._said:
            self._said.add((gathering.id, switch))
            log.warning("gathering %s: %s is missing; going on without", gathering.id, switch)

    def clear(self, gathering: Gathering, switch: str) -> None:
        """A permission is there."""
        if switch in self._now.get(gathering.id, ()):
            self._now[gathering.id].remove(switch)

    def of(self, gathering_id: int) -> tuple[str, ...]:
        """The permissions that were missing when they were last needed, first ones first."""
        return tuple(self._now.get(gathering_id, ()))

    def forget(self, gathering_id: int) -> None:
        """A gathering is over."""
        self._now.pop(gathering_id, None)
        self._said = {key for key in self._said if key[0] != gathering_id}
