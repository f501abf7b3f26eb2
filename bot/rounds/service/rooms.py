"""What Discord says of the rooms of rounds: one is deleted, or people come to and leave voice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from datetime import datetime

from bot.kit.refusals import DojoError
from bot.rounds.model import people as round_people
from bot.rounds.model.round import Ending, RoomKind, Round
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.live import LiveRounds


class RoundRooms:
    """Has rounds follow what happens in and to their rooms."""

    def __init__(self, live: LiveRounds, access: RoundAccess) -> None:
        self._live = live
        self._access = access

    async def room_deleted(self, channel_id: int) -> None:
        """Discord says that a channel is deleted."""
        round_ = self._live.in_room(channel_id)
        if round_ is not None:
            await self._live.gone(round_.id)

    async def dojo_deleted(self, dojo_id: int) -> None:
        """The channel of a dojo is deleted, and its threads with it."""
        threads = (RoomKind.PRIVATE_THREAD, RoomKind.PUBLIC_THREAD)
        for round_ in self._live.all():
            if round_.dojo_id == dojo_id and round_.room in threads:
                await self._live.gone(round_.id)

    async def guild_left(self, guild_id: int) -> None:
        """The bot is no longer in a guild: nobody can be told anything there."""
        for round_ in self._live.all():
            if round_.guild_id == guild_id:
                await self._live.close_quietly(round_.id, Ending.BOT_REMOVED)

    async def voice_changed(self, user_id: int, before: int | None, after: int | None) -> None:
        """A person went from one voice channel to another, or from or to none."""
        for channel_id, is_left in ((before, True), (after, False)):
            known = self._live.in_room(channel_id)
            if before == after or known is None or known.room is not RoomKind.VOICE:
                continue

            def move(round_: Round, now: datetime, *, is_left: bool = is_left) -> Round:
                if is_left:
                    return round_people.voice_left(round_, user_id, now)
                if round_.has_begun:
                    self._access.check_can_come(round_, user_id)
                return round_people.voice_joined(round_, user_id, now)

            # Over by now, full, or a person of another round: nothing to notice.
            with suppress(DojoError):
                await self._access.move(known.id, move)

    async def see_voice(self, members: Callable[[int], Collection[int] | None]) -> None:
        """After a start or an outage: notice who came to and left the voice rooms meanwhile.

        `members` gives who is in a channel; None when that is not known. What cannot be noted of
        one round is raised once all others have been looked at.
        """
        failure: Exception | None = None
        for round_ in self._live.all():
            present = members(round_.room_id) if round_.room is RoomKind.VOICE else None
            if present is None or not round_.is_open:
                continue
            try:
                await self._see_voice_of(round_, present)
            except Exception as error:  # noqa: BLE001 - raised below
                failure = error
        if failure is not None:
            raise failure

    async def _see_voice_of(self, round_: Round, present: Collection[int]) -> None:
        # They are not gone, though the clock would say so now: nobody looked until now.
        back = [s.user_id for s in round_.here if s.away_since and s.user_id in present]
        if back:
            await self._notice_back(round_.id, back)
        for seat in round_.seats:
            if seat.user_id is None or seat.in_voice == (seat.user_id in present):
                continue
            here = round_.room_id if seat.user_id in present else None
            there = None if here else round_.room_id
            await self.voice_changed(seat.user_id, there, here)

    async def _notice_back(self, round_id: int, back: Iterable[int | None]) -> None:
        def move(round_: Round, now: datetime) -> Round:
            for user_id in back:
                if user_id is not None:
                    round_ = round_people.voice_joined(round_, user_id, now)
            return round_

        with suppress(DojoError):
            await self._live.move(round_id, move, clock_first=False)
