"""What the bot can do, as use cases over domain and stores. No SQL here, and no Discord."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.contents import ContentService
from bot.services.dojos import DojoService
from bot.services.privacy import PrivacyService
from bot.services.questions import QuestionService
from bot.services.rounds import RoundService
from bot.services.status import StatusService


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a command or a button may call."""

    dojos: DojoService
    contents: ContentService
    questions: QuestionService
    rounds: RoundService
    privacy: PrivacyService
    status: StatusService
