"""What the bot can do, as use cases over domain and stores. No SQL here, and no Discord."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.calibration import CalibrationService
from bot.services.contents import ContentService
from bot.services.debriefs import DebriefService
from bot.services.dojos import DojoService
from bot.services.erasing import ErasingService
from bot.services.facilitator_watch import FacilitatorWatch
from bot.services.gathering_runner import GatheringRunner
from bot.services.gatherings import GatheringService
from bot.services.invitations import Invitations
from bot.services.late_observers import LateObservers
from bot.services.leavers import LeaverService
from bot.services.pads import PadService
from bot.services.privacy import PrivacyService
from bot.services.questions import QuestionService
from bot.services.reports import ReportService
from bot.services.retention import RetentionService
from bot.services.rounds import RoundService
from bot.services.safety import SafetyContacts
from bot.services.sheets import SheetService
from bot.services.status import StatusService
from bot.services.talks import TalkService
from bot.services.trusted_time import TrustedTime


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a command or a button may call."""

    dojos: DojoService
    contents: ContentService
    questions: QuestionService
    rounds: RoundService
    invitations: Invitations
    late_observers: LateObservers
    pads: PadService
    sheets: SheetService
    debriefs: DebriefService
    erasing: ErasingService
    reports: ReportService
    time: TrustedTime
    """Hears what time it is for Discord."""
    talks: TalkService
    contacts: SafetyContacts
    retention: RetentionService
    leavers: LeaverService
    calibration: CalibrationService
    privacy: PrivacyService
    status: StatusService
    gatherings: GatheringService
    conductor: GatheringRunner
    """What gatherings do by themselves."""
    facilitators: FacilitatorWatch
