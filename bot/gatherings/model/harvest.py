"""What may be shown to everybody at the end of an evening: aggregates of enough rounds only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.content.model.questions import Phase

FEWEST_ROUNDS = 5
FEWEST_COACHES = 4
"""Below these, what is shown would say something of single people (domain.md 5.5 and 6.4)."""
FEWEST_CHECK_OUTS = 3
"""Answers; fewer would say who gave which."""


class Share(StrEnum):
    """In how many of the rounds something was noted.

    In words only, and none of them for nothing or for all: an exact number near either end would
    say the same of each single round.
    """

    MOST = "most"
    """At least two thirds, or all."""
    HALF = "half"
    """At least a third."""
    FEW = "few"
    """At least two rounds."""


@dataclass(frozen=True, slots=True)
class RoundNoted:
    """What observers noted in one round whose coaches all have their feedback."""

    round_id: int
    coaches: frozenset[int]
    """By user id."""
    seen: frozenset[str]
    """The codes of which partnering was seen at least once."""
    heard: frozenset[Phase]
    """The phases of which a question was heard at least once."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """What observers noted in the rounds of an evening, without saying in which."""

    rounds: int
    """How many rounds are counted."""
    seen: Mapping[str, int]
    """In how many rounds each code was seen at least once, by code."""
    heard: Mapping[Phase, int]
    """In how many rounds a question of each phase was heard at least once."""

    def share_of(self, count: int) -> Share | None:
        """A count in words; None where it is too near nothing to be said."""
        if 3 * count >= 2 * self.rounds:
            return Share.MOST
        if 3 * count >= self.rounds:
            return Share.HALF
        # In one round would be of one coach.
        return Share.FEW if count > 1 else None


def publication(
    before: Noticed | None, counted: Collection[int], released: Iterable[RoundNoted]
) -> tuple[Noticed, frozenset[int]] | None:
    """What is to be published next of an evening, and the rounds it adds; None for no change.

    `counted` are the rounds in what was published `before`, by id. Two publications of an evening
    always differ by at least 5 rounds of at least 4 coaches, so that nobody finds out by
    subtraction what is said of a single round.
    """
    new = [one for one in released if one.round_id not in counted]
    coaches = {user_id for one in new for user_id in one.coaches}
    if len(new) < FEWEST_ROUNDS or len(coaches) < FEWEST_COACHES:
        return None
    seen = Counter(code for one in new for code in one.seen)
    heard = Counter(phase for one in new for phase in one.heard)
    rounds = len(new)
    if before is not None:
        rounds += before.rounds
        seen.update(before.seen)
        heard.update(before.heard)
    return Noticed(rounds, dict(seen), dict(heard)), frozenset(one.round_id for one in new)


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
    """How useful the evening was (0 to 10) and a word, without names; empty before the evening is
    closed, and where too few answered."""
