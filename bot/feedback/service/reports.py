"""Reporting a note: the safety contact of the dojo sees that note alone."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.dojos.model.refusals import NotAllowed
from bot.feedback.model.debriefs import Listed
from bot.feedback.model.notes import Note
from bot.feedback.model.refusals import NothingToShow
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.service.debriefs import DebriefService
from bot.feedback.service.pads import PadService
from bot.feedback.store.notes import NoteStore
from bot.feedback.store.reports import Report, ReportStore
from bot.kit.per_key import Locks
from bot.kit.time.timers import DeadlineScheduler
from bot.rounds.model.round import Round
from bot.rounds.service.ports import ContactTeller
from bot.rounds.service.safety import SafetyContacts

log = logging.getLogger(__name__)

BETWEEN_NOTICES = timedelta(hours=1)
"""A contact gets at most one message in this time; it names everything reported by then."""
RETRY = timedelta(minutes=10)
"""The pause after a contact could not be reached."""
MOST_TOGETHER = 25
"""Reports in one message; the rest come with the next one."""


class Told(StrEnum):
    """What happened after a note was reported."""

    NOW = "now"
    SOON = "soon"
    """The contact was told of something else within the last hour, and hears of this afterwards."""
    LATER = "later"
    """The contact could not be reached; the bot tries again."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A reported note, as the safety contact sees it."""

    report: Report
    round: Round
    note: Note
    listed: tuple[Listed, ...]


class ReportService:
    """Reports as use cases."""

    def __init__(
        self,
        access: FeedbackAccess,
        reports: ReportStore,
        notes: NoteStore,
        debriefs: DebriefService,
        pads: PadService,
        contacts: SafetyContacts,
        teller: ContactTeller,
    ) -> None:
        self._access = access
        self._reports = reports
        self._notes = notes
        self._debriefs = debriefs
        self._pads = pads
        self._contacts = contacts
        self._teller = teller
        self._told_at: dict[int, datetime] = {}
        """When each contact was last told, including reports that have been erased since."""
        self._locks: Locks[int] = Locks()
        self._deadlines = DeadlineScheduler(self._tell, access.now)

    async def close(self) -> None:
        """Stop. Contacts who have not been told are told after the next start."""
        await self._deadlines.close()

    async def contact_for(self, round_: Round, user_id: int) -> int:
        """Who would get a report about a round. Raises NoSafetyContact."""
        return await self._contacts.for_report(round_, user_id)

    async def report(self, round_id: int, user_id: int, note_id: int) -> Told:
        """Report a note on one's own coaching to the present safety contact, who alone sees it.

        Raises NoSafetyContact, and what `DebriefService.open` raises. A second report of the same
        note to the same contact does nothing.
        """
        feedback = await self._debriefs.open(round_id, user_id)
        feedback.note(note_id)
        contact = await self.contact_for(feedback.round, user_id)
        now = self._access.now()
        is_new = await self._reports.add(self._access.new_id(now), note_id, user_id, contact, now)
        return await self._tell(contact) if is_new else Told.NOW

    async def tell_waiting(self) -> None:
        """Tell the safety contacts what they have not been told yet, e.g. after an outage."""
        for contact in sorted(
            {report.contact_user_id or 0 for report in await self._reports.untold()}
        ):
            await self._tell(contact)

    async def open(self, report_id: int, user_id: int) -> Reported:
        """A reported note, for the contact it went to alone. Raises NothingToShow, NotAllowed."""
        report = await self._reports.get(report_id)
        note = None if report is None else await self._notes.get(report.note_id)
        if report is None or note is None:
            raise NothingToShow("report")
        if report.contact_user_id != user_id:
            raise NotAllowed("see reports")
        round_ = await self._access.find(report.round_id)
        await self._contacts.check_here(round_.dojo_id, user_id)
        return Reported(report, round_, note, await self._access.listed(round_, note.coach_user_id))

    async def erase_note(self, report_id: int, user_id: int) -> None:
        """Erase the reported note for everybody, as its safety contact decides."""
        reported = await self.open(report_id, user_id)
        await self._notes.erase(reported.note.id)
        self._pads.forget_all()

    async def _tell(self, contact_user_id: int) -> Told:
        """Tell a contact what they have not been told, unless they were told something lately."""
        self._deadlines.start()
        async with self._locks[contact_user_id]:
            now = self._access.now()
            last = await self._last_told(contact_user_id)
            if last is not None and now < last + BETWEEN_NOTICES:
                self._deadlines.add(contact_user_id, last + BETWEEN_NOTICES)
                return Told.SOON
            waiting = [
                one
                for one in await self._reports.untold()
                if one.contact_user_id == contact_user_id
            ]
            told = Told.NOW
            for dojo_id in dict.fromkeys(one.dojo_id for one in waiting):
                of_dojo = [one for one in waiting if one.dojo_id == dojo_id]
                if not await self._tell_of(contact_user_id, dojo_id, of_dojo[:MOST_TOGETHER]):
                    told = Told.LATER
                elif len(of_dojo) > MOST_TOGETHER:
                    self._deadlines.add(contact_user_id, now + BETWEEN_NOTICES)
            if told is Told.LATER:
                self._deadlines.add(contact_user_id, now + RETRY)
            return told

    async def _tell_of(self, contact_user_id: int, dojo_id: int, reports: list[Report]) -> bool:
        """Tell a contact of reports from one dojo. Returns whether nothing is left to try."""
        dojo = self._contacts.dojo(dojo_id)
        if dojo is None:
            # If the channel becomes a dojo again, they are told after the next start.
            return True
        if not await self._teller.is_here(dojo, contact_user_id):
            for report in reports:
                await self._reports.delete(report.id)
            for reporter in dict.fromkeys(one.reporter_user_id for one in reports):
                await self._teller.tell_unreached(dojo, reporter)
            return True
        if not await self._teller.tell(dojo, contact_user_id, [one.id for one in reports]):
            log.warning("the safety contact of dojo %s could not be told of a report", dojo.id)
            return False
        now = self._access.now()
        self._told_at[contact_user_id] = now
        for report in reports:
            await self._reports.told(report.id, now)
        return True

    async def _last_told(self, contact_user_id: int) -> datetime | None:
        moments = [
            self._told_at.get(contact_user_id),
            await self._reports.last_told(contact_user_id),
        ]
        return max((moment for moment in moments if moment is not None), default=None)
