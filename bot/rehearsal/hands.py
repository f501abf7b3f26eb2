"""What a person who plays by themselves can do: press, choose, fill in, join a voice channel."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simcord.backend.errors import BackendError, SetupError
from simcord.backend.models import Message
from simcord.builders import ChannelHandle
from simcord.env import Env
from simcord.results import InteractionResult, ResponseMessage

from bot.rehearsal.board import Board, Card, controls
from bot.rehearsal.community import Person

__all__ = ["Hands", "Manner"]


_CANNOT = (SetupError, BackendError, TimeoutError)
"""It is missing, not allowed, or was not answered in time."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a person takes part, so that a rehearsal is like a real evening."""

    wish: str | None = None
    """What they choose when they join, as the menu's value; None if they choose nothing."""
    is_without_notes: bool = False
    never_answers: bool = False
    comes_late: bool = False
    leaves_early: bool = False


@dataclass(slots=True)
class Hands:
    """One person, who sees what they may see and can press what is there to press.

    If something cannot be done, because it is missing or refused, nothing happens.
    """

    env: Env
    board: Board
    person: Person
    rng: random.Random
    manner: Manner
    actions: int = field(default=0)
    """How many things this person has done so far."""

    @property
    def id(self) -> int:
        """The person's Discord id."""
        return self.person.id

    def between(self, least: float, most: float) -> float:
        """A random number of seconds on the dojo's clock."""
        return self.rng.uniform(least, most)

    def happens(self, chance: float) -> bool:
        """True with this probability, from 0 to 1."""
        return self.rng.random() < chance

    def sees(self, kind: str, id_: int) -> Card | None:
        """The card of a round or gathering."""
        self.board.look()
        return self.board.card(kind, id_, self.id)

    async def press(self, card: Card | None, custom_id: str | None) -> ResponseMessage | None:
        """Press a button of a public card. Returns the answer."""
        if card is None or custom_id is None:
            return None
        return _answer(await self._click(self._held(card.message), custom_id))

    async def press_on(self, own: ResponseMessage | None, about: str) -> ResponseMessage | None:
        """Press the first button on a private card whose custom id matches this (regex)."""
        custom_id = found(own, about)
        return _answer(await self._click(own, custom_id))

    async def fill_in(
        self, on: Card | ResponseMessage | None, about: str, values: Mapping[str, str | list[str]]
    ) -> ResponseMessage | None:
        """Press what opens a form, fill it in and send it."""
        held = self._held(on.message) if isinstance(on, Card) else on
        result = await self._click(held, found(held, about))
        if result is None or result.modal is None:
            return None
        try:
            return _answer(await self.person.member.submit_modal(result, dict(values)))
        except _CANNOT:
            return None

    async def choose(
        self, own: ResponseMessage | None, about: str, value: str
    ) -> ResponseMessage | None:
        """Choose from a menu on a private card whose custom id matches ``about`` (regex)."""
        custom_id = found(own, about)
        if own is None or custom_id is None:
            return None
        self.actions += 1
        try:
            return _answer(await self.person.member.select(own, [value], custom_id=custom_id))
        except _CANNOT:
            return None

    async def sit_down(self, channel_id: int) -> None:
        """Join a voice channel, unless the person is in it."""
        voice = self.person.member.guild.voice_states().get(self.id)
        channel = self.env.backend.channels.get(channel_id)
        if channel is None or (voice is not None and voice.channel_id == channel_id):
            return
        self.actions += 1
        handle = ChannelHandle(self.env, self.person.member.guild, channel)
        try:
            await self.person.member.join_voice(handle)
        except _CANNOT:
            return

    def _held(self, message: Message) -> ResponseMessage:
        return ResponseMessage(self.env, message)

    async def _click(
        self, message: ResponseMessage | None, custom_id: str | None
    ) -> InteractionResult | None:
        if message is None or custom_id is None:
            return None
        self.actions += 1
        try:
            return await self.person.member.click(message, custom_id=custom_id)
        except _CANNOT:
            return None


def _answer(result: InteractionResult | None) -> ResponseMessage | None:
    """The private card that answered an action, or the card it happened on, as it is now."""
    if result is None:
        return None
    return result.followups[-1] if result.followups else result.response


def found(message: ResponseMessage | None, about: str) -> str | None:
    """The custom id of the first enabled control on a card whose id matches ``about``."""
    return next(iter(all_found(message, about)), None)


def all_found(message: ResponseMessage | None, about: str) -> Sequence[str]:
    """The custom ids of all enabled controls on a card whose ids match ``about``."""
    if message is None:
        return ()
    wanted = re.compile(about)
    parts: list[dict[str, Any]] = message.components
    return [one["custom_id"] for one in controls(parts) if wanted.search(one["custom_id"])]
