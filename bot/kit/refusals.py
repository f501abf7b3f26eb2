"""What can be refused, as types that carry facts; `bot.kit.discord.failures` says them in words.

DojoError                    everything that is fit to be told to the person who asked
├── DojoUnknown              there is no dojo where one is needed
├── NotHere                  what was pressed belongs to another place
├── NotOffered               a value that was not among those to choose from
├── NotAllowed               the person may not do this here
├── NothingToShow            what was asked for is empty or gone
├── UnknownTimeZone          a time zone name nobody knows, with the nearest known ones
├── NoRound                  there is no round here, or it is over
├── NotInRound               the person has no part in the round, or another one
├── AlreadyDone              somebody was quicker
├── CannotNow                the round is not in a state for this
├── AnswerAwaited            the clock waits for the yes of coach or client
├── CannotGather             the gathering is not in a state for this
├── CannotNote               the person may not note or judge anything (now)
├── NotReleased              feedback that the coach may not see yet
├── NoSafetyContact          nobody to report a note to
├── SupportLineTooLong       a support line with too many characters
├── FormatUnknown            a format this dojo does not have
├── FormatUnsuitable         a format that is not for this number of people
├── GroupFaulty              people who cannot make up a group
├── Busy                     people who are in another round
├── CannotBeAsked            people who cannot be asked into a round; never why
├── AskedOften               people who were asked often enough for now
├── HasProposal              the person has asked people into a round that has not begun
├── MayNotWrite              the person may not write in this place
├── RoomTaken                a room in which there is a round already
├── LacksRight               what the bot itself may not do here
├── ExportUnderWay           this person's data are being read already
├── ExportTooLarge           data that Discord does not take, even packed
├── ImportBusy               another file of the server is being read
├── ImportTooSoon            the server's last file had faults a moment ago
└── ContentRejected          a content file with every fault in it, named by place
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


class DojoError(Exception):
    """A rule said no. The person is told what and why, and nothing was changed."""


@dataclass
class DojoUnknown(DojoError):
    """This channel is not a dojo."""

    channel_id: int


@dataclass
class NotHere(DojoError):
    """What the person pressed works only in the server, or channel, that it belongs to."""


@dataclass
class NotOffered(DojoError):
    """A value came back that was not among those offered to the person."""


@dataclass
class NotAllowed(DojoError):
    """The person lacks the right to do `what`, which people with the role have."""

    what: Literal["configure", "ask", "see reports", "gather"]
    facilitator_role_id: int | None = None


@dataclass
class NothingToShow(DojoError):
    """`what` was asked for, but there is none (any more)."""

    what: Literal["question", "phase", "signal", "note", "report", "feedback", "own feedback"]


@dataclass
class UnknownTimeZone(DojoError):
    """`name` is no IANA time zone; `nearest` are the known names most like it, best first."""

    name: str
    nearest: tuple[str, ...] = ()


@dataclass
class NoRound(DojoError):
    """There is no round here; `is_over` when there was one, `is_gone` when nothing of it is stored.

    `room_id` is where the person's own round is, if they are in one.
    """

    is_over: bool = False
    room_id: int | None = None
    is_gone: bool = False


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
    ]


@dataclass
class AnswerAwaited(DojoError):
    """The clock waits for these people, who are asked to be coach or client."""

    user_ids: tuple[int, ...]


@dataclass
class CannotGather(DojoError):
    """The gathering cannot do this as it stands; `why` says what is in the way."""

    why: Literal[
        "none",
        "open already",
        "over",
        "not in it",
        "in rooms",
        "not in rooms",
        "too few",
        "too few leads",
        "nothing proposed",
        "enough rounds",
        "other gathering",
        "not together",
        "changed",
        "unreachable",
    ]
    channel_id: int | None = None
    """Where another gathering is, or whose dojo has none."""


@dataclass
class CannotNote(DojoError):
    """The person may not note or judge anything in this round now; `why` says what is in the way.

    `coach` and `client` are what the person is in the round; it is for observers.
    """

    why: Literal[
        "coach",
        "client",
        "not agreed",
        "without notes",
        "not begun",
        "over",
        "rests",
        "coaching",
        "released",
        "full",
        "gone",
    ]


@dataclass
class NotReleased(DojoError):
    """Feedback that the coach may not see yet; `why` says what comes before it."""

    why: Literal["coaching", "turn", "observers", "own view"]
    opens_at: datetime | None = None
    """When observers and client have had their time; none while the clock stands still."""


@dataclass
class NoSafetyContact(DojoError):
    """Nobody can be told; the channel of the dojo, if it is still one.

    `why`: nobody is named, or the contact has left the server, took part in the round, or is the
    very person who asks. `support_line` is that of the dojo: what can be offered instead.
    """

    channel_id: int | None = None
    why: Literal["none", "gone", "took part", "yourself"] = "none"
    support_line: str = ""


@dataclass
class SupportLineTooLong(DojoError):
    """A support line of `length` characters, where `most` are allowed."""

    length: int
    most: int


@dataclass
class FormatUnknown(DojoError):
    """This dojo has no format called `name`."""

    name: str


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
    """People who cannot make up a group: one named twice, a bot, or somebody who is not here."""

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


@dataclass
class ExportUnderWay(DojoError):
    """What is stored about this person is being read for them already."""


@dataclass
class ExportTooLarge(DojoError):
    """What is stored about this person is more than Discord takes, even packed."""


@dataclass
class LacksRight(DojoError):
    """The bot may not do something here; the switches that would let it, as Discord names them."""

    switches: tuple[str, ...]


@dataclass
class ImportBusy(DojoError):
    """Another file of this server is being read; one is read at a time."""


@dataclass
class ImportTooSoon(DojoError):
    """The server's last file had faults; the next is read in `seconds` seconds at the earliest."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a content file: where (file and key) and what."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


@dataclass
class ContentRejected(DojoError):
    """A content file or tree with at least one fault; all faults are listed but `more`."""

    faults: tuple[Fault, ...]
    more: int = 0

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
