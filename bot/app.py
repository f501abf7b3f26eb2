"""The composition root: the one place where everything is opened, joined and closed again."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import random
import signal
import sys
from collections.abc import AsyncGenerator, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord

from bot.check import naming_damage
from bot.client import DojoBot
from bot.close_codes import DISALLOWED_INTENTS, REFUSED, ended
from bot.content.library import SHIPPED, Library, load_library
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.dojos.service.timezones import TimeZones
from bot.dojos.store.dojos import DojoStore
from bot.dojos.store.own_contents import OwnContentStore
from bot.feedback.service.access import FeedbackDesk
from bot.feedback.service.calibration import CalibrationService
from bot.feedback.service.debriefs import DebriefService
from bot.feedback.service.pads import PadService
from bot.feedback.service.reports import ReportService
from bot.feedback.service.sheets import SheetService
from bot.feedback.service.talks import TalkService
from bot.feedback.store.calibration import CalibrationStore
from bot.feedback.store.client_views import ClientViewStore
from bot.feedback.store.debriefs import DebriefStore
from bot.feedback.store.notes import NoteStore
from bot.feedback.store.reports import ReportStore
from bot.feedback.store.sheets import SheetStore
from bot.feedback.store.talks import TalkStore
from bot.feedback.ui.reports import DiscordContactTeller
from bot.gateway import bound_pauses
from bot.gatherings.service.absent_lead import FacilitatorWatch
from bot.gatherings.service.conductor import GatheringRunner
from bot.gatherings.service.going_on import keep_steady
from bot.gatherings.service.harvest import PlenaryService
from bot.gatherings.service.joining import GatheringService
from bot.gatherings.service.live import GatheringKeeper
from bot.gatherings.store.check_outs import CheckOutStore
from bot.gatherings.store.gatherings import GatheringStore
from bot.gatherings.store.harvest import PlenaryStore
from bot.gatherings.store.history import HistoryStore
from bot.gatherings.store.wishes import WishStore
from bot.gatherings.ui.host.host import DiscordHost
from bot.guide.service import StatusService
from bot.kit.database.database import Database, open_database
from bot.kit.database.errors import StorageError
from bot.kit.database.lease import hold
from bot.kit.database.private_files import exposed
from bot.kit.database.values import ProgramValueStore
from bot.kit.requests.lean import answer_leanly
from bot.kit.requests.rate import BURST, MOST_IN_A_SECOND, REQUESTS_A_SECOND, RequestRate
from bot.kit.requests.unreachable import DISCORD_FAILURES
from bot.kit.time.clock import Clock
from bot.kit.time.steady_clock import SteadyClock
from bot.kit.time.trusted_time import TrustedTime
from bot.privacy.directory import DiscordDirectory
from bot.privacy.service.erasing import ErasingService
from bot.privacy.service.leavers import LeaverService
from bot.privacy.service.privacy import KeepsPeople, PrivacyService
from bot.privacy.service.retention import RetentionService
from bot.privacy.store.departures import DepartureStore
from bot.privacy.store.retention import RetentionStore
from bot.questions.service import QuestionService
from bot.questions.store import BagStore
from bot.rounds.service.asking import AskingService
from bot.rounds.service.invitations import Invitations
from bot.rounds.service.late_observers import LateObservers
from bot.rounds.service.live import RoundKeeper
from bot.rounds.service.safety import SafetyContacts
from bot.rounds.service.steering import RoundService
from bot.rounds.store.askings import AskingStore, InvitationStore
from bot.rounds.store.rounds import RoundStore
from bot.rounds.ui.announcer import DiscordAnnouncer
from bot.rounds.ui.asking.inviter import DiscordInviter
from bot.services import Services
from bot.settings import ENV_FILE, Settings, SettingsError

log = logging.getLogger(__name__)

SWITCH_SECONDS = 0.001
"""How long the event loop may keep the interpreter from the database's threads while both are busy.

Each statement of theirs needs it several times; Python's own 5 ms would be most of what a durable
write takes."""
GATHER_SECONDS = 0.001
"""How long a tap may wait for others that come: a full room then needs fewer commits.

