"""Joins the parts of feedback."""

from __future__ import annotations

from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import ContactPresence, DojoService
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.service.calibration import CalibrationService
from bot.feedback.service.debriefs import DebriefService
from bot.feedback.service.pads import PadService
from bot.feedback.service.reports import ReportService
from bot.feedback.service.sheets import SheetService
from bot.feedback.service.talks import TalkService
from bot.feedback.store.calibration import CalibrationStore
from bot.feedback.store.client_views import ClientViewStore
from bot.feedback.store.debriefs import DebriefStore
from bot.feedback.store.notes import NoteStore
from bot.feedback.store.reports import ReportStore
from bot.feedback.store.sheets import SheetStore
from bot.feedback.store.talks import TalkStore
from bot.feedback.ui import (
    client_rounds,
    client_view,
    focus,
    gate,
    refusals,
    reports,
    sheets,
    talks,
)
from bot.feedback.ui.debrief import debrief, one_note, sharing
from bot.feedback.ui.debrief.waiting import WaitingCards
from bot.feedback.ui.notes import forms, memory, notes, pad
from bot.feedback.ui.reports import DiscordContactTeller
from bot.kit.feature import Feature, Kit
from bot.kit.requests.direct import DirectMessages
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.safety import SafetyContacts
from bot.rounds.store.rounds import RoundStore

HANDLERS = (
    client_rounds,
    client_view,
    debrief,
    focus,
    forms,
    memory,
    notes,
    one_note,
    pad,
    reports,
    sharing,
    sheets,
    talks,
)


def wire(kit: Kit) -> Feature:
    """Notes, sheets, and what the coach, the client and the room see of them."""
    services, database = kit.services, kit.database
    dojos, contents = services[DojoService], services[ContentService]
    live = services[LiveRounds]
    noted = services.add(NoteStore(database))
    debriefed = services.add(DebriefStore(database))
    marked, viewed = SheetStore(database), ClientViewStore(database)
    reported, asked = ReportStore(database), TalkStore(database)
    kit.stores.update(
        {
            "notes": noted,
            "sheets": marked,
            "client_views": viewed,
            "debriefs": debriefed,
            "reports": reported,
            "talks": asked,
        }
    )
    contact = DiscordContactTeller(services[DirectMessages], kit.rate)
    services.add(ContactPresence(contact.is_here))
    contacts = services.add(SafetyContacts(dojos, contact))
    access = services.add(
        FeedbackAccess(live, services[RoundStore], debriefed, dojos, contents, kit.rng)
    )
    pads = services.add(PadService(access, noted))
    services.add(SheetService(access, marked, noted, debriefed, viewed))
    debriefs = services.add(DebriefService(access, pads, noted, marked, debriefed, viewed))
    report_service = services.add(
        ReportService(access, reported, noted, debriefs, pads, contacts, contact)
    )
    talk_service = services.add(TalkService(access, asked, contacts, contact))
    services.add(CalibrationService(CalibrationStore(database)))
    waiting = services.add(WaitingCards(live))
    return Feature(
        registered=(gate, refusals),
        handlers=HANDLERS,
        speakers=[contact.speak_through],
        closes=[waiting.close, report_service.close, talk_service.close],
    )
