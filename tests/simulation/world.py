"""A simulated Discord with our bot in it, and what people can do there."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib
import io
import random
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import discord
import simcord

from bot.app import open_bot
from bot.client import DojoBot
from bot.content.library import SHIPPED, Library, load_library
from bot.dojos.model.dojo import DojoSettings
from bot.dojos.service.dojos import DojoService
from bot.dojos.service.timezones import TimeZones
from bot.kit.discord.cards import Card
from bot.kit.person import Person
from bot.kit.refusals import DojoError
from bot.rehearsal import simulation
from bot.settings import Settings
from tests.cards.rules import faults_of, parts
from tests.simulation.quick import forget_ended_tasks, quick_databases, quick_loop

quiet = simulation.quick_settling
_zones = functools.cache(TimeZones)
_shipped = functools.cache(load_library)


async def _load_once(bot: DojoBot, name: str, **_: object) -> None:
    """As the library does it, but with the module as it is: that never changes here."""
    loaded: set[str] = bot.__dict__.setdefault("loaded_once", set())
    if name not in loaded:
        loaded.add(name)
        await importlib.import_module(name).setup(bot)


def _library(folder: Path) -> Library:
    return _shipped(folder) if folder == SHIPPED else load_library(folder)


@contextlib.contextmanager
def read_once() -> Iterator[None]:
    """While the context lasts, bots share what never changes."""
    with (
        # Both read hundreds of files.
        mock.patch("bot.app.load_library", _library),
        mock.patch("bot.dojos.wiring.TimeZones", _zones),
        # The library would run the modules of the cogs again for every bot.
        mock.patch.object(DojoBot, "load_extension", _load_once),
    ):
        yield


Result = simcord.InteractionResult
_COMPONENTS = Card.to_components


class World:
    """SimCord's environment plus our bot on a real database file.

    `bot` is the running bot; `restart` replaces it by a new one on the same file, as a new
    process would be.
    """

    def __init__(self, folder: Path) -> None:
        self.database = folder / "dojo.sqlite3"
        self.content = SHIPPED
        """Where the content is read from at the next (re)start."""
        self.provoked: tuple[type[Exception], ...] = (DojoError,)
        """What the bot may meet in this test; anything else fails it."""
        self.refused: list[str] = []
        """What Discord would refuse about cards that the bot made."""
        self._opened = contextlib.AsyncExitStack()

    def _checked(self, card: Card) -> list[dict[str, Any]]:
        """The components of a card, looked at as Discord does."""
        components = _COMPONENTS(card)
        self.refused += faults_of(components)
        return components

    async def start(self) -> None:
        self._tasks = asyncio.all_tasks()
        self.payloads = self._opened.enter_context(simulation.interaction_payloads())
        self._opened.enter_context(read_once())
        # Time stands still between two actions, so a burst would never be over.
        self._opened.enter_context(mock.patch("bot.app.BURST", 10_000))
        self._opened.enter_context(mock.patch("bot.app.MOST_IN_A_SECOND", 10_000))
        checked = lambda card: self._checked(card)  # noqa: E731 - a method, which takes the card
        self._opened.enter_context(mock.patch.object(Card, "to_components", checked))
        # Here nobody sets the clock of the machine, for which it is looked at every minute.
        self._opened.enter_context(mock.patch("bot.kit.time.timers.LONGEST_WAIT_SECONDS", 1e7))
        # The disk is waited for in the tests of storage and processes; here nobody pulls a plug.
        self._opened.enter_context(quick_databases())
        self._opened.enter_context(quick_loop())
        self._bots = contextlib.AsyncExitStack()
        # The environment needs a bot to be made, the bot needs the environment's clock.
        self.bot = await self._bots.enter_async_context(self._new_bot())
        self.env = simcord.Env(self.bot, settle_timeout=20.0)
        await self.env.start()

    async def stop(self) -> None:
        """Close everything; fails a test that left an interaction unanswered, or an error."""
        unanswered = self.unanswered()
        await self.env.shutdown()
        await self._bots.aclose()
        await self._opened.aclose()
        forget_ended_tasks()
        left = asyncio.all_tasks() - self._tasks - {asyncio.current_task()}
        if unexpected := self.unprovoked():
            raise BaseExceptionGroup("the bot raised what this test did not provoke", unexpected)
        assert self.refused == [], "Discord would refuse these cards"
        assert unanswered == [], "the bot left interactions without an answer"
        assert left == set(), "these go on though the bot is closed"

    async def restart(self, *, crash: bool = False) -> None:
        """A new bot on the same data; with `crash` the old one has no time to finish."""
        if not crash:
            await self.env.settle()
        await self._bots.aclose()
        await self._begin_again()

    async def away(self, seconds: float, *meanwhile: Callable[[], Awaitable[Any]]) -> None:
        """The bot is not running for so long, and hears nothing of what people do in the
        meantime."""
        await self.env.settle()
        await self._bots.aclose()
        self.env.backend.subscribers.clear()
        for action in meanwhile:
            await action()
        await self.later(seconds)
        await self._begin_again()

    async def _begin_again(self) -> None:
        self._bots = contextlib.AsyncExitStack()
        self.bot = await self._bots.enter_async_context(self._new_bot())
        await self.env.restart_bot(self.bot)

    def _new_bot(self) -> contextlib.AbstractAsyncContextManager[DojoBot]:
        settings = Settings(database=self.database)
        return open_bot(settings, rng=random.Random(7), content=self.content)

    async def later(self, seconds: float) -> None:
        """Let time pass."""
        await simulation.forward(self.env, seconds)

    async def together(self, *actions: Callable[[], Awaitable[Any]]) -> list[Any]:
        """Several people act before the bot reacts to any of them."""
        return await simulation.deliver_together(self.env, *actions)

    def unprovoked(self) -> list[BaseException]:
        """What the bot has met that is not in `provoked`."""
        errors = self.env.errors_since(0)
        return [error for error in errors if not isinstance(_cause(error), self.provoked)]

    def unanswered(self) -> list[str]:
        """Interactions the bot has left without any answer."""
        waiting = [one for one in self.env.backend.interactions.values() if not one.responded]
        return [f"{one.type} {one.command_name or one.source_message_id}" for one in waiting]

    def guild(self, **about: Any) -> Server:
        return Server(self, **about)

    def person(self, name: str) -> Any:
        return self.env.create_user(name)


class Server:
    """A guild with an owner and channels, and members as they are asked for."""

    def __init__(self, world: World, name: str = "Coaching Dojo") -> None:
        self.world = world
        self.handle = world.env.create_guild(name, owner=world.person(f"owner-{name}"))
        self.dojo = self.handle.create_text_channel("dojo")
        self.lounge = self.handle.create_text_channel("lounge")
        self.facilitators = self.handle.create_role("Facilitator")
        managers = discord.Permissions(manage_channels=True)
        self.managers = self.handle.create_role("Manager", permissions=managers)

    @property
    def id(self) -> int:
        return self.handle.id

    def member(self, name: str, *roles: Any) -> Any:
        return self.handle.add_member(self.world.person(name), roles=list(roles))

    def manager(self, name: str = "fay") -> Any:
        """Someone who manages channels."""
        return self.member(name, self.managers)

    def thread(self, channel: Any = None, name: str = "room 1") -> Any:
        """A public thread of a channel."""
        parent = channel or self.dojo
        backend = self.world.env.backend
        made = backend.create_thread(parent.id, name, self.handle.owner.id)
        return next(thread for thread in parent.threads if thread.id == made.id)

    def show_commands_to(self, *targets: Any, command: str = "dojo") -> None:
        """Let people or roles see a command that is hidden by default, as an admin can."""
        registered = self.world.env.backend.commands[None]
        command_id = next(int(c["id"]) for (name, _), c in registered.items() if name == command)
        self.handle.set_command_permissions(command_id, dict.fromkeys(targets, True))

    def take_role(self, member: Any, role: Any) -> None:
        """Take a role from a member."""
        self.world.env.backend.remove_member_role(self.id, member.id, role.id)

    async def set_up(self, channel: Any = None, *, by: Any = None, **fields: Any) -> Result:
        """Fill in and send the form of `/dojo setup` in a channel."""
        by = by or self.manager(f"setter-{len(self.handle._guild.members)}")
        form = await by.slash(channel or self.dojo, "dojo setup")
        return await by.submit_modal(form, {**SETUP, **fields})

    async def becomes_dojo(self) -> None:
        """As `set_up` leaves #dojo, at a tenth of its price; for tests of what comes after."""
        person = self.manager("setter")
        settings = DojoSettings(format_id="triad-30", time_zone=SETUP["zone"])
        manager = Person(person.id, self.id, managed={self.dojo.id})
        with self.world.env.time_context():
            dojos = self.world.bot.services[DojoService]
            await dojos.set_up(self.id, self.dojo.id, settings, manager)

    async def stop(self, channel: Any = None) -> Result:
        """Stop a channel being a dojo, as its settings offer it."""
        fay = self.manager(f"stopper-{len(self.handle._guild.members)}")
        card = (await fay.slash(channel or self.dojo, "dojo settings")).response
        await fay.click(card, label="Stop being a dojo…")
        return await fay.click(card, label="Stop")

    async def give_content(
        self, toml: str | bytes, channel: Any = None, *, by: Any = None, name: str = "own.toml"
    ) -> Result:
        """Import a file as a dojo's own content."""
        by = by or self.manager(f"importer-{len(self.handle._guild.members)}")
        file = (name, toml.encode() if isinstance(toml, str) else toml)
        return await by.slash(channel or self.dojo, "dojo content import", file=file)


