"""What rooms and the dojo are told beside the cards of an evening, while nothing waits for it.

A message may hang for minutes, as when Discord limits how much is posted. Rooms open, clocks start
and everybody comes back meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Sequence
from typing import Any

from bot.gatherings.model.gathering import Gathering, Room, Stage
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.ports import Call, GatheringHost
from bot.kit.one_per_key import OnePerKey, within

CALLING_SECONDS = 20.0
"""How long one try may take; it is given up then, and tried again."""
AGAIN_SECONDS = 5.0
"""After an attempt that failed."""

IN_ROUND = (Stage.BOARDING, Stage.RUNNING)


class Calls:
    """Makes each call once, however often that has to be tried, as long as it is needed."""

    def __init__(self, live: LiveGatherings, host: GatheringHost) -> None:
        self._live = live
        self._host = host
        self._calling: OnePerKey[Hashable] = OnePerKey("calling")

    def seats_free(self, gathering_id: int) -> None:
        """Tell those who got a seat from the waiting list, and do not know it yet."""

        def is_needed(_: Gathering) -> bool:
            return bool(self._live.newly_seated(gathering_id))

        async def call(gathering: Gathering) -> bool:
            seated = self._live.newly_seated(gathering_id)
            if await self._host.tell(gathering, Call.SEAT_FREE, people=seated):
                self._live.told_seated(gathering_id, seated)
            return not self._live.newly_seated(gathering_id)

        if self._live.newly_seated(gathering_id):
            self._begin((Call.SEAT_FREE, gathering_id), gathering_id, call, is_needed)

    def moved_on(self, gathering: Gathering, room: Room, user_id: int) -> None:
        """Tell someone who is alone in their room where others would be glad of them."""
        self._tell(
            (Call.MOVED_ON, gathering.id, gathering.number, user_id),
            (gathering, Call.MOVED_ON, room, [user_id]),
            lambda now: _is_in_round(now, gathering) and now.takes_part(user_id),
        )

    def no_rooms(self, gathering: Gathering) -> None:
        """Tell those who look after the evening that no room could be opened."""
        self._tell(
            (Call.NO_ROOMS, gathering.id),
            (gathering, Call.NO_ROOMS, None, gathering.facilitators),
            lambda now: now.stage in (Stage.OPEN, Stage.BETWEEN),
        )

    def roomless(
        self,
        gathering: Gathering,
        call: Call,
        people: Sequence[int],
        numbers: Sequence[int],
        room: Room | None,
    ) -> None:
        """Tell the people of the groups of these numbers what has become of their rooms."""

        def is_needed(now: Gathering) -> bool:
            rooms = [now.room(number) for number in numbers]
            has_all = all(room is not None and room.round_id is not None for room in rooms)
            return _is_in_round(now, gathering) and not has_all

        key = (call, gathering.id, gathering.number, *numbers)
        self._tell(key, (gathering, call, room, people), is_needed)

    async def come_back(self, gathering: Gathering, rooms: Sequence[Room], patience: float) -> None:
        """Call the people of these rooms back; so many seconds are waited for that."""

        def is_needed(now: Gathering) -> bool:
            return now.stage is Stage.RETURNING and now.number == gathering.number

        keys: list[Hashable] = []
        for room in rooms:
            group = gathering.group_in(room)
            people = [one for one in (group.people if group else ()) if gathering.takes_part(one)]
            keys.append((Call.CALLED_BACK, gathering.id, gathering.number, room.number))
            self._tell(keys[-1], (gathering, Call.CALLED_BACK, room, people), is_needed)
        await self._calling.wait(keys, patience)

    async def close(self) -> None:
        """Give up what has not been said."""
        await self._calling.close()

    def _tell(
        self,
        key: Hashable,
        what: tuple[Gathering, Call, Room | None, Sequence[int]],
        is_needed: Callable[[Gathering], bool],
    ) -> None:
        """Begin to tell people something, as `GatheringHost.tell` takes it."""
        gathering, call, room, people = what

        def tell(_: Gathering) -> Coroutine[Any, Any, bool]:
            return self._host.tell(gathering, call, room=room, people=people)

        self._begin(key, gathering.id, tell, is_needed)

    def _begin(
        self,
        key: Hashable,
        gathering_id: int,
        call: Callable[[Gathering], Coroutine[Any, Any, bool]],
        is_needed: Callable[[Gathering], bool],
    ) -> None:
        """Begin to make a call, unless one with the same key is being made."""

        async def work() -> None:
            while (now := self._live.find(gathering_id)) is not None and is_needed(now):
                if await within(CALLING_SECONDS, call(now), otherwise=False):
                    return
                await asyncio.sleep(AGAIN_SECONDS)

        self._calling.begin(key, work)


def _is_in_round(now: Gathering, gathering: Gathering) -> bool:
    """Whether people are still in the rooms of that round, or on their way."""
    return now.number == gathering.number and now.stage in IN_ROUND
