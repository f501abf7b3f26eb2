"""Playing a story: a rehearsal of its own, in which everything happens as in every other run."""

from __future__ import annotations

import contextlib
import random
import tempfile
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from unittest import mock

from bot.rehearsal import Options, simulation
from bot.rehearsal.command import open_dojo_rehearsal
from bot.rehearsal.stage import Stage
from tests.pictures.scenes import Story
from tests.pictures.sets import Camera, Set
from tests.simulation.quick import quick_databases

__all__ = ["FOLDER", "play"]

FOLDER = Path(__file__).parent
"""Where the pictures are, and beside each a file with its words."""

_SHUFFLE = 11
"""The same questions in the same order each time."""
_AT_ONCE = 10_000
"""Requests to Discord that may be sent at once: while the clock stands still, none would be
allowed to follow the usual number."""
_SETTLES = 30.0
"""Seconds outside that the bot may take for an answer: on a slow machine it must come, too."""


async def play(
    story: Story,
    *,
    camera: Camera | None = None,
    place: Callable[[str], Path | None] = lambda _: None,
) -> dict[str, str]:
    """Play a story; the words on each of its pictures.

    With a camera, the pictures that have a place are taken, too.
    """
    complaints: list[str] = []
    async with _set(story, complaints.append, camera, place) as stage:
        await story.play(stage)
    assert not complaints, complaints
    assert set(stage.words) == set(story.pictures), (stage.words.keys(), story.pictures)
    return stage.words


@contextlib.asynccontextmanager
async def _set(
    story: Story,
    complain: Callable[[str], None],
    camera: Camera | None,
    place: Callable[[str], Path | None],
) -> AsyncIterator[Set]:
    options = Options(players=story.players)
    with (
        tempfile.TemporaryDirectory() as data,
        quick_databases(),
        mock.patch("bot.app.BURST", _AT_ONCE),
        mock.patch("bot.rehearsal.players._SETTLES", _SETTLES),
        simulation.held_time(),
    ):
        opened = open_dojo_rehearsal(
            options, Path(data), report=complain, rng=random.Random(_SHUFFLE)
        )
        async with opened as rehearsal:
            await _hold(rehearsal.stage)
            yield Set(rehearsal, camera=camera, place=place)


async def _hold(stage: Stage) -> None:
    """Stop the clock at a full minute: from then on, time passes only when a scene says so.

    A picture must not depend on how long it took to play what came before, nor on fractions of
    a second, which are rounded here and there.
    """
    await stage.hold_clock()
    stage.env.settle_timeout = _SETTLES
    now = stage.clock.now()
    await stage.jump(
        timedelta(minutes=1) - timedelta(seconds=now.second, microseconds=now.microsecond)
    )
