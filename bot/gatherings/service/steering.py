"""The facilitator's panel as use cases: all rooms together, and each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.gatherings.model import moves
from bot.gatherings.model.gathering import Gathering, Room, Stage
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.access import GatheringAccess
from bot.gatherings.service.boarding import may_begin
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.ports import Call, GatheringHost
from bot.gatherings.service.rooms import GatheringRooms, get_room
from bot.kit.person import Person
from bot.kit.refusals import DojoError
from bot.rounds.model.refusals import AlreadyDone
from bot.rounds.model.round import State
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.proposing import RoundProposing
from bot.rounds.service.steering import RoundSteering


class Steer(StrEnum):
    """What can be done to the rounds of all rooms, or of one."""

    PAUSE = "pause"
    RESUME = "resume"
    LONGER = "longer"
    NEXT = "next"
    END = "end"


LONGER_MINUTES = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of doing something in several rooms."""

    gathering: Gathering
    done: tuple[int, ...]
    """The numbers of the rooms in which it was done."""
    already: tuple[int, ...] = ()
    """Where it was so already, or someone was quicker."""
    refused: tuple[tuple[int, DojoError], ...] = ()
    """Where it could not be done, and why."""
    by_user_id: int | None = None
    """Who was quicker, in one of `already`, where that is known."""


