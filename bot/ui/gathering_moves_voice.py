"""Moving people between voice channels: one after another, and only where that is welcome.

Discord lets about ten members of a server be changed in ten seconds. The library waits when it
says so; what is left to do here is that two gatherings of one server take turns.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from weakref import WeakValueDictionary

import discord

from bot.domain.gatherings import Gathering
from bot.services.ports import RoomGone, RoomRefused, RoomUnreachable
from bot.ui.gathering_rights import MOVE, TO_MOVE, Lacks, lacking_to_move
from bot.ui.reaching import Reach, reaching

log = logging.getLogger(__name__)

MOST_REFUSED = 3
"""After Discord has refused so many people of a gathering, the others go by the link."""
MOVING_SECONDS = 20.0
"""How long one move may take: all others of the server wait for it."""


class VoiceMover:
    """Moves members who are in voice already; nobody is dragged out of a stage."""

    def __init__(self, reach: Reach, lacks: Lacks) -> None:
        self._reach = reach
        self._lacks = lacks
        self._queues: WeakValueDictionary[tuple[str, int], asyncio.Lock] = WeakValueDictionary()
        self._refused: Counter[int] = Counter()

    async def move(
        self,
        gathering: Gathering,
        user_id: int,
        to: discord.abc.GuildChannel | None,
        *,
        still: Callable[[], bool] = lambda: True,
    ) -> bool:
        """Move somebody; whether they are there then. Never raises.

        `still` is asked when it is their turn, and says whether it is wanted yet.
        """
        if not isinstance(to, discord.VoiceChannel) or not self._can(gathering, user_id, to):
            return is_in(to, user_id)
        # Each gathering has one in the queue of the server at a time: so they take turns.
        async with self._queue("gathering", gathering.id), self._queue("guild", to.guild.id):
            # Waiting may have taken a minute.
            member = self._can(gathering, user_id, to) if still() else None
            return is_in(to, user_id) if member is None else await self._move(gathering, member, to)

    def forget(self, gathering_id: int) -> None:
        """A gathering is over."""
        del self._refused[gathering_id]

    def _queue(self, of: str, id_: int) -> asyncio.Lock:
        return self._queues.setdefault((of, id_), asyncio.Lock())

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
        for switch in TO_MOVE:
            if switch != lacking:
                self._lacks.clear(gathering, switch)
        if lacking is not None:
            self._lacks.note(gathering, lacking)
            return None
        if self._refused[gathering.id] >= MOST_REFUSED:
            return None
        return member

    async def _move(
        self, gathering: Gathering, member: discord.Member, to: discord.VoiceChannel
    ) -> bool:
        await self._reach.rate.turn(gathering.guild_id)
        try:
            moving = member.move_to(to, reason="A practice round: to the room of the group")
            await reaching(asyncio.wait_for(moving, MOVING_SECONDS))
        except RoomRefused as error:
            self._refused[gathering.id] += 1
            self._lacks.note(gathering, MOVE)
            log.info("somebody may not be moved: %s", error)
        except (RoomUnreachable, RoomGone, discord.HTTPException) as error:
            # Often they have just left; else the link is there.
            log.info("somebody cannot be moved: %s", error)
        else:
            return True
        return False


def is_in(channel: discord.abc.GuildChannel | None, user_id: int) -> bool:
    """Whether somebody is in this voice channel."""
    return user_id in people_in(channel)


def people_in(channel: object) -> frozenset[int]:
    """Everybody in a voice channel, as far as it is known and one."""
    if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        return frozenset(channel.voice_states)
    return frozenset()
