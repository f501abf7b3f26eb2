"""How an evening goes with the people who have joined it by now, and what would fit better."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.content.model.formats import Format
from bot.gatherings.grouping.groups import Draw, Wish
from bot.gatherings.model.gathering import CALL_BACK, Gathering, arriving_for, boarding_for
from bot.gatherings.model.plan import Misfit, Plan, best, plan


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
        arriving=_arriving(gathering),
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


def fitting(gathering: Gathering, formats: Collection[Format], planned: Plan) -> Plan | None:
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
        arriving=_arriving(gathering),
    )
    if found is None or found.rounds < gathering.number:
        return None
    if planned.fits and planned.missing <= found.missing:
        return None
    same = (found.format.id, found.rounds) == (gathering.format.id, gathering.rounds)
    return None if same else found


@dataclass(frozen=True, slots=True)
class Remedies:
    """What would make an evening fit into its minutes."""

    fewer_rounds: bool
    """Of the same format."""
    shorter_format: bool
    """As many rounds of it."""
    both: bool
    """Only fewer rounds of a shorter format."""
    least: int | None
    """How many minutes the shortest evening takes; none where no other formats are known."""


def remedies(gathering: Gathering, formats: Collection[Format], planned: Plan) -> Remedies:
    """What would make `planned`, which takes too long, fit into the minutes of the evening.

    Without `formats` only fewer rounds are looked at. Rounds that have begun are not taken back.
    """
    if gathering.minutes is None or planned.minutes_needed <= gathering.minutes:
        return Remedies(fewer_rounds=False, shorter_format=False, both=False, least=None)
    fewest = max(gathering.number, 1)

    def taking(format_: Format, rounds: int) -> Plan:
        return plan(
            planned.people,
            format_,
            minutes=gathering.minutes,
            rounds=rounds,
            leads=planned.leads,
            moving=_moving(gathering),
            arriving=_arriving(gathering),
            formats=formats,
        )

    def is_in_time(one: Plan) -> bool:
        return one.minutes_needed <= (gathering.minutes or 0)

    # The format that is planned may be for groups of another size; that is another sentence.
    least = taking(planned.format, fewest)
    fewer = planned.rounds > fewest and is_in_time(least)
    suiting = [
        one
        for one in formats
        if one.total < planned.format.total and taking(one, fewest).misfit is not Misfit.GROUPS
    ]
    shorter = any(is_in_time(taking(one, planned.rounds)) for one in suiting)
    shortest = [least, *(taking(one, fewest) for one in suiting)]
    both = not fewer and not shorter and any(map(is_in_time, shortest))
    known = min(one.minutes_needed for one in shortest) if formats else None
    return Remedies(fewer_rounds=fewer, shorter_format=shorter, both=both, least=known)


def over_by(planned: Plan, now: datetime) -> datetime:
    """When the evening is over if it begins now and nobody pauses: after the minutes it says."""
    return now + timedelta(minutes=planned.minutes_needed)


def _moving(gathering: Gathering) -> timedelta:
    """Going to the rooms and coming back, in each round."""
    return CALL_BACK + boarding_for(len(gathering.here), gathering.places, 2)


def _arriving(gathering: Gathering) -> timedelta:
    return arriving_for(len(gathering.here), gathering.places)
