"""Going to the rooms: each group gets its room and its round, and all clocks start at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import gathering_moves as moves
from bot.domain.dojos import Dojo, Person
from bot.domain.errors import DojoError
from bot.domain.formats import Format, nearest_for
from bot.domain.gatherings import FEWEST_GUESTS, Gathering, Room, Stage
from bot.domain.groups import Group, Wish
from bot.domain.round_moves import group as seats_of
from bot.domain.rounds import Agreement, Round, State
from bot.services.contents import ContentService
from bot.services.dojos import DojoService
from bot.services.gathering_keeper import GatheringKeeper
from bot.services.gathering_ports import Call, GatheringHost
from bot.services.ports import RoomRefused
from bot.services.round_proposals import Room as RoundRoom
from bot.services.rounds import RoundService

log = logging.getLogger(__name__)


class Boarding:
    """Brings a gathering from its groups to its running rounds.

    Each step looks first whether it has been done: before a restart, or a moment ago.
    """

    def __init__(
        self,
        keeper: GatheringKeeper,
        rounds: RoundService,
        dojos: DojoService,
        contents: ContentService,
        host: GatheringHost,
        show: Callable[[int], Awaitable[None]],
    ) -> None:
        self._kept = keeper
        self._rounds = rounds
        self._dojos = dojos
        self._contents = contents
        self._host = host
        self._show = show
        self._brought: set[tuple[int, int, int]] = set()

    def forget(self, gathering_id: int) -> None:
        """A gathering is over."""
        self._brought = {key for key in self._brought if key[0] != gathering_id}

    async def board(self, gathering: Gathering) -> None:
        """Open what is not open yet, bring people, and start all clocks when it is time.

        Raises what opening a room raised, as long as there is time to try again; after that the
        others begin without it.
        """
        groups = gathering.draw.groups if gathering.draw else ()
        failure = await self._open_all(gathering, groups)
        opened = self._kept.get(gathering.id)
        if opened.rooms != gathering.rooms:
            # The card says where the rooms are.
            await self._kept.move(opened.id, lambda g, _: g.turned(), quietly=True)
            await self._show(opened.id)
        gathering = self._kept.get(gathering.id)
        roomless = [group for n, group in enumerate(groups, 1) if not _has_round(gathering, n)]
        if len(roomless) == len(groups):
            if failure is not None:
                raise failure
            await self._undo(gathering)
            return
        await asyncio.gather(
            *(self._bring(gathering, n, group) for n, group in enumerate(groups, 1))
        )
        if failure is not None and not self._is_due(gathering):
            raise failure
        await self._tell_roomless(gathering, roomless)
        gathering = self._kept.get(gathering.id)
        is_time = self._is_due(gathering) or self._all_are_ready(gathering)
        if gathering.stage is Stage.BOARDING and is_time:
            await self._begin(gathering, self._kept.now())

    def _is_due(self, gathering: Gathering) -> bool:
        return gathering.due_at is not None and gathering.due_at <= self._kept.now()

    async def _open_all(
        self, gathering: Gathering, groups: Sequence[Group]
    ) -> BaseException | None:
        """The rooms and rounds of all groups; the first failure, once all have been tried."""
        dojo = self._dojos.by_id(gathering.dojo_id)
        if dojo is None:
            # Rounds that are proposed still begin.
            return None
        tried = await asyncio.gather(
            *(self._open(gathering, dojo, n, group) for n, group in enumerate(groups, 1)),
            # Nothing is to go on in the background while all is tried again.
            return_exceptions=True,
        )
        return next((one for one in tried if one is not None), None)

    async def _open(self, gathering: Gathering, dojo: Dojo, number: int, group: Group) -> None:
        """The room and the round of one group."""
        room = gathering.room(number)
        if len(group.people) < FEWEST_GUESTS or (room is not None and room.round_id is not None):
            return
        taken = {one.room_id for one in self._rounds.kept.all() if one.is_open}
        own = self._rounds.kept.in_room(room.channel_id) if room else None
        if room is None or (own is not None and own.gathering_id != gathering.id):
            try:
                room = await self._host.open_room(gathering, number, taken=taken)
            except RoomRefused as error:
                log.warning("room %d cannot be opened: %s", number, error)
                return
            opened = room
            await self._kept.move(gathering.id, lambda g, _: moves.opened(g, opened), quietly=True)
            own = None
        round_ = own or await self._propose(gathering, dojo, room, group)
        if round_ is None:
            return
        of_room = replace(room, round_id=round_.id)
        await self._kept.move(gathering.id, lambda g, _: moves.opened(g, of_room), quietly=True)

    async def _propose(
        self, gathering: Gathering, dojo: Dojo, room: Room, group: Group
    ) -> Round | None:
        # Someone may have left meanwhile, begun a round of their own, or chosen to only observe.
        # The seat of a coach or client is then empty, and open to everybody in the room: nobody
        # else is put into it.
        now = self._kept.get(gathering.id)
        people = [
            one
            for one in group.people
            if now.takes_part(one) and self._rounds.kept.of_person(one) is None
        ]
        if len(people) < FEWEST_GUESTS:
            return None
        coach, client = (
            one if one in people and not _only_observes(now, one) else None
            for one in (group.coach, group.client)
        )
        observers = [one for one in people if one not in (coach, client)]
        seats = [
            replace(seat, observes_only=_only_observes(now, seat.user_id))
            for seat in seats_of(coach, client, observers)
        ]
        try:
            return await self._rounds.propose(
                dojo,
                RoundRoom(gathering.guild_id, room.channel_id, room.kind),
                await self._format_for(gathering, dojo, len(people)),
                seats,
                Person(gathering.facilitator_user_id or 0),
                in_voice=self._host.in_voice(room.channel_id),
                gathering_id=gathering.id,
            )
        except DojoError as error:
            log.warning("no round in room %d: %s", room.number, type(error).__name__)
            return None

    async def _undo(self, gathering: Gathering) -> None:
        """No group has a room: the round has not begun, and its groups are proposed again."""
        if gathering.stage is not Stage.BOARDING:
            return
        await self._kept.move(gathering.id, moves.not_begun)
        await self._host.tell(gathering, Call.NO_ROOMS, people=gathering.facilitators)

    async def _tell_roomless(self, gathering: Gathering, groups: Sequence[Group]) -> None:
        """Where the people of groups without a room may observe; once."""
        key = (gathering.id, gathering.number, 0)
        first = next((room for room in gathering.rooms if room.round_id is not None), None)
        if not groups or first is None or key in self._brought:
            return
        self._brought.add(key)
        people = [one for group in groups for one in group.people if gathering.takes_part(one)]
        await self._host.tell(gathering, Call.NO_ROOM, room=first, people=people)

    async def _format_for(self, gathering: Gathering, dojo: Dojo, people: int) -> Format:
        if gathering.format.suits_count(people):
            return gathering.format
        content = await self._contents.of_dojo(dojo)
        nearest = nearest_for(content.formats.values(), people, like=gathering.format)
        return nearest or gathering.format

    async def _bring(self, gathering: Gathering, number: int, group: Group) -> None:
        """Bring a group into its room, once."""
        room = gathering.room(number)
        if room is None or room.round_id is None:
            return
        # By its round: where a room was deleted on the way, there is another one.
        key = (gathering.id, gathering.number, room.round_id)
        if key in self._brought:
            return
        await self._host.bring(gathering, room, group.people)
        self._brought.add(key)

    def _all_are_ready(self, gathering: Gathering) -> bool:
        """Whether everybody has said yes in their room, and each has its coach and client."""
        rounds = [self._rounds.kept.find(room.round_id or 0) for room in gathering.rooms]
        groups = gathering.draw.groups if gathering.draw else ()
        found = [round_ for round_ in rounds if round_ is not None and round_.is_open]
        return len(found) == len(groups) and all(map(is_ready, found))

    async def _begin(self, gathering: Gathering, at: datetime) -> None:
        """Start the clocks of all rooms at the same moment, save of those that have to wait."""
        await asyncio.gather(*(self._begin_room(room, at) for room in gathering.rooms))
        await self._kept.move(gathering.id, _begun)

    async def begin_waiting(self, gathering: Gathering) -> None:
        """Start the clocks of rooms that waited for their coach or client, and have them now."""
        for room in gathering.rooms:
            round_ = self._rounds.kept.find(room.round_id or 0)
            if round_ is not None and may_begin(round_):
                await self._begin_room(room, self._kept.now())

    def waits(self, gathering: Gathering) -> bool:
        """Whether the round of any room has not begun and still may."""
        found = (self._rounds.kept.find(room.round_id or 0) for room in gathering.rooms)
        return any(one is not None and one.state is State.PROPOSED for one in found)

    async def _begin_room(self, room: Room, at: datetime) -> None:
        round_ = self._rounds.kept.find(room.round_id or 0)
        if round_ is None or round_.state is not State.PROPOSED:
            return
        try:
            await self._rounds.begin_with_others(round_.id, at)
        except DojoError as error:
            # Its card stays as it is, and the panel shows it; the others need not wait.
            log.info("room %d does not begin: %s", room.number, type(error).__name__)


def _has_round(gathering: Gathering, number: int) -> bool:
    room = gathering.room(number)
    return room is not None and room.round_id is not None


def may_begin(round_: Round) -> bool:
    """Whether coach and client of a round that has not begun have both said yes."""
    return round_.state is State.PROPOSED and round_.has_yes_of_leads


def is_ready(round_: Round) -> bool:
    """Whether everybody who is asked into a round has said yes, its coach and client with them."""
    answered = all(seat.agreement is not Agreement.OPEN for seat in round_.here)
    return answered and round_.has_yes_of_leads


def _only_observes(gathering: Gathering, user_id: int | None) -> bool:
    guest = gathering.guest(user_id) if user_id is not None else None
    return guest is not None and guest.wish is Wish.OBSERVE


def _begun(gathering: Gathering, _: datetime) -> Gathering:
    return moves.begun(gathering) if gathering.stage is Stage.BOARDING else gathering
