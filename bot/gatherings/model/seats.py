"""Who sits where in the rooms of an evening now, for the card that everybody reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.gatherings.grouping.groups import Group
from bot.gatherings.model.gathering import Gathering, Stage
from bot.kit.time.clock import full_minute
from bot.rounds.model.round import Ending, Role, Round

NOBODY = 0
"""In the place of the coach or the client of a group whose seat is empty."""
WAS_LEFT = -1
"""In their place where the round is over and nobody of the evening had the seat at its end."""
_NEVER = datetime.min.replace(tzinfo=UTC)


def seated_in(round_: Round) -> Group:
    """The people of a round as they sit now; before its clock runs that is who is asked."""

    def holding(role: Role) -> list[int]:
        return [
            seat.user_id for seat in round_.here if seat.role is role and seat.user_id is not None
        ]

    coach, client = ([*holding(role), NOBODY][0] for role in (Role.COACH, Role.CLIENT))
    return Group((coach, client, *holding(Role.OBSERVER)))


def ends_about(round_: Round) -> datetime | None:
    """The minute by which a round ends by itself; none while its clock stands still."""
    return None if round_.ends_at is None else full_minute(round_.ends_at)


def as_seated(gathering: Gathering, rounds: Mapping[int, Round]) -> Gathering:
    """The evening with its groups as people sit in the rooms by now, and when the last room ends.

    `rounds` are those of its rooms, by their ids. A room whose round is over keeps the people who
    were in it at the end, without those who have left the evening or sit elsewhere since; one of
    whose round nothing is known keeps the group it was started with. For showing only: what
    someone may come back to is told by the draw.
    """
    if gathering.draw is None or gathering.stage not in (Stage.BOARDING, Stage.RUNNING):
        return gathering
    rooms = [gathering.room(number) for number in range(1, len(gathering.groups) + 1)]
    known = [rounds.get(room.round_id or 0) if room is not None else None for room in rooms]
    groups = list(gathering.groups)
    ends: list[datetime] = []
    placed: set[int] = set()
    # A person can have come from a room that is over: where they were last, they are shown.
    for index in sorted(range(len(groups)), key=lambda one: _lasted(known[one]), reverse=True):
        room, round_ = rooms[index], known[index]
        if round_ is not None and round_.is_open:
            groups[index] = seated_in(round_)
            if (ends_at := ends_about(round_)) is not None:
                ends.append(ends_at)
        else:
            has_ended = room is not None and room.round_id is not None
            is_known = round_ is not None and round_.ending is not Ending.ERASED
            group = seated_in(round_) if round_ is not None and is_known else groups[index]
            there = {one for one in group.people if gathering.takes_part(one)} - placed
            groups[index] = _left_of(group, there, WAS_LEFT if has_ended else NOBODY)
        placed.update(groups[index].people)
    return replace(
        gathering,
        draw=replace(gathering.draw, groups=tuple(groups)),
        due_at=max(ends, default=None) if gathering.stage is Stage.RUNNING else gathering.due_at,
    )


def _lasted(round_: Round | None) -> datetime:
    """Until when a round went; one that goes on is later than all that are over."""
    if round_ is None:
        return _NEVER
    return datetime.max.replace(tzinfo=UTC) if round_.is_open else round_.ended_at or _NEVER


def _left_of(group: Group, there: Collection[int], empty: int) -> Group:
    """The group without those who are not there; `empty` stands in the place of its leads."""
    leads = [one if one in there else empty for one in group.people[:2]]
    return Group((*leads, *(one for one in group.observers if one in there)))
