"""The services about dojos and their words on a real database file."""

from __future__ import annotations

import contextlib
import random
from collections.abc import AsyncGenerator
from pathlib import Path

from bot.content.library import Library
from bot.content.model.questions import Phase, Question
from bot.dojos.model.dojo import Dojo
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.dojos.service.timezones import TimeZones
from bot.dojos.store.dojos import DojoStore
from bot.dojos.store.own_contents import OwnContentStore
from bot.kit.database.database import Database, open_database
from bot.kit.person import Person
from bot.questions.service import QuestionService
from bot.questions.store import BagStore, SetAsideStore
from tests.kit.time.timers import MovableClock


class House:
    """What one process has; `opened` makes another on the same file."""

    def __init__(self, database: Database, library: Library, clock: MovableClock) -> None:
        rng = random.Random(5)
        self.database = database
        self.clock = clock
        own_store = OwnContentStore(database)
        self.dojos = DojoService(DojoStore(database), TimeZones(), now=clock, rng=rng)
        self.contents = ContentService(library, own_store, now=clock)
        bags, aside = BagStore(database), SetAsideStore(database)
        self.questions = QuestionService(bags, aside, self.contents, rng=rng)

    async def question(self, dojo: Dojo, phase: Phase, person: Person) -> Question:
        """The next question of a dojo."""
        return (await self.questions.pick(dojo, phase, person)).question

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(
        cls, path: Path, library: Library, clock: MovableClock
    ) -> AsyncGenerator[House]:
        async with open_database(path) as database:
            house = cls(database, library, clock)
            await house.dojos.load()
            yield house
