"""Joins the parts of questions."""

from __future__ import annotations

from bot.dojos.service.contents import ContentService
from bot.kit.feature import Feature, Kit
from bot.questions.service import QuestionService
from bot.questions.store import BagStore
from bot.questions.ui import cards, refusals


def wire(kit: Kit) -> Feature:
    """Partnering questions on request."""
    contents = kit.services[ContentService]
    kit.services.add(QuestionService(BagStore(kit.database), contents, rng=kit.rng))
    return Feature(registered=(refusals,), handlers=(cards,))
