"""What the bot can do, as use cases over domain and stores. No SQL here, and no Discord."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.feedback.service.calibration import CalibrationService
from bot.feedback.service.debriefs import DebriefService
from bot.feedback.service.pads import PadService
from bot.feedback.service.reports import ReportService
from bot.feedback.service.sheets import SheetService
from bot.feedback.service.talks import TalkService
from bot.gatherings.service.absent_lead import FacilitatorWatch
from bot.gatherings.service.conductor import GatheringRunner
from bot.gatherings.service.joining import GatheringService
from bot.guide.service import StatusService
from bot.kit.time.trusted_time import TrustedTime
from bot.privacy.service.erasing import ErasingService
from bot.privacy.service.leavers import LeaverService
from bot.privacy.service.privacy import PrivacyService
from bot.privacy.service.retention import RetentionService
from bot.questions.service import QuestionService
from bot.rounds.service.invitations import Invitations
from bot.rounds.service.late_observers import LateObservers
from bot.rounds.service.safety import SafetyContacts
from bot.rounds.service.steering import RoundService


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
