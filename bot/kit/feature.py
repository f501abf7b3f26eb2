"""What features are wired from, and what each of them adds to the running bot."""

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
    """What every feature is wired from. It also collects what features offer to each other."""

    database: Database
    now: Clock
    rng: random.Random
    """Gives the shuffles."""
    rate: RequestRate
    """Limits the rate of requests that nobody waits for to what Discord allows."""
    time: TrustedTime
    services: Services
    stores: dict[str, KeepsPeople] = field(default_factory=dict)
    """Every store with something about people, by its name in an exported file."""
    going_on: list[ForgetsPeople] = field(default_factory=list)
    """Every service that has people in memory."""


class Starts(Protocol):
    """A service that does something by itself once it is started."""

    def start(self) -> None:
        """Begin. Does nothing if it has begun already."""
        ...


Step = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Feature:
    """What a feature loads, starts and closes, in this order, and what handles its clicks."""

    handlers: Sequence[ModuleType] = ()
    """The modules with the handlers of clicks, choices and forms."""
    registered: Sequence[ModuleType] = ()
    """The modules that check the ids of its clicks, and put its refusals into words."""
    loads: Sequence[Step] = ()
    """What to read from the database into memory before anything starts."""
    speakers: Sequence[Callable[[discord.Client], None]] = ()
    """What gives a client to the services that send messages to Discord."""
    clocks: Sequence[Starts] = ()
    closes: Sequence[Step] = ()

    @property
    def handler_names(self) -> list[str]:
        """The names of the modules with the handlers."""
        return [module.__name__ for module in self.handlers]

    async def load(self) -> None:
        """Read the stored state into memory. Raises StorageError."""
        for load in self.loads:
            await load()

    def speak_through(self, client: discord.Client) -> None:
        """Send messages to Discord through this client from now on."""
        for speak_through in self.speakers:
            speak_through(client)

    def start(self) -> None:
        """Start its services. One that fails is logged, and holds up no other."""
        for clock in self.clocks:
            try:
                clock.start()
            except Exception:
                log.exception("%s does not start", type(clock).__name__)

    async def close(self) -> None:
        """Stop all that it does by itself. What is still to be sent is sent at the next start."""
        for close in self.closes:
            await close()
