"""Makes a thread once, even when Discord's answer is lost.

Discord has no nonce for threads. After a 5xx the library repeats the request by itself; after a cut
connection it is unknown whether the thread exists. So this looks for it: an empty thread of ours
with that name, which was not there before. The thread is used, or else removed.
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
"""Seconds after which the library repeats a request. A faster request was sent once."""
LOOK_AGAIN = (5.0, 30.0, 120.0, 600.0)
"""Pauses, in seconds, before looking again for a thread that may exist but is used by nobody."""
MOST_GIVEN = 1_000

LOOKING_SECONDS = 5.0
"""How long Discord may take to list the threads."""

Key = tuple[int, str]
"""The id of a channel and the name of a thread."""


class _Making:
    """The requests for threads with one name in one channel."""

    def __init__(self) -> None:
        self.looking = asyncio.Lock()
        self.under_way = 0
        """Requests that have not been answered yet."""
        self.begun = 0

    def may_be_anothers(self, begun: int) -> bool:
        """Whether a thread seen now may belong to another request: open now, or begun since."""
        return self.under_way > 0 or self.begun != begun


class ThreadMaker:
    """Makes threads, any number at a time.

    Threads with the same name in the same channel look alike. So this only looks for a lost one
    while no other request for that name is under way, because the thread might be that request's.
    """

    def __init__(self) -> None:
        self._making: PerKey[Key, _Making] = PerKey(_Making)
        self._given: deque[int] = deque(maxlen=MOST_GIVEN)
        self._doubtful: dict[Key, Collection[int]] = {}
        """Threads that may exist without being used, with those that were there before."""
        self._looking = BackgroundTasks()

    async def make(self, channel: discord.TextChannel, name: str, **how: Any) -> discord.Thread:  # noqa: ANN401 - theirs
        """Make a thread, or find the one that a failed attempt made after all.

        Raises what the request raises; the thread it may have made is removed as soon as possible.
        """
        key = (channel.id, name)
        making = self._making[key]
        before = frozenset(one.id for one in channel.threads)
        if key in self._doubtful and (found := await self._doubtful_thread(channel, name)):
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
        if found := await self._doubtful_thread(channel, name):
            return found
        raise failure or RuntimeError("there is neither a thread nor a failure")

    async def remove(self, thread: discord.Thread) -> None:
        """Remove an empty thread; never raises."""
        try:
            await thread.delete()
        except DISCORD_FAILURES as error:
            if says_channel_is_gone(error):
                return
            log.info("a thread cannot be deleted, so it is put away: %s", error)
        else:
            return
        try:
            # The one who made a thread may archive it without any right.
            await thread.edit(archived=True)
        except DISCORD_FAILURES as error:
            log.warning("an empty thread stays: %s", error)

    def _doubt(self, channel: discord.TextChannel, name: str, before: Collection[int]) -> None:
        """Remember that there may be a thread that nobody uses."""
        self._doubtful.setdefault((channel.id, name), before)
        self._look_later(channel, name)

    async def _doubtful_thread(
        self, channel: discord.TextChannel, name: str
    ) -> discord.Thread | None:
        """The thread that was made after all, if exactly one candidate is seen."""
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
        """The threads made since `before` that nobody may be using; from now on they are taken.

        None where that is unknown: one of them may belong to a request that is under way.
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
        """The empty threads of ours with this name that were not there before, says Discord.

        Where Discord does not answer, the cache is used.
        """
        try:
            async with asyncio.timeout(LOOKING_SECONDS):
                threads = await channel.guild.active_threads()
        except DISCORD_FAILURES as error:
            log.info("threads cannot be looked for: %s", error)
            threads = channel.threads
        return sorted(
            (
                thread
                for thread in threads
                if thread.parent_id == channel.id
                and thread.owner_id == channel.guild.me.id
                and thread.name == name
                and thread.id not in before
                and thread.id not in self._given
                and not thread.message_count
            ),
            key=lambda one: one.id,
        )

    def _look_later(self, channel: discord.TextChannel, name: str) -> None:
        self._looking.begin(self._remove_later(channel, name), "threads-for-nobody")

    async def _remove_later(self, channel: discord.TextChannel, name: str) -> None:
        """Remove a thread that nobody uses, unless another attempt uses it first."""
        key = (channel.id, name)
        for pause in LOOK_AGAIN:
            await asyncio.sleep(pause)
            before = self._doubtful.get(key)
            if before is None:
                return
            for thread in await self._take(channel, name, before) or ():
                await self.remove(thread)
        self._doubtful.pop(key, None)
