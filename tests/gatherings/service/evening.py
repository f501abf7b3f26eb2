"""Evenings over a real database, with made-up rooms in Discord and a time that a test moves."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content.library import Library
from bot.dojos.model.dojo import DojoSettings
from bot.gatherings.model.gathering import Gathering, Room, Stage
from bot.gatherings.model.harvest import Plenary
from bot.gatherings.service.access import GatheringAccess
from bot.gatherings.service.conductor import Conductor
from bot.gatherings.service.grouping import GatheringGrouping
from bot.gatherings.service.harvest import PlenaryService
from bot.gatherings.service.history import PracticeHistory
from bot.gatherings.service.joining import GatheringJoining
from bot.gatherings.service.leading import GatheringLeading
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.ports import Call, GatheringHost, Whisper
from bot.gatherings.service.rooms import GatheringRooms
from bot.gatherings.service.steering import GatheringSteering
from bot.gatherings.store.check_outs import CheckOutStore
from bot.gatherings.store.gatherings import GatheringStore
from bot.gatherings.store.harvest import PlenaryStore
from bot.gatherings.store.history import HistoryStore
from bot.gatherings.store.wishes import WishStore
from bot.kit.person import Person
from bot.kit.requests.errors import RoomRefused, RoomUnreachable
from bot.rounds.model.round import Agreement, RoomKind, Round
from tests.people import CHANNEL, GUILD, MANAGER
from tests.rounds.service.practice import FakeAnnouncer, Practice

FIRST_ROOM = 7000


@dataclass(frozen=True)
class Called:
    """What a room or the dojo was told on top of cards."""

    call: Call
    room: int | None
    people: tuple[int, ...]


class FakeHost(GatheringHost):
    """Discord as gatherings see it: rooms are there at once, and everything is recorded."""

    def __init__(self) -> None:
        self.whispers: list[tuple[Whisper, int]] = []
        """What was said to one person alone."""
        self.cards: list[tuple[Gathering, Plenary | None]] = []
        self.opened: list[int] = []
        self.brought: list[tuple[int, tuple[int, ...]]] = []
        self.calls: list[Called] = []
        self.said: list[tuple[int, str]] = []
        self.back: list[int] = []
        self.unreachable = 0
        """So many rooms more cannot be opened just now."""
        self.deaf: set[int] = set()
        """Numbers of rooms in which nothing can be posted."""
        self.refused: set[int] = set()
        """Numbers of rooms that Discord does not let us open."""

    async def show_card(self, gathering: Gathering, plenary: Plenary | None) -> int | None:
        self.cards.append((gathering, plenary))
        return 9000 + gathering.number

    async def open_room(self, gathering: Gathering, number: int, *, taken: Collection[int]) -> Room:
        if self.unreachable:
            self.unreachable -= 1
            raise RoomUnreachable
        if number in self.refused:
            raise RoomRefused
        self.opened.append(number)
        return Room(number, FIRST_ROOM + number, RoomKind.PRIVATE_THREAD)

    async def bring(
        self, gathering: Gathering, room: Room, people: Sequence[int]
    ) -> tuple[int, ...]:
        self.brought.append((room.number, tuple(people)))
        return ()

    async def keep_out(self, gathering: Gathering, room: Room, people: Collection[int]) -> bool:
        return True

    async def tell(
        self, gathering: Gathering, call: Call, *, room: Room | None = None, people: Sequence[int]
    ) -> bool:
        self.calls.append(Called(call, room.number if room else None, tuple(people)))
        return True

    def whisper(
        self, gathering: Gathering, what: Whisper, user_id: int, *, about: int | None = None
    ) -> None:
        self.whispers.append((what, user_id))

    async def broadcast(
        self, gathering: Gathering, room: Room, text: str, by: int, *, notify: Sequence[int] = ()
    ) -> bool:
        if room.number in self.deaf:
            return False
        self.said.append((room.number, text))
        return True

    async def bring_back(self, gathering: Gathering) -> None:
        self.back.append(gathering.number)

    async def put_away(self, gathering: Gathering) -> tuple[Room, ...]:
        return gathering.rooms

    async def visit(self, gathering: Gathering, room: Room, user_id: int) -> bool:
        return False

    def in_voice(self, channel_id: int) -> Collection[int]:
        return ()


class Evening(Practice):
    """A dojo and its gatherings; `restart` makes another process on the same file."""

    def __init__(self, path: Path, library: Library, announcer: FakeAnnouncer) -> None:
        super().__init__(path, library, announcer)
        self.host = FakeHost()

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(cls, path: Path, library: Library) -> AsyncGenerator[Evening]:
        """An evening whose clocks run."""
        evening = cls(path, library, FakeAnnouncer())
        await evening.begin_process()
        await evening.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
        try:
            yield evening
        finally:
            await evening.end_process()
            del evening._loop.call_later

    async def begin_process(self, *, start: bool = True) -> None:
        await super().begin_process(start=start)
        rng = random.Random(9)
        history, self.wishes = HistoryStore(self.database), WishStore(self.database)
        check_outs = CheckOutStore(self.database)
        self.gatherings = live = LiveGatherings(GatheringStore(self.database), now=self.clock)
        host, rounds, wishes = self.host, self.rounds, self.wishes
        self.gathering_access = access = GatheringAccess(live, self.dojos, self.contents)
        self.history = practised = PracticeHistory(history, now=live.now)
        self.rooms = rooms = GatheringRooms(
            live, access, rounds.live, rounds.proposing, rounds.people, wishes, host
        )
        self.grouping = GatheringGrouping(live, access, rounds.access, practised, wishes, host, rng)
        self.panel = GatheringSteering(
            live, access, rounds.live, rounds.proposing, rounds.steering, rooms, host
        )
        self.joining = GatheringJoining(live, rooms, wishes, check_outs)
        self.leading = GatheringLeading(live, access, host, rng)
        rounds.steering.lengthened_within(rooms.check_others_wait)
        rounds.people.joined_by(live.has_joined)
        self.plenaries = plenaries = PlenaryService(
            PlenaryStore(self.database), history, check_outs
        )
        self.conductor = Conductor(
            live,
            rounds.live,
            rounds.proposing,
            rounds.people,
            rounds.steering,
            rooms,
            self.dojos,
            self.contents,
            plenaries,
            practised,
            host,
        )
        self._open.push_async_callback(rooms.close)
        self._open.push_async_callback(self.conductor.close)
        await self.gatherings.load()
        if start:
            self.conductor.start()
            await self.settled()

    def _is_busy(self) -> bool:
        names = {task.get_name() for task in asyncio.all_tasks()}
        return super()._is_busy() or any(name.startswith("gathering-") for name in names)

    # An evening

    async def gathered(self, people: int, format_id: str = "quick-10", **plan: Any) -> Gathering:
        """An open gathering that so many people have joined: 101, 102, …"""
        content = await self.contents.of_dojo(self.dojo)
        gathering = await self.leading.open(
            self.dojo, MANAGER, format_=content.formats[format_id], **plan
        )
        for number in range(1, people + 1):
            await self.joining.join(gathering.id, Person(100 + number))
        await self.settled()
        return self.now(gathering)

    async def started(self, people: int, format_id: str = "quick-10", **plan: Any) -> Gathering:
        """A gathering whose people are on their way to the rooms of the first round."""
        gathering = await self.gathered(people, format_id, **plan)
        await self.grouping.form_groups(gathering.id, MANAGER)
        await self.grouping.start(gathering.id, MANAGER, after=0)
        await self.settled()
        return self.now(gathering)

    async def practising(self, people: int, format_id: str = "quick-10") -> Gathering:
        """A gathering whose clocks run."""
        gathering = await self.started(people, format_id)
        await self.boarded(gathering)
        await self.forward(156)
        assert self.now(gathering).stage is Stage.RUNNING
        return self.now(gathering)

    def now(self, gathering: Gathering) -> Gathering:
        """The gathering as it is now."""
        found = self.gatherings.find(gathering.id)
        assert found is not None
        return found

    def rounds_of(self, gathering: Gathering) -> list[Round]:
        """The rounds of its rooms that are kept."""
        found = [self.rounds.live.find(room.round_id or 0) for room in self.now(gathering).rooms]
        return [round_ for round_ in found if round_ is not None]

    async def boarded(self, gathering: Gathering) -> None:
        """Everybody agrees when the time to come is nearly up, and the clocks run."""
        await self.forward(44)
        await self.all_agree(gathering)

    async def all_agree(self, gathering: Gathering) -> None:
        """Everybody answers the agreement of their room."""
        for round_ in self.rounds_of(gathering):
            for seat in round_.here:
                await self.rounds.proposing.agree(
                    round_.id, Person(seat.user_id or 0), Agreement.NOTES
                )
        await self.settled()
