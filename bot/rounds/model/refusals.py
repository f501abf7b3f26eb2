"""What rounds refuse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.kit.refusals import DojoError


@dataclass
class NoRound(DojoError):
    """There is no round here; `is_over` when there was one, `is_gone` when nothing of it is stored.

    `room_id` is where the person's own round is, if they are in one.
    """

    is_over: bool = False
    room_id: int | None = None
    is_gone: bool = False

    @property
    def ends_card(self) -> bool:
        """See DojoError: nothing is kept of the round."""
        return self.is_gone


@dataclass
class NotInRound(DojoError):
    """The person may not do `what` in this round.

    `take part` is for its people, `replace` for their seats, `steer` for them and for
    facilitators (`steer many`, in a large group: for coach, client and facilitators), `offer` for
    the person who has the seat and for facilitators, `start` for the person who proposed it and for
    facilitators, `share` for its people and for facilitators, `asked` for who is asked into it,
    `see the room` for who is in its room, the
    others for one role.
    """

    what: Literal[
        "take part",
        "replace",
        "steer",
        "steer many",
        "offer",
        "start",
        "facilitate",
        "coach",
        "coach or client",
        "client",
        "client now",
        "asked",
        "share",
        "see the room",
    ]


@dataclass
class AlreadyDone(DojoError):
    """What the person wanted has happened already; through whom, where that is known."""

    did: str
    by_user_id: int | None = None


@dataclass
class CannotNow(DojoError):
    """The round cannot do this as it stands; `why` says what is in the way."""

    why: Literal[
        "not begun",
        "has begun",
        "no coach",
        "no client",
        "too long",
        "in it already",
        "full",
        "seat taken",
        "observers only",
        "others wait",
        "asked already",
        "not answered",
        "coached already",
        "seat offered",
        "not this seat",
        "not for them",
        "not of the round",
        "observers are free",
        "evening first",
        "other room",
        "their room",
        "not in it",
        "offered already",
        "offered to another",
        "just answered",
        "alone",
        "too late to take up",
        "too late to go back",
        "no further round",
        "too late to take back",
    ]


@dataclass
class AnswerAwaited(DojoError):
    """The clock waits for these people, who are asked to be coach or client."""

    user_ids: tuple[int, ...]


@dataclass
class FormatUnsuitable(DojoError):
    """A format that is not for `people` people; `nearest_id` is one that is, if there is one."""

    format_name: str
    fewest: int
    most: int
    people: int
    nearest_name: str = ""
    nearest_id: str = ""


@dataclass
class GroupFaulty(DojoError):
    """People who cannot make up a group: one named twice, a bot, or someone who is not here."""

    why: Literal["twice", "bot", "not here"]
    user_ids: tuple[int, ...]


@dataclass
class Busy(DojoError):
    """People who are in another round."""

    rooms: dict[int, int | None]
    """By user id: the room of it where that is the asker's own round, else none."""


@dataclass
class CannotBeAsked(DojoError):
    """People who cannot be asked into a round right now.

    The one answer to every reason that is theirs alone: what they chose, whom they do not want to
    meet, a round in another server. So nobody can find out which it is.
    """

    user_ids: tuple[int, ...]


@dataclass
class AskedOften(DojoError):
    """People who were asked into rounds often enough for now, by whomever."""

    user_ids: tuple[int, ...]


@dataclass
class HasProposal(DojoError):
    """The person who asks has an open question already: a round that has not begun."""

    round_id: int
    room_id: int


@dataclass
class MayNotWrite(DojoError):
    """The person may not write here, so the bot does not write for them."""

    in_thread: bool = False


@dataclass
class RoomTaken(DojoError):
    """There is a round in this room already."""

    room_id: int
