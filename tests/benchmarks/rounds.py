"""A thousand running rounds: do their cards come in time, and how much do they cost?"""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import random
import shutil
import statistics
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks import payloads
from tests.benchmarks.bots.watched import GAPS
from tests.benchmarks.prepare.rounds import GUILDS, PLAN, set_clocks
from tests.benchmarks.programs import DOJO, Place, Process, Program, prepare, running
from tests.benchmarks.repetition import SETTLE_SECONDS, Contender
from tests.benchmarks.standin import StandIn

ROUNDS = 1000
SIZES = (0, ROUNDS, 3 * ROUNDS)
"""The numbers of rounds with which starts are compared."""
SPREAD_SECONDS = 60.0

LEAD_SECONDS = 8.0
"""To the first deadline: time for the bot to start and settle."""
PATIENCE = 140.0
"""How long after the first deadline messages may still come; then the first cues are due."""
AFTERWARDS_SECONDS = 2.0
"""How long to watch after the last one, for any that should not come."""
FAR_SECONDS = 1800.0
"""How far ahead the deadlines of rounds are that only have to be there."""

DOJO_ITSELF = replace(DOJO, prepare=None)
WATCHED = Program("watched", DOJO.options)


@dataclass(frozen=True)
class Told:
    """How rooms were told that a segment had ended; times in seconds."""

    late: Sequence[float]
    """From each deadline to the request with the room's new card."""
    lost: int
    """Rooms without a new card."""
    more: int
    """New messages beyond one card for each room."""
    refused: int
    """Requests above Discord's limit."""
    busiest: int
    """Requests within the busiest second."""
    all_told: float
    """From the last deadline to the last new card."""
    all_closed: float
    """From the last deadline until the last old card lost its buttons."""
    blocked: float
    """The longest that the event loop was blocked, also for want of a processor."""
    working: float
    """The longest that its thread worked without a pause."""
    processor: float
    """Processor time of the bot for each round."""
    growth: float
    """MB by which the bot grew."""

    def percentile(self, hundredth: int) -> float:
        """A percentile of the seconds from deadline to card."""
        return statistics.quantiles(self.late, n=100, method="inclusive")[hundredth - 1]


@dataclass(frozen=True)
class Start:
    """What a start costs with some rounds in the database."""

    seconds: float
    """From starting the process to its first answer."""
    memory: float
    """Resident MB after it."""


Starts = dict[int, Start]
"""Of one repetition, by the number of rounds."""


@dataclass(frozen=True)
class Found:
    """What the whole part found."""

    spread: Told
    at_once: Told
    starts: Sequence[Starts]


