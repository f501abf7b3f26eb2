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

import discord

from bot.kit.one_per_key import BackgroundTasks
from bot.kit.per_key import PerKey
from bot.kit.requests.unreachable import DISCORD_FAILURES, is_passing, says_channel_is_gone

log = logging.getLogger(__name__)

REPEATED_AFTER = 1.0
"""Seconds after which the library sends a request again: one that took less was sent once."""
LOOK_AGAIN = (5.0, 30.0, 120.0, 600.0)
"""Pauses, in seconds, after which a thread is looked for that may have been made for nobody."""
MOST_GIVEN = 1_000

LOOKING_SECONDS = 5.0
"""How long Discord may take to say which threads there are."""

Key = tuple[int, str]
"""A channel and a name."""


class _Making:
    """What goes on with the threads of one name in one channel."""

    def __init__(self) -> None:
        self.looking = asyncio.Lock()
        self.under_way = 0
        """Requests that have not been answered yet."""
        self.begun = 0

    def may_be_anothers(self, begun: int) -> bool:
        """Whether a thread that is seen now may be that of a request since `begun` of them."""
        return self.under_way > 0 or self.begun != begun


class ThreadMaker:
    """Makes threads, as many at a time as are asked for.

    Those with one name in one channel look alike. So they are looked for only while no other
    request for one is under way, whose thread it might be.
    """

    def __init__(self) -> None:
        self._making: PerKey[Key, _Making] = PerKey(_Making)
        self._given: deque[int] = deque(maxlen=MOST_GIVEN)
        self._doubtful: dict[Key, Collection[int]] = {}
        """What may have been made: the threads that had been there before."""
        self._looking = BackgroundTasks()

    async def make(self, channel: discord.TextChannel, name: str, **how: Any) -> discord.Thread:  # noqa: ANN401 - theirs
        """Make a thread, or find the one that an attempt before made all the same.

        Raises what the request raises; then what it may have made is removed once that is possible.
        """
        key = (channel.id, name)
        making = self._making[key]
        before = frozenset(one.id for one in channel.threads)
        if key in self._doubtful and (found := await self._the_one_in_doubt(channel, name)):
            return found
        clock = asyncio.get_running_loop().time
        began = clock()
        making.begun += 1
        making.under_way += 1
        try:
            thread = await channel.create_thread(name=name, **how)
        except asyncio.CancelledError:
            self._doubt(channel, name, before)
            raise
        except DISCORD_FAILURES as error:
            if not is_passing(error):
                raise
            thread, failure = None, error
        else:
            failure = None
            self._given.append(thread.id)
            if clock() - began < REPEATED_AFTER:
                return thread
        finally:
            making.under_way -= 1
        if thread is not None:
            twins = await self._take(channel, name, before)
            if twins is None:
                self._doubt(channel, name, before)
            for twin in twins or ():
                await self.remove(twin)
            return thread
        self._doubt(channel, name, before)
        if found := await self._the_one_in_doubt(channel, name):
            return found
        raise failure or RuntimeError("there is neither a thread nor a failure")

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

    def _doubt(self, channel: discord.TextChannel, name: str, before: Collection[int]) -> None:
        """A thread may have been made for nobody."""
        self._doubtful.setdefault((channel.id, name), before)
        self._look_later(channel, name)

    async def _the_one_in_doubt(
        self, channel: discord.TextChannel, name: str
    ) -> discord.Thread | None:
        """The thread that was made all the same, if one is seen, without others of its kind."""
        key = (channel.id, name)
        found = await self._take(channel, name, self._doubtful[key])
        if not found:
            return None
        log.info("a thread is used whose making was answered by an error")
        self._doubtful.pop(key, None)
        for twin in found[1:]:
            await self.remove(twin)
        return found[0]

    async def _take(
        self, channel: discord.TextChannel, name: str, before: Collection[int]
    ) -> list[discord.Thread] | None:
        """The threads that may have been made for nobody since `before`; nobody is given them then.

        None where that cannot be said: one of them may be that of a request that is under way.
        """
        making = self._making[channel.id, name]
        async with making.looking:
            begun = making.begun
            if making.may_be_anothers(begun):
                return None
            found = await self._found(channel, name, before)
            if making.may_be_anothers(begun):
                return None
            self._given.extend(one.id for one in found)
            return found

    async def _found(
        self, channel: discord.TextChannel, name: str, before: Collection[int]
    ) -> list[discord.Thread]:
        """The empty threads of ours with this name that were not there before, as Discord says.

        What is known here counts where Discord does not say.
        """
        try:
            async with asyncio.timeout(LOOKING_SECONDS):
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
        self._looking.begin(self._remove_later(channel, name), "threads-for-nobody")

    async def _remove_later(self, channel: discord.TextChannel, name: str) -> None:
        """Remove what was made for nobody, unless another attempt uses it first."""
        key = (channel.id, name)
        for pause in LOOK_AGAIN:
            await asyncio.sleep(pause)
            before = self._doubtful.get(key)
            if before is None:
                return
            for thread in await self._take(channel, name, before) or ():
                await self.remove(thread)
        self._doubtful.pop(key, None)
