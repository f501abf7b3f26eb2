"""Notes, sheets and debriefs over a real database, beside the rounds they belong to."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.content.library import Library
from bot.content.model.formats import SegmentKind
from bot.content.model.questions import Phase
from bot.dojos.model.dojo import Dojo
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.dojos.service.timezones import TimeZones
from bot.dojos.store.dojos import DojoStore
from bot.dojos.store.own_contents import OwnContentStore
from bot.feedback.model.notes import Note, Side
from bot.feedback.model.sheets import Mark
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.service.debriefs import DebriefService, Feedback
from bot.feedback.service.pads import Pad, PadService
from bot.feedback.service.reports import ReportService
from bot.feedback.service.sheets import SheetService
from bot.feedback.service.talks import TalkService
from bot.feedback.store.client_views import ClientViewStore
from bot.feedback.store.debriefs import DebriefStore
from bot.feedback.store.notes import NoteStore
from bot.feedback.store.reports import ReportStore
from bot.feedback.store.sheets import SheetStore
from bot.feedback.store.talks import TalkStore
from bot.gatherings.store.wishes import WishStore
from bot.kit.database.database import Database, open_database
from bot.kit.person import Person
from bot.kit.time.clock import Clock
from bot.kit.time.trusted_time import TrustedTime
from bot.privacy.service.privacy import PrivacyService
from bot.privacy.service.retention import RetentionService
from bot.privacy.store.retention import RetentionStore
from bot.rounds.model.round import Round
from bot.rounds.service.asking import AskingService
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.ports import Announcer, ContactTeller
from bot.rounds.service.safety import SafetyContacts
from bot.rounds.store.askings import AskingStore
from bot.rounds.store.rounds import RoundStore
from tests.people import CHANNEL, GUILD, MANAGER
from tests.rounds.service.parts import RoundParts
from tests.rounds.service.practice import Practice

COACH, CLIENT = Person(424_242_424_242), Person(535_353_535_353)
OLU, PIA, RUTH = Person(646_464_646_464), Person(757_575_757_575), Person(868_686_868_686)
OBSERVERS = (OLU, PIA, RUTH)
EVERYBODY = (COACH, CLIENT, *OBSERVERS)
"""Ids so long that they are found in any text they stand in."""
CONTACT = Person(979_797_979_797)


class FakeTeller(ContactTeller):
    """Records which safety contact was told of which report, and fails when it is told to."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []
        """Contacts and reports."""
        self.messages = 0
        """In how many messages."""
        self.asked: list[tuple[int, int]] = []
        """Contacts, and who would like to talk with them."""
        self.unreached: list[int] = []
        """Who was told that their contact has left."""
        self.gone: set[int] = set()
        self.reaches = True

    async def is_here(self, dojo: Dojo, user_id: int) -> bool:
        del dojo
        return user_id not in self.gone

    async def tell(self, dojo: Dojo, contact_user_id: int, report_ids: Sequence[int]) -> bool:
        del dojo
        if self.reaches:
            self.messages += 1
            self.told += [(contact_user_id, one) for one in report_ids]
        return self.reaches

    async def ask_to_talk(
        self, dojo: Dojo, contact_user_id: int, user_id: int, request_id: int
    ) -> bool:
        del dojo, request_id
        if self.reaches:
            self.asked.append((contact_user_id, user_id))
        return self.reaches

    async def tell_unreached(self, dojo: Dojo, user_id: int) -> None:
        del dojo
        self.unreached.append(user_id)


class Joined:
    """All services of rounds and feedback over one database, as one process has them."""

    def __init__(
        self,
        database: Database,
        library: Library,
        announcer: Announcer,
        teller: ContactTeller,
        *,
        now: Clock,
        rng: random.Random,
        round_store: RoundStore | None = None,
    ) -> None:
        dojo_store, own_store = DojoStore(database), OwnContentStore(database)
        self.round_store = round_store or RoundStore(database)
        self.debrief_store = DebriefStore(database)
        self.note_store, self.sheet_store = NoteStore(database), SheetStore(database)
        self.view_store, report_store = ClientViewStore(database), ReportStore(database)
        self.dojos = DojoService(dojo_store, TimeZones(), now=now, rng=rng)
        self.contents = ContentService(library, own_store, now=now)
        live = LiveRounds(self.round_store, announcer, now=now)
        asking = AskingService(AskingStore(database), WishStore(database).pairs, now=now)
        self.rounds = RoundParts(live, self.dojos, self.contents, asking, rng=rng)
        self.feedback_access = FeedbackAccess(
            self.rounds.live, self.round_store, self.debrief_store, self.dojos, self.contents, rng
        )
        self.pads = PadService(self.feedback_access, self.note_store)
        feedback = (self.note_store, self.sheet_store, self.debrief_store, self.view_store)
        self.debriefs = DebriefService(self.feedback_access, self.pads, *feedback)
        self.sheets = SheetService(
            self.feedback_access,
            self.sheet_store,
            self.note_store,
            self.debrief_store,
            self.view_store,
        )
        contacts = SafetyContacts(self.dojos, teller)
        self.reports = ReportService(
            self.feedback_access,
            report_store,
            self.note_store,
            self.debriefs,
            self.pads,
            contacts,
            teller,
        )
        talk_store = TalkStore(database)
        self.talks = TalkService(self.feedback_access, talk_store, contacts, teller)
        self.time = TrustedTime(now)
        self.retention = RetentionService(
            RetentionStore(database), self.dojos, self.pads, self.time, now=now
        )
        stores = {
            "dojos": dojo_store,
            "own_contents": own_store,
            "rounds": self.round_store,
            "notes": self.note_store,
            "sheets": self.sheet_store,
            "client_views": self.view_store,
            "debriefs": self.debrief_store,
            "reports": report_store,
            "talks": talk_store,
        }
        self.privacy = PrivacyService(
            database, stores, self.dojos, [self.rounds.people], self.pads, self.note_store, now
        )


