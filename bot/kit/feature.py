"""What features are made from, and what each of them brings to the running bot."""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Protocol

import discord

from bot.kit.database.database import Database
from bot.kit.personal import ForgetsPeople, KeepsPeople
from bot.kit.requests.rate import RequestRate
from bot.kit.services import Services
from bot.kit.time.clock import Clock
from bot.kit.time.trusted_time import TrustedTime

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kit:
    """What every feature is wired from, and where it puts what others ask for."""

    database: Database
    now: Clock
    """Gives the present."""
    rng: random.Random
    """Gives the shuffles."""
    rate: RequestRate
    """Keeps requests that nobody waits for within what Discord allows."""
    time: TrustedTime
    services: Services
    stores: dict[str, KeepsPeople] = field(default_factory=dict)
    """Whatever stores something about people, by the name it has in an exported file."""
    going_on: list[ForgetsPeople] = field(default_factory=list)
    """Whatever has people in memory."""


class Starts(Protocol):
    """Does something by itself from its start on."""

    def start(self) -> None:
        """Begin. Nothing happens when it has begun already."""
        ...


class Speaks(Protocol):
    """Says something in Discord for the services."""

    def speak_through(self, client: discord.Client) -> None:
        """Use this client from now on."""
        ...


Step = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Feature:
    """What a feature loads, starts and closes, in this order, and what acts on its clicks."""

    handlers: Sequence[ModuleType] = ()
    """The modules whose functions act on what is clicked, chosen and sent."""
    registered: Sequence[ModuleType] = ()
    """The modules that check the ids of its clicks, and say in words what it refuses."""
    loads: Sequence[Step] = ()
    """Read from the database, before anything starts, what stands in memory."""
    speakers: Sequence[Speaks] = ()
    clocks: Sequence[Starts] = ()
    closes: Sequence[Step] = ()

    @property
    def handler_names(self) -> list[str]:
        """The names of the modules whose functions act on clicks."""
        return [module.__name__ for module in self.handlers]

    async def load(self) -> None:
        """Read what stands in memory. Raises StorageError."""
        for load in self.loads:
            await load()

    def speak_through(self, client: discord.Client) -> None:
        """Say things in Discord through this client from now on."""
        for speaker in self.speakers:
            speaker.speak_through(client)

    def start(self) -> None:
        """Let its clocks run; one that fails is in the log, and holds up no other."""
        for clock in self.clocks:
            try:
                clock.start()
            except Exception:
                log.exception("%s does not start", type(clock).__name__)

    async def close(self) -> None:
        """Stop everything it does by itself; what is still to be told is told at the next start."""
        for close in self.closes:
            await close()
