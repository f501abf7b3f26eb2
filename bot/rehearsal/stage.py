"""A running rehearsal: the bot, the simulated Discord, and time passing in it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Self

import discord
import simcord
from simcord.backend.errors import BackendError, SetupError

from bot.rehearsal import simulation
from bot.rehearsal.clock import Clock
from bot.rehearsal.community import SMALLEST, Community, Person, found
from bot.rehearsal.errors import LogLines, Reporter
from bot.rehearsal.players import NEVER_PLAYED, Players

__all__ = ["LANGUAGES", "OpenBot", "Prepare", "Refused", "Stage"]

OpenBot = Callable[[Callable[[], datetime]], AbstractAsyncContextManager[discord.Client]]
"""Opens a bot, ready to connect, which reads the time from the function it gets."""
Prepare = Callable[[discord.Client, Community], Awaitable[None]]
"""Prepares the community for the connected bot: its dojo and its settings."""

LANGUAGES = {
    "en-US": "English (US)",
    "en-GB": "English (UK)",
    "es-ES": "Español",
    "it": "Italiano",
    "fr": "Français",
    "de": "Deutsch",
    "pt-BR": "Português (Brasil)",
}
"""The languages a person can set their Discord to, by Discord's tag."""

_TICK = 0.25
_TICK_UNWATCHED = 1.0
_PATIENCE = 0.15
"""Real seconds of a tick that people who play by themselves may use, so that pages stay quick."""
_PATIENCE_FOR_JUMP = 4.0
_MOST_ACTIONS = 5
"""How many things they do in a tick."""
_TOGETHER = (0.5, 5.0)
"""Seconds in the dojo within which they act one after another without time passing in between."""
_KEPT = 2_000
"""Entries of SimCord's logs that are kept; SimCord would keep all of them forever."""


class Refused(ValueError):
    """Something that cannot be done in the rehearsal; the message is a sentence."""


