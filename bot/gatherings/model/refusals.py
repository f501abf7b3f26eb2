"""What gatherings refuse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.kit.refusals import DojoError
from bot.rounds.model.refusals import AlreadyDone


@dataclass
class CannotGather(DojoError):
    """The gathering cannot do this as it stands; `why` says what is in the way."""

    why: Literal[
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
        "enough time",
        "nobody ready",
        "rooms opening",
    ]
    channel_id: int | None = None
    """Where another gathering is, or the room that was meant."""


@dataclass
class GatheringDone(AlreadyDone):
    """What the person wanted of the gathering has happened already, as `AlreadyDone` says."""


@dataclass
class NotFacilitator(DojoError):
    """The person does not facilitate this gathering; the dojo's role that does, if it has one."""

    facilitator_role_id: int | None = None
