"""What a scene happens on: a rehearsal whose clock stands still, and a camera if there is one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import aiohttp
from simcord.backend.models import Message

from bot.rehearsal.command import Rehearsal
from bot.rehearsal.stage import Stage
from tests.pictures.seats import Seat
from tests.pictures.words import Names, words_of_form, words_of_message, words_of_page

__all__ = ["Camera", "Set"]

_HEIGHT = 640
"""Of a window in a picture, in points."""
_PATIENCE = 60.0
"""Seconds outside that those who play by themselves may take in a jump: on a slow machine they
must do the same as on a quick one."""


class Camera(Protocol):
    """Photographs what one person sees at one place in a rehearsal at this address."""

    async def window(self, path: Path, address: str, seat: Seat, height: int, shown: int) -> None:
        """The whole window, in which so many messages can be seen."""
        ...

    async def card(self, path: Path, address: str, seat: Seat, message_id: int) -> None:
        """One message."""
        ...

    async def form(self, path: Path, address: str, seat: Seat, button: str) -> None:
        """The form that this button opens."""
        ...

    async def start_page(self, path: Path, address: str) -> None:
        """The start page."""
        ...


class Set:
    """Where a story is played. Each picture has a name and comes with the words on it.

    `place` says where the picture of a name is put, or None if it is not to be taken.
    """

    def __init__(
        self,
        rehearsal: Rehearsal,
        *,
        camera: Camera | None = None,
        place: Callable[[str], Path | None] = lambda _: None,
    ) -> None:
        self._rehearsal = rehearsal
        self._camera = camera
        self._place = place
        self.words: dict[str, str] = {}
        """What can be read on each picture, as it would be taken."""

    @property
    def stage(self) -> Stage:
        """The rehearsal behind the scene."""
        return self._rehearsal.stage

    def seat(self, place: str, person: str) -> Seat:
        """A person at a place: dojo, or a thread's id."""
        return Seat(self.stage, place, person)

    def newest_room(self) -> str:
        """The thread that was opened last."""
        channels = self.stage.env.backend.channels.values()
        return str([channel.id for channel in channels if channel.is_thread][-1])

    async def later(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass."""
        await self.stage.jump(timedelta(minutes=minutes, seconds=seconds), patience=_PATIENCE)

    async def window(self, name: str, seat: Seat, *, shown: int = 1, height: int = _HEIGHT) -> None:
        """A picture of a window, in which the latest so many messages can be seen."""
        messages = seat.messages()[-shown:]
        where = f"{seat.name} in #{seat.channel_name}"
        self._write(name, [where, *map(self._message, messages)])
        await self._take(
            name, lambda camera, path, at: camera.window(path, at, seat, height, shown)
        )

    async def card(self, name: str, seat: Seat, text: str = "") -> None:
        """A picture of the latest message that says this, or of all."""
        message = seat.card(text)
        self._write(name, [self._message(message)])
        await self._take(name, lambda camera, path, at: camera.card(path, at, seat, message.id))

    async def form(self, name: str, seat: Seat, *, button: str) -> None:
        """A picture of the form that a button opens."""
        await seat.press(button)
        self._write(name, [words_of_form(seat.form, Names(self.stage))])
        # The camera presses it, too; at once, that would be a double click.
        await self.later(minutes=1)
        await self._take(name, lambda camera, path, at: camera.form(path, at, seat, button))

    async def start_page(self, name: str) -> None:
        """A picture of the rehearsal's start page."""
        address = self._rehearsal.address
        async with aiohttp.ClientSession() as session, session.get(address) as response:
            page = words_of_page(await response.text())
        people = "\n".join(person.name for person in self.stage.community.people)
        self._write(name, [page, people])
        await self._take(name, lambda camera, path, at: camera.start_page(path, at))

    def _message(self, message: Message) -> str:
        return words_of_message(message, Names(self.stage))

    def _write(self, name: str, parts: Sequence[str]) -> None:
        self.words[name] = "\n\n".join(parts) + "\n"

    async def _take(self, name: str, take: Callable[[Camera, Path, str], Awaitable[None]]) -> None:
        path = self._place(name)
        if self._camera is not None and path is not None:
            await take(self._camera, path, self._rehearsal.address)
