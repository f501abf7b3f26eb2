"""The people who use a bot: closed loops to find its throughput, open loops for its latency."""

from __future__ import annotations

import asyncio
import gc
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.benchmarks import payloads
from tests.benchmarks.payloads import Json
from tests.benchmarks.standin import Answer, StandIn

Script = Callable[[int, Answer | None], Json]
"""The next interaction of a person, given their index and the last answer they got."""

PATIENCE = 10.0
"""Seconds that an answer may be overdue before a run is given up."""


class Unanswered(Exception):
    """The bot left interactions without an answer."""


class WrongAnswer(Exception):
    """The bot answered, but not as the program's script expects: its figures would mean nothing."""


@dataclass(frozen=True)
class Outcome:
    """What a load found."""

    seconds: float
    """How long it lasted, to the last answer."""
    acknowledged: list[float]
    """Seconds from an interaction's frame to the callback request, one for each answer."""


class Load:
    """People asking one bot through the stand-in, following a script."""

    def __init__(self, discord: StandIn, script: Script, public: bool = True) -> None:
        self._discord = discord
        self._script = script
        self._public = public

    async def _ask(self, person: int, last: Answer | None) -> Answer:
        answer = await self._discord.ask(self._script(person, last))
        if answer.message is None or answer.public is not self._public:
            raise WrongAnswer(f"callback type {answer.kind}: {answer.message}")
        return answer

    async def first(self) -> Answer:
        """One answer, for the first person."""
        return await asyncio.wait_for(self._ask(0, None), PATIENCE)

    async def closed(self, people: int, seconds: float) -> Outcome:
        """Each of the people asks again as soon as they are answered, for this many seconds."""
        times: list[float] = []

        async def person(index: int, end: float) -> None:
            last: Answer | None = None
            while time.perf_counter() < end:
                last = await self._ask(index, last)
                times.append(last.acknowledged)

        async with self._at_work(seconds) as tasks:
            start = time.perf_counter()
            for index in range(people):
                tasks.create_task(person(index, start + seconds))
        return Outcome(time.perf_counter() - start, times)

    async def open(self, people: int, per_second: float, seconds: float) -> Outcome:
        """The people ask at random moments, at this rate all together, answered or not.

        The moments are a Poisson process, the same one in every call: people do not wait for each
        other, so requests come in clusters.
        """
        moments = random.Random(0)
        times: list[float] = []

        async def one(index: int) -> None:
            times.append((await self._ask(index, None)).acknowledged)

        async with self._at_work(seconds) as tasks:
            start = due = time.perf_counter()
            while due < start + seconds:
                # The loop's timer is as coarse as 1 ms; what fell due in the meantime goes out with
                # it, so the rate holds.
                if (wait := due - time.perf_counter()) > 0:
                    await asyncio.sleep(wait)
                tasks.create_task(one(moments.randrange(people)))
                due += moments.expovariate(per_second)
        return Outcome(time.perf_counter() - start, times)

    @asynccontextmanager
    async def _at_work(self, seconds: float) -> AsyncIterator[asyncio.TaskGroup]:
        """Let tasks run for this many seconds; they must be done soon after."""
        # Our own garbage collection must not look like a bot's latency.
        gc.collect()
        gc.disable()
        try:
            async with asyncio.timeout(seconds + PATIENCE), asyncio.TaskGroup() as tasks:
                yield tasks
        except TimeoutError:
            raise Unanswered(f"{self._discord.owed} interactions") from None
        finally:
            gc.enable()


def slash(discord: StandIn, command: str, **options: str) -> Script:
    """Everybody sends the same slash command again and again."""

    def script(person: int, _last: Answer | None) -> Json:
        given = [payloads.option(name, value) for name, value in options.items()]
        return payloads.slash(person, discord.command(command), given)

    return script


def press(message: Json, custom_id: str) -> Script:
    """Everybody presses this button of this message, then the same of the message it brought."""

    def script(person: int, last: Answer | None) -> Json:
        shown = last.message if last is not None and last.message is not None else message
        return payloads.click(person, shown, custom_id)

    return script
