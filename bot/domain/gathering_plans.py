"""How an evening goes with the people who have joined it by now."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.gatherings import CALL_BACK, Gathering, Grouping, boarding_for
from bot.domain.groups import Wish
from bot.domain.planner import Plan, plan


def plan_of(gathering: Gathering) -> Plan:
    """The plan of a gathering, with what changing rooms takes where groups are drawn afresh."""
    here = gathering.here
    moving = timedelta()
    if gathering.grouping is Grouping.FRESH:
        moving = CALL_BACK + boarding_for(len(here), gathering.places)
    return plan(
        len(here),
        gathering.format,
        minutes=gathering.minutes,
        rounds=gathering.rounds,
        leads=sum(guest.wish is not Wish.OBSERVE for guest in here),
        moving=moving,
    )
