"""Rounds over a real database, with made-up rooms and a time that a test moves."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.content.library import Library
from bot.dojos.model.dojo import Dojo, DojoSettings
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.dojos.service.timezones import TimeZones
from bot.dojos.store.dojos import DojoStore
from bot.dojos.store.own_contents import OwnContentStore
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.service.pads import PadService
from bot.feedback.store.debriefs import DebriefStore
from bot.feedback.store.notes import NoteStore
from bot.gatherings.store.wishes import WishStore
from bot.kit.database.database import Database, open_database
from bot.kit.person import Person
from bot.privacy.service.privacy import PrivacyService
from bot.rounds.model.clock import News
from bot.rounds.model.moves import group
from bot.rounds.model.round import Agreement, RoomKind, Round
from bot.rounds.service.asking import AskingService
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.ports import Announcer, Sent
from bot.rounds.service.proposing import Room
from bot.rounds.store.askings import AskingStore
from bot.rounds.store.rounds import RoundStore
from tests.kit.time.timers import MovableClock, Timers
from tests.people import CHANNEL, GUILD, MANAGER
from tests.rounds.service.parts import RoundParts

COACH, CLIENT, OBSERVER = Person(11), Person(12), Person(13)
GROUP = (COACH, CLIENT, OBSERVER)
ROOM = 3000
QUIET_TURNS = 6
"""Of the event loop, after which nothing more is taken to come."""


@dataclass(frozen=True)
class Telling:
    """What a room was told, as of `at`."""

    round: Round
    news: News
    at: datetime


class FakeAnnouncer(Announcer):
    """Records what rooms are told, and fails when it is told to."""

    def __init__(self) -> None:
        self.tellings: list[Telling] = []
        """What has been told, in order; without what failed."""
        self.attempts: list[Telling] = []
        """Every attempt to tell a room something, including those that failed."""
        self.reported_refused: list[Round] = []
        self.reported_gone: list[Round] = []
        self.writable = True
        """What `may_write` answers."""
        self.card_was_lost = False
        """Whether each card that is told about turns out to have been deleted."""
        self.gate: asyncio.Event | None = None
        """While there is one, whatever is to be told waits for it."""
        self.waiting: set[int] = set()
        """Rounds whose news wait at the gate."""
        self.last_card_id = 5000
        self._error: Exception | None = None
        self._round_id: int | None = None
        self._times: int | None = None

    def fail(
        self, error: Exception, *, times: int | None = None, round_id: int | None = None
    ) -> None:
        """Raise `error` (e.g. RoomUnreachable()) instead of telling: so often, or until `heal`.

        With `round_id` only for that round.
        """
        self._error, self._times, self._round_id = error, times, round_id

    def heal(self) -> None:
        """Tell again."""
        self._error = None

    async def tell(self, round_: Round, news: News, now: datetime) -> Sent:
        telling = Telling(round_, news, now)
        self.attempts.append(telling)
        if self.gate is not None:
            self.waiting.add(round_.id)
            try:
                await self.gate.wait()
            finally:
                self.waiting.discard(round_.id)
        self._fail_if_told_to(round_.id)
        self.tellings.append(telling)
        if not news.is_card:
            return Sent()
        self.last_card_id += 1
        return Sent(card_id=self.last_card_id, card_was_lost=self.card_was_lost)

    def may_write(self, round_: Round) -> bool:
        return self.writable

    async def report_refused(self, round_: Round) -> None:
        self.reported_refused.append(round_)

    async def report_gone(self, round_: Round) -> None:
        self.reported_gone.append(round_)

    def told(self, round_id: int) -> list[News]:
        """What the room of one round has been told."""
        return [telling.news for telling in self.tellings if telling.round.id == round_id]

    def _fail_if_told_to(self, round_id: int) -> None:
        if self._error is None or self._round_id not in (None, round_id):
            return
        if self._times is not None:
            if self._times == 0:
                self._error = None
                return
            self._times -= 1
        raise self._error


class Process:
    """The services as one process has them."""

    def __init__(
        self, database: Database, library: Library, announcer: Announcer, clock: MovableClock
    ) -> None:
        rng = random.Random(5)
        self.database = database
        dojo_store, own_store = DojoStore(database), OwnContentStore(database)
        self.store = RoundStore(database)
        self.dojos = DojoService(dojo_store, TimeZones(), now=clock, rng=rng)
        self.contents = ContentService(library, own_store, now=clock)
        live = LiveRounds(self.store, announcer, now=clock)
        asking = AskingService(AskingStore(database), WishStore(database).pairs, now=clock)
        self.rounds = RoundParts(live, self.dojos, self.contents, asking, rng=rng)
        stores = {"dojos": dojo_store, "own_contents": own_store, "rounds": self.store}
        debriefs = DebriefStore(database)
        access = FeedbackAccess(
            self.rounds.live, self.store, debriefs, self.dojos, self.contents, rng
        )
        notes = NoteStore(database)
        pads = PadService(access, notes)
        self.privacy = PrivacyService(
            database, stores, self.dojos, [self.rounds.people], pads, notes, clock
        )


class Practice(Timers):
    """A dojo in CHANNEL and its rounds; `restart` makes another process on the same file."""

    def __init__(self, path: Path, library: Library, announcer: FakeAnnouncer) -> None:
        super().__init__()
        self.path = path
        self.library = library
        self.announcer = announcer
        self._open = contextlib.AsyncExitStack()

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(cls, path: Path, library: Library) -> AsyncGenerator[Practice]:
        """A practice whose clocks run."""
        practice = cls(path, library, FakeAnnouncer())
        await practice.begin_process()
        await practice.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
        try:
            yield practice
        finally:
            await practice.end_process()
            del practice._loop.call_later

    # The process

    async def begin_process(self, *, start: bool = True) -> None:
        """Read everything from disk and, with `start`, let the clocks run."""
        database = await self._open.enter_async_context(open_database(self.path, now=self.clock))
        process = Process(database, self.library, self.announcer, self.clock)
        self.database, self.store = process.database, process.store
        self.dojos, self.contents = process.dojos, process.contents
        self.rounds, self.privacy = process.rounds, process.privacy
        self._open.push_async_callback(self.rounds.live.close)
        await self.dojos.load()
        await self.rounds.live.load()
        if start:
            self.rounds.live.start()
            await self.settled()

    async def end_process(self) -> None:
        """End at once: whatever is being told is cut off."""
        await self._open.aclose()

    async def restart(self, *, away: float = 0) -> None:
        """Stop, and start again so many seconds later."""
        await self.end_process()
        await self.forward(away)
        await self.begin_process()

    async def settled(self) -> None:
        """Wait until nothing is under way, save what waits at the announcer's gate."""
        quiet = 0
        while quiet < QUIET_TURNS:
            await asyncio.sleep(0)
            quiet = 0 if self._is_busy() else quiet + 1

    def _is_busy(self) -> bool:
        waiting = {f"tell-{round_id}" for round_id in self.announcer.waiting}
        names = {task.get_name() for task in asyncio.all_tasks()} - waiting
        return any(name.startswith(("tell-", "deadline-")) for name in names)

    # Rounds

    @property
    def dojo(self) -> Dojo:
        return self.dojos.get(CHANNEL)

    async def proposed(
        self,
        format_id: str = "triad-30",
        *,
        people: tuple[Person, ...] = GROUP,
        room_id: int = ROOM,
        kind: RoomKind = RoomKind.HERE,
        starter: Person | None = None,
    ) -> Round:
        """A round that has been proposed, by its coach unless `starter` is given."""
        content = await self.contents.of_dojo(self.dojo)
        coach, client, *observers = (person.user_id for person in people)
        round_ = await self.rounds.proposing.propose(
            self.dojo,
            Room(GUILD, room_id, kind),
            content.formats[format_id],
            group(coach, client, observers),
            starter or people[0],
            in_voice=[one.user_id for one in people] if kind is RoomKind.VOICE else (),
        )
        await self.settled()
        return round_

    async def agreed(self, round_: Round, *people: Person) -> None:
        """These people say yes to a round that was proposed, with notes."""
        for person in people:
            await self.rounds.proposing.agree(round_.id, person, Agreement.NOTES)

    async def begun(
        self,
        format_id: str = "triad-30",
        *,
        people: tuple[Person, ...] = GROUP,
        room_id: int = ROOM,
        kind: RoomKind = RoomKind.HERE,
        starter: Person | None = None,
    ) -> Round:
        """A round that begins now, because everybody has agreed."""
        round_ = await self.proposed(
            format_id, people=people, room_id=room_id, kind=kind, starter=starter
        )
        for person in people:
            await self.rounds.proposing.agree(round_.id, person, Agreement.NOTES)
        await self.settled()
        return self.rounds.live.get(round_.id)

    async def on_disk(self, round_id: int) -> Round | None:
        """What another process would read."""
        return await self.store.get(round_id)
