"""What may be shown to everybody at the end of an evening: aggregates of enough rounds only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.questions import Phase

FEWEST_ROUNDS = 5
FEWEST_COACHES = 4
"""Below these, numbers would say something of single people (domain.md 5.5 and 6.4)."""
FEWEST_CHECK_OUTS = 3
"""Answers; fewer would say who gave which."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """What observers noted in the rounds of an evening, without saying in which."""

    rounds: int
    """That had notes."""
    coaches: int
    seen: Mapping[str, int]
    """In how many rounds each code was seen at least once, by code."""
    heard: Mapping[Phase, int]
    """In how many rounds a question of each phase was heard at least once."""

    @property
    def may_be_shown(self) -> bool:
        """Whether it is of enough rounds and coaches to say nothing of a single one."""
        return self.rounds >= FEWEST_ROUNDS and self.coaches >= FEWEST_COACHES


@dataclass(frozen=True, slots=True)
class Plenary:
    """What the card at the end of an evening shows."""

    rounds: int
    """How many rounds were practised in all rooms together."""
    people: int
    """Who took part in at least one."""
    coached: int
    """How many different people coached."""
    noticed: Noticed | None = None
    """None while it would say something of single people."""
    question: str = ""
    """For the whole group to talk about."""
    check_outs: tuple[tuple[int, str], ...] = ()
    """How useful the evening was (0 to 10) and a word, without names; empty while too few."""
    answered: int = 0
    """How many checked out."""
