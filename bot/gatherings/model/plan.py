"""Plans of an evening: the groups, how many rounds of a format fit, and who has no turn as coach.

Nothing is decided here. A plan shows the trade before the start: with longer rounds fewer people
coach, and what it would take for everybody to have a turn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.content.model.formats import Format, SegmentKind, followed_by, lasts
from bot.gatherings.grouping.sizes import LEADS, evenly, split
from bot.gatherings.model.gathering import MOST_ROUNDS
from bot.rounds.model.round import ZERO

OPENING = timedelta(minutes=10)
"""Welcome, and how the evening goes. Going to the rooms counts for each round by itself."""
HARVEST = timedelta(minutes=10)
"""Everybody together again. Not where all were in one ring: its debrief was everybody's."""
LARGEST_ROOM = 5
"""People. A format for more is for one ring of everybody."""
PRACTICE = timedelta(minutes=10)
"""Coaching. Less in one turn is a drill, which a facilitator chooses on purpose."""
MOST_MISSING = 3
"""With more than one in so many without a turn as coach, one ring is better than several rooms."""

_MINUTE = timedelta(minutes=1)


class Misfit(StrEnum):
    """Why a plan cannot be carried out."""

    TOO_FEW = "too-few"
    """There are no two people who may be coach and client."""
    GROUPS = "groups"
    """The format is not for groups of these sizes."""
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Plan:
    """An evening with one format."""

    people: int
    leads: int
    """How many of them may be coach or client."""
    format: Format
    sizes: tuple[int, ...]
    """How many people are in each group, the smallest first; empty with too few people."""
    rounds: int
    needed: timedelta
    """From the opening to the end of the harvest, if nobody pauses: all that people wait for.

    Each round counts with going to the rooms, the soft landing of its coaching and the call back:
    some minutes more than the format says.
    """
    written: timedelta
    """The same by the minutes of the format alone, without landings and moves."""
    without_turn: tuple[int, ...]
    """How many people of each group have no turn as coach."""
    spare: tuple[int, ...]
    """How many turns each group has left when everybody in it has coached."""
    rounds_for_all: int
    """How many rounds it takes until everybody has had a turn."""
    needed_for_all: timedelta
    """How long that would take, like `needed`."""
    misfit: Misfit | None = None

    @property
    def fits(self) -> bool:
        """Whether it can be carried out; perhaps with someone who has no turn."""
        return self.misfit is None

    @property
    def missing(self) -> int:
        """How many people in all have no turn as coach."""
        return sum(self.without_turn)

    @property
    def minutes_needed(self) -> int:
        """`needed` in whole minutes, rounded up."""
        return -(-self.needed // _MINUTE)

    @property
    def minutes_for_all(self) -> int:
        """`needed_for_all` in whole minutes, rounded up."""
        return -(-self.needed_for_all // _MINUTE)


def is_one_ring(format_: Format) -> bool:
    """Whether everybody is in one group with this format, as in a fishbowl."""
    return format_.most > LARGEST_ROOM


def turns_in(format_: Format) -> int:
    """How many people coach in one round: one more after each swap."""
    return 1 + sum(segment.kind is SegmentKind.SWAP for segment in format_.segments)


def plan(
    people: int,
    format_: Format,
    *,
    minutes: int | None = None,
    rounds: int | None = None,
    leads: int | None = None,
    moving: timedelta = ZERO,
    arriving: timedelta = ZERO,
    groups: Sequence[tuple[int, int]] = (),
    formats: Collection[Format] = (),
) -> Plan:
    """How an evening goes with a format.

    Without `rounds` there are as many as the largest group needs for everybody in it to have a
    turn as coach, and no more than fit into `minutes` or an evening; at least one. In one ring,
    without either, there is one. `leads`: how many of the people may be coach or client, all if
    none.
    `moving`: how long it takes to go to the rooms and to come back, in each round.
    `arriving`: how much longer it takes before the first one.
    `groups`: how many people are in each group, and how many of them may be coach or client, where
    that is known; else as `split` has it.
    `formats`: those of the dojo; a group of a size `format_` is not for follows the nearest.
    Raises ValueError for less than one round.
    """
    if rounds is not None and rounds < 1:
        raise ValueError("an evening has at least one round")
    leads = people if leads is None else min(leads, people)
    frame = OPENING if is_one_ring(format_) else OPENING + HARVEST
    if groups:
        sizes, shares = zip(*sorted(groups), strict=True)
    else:
        sizes = _sizes(people, leads, format_)
        shares = evenly(sizes, leads) if sizes else ()
    followed = [followed_by(size, format_, formats) for size in sizes] or [format_]
    turns_each = [turns_in(one) for one in followed]
    needed = [-(-share // turns) for share, turns in zip(shares, turns_each, strict=False)]
    for_all = max([1, *needed])
    # All begin together, and everybody waits for the longest.
    one_round = max(map(lasts, followed))

    def lasting(count: int) -> timedelta:
        return frame + arriving + count * (one_round + moving)

    if rounds is None:
        rounds = 1 if is_one_ring(format_) and minutes is None else min(for_all, MOST_ROUNDS)
        while minutes is not None and rounds > 1 and lasting(rounds) > minutes * _MINUTE:
            rounds -= 1
    had = [rounds * turns for turns in turns_each]
    misfit = None
    if not sizes:
        misfit = Misfit.TOO_FEW
    elif not all(format_.suits_count(size) for size in sizes):
        misfit = Misfit.GROUPS
    elif minutes is not None and lasting(rounds) > minutes * _MINUTE:
        misfit = Misfit.TIME
    return Plan(
        people=people,
        leads=leads,
        format=format_,
        sizes=sizes,
        rounds=rounds,
        needed=lasting(rounds),
        written=frame + rounds * max(one.total for one in followed),
        without_turn=tuple(
            max(share - turns, 0) for share, turns in zip(shares, had, strict=False)
        ),
        spare=tuple(max(turns - share, 0) for share, turns in zip(shares, had, strict=False)),
        rounds_for_all=for_all,
        needed_for_all=lasting(for_all),
        misfit=misfit,
    )


def best(
    people: int,
    formats: Iterable[Format],
    minutes: int,
    *,
    leads: int | None = None,
    like: Format | None = None,
    moving: timedelta = ZERO,
    arriving: timedelta = ZERO,
) -> Plan | None:
    """The plan to propose for so many people and minutes; none when no format fits.

    Rooms with real practice, where the fewest have no turn as coach; of equal ones the format that
    is `like` or nearest to it in length, else the one with the longest coaching. When more than a
    third would have no turn there, one ring of everybody, with the shortest format that is meant
    for it; not where all are in one room anyway, as a ring leaves out more of them. When that does
    not fit either, whatever fits and leaves out the fewest, drills as well.
    """
    plans = [
        plan(people, format_, minutes=minutes, leads=leads, moving=moving, arriving=arriving)
        for format_ in formats
    ]
    fitting = [one for one in plans if one.fits]
    rooms = [
        one
        for one in fitting
        if not is_one_ring(one.format)
        and _turn_length(one.format) >= PRACTICE
        and (one.missing * MOST_MISSING <= one.leads or len(one.sizes) == 1)
    ]
    if rooms:
        return min(rooms, key=lambda one: (one.missing, *_distance(one, like)))
    rings = [one for one in fitting if is_one_ring(one.format) and turns_in(one.format) == 1]
    if rings:
        return min(rings, key=lambda one: (one.format.fewest <= LARGEST_ROOM, one.format.total))
    return min(fitting, key=lambda one: (one.missing, *_distance(one, like)), default=None)


def _sizes(people: int, leads: int, format_: Format) -> tuple[int, ...]:
    if leads < LEADS:
        return ()
    return (people,) if is_one_ring(format_) else split(people, leads)


def _turn_length(format_: Format) -> timedelta:
    return format_.coaching / turns_in(format_)


def _distance(one: Plan, like: Format | None) -> tuple[timedelta, bool, timedelta, timedelta]:
    """How far a plan is from what is wished for; less is better."""
    format_ = one.format
    shorter = -_turn_length(format_)
    if like is None:
        return ZERO, False, shorter, format_.total
    return abs(format_.total - like.total), format_.id != like.id, shorter, format_.total
