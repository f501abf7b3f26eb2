"""An evening of 60 in 20 rooms: do all rooms, and the facilitator's panel, follow at once?"""

from __future__ import annotations

import asyncio
import gc
import json
import math
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bot.content.model.formats import SegmentKind
from bot.kit.discord.patterns import PREFIX
from bot.rounds.ui.words import SEGMENT
from tests.benchmarks import payloads
from tests.benchmarks.bots.watched import GAPS
from tests.benchmarks.load import PATIENCE
from tests.benchmarks.payloads import Json
from tests.benchmarks.prepare.gathering import (
    GUILDS,
    ROOMS,
    SEGMENT_SECONDS,
    room_of,
    segments_began,
    set_clocks,
)
from tests.benchmarks.programs import Place, prepare, running
from tests.benchmarks.rounds import WATCHED, busiest_second
from tests.benchmarks.standin import StandIn

LEAD_SECONDS = 10.0
"""From the start of the bot to the start of all clocks: it says "ready" late, and lets 60 people
in."""
OPENED_BEFORE_SECONDS = 1.5
"""How long before that the facilitator opens the panel."""
WATCH_SECONDS = 5.0
"""How long to watch after each step; less than the first segment lasts."""
THINKING_SECONDS = 0.5
"""From the question “are you sure” to the answer."""

