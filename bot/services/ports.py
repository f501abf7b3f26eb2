"""What the services need of the world outside, and how it can fail."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.dojos import Dojo
from bot.domain.round_clock import News
from bot.domain.rounds import Round


class RoomUnreachable(Exception):
    """Discord does not answer, or is in trouble: worth trying again a little later."""


class RoomRefused(Exception):
    """Discord does not let us write in the room: trying again does not help."""


class RoomGone(Exception):
    """The room has been deleted."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of telling a room its news."""

    card_id: int | None = None
    """The message of the card, where a new one was posted."""
    card_was_lost: bool = False
    """Somebody had deleted the card."""


class Announcer(Protocol):
    """Tells the rooms of rounds what there is to tell."""

    async def tell(self, round_: Round, news: News, now: datetime) -> Sent:
        """Tell a room its news, as of `now`.

        Raises RoomUnreachable, RoomRefused or RoomGone. Whatever of it has been told by then may
        be told once more.
        """
        ...

    def may_write(self, round_: Round) -> bool:
        """Whether, as far as is known here, Discord lets us write in the room."""
        ...

    async def report_refused(self, round_: Round) -> None:
        """Let whoever started the round know that its room cannot be written to; never raises."""
        ...

    async def report_gone(self, round_: Round) -> None:
        """Let the people of a round know that their room is gone, where possible; never raises."""
        ...


class Directory(Protocol):
    """Knows who is in which server."""

    def guilds(self) -> Collection[int]:
        """The guilds the bot is in and that can be reached."""
        ...

    async def is_member(self, guild_id: int, user_id: int) -> bool | None:
        """Whether a person is in a guild; none where that is not known now. Never raises."""
        ...

    async def ask_time(self) -> None:
        """Have Discord say what time it is, which `TrustedTime` hears. Never raises."""
        ...


class ContactTeller(Protocol):
    """Tells safety contacts that something was reported to them, or that someone would talk."""

    async def is_here(self, dojo: Dojo, user_id: int) -> bool:
        """Whether someone is in the server of a dojo; also True when Discord does not say."""
        ...

    async def tell(self, dojo: Dojo, contact_user_id: int, report_ids: Sequence[int]) -> bool:
        """Say that there are reports, with a way to open each, and nothing of what they say.

        Gives whether that was possible.
        """
        ...

    async def ask_to_talk(
        self, dojo: Dojo, contact_user_id: int, user_id: int, request_id: int
    ) -> bool:
        """Say that someone would like to talk; their name only where nobody else reads it.

        Gives whether that was possible.
        """
        ...

    async def tell_unreached(self, dojo: Dojo, user_id: int) -> None:
        """Tell someone that the contact left before they could be told; never raises."""
        ...
