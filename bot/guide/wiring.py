"""Joins the parts of the guide."""

from __future__ import annotations

from bot.guide import cards, dojo_card, partnership, signals
from bot.guide.service import StatusService
from bot.kit.feature import Feature, Kit
from bot.rounds.service.live import LiveRounds


def wire(kit: Kit) -> Feature:
    """Help, signals, and how the bot is doing."""
    kit.services.add(StatusService(kit.database, kit.services[LiveRounds], now=kit.now))
    return Feature(handlers=(cards, dojo_card, partnership, signals))
