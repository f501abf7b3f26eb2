"""The voice channel in which an evening meets, until it starts: who sits there and is not in yet.

Nobody is put into an evening for sitting there. Who comes is asked, once, and their facilitators
see who has not pressed **Join**, and who is in and not there.
"""

from __future__ import annotations

from collections.abc import Collection

import discord
from discord.ext import commands

from bot.gatherings.model.gathering import Gathering, Stage
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.ports import Call
from bot.gatherings.ui.host.host import DiscordHost
from bot.gatherings.ui.panel.live import LivePanels
from bot.kit.discord.text import joined
from bot.kit.one_per_key import OnePerKey
from bot.rounds.ui.shared import mention

MOST_NAMED = 10


class Hall:
    """Looks at the common voice channels of evenings that have not started."""

    def __init__(self, live: LiveGatherings, host: DiscordHost, panels: LivePanels) -> None:
        self._live = live
        self._host = host
        self._panels = panels
        self._asked: set[tuple[int, int]] = set()
        """Who was asked, by gathering; in memory only: after a restart they may be asked again."""
        self._asking: OnePerKey[tuple[int, int]] = OnePerKey("come-in")

    def speak_through(self, client: discord.Client) -> None:
        """Hear from this client who comes and goes."""
        if isinstance(client, commands.Bot):
            client.add_listener(self._voice_changed, "on_voice_state_update")

    async def close(self) -> None:
        """Ask nobody any more."""
        await self._asking.close()

    def lines(self, gathering: Gathering) -> list[str]:
        """Who sits there and is not in, and who is in and not there; empty once it has started."""
        if not _looks(gathering) or gathering.voice_id is None:
            return []
        there, here = self._host.in_voice(gathering.voice_id), _people(gathering)
        known = {*here, *gathering.facilitators, *gathering.trusted_user_ids, *gathering.left}
        lines: list[str] = []
        if not_in := [one for one in there if one not in known]:
            lines.append(
                f"🎧 In <#{gathering.voice_id}>, and not in yet: {_named(not_in)}. **Join** is"
                " theirs to press."
            )
        if there and (away := [one for one in here if one not in there]):
            lines.append(f"🔇 In, and not in <#{gathering.voice_id}>: {_named(away)}.")
        return lines

    async def _voice_changed(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        was, is_now = (one.channel and one.channel.id for one in (before, after))
        if was == is_now or member.bot:
            return
        for gathering in self._live.all():
            is_about = gathering.voice_id is not None and gathering.voice_id in (was, is_now)
            if not is_about or not _looks(gathering):
                continue
            self._panels.touch(gathering.id)
            if gathering.voice_id == is_now and self._is_asked(gathering, member):
                self._ask(gathering, member.id)

    def _ask(self, gathering: Gathering, user_id: int) -> None:
        async def ask() -> None:
            await self._host.tell(gathering, Call.COME_IN, people=[user_id])

        still = {one.id for one in self._live.all()}
        self._asked = {one for one in self._asked if one[0] in still} | {(gathering.id, user_id)}
        self._asking.begin((gathering.id, user_id), ask)

    def _is_asked(self, gathering: Gathering, member: discord.Member) -> bool:
        """Whether this person is to be asked: once, not who looks after it, has left, or is in."""
        if (gathering.id, member.id) in self._asked or gathering.guest(member.id) is not None:
            return False
        if member.id in (*gathering.facilitators, *gathering.trusted_user_ids):
            return False
        home = member.guild.get_channel(gathering.channel_id)
        return home is not None and home.permissions_for(member).view_channel


def _looks(gathering: Gathering) -> bool:
    return gathering.stage in (Stage.OPEN, Stage.BETWEEN)


def _people(gathering: Gathering) -> list[int]:
    """Who takes part or waits for a seat."""
    guests = (*gathering.here, *gathering.waiting)
    return [one.user_id for one in guests if one.user_id is not None]


def _named(people: Collection[int]) -> str:
    named = [mention(one) for one in [*people][:MOST_NAMED]]
    more = len(people) - len(named)
    return joined([*named, f"{more} more"] if more else named)
