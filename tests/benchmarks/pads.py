"""Observers who tap as fast as their pads answer, and the coach who opens the feedback."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import payloads
from tests.benchmarks.bots.watched import GAPS
from tests.benchmarks.load import PATIENCE, Load, Script
from tests.benchmarks.payloads import Json
from tests.benchmarks.prepare.pads import PLAN
from tests.benchmarks.programs import Place, Program, running
from tests.benchmarks.standin import Answer, StandIn

GUILDS = 100
SETTLE_SECONDS = 2.5
PADS = Program("pads", prepare="prepare.pads", module="dojo")
ABOUT = [
    *(f"S{number}:{side}" for number in range(1, 7) for side in ("seen", "signal")),
    *(f"Q:{phase}" for phase in ("start", "check-in", "meaning", "action", "close")),
]
"""In turn, and then in the next round: no tap is to be taken for a repetition of the one before,
and no pad to become full."""


def taps(discord: StandIn, directory: Path) -> Load:
    """Everybody opens their pad once, and then taps one thing after another."""
    return Load(discord, _script(discord, directory), public=False)


def _script(discord: StandIn, directory: Path) -> Script:
    rounds: list[int] = []
    pads: dict[int, Json] = {}
    tapped: Counter[int] = Counter()

    def script(person: int, last: Answer | None) -> Json:
        if not rounds:
            # Read late: the file is made when the program is started.
            rounds.extend(json.loads((directory / PLAN).read_text())["running"])
        if last is not None and last.message is not None:
            pads[person] = last.message
        if person not in pads:
            return payloads.slash(person, discord.command("observe"), [])
        number = tapped[person]
        tapped[person] += 1
        round_id = rounds[number // len(ABOUT) % len(rounds)]
        about = ABOUT[number % len(ABOUT)]
        return payloads.click(person, pads[person], f"dojo:1:tap:{round_id}:{about}")

    return script


# The coach's feedback

WATCHED = Program("watched-pads", prepare="prepare.pads", module="watched")
LATER = 5
"""How often feedback and picture are asked for again."""
PAUSE_SECONDS = 0.2


@dataclass(frozen=True)
class Opened:
    """How long a coach waited for the feedback on 60 notes of three observers; in seconds."""

    first: float
    """For the feedback, which is released by this."""
    later: float
    """For opening it again; the longest of several times."""
    picture: float
    """For the time line the first time."""
    picture_later: float
    """For opening it again; the longest of several times."""
    blocked: float
    """The longest that the event loop stood still in the meantime, also for want of a processor."""


async def opened(directory: Path, compiled: Path) -> Opened:
    """Start the bot on a round that is over, and let its coach open feedback and picture.

    `directory` is an empty one of its own.
    """
    async with StandIn(GUILDS).running() as discord:
        place = Place(directory, discord.port, compiled)
        async with running(WATCHED, place):
            await discord.connected()
            await asyncio.sleep(SETTLE_SECONDS)
            plan = json.loads((directory / PLAN).read_text())
            card = payloads.message({}, str(payloads.channel_id(0, payloads.DOJO_CHANNEL)))

            async def press(what: str) -> float:
                await asyncio.sleep(PAUSE_SECONDS)
                click = payloads.click(0, card, f"dojo:1:round:{plan['over']}:{what}")
                # Another message each time: the same button twice in a moment is a double click.
                click["message"] = {**card, "id": payloads.new_id()}
                return (await asyncio.wait_for(discord.ask(click), PATIENCE)).answered

            began = time.time_ns() / 1e9
            feedback = [await press("my-feedback") for _ in range(1 + LATER)]
            pictures = [await press("picture") for _ in range(1 + LATER)]
        gaps = json.loads((directory / GAPS).read_text())
    return Opened(
        feedback[0],
        max(feedback[1:]),
        pictures[0],
        max(pictures[1:]),
        max((seconds for at, seconds, _ in gaps if at >= began), default=0.0),
    )
