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
    """After a moment that somebody needed: who, is nobody's business."""
    EXTENDED = "extended"
    MOVED_ON = "moved-on"
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
    LET_IN = "let-in"
    """Observes from now on, after having waited; by whom is not said."""
    TOOK_OVER = "took-over"
    REPLACED = "replaced"
    DECLINED = "declined"
    CHANGED_FORMAT = "changed-format"


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody did, numbered by the round's turns."""

    turn: int
    did: Did
    user_id: int | None = None
    """Who did it; none when that is nobody's business."""
    about_user_id: int | None = None
    """Whom it was done to, when that is somebody else."""
    minutes: int = 0