Longer waits saved none that were measured, and are most of what a tap takes."""
COLLECT_AFTER = (20_000, 20, 20)
"""Containers made and not yet gone, before the collector looks at them."""
DRAIN_SECONDS = 5.0
"""How long a stop waits for answers that are under way."""
FIRST_RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 20.0
"""Between two attempts to log in; a minute after an outage the bot answers again."""

ANSWERING = ("CommandTree-invoker", "discord.py: on_interaction")
"""How the library names the tasks in which interactions are answered; a test holds it to them."""


@contextlib.asynccontextmanager
async def open_bot(
    settings: Settings,
    *,
    now: Clock = discord.utils.utcnow,
    rng: random.Random | None = None,
    content: Path = SHIPPED,
    sync: bool = False,
    gather_for: float = 0,
) -> AsyncGenerator[DojoBot]:
    """A bot whose services are ready; it and its database are closed at the end.

    `now` gives the present, `rng` the shuffles; `sync` tells Discord the commands even when they
    have not changed; a tap on a pad waits up to `gather_for` seconds for others, to be written
    with them. Raises ContentRejected and StorageError.
    """
    rng = rng or random.Random()  # noqa: S311 - shuffles, no secrets
    library = load_library(content)
    async with open_database(settings.database, now=now) as database:
        services, outlets = _joined(database, library, now, rng, gather_for)
        async with naming_damage(settings.database):
            await services.dojos.load()
            await services.retention.load()
            await services.rounds.kept.load()
            await services.rounds.asking.load()
            await services.invitations.load()
            await services.gatherings.kept.load()
        values = ProgramValueStore(database)
        bot = DojoBot(services, values, settings, sync=sync, sent=outlets.rate.sent)
        outlets.announcer.speak_through(bot)
        outlets.inviter.speak_through(bot)
        outlets.contact.speak_through(bot)
        outlets.host.speak_through(bot)
        outlets.directory.speak_through(bot)
        try:
            yield bot
        finally:
            # The clocks first: what they still wanted to tell is told at the next start.
            await bot.steps.close()
            await services.conductor.close()
            await services.facilitators.close()
            await bot.panels.close()
            await bot.waiting_cards.close()
            await services.invitations.close()
            await services.late_observers.close()
            await services.rounds.kept.close()
            await services.reports.close()
            await services.talks.close()
            await services.retention.close()
            await services.leavers.close()
            await outlets.announcer.close()
            await outlets.host.close()
            await bot.close()


@dataclass(frozen=True, slots=True)
class _Outlets:
    """What speaks in Discord for the services, once there is a client."""

    announcer: DiscordAnnouncer
    inviter: DiscordInviter
    contact: DiscordContactTeller
    host: DiscordHost
    directory: DiscordDirectory
    rate: RequestRate
    """Hears what is sent."""


def _joined(
    database: Database, library: Library, now: Clock, rng: random.Random, gather_for: float
) -> tuple[Services, _Outlets]:
    """All services over one database, and what speaks for them."""
    dojo_store, own_store = DojoStore(database), OwnContentStore(database)
    round_store = RoundStore(database)
    contents = ContentService(library, own_store, now=now)
    dojos = DojoService(dojo_store, TimeZones(), now=now, rng=rng)
    rate = RequestRate(REQUESTS_A_SECOND, BURST, MOST_IN_A_SECOND)
    announcer, contact = DiscordAnnouncer(dojos, rate), DiscordContactTeller()
    keeper = RoundKeeper(round_store, announcer, now=now)
    wish_store, asking_store = WishStore(database), AskingStore(database)
    invitation_store = InvitationStore(database)
    asking = AskingService(asking_store, wish_store.pairs, now=now)
    rounds = RoundService(keeper, dojos, contents, asking, rng=rng, apart=wish_store.pairs)
    inviter = DiscordInviter(rate)
    invitations = Invitations(keeper, invitation_store, inviter)
    people: dict[str, KeepsPeople] = {
        "dojos": dojo_store,
        "own_contents": own_store,
        "rounds": round_store,
    }
    note_store = NoteStore(database, gather_for=gather_for)
    sheet_store = SheetStore(database)
    debrief_store, view_store = DebriefStore(database), ClientViewStore(database)
    report_store, talk_store = ReportStore(database), TalkStore(database)
    contacts = SafetyContacts(dojos, contact)
    gathering_store = GatheringStore(database)
    check_out_store, departure_store = CheckOutStore(database), DepartureStore(database)
    desk = FeedbackDesk(keeper, round_store, debrief_store, dojos, contents, rng=rng)
    pads = PadService(desk, note_store)
    debriefs = DebriefService(desk, pads, note_store, sheet_store, debrief_store, view_store)
    people |= {
        "notes": note_store,
        "sheets": sheet_store,
        "client_views": view_store,
        "debriefs": debrief_store,
        "reports": report_store,
        "talks": talk_store,
        "gatherings": gathering_store,
        "wishes": wish_store,
        "askings": asking_store,
        "invitations": invitation_store,
        "check_outs": check_out_store,
        "departures": departure_store,
    }
    evenings = GatheringKeeper(gathering_store, now=now)
    host = DiscordHost(dojos, contents, rate, evenings, now=now)
    history = HistoryStore(database)
    gatherings = GatheringService(
        evenings, rounds, dojos, contents, history, wish_store, check_out_store, host, rng=rng
    )
    time = TrustedTime(now)
    going_on = [rounds, gatherings, asking, invitations]
    privacy = PrivacyService(database, people, dojos, going_on, pads, note_store, now=now)
    plenaries = PlenaryService(PlenaryStore(database), history, check_out_store)
    directory = DiscordDirectory(rate)
    services = Services(
        dojos=dojos,
        contents=contents,
        questions=QuestionService(BagStore(database), contents, rng=rng),
        rounds=rounds,
        invitations=invitations,
        late_observers=LateObservers(rounds, inviter),
        pads=pads,
        sheets=SheetService(desk, sheet_store, note_store, debrief_store, view_store),
        debriefs=debriefs,
        erasing=ErasingService(rounds, gatherings, desk, pads, round_store, debrief_store),
        reports=ReportService(desk, report_store, note_store, debriefs, pads, contacts, contact),
        talks=TalkService(desk, talk_store, contacts, contact),
        contacts=contacts,
        time=time,
        retention=RetentionService(RetentionStore(database), dojos, pads, time, now=now),
        calibration=CalibrationService(CalibrationStore(database)),
        privacy=privacy,
        leavers=LeaverService(
            departure_store,
            privacy,
            directory,
            time,
            now=now,
            has_left=gatherings.left_server,
        ),
        status=StatusService(database, now=now),
        gatherings=gatherings,
        conductor=GatheringRunner(gatherings, rounds, dojos, contents, plenaries, host),
        facilitators=FacilitatorWatch(evenings, host),
    )
    return services, _Outlets(announcer, inviter, contact, host, directory, rate)


async def run_bot(settings: Settings, *, sync: bool = False) -> None:
    """Run against Discord until SIGINT or SIGTERM.

    Waits while another process does so on the same database. A lost connection is taken up again
    by itself. Raises SettingsError for a token that is missing or refused, ConnectionEnded,
    ContentRejected and StorageError.
    """
    settings = settings.with_token()
    sys.setswitchinterval(SWITCH_SECONDS)
    answer_leanly()
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
        opening = open_bot(settings, now=clock, sync=sync, gather_for=GATHER_SECONDS)
        bot = await stack.enter_async_context(opening)
        keep_steady(clock, bot.services.rounds.kept, bot.services.gatherings.kept)
        await _tell_of_open_files(settings.database)
        # What has been made until now stays for good: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        # Cards are made of hundreds of small things, nearly all of which go by themselves: looking
        # for cycles after every 700 of them would be a tenth of the work of a tap.
        gc.set_threshold(*COLLECT_AFTER)
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
    """Say in the log when other accounts of this machine can read what is stored.

    Nothing is changed: an operator may have opened them on purpose, e.g. for backups.
    """
    with contextlib.suppress(OSError):
        found = await asyncio.to_thread(exposed, database, ENV_FILE)
        if found:
            names = ", ".join(str(one.path) for one in found)
            log.warning("open to other accounts of this machine: %s; see dojo-bot check", names)


async def _before(stop: asyncio.Event, work: Coroutine[Any, Any, object]) -> bool:
    """Do `work`, which a stop ends; whether it was done before."""
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
    """Wait until no interaction is being answered any more, or `seconds` are over."""
    clock = asyncio.get_running_loop().time
    end = clock() + seconds
    while clock() < end:
        answering = {
            task for task in asyncio.all_tasks() if task.get_name().startswith(ANSWERING)
        } - {asyncio.current_task()}
        if not answering:
            return
        # Others may begin meanwhile, so look again.
        await asyncio.wait(answering, timeout=end - clock())


async def _log_in_and_connect(bot: DojoBot, token: str) -> None:
    """Log in and stay connected, waiting for Discord whenever it cannot be reached.

    Raises SettingsError and ConnectionEnded when Discord refuses that for good.
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
            # The library takes up a lost connection by itself. A first one that fails ends in an
            # AttributeError of its own, because there is no connection to resume yet.
            if isinstance(error, AttributeError) and bot.ws is not None:
                raise
            log.warning("Discord cannot be reached (%s); trying again in %.0f s", error, wait)
            await _forget_session(bot)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_RETRY_SECONDS)
        else:
            return


async def _forget_session(bot: DojoBot) -> None:
    """Let the next attempt log in anew."""
    await bot.http.close()
    # The session closed its connector with itself; the next login has to make another.
    bot.http.connector = discord.utils.MISSING
    bot.http.token = None
