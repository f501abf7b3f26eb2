"""Groups of one round of a gathering: who is in which, with which role, and what speaks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.rounds.model.pairs import Pair
from bot.rounds.model.round import Role


class Wish(StrEnum):
    """What someone would like to do at a gathering."""

    ANY = "any"
    COACH = "coach"
    CLIENT = "client"
    OBSERVE = "observe"
    """Only observe: always kept, where the others are wishes."""


@dataclass(frozen=True, slots=True)
class Member:
    """Someone who is to be put into a group."""

    user_id: int
    wish: Wish = Wish.ANY
    owed: float = 0.0
    """Turns as coach this person is owed; negative for someone who had more than their share."""
    languages: frozenset[str] = frozenset()
    """In which they practise; any when empty."""

    @property
    def leads(self) -> bool:
        """Whether they may be coach or client."""
        return self.wish is not Wish.OBSERVE

    def shares_language(self, other: Member) -> bool:
        """Whether the two have a language in common."""
        either_any = not self.languages or not other.languages
        return either_any or not self.languages.isdisjoint(other.languages)


@dataclass(frozen=True, slots=True)
class Past:
    """Who has practised with whom in this dojo."""

    met: Mapping[Pair, float] = field(default_factory=dict[Pair, float])
    """How much two people were together in one group, older times counting less."""
    tonight: Mapping[Pair, int] = field(default_factory=dict[Pair, int])
    """In how many rounds of this gathering they were; not part of `met`."""
    coached: Mapping[tuple[int, int], float] = field(default_factory=dict[tuple[int, int], float])
    """How much the first coached the second, older times counting less, tonight's with 1 each."""
    coached_tonight: Mapping[int, int] = field(default_factory=dict[int, int])
    """How often someone has coached at this gathering."""
    client_tonight: Mapping[int, int] = field(default_factory=dict[int, int])
    coached_last: Mapping[int, int] = field(default_factory=dict[int, int])
    """In which round of this gathering someone coached last; only the order of rounds counts."""


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one round in one room: coach, client, observers, in this order."""

    people: tuple[int, ...]

    @property
    def coach(self) -> int:
        """Who coaches; 0 once everybody of the group has been forgotten."""
        return self.people[0] if self.people else 0

    @property
    def client(self) -> int:
        """Who is the client; 0 where only one person of the group is still known."""
        return self.people[1] if len(self.people) > 1 else 0

    @property
    def observers(self) -> tuple[int, ...]:
        """Who observes; nobody in a pair."""
        return self.people[2:]

    def role_of(self, user_id: int) -> Role:
        """What this person does. Raises ValueError for anybody who is not in the group."""
        place = self.people.index(user_id)
        return (Role.COACH, Role.CLIENT)[place] if place < 2 else Role.OBSERVER


@dataclass(frozen=True, slots=True)
class Draw:
    """The groups of one round, with what is to be said of them."""

    groups: tuple[Group, ...]
    seed: int
    """With the same people, past and seed the same groups come out."""
    repeats: tuple[Pair, ...] = ()
    """Who is together though they were before, tonight or in this dojo not long ago."""
    again: tuple[Pair, ...] = ()
    """Those of `repeats` who were together earlier at this very gathering."""
    unmet: tuple[int, ...] = ()
    """Whose wish for a role is not kept this time."""
    owed_first: tuple[int, ...] = ()
    """Who coaches because they were owed a turn."""
    apart_broken: bool = False
    """Two people are together who must not be; never say who."""
    languages_mixed: int = 0
    """Pairs in one group without a language in common."""

    @property
    def pairs(self) -> int:
        """How many pairs of people are together, with the repeats."""
        return sum(len(group.people) * (len(group.people) - 1) // 2 for group in self.groups)

    def group_of(self, user_id: int) -> int | None:
        """The number of the group someone is in, from 0; none when they are in none."""
        for number, group in enumerate(self.groups):
            if user_id in group.people:
                return number
        return None
