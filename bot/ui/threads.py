"""Threads that are made once, also when Discord's answer to making one is lost.

Discord knows no nonce for threads. After a 5xx the library asks for another one by itself; after a
cut connection nobody says whether there is one. So it is looked for: a thread of ours with that
name, that was not there before and in which nothing is yet. It is used, or else removed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Collection
from typing import Any
from weakref import WeakValueDictionary

import discord

from bot.ui.unreachable import DISCORD_FAILURES, is_passing, says_channel_is_gone

log = logging.getLogger(__name__)

REPEATED_AFTER = 1.0
"""Seconds after which the library sends a request again: one that took less was sent once."""
LOOK_AGAIN = (5.0, 30.0, 120.0, 600.0)
"""Pauses, in seconds, after which a thread is looked for that may have been made for nobody."""
MOST_GIVEN = 1_000

Key = tuple[int, str]
"""A channel and a name."""


class ThreadMaker:
    """Makes threads: of those with one name in one channel one at a time, as they look alike."""

    def __init__(self) -> None:
        self._making: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()
        self._given: deque[int] = deque(maxlen=MOST_GIVEN)
        self._doubtful: dict[Key, Collection[int]] = {}
        """What may have been made: the threads that had been there before."""
        self._looking: set[asyncio.Task[None]] = set()

    async def make(self, channel: discord.TextChannel, name: str, **how: Any) -> discord.Thread:  # noqa: ANN401 - theirs
        """Make a thread, or find the one that an attempt before made all the same.

        Raises what the request raises; then what it may have made is removed once that is possible.
        """
        async with self._making.setdefault((channel.id, name), asyncio.Lock()):
            thread = await self._make(channel, name, how)
            self._given.append(thread.id)
            return thread

    async def remove(self, thread: discord.Thread) -> None:
        """Remove a thread in which nothing is; never raises."""
        try:
            await thread.delete()
        except DISCORD_FAILURES as error:
            if says_channel_is_gone(error):
                return
            log.info("a thread cannot be deleted, so it is put away: %s", error)
        else:
            return
        try:
            # Whoever made a thread may do that without any right.
            await thread.edit(archived=True)
        except DISCORD_FAILURES as error:
            log.warning("an empty thread stays: %s", error)

    async def _make(
        self, channel: discord.TextChannel, name: str, how: dict[str, Any]
    ) -> discord.Thread:
        key = (channel.id, name)
        before = self._doubtful.get(key)
        if before is None:
            before = frozenset(one.id for one in channel.threads)
        elif found := await self._found(channel, name, before):
            return await self._the_one_of(found, key)
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            thread = await channel.create_thread(name=name, **how)
        except DISCORD_FAILURES as error:
            if not is_passing(error):
                raise
            self._doubtful[key] = before
            self._look_later(channel, name)
            found = await self._found(channel, name, before)
            if not found:
                raise
            return await self._the_one_of(found, key)
        self._doubtful.pop(key, None)
        if clock() - began >= REPEATED_AFTER:
            for twin in await self._found(channel, name, {*before, thread.id}):
                await self.remove(twin)
        return thread

    async def _the_one_of(self, found: list[discord.Thread], key: Key) -> discord.Thread:
        """The first of them, without the others."""
        log.info("a thread is used whose making was answered by an error")
        self._doubtful.pop(key, None)
        for twin in found[1:]:
            await self.remove(twin)
        return found[0]

    async def _found(
        self, channel: discord.TextChannel, name: str, before: Collection[int]
    ) -> list[discord.Thread]:
        """The empty threads of ours with this name that were not there before, as Discord says.

        What is known here counts where Discord does not say.
        """
        try:
            threads = await channel.guild.active_threads()
        except DISCORD_FAILURES as error:
            log.info("threads cannot be looked for: %s", error)
            threads = channel.threads
        return sorted(
            (
                one
                for one in threads
                if one.parent_id == channel.id
                and one.owner_id == channel.guild.me.id
                and one.name == name
                and one.id not in before
                and one.id not in self._given
                and not one.message_count
            ),
            key=lambda one: one.id,
        )

    def _look_later(self, channel: discord.TextChannel, name: str) -> None:
        task = asyncio.create_task(self._remove_later(channel, name), name="threads-for-nobody")
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _remove_later(self, channel: discord.TextChannel, name: str) -> None:
        """Remove what was made for nobody, unless another attempt uses it first."""
        key = (channel.id, name)
        for pause in LOOK_AGAIN:
            await asyncio.sleep(pause)
            async with self._making.setdefault((channel.id, name), asyncio.Lock()):
                before = self._doubtful.get(key)
                if before is None:
                    return
                for thread in await self._found(channel, name, before):
                    await self.remove(thread)
        self._doubtful.pop(key, None)
