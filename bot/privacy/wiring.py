"""Joins the parts of privacy."""

from __future__ import annotations

from bot.dojos.service.dojos import DojoService
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.service.pads import PadService
from bot.feedback.store.debriefs import DebriefStore
from bot.feedback.store.notes import NoteStore
from bot.gatherings.service.joining import GatheringJoining
from bot.gatherings.service.live import LiveGatherings
from bot.kit.feature import Feature, Kit
from bot.kit.person import MissedPeople
from bot.privacy.directory import DiscordDirectory
from bot.privacy.service.erasing import ErasingService
from bot.privacy.service.leavers import LeaverService
from bot.privacy.service.privacy import PrivacyService
from bot.privacy.service.retention import RetentionService
from bot.privacy.store.departures import DepartureStore
from bot.privacy.store.retention import RetentionStore
from bot.privacy.ui import data_rights, erasing, refusals
from bot.rounds.service.steering import RoundSteering
from bot.rounds.store.rounds import RoundStore


def wire(kit: Kit) -> Feature:
    """Export, erasure and retention of everything that features store."""
    services, database, now = kit.services, kit.database, kit.now
    dojos, pads, access = services[DojoService], services[PadService], services[FeedbackAccess]
    gatherings = services[LiveGatherings]
    departures = DepartureStore(database)
    kit.stores["departures"] = departures
    directory = DiscordDirectory(kit.rate)
    services.add(
        ErasingService(
            services[RoundSteering],
            gatherings,
            access,
            pads,
            services[RoundStore],
            services[DebriefStore],
        )
    )
    privacy = services.add(
        PrivacyService(database, kit.stores, dojos, kit.going_on, pads, services[NoteStore], now)
    )
    retention = services.add(
        RetentionService(RetentionStore(database), dojos, pads, kit.time, now=now)
    )
    leavers = services.add(
        LeaverService(
            departures,
            privacy,
            directory,
            kit.time,
            services[MissedPeople],
            now=now,
            has_left=services[GatheringJoining].left_server,
        )
    )
    return Feature(
        registered=(refusals,),
        handlers=(data_rights, erasing),
        loads=[retention.load],
        speakers=[directory.speak_through],
        clocks=[retention, leavers],
        closes=[retention.close, leavers.close],
    )
