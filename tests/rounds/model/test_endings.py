"""How a round is ended, erased and forgotten by people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.rounds.model.did import Did
from bot.rounds.model.moves import erase, pause, stop, watch_for
from bot.rounds.model.people import forget, leave
from bot.rounds.model.refusals import NotInRound
from bot.rounds.model.round import Ask, Ending, State
from tests.rounds.model.steps import (
    CLIENT,
    COACH,
    FOURTH,
    OBSERVER,
    STRANGER,
    at,
    begun,
    later,
    mins,
    proposed,
    refused,
)

COACHING = "agree 2, coach 10, self 1, client 2"


def coaching(minute=4.0, people=3):
    return later(begun(COACHING, people), at(minute))


def dids(round_):
    return [(one.did, one.user_id) for one in round_.actions]


def test_a_stopped_round_is_over_and_keeps_what_ran():
    round_ = stop(coaching(), OBSERVER, at(4))
    assert (round_.state, round_.ending, round_.ended_at) == (
        State.ENDED,
        Ending.STOPPED,
        at(4),
    )
    assert round_.past == (mins(2), mins(2))
    assert dids(round_) == [(Did.STOPPED, OBSERVER)]


def test_a_paused_round_is_stopped_where_it_stood():
    round_ = stop(pause(coaching(), COACH, at(4)), COACH, at(9))
    assert (round_.past, round_.paused_at) == ((mins(2), mins(2)), None)


def test_a_round_that_is_over_asks_nothing_any_more():
    waiting = leave(coaching(people=4), COACH, at(4))
    assert waiting.asked is Ask.COACH_GONE
    assert stop(waiting, CLIENT, at(5)).asked is None


@pytest.mark.parametrize("state", ["proposed", "running", "paused", "over"])
def test_erasing_leaves_nobody_and_nothing_that_ran(state):
    round_ = {
        "proposed": lambda: proposed(COACHING),
        "running": coaching,
        "paused": lambda: pause(coaching(), COACH, at(4)),
        "over": lambda: stop(coaching(), COACH, at(4)),
    }[state]()
    erased = erase(round_, CLIENT, at(5))
    assert (erased.state, erased.ending) == (State.ENDED, Ending.ERASED)
    assert (erased.seats, erased.actions, erased.past) == ((), (), ())
    assert erased.starter_user_id is None


@pytest.mark.parametrize(("user_id", "what"), [(COACH, "client"), (STRANGER, "client")])
def test_only_the_client_erases(user_id, what):
    refused(NotInRound(what), lambda: erase(coaching(), user_id, at(4)))


def test_a_person_who_is_forgotten_is_named_nowhere():
    round_ = watch_for(coaching(people=4), COACH, ["S1"], "slower")
    round_ = pause(round_, COACH, at(4))
    round_ = leave(round_, FOURTH, at(5), said_by=COACH)
    forgotten = forget(round_, COACH)
    assert forgotten.seats[0] == replace(round_.seats[0], user_id=None, focus=(), wish="")
    assert forgotten.seats[1:] == round_.seats[1:]
    assert forgotten.starter_user_id is None
    assert dids(forgotten) == [(Did.PAUSED, None), (Did.LEFT, None)]
    assert forgotten.actions[-1].about_user_id == FOURTH


def test_forgetting_a_stranger_changes_nothing():
    round_ = pause(coaching(), COACH, at(4))
    assert forget(round_, STRANGER) == round_
