"""A year of many dojos on disk: how long people wait while a lot of it is read and erased."""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.gatherings.store.gatherings import GatheringStore
from bot.gatherings.store.harvest import PlenaryStore
from bot.kit.database.database import Database, open_database
from bot.privacy.store.departures import DepartureStore
from bot.rounds.store.rounds import RoundStore
from tests.benchmarks import payloads
from tests.benchmarks.bots.growing import HOLDS
from tests.benchmarks.bots.watched import GAPS
from tests.benchmarks.pads import ABOUT
from tests.benchmarks.payloads import Json
from tests.benchmarks.prepare.growth import PLAN
from tests.benchmarks.programs import Place, Program, prepare, running
from tests.benchmarks.repetition import Contender
from tests.benchmarks.report import Target
from tests.benchmarks.standin import StandIn

DOJOS, WEEKS = 200, 52
"""124,800 rounds and 5 million notes of a year."""
TAPS_A_SECOND = 20.0
TAPPERS = 14
READER, LEAVER = 14, 15
"""Who makes the heavy requests, and who is erased; their year is as long as the others'."""
QUIET_SECONDS = 8.0
PATIENCE = 900.0
GROWING = Program("growing", {"phase": "start", "show": "channel"})
PURGED = "retention: words of"
"""In the log once a purge is over."""


@dataclass
class Use:
    """One heavy use, and how long everybody else waited; times in seconds."""

    name: str
    began: float
    acknowledged: float = 0.0
    answered: float = 0.0
    """Until it was done; for an answer, until that came."""
    ended: float = 0.0
    taps: list[float] = field(default_factory=list[float])
    held: float = 0.0
    """The longest that the writer was held at a time."""
    blocked: float = 0.0
    """The longest that the event loop stood still, also for want of a processor."""

    def tap(self, hundredth: int) -> float:
        """A percentile of the taps' acknowledgements; 0 when there were too few."""
        if len(self.taps) < 2:
            return max(self.taps, default=0.0)
        return statistics.quantiles(self.taps, n=100, method="inclusive")[hundredth - 1]


@dataclass(frozen=True)
class Found:
    """What the part found."""

    uses: Sequence[Use]
    """On the wire."""
    stores: Sequence[tuple[str, float]]
    """Seconds in one process by itself; people never wait for these in a command."""
    megabytes: float
    notes: int

    def worst_tap(self) -> float:
        """The highest p99 of taps while something heavy is under way."""
        heavy = [use.tap(99) for use in self.uses if use.name in HEAVY]
        return max(heavy, default=0.0)


START = "start to first answer"
PURGE, EXPORT, FORGET = "purge after a start", "/my export", "/my forget: Erase"
HEAVY = (PURGE, EXPORT, FORGET)
TARGETS: list[Target[Found]] = [
    Target(
        "longest answer, s",
        lambda found: max(use.answered for use in found.uses if use.name not in (START, PURGE)),
        1,
    ),
    Target("taps p99 while purge, export, forget: ms", lambda found: found.worst_tap() * 1e3, 100),
    Target(
        "longest hold of the writer, ms",
        lambda found: max(use.held for use in found.uses) * 1e3,
        50,
    ),
]