@dataclass(eq=False)
class GatheringSteering:
    """What a facilitator does while people are in their rooms."""

    _live: LiveGatherings
    _access: GatheringAccess
    _rounds: LiveRounds
    _proposing: RoundProposing
    _round_steering: RoundSteering
    _rooms: GatheringRooms
    _host: GatheringHost
    _visited: set[tuple[int, int, int, int]] = field(default_factory=lambda: set(), init=False)
    """Which rooms know that a facilitator looks in: gathering, round, room and person."""

    # All rooms

    async def steer_all(
        self, gathering_id: int, person: Person, steer: Steer, *, seen: dict[int, int] | None = None
    ) -> Outcome:
        """Do something in every room.

        `seen` is how far the person saw each round, by its id: segments that have passed since are
        not skipped as well.
        """
        gathering = self._live.get(gathering_id)
        if not gathering.is_in_rooms:
            raise CannotGather("not in rooms")
        # There may be more rooms, of an earlier round with more groups.
        rooms = [now.room for now in self._rooms.rooms_now(gathering)]
        return await self._steer(gathering, rooms, person, steer, seen or {})

    async def steer_one(
        self,
        gathering_id: int,
        person: Person,
        number: int,
        steer: Steer,
        *,
        seen: int | None = None,
    ) -> Outcome:
        """Do something in one room. Raises what its round says against it."""
        gathering = self._live.get(gathering_id)
        room = get_room(gathering, number)
        known = {room.round_id: seen} if seen is not None and room.round_id is not None else {}
        outcome = await self._steer(gathering, (room,), person, steer, known)
        if outcome.refused:
            raise outcome.refused[0][1]
        return outcome

    async def more_time(self, gathering_id: int, person: Person, seen: int) -> Gathering:
        """Give everybody a minute more to come; `seen` is the end the person saw, in seconds."""
        return await self._access.move(
            gathering_id, person, lambda g, now: moves.more_time(g, seen, now)
        )

    async def start_now(self, gathering_id: int, person: Person, *, number: int) -> Gathering:
        """Start the clocks of all rooms that are ready, before the time to come is up.

        The others follow once their coach and client have agreed; their seats are kept for them
        until the time to come is up. Raises CannotGather where no room is ready, or not all are
        open.
        """
        gathering = self._access.checked(gathering_id, person)
        rooms = self._rooms.rooms_now(gathering)
        ready = any(now.round is not None and may_begin(now.round) for now in rooms)
        if gathering.stage is Stage.BOARDING and gathering.number == number and not ready:
            raise CannotGather("nobody ready")

        def move(current: Gathering, _: datetime) -> Gathering:
            started = moves.start_now(current, number=number)
            opened = {room.number for room in current.rooms if room.round_id is not None}
            if not opened.issuperset(range(1, len(current.groups) + 1)):
                raise CannotGather("rooms opening")
            return started

        return await self._access.move(gathering_id, person, move)

    async def end_all(self, gathering_id: int, person: Person) -> Gathering:
        """End the rounds of all rooms and call everybody back."""
        gathering = self._access.checked(gathering_id, person)
        if gathering.stage not in (Stage.BOARDING, Stage.RUNNING):
            raise CannotGather("not in rooms")
        await self._steer(gathering, gathering.rooms, person, Steer.END, {})
        return await self._live.move(gathering_id, _called_back)

    async def broadcast(
        self,
        gathering_id: int,
        person: Person,
        text: str,
        number: int | None = None,
        *,
        is_loud: bool = False,
    ) -> Outcome:
        """Post what a facilitator typed in all rooms, or in one; where that was not possible.

        `is_loud`: it mentions the people of each room.
        """
        gathering = self._access.checked(gathering_id, person)
        rooms = gathering.rooms if number is None else (get_room(gathering, number),)
        rooms = tuple(room for room in rooms if room.round_id is not None)
        if not rooms or not gathering.is_in_rooms:
            raise CannotGather("not in rooms")
        sent = await asyncio.gather(
            *(
                self._host.broadcast(
                    gathering,
                    room,
                    text,
                    person.user_id,
                    notify=self._there(room) if is_loud else (),
                )
                for room in rooms
            )
        )
        there = [room.number for room, is_sent in zip(rooms, sent, strict=True) if is_sent]
        others = [room for room in rooms if room.number not in there]
        refused = [(one.number, CannotGather("unreachable", one.channel_id)) for one in others]
        return Outcome(gathering, tuple(there), refused=tuple(refused))

    async def visit(self, gathering_id: int, person: Person, number: int) -> tuple[Room, bool]:
        """Bring the facilitator into a room, which is taken as help on its way.

        Whether they were moved; else they go by the link.
        """
        gathering = self._live.get(gathering_id)
        room = get_room(gathering, number)
        self._access.check_facilitates(gathering, person)
        await self._live.move(gathering_id, lambda g, _: moves.helped(g, number))
        is_moved = await self._host.visit(gathering, room, person.user_id)
        key = (gathering.id, gathering.number, number, person.user_id)
        if room.asked_at is not None:
            self._visited.add(key)
            await self._host.tell(gathering, Call.COMING, room=room, people=[person.user_id])
        elif key not in self._visited:
            self._visited.add(key)
            await self._host.tell(gathering, Call.VISIT, room=room, people=())
        return room, is_moved

    # Inside

    def _there(self, room: Room) -> tuple[int, ...]:
        """Who is in the round of a room, or asked into it."""
        round_ = self._rounds.find(room.round_id or 0)
        seats = round_.here if round_ is not None else ()
        return tuple(seat.user_id for seat in seats if seat.user_id is not None)

    async def _steer(
        self,
        gathering: Gathering,
        rooms: Sequence[Room],
        person: Person,
        steer: Steer,
        seen: dict[int, int],
    ) -> Outcome:
        acting = self._access.acting(gathering, person)

        async def one(room: Room) -> DojoError | None:
            if room.round_id is None:
                return CannotGather("not in rooms")
            try:
                await self._act(steer, room.round_id, acting, seen.get(room.round_id))
            except DojoError as error:
                return error
            return None

        results = list(zip(rooms, await asyncio.gather(*map(one, rooms)), strict=True))
        failed = [(room.number, error) for room, error in results if error is not None]
        already = [(n, error) for n, error in failed if isinstance(error, AlreadyDone)]
        quicker = (error.by_user_id for _, error in already if error.by_user_id is not None)
        return Outcome(
            self._live.find(gathering.id) or gathering,
            tuple(room.number for room, error in results if error is None),
            tuple(number for number, _ in already),
            tuple(one for one in failed if not isinstance(one[1], AlreadyDone)),
            next(quicker, None),
        )

    async def _act(self, steer: Steer, round_id: int, person: Person, after: int | None) -> None:
        match steer:
            case Steer.PAUSE:
                await self._round_steering.pause(round_id, person)
            case Steer.RESUME:
                await self._round_steering.resume(round_id, person)
            case Steer.LONGER:
                await self._round_steering.extend(round_id, person, LONGER_MINUTES, position=after)
            case Steer.NEXT:
                await self._round_steering.go_next(round_id, person, after=after)
            case Steer.END:
                if self._rounds.get(round_id).state is State.PROPOSED:
                    await self._proposing.call_off(round_id, person)
                else:
                    await self._round_steering.stop(round_id, person)


def _called_back(gathering: Gathering, now: datetime) -> Gathering:
    # The rounds may have ended by themselves meanwhile.
    if gathering.stage in (Stage.BOARDING, Stage.RUNNING):
        return moves.call_back(gathering, now)
    return gathering
