"""How an evening goes with the people who have joined it by now."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.gatherings import CALL_BACK, Gathering, Grouping, boarding_for
from bot.domain.groups import Draw, Wish
from bot.domain.planner import Plan, plan


def plan_of(gathering: Gathering, drawn: Draw | None = None) -> Plan:
    """The plan of a gathering, with what changing rooms takes where groups are drawn afresh.

    `drawn` are the groups it is about, where there are some: they may be of other sizes than the
    rule has them, for people who must not be together.
    """
    here = gathering.here
    watching = {guest.user_id for guest in here if guest.wish is Wish.OBSERVE}
    moving = _changing(gathering) if gathering.grouping is Grouping.FRESH else timedelta()
    return plan(
        len(here),
        gathering.format,
        minutes=gathering.minutes,
        rounds=gathering.rounds,
        leads=len(here) - len(watching),
        moving=moving,
        groups=[
            (len(group.people), sum(one not in watching for one in group.people))
            for group in (drawn.groups if drawn else ())
        ],
    )


def over_by(gathering: Gathering, planned: Plan, now: datetime) -> datetime:
    """When the evening is over if it begins now and nobody pauses.

    Unlike the plan, which goes by what the rounds take, this counts going to the rooms and coming
    back in every round.
    """
    changes = planned.rounds - (planned.rounds - 1 if gathering.grouping is Grouping.FRESH else 0)
    return now + planned.needed + changes * _changing(gathering)


def _changing(gathering: Gathering) -> timedelta:
    """How long everybody takes from one round to the next."""
    return CALL_BACK + boarding_for(len(gathering.here), gathering.places)