class Taps:
    """Observers who tap at random moments, answered or not."""

    def __init__(self, discord: StandIn, rounds: Sequence[int]) -> None:
        self._discord = discord
        self._rounds = rounds
        self._pads: dict[int, Json] = {}
        self._tapped: Counter[int] = Counter()
        self.done: list[tuple[float, float]] = []
        """When each was sent, in seconds since 1970, and how long its acknowledgement took."""

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """They tap while the context lasts."""
        for person in range(TAPPERS):
            command = payloads.slash(person, self._discord.command("observe"), [])
            answer = await self._discord.ask(command)
            assert answer.message is not None
            self._pads[person] = answer.message
        tapping = asyncio.create_task(self._tap())
        try:
            yield
        finally:
            tapping.cancel()
            await asyncio.gather(tapping, return_exceptions=True)

    async def _tap(self) -> None:
        moments = random.Random(0)
        async with asyncio.TaskGroup() as tasks:
            due = time.perf_counter()
            while True:
                await asyncio.sleep(max(due - time.perf_counter(), 0))
                tasks.create_task(self._one(moments.randrange(TAPPERS)))
                due += moments.expovariate(TAPS_A_SECOND)

    async def _one(self, person: int) -> None:
        number = self._tapped[person]
        self._tapped[person] += 1
        round_id = self._rounds[number // len(ABOUT) % len(self._rounds)]
        about = ABOUT[number % len(ABOUT)]
        began = _now()
        click = payloads.click(person, self._pads[person], f"dojo:1:tap:{round_id}:{about}")
        self.done.append((began, (await self._discord.ask(click)).acknowledged))


class Growth:
    """The bot on the large database, and what is done with it."""

    def __init__(self, discord: StandIn, taps: Taps) -> None:
        self._discord = discord
        self._taps = taps
        self.uses: list[Use] = []

    async def use(self, name: str, do: Callable[[], Awaitable[tuple[float, float]]]) -> None:
        """Do something, and note how long it took until it was acknowledged and done."""
        use = Use(name, _now())
        use.acknowledged, use.answered = await asyncio.wait_for(do(), PATIENCE)
        use.ended = _now()
        self.uses.append(use)
        print(f"growth: {name}: {use.answered:.2f} s", file=sys.stderr, flush=True)

    async def slash(self, person: int, command: str, *sub: str) -> Json | None:
        """Send a command (and subcommand); what was shown."""
        options: list[Json] = [{"type": 1, "name": one, "options": []} for one in sub]
        interaction = payloads.slash(person, self._discord.command(command), options)
        return await self._ask(" ".join(("/" + command, *sub)), interaction)

    async def press(self, name: str, person: int, shown: Json, custom_id: str) -> Json | None:
        """Press a button of a private card; what was shown."""
        private = {**shown, "flags": shown["flags"] | 64}
        return await self._ask(name, payloads.click(person, private, custom_id))

    async def _ask(self, name: str, interaction: Json) -> Json | None:
        shown: list[Json | None] = []

        async def ask() -> tuple[float, float]:
            answer = await self._discord.ask(interaction)
            shown.append(answer.message)
            return answer.acknowledged, answer.answered

        await self.use(name, ask)
        # Taps that wait for it are counted with it.
        await asyncio.sleep(1)
        return shown[0]

    def count(self, gaps: Path, holds: Path) -> None:
        """Add to each use what else was measured while it went on."""
        for use in self.uses:
            span = (use.began, use.ended + 0.5)
            use.taps = [took for at, took in self._taps.done if span[0] <= at <= span[1]]
            held = [held for at, held in json.loads(holds.read_text()) if span[0] <= at <= span[1]]
            use.held = max(held, default=0.0)
            stood = [gap for at, gap, _ in json.loads(gaps.read_text()) if span[0] <= at <= span[1]]
            use.blocked = max(stood, default=0.0)


async def measured(directory: Path, dojos: int = DOJOS, weeks: int = WEEKS) -> Found:
    """Make the database, run the bot on it, and use what reads or erases very much."""
    own = directory / "growth"
    await asyncio.to_thread(own.mkdir)
    (own / PLAN).write_text(json.dumps({"dojos": dojos, "weeks": weeks}))
    await prepare("prepare.growth", Place(own, 0, directory / "compiled"))
    plan = json.loads((own / PLAN).read_text())
    print("growth: database made", file=sys.stderr, flush=True)
    discord = StandIn(plan["guilds"])
    taps = Taps(discord, plan["running"])
    growth = Growth(discord, taps)
    async with discord.running():
        place = Place(own, discord.port, directory / "compiled")
        async with running(GROWING, place) as process:
            began = time.perf_counter()

            async def start() -> tuple[float, float]:
                contender = Contender(GROWING, discord, process)
                await contender.start()
                return contender.figures.start, contender.figures.start

            async def purge() -> tuple[float, float]:
                while PURGED not in place.output.read_text(errors="replace"):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
                return 0.0, time.perf_counter() - began

            await growth.use(START, start)
            async with taps.going_on():
                began = time.perf_counter()
                await growth.use(PURGE, purge)
                await growth.use("nothing else", _quiet)
                await growth.slash(READER, "feedback")
                await growth.slash(READER, "dojo", "record")
                await growth.slash(READER, "dojo", "status")
                await growth.slash(READER, "my", "export")
                asked = await growth.slash(LEAVER, "my", "forget")
                assert asked is not None
                await growth.press(FORGET, LEAVER, asked, "dojo:1:me:forget:yes")
        growth.count(own / GAPS, own / HOLDS)
    stores, notes = await _stores(place.database, plan["evening"])
    return Found(growth.uses, stores, place.database.stat().st_size / 1e6, notes)


async def _quiet() -> tuple[float, float]:
    await asyncio.sleep(QUIET_SECONDS)
    return 0.0, 0.0


async def _stores(path: Path, evening: int) -> tuple[list[tuple[str, float]], int]:
    """Times what no command asks for, in this process; and counts the notes."""
    found: list[tuple[str, float]] = []
    async with open_database(path) as database:
        for name, read in _reads(database, evening).items():
            began = time.perf_counter()
            await read()
            found.append((name, time.perf_counter() - began))
        (row,) = await database.all("SELECT count(*) AS notes FROM notes")
    return found, row["notes"]


def _reads(database: Database, evening: int) -> dict[str, Callable[[], Awaitable[object]]]:
    return {
        "start: rounds that go on": RoundStore(database).unfinished,
        "start: evenings that go on": GatheringStore(database).open_ones,
        "last card of an evening": lambda: PlenaryStore(database).released(evening),
        "everybody who is known, nightly": DepartureStore(database).known,
    }


def _now() -> float:
    return time.time_ns() / 1e9


def report(found: Found) -> str:
    """The part as text: a line for each use, then the targets."""
    lines = [
        f"{found.notes:,} notes, {found.megabytes:.0f} MB",
        f"{'':<28}ack, s  done, s  taps: p50   p99   max, ms  writer held  loop stood, ms",
    ]
    lines += [
        f"{use.name:<28}{use.acknowledged:>6.3f}{use.answered:>9.2f}"
        f"{use.tap(50) * 1e3:>11.1f}{use.tap(99) * 1e3:>6.0f}{max(use.taps, default=0) * 1e3:>6.0f}"
        f"{use.held * 1e3:>17.0f}{use.blocked * 1e3:>16.0f}"
        for use in found.uses
    ]
    lines += [f"{name:<40}{seconds * 1e3:>8.1f} ms" for name, seconds in found.stores]
    return "\n".join([*lines, "", *(target.line([found]) for target in TARGETS)])