class FeedbackPractice(Practice):
    """A dojo with rounds and the feedback on them; most steps are about the round begun last."""

    async def begin_process(self, *, start: bool = True) -> None:
        self.teller = FakeTeller()
        self.database = await self._open.enter_async_context(
            open_database(self.path, now=self.clock)
        )
        joined = Joined(
            self.database,
            self.library,
            self.announcer,
            self.teller,
            now=self.clock,
            rng=random.Random(5),
        )
        self.joined, self.store = joined, joined.round_store
        self.dojos, self.contents = joined.dojos, joined.contents
        self.rounds, self.privacy = joined.rounds, joined.privacy
        self.pads, self.sheets, self.debriefs = joined.pads, joined.sheets, joined.debriefs
        self.reports, self.retention, self.time = joined.reports, joined.retention, joined.time
        self.talks = joined.talks
        self._open.push_async_callback(self.reports.close)
        self._open.push_async_callback(self.talks.close)
        self._open.push_async_callback(self.rounds.live.close)
        self._open.push_async_callback(self.retention.close)
        await self.dojos.load()
        await self.retention.load()
        await self.rounds.live.load()
        if start:
            self.rounds.live.start()
            await self.settled()

    def hear_time(self) -> None:
        """Discord tells the time, and the clock is right."""
        self.time.hear(self.clock())

    async def set_dojo(self, **settings: object) -> None:
        """Change settings of the dojo, e.g. `safety_user_id`."""
        changed = replace(self.dojo.settings, **settings)
        await self.dojos.set_up(GUILD, CHANNEL, changed, MANAGER)

    # Rounds

    async def coaching(
        self, format_id: str = "deep-45", people: tuple[Person, ...] = EVERYBODY
    ) -> Round:
        """A round one second into its coaching."""
        round_ = await self.begun(format_id, people=people)
        self.round_id = round_.id
        await self.go_to(SegmentKind.COACH)
        await self.forward(1)
        return self.rounds.live.get(self.round_id)

    async def go_to(self, kind: SegmentKind) -> Round:
        """Go on until a part of that kind begins."""
        while (round_ := self.rounds.live.get(self.round_id)).kind is not kind:
            await self.forward(1)
            await self.rounds.steering.go_next(self.round_id, MANAGER, after=round_.position)
            await self.settled()
        return round_

    async def stop(self) -> None:
        """End the round."""
        await self.rounds.steering.stop(self.round_id, MANAGER)
        await self.settled()

    # Notes and sheets

    async def tap(
        self,
        person: Person,
        code: str = "S5",
        side: Side = Side.SEEN,
        *,
        after: float = 1,
        phase: Phase | None = None,
    ) -> Pad:
        """One tap, so many seconds after whatever came before."""
        await self.forward(after)
        return await self.pads.tap(self.round_id, person.user_id, code, side, phase)

    async def noted(
        self, person: Person, code: str = "S5", side: Side = Side.SEEN, quote: str = ""
    ) -> Note:
        """A note taken with one tap, and the words added to it."""
        note = (await self.tap(person, code, side)).last
        assert note is not None
        if quote:
            await self.pads.change(
                self.round_id, person.user_id, note.id, lambda one: replace(one, quote=quote)
            )
        return await self.pads.mine(self.round_id, person.user_id, note.id)

    async def hand_in(self, *people: Person, **marks: str) -> None:
        """Everybody named fills in their sheet about the coach, marks by code, and hands it in."""
        for person in people:
            key = (self.round_id, person.user_id, COACH.user_id)
            for code, mark in marks.items():
                await self.sheets.mark(*key, code, Mark(mark))
            await self.sheets.hand_in(*key)

    async def open(self) -> Feedback:
        """The coach opens their feedback."""
        return await self.debriefs.open(self.round_id, COACH.user_id)

    async def released(self) -> Feedback:
        """The round is over, the coach skips their own view, and opens their feedback."""
        await self.stop()
        await self.forward(121)
        await self.sheets.skip_own(self.round_id, COACH.user_id)
        return await self.open()

    # The disk

    async def notes_on_disk(self) -> list[Note]:
        """All notes of the round, with those taken back."""
        return await self.joined.note_store.of_round(self.round_id)

    def another(self) -> Joined:
        """Services that have read nothing yet, over the same file."""
        return Joined(
            self.database,
            self.library,
            self.announcer,
            self.teller,
            now=self.clock,
            rng=random.Random(6),
        )

    async def check_memory_is_the_disk(self, *people: Person) -> None:
        """The pads in memory are what another bot would read from the disk."""
        again = self.another()
        await again.dojos.load()
        await again.rounds.live.load()
        for person in people:
            key = (self.round_id, person.user_id)
            kept, stored = await self.pads.look(*key), await again.pads.look(*key)
            assert kept == stored, f"{kept}\nis not\n{stored}"

    def files(self) -> list[Path]:
        """The database and what SQLite keeps beside it."""
        return sorted(self.path.parent.glob(f"{self.path.name}*"))