class Stage:
    """A rehearsal from its first to its last moment, as an async context manager.

    SimCord allows one action at a time, so everything that acts on the simulated Discord does so
    inside ``turn()``, including the passing of time. ``report`` gets a line for everything that
    goes wrong in the bot; ``refusals`` are the errors with which the bot declines something after
    telling the person. ``players`` people of the community play by themselves.
    """

    env: simcord.Env
    clock: Clock
    community: Community
    players: Players

    def __init__(
        self,
        open_bot: OpenBot,
        prepare: Prepare,
        *,
        report: Callable[[str], None],
        refusals: tuple[type[Exception], ...] = (),
        speed: float = 1.0,
        people: int = SMALLEST,
        players: int = 0,
    ) -> None:
        self._open_bot = open_bot
        self._prepare = prepare
        self._reporter = Reporter(report, refusals)
        self._speed = speed
        self._people = max(people, players + len(NEVER_PLAYED))
        self._playing = players
        self._lock = asyncio.Lock()
        self._acted = asyncio.Event()
        self._exit = AsyncExitStack()
        self._bot = AsyncExitStack()
        self._languages: dict[int, str] = {}
        self._time: Callable[[], datetime]
        self._logged = 0
        self._errors = 0
        self.version = 0
        """Increases with every change in the simulated Discord."""
        self.watched: Callable[[], bool] = lambda: False
        """Whether someone is looking, so that time should pass smoothly."""
        self.show: Callable[[], Awaitable[None]] | None = None
        """Called inside `turn()` after a change, to update what is being looked at."""

    async def __aenter__(self) -> Self:
        simulation.quick_settling()
        simulation.patient_locks()
        async with AsyncExitStack() as undo:
            undo.enter_context(LogLines(self._reporter))
            undo.enter_context(simulation.quick_rendering())
            self._payloads = undo.enter_context(simulation.interaction_payloads())
            undo.push_async_callback(self._bot.aclose)
            start = discord.utils.utcnow()
            self._time = lambda: start
            bot = await self._bot.enter_async_context(self._open_bot(self._now))
            self.env = simcord.Env(bot, check_errors=False, settle_timeout=3.0)
            simulation.quiet_private_threads(self.env)
            self._time = self.env.now
            # Before the bot starts: afterwards every timer in between would come due.
            self.env.backend.advance_clock((start - self.env.now()).total_seconds())
            self.clock = Clock(start, self._speed)
            await self.env.start()
            undo.push_async_callback(self._leave)
            async with self.turn():
                self.community = found(self.env, people=self._people)
                await self.env.settle()
                await self._prepare(bot, self.community)
                await self.env.settle()
            self.players = Players(self.env, self.community, self._playing, self._reporter.stumbled)
            undo.push_async_callback(self.players.close)
            self._ticking = asyncio.create_task(self._pass_time(), name="rehearsal-clock")
            undo.push_async_callback(_cancel, self._ticking)
            self._exit = undo.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._exit.aclose()

    async def _leave(self) -> None:
        """Let the bot finish and close before the Discord under it goes away."""
        try:
            with contextlib.suppress(TimeoutError):
                await self.env.settle()
            await self._bot.aclose()
        finally:
            await self.env.shutdown()
            self._report()

    def _now(self) -> datetime:
        return self._time()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Enter this to act on the simulated Discord; one caller at a time."""
        async with self._lock:
            with self.env.time_context():
                yield

    def acted(self) -> None:
        """Report that something was done, so that it shows without waiting for a tick."""
        self.version += 1
        self._acted.set()

    def language_of(self, person: Person) -> str:
        """The language this person's Discord is set to, as Discord's tag."""
        return self._languages.get(person.id, "en-US")

    def set_language(self, person: Person, tag: str) -> None:
        """Set this person's Discord to one of ``LANGUAGES``."""
        if tag not in LANGUAGES:
            raise Refused(f"There is no language {tag!r} here.")
        self._languages[person.id] = tag
        self._payloads.set(person.id, locale=tag)
        self.acted()

    async def set_voice(self, person: Person, channel_id: int | None) -> None:
        """Let a person join a voice channel, or leave it (``None``)."""
        channels = {channel.id: channel for channel in self.community.guild.channels.values()}
        if channel_id is not None and channel_id not in channels:
            raise Refused("There is no such voice channel.")
        async with self.turn():
            try:
                if channel_id is not None:
                    await person.member.join_voice(channels[channel_id])
                elif person.id in self.community.guild.voice_states():
                    await person.member.leave_voice()
            except (SetupError, BackendError) as error:
                raise Refused(f"{person.name} cannot do that: {error}") from error
            finally:
                self.acted()

    def set_speed(self, speed: float) -> None:
        """Let time pass ``speed`` times as fast as real time."""
        try:
            self.clock.speed = speed
        except ValueError as error:
            raise Refused(str(error)) from error
        self.acted()

    async def jump(self, by: timedelta, *, patience: float = _PATIENCE_FOR_JUMP) -> None:
        """Let time pass at once; returns when everything due by then has happened.

        People who play by themselves may take ``patience`` (real seconds) for it; what they have
        not done by then they do later.
        """
        # Inside `turn()`, so that no tick lets all of it pass before anybody can act in between.
        async with self.turn():
            try:
                self.clock.jump(by)
            except ValueError as error:
                raise Refused(str(error)) from error
            await self._catch_up(patience)
        self.acted()

    async def hold_clock(self) -> None:
        """Stop the clock: from now on time passes, and people play, only in ``jump()``."""
        async with self.turn():
            await _cancel(self._ticking)
            self.clock = Clock(self.env.now(), ticking=lambda: 0.0)

    async def restart_bot(self) -> None:
        """Close the bot and open a new one on the same data; Discord stays as it is."""
        async with self.turn():
            with contextlib.suppress(TimeoutError):
                await self.env.settle()
            await self._bot.aclose()
            bot = await self._bot.enter_async_context(self._open_bot(self._now))
            await self.env.restart_bot(bot)
        self.acted()

    async def _pass_time(self) -> None:
        while True:
            smooth = self.watched() or self.clock.speed != 1
            # Not `wait_for`: if both come at the same moment, Python 3.11 lets what it waited for
            # win over being cancelled, and the rehearsal would never end.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_TICK if smooth else _TICK_UNWATCHED):
                    await self._acted.wait()
            self._acted.clear()
            async with self.turn():
                try:
                    await self._catch_up()
                    self._reporter.well()
                except Exception as error:  # noqa: BLE001 - whatever the bot does, time goes on
                    self._reporter.trouble(error)

    async def _catch_up(self, patience: float = _PATIENCE) -> None:
        """Bring the simulation to the clock's time, and the pages to the simulation's state.

        On the way people who play by themselves act when it is their time, for at most ``patience``
        (real seconds); after that they are late.
        """
        try:
            await self._play(patience)
            await self._forward(self.clock.now())
        finally:
            self._report()
            if self._has_changed() and self.show is not None:
                await self.show()

    async def _play(self, patience: float) -> None:
        until = time.perf_counter() + patience
        left = _MOST_ACTIONS * patience / _PATIENCE
        while left > 0 and time.perf_counter() < until:
            now, target, due = self.env.now(), self.clock.now(), self.players.due()
            if due is None or due > target:
                return
            least, most = _TOGETHER
            together = min(max((target - now).total_seconds() / 8, least), most)
            await self._forward(min(max(due, now) + timedelta(seconds=together), target))
            while (due := self.players.due()) is not None and due <= self.env.now():
                left -= await self.players.act()
                if left <= 0 or time.perf_counter() >= until:
                    return

    async def _forward(self, to: datetime) -> None:
        if (behind := (to - self.env.now()).total_seconds()) > 0:
            await simulation.forward(self.env, behind)

    def _has_changed(self) -> bool:
        backend = self.env.backend
        changed = len(backend.transcript) != self._logged
        if changed:
            self.version += 1
            for log in (backend.transcript, backend.http_requests):
                del log[: max(0, len(log) - _KEPT)]
            self._logged = len(backend.transcript)
        return changed

    def _report(self) -> None:
        errors = self.env.errors_since(self._errors)
        self._errors += len(errors)
        self._reporter.errors(errors)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