SETUP: dict[str, Any] = {
    "format": ["triad-30"],
    "language": ["en"],
    "asking": "everyone",
    "zone": "Europe/Rome",
}


def texts(message: Any) -> list[str]:
    """Every text on a message, from top to bottom."""
    found = [message.content] if message.content else []
    return found + [part["content"] for part in parts(message) if part.get("type") == 10]


def text(message: Any) -> str:
    """All the text of a message."""
    return "\n".join(texts(message))


def _cause(error: BaseException) -> BaseException:
    return getattr(error, "original", error)


def labels(message: Any) -> list[str]:
    """The labels of the buttons on a message."""
    return [part["label"] for part in parts(message) if part.get("type") == 2]


def disabled(message: Any) -> list[str]:
    """The labels of the buttons on a message that cannot be pressed."""
    return [
        part["label"] for part in parts(message) if part.get("type") == 2 and part.get("disabled")
    ]


def menus(message: Any) -> dict[str, list[str]]:
    """The menus on a message: placeholder and values."""
    return {
        part["placeholder"]: [option["value"] for option in part["options"]]
        for part in parts(message)
        if part.get("type") == 3
    }


async def choose(actor: Any, message: Any, placeholder: str, value: str) -> Any:
    """Choose a value in the menu with that placeholder."""
    custom_id = next(
        part["custom_id"] for part in parts(message) if part.get("placeholder") == placeholder
    )
    return await actor.select(message, [value], custom_id=custom_id)


def told(result: Result) -> str:
    """The sentence a person got in private as the last answer."""
    assert result.acknowledged
    message = result.followups[-1] if result.followups else result.response
    assert message is not None
    assert message.ephemeral
    return message.content


def fields(form: Result) -> dict[str, dict[str, Any]]:
    """The inputs of a form by their custom id."""
    assert form.modal is not None, "no form was opened"
    inputs = [label["component"] for label in form.modal["components"]]
    return {entry["custom_id"]: entry for entry in inputs}


def chosen(entry: dict[str, Any]) -> list[str]:
    """What is already chosen in a menu or radio group of a form."""
    return [option["value"] for option in entry["options"] if option.get("default")]


def question_of(message: Any) -> str:
    """The question on a card, as shown."""
    return next(line[3:] for line in text(message).splitlines() if line.startswith("## "))


async def file_of(message: Any, name: str) -> str:
    """The text of an attached file, which a card shows only where one of its parts names it."""
    named = [part["file"] for part in parts(message) if part.get("type") == 13]
    assert message.content or any(name in str(one) for one in named), f"nobody sees {name}"
    attachment = next(file for file in message.attachments if file.filename == name)
    buffer = io.BytesIO()
    await attachment.save(buffer)
    return buffer.getvalue().decode()
