"""Runs the bot against Discord until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import discord

from bot.app import open_bot
from bot.client import DojoBot
from bot.close_codes import DISALLOWED_INTENTS, REFUSED, ended
from bot.gateway import bound_pauses
from bot.gatherings.service.live import LiveGatherings, keep_steady
from bot.kit.database.errors import StorageError
from bot.kit.database.lease import hold
from bot.kit.database.private_files import exposed
from bot.kit.requests.unreachable import DISCORD_FAILURES
from bot.kit.time.steady_clock import SteadyClock
from bot.rounds.service.live import LiveRounds
from bot.settings import ENV_FILE, Settings, SettingsError
from bot.tuning import tune_collector, tune_interpreter

log = logging.getLogger(__name__)

DRAIN_SECONDS = 5.0
"""How long a stop waits for answers that are under way."""
FIRST_RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 20.0
"""Between two attempts to log in: the bot answers again within a minute after an outage."""

ANSWERING = ("CommandTree-invoker", "discord.py: on_interaction")
"""The library's names for the tasks that answer interactions; a test checks them."""


async def run_bot(settings: Settings, *, sync: bool = False) -> None:
    """Run against Discord until SIGINT or SIGTERM.

    Waits while another process runs on the same database. A lost connection is opened again
    automatically. Raises SettingsError for a token that is missing or refused, ConnectionEnded,
    ContentRejected and StorageError.
    """
    settings = settings.with_token()
    tune_interpreter()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no signal handlers on its loop; Ctrl+C raises KeyboardInterrupt there.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    is_taken = False

    def taken() -> None:
        nonlocal is_taken
        is_taken = True
        stop.set()

    async with contextlib.AsyncExitStack() as stack:
        lease = hold(settings.database, waiting=_tell_of_waiting, taken=taken)
        if not await _before(stop, stack.enter_async_context(lease)):
            return
        clock = SteadyClock(discord.utils.utcnow)
        opening = open_bot(settings, now=clock, sync=sync)
        bot = await stack.enter_async_context(opening)
        services = bot.services
        keep_steady(clock, services[LiveRounds], services[LiveGatherings])
        await _tell_of_open_files(settings.database)
        tune_collector()
        running = asyncio.create_task(_log_in_and_connect(bot, settings.token), name="gateway")
        stopping = asyncio.create_task(stop.wait(), name="stop")
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not running.done():
            log.info("stopping")
            await drain()
            await bot.close()
            running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    if is_taken:
        raise StorageError(
            f"The lock file of {settings.database} was deleted, and another dojo-bot has begun to"
            " run on that database."
        )


def _tell_of_waiting() -> None:
    log.warning("another dojo-bot is running on this database; waiting until it ends")


async def _tell_of_open_files(database: Path) -> None:
    """Log when other accounts of this machine can read what is stored.

    Changes nothing: an operator may have opened the files on purpose, e.g. for backups.
    """
    with contextlib.suppress(OSError):
        found = await asyncio.to_thread(exposed, database, ENV_FILE)
        if found:
            names = ", ".join(str(file.path) for file in found)
            log.warning("open to other accounts of this machine: %s; see dojo-bot check", names)


async def _before(stop: asyncio.Event, work: Coroutine[Any, Any, object]) -> bool:
    """Do `work` unless a stop comes first. Returns whether it was done."""
    working = asyncio.create_task(work, name="lease")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working
    return not working.cancelled()


async def drain(seconds: float = DRAIN_SECONDS) -> None:
    """Wait until no interaction is being answered any more, for at most `seconds`."""
    clock = asyncio.get_running_loop().time
    end = clock() + seconds
    while clock() < end:
        answering = {
            task for task in asyncio.all_tasks() if task.get_name().startswith(ANSWERING)
        } - {asyncio.current_task()}
        if not answering:
            return
        # Others may begin in the meantime, so check again.
        await asyncio.wait(answering, timeout=end - clock())


async def _log_in_and_connect(bot: DojoBot, token: str) -> None:
    """Log in and stay connected, waiting for Discord whenever it cannot be reached.

    Raises SettingsError and ConnectionEnded if Discord refuses that for good.
    """
    bound_pauses(bot.identifies)
    wait = FIRST_RETRY_SECONDS
    while True:
        try:
            if not bot.http.token:
                await bot.login(token)
            await bot.connect(reconnect=True)
        except discord.LoginFailure:
            raise SettingsError(REFUSED) from None
        except discord.PrivilegedIntentsRequired:
            raise ended(DISALLOWED_INTENTS) from None
        except discord.ConnectionClosed as error:
            raise ended(error.code) from None
        except (*DISCORD_FAILURES, AttributeError) as error:
            # The library opens a lost connection again by itself. If the first connection fails, it
            # ends in an AttributeError, because there is nothing to resume yet.
            if isinstance(error, AttributeError) and bot.ws is not None:
                raise
            log.warning("Discord cannot be reached (%s); trying again in %.0f s", error, wait)
            await _forget_session(bot)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_RETRY_SECONDS)
        else:
            return


async def _forget_session(bot: DojoBot) -> None:
    """Let the next attempt log in again."""
    await bot.http.close()
    # The session closed its connector with itself; the next login has to make another.
    bot.http.connector = discord.utils.MISSING
    bot.http.token = None
