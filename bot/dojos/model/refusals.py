"""Refusals about dojos, their content files and their safety contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.kit.refusals import DojoError


@dataclass
class DojoUnknown(DojoError):
    """This channel is not a dojo."""

    channel_id: int


@dataclass
class NotAllowed(DojoError):
    """The person lacks the right to do `what`, which people with the role have."""

    what: Literal["configure", "ask", "see reports"]
    facilitator_role_id: int | None = None


@dataclass
class ShortParts(DojoError):
    """Own formats, by name, have parts under a minute; their kind and seconds."""

    parts: tuple[tuple[str, str, int], ...]


@dataclass
class UnknownTimeZone(DojoError):
    """`name` is not an IANA time zone; `nearest` are the most similar names, best first."""

    name: str
    nearest: tuple[str, ...] = ()


@dataclass
class NoSafetyContact(DojoError):
    """Nobody can be told. Carries the channel of the dojo, if it still is one.

    `why`: nobody is named, or the contact has left the server, took part in the round, or is the
    person who asks. `support_line` is the dojo's: what can be offered instead.
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
class ImportBusy(DojoError):
    """Another file of this server is being read; only one is read at a time."""


@dataclass
class ImportTooSoon(DojoError):
    """The server's last file had faults; the next is read in `seconds` seconds at the earliest."""

    seconds: int
