"""What gatherings need of the world outside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Protocol

from bot.gatherings.model.gathering import Gathering, Room
from bot.gatherings.model.harvest import Plenary


class Call(StrEnum):
    """What a room, or the dojo, is told on top of the cards of its round."""

    CALLED_BACK = "called-back"
    """In each room: come back, within the minute."""
    FACILITATOR_GONE = "facilitator-gone"
    """In the dojo: someone may take over."""
    SEAT_FREE = "seat-free"
    """In the dojo, to those who got a seat from the waiting list."""
    HELP = "help"
    """In the dojo, to those who look after the evening: a room asks for someone to come."""
    HELP_ASKED = "help-asked"
    """In a room that asks for help: since when, and that a facilitator has been told."""
    COMING = "coming"
    """In a room that has asked for help: who comes."""
    MOVED_ON = "moved-on"
    """In the dojo, to someone who is alone in their room: where the smallest other one is."""
    STILL_READ = "still-read"
    """In a room: people of an earlier round there could not be removed, and can read it."""
    VISIT = "visit"
    """In a room: a facilitator looks in. Nobody joins people unseen."""
    NO_ROOM = "no-room"
    """In the dojo, to people whose group has no room: where they may observe."""
    ROOM_LATE = "room-late"
    """In the dojo, to people whose room is still being made while the others begin."""
    COME_IN = "come-in"
    """In the dojo, to someone who comes to the voice channel of an evening and is not in it."""
    NO_ROOMS = "no-rooms"
    """In the dojo, to those who look after the evening: no room could be opened at all."""


class Whisper(StrEnum):
    """What one person alone is told, in a direct message."""

    LIST_UNMET = "list-unmet"
    """The proposed groups cannot keep to their own list."""
    OBSERVES = "observes"
    """Because of their list they observe in another room."""
    SITS_OUT = "sits-out"
    """Because of their list they are in no group this round."""
    ONE_LESS = "one-less"
    """The person who leads the evening: someone has left it while a round is under way."""


class GatheringHost(Protocol):
    """Does in Discord what a gathering needs there.

    Everything may be asked for again after a restart, and does no harm then. RoomUnreachable is
    raised where trying again soon is worth it; what Discord does not let us do is left out, and
    said once. A request may hang: the caller bounds how long that is waited for.
    """

    async def show_card(self, gathering: Gathering, plenary: Plenary | None) -> int | None:
        """Post or redraw the card in the dojo; its message, none where it cannot be posted.

        Where people have to notice it (a round begins, everybody is back) there is a new card,
        and the one before loses its buttons. `plenary` is what may be shown of the evening, once
        its last round is over.
        """
        ...

    async def open_room(self, gathering: Gathering, number: int, *, taken: Collection[int]) -> Room:
        """Find or make the room of a group; `taken` are channels in which there is a round.

        Raises RoomUnreachable, RoomRefused.
        """
        ...

    async def bring(
        self, gathering: Gathering, room: Room, people: Sequence[int]
    ) -> tuple[int, ...]:
        """Bring people into their room; who could not be brought, and has to go by themselves.

        It may take long, and goes on while others begin.
        """
        ...

    async def keep_out(self, gathering: Gathering, room: Room, people: Collection[int]) -> bool:
        """Take people of earlier rounds out of a private thread; whether nobody of them is left.

        `people` are those who may be in it, besides those whom this host has let in. Who is in the
        group of the room or looks after the evening stays. Never raises.
        """
        ...

    async def tell(
        self, gathering: Gathering, call: Call, *, room: Room | None = None, people: Sequence[int]
    ) -> bool:
        """Say something in a room, or in the dojo, to these people; never raises.

        False where it is worth trying again soon.
        """
        ...

    def whisper(
        self, gathering: Gathering, what: Whisper, user_id: int, *, about: int | None = None
    ) -> None:
        """Tell one person something in private, beside everything else; never raises.

        `about` is the person whom it is about.
        """
        ...

    async def broadcast(
        self, gathering: Gathering, room: Room, text: str, by: int, *, notify: Sequence[int] = ()
    ) -> bool:
        """Post what a facilitator typed in a room; whether that was possible.

        `notify` are people to be mentioned with it.
        """
        ...

    async def bring_back(self, gathering: Gathering) -> None:
        """Bring those who are in voice rooms back to the common one; never raises.

        A person whose move hangs is brought later, and not waited for.
        """
        ...

    async def put_away(self, gathering: Gathering) -> tuple[Room, ...]:
        """Remove rooms that the bot made and that are empty; the rooms that are left."""
        ...

    async def visit(self, gathering: Gathering, room: Room, user_id: int) -> bool:
        """Bring a facilitator into a room; whether they were moved, else they go by the link."""
        ...

    def in_voice(self, channel_id: int) -> Collection[int]:
        """The people in a voice channel, without bots, as far as that is known."""
        ...
