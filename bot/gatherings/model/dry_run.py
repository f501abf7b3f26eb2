"""An evening that nobody attends: what groups, roles and times would come out.

For a facilitator who wants to know before inviting anybody. It draws as a gathering does, for
people who have never practised together and have no wishes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from bot.content.model.formats import Format, followed_by, lasts
from bot.gatherings.grouping.draft import draw
from bot.gatherings.grouping.groups import Draw, Member, Past
from bot.gatherings.grouping.meetings import after
from bot.gatherings.grouping.ring import ring
from bot.gatherings.grouping.roles import rotate
from bot.gatherings.model.gathering import CALL_BACK, Grouping, Places, arriving_for, boarding_for
from bot.gatherings.model.plan import OPENING, Plan, is_one_ring, plan


@dataclass(frozen=True, slots=True)
class RehearsedRound:
    """One round of all groups; times are from the beginning of the evening."""

    draw: Draw
    rooms_at: timedelta
    """When people go to their rooms."""
    clock_at: timedelta
    """When all clocks start."""
    back_at: timedelta
    """When everybody is together again, if nobody pauses."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """An evening of people numbered from 1."""

    plan: Plan
    grouping: Grouping
    rounds: tuple[RehearsedRound, ...]
    coached: dict[int, int]
    """How often each person has coached, by their number."""

    @property
    def repeats(self) -> int:
        """How often two people are together who were so in an earlier round of the evening."""
        return sum(len(one.draw.again) for one in self.rounds)


def rehearse(
    people: int,
    rounds: int,
    format_: Format,
    formats: Collection[Format],
    *,
    grouping: Grouping,
    seed: int,
) -> Rehearsal:
    """Play an evening through. The same arguments give the same evening.

    Groups of a size `format_` is not for follow the nearest of `formats` that is. It computes as
    long as a draw does, so call it in a thread. Raises TooFewForGroups below two people.
    """
    members = [Member(number) for number in range(1, people + 1)]
    draws = _draws(members, rounds, format_, grouping, seed)
    played: list[RehearsedRound] = []
    rooms_at = OPENING
    for number, one in enumerate(draws, 1):
        clock_at = rooms_at + boarding_for(people, Places.THREADS, number)
        longest = max(
            lasts(followed_by(len(group.people), format_, formats)) for group in one.groups
        )
        back_at = clock_at + longest + CALL_BACK
        played.append(RehearsedRound(one, rooms_at, clock_at, back_at))
        rooms_at = back_at
    turns = Counter(group.coach for one in draws for group in one.groups)
    return Rehearsal(
        plan=plan(
            people,
            format_,
            rounds=rounds,
            moving=CALL_BACK + boarding_for(people, Places.THREADS, 2),
            arriving=arriving_for(people, Places.THREADS),
            formats=formats,
        ),
        grouping=grouping,
        rounds=tuple(played),
        coached={member.user_id: turns[member.user_id] for member in members},
    )


def _draws(
    members: list[Member], rounds: int, format_: Format, grouping: Grouping, seed: int
) -> list[Draw]:
    if is_one_ring(format_):
        draws = [ring(members, Past(), (), seed)]
    elif grouping is Grouping.FRESH:
        return list(draw(members, Past(), seed=seed, rounds=rounds))
    else:
        draws = list(draw(members, Past(), seed=seed))
    past = Past()
    while len(draws) < rounds:
        past = after(past, draws[-1].groups)
        draws.append(rotate(draws[-1], members, past))
    return draws
