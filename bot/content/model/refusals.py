"""Refusals about content: files with faults, and entries that do not exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.kit.refusals import DojoError


@dataclass
class NoQuestion(DojoError):
    """The question is no longer in the bank, or the bank has none for the phase."""

    what: Literal["question", "phase"]


@dataclass
class FormatUnknown(DojoError):
    """This dojo has no format called `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a content file: where (file and key) and what."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


@dataclass
class ContentRejected(DojoError):
    """A content file or tree with at least one fault. `more` faults are counted but not listed."""

    faults: tuple[Fault, ...]
    more: int = 0

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
