"""The composition root: opens every feature in order, and closes them in reverse."""

from __future__ import annotations

import contextlib
import random
from collections.abc import AsyncGenerator
from pathlib import Path

import discord

from bot.check import naming_damage
from bot.client import DojoBot
from bot.content.library import SHIPPED, Library, load_library
from bot.dojos import wiring as dojos
from bot.feedback import wiring as feedback
from bot.gatherings import wiring as gatherings
from bot.gatherings.store.wishes import WishStore
from bot.guide import wiring as guide
from bot.kit.database.database import open_database
from bot.kit.database.refused_messages import RefusedMessageStore
from bot.kit.database.values import ProgramValueStore
from bot.kit.feature import Feature, Kit
from bot.kit.person import MissedPeople
from bot.kit.requests.direct import DirectMessages
from bot.kit.requests.rate import BURST, MOST_IN_A_SECOND, REQUESTS_A_SECOND, RequestRate
from bot.kit.services import Services
from bot.kit.time.clock import Clock
from bot.kit.time.trusted_time import TrustedTime
from bot.privacy import wiring as privacy
from bot.questions import wiring as questions
from bot.rounds import wiring as rounds
from bot.settings import Settings


def wire(kit: Kit, library: Library) -> list[Feature]:
    """All features, each above those that it needs."""
    wishes = WishStore(kit.database)
    return [
        dojos.wire(kit, library),
        rounds.wire(kit, wishes.pairs),
        questions.wire(kit),
        feedback.wire(kit),
        gatherings.wire(kit, wishes),
        guide.wire(kit),
        privacy.wire(kit),
    ]


@contextlib.asynccontextmanager
async def open_bot(
    settings: Settings,
    *,
    now: Clock = discord.utils.utcnow,
    rng: random.Random | None = None,
    content: Path = SHIPPED,
    sync: bool = False,
) -> AsyncGenerator[DojoBot]:
    """A bot whose services are ready; it and its database are closed at the end.

    `now` gives the present, `rng` the shuffles; `sync` tells Discord the commands even if they have
    not changed. Raises ContentRejected and StorageError.
    """
    library = load_library(content)
    async with open_database(settings.database, now=now) as database:
        services = Services()
        services.add(database)
        services.add(MissedPeople())
        refused = RefusedMessageStore(database)
        services.add(DirectMessages(refused, now=now))
        kit = Kit(
            database=database,
            now=now,
            rng=rng or random.Random(),  # noqa: S311 - shuffles, no secrets
            rate=RequestRate(REQUESTS_A_SECOND, BURST, MOST_IN_A_SECOND),
            time=services.add(TrustedTime(now)),
            services=services,
        )
        kit.stores["refused_messages"] = refused
        features = wire(kit, library)
        async with naming_damage(settings.database):
            for feature in features:
                await feature.load()
        values = ProgramValueStore(database)
        bot = DojoBot(features, services, values, settings, sync=sync, sent=kit.rate.sent)
        for feature in features:
            feature.speak_through(bot)
        try:
            yield bot
        finally:
            # The clocks first: messages they had still to send are sent at the next start.
            await bot.steps.close()
            for feature in reversed(features):
                await feature.close()
            await bot.close()