class RoundsPart:
    """Where the part runs: a directory, with a fresh place in it for every start."""

    def __init__(self, directory: Path, profile: Path | None = None) -> None:
        self._directory = directory
        self._profile = profile
        self._places = itertools.count(1)
        self.unknown: set[str] = set()
        """Requests of the bot that the stand-in could not serve."""

    async def run(self, repeat: int) -> Found:
        """Everything; the starts so many times."""
        starts = await self._starts(repeat)
        _say("rounds: starts done")
        moments = random.Random(0)
        spread = await self._told(
            [round(moments.uniform(0, SPREAD_SECONDS), 3) for _ in range(ROUNDS)]
        )
        _say("rounds: ends within a minute done")
        at_once = await self._told([0.0] * ROUNDS)
        _say("rounds: ends in the same moment done")
        return Found(spread, at_once, starts)

    # What rooms are told

    async def _told(self, offsets: Sequence[float]) -> Told:
        """Let segments end at these seconds after the first, and see what the rooms are told."""
        place, discord = await self._prepared(offsets), StandIn(GUILDS, rooms=len(offsets))
        # Whole milliseconds, as in the database.
        zero = round(_now() + LEAD_SECONDS, 3)
        set_clocks(place.database, zero)
        ends = {payloads.room_id(at): zero + offset for at, offset in enumerate(offsets)}
        last = max(ends.values())
        async with self._running(WATCHED, place, discord) as (_, process):
            spare = zero - _now() - SETTLE_SECONDS
            if spare < 0:
                raise TimeoutError(f"the bot was ready {-spare:.1f} s too late for the benchmark")
            await asyncio.sleep(spare + SETTLE_SECONDS / 2)
            memory, processor, before = process.memory(), process.cpu(), len(discord.arrivals)
            await _finished(discord, zero, 2 * len(ends))
            growth, processor = process.memory() - memory, process.cpu() - processor
        new = [one for one in discord.written if one.is_new]
        cards = {one.channel: one.at for one in reversed(new) if one.is_card}
        changes = [one.at for one in discord.written if not one.is_new]
        gaps = [gap for gap in json.loads((place.directory / GAPS).read_text()) if gap[0] >= zero]
        return Told(
            late=[cards[room] - end for room, end in ends.items() if room in cards],
            lost=sum(room not in cards for room in ends),
            more=len(new) - len(cards),
            refused=discord.refused,
            busiest=busiest_second(discord.arrivals[before:]),
            all_told=max(cards.values(), default=last) - last,
            all_closed=max(changes, default=last) - last,
            blocked=max((seconds for _, seconds, _ in gaps), default=0.0),
            working=max((seconds for _, _, seconds in gaps), default=0.0),
            processor=processor / len(ends),
            growth=growth,
        )

    # What starts cost

    async def _starts(self, repeat: int) -> list[Starts]:
        """Start the bot over and over with the numbers of rounds in turn."""
        filled: dict[int, Path] = {}
        for size in SIZES:
            place = await self._prepared([0.0] * size)
            set_clocks(place.database, _now() + FAR_SECONDS)
            # Started once, so that all modules are compiled and the commands are known.
            async with self._running(DOJO_ITSELF, place, StandIn(GUILDS, rooms=size)):
                pass
            filled[size] = place.database
        return [await self._starts_in_turn(filled) for _ in range(repeat)]

    async def _starts_in_turn(self, filled: dict[int, Path]) -> Starts:
        async with AsyncExitStack() as stack:
            started: dict[int, tuple[Contender, Process]] = {}
            for size, database in filled.items():
                place = self._place()
                shutil.copy(database, place.database)
                bot = self._running(DOJO_ITSELF, place, StandIn(GUILDS, rooms=size))
                started[size] = await stack.enter_async_context(bot)
            await asyncio.sleep(SETTLE_SECONDS)
            return {
                size: Start(contender.figures.start, process.memory())
                for size, (contender, process) in started.items()
            }

    # Places

    def _place(self) -> Place:
        directory = self._directory / f"rounds-{next(self._places)}"
        directory.mkdir()
        return Place(directory, 0, self._directory / "compiled")

    async def _prepared(self, offsets: Sequence[float]) -> Place:
        """A new place with rounds whose segments end so many seconds after its zero."""
        place = self._place()
        (place.directory / PLAN).write_text(json.dumps(offsets))
        await prepare("prepare.rounds", place)
        return place

    @asynccontextmanager
    async def _running(
        self, program: Program, place: Place, discord: StandIn
    ) -> AsyncIterator[tuple[Contender, Process]]:
        """The program, after its first answer."""
        async with discord.running():
            profile = self._profile if program is WATCHED else None
            place = replace(place, port=discord.port, profile=profile)
            async with running(program, place) as process:
                contender = Contender(program, discord, process)
                await contender.start()
                yield contender, process
        self.unknown |= discord.unknown


def busiest_second(moments: Sequence[float]) -> int:
    """The most of these moments, which are in order, that lie within any one second."""
    within: deque[float] = deque()
    most = 0
    for moment in moments:
        within.append(moment)
        while within[0] <= moment - 1:
            within.popleft()
        most = max(most, len(within))
    return most


async def _finished(discord: StandIn, zero: float, messages: int) -> None:
    """Wait until so many messages are written and no more come, or the patience is over."""
    # Our own garbage collection must not look like the bot's lateness.
    gc.collect()
    gc.disable()
    try:
        while len(discord.written) < messages and _now() < zero + PATIENCE:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        await asyncio.sleep(AFTERWARDS_SECONDS)
    finally:
        gc.enable()


def _now() -> float:
    return time.time_ns() / 1e9


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
