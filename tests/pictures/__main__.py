"""The README's pictures, made from a rehearsal in a headless Chromium.

    uv run python -m tests.pictures [--out FOLDER] [NAME ...]

A scene is a function that does what a person would do and takes one picture. Each has a
rehearsal of its own, so that it begins with an empty channel. To add one, write it below
and mark it with `@scene`; its name is the picture's.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

from bot.rehearsal import Options
from bot.rehearsal.command import Rehearsal, open_dojo_rehearsal
from tests.browser import NoBrowser, browser
from tests.pictures.sets import Set

FOLDER = Path(__file__).parent
SHUFFLE = 11


Scene = Callable[[Set], Awaitable[None]]
SCENES: dict[str, Scene] = {}
EVENING: set[str] = set()
"""Scenes in which people play an evening by themselves."""
PLAYERS = 10


def scene(function: Scene) -> Scene:
    """Mark a function as a scene; `show_all` makes `show-all.png`."""
    SCENES[function.__name__.replace("_", "-")] = function
    return function


def evening(function: Scene) -> Scene:
    """Mark a function as a scene of an evening whose people play by themselves."""
    EVENING.add(function.__name__.replace("_", "-"))
    return scene(function)


@scene
async def question(stage: Set) -> None:
    """A public question with its buttons, as somebody else sees it."""
    carla = await stage.seat("dojo", "carla")
    kim = await stage.seat("dojo", "kim", height=420)
    await carla.slash("question", phase="start")
    await kim.sees("Another")
    await kim.picture(stage.path)


@scene
async def show_all(stage: Set) -> None:
    """The private list of all questions of a phase."""
    carla = await stage.seat("dojo", "carla", height=900)
    await carla.slash("question", phase="meaning")
    await carla.press("Show all")
    await carla.picture(stage.path, of=carla.latest)


@scene
async def settings(stage: Set) -> None:
    """A dojo's settings."""
    fay = await stage.seat("dojo", "fay")
    await fay.slash("dojo settings")
    await fay.picture(stage.path)


@scene
async def setup_form(stage: Set) -> None:
    """The form in which they are changed."""
    fay = await stage.seat("dojo", "fay", height=900)
    await fay.slash("dojo settings")
    await fay.press("Change")
    await fay.picture(stage.path, of=fay.form)


@scene
async def signals(stage: Set) -> None:
    """The first of the six signals."""
    olu = await stage.seat("dojo", "olu", height=1400)
    await olu.slash("signals")
    await olu.picture(stage.path, of=olu.latest)


@scene
async def round_agreement(stage: Set) -> None:
    """What everybody who is asked into a round sees before it begins."""
    kim = await stage.seat(await stage.room(), "kim", height=1400)
    await kim.sees("before it begins")
    await kim.picture(stage.path, of=kim.latest)


@scene
async def round_coaching(stage: Set) -> None:
    """The card of the coaching in the round's own thread."""
    olu = await stage.seat(await stage.coaching(), "olu")
    await olu.sees("part 2 of 7")
    await olu.picture(stage.path)


@scene
async def round_role(stage: Set) -> None:
    """What an observer is told in private."""
    olu = await stage.seat(await stage.coaching(), "olu")
    await olu.press("My role now")
    await olu.sees("Listen. Open my pad")
    await olu.picture(stage.path, of=olu.latest)


@scene
async def pad(stage: Set) -> None:
    """An observer's pad after some notes."""
    coached = await stage.observed()
    pads = coached.olu.messages.filter(has_text="My pad")
    await coached.olu.picture(stage.path, of=pads.last)


@scene
async def feedback(stage: Set) -> None:
    """What the coach gets of it."""
    carla = await stage.feedback()
    await carla.picture(stage.path, of=carla.latest)


@scene
async def time_line(stage: Set) -> None:
    """The same as a picture."""
    carla = await stage.feedback()
    await carla.press("Time line")
    await carla.sees("The coaching as a time line")
    await carla.latest.locator("img[alt^='Time line of']").wait_for()
    await carla.picture(stage.path, of=carla.latest)


@evening
async def gathering(stage: Set) -> None:
    """The card of an evening that people have joined."""
    fay = await stage.gathered()
    card = fay.messages.filter(has_text="My wishes").last
    await fay.picture(stage.path, of=card)


@evening
async def groups(stage: Set) -> None:
    """The groups as they are proposed to the facilitator."""
    fay = await stage.gathered()
    await fay.press("Form groups")
    await fay.sees("Why these groups")
    await fay.picture(stage.path, of=fay.latest)


@evening
async def panel(stage: Set) -> None:
    """The facilitator's panel while all rooms coach."""
    fay = await stage.practising()
    await fay.press("Panel")
    await fay.sees("Pause all")
    await fay.picture(stage.path, of=fay.latest)


@scene
async def rehearsal(stage: Set) -> None:
    """The start page of `dojo-bot try`."""
    page = await stage.page(dark=False)
    await page.screenshot(path=stage.path)


async def make(names: Sequence[str], folder: Path) -> None:
    """Make the pictures of these scenes. Raises NoBrowser."""
    async with browser() as chromium:
        for name in names:
            async with _rehearsal(players=PLAYERS if name in EVENING else 0) as rehearsal:
                path = folder / f"{name}.png"
                await SCENES[name](Set(chromium, rehearsal, path))
                for context in chromium.contexts:
                    await context.close()
                print(path)


@contextlib.asynccontextmanager
async def _rehearsal(*, players: int) -> AsyncIterator[Rehearsal]:
    def complain(line: str) -> None:
        print(line, file=sys.stderr)

    with tempfile.TemporaryDirectory() as data:
        # The same questions in the same order each time, so that a picture changes only
        # when what it shows does.
        opened = open_dojo_rehearsal(
            Options(players=players), Path(data), report=complain, rng=random.Random(SHUFFLE)
        )
        async with opened as rehearsal:
            yield rehearsal


def main(arguments: Sequence[str] | None = None) -> int:
    """Make pictures; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--out", type=Path, default=FOLDER, metavar="FOLDER")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SCENES)}")
    given = parser.parse_args(arguments)
    if unknown := set(given.names) - SCENES.keys():
        parser.error(f"there is no scene {', '.join(sorted(unknown))}")
    given.out.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(make(given.names or list(SCENES), given.out))
    except NoBrowser as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
