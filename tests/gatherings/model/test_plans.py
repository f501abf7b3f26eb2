"""One honest length of an evening: with going to the rooms and back, and what fits judged by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

from bot.content.model.formats import Format, lasts
from bot.gatherings.grouping.groups import Draw, Group
from bot.gatherings.model.gathering import (
    CALL_BACK,
    FIRST_BOARDING,
    SHORTEST_BOARDING,
    Draft,
    Gathering,
    Grouping,
    Places,
)
from bot.gatherings.model.moves import change_plan
from bot.gatherings.model.plan import HARVEST, OPENING, Misfit
from bot.gatherings.model.plan_of import (
    Remedies,
    fitting,
    over_by,
    plan_of,
    remedies,
    shown_plan,
)
from tests.gatherings.model.test_moves import NOW, gathering

CHANGING = CALL_BACK + SHORTEST_BOARDING
LONGER_FIRST = FIRST_BOARDING - SHORTEST_BOARDING
_MINUTE = timedelta(minutes=1)
NOTHING_NEEDED = Remedies(fewer_rounds=False, shorter_format=False, both=False, least=None)


def test_the_length_counts_going_to_the_rooms_and_back_in_every_round():
    """A7: the plan, what a card says and the time at which it is over are one number."""
    of = replace(gathering(6), rounds=3)
    planned = plan_of(of, ())
    assert planned.needed == OPENING + 3 * (lasts(of.format) + CHANGING) + LONGER_FIRST + HARVEST
    assert over_by(planned, NOW) == NOW + planned.minutes_needed * _MINUTE
    # People come back between two rounds whether or not they stay in their groups.
    assert plan_of(replace(of, grouping=Grouping.FRESH), ()).needed == planned.needed


def test_what_fits_fits_once_it_is_taken(library):
    """A7: 150 of 952 combinations of people and minutes did not."""
    formats = tuple(library["en"].formats.values())
    late: list[tuple[int, int, Places]] = []
    offered = 0
    for people, minutes, places in product(range(3, 61, 4), range(25, 181, 10), Places):
        of = replace(
            gathering(people), minutes=minutes, places=places, grouping=Grouping.FRESH, rounds=8
        )
        better = fitting(of, formats, plan_of(of, formats))
        if better is None:
            continue
        offered += 1
        taken = change_plan(
            of,
            format_=better.format,
            rounds=better.rounds,
            minutes=minutes,
            places=places,
            grouping=of.grouping,
            seats=of.seats,
        )
        planned = plan_of(taken, formats)
        if not planned.fits or over_by(planned, NOW) > NOW + minutes * _MINUTE:
            late.append((people, minutes, places))
    assert offered > 100
    assert not late


def test_everybody_reads_of_the_groups_that_are_proposed_while_they_hold():
    """A1: the card promises no more than the groups on the table keep."""
    of = replace(gathering(7), rounds=3)
    assert shown_plan(of, ()).sizes == (3, 4)
    ids = [guest.user_id for guest in of.here]
    draft = Draft(Draw(tuple(Group(tuple(each)) for each in (ids[:2], ids[2:4], ids[4:])), 1))
    proposed = replace(of, draft=draft)
    assert (shown_plan(proposed, ()).sizes, shown_plan(proposed, ()).missing) == ((2, 2, 3), 0)
    left = replace(proposed, guests=proposed.guests[1:])
    assert shown_plan(left, ()).sizes == (3, 3)


def test_nobody_and_one_ring_have_plans_too():
    assert over_by(plan_of(gathering(), ()), NOW) >= NOW
    assert plan_of(gathering(1), ()).sizes == ()
    assert timedelta() < plan_of(gathering(3), ()).needed


def test_what_is_said_to_fit_does_and_nothing_is_kept_back(library):
    """4: fewer rounds and shorter formats are named only where one of them really fits."""
    formats = tuple(library["en"].formats.values())
    told = set[tuple[bool, bool, bool]]()
    for name, minutes, rounds in product(("quick-10", "triad-30"), range(20, 181, 10), (1, 2, 4)):
        of = replace(
            gathering(6), format=library["en"].formats[name], minutes=minutes, rounds=rounds
        )
        planned = plan_of(of, formats)
        found = remedies(of, formats, planned)
        if planned.misfit is not Misfit.TIME:
            assert found == NOTHING_NEEDED
            continue

        def fits(format_: Format, number: int, of: Gathering = of) -> bool:
            return plan_of(replace(of, format=format_, rounds=number), formats).misfit is None

        shorter = [one for one in formats if one.total < of.format.total]
        assert found.fewer_rounds == any(fits(of.format, one) for one in range(1, rounds))
        assert found.shorter_format == any(fits(one, rounds) for one in shorter)
        together = any(fits(one, 1) for one in shorter)
        assert found.both == (together and not found.fewer_rounds and not found.shorter_format)
        assert found.least is not None
        assert (found.least <= minutes) == (found.fewer_rounds or together)
        told.add((found.fewer_rounds, found.shorter_format, found.both))
    assert len(told) >= 4
