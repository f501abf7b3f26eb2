"""Who sits where in the rooms of an evening now, for the card that everybody reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.gatherings.grouping.groups import Group
from bot.gatherings.model.gathering import Gathering, Stage
from bot.kit.time.clock import full_minute
from bot.rounds.model.round import Role, Round

NOBODY = 0
"""In the place of the coach or the client of a group whose seat is empty."""


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

    `rounds` are those that are kept, by their ids. A room whose round is over keeps the group it
    was started with, without those who have left the evening. For showing only: what someone may
    come back to is told by the draw.
    """
    if gathering.draw is None or gathering.stage not in (Stage.BOARDING, Stage.RUNNING):
        return gathering
    groups: list[Group] = []
    ends: list[datetime] = []
    for number, group in enumerate(gathering.draw.groups, 1):
        room = gathering.room(number)
        round_ = rounds.get(room.round_id or 0) if room is not None else None
        if round_ is None or not round_.is_open:
            groups.append(_still_there(gathering, group))
            continue
        groups.append(seated_in(round_))
        if (ends_at := ends_about(round_)) is not None:
            ends.append(ends_at)
    return replace(
        gathering,
        draw=replace(gathering.draw, groups=tuple(groups)),
        due_at=max(ends, default=None) if gathering.stage is Stage.RUNNING else gathering.due_at,
    )


def _still_there(gathering: Gathering, group: Group) -> Group:
    leads = [one if gathering.takes_part(one) else NOBODY for one in group.people[:2]]
    observers = [one for one in group.observers if gathering.takes_part(one)]
    return Group((*leads, *observers))
