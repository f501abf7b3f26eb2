# ruff: noqa: T201 - this is what the command says
"""Starts a rehearsal from the command line, and ends it cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import random
import signal
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.rehearsal import PORT, Options
from bot.rehearsal.clock import FASTEST
from bot.rehearsal.community import LARGEST, SMALLEST
from bot.rehearsal.folders import rehearsal_folder
from bot.rehearsal.players import FEWEST, MOST
from bot.rehearsal.stage import OpenBot, Prepare, Stage
from bot.rehearsal.web import Site
from bot.rehearsal.wiring import REFUSALS, open_dojo_bot, prepare_dojo

__all__ = ["CannotBegin", "Rehearsal", "open_dojo_rehearsal", "open_rehearsal", "rehearse"]

_HOST = "127.0.0.1"


class CannotBegin(Exception):
    """Why a rehearsal cannot begin, in a sentence."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A rehearsal that is open."""

    address: str
    """Of the start page, with a slash at the end."""
    stage: Stage


def rehearse(options: Options) -> int:
    """Rehearse until Ctrl-C or SIGTERM; see ``bot.rehearsal.run``."""
    # Where the loop cannot handle signals, Ctrl-C is an exception.
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_until_stopped(options))
    return 0


async def _until_stopped(options: Options) -> None:
    stop = asyncio.Event()
    with _stopped_by_signals(stop), rehearsal_folder() as folder:
        async with open_dojo_rehearsal(options, folder, report=_complain) as rehearsal:
            print(f"The rehearsal is open: {rehearsal.address}", flush=True)
            print(
                "Press Ctrl-C to end it; nothing of it is kept. If it is killed, the next start"
                " removes what it left.",
                flush=True,
            )
            if options.open_browser:
                await asyncio.to_thread(webbrowser.open, rehearsal.address)
            await stop.wait()
    print("The rehearsal is over.", flush=True)


def open_dojo_rehearsal(
    options: Options,
    folder: Path,
    *,
    report: Callable[[str], None],
    rng: random.Random | None = None,
) -> AbstractAsyncContextManager[Rehearsal]:
    """A rehearsal with the real bot, which stores its data in ``folder``."""
    opener = open_dojo_bot(folder, rng=rng)
    return open_rehearsal(options, opener, prepare_dojo, report=report, refusals=REFUSALS)


@asynccontextmanager
async def open_rehearsal(
    options: Options,
    open_bot: OpenBot,
    prepare: Prepare,
    *,
    report: Callable[[str], None],
    refusals: tuple[type[Exception], ...] = (),
) -> AsyncIterator[Rehearsal]:
    """Open a rehearsal for as long as the context lasts.

    ``report`` gets a line for everything that goes wrong in the bot. Raises ``CannotBegin`` if the
    port is not available or an option is out of range.
    """
    _check(options)
    with _listening(options.port) as listener:
        port = listener.getsockname()[1]
        async with Stage(
            open_bot,
            prepare,
            report=report,
            refusals=refusals,
            speed=options.speed,
            people=options.people,
            players=options.players,
        ) as stage:
            site = Site(stage, port)
            # Pages ask twice a second: keep a connection for a while, but do not let any hold up
            # the end.
            runner = web.AppRunner(site.application(), access_log=None, shutdown_timeout=1.0)
            await runner.setup()
            try:
                await web.SockSite(runner, listener).start()
                yield Rehearsal(f"http://{_HOST}:{port}/", stage)
            finally:
                await runner.cleanup()
                await site.close()


def _check(options: Options) -> None:
    if not 0 <= options.port <= 65_535:
        raise CannotBegin("A port is a number from 0 to 65535.")
    if not 0 < options.speed <= FASTEST:
        raise CannotBegin(f"The speed of the clock is more than 0 and at most {FASTEST:.0f}.")
    if not SMALLEST <= options.people <= LARGEST:
        raise CannotBegin(f"There can be {SMALLEST} to {LARGEST} people in a rehearsal.")
    if options.players and not FEWEST <= options.players <= MOST:
        raise CannotBegin(f"{FEWEST} to {MOST} people can play by themselves.")


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    wanted = [port] if port else [PORT, 0]
    for one in wanted:
        try:
            listener = socket.create_server((_HOST, one))
        except OSError as error:
            if one == wanted[-1]:
                reason = "is taken" if error.errno == errno.EADDRINUSE else "cannot be used"
                raise CannotBegin(f"Port {one} {reason}. Try another one, or none") from error
        else:
            with listener:
                yield listener
            return


@contextmanager
def _stopped_by_signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    handled: list[signal.Signals] = []
    # Windows has no signals in its event loop; Ctrl-C raises KeyboardInterrupt there.
    with contextlib.suppress(NotImplementedError):
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
            handled.append(number)
    try:
        yield
    finally:
        for number in handled:
            loop.remove_signal_handler(number)


def _complain(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
