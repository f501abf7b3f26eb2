"""What can be refused, as types that carry facts; `bot.ui.failures` says them in words.

DojoError                    everything that is fit to be told to the person who asked
├── DojoUnknown              there is no dojo where one is needed
├── NotAllowed               the person may not do this here
├── NothingToShow            what was asked for is empty or gone
├── UnknownTimeZone          a time zone name nobody knows, with the nearest known ones
└── ContentRejected          a content file with every fault in it, named by place
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


class DojoError(Exception):
    """A rule said no. The person is told what and why, and nothing was changed."""


@dataclass
class DojoUnknown(DojoError):
    """This channel is not a dojo."""

    channel_id: int


@dataclass
class NotAllowed(DojoError):
    """The person lacks the right to do `what`, which people with the role have."""

    what: Literal["configure", "ask"]
    facilitator_role_id: int | None = None


@dataclass
class NothingToShow(DojoError):
    """`what` was asked for, but there is none (any more)."""

    what: Literal["question", "phase"]


@dataclass
class UnknownTimeZone(DojoError):
    """`name` is no IANA time zone; `nearest` are the known names most like it, best first."""

    name: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a content file: where (file and key) and what."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


@dataclass
class ContentRejected(DojoError):
    """A content file or tree with at least one fault; all faults are listed."""

    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
