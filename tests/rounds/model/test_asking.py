"""Who may be asked into rounds, and how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rounds.model.asking import (
    ASKED_WITHIN,
    MOST_ASKED,
    Askings,
    Invitation,
    Invited,
    Stand,
    WhoMayAsk,
    answered,
    asked_people,
    stand_of,
)
from bot.rounds.model.moves import agree, begin, call_off, decline
from bot.rounds.model.pairs import apart_from, pair_of
from bot.rounds.model.round import Agreement
from tests.rounds.model.steps import CLIENT, COACH, NOW, OBSERVER, at, proposed


@pytest.mark.parametrize(
    ("who", "outside", "at_evening"),
    [
        (WhoMayAsk.ANYBODY, True, True),
        (WhoMayAsk.EVENINGS, False, True),
        (WhoMayAsk.NOBODY, False, False),
    ],
)
def test_where_a_person_may_be_asked(who, outside, at_evening):
    assert who.allows(at_evening=False) is outside
    assert who.allows(at_evening=True) is at_evening


_STEPS = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(1, 6), st.sampled_from(["ask", "yes", "old"])),
    max_size=40,
)


@given(_STEPS)
def test_nobody_is_asked_more_often_than_may_be_within_any_hour(made):
    """S9: as far as it is asked before."""
    askings, now, open_ = Askings(), NOW, list[tuple[int, datetime]]()
    for seconds, round_id, what in made:
        now += timedelta(seconds=seconds)
        if what == "yes":
            askings.accepted(COACH, round_id)
            open_ = [one for one in open_ if one[0] != round_id]
        elif what == "old":
            askings.drop_old(now)
        elif not askings.is_enough(COACH, now):
            askings.note(COACH, round_id, now)
            open_.append((round_id, now))
        recent = [one for one in open_ if now - one[1] < ASKED_WITHIN]
        assert len(recent) <= MOST_ASKED
        assert askings.is_enough(COACH, now) is (len(recent) >= MOST_ASKED)
    askings.forget(COACH)
    assert not askings.is_enough(COACH, now)


def test_of_those_who_must_not_meet_the_asked_ones_are_named():
    pairs = frozenset({pair_of(CLIENT, OBSERVER), pair_of(COACH, 99)})
    assert apart_from((CLIENT, OBSERVER), (COACH,), pairs) == (CLIENT, OBSERVER)
    assert apart_from((CLIENT,), (OBSERVER,), pairs) == (CLIENT,)
    assert apart_from((CLIENT,), (COACH,), pairs) == ()


def invitation() -> Invitation:
    people = tuple(Invited(s.user_id, s.role) for s in asked_people(proposed()))
    return Invitation(1, 2, 100, 200, 300, people)


def test_all_but_who_asks_are_asked():
    assert [seat.user_id for seat in asked_people(proposed())] == [CLIENT, OBSERVER]


def test_a_no_counts_as_an_answer_like_a_yes():
    card, round_ = invitation(), proposed()
    assert answered(card, round_) == 0
    assert answered(card, agree(round_, CLIENT, Agreement.NO_NOTES, NOW)) == 1
    assert answered(card, decline(round_, OBSERVER, NOW)) == 1


def test_what_a_card_has_to_say_follows_from_its_round():
    round_ = proposed()
    assert stand_of(round_) is Stand.OPEN
    ready = agree(agree(round_, COACH, Agreement.NOTES, NOW), CLIENT, Agreement.NOTES, NOW)
    begun = begin(ready, NOW)
    assert stand_of(begun) is Stand.BEGUN
    begun = agree(begun, OBSERVER, Agreement.NOTES, at(1))
    assert stand_of(begun) is Stand.SETTLED
    assert stand_of(call_off(round_, COACH, NOW)) is Stand.OFF
    assert stand_of(None) is Stand.OFF
    assert stand_of(replace(round_, starter_user_id=None)) is Stand.OPEN
