"""Who can read the room of a round: people of earlier rounds there are taken out before it."""

from __future__ import annotations

from bot.gatherings.model.gathering import Gathering, Presence, Room
from bot.gatherings.service.ports import Call, GatheringHost
from bot.kit.one_per_key import within
from bot.rounds.service.live import LiveRounds

REMOVING_SECONDS = 20.0
"""How long the first card of a room waits for that."""
TELLING_SECONDS = 20.0

Key = tuple[int, int, int]
"""A gathering, its round, and the number of a room."""


class Readers:
    """Rooms are used again from round to round, and Discord keeps people in their threads."""

    def __init__(self, rounds: LiveRounds, host: GatheringHost) -> None:
        self._rounds = rounds
        self._host = host
        self._left: set[Key] = set()
        """Rooms in which people of an earlier round are left."""

    def forget(self, gathering_id: int) -> None:
        """A gathering is over."""
        self._left = {key for key in self._left if key[0] != gathering_id}

    async def take_out(self, gathering: Gathering, room: Room) -> None:
        """Before a round begins in a room, remove those of earlier rounds who are not of it."""
        if gathering.number > 1 and not await self._is_done(gathering, room):
            self._left.add((gathering.id, gathering.number, room.number))

    async def try_again(self, gathering: Gathering, room: Room) -> None:
        """Once more where that was not possible; where it still is not, the room is told."""
        key = (gathering.id, gathering.number, room.number)
        if key not in self._left:
            return
        self._left.discard(key)
        if not await self._is_done(gathering, room):
            telling = self._host.tell(gathering, Call.STILL_READ, room=room, people=())
            await within(TELLING_SECONDS, telling, otherwise=False)

    async def _is_done(self, gathering: Gathering, room: Room) -> bool:
        known = await self._rounds.people_of_room(room.channel_id, gathering.id)
        known |= {one.user_id for one in gathering.guests if one.presence is Presence.LEFT}
        removing = self._host.keep_out(gathering, room, known)
        return await within(REMOVING_SECONDS, removing, otherwise=False)
