"""How an evening goes with the people who have joined it by now, and what would fit better."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from bot.domain.formats import Format
from bot.domain.gatherings import CALL_BACK, Gathering, boarding_for
from bot.domain.groups import Draw, Wish
from bot.domain.planner import Plan, best, plan


def plan_of(gathering: Gathering, formats: Collection[Format], drawn: Draw | None = None) -> Plan:
    """The plan of a gathering, with going to the rooms and coming back in each round.

    `formats` are those of its dojo: groups that its own does not suit follow one of them.
    `drawn` are the groups it is about, where there are some: they may be of other sizes than the
    rule has them, for people who must not be together.
    """
    here = gathering.here
    watching = {guest.user_id for guest in here if guest.wish is Wish.OBSERVE}
    return plan(
        len(here),
        gathering.format,
        minutes=gathering.minutes,
        rounds=gathering.rounds,
        leads=len(here) - len(watching),
        moving=_moving(gathering),
        groups=[
            (len(group.people), sum(one not in watching for one in group.people))
            for group in (drawn.groups if drawn else ())
        ],
        formats=formats,
    )


def shown_plan(gathering: Gathering, formats: Collection[Format]) -> Plan:
    """The plan as everybody reads it: with the groups that are proposed, if they still hold."""
    draft = gathering.draft
    is_current = draft is not None and not gathering.changes()
    drawn = draft.draw if draft is not None and is_current else None
    return plan_of(gathering, formats, drawn)


def fitting(gathering: Gathering, formats: Iterable[Format], planned: Plan) -> Plan | None:
    """A plan that fits the minutes and leaves out fewer people; none where `planned` does.

    Once it is taken, `plan_of` the gathering fits.
    """
    if gathering.minutes is None or not planned.sizes:
        return None
    found = best(
        planned.people,
        formats,
        gathering.minutes,
        leads=planned.leads,
        like=gathering.format,
        moving=_moving(gathering),
    )
    if found is None or found.rounds < gathering.number:
        return None
    if planned.fits and planned.missing <= found.missing:
        return None
    same = (found.format.id, found.rounds) == (gathering.format.id, gathering.rounds)
    return None if same else found


def over_by(planned: Plan, now: datetime) -> datetime:
    """When the evening is over if it begins now and nobody pauses: after the minutes it says."""
    return now + timedelta(minutes=planned.minutes_needed)


def _moving(gathering: Gathering) -> timedelta:
    """How long going to the rooms and coming back takes in each round."""
    return CALL_BACK + boarding_for(len(gathering.here), gathering.places)
