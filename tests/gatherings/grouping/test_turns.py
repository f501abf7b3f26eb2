"""Sharing out turns evenly."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.gatherings.grouping.turns import TURN, share, spent


@examples(max_examples=60)
@given(st.data())
def test_no_other_way_to_give_the_places_away_is_better(data):
    levels = {person: data.draw(st.integers(-2000, 2000)) for person in range(4)}
    seat = st.dictionaries(st.integers(0, 3), st.integers(0, 1500), min_size=1, max_size=3)
    places = data.draw(st.lists(seat, max_size=5))
    chosen = share(places, levels)
    assert all(person in place for person, place in zip(chosen, places, strict=True))
    best = min(spent(places, levels, way) for way in product(*places))
    assert spent(places, levels, chosen) == best


def test_what_is_spent_grows_with_costs_and_with_uneven_turns():
    places = [{1: 30, 2: 0}, {1: 0, 2: 4}]
    assert spent(places, {1: 0, 2: 0}, [2, 1]) == 2 * TURN
    assert spent(places, {1: 0, 2: 0}, [1, 2]) == 2 * TURN + 34
    assert spent(places, {1: 0, 2: 0}, [1, 1]) == 4 * TURN + 30
    assert spent(places, {1: 0, 2: -TURN}, [2, 1]) == 0


def test_someone_hands_on_a_place_so_that_another_gets_one():
    places = [{1: 0, 2: 5}, {1: 0, 2: 5}, {1: 0, 3: 5}]
    assert sorted(share(places, dict.fromkeys((1, 2, 3), 0))) == [1, 2, 3]


def test_a_person_who_is_due_a_turn_has_it_and_costs_decide_among_equals():
    assert share([{1: 0, 2: 0}], {1: 0, 2: -TURN}) == [2]
    assert share([{1: 3, 2: 0}], {1: 0, 2: 0}) == [2]
