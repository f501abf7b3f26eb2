"""When an evening is over: the rounds, and going to the rooms and back in each of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.gathering_plans import over_by, plan_of
from bot.domain.gatherings import CALL_BACK, SHORTEST_BOARDING, Grouping
from tests.domain.test_gathering_moves import NOW, gathering

CHANGING = CALL_BACK + SHORTEST_BOARDING


def test_the_end_counts_going_to_the_rooms_and_back_in_every_round():
    of = replace(gathering(6), rounds=3)
    planned = plan_of(of)
    assert planned.rounds == 3
    assert over_by(of, planned, NOW) == NOW + planned.needed + 3 * CHANGING
    # With fresh groups the plan counts the changes between rounds by itself.
    fresh = replace(of, grouping=Grouping.FRESH)
    assert plan_of(fresh).needed == planned.needed + 2 * CHANGING
    assert over_by(fresh, plan_of(fresh), NOW) == over_by(of, planned, NOW)


def test_nobody_and_one_ring_have_plans_too():
    assert over_by(gathering(), plan_of(gathering()), NOW) >= NOW
    assert plan_of(gathering(1)).sizes == ()
    assert timedelta() < plan_of(gathering(3)).needed
