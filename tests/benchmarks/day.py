"""A day with a round every four minutes, without Discord: does the bot's memory stay as it is?

The services run in a process of their own on a real file, with a clock that is moved by hand and
made-up rooms. The cards of pads and feedback are made as well, because the code that makes them
caches some of them.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.content.library import load_library
from bot.content.model.formats import SegmentKind
from bot.dojos.model.dojo import DojoSettings
from bot.feedback.model.notes import Side
from bot.feedback.ui.debrief.debrief import feedback_card
from bot.feedback.ui.notes.pad import pad_card
from bot.kit.person import Person
from bot.rounds.model.clock import News
from bot.rounds.model.round import Agreement, Round
from bot.rounds.service.ports import Sent
from bot.tuning import COLLECT_AFTER
from tests.benchmarks.programs import ROOT
from tests.benchmarks.report import Target
from tests.feedback.service.practice import FeedbackPractice
from tests.people import CHANNEL, GUILD, MANAGER
from tests.rounds.service.practice import FakeAnnouncer

HOURS, MINUTES_BETWEEN = 24, 4
TAPS = 2
"""Of each observer, in each minute of coaching."""
CODES = [f"S{number}" for number in range(1, 7)]
FIRST_ROOM = 10_000


@dataclass(frozen=True)
class Found:
    """Resident MB after each hour, and what the day took."""

    memory: Sequence[float]
    rounds: int
    taps: int
    seconds: float

    @property
    def growth(self) -> float:
        """MB from the end of the first hour to the end of the last."""
        return self.memory[-1] - self.memory[0]


TARGETS: list[Target[Found]] = [
    Target("memory after a day, MB above that of an hour", lambda found: found.growth, 5),
]


class Quiet(FakeAnnouncer):
    """Rooms that remember nothing."""

    async def tell(self, round_: Round, news: News, now: datetime) -> Sent:
        """As the original, without its record."""
        sent = await super().tell(round_, news, now)
        self.tellings.clear()
        self.attempts.clear()
        return sent


class Day:
    """Rounds that begin one after another, each with taps, sheets and feedback."""

    def __init__(self, practice: FeedbackPractice) -> None:
        self._practice = practice
        self._running: list[tuple[int, tuple[Person, ...]]] = []
        self._minutes = 0
        self.rounds = self.taps = 0

    async def hour(self) -> None:
        """Let an hour pass."""
        for _ in range(60):
            if self._minutes % MINUTES_BETWEEN == 0:
                await self._begin()
            await self._practice.forward(60)
            self._minutes += 1
            for one in tuple(self._running):
                await self._minute(*one)
            self._practice.waits.clear()

    async def _begin(self) -> None:
        number = self.rounds
        self.rounds += 1
        people = tuple(Person(100_000 + number * 4 + seat) for seat in range(4))
        round_ = await self._practice.proposed(people=people, room_id=FIRST_ROOM + number)
        for person in people:
            await self._practice.rounds.proposing.agree(round_.id, person, Agreement.NOTES)
        self._running.append((round_.id, people))

    async def _minute(self, round_id: int, people: tuple[Person, ...]) -> None:
        practice = self._practice
        round_ = practice.rounds.live.find(round_id)
        if round_ is None:
            self._running.remove((round_id, people))
            await self._over(round_id, people)
        elif round_.has_begun and round_.kind is SegmentKind.COACH:
            await self._tap(round_, people[2:])

    async def _tap(self, round_: Round, observers: Sequence[Person]) -> None:
        content = await self._practice.joined.feedback_access.content_of(round_)
        for observer in observers:
            for _ in range(TAPS):
                code = CODES[self.taps % len(CODES)]
                side = Side.SEEN if self.taps // len(CODES) % 2 else Side.SIGNAL
                self.taps += 1
                pad = await self._practice.pads.tap(round_.id, observer.user_id, code, side)
                pad_card(pad, content).to_components()

    async def _over(self, round_id: int, people: tuple[Person, ...]) -> None:
        practice, (coach, _, *observers) = self._practice, people
        for observer in observers:
            await practice.sheets.hand_in(round_id, observer.user_id, coach.user_id)
        await practice.sheets.skip_own(round_id, coach.user_id)
        feedback = await practice.debriefs.open(round_id, coach.user_id)
        content = await practice.joined.feedback_access.content_of(feedback.round)
        feedback_card(feedback, content, 0, unfolded=True).to_components()


def resident() -> float:
    """MB of this process. Linux only."""
    gc.collect()
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError("no memory")


async def lived(path: Path, hours: int) -> Found:
    """The day, in this process."""
    began = time.perf_counter()
    memory: list[float] = []
    practice = FeedbackPractice(path, load_library(), Quiet())
    await practice.begin_process()
    # Nobody waits for the disk in a day that lasts a minute.
    await practice.database.write("PRAGMA synchronous = OFF")
    await practice.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
    day = Day(practice)
    for number in range(hours):
        await day.hour()
        memory.append(resident())
        print(f"day: {number + 1} h, {memory[-1]:.1f} MB", file=sys.stderr, flush=True)
    await practice.end_process()
    return Found(memory, day.rounds, day.taps, time.perf_counter() - began)


async def measured(directory: Path, hours: int = HOURS) -> Found:
    """The day, in a process of its own, which holds nothing but what the bot does."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__ if __name__ != "__main__" else "tests.benchmarks.day",
        str(directory / "day.sqlite3"),
        str(hours),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError(f"the day ended with exit code {child.returncode}")
    return Found(**json.loads(output))


def report(found: Found) -> str:
    """The part as text."""
    hours, first, last = len(found.memory), found.memory[0], found.memory[-1]
    lines = [
        f"{found.rounds} rounds and {found.taps:,} taps in {hours} h, in {found.seconds:.0f} s",
        f"MB after 1 h {first:.1f}, after {hours} h {last:.1f}, at most {max(found.memory):.1f}",
    ]
    return "\n".join([*lines, "", *(target.line([found]) for target in TARGETS)])


if __name__ == "__main__":
    gc.set_threshold(*COLLECT_AFTER)
    result = asyncio.run(lived(Path(sys.argv[1]), int(sys.argv[2])))
    print(json.dumps(result.__dict__))
