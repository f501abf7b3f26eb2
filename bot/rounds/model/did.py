"""What people have done in a round, as its room is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Did(StrEnum):
    """Something a person did, which the room is told."""

    PAUSED = "paused"
    NEEDS_MOMENT = "needs-moment"
    RESUMED = "resumed"
    GOES_ON = "goes-on"
    """After a moment that someone needed: who, is nobody's business."""
    EXTENDED = "extended"
    MOVED_ON = "moved-on"
    WENT_BACK = "went-back"
    """Took a **Next** back."""
    STOPPED = "stopped"
    CALLED_OFF = "called-off"
    CARRIED_ON = "carried-on"
    WENT_TO_FEEDBACK = "went-to-feedback"
    LEFT = "left"
    """Left, or was said to have left."""
    GONE = "gone"
    """Did not come back to the voice channel."""
    AWAY = "away"
    """Left the voice channel, and may come back."""
    CAME_BACK = "came-back"
    JOINED = "joined"
    AGREED_LATE = "agreed-late"
    """Was asked to observe before the clock began, and takes part from now on."""
    LET_IN = "let-in"
    """Observes from now on, after having waited; by whom is not said."""
    TOOK_OVER = "took-over"
    REPLACED = "replaced"
    DECLINED = "declined"
    CHANGED_FORMAT = "changed-format"
    SEAT_OPEN = "seat-open"
    """Before the clock, a seat of coach or client became empty."""
    FEWER = "fewer"
    """Before the clock, all others have agreed, but they are fewer than the format is for: the
    person who started the round is asked whether to begin."""
    OFFERED = "offered"
    """Offered a seat to someone, who has not answered yet."""
    REFUSED_SEAT = "refused-seat"
    TOOK_OFFER_BACK = "took-offer-back"
    ASKED_IF_HERE = "asked-if-here"
    """Said that someone has left, who is asked themself first."""
    WORD_TAKEN_BACK = "word-taken-back"
    """Took back that someone has left."""
    IS_HERE = "is-here"
    NO_ANSWER = "no-answer"
    """Did not say in time that they are there."""
    CLIENT_SILENT = "client-silent"
    """The client did not say in time that they are there, so that the clock rests."""
    TAKEN_UP = "taken-up"
    """Took up the round again after its end."""
    IN_CHANNEL = "in-channel"
    """Left the round, and is in its voice channel again: they are asked, not put back."""


CALLS = frozenset(
    {Did.SEAT_OPEN, Did.FEWER, Did.OFFERED, Did.ASKED_IF_HERE, Did.TAKEN_UP, Did.WENT_BACK}
)
"""What someone has to answer: it brings a new card, where it can be answered."""
CALLS_ALL = frozenset({Did.SEAT_OPEN, Did.TAKEN_UP, Did.WENT_BACK})
"""What is for everybody of the round to answer."""


@dataclass(frozen=True, slots=True)
class Action:
    """What someone did, numbered by the round's turns."""

    turn: int
    did: Did
    user_id: int | None = None
    """Who did it; None where nobody is to learn it."""
    about_user_id: int | None = None
    """Whom it was done to, when that is someone else."""
    minutes: int = 0
