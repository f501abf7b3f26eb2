"""Takes people out of the private threads of rounds, and lets them in again."""

from __future__ import annotations

import discord

from bot.dojos.service.dojos import DojoService
from bot.kit.discord.interactions import person_in
from bot.kit.requests.errors import RoomUnreachable
from bot.kit.requests.rate import RequestRate
from bot.kit.requests.reach import Reach
from bot.kit.requests.unreachable import says_person_is_gone
from bot.rounds.model.round import Round
from bot.rounds.ui.asking.inviter import reaching


class DiscordDoor:
    """Implements `bot.rounds.service.ports.RoomDoor`."""

    def __init__(self, dojos: DojoService, rate: RequestRate) -> None:
        self._dojos = dojos
        self._reach = Reach(rate)

    def speak_through(self, client: discord.Client) -> None:
        """Use this client from now on."""
        self._reach.speak_through(client)

    async def take_out(self, round_: Round, user_id: int) -> None:
        """See RoomDoor. Rights are asked of Discord itself: the person presses nothing now."""
        thread = await self._own_thread(round_)
        if thread is None or await self._facilitates(thread.guild, round_, user_id):
            return
        await self._reach.rate.slot(round_.guild_id)
        try:
            await reaching(thread.remove_user(discord.Object(user_id)))
        except RoomUnreachable as error:
            # A person who is not in the thread is unknown there.
            if not says_person_is_gone(error.__cause__ or error):
                raise

    async def let_in(self, round_: Round, user_id: int) -> None:
        """See RoomDoor."""
        thread = await self._own_thread(round_)
        if thread is not None:
            await self._reach.rate.slot(round_.guild_id)
            await reaching(thread.add_user(discord.Object(user_id)))

    async def _own_thread(self, round_: Round) -> discord.Thread | None:
        """The private thread of a round, if the bot has opened it."""
        guild = self._reach.guild(round_.guild_id)
        thread: object = guild.get_thread(round_.room_id)
        if thread is None:
            thread = await reaching(guild.fetch_channel(round_.room_id))
        if not isinstance(thread, discord.Thread) or not thread.is_private():
            return None
        return thread if thread.owner_id == guild.me.id else None

    async def _facilitates(self, guild: discord.Guild, round_: Round, user_id: int) -> bool:
        dojo = self._dojos.open_or_closed(round_.dojo_id)
        if dojo is None:
            return False
        await self._reach.rate.slot(round_.guild_id)
        try:
            member = await reaching(guild.fetch_member(user_id))
        except RoomUnreachable as error:
            if not says_person_is_gone(error.__cause__ or error):
                raise
            return False
        return dojo.is_facilitator(person_in(member))
