"""Going to the rooms: each group gets its room and its round, and all clocks start at once.

A room that is slow to make holds up its own people alone: the others are brought and begin.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bot.content.model.formats import Format, followed_by
from bot.dojos.model.dojo import Dojo
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.gatherings.grouping.groups import Group
from bot.gatherings.model import moves
from bot.gatherings.model.gathering import FEWEST_GUESTS, Gathering, Room, Stage
from bot.gatherings.service.calls import Calls
from bot.gatherings.service.history import PracticeHistory
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.ports import Call, GatheringHost
from bot.gatherings.service.readers import Readers
from bot.kit.one_per_key import OnePerKey
from bot.kit.person import Person
from bot.kit.refusals import DojoError
from bot.kit.requests.errors import RoomRefused, RoomUnreachable
from bot.rounds.model.moves import group as seats_of
from bot.rounds.model.round import Agreement, Round, State
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople
from bot.rounds.service.proposing import Room as RoundRoom
from bot.rounds.service.proposing import RoundProposing

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0
"""How long one look at a gathering waits for rooms and people that are on their way."""
OPENING_SECONDS = 120.0
"""How long one try to open a room may take: longer than any limit Discord has for threads."""

Key = tuple[int, int, int]
"""A gathering, its round, and the number of a group."""


class Boarding:
    """Brings a gathering from its groups to its running rounds.

    Each step looks first whether it has been done: before a restart, or a moment ago.
    """

    def __init__(
        self,
        live: LiveGatherings,
        rounds: LiveRounds,
        proposing: RoundProposing,
        round_people: RoundPeople,
        dojos: DojoService,
        contents: ContentService,
        host: GatheringHost,
        calls: Calls,
        practised: PracticeHistory,
        show: Callable[[int], Awaitable[None]],
        wake: Callable[[int], None],
    ) -> None:
        self._live = live
        self._rounds = rounds
        self._proposing = proposing
        self._round_people = round_people
        self._dojos = dojos
        self._contents = contents
        self._host = host
        self._calls = calls
        self._practised = practised
        self._show = show
        self._wake = wake
        self._readers = Readers(rounds, host)
        self._opening: OnePerKey[Key] = OnePerKey("opening")
        self._bringing: OnePerKey[Key] = OnePerKey("bringing")
        self._failures: dict[Key, Exception] = {}
        """Why a room could not be opened, until that has been looked at."""
        self._late: set[Key] = set()
        """Groups whose room nobody waits for any more, though it is still being opened."""
        self._told: set[Key] = set()
        """Groups that know that they have no room, or not yet."""
        self._brought: set[Key] = set()
        """With the round in place of the number: a room that is deleted is followed by another."""

    def forget(self, gathering_id: int) -> None:
        """A gathering is over."""
        for known in (self._late, self._told, self._brought):
            known -= {key for key in known if key[0] == gathering_id}
        self._failures = {k: one for k, one in self._failures.items() if k[0] != gathering_id}
        self._readers.forget(gathering_id)

    async def close(self) -> None:
        """Give up what is under way; it is found again at the next start."""
        await self._opening.close()
        await self._bringing.close()

    async def board(self, gathering: Gathering) -> None:
        """Open what is not open yet, bring people, and start all clocks when it is time.

        Raises what opening a room raised, as long as there is time to try again; after that the
        others begin without it. What is still under way after a moment is left to itself: the
        gathering is woken when it has ended.
        """
        groups = gathering.groups
        keys = [_key(gathering, number) for number in range(1, len(groups) + 1)]
        failure = await self._open_all(gathering, groups)
        opened = self._live.get(gathering.id)
        if opened.rooms != gathering.rooms:
            # The card says where the rooms are.
            await self._live.move(opened.id, lambda g, _: g.turned(), quietly=True)
            await self._show(opened.id)
        gathering = self._live.get(gathering.id)
        late = [key for key in keys if self._opening.is_under_way(key)]
        self._late |= set(late)
        roomless = [key for key in keys if not _has_round(gathering, key[2]) and key not in late]
        if len(roomless) + len(late) == len(groups):
            if late:
                return
            if failure is not None:
                raise failure
            await self._undo(gathering)
            return
        for number, group in enumerate(groups, 1):
            self._bring(gathering, number, group)
        await self._bringing.wait(keys, self._patience(gathering))
        if failure is not None and not self._is_due(gathering):
            raise failure
        self._tell_roomless(gathering, roomless)
        gathering = self._live.get(gathering.id)
        is_time = self._is_due(gathering) or self._all_are_ready(gathering)
        if gathering.stage is Stage.BOARDING and is_time:
            await self._begin(gathering, self._live.now())
            self._tell(gathering, Call.ROOM_LATE, late)

    async def look_after_late(self, gathering: Gathering) -> None:
        """While the others practise: tell the people of a late room that it does not come."""
        failed = [key for key in self._failures if key[:2] == (gathering.id, gathering.number)]
        for key in failed:
            log.warning("room %d cannot be opened: %s", key[2], self._failures.pop(key))
            self._told.discard(key)
        self._tell_roomless(gathering, failed)

    def _patience(self, gathering: Gathering) -> float:
        """How many seconds may be waited now: never beyond the moment at which the clocks start."""
        if gathering.due_at is None:
            return PATIENCE_SECONDS
        left = (gathering.due_at - self._live.now()).total_seconds()
        return min(PATIENCE_SECONDS, max(left, 0))

    def _is_due(self, gathering: Gathering) -> bool:
        return gathering.due_at is not None and gathering.due_at <= self._live.now()

    async def _open_all(self, gathering: Gathering, groups: Sequence[Group]) -> Exception | None:
        """Begin to open the rooms and rounds of all groups, and wait a little; the first failure.

        What has failed is not begun again before that has been looked at.
        """
        keys = [_key(gathering, number) for number in range(1, len(groups) + 1)]
        dojo = self._dojos.by_id(gathering.dojo_id)
        # Without its dojo, rounds that are proposed still begin.
        if dojo is not None and not any(key in self._failures for key in keys):
            for key, group in zip(keys, groups, strict=True):
                self._begin_to_open(gathering, dojo, key, group)
            awaited = [key for key in keys if key not in self._late]
            await self._opening.wait(awaited, self._patience(gathering) or PATIENCE_SECONDS)
        failures = [self._failures.pop(key, None) for key in keys]
        return next((one for one in failures if one is not None), None)

    def _begin_to_open(self, gathering: Gathering, dojo: Dojo, key: Key, group: Group) -> None:
        async def work() -> None:
            try:
                await self._open(gathering, dojo, key[2], group)
            except Exception as error:  # noqa: BLE001 - raised, or told, where it is looked at
                self._failures[key] = error
            if key in self._late:
                self._late.discard(key)
                await self._arrive(gathering, key, group)

        self._opening.begin(key, work)

    async def _arrive(self, gathering: Gathering, key: Key, group: Group) -> None:
        """The opening of a late room has ended: its people are brought, and all is looked at."""
        now = self._live.find(gathering.id)
        if now is not None and self._is_awaited(now, key):
            if _has_round(now, key[2]):
                self._bring(now, key[2], group)
                # The card says where the room is.
                await self._live.move(now.id, lambda g, _: g.turned(), quietly=True)
            elif now.stage is Stage.RUNNING:
                self._failures.setdefault(key, RoomRefused("there can be no room"))
        self._wake(gathering.id)

    def _is_awaited(self, now: Gathering, key: Key) -> bool:
        """Whether the people of a group still wait for its room."""
        return now.number == key[1] and now.stage in (Stage.BOARDING, Stage.RUNNING)

    async def _open(self, gathering: Gathering, dojo: Dojo, number: int, group: Group) -> None:
        room = gathering.room(number)
        if len(group.people) < FEWEST_GUESTS or (room is not None and room.round_id is not None):
            return
        taken = {one.room_id for one in self._rounds.all() if one.is_open}
        own = self._rounds.in_room(room.channel_id) if room else None
        if room is None or (own is not None and own.gathering_id != gathering.id):
            room = await self._new_room(gathering, number, taken)
            if room is None:
                return
            own = None
        if own is None:
            await self._readers.take_out(self._live.get(gathering.id), room)
        round_ = own or await self._propose(gathering, dojo, room, group)
        if round_ is None:
            return
        of_room = replace(room, round_id=round_.id)
        now = await self._live.move(
            gathering.id, lambda g, _: moves.opened(g, of_room), quietly=True
        )
        await self._seat_others(now, of_room, round_.id, group)

    async def _seat_others(
        self, gathering: Gathering, room: Room, round_id: int, asked: Group
    ) -> None:
        """Who was let into a group while its round was being proposed observes there."""
        group = gathering.group_in(room)
        for user_id in group.people if group is not None else ():
            if user_id not in asked.people:
                with suppress(DojoError):
                    await self._round_people.join(round_id, Person(user_id))

    async def _new_room(
        self, gathering: Gathering, number: int, taken: Collection[int]
    ) -> Room | None:
        """A room that the gathering knows; none where there can be none, or nobody waits for it.

        Raises RoomUnreachable, also when it takes too long.
        """
        try:
            async with asyncio.timeout(OPENING_SECONDS):
                room = await self._host.open_room(gathering, number, taken=taken)
        except RoomRefused as error:
            log.warning("room %d cannot be opened: %s", number, error)
            return None
        except TimeoutError:
            raise RoomUnreachable("Discord takes too long") from None
        now = self._live.find(gathering.id)
        if now is None or not now.is_open:
            await self._host.put_away(replace(gathering, stage=Stage.ENDED, rooms=(room,)))
            return None
        is_awaited = self._is_awaited(now, _key(gathering, number))

        def move(current: Gathering, _: datetime) -> Gathering:
            if not is_awaited and current.room(number) is not None:
                return current
            return moves.opened(current, room)

        await self._live.move(gathering.id, move, quietly=True)
        return room if is_awaited else None

    async def _propose(
        self, gathering: Gathering, dojo: Dojo, room: Room, group: Group
    ) -> Round | None:
        # Someone may have left meanwhile, begun a round of their own, or chosen to only observe.
        # The seat of a coach or client is then empty, and open to everybody in the room: nobody
        # else is put into it.
        now = self._live.get(gathering.id)
        people = [
            one
            for one in group.people
            if now.takes_part(one)
            and self._rounds.of_person(one) is None
            and self._rounds.at_evening(gathering.id, one) is None
        ]
        if len(people) < FEWEST_GUESTS:
            return None
        coach, client = (
            one if one in people and not now.only_observes(one) else None
            for one in (group.coach, group.client)
        )
        observers = [one for one in people if one not in (coach, client)]
        seated = seats_of(coach, client, observers)
        seats = [replace(one, observes_only=now.only_observes(one.user_id)) for one in seated]
        try:
            return await self._proposing.propose(
                dojo,
                RoundRoom(gathering.guild_id, room.channel_id, room.kind),
                await self._format_for(gathering, dojo, len(people)),
                seats,
                Person(gathering.facilitator_user_id or 0),
                in_voice=self._host.in_voice(room.channel_id),
                gathering_id=gathering.id,
                is_again=await self._practised.have_agreed(gathering.id, people),
            )
        except DojoError as error:
            log.warning("no round in room %d: %s", room.number, type(error).__name__)
            return None

    async def _undo(self, gathering: Gathering) -> None:
        """No group has a room: the round has not begun, and its groups are proposed again."""
        if gathering.stage is not Stage.BOARDING:
            return
        await self._live.move(gathering.id, moves.not_begun)
        self._calls.no_rooms(gathering)

    def _tell_roomless(self, gathering: Gathering, keys: Sequence[Key]) -> None:
        """Where the people of groups without a room may observe; once."""
        first = next((room for room in gathering.rooms if room.round_id is not None), None)
        if first is not None:
            self._tell(gathering, Call.NO_ROOM, keys, room=first)

    def _tell(
        self, gathering: Gathering, call: Call, keys: Sequence[Key], *, room: Room | None = None
    ) -> None:
        """Tell the people of these groups what has become of their room; each group once."""
        new = [key for key in keys if key not in self._told]
        asked = [one for key in new for one in gathering.groups[key[2] - 1].people]
        people = [one for one in asked if gathering.takes_part(one)]
        self._told |= set(new)
        if people:
            self._calls.roomless(gathering, call, people, [key[2] for key in new], room)

    async def _format_for(self, gathering: Gathering, dojo: Dojo, people: int) -> Format:
        if gathering.format.suits_count(people):
            return gathering.format
        content = await self._contents.of_dojo(dojo)
        return followed_by(people, gathering.format, content.formats.values())

    def _bring(self, gathering: Gathering, number: int, group: Group) -> None:
        """Begin to bring a group into its room, once."""
        room = gathering.room(number)
        if room is None or room.round_id is None:
            return
        key = (gathering.id, gathering.number, room.round_id)
        if key in self._brought:
            return

        async def work() -> None:
            try:
                await self._readers.try_again(gathering, room)
                await self._host.bring(gathering, room, self._expected(room, group))
            except Exception:
                log.exception("the people of room %d cannot be brought", number)
                self._brought.discard(key)

        self._brought.add(key)
        self._bringing.begin(_key(gathering, number), work)

    def _expected(self, room: Room, group: Group) -> list[int]:
        """Who of a group is to be in its room: nobody who left its round or cannot come."""
        round_ = self._rounds.find(room.round_id or 0)
        seats = [round_.seat_of(one) for one in group.people] if round_ is not None else []
        return [seat.user_id for seat in seats if seat and seat.is_here and seat.user_id]

    def _all_are_ready(self, gathering: Gathering) -> bool:
        """Whether everybody has said yes in their room, and each has its coach and client."""
        rounds = [self._rounds.find(room.round_id or 0) for room in gathering.rooms]
        found = [round_ for round_ in rounds if round_ is not None and round_.is_open]
        return len(found) == len(gathering.groups) and all(map(is_ready, found))

    async def _begin(self, gathering: Gathering, at: datetime) -> None:
        """Start the clocks of all rooms at the same moment, save of those that have to wait."""
        await asyncio.gather(*(self._begin_room(room, at) for room in gathering.rooms))
        await self._live.move(gathering.id, _begun)

    async def end_coming(self, gathering: Gathering) -> Gathering:
        """The time to come is up for rooms that others did not wait for, as it is for all."""
        await asyncio.gather(
            *(self._begin_room(room, self._live.now()) for room in gathering.rooms)
        )
        return await self._live.move(gathering.id, _all_came)

    async def begin_waiting(self, gathering: Gathering) -> None:
        """Start the clocks of rooms that waited for their coach or client, and have them now."""
        for room in gathering.rooms:
            round_ = self._rounds.find(room.round_id or 0)
            if round_ is not None and may_begin(round_):
                await self._begin_room(room, self._live.now())

    def waits(self, gathering: Gathering) -> bool:
        """Whether the round of any room has not begun and still may."""
        found = (self._rounds.find(room.round_id or 0) for room in gathering.rooms)
        return any(one is not None and one.state is State.PROPOSED for one in found)

    async def _begin_room(self, room: Room, at: datetime) -> None:
        round_ = self._rounds.find(room.round_id or 0)
        if round_ is None or round_.state is not State.PROPOSED:
            return
        try:
            await self._proposing.begin_with_others(round_.id, at)
        except DojoError as error:
            # Its card stays as it is, and the panel shows it; the others need not wait.
            log.info("room %d does not begin: %s", room.number, type(error).__name__)


def _key(gathering: Gathering, number: int) -> Key:
    return (gathering.id, gathering.number, number)


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


def _begun(gathering: Gathering, _: datetime) -> Gathering:
    return moves.begun(gathering) if gathering.stage is Stage.BOARDING else gathering


def _all_came(gathering: Gathering, _: datetime) -> Gathering:
    return moves.all_came(gathering) if gathering.stage is Stage.RUNNING else gathering
