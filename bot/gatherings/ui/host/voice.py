"""Moving people between voice channels: a few at a time, and only where that is welcome.

Discord lets about ten members of a server be changed in ten seconds, and the library keeps to that.
What is left to do here is that two gatherings of one server take turns, and that a move that hangs
holds up its own person alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from enum import Enum

import discord

from bot.gatherings.model.gathering import Gathering
from bot.gatherings.ui.host.missing import MissingPermissions
from bot.kit.few_at_a_time import FewAtATime
from bot.kit.one_per_key import BackgroundTasks
from bot.kit.per_key import PerKey
from bot.kit.requests.errors import RoomGone, RoomRefused, RoomUnreachable
from bot.kit.requests.reach import Reach, reaching
from bot.kit.requests.rights import MOVE, TO_MOVE, lacking_to_move

log = logging.getLogger(__name__)

MOST_REFUSED = 3
"""After Discord has refused so many people of a gathering, the others go by the link."""
MOST_AT_ONCE = 3
"""Moves of one server, besides those that hang."""
HANGS_SECONDS = 1.0
"""A move that takes longer leaves its place in the queue to others."""
MOVING_SECONDS = 20.0
"""How long one move may take; after that it is given up."""
TRIES = 2
"""How often a move that hangs is tried: again when it has been given up."""


class Came(Enum):
    """What came of a move."""

    IN = "in"
    NOT = "not"
    HANGS = "hangs"
    """It took too long. Whether it took effect is not known."""


class VoiceMover:
    """Moves members who are in voice already; nobody is dragged out of a stage."""

    def __init__(self, reach: Reach, missing: MissingPermissions) -> None:
        self._reach = reach
        self._missing = missing
        self._queues: PerKey[int, FewAtATime] = PerKey(
            lambda: FewAtATime(MOST_AT_ONCE, HANGS_SECONDS)
        )
        self._refused: Counter[int] = Counter()
        self._hanging = BackgroundTasks()
        """Moves that nobody waits for any more."""

    async def move(
        self,
        gathering: Gathering,
        user_id: int,
        to: discord.abc.GuildChannel | None,
        *,
        still: Callable[[], bool] = lambda: True,
        waits: bool = True,
    ) -> bool:
        """Move someone; whether they are there then. Never raises.

        `still` is asked when it is their turn, and says whether it is wanted yet. Without `waits`,
        a move that hangs goes on by itself.
        """
        if not isinstance(to, discord.VoiceChannel) or not self._can(gathering, user_id, to):
            return is_in(to, user_id)
        queue = self._queues[to.guild.id]

        async def begin() -> asyncio.Task[Came]:
            return await queue.do(
                gathering.id, lambda: self._move(gathering, user_id, to, still=still)
            )

        async def finish(moving: asyncio.Task[Came]) -> bool:
            tries = 1
            while (came := await moving) is Came.HANGS and tries < TRIES:
                tries += 1
                moving = await begin()
            return came is Came.IN

        moving = await begin()
        if waits or moving.done():
            return await finish(moving)
        self._hanging.begin(finish(moving), "moving-late")
        return False

    def forget(self, gathering_id: int) -> None:
        """A gathering is over."""
        del self._refused[gathering_id]

    async def close(self) -> None:
        """Give up moves that hang."""
        await self._hanging.close()

    def _can(
        self, gathering: Gathering, user_id: int, to: discord.VoiceChannel
    ) -> discord.Member | None:
        """The member, if they are to be moved and may be."""
        # All who are in voice are known.
        member = to.guild.get_member(user_id)
        here = member.voice.channel if member is not None and member.voice is not None else None
        if not isinstance(here, discord.VoiceChannel) or here in (to, to.guild.afk_channel):
            return None
        lacking = lacking_to_move(here, to)
        if lacking is None and self._refused[gathering.id] >= MOST_REFUSED:
            # Discord has refused too often, whatever the permissions seem to be.
            return None
        for switch in TO_MOVE:
            if switch != lacking:
                self._missing.clear(gathering, switch)
        if lacking is not None:
            self._missing.note(gathering, lacking)
            return None
        return member

    async def _move(
        self,
        gathering: Gathering,
        user_id: int,
        to: discord.VoiceChannel,
        *,
        still: Callable[[], bool],
    ) -> Came:
        # Waiting may have taken a minute.
        member = self._can(gathering, user_id, to) if still() else None
        if member is None:
            return Came.IN if is_in(to, user_id) else Came.NOT
        await self._reach.rate.slot(gathering.guild_id)
        moving = member.move_to(to, reason="A practice round: to the room of the group")
        limit = asyncio.timeout(MOVING_SECONDS)
        try:
            async with limit:
                await reaching(moving)
        except RoomRefused as error:
            self._refused[gathering.id] += 1
            self._missing.note(gathering, MOVE)
            log.info("somebody may not be moved: %s", error)
        except (RoomUnreachable, RoomGone, discord.HTTPException, TimeoutError) as error:
            if limit.expired():
                log.info("a move hangs, and is given up")
                return Came.HANGS
            # Often they have just left; else the link is there.
            log.info("somebody cannot be moved: %s", error)
        else:
            return Came.IN
        return Came.NOT


def is_in(channel: discord.abc.GuildChannel | None, user_id: int) -> bool:
    """Whether someone is in this voice channel."""
    return user_id in people_in(channel)


def people_in(channel: object) -> frozenset[int]:
    """Everybody in a voice channel, as far as it is known and one."""
    if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        return frozenset(channel.voice_states)
    return frozenset()