_ROOM_LINE = re.compile(r"^\*\*(?:Room )?\d+\*\*.*$", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """Something that happens in all rooms at once, and what is true afterwards."""

    name: str
    messages: int
    """How many new messages the rooms must get."""
    stage: str
    """What the panel then says of the evening."""
    rooms: str
    """What it then says of every room."""
    seen: str = ""
    """What its **Next** then knows of the clocks of all rooms; nothing where it has none."""


def _in_segment(name: str, kind: SegmentKind, position: int) -> Step:
    words = SEGMENT[kind]
    # The panel's buttons count segments from -1, which is before the first.
    seen = f":panel:next:1.{str(position + 1) * ROOMS}"
    return Step(name, ROOMS, "rounds are running", f"{words.emoji} {words.title}", seen)


START = _in_segment("start", SegmentKind.AGREE, 0)
CLOCK = _in_segment("clock", SegmentKind.COACH, 1)
NEXT = _in_segment("Next", SegmentKind.WRITE, 2)
# The last card of each room, and its call back.
END = Step("End all", 2 * ROOMS, "Everybody is called back", "🌿 over")
STEPS = (START, CLOCK, NEXT, END)


@dataclass(frozen=True)
class Followed:
    """How rooms and panel followed a step; times in seconds since it."""

    left: float
    """Until the last new message in a room."""
    closed: float
    """Until the last request of all, which takes the buttons off an old card."""
    panel: float
    """Until the panel showed the true state of all rooms; infinite if it did not."""
    messages: int
    """New messages of the rooms."""
    without: int
    """Rooms without a new card."""
    busiest: int
    """Requests within the busiest second."""
    refused: int
    """Requests above Discord's limit."""
    blocked: float
    """The longest that the event loop was blocked, also for want of a processor."""


Evening = dict[str, Followed]
"""By the names of the steps."""


async def play(
    directory: Path, compiled: Path, profile: Path | None = None
) -> tuple[Evening, set[str]]:
    """Start the bot on a new evening, and play it; also requests the stand-in could not serve.

    `directory` is an empty one of its own.
    """
    async with StandIn(GUILDS, rooms=GUILDS * ROOMS).running() as discord:
        place = Place(directory, discord.port, compiled, profile)
        await prepare("prepare.gathering", place)
        zero = round(_now() + LEAD_SECONDS, 3)
        gathering_id = set_clocks(place.database, zero)
        async with running(WATCHED, place):
            async with asyncio.timeout(PATIENCE):
                await discord.connected()
            windows = await _Part(discord, place).played(zero, gathering_id)
    gaps = json.loads((directory / GAPS).read_text())
    return {window.step.name: window.with_blocks(gaps) for window in windows}, discord.unknown


@dataclass(frozen=True)
class _Window:
    """What was seen from a step on."""

    step: Step
    began: float
    ended: float
    followed: Followed

    def with_blocks(self, gaps: list[tuple[float, float, float]]) -> Followed:
        """With the figures that are known only when the bot has stopped."""
        within = [seconds for at, seconds, _ in gaps if self.began <= at < self.ended]
        return replace(self.followed, blocked=max(within, default=0.0))


class _Part:
    """One facilitator with their panel, and what their rooms were told."""

    def __init__(self, discord: StandIn, place: Place) -> None:
        self._discord = discord
        self._place = place
        self._answers: list[tuple[float, Json]] = []
        """What the facilitator saw in answer to clicks, and when."""

    async def played(self, zero: float, gathering_id: int) -> list[_Window]:
        """Open the panel, and go through the evening whose clocks start at `zero`."""
        # Our own garbage collection must not look like the bot's lateness.
        gc.collect()
        gc.disable()
        try:
            await _until(zero - OPENED_BEFORE_SECONDS)
            card = payloads.message({}, str(payloads.channel_id(0, payloads.DOJO_CHANNEL)))
            await self._press(card, f"{PREFIX}gather:{gathering_id}:panel")
            if _now() > zero:
                raise TimeoutError("the panel was opened too late for the benchmark")

            async def clocks_start() -> float:
                await _until(zero)
                return zero

            async def segments_end() -> float:
                # Only the database has the moment, and not before it is over.
                await _until(zero + SEGMENT_SECONDS + WATCH_SECONDS)
                return segments_began(self._place.database)

            return [
                await self._follow(START, clocks_start),
                await self._follow(CLOCK, segments_end),
                await self._follow(NEXT, lambda: self._steer(":panel:next:", ":next-indeed:")),
                await self._follow(END, lambda: self._steer(":panel:ask:end", ":indeed:end")),
            ]
        finally:
            gc.enable()

    async def _follow(self, step: Step, happen: Callable[[], Awaitable[float]]) -> _Window:
        """Do a step, and watch what follows."""
        discord = self._discord
        written, arrived, refused = len(discord.written), len(discord.arrivals), discord.refused
        at = await happen()
        await _until(at + WATCH_SECONDS)
        rooms = {room_of(number) for number in range(ROOMS)}
        since = discord.written[written:]
        new = [one for one in since if one.is_new and one.channel in rooms]
        true = [moment for moment, look in self._looks() if moment >= at and _is_true(look, step)]
        followed = Followed(
            left=max((one.at for one in new), default=math.inf) - at,
            closed=max((one.at for one in since), default=math.inf) - at,
            panel=min(true, default=math.inf) - at,
            messages=len(new),
            without=len(rooms.difference(one.channel for one in new if one.is_card)),
            busiest=busiest_second(discord.arrivals[arrived:]),
            refused=discord.refused - refused,
            blocked=0.0,
        )
        return _Window(step, at, _now(), followed)

    # The facilitator

    def _looks(self) -> list[tuple[float, Json]]:
        """The states of the panel, with the time of each, in order."""
        edits = [(one.at, one.message) for one in self._discord.followed_up]
        return sorted([*self._answers, *edits], key=lambda look: look[0])

    async def _steer(self, button: str, sure: str) -> float:
        """Press a button of the panel, and confirm it. Returns the time of the confirmation."""
        _, question = await self._press_on_panel(button)
        await asyncio.sleep(THINKING_SECONDS)
        if not any(sure in one for one in _custom_ids(question)):
            raise RuntimeError(f"the panel did not ask after {button}")
        clicked, _ = await self._press_on_panel(sure)
        return clicked

    async def _press_on_panel(self, part: str) -> tuple[float, Json]:
        """Press the button of the panel whose custom id has this part."""
        panel = self._looks()[-1][1]
        custom_id = next((one for one in _custom_ids(panel) if part in one), None)
        if custom_id is None:
            raise RuntimeError(f"the panel has no {part}: {_texts(panel)}")
        # It is seen by one person alone, and stays the message that it is.
        private = {**panel, "id": self._answers[0][1]["id"], "flags": panel["flags"] | 64}
        return await self._press(private, custom_id)

    async def _press(self, message: Json, custom_id: str) -> tuple[float, Json]:
        """Press a button; when that was, and what is shown then."""
        clicked = _now()
        asked = self._discord.ask(payloads.click(0, message, custom_id))
        answer = await asyncio.wait_for(asked, PATIENCE)
        if answer.message is None:
            raise RuntimeError(f"nothing was shown after {custom_id}")
        self._answers.append((clicked + answer.answered, answer.message))
        return clicked, answer.message


def _is_true(look: Json, step: Step) -> bool:
    """Whether a panel shows what is true after a step: of the evening, and of every room.

    It has a line for each room of its first page, and its **Next** knows the clocks of all.
    """
    text = "\n".join(_texts(look))
    lines = _ROOM_LINE.findall(text)
    is_seen = not step.seen or any(one.endswith(step.seen) for one in _custom_ids(look))
    return (
        bool(lines) and is_seen and step.stage in text and all(step.rooms in one for one in lines)
    )


def _parts(components: list[Json]) -> Iterator[Json]:
    for component in components:
        yield component
        yield from _parts(component.get("components", []))
        if "accessory" in component:
            yield component["accessory"]


def _texts(message: Json) -> list[str]:
    return [part["content"] for part in _parts(message["components"]) if "content" in part]


def _custom_ids(message: Json) -> list[str]:
    return [part["custom_id"] for part in _parts(message["components"]) if "custom_id" in part]


async def _until(moment: float) -> None:
    await asyncio.sleep(max(moment - _now(), 0))


def _now() -> float:
    return time.time_ns() / 1e9
