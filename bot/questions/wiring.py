"""Joins the parts of questions."""

from __future__ import annotations

from bot.dojos.service.contents import ContentService
from bot.kit.feature import Feature, Kit
from bot.questions.service import QuestionService
from bot.questions.store import BagStore, SetAsideStore
from bot.questions.ui import cards, refusals


def wire(kit: Kit) -> Feature:
    """Partnering questions on request."""
    contents = kit.services[ContentService]
    set_aside = SetAsideStore(kit.database)
    kit.stores["set_aside_questions"] = set_aside
    bags = BagStore(kit.database)
    kit.services.add(QuestionService(bags, set_aside, contents, rng=kit.rng))
    return Feature(registered=(refusals,), handlers=(cards,))
