"""A simulated Discord with our bot in it, and what people can do there."""

from __future__ import annotations

import contextlib
import io
import random
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.app import open_bot
from bot.client import DojoBot
from bot.rehearsal import simulation
from bot.settings import Settings

quiet = simulation.quick_settling
Result = simcord.InteractionResult


class World:
    """SimCord's environment plus our bot on a real database file.

    `bot` is the running bot; `restart` replaces it by a new one on the same file, as a new
    process would be.
    """

    def __init__(self, folder: Path) -> None:
        self.database = folder / "dojo.sqlite3"
        self.content: Path | None = None
        self._opened = contextlib.AsyncExitStack()

    async def start(self) -> None:
        self.payloads = self._opened.enter_context(simulation.interaction_payloads())
        self._bots = contextlib.AsyncExitStack()
        # The environment needs a bot to be made, the bot needs the environment's clock.
        self.bot = await self._bots.enter_async_context(self._new_bot())
        self.env = simcord.Env(self.bot, settle_timeout=3.0)
        await self.env.start()

    async def stop(self) -> None:
        await self.env.shutdown()
        await self._bots.aclose()
        await self._opened.aclose()
        self.env.raise_errors()

    async def restart(self, *, crash: bool = False) -> None:
        """A new bot on the same data; with `crash` the old one has no time to finish."""
        if not crash:
            await self.env.settle()
        await self._bots.aclose()
        self._bots = contextlib.AsyncExitStack()
        self.bot = await self._bots.enter_async_context(self._new_bot())
        await self.env.restart_bot(self.bot)

    def _new_bot(self) -> contextlib.AbstractAsyncContextManager[DojoBot]:
        return open_bot(Settings(database=self.database), rng=random.Random(7))

    async def later(self, seconds: float) -> None:
        """Let time pass."""
        await simulation.forward(self.env, seconds)

    async def together(self, *actions: Callable[[], Awaitable[Any]]) -> list[Any]:
        """Several people act before the bot reacts to any of them."""
        return await simulation.deliver_together(self.env, *actions)

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
        """Somebody who manages channels."""
        return self.member(name, self.managers)

    async def set_up(self, channel: Any = None, *, by: Any = None, **fields: Any) -> Result:
        """Fill in and send the form of `/dojo setup` in a channel."""
        by = by or self.manager(f"setter-{len(self.handle._guild.members)}")
        form = await by.slash(channel or self.dojo, "dojo setup")
        return await by.submit_modal(form, {**SETUP, **fields})


SETUP = {"format": ["triad-30"], "language": ["en"], "asking": "everyone", "zone": "Europe/Rome"}


def texts(message: Any) -> list[str]:
    """Every text on a message, from top to bottom."""
    found = [message.content] if message.content else []
    return found + [part["content"] for part in parts(message) if part.get("type") == 10]


def text(message: Any) -> str:
    """All the text of a message."""
    return "\n".join(texts(message))


def parts(message: Any) -> Iterator[dict[str, Any]]:
    """Every component of a message, outer ones first."""
    roots = message.components
    waiting = [part if isinstance(part, dict) else part.to_dict() for part in roots]
    while waiting:
        part = waiting.pop(0)
        yield part
        waiting = list(part.get("components", [])) + waiting


def labels(message: Any) -> list[str]:
    """The labels of the buttons on a message."""
    return [part["label"] for part in parts(message) if part.get("type") == 2]


def menus(message: Any) -> dict[str, list[str]]:
    """The menus on a message: placeholder and values."""
    return {
        part["placeholder"]: [option["value"] for option in part["options"]]
        for part in parts(message)
        if part.get("type") == 3
    }


async def choose(actor: Any, message: Any, placeholder: str, value: str) -> Result:
    """Choose a value in the menu with that placeholder."""
    custom_id = next(
        part["custom_id"] for part in parts(message) if part.get("placeholder") == placeholder
    )
    return await actor.select(message, [value], custom_id=custom_id)


def question_of(message: Any) -> str:
    """The question on a card, as shown."""
    return next(line[3:] for line in text(message).splitlines() if line.startswith("## "))


async def file_of(message: Any, name: str) -> str:
    """The text of an attached file."""
    attachment = next(file for file in message.attachments if file.filename == name)
    buffer = io.BytesIO()
    await attachment.save(buffer)
    return buffer.getvalue().decode()
