"""What the services need of the world outside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.dojos.model.dojo import Dojo
from bot.rounds.model.asking import Invitation, Stand
from bot.rounds.model.clock import News
from bot.rounds.model.pairs import Pair
from bot.rounds.model.round import Round

Apart = Callable[[int, Collection[int]], Awaitable[Collection[Pair]]]
"""Who of these people of a dojo, by its id, must not be in one group."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of telling a room its news."""

    card_id: int | None = None
    """The message of the card, where a new one was posted."""
    card_was_lost: bool = False
    """Someone had deleted the card."""


class Announcer(Protocol):
    """Tells the rooms of rounds what there is to tell."""

    async def tell(self, round_: Round, news: News, now: datetime) -> Sent:
        """Tell a room its news, as of `now`.

        Raises RoomUnreachable, RoomRefused or RoomGone. Whatever of it has been told by then may
        be told again.
        """
        ...

    def may_write(self, round_: Round) -> bool:
        """Whether, as far as is known here, Discord lets us write in the room."""
        ...

    async def report_refused(self, round_: Round) -> None:
        """Let the starter of the round know that its room cannot be written to; never raises."""
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
        """Whether a person is in a guild; None where that is not known now. Never raises."""
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


@dataclass(frozen=True, slots=True)
class Shown:
    """What the card of an invitation says of its round at the moment."""

    stand: Stand
    answered: int
    format_name: str
    lasts: timedelta
    starter_user_id: int | None


class Inviter(Protocol):
    """Asks people into rounds, in the dojo.

    Raises RoomUnreachable where trying again is worth it, RoomRefused where Discord does not let
    us, and RoomGone where the channel or the room is gone.
    """

    async def ask(
        self, round_: Round, card: Invitation, shown: Shown, new: Sequence[int | None]
    ) -> int:
        """Post the card, which notifies those who are `new`; its message."""
        ...

    async def show(self, card: Invitation, shown: Shown | None) -> None:
        """Bring the card up to date; None where a later card has taken its place.

        A card that has been deleted is left alone.
        """
        ...

    async def bring(self, round_: Round, user_id: int) -> None:
        """Add a person to the room."""
        ...

    async def report_outside(self, round_: Round, user_id: int) -> None:
        """Let the person who started the round know that a person cannot be added; never raises."""
        ...

    async def report_unasked(self, round_: Round) -> None:
        """Let the person who started the round know that its people are not asked; never raises."""
        ...


class RoomDoor(Protocol):
    """Who can read the private rooms that the bot has opened. Raises what Inviter raises."""

    async def take_out(self, round_: Round, user_id: int) -> None:
        """Remove a person from the room of a round; facilitators of its dojo stay.

        Nothing is changed in a room that the bot has not opened, or that everybody can read.
        """
        ...

    async def let_in(self, round_: Round, user_id: int) -> None:
        """Add a person to such a room."""
        ...


class LateCard(StrEnum):
    """What the card about a person who would like to observe says."""

    ASKING = "asking"
    GONE = "gone"
    """They do not wait any more."""
    IN = "in"
    OVER = "over"


class AsksClient(Protocol):
    """Asks the client of a round whether a person may observe it. Raises what Inviter raises."""

    async def ask_client(self, round_: Round, user_id: int, client_id: int) -> int:
        """Post the card, which notifies the client alone; its message."""
        ...

    async def show_late(self, round_: Round, user_id: int, message_id: int, what: LateCard) -> None:
        """Bring a card up to date; one that has been deleted is left alone."""
        ...

    async def tell_not_let_in(self, round_: Round, user_id: int) -> None:
        """Tell a person who has waited that they are not let in any more; never raises."""
        ...
