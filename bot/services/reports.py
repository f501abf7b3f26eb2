"""Reporting a note: the safety contact of the dojo sees that note alone."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.domain.debriefs import Listed
from bot.domain.dojos import Dojo
from bot.domain.errors import NoSafetyContact, NotAllowed, NothingToShow
from bot.domain.notes import Note
from bot.domain.rounds import Round
from bot.services.debriefs import DebriefService
from bot.services.dojos import DojoService
from bot.services.feedback_desk import FeedbackDesk
from bot.services.pads import PadService
from bot.services.ports import ContactTeller
from bot.storage.notes import NoteStore
from bot.storage.reports import Report, ReportStore

log = logging.getLogger(__name__)


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
        desk: FeedbackDesk,
        reports: ReportStore,
        notes: NoteStore,
        debriefs: DebriefService,
        pads: PadService,
        dojos: DojoService,
        teller: ContactTeller,
    ) -> None:
        self._desk = desk
        self._reports = reports
        self._notes = notes
        self._debriefs = debriefs
        self._pads = pads
        self._dojos = dojos
        self._teller = teller

    def contact_of(self, round_: Round) -> int:
        """Who gets reports of a round. Raises NoSafetyContact."""
        dojo = self._dojos.by_id(round_.dojo_id)
        if dojo is None or dojo.settings.safety_user_id is None:
            raise NoSafetyContact(dojo.channel_id if dojo else None)
        return dojo.settings.safety_user_id

    async def report(self, round_id: int, user_id: int, note_id: int) -> bool:
        """Report a note on one's own coaching; whether the safety contact has been told already.

        Raises NoSafetyContact, and what `DebriefService.open` raises. A second report of the same
        note is none.
        """
        feedback = await self._debriefs.open(round_id, user_id)
        feedback.note(note_id)
        self.contact_of(feedback.round)
        report_id = self._desk.new_id()
        if not await self._reports.add(report_id, note_id, user_id, self._desk.now()):
            return True
        report = await self._reports.get(report_id)
        return report is not None and await self._tell(report)

    async def tell_waiting(self) -> None:
        """Tell the safety contacts of what they have not been told of, e.g. after an outage."""
        for report in await self._reports.untold():
            await self._tell(report)

    async def open(self, report_id: int, user_id: int) -> Reported:
        """A reported note, for the safety contact alone. Raises NothingToShow and NotAllowed."""
        report = await self._reports.get(report_id)
        note = None if report is None else await self._notes.get(report.note_id)
        if report is None or note is None:
            raise NothingToShow("report")
        round_ = await self._desk.find(report.round_id)
        if self._contact(report) != user_id:
            raise NotAllowed("see reports")
        return Reported(report, round_, note, await self._desk.listed(round_, note.coach_user_id))

    async def erase_note(self, report_id: int, user_id: int) -> None:
        """The safety contact has the reported note erased, for everybody."""
        reported = await self.open(report_id, user_id)
        await self._notes.erase(reported.note.id)
        self._pads.forget_all()

    # Inside

    def _dojo(self, report: Report) -> Dojo | None:
        return self._dojos.by_id(report.dojo_id)

    def _contact(self, report: Report) -> int | None:
        dojo = self._dojo(report)
        return None if dojo is None else dojo.settings.safety_user_id

    async def _tell(self, report: Report) -> bool:
        dojo, contact = self._dojo(report), self._contact(report)
        if dojo is None or contact is None:
            return False
        is_told = await self._teller.tell(dojo, contact, report.id)
        if is_told:
            await self._reports.told(report.id, self._desk.now())
        else:
            log.warning("the safety contact of dojo %s could not be told of a report", dojo.id)
        return is_told
