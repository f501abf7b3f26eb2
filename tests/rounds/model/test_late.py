"""Who may observe a round that runs, and whose word that is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given

from bot.kit.refusals import DojoError
from bot.rounds.model.clock import advance
from bot.rounds.model.late import (
    MOST_WAITING,
    admit,
    ask_to_observe,
    asked_about,
    let_in,
    must_ask,
    wait_no_more,
    without_waiting,
)
from bot.rounds.model.moves import begin, stop
from bot.rounds.model.people import come_back, forget, join, leave, voice_joined, voice_left
from bot.rounds.model.refusals import AlreadyDone, CannotNow, NotInRound
from bot.rounds.model.round import Agreement, Role, Round, is_coaching_over
from tests.rounds.model.steps import (
    CLIENT,
    COACH,
    COACHING,
    FOURTH,
    OBSERVER,
    STRANGER,
    agreed,
    at,
    begun,
    coaching,
    in_voice,
    later,
    proposed,
    refused,
)
from tests.rounds.model.walks import ACTS, Step, proposals, walks


def waiting(round_: Round) -> list[int]:
    """Who waits to observe."""
    return [one.user_id for one in round_.waiting if not one.has_gone]


def test_a_stranger_waits_for_the_client_from_the_beginning_to_the_end_of_the_coaching():
    """H6: who was not named in the agreement is asked about."""
    assert not must_ask(proposed(), STRANGER)
    assert must_ask(begun(), STRANGER)
    assert must_ask(coaching(), STRANGER)
    over = later(begun(COACHING), at(14))
    assert is_coaching_over(over)
    assert not must_ask(over, STRANGER)


def test_at_an_evening_nobody_waits():
    assert not must_ask(replace(coaching(), gathering_id=5), STRANGER)


def test_a_person_who_joins_a_round_that_runs_waits():
    round_ = join(coaching(people=3), FOURTH)
    assert waiting(round_) == [FOURTH]
    assert not round_.takes_part(FOURTH)
    assert round_.actions == ()


def test_asking_twice_is_asking_once():
    round_ = asked_about(join(coaching(people=3), FOURTH), FOURTH, 77)
    assert join(round_, FOURTH) == round_


def test_only_a_few_may_wait():
    round_ = coaching(people=3)
    for user_id in range(100, 100 + MOST_WAITING):
        round_ = ask_to_observe(round_, user_id)
    refused(CannotNow("full"), lambda: ask_to_observe(round_, 200))


def test_the_client_lets_in():
    round_ = let_in(join(coaching(people=3), FOURTH), CLIENT, FOURTH)
    seat = round_.get_seat(FOURTH)
    assert (seat.role, seat.agreement, seat.let_in) == (
        Role.OBSERVER,
        Agreement.NO_NOTES,
        True,
    )
    assert round_.waiting == ()


@pytest.mark.parametrize("who", [COACH, OBSERVER, FOURTH, STRANGER])
def test_nobody_else_lets_in(who):
    round_ = join(coaching(people=3), FOURTH)
    refused(NotInRound("client now"), lambda: let_in(round_, who, FOURTH))


def test_a_client_who_has_left_lets_nobody_in():
    round_ = leave(join(coaching(people=4), STRANGER), CLIENT, at(5))
    refused(NotInRound("client now"), lambda: let_in(round_, CLIENT, STRANGER))


def test_a_person_who_waits_no_more_is_not_let_in():
    round_ = wait_no_more(join(coaching(people=3), FOURTH), FOURTH)
    assert waiting(round_) == []
    refused(AlreadyDone("not-waiting"), lambda: let_in(round_, CLIENT, FOURTH))
    refused(AlreadyDone("not-waiting"), lambda: wait_no_more(round_, FOURTH))
    assert waiting(join(round_, FOURTH)) == [FOURTH]


def test_a_full_round_lets_nobody_in():
    round_ = join(begun(COACHING, 3, most=4), FOURTH)
    round_ = let_in(join(round_, STRANGER), CLIENT, FOURTH)
    refused(CannotNow("full"), lambda: let_in(round_, CLIENT, STRANGER))


def test_after_the_coaching_who_is_free_comes_in_as_far_as_there_are_seats():
    round_ = begun(COACHING, 3, most=4)
    for user_id in (20, 21, 22):
        round_ = ask_to_observe(round_, user_id)
    assert admit(round_, {20, 21, 22}) is round_
    over = admit(later(round_, at(14)), {21, 22})
    assert over.takes_part(21)
    assert not over.takes_part(20)
    assert not over.takes_part(22)
    assert over.waiting == ()


def test_a_person_who_left_by_their_own_choice_waits_like_a_stranger():
    round_ = join(leave(coaching(), OBSERVER, at(5)), OBSERVER)
    assert waiting(round_) == [OBSERVER]


def test_whom_the_client_let_in_before_does_not_wait_again():
    round_ = let_in(join(coaching(people=3), FOURTH), CLIENT, FOURTH)
    assert join(leave(round_, FOURTH, at(5)), FOURTH).takes_part(FOURTH)


def test_a_person_who_was_said_to_have_left_does_not_wait():
    round_ = leave(coaching(), OBSERVER, at(5), said_by=COACH)
    assert join(round_, OBSERVER).takes_part(OBSERVER)


def test_a_person_who_lost_the_connection_does_not_wait_but_does_after_leaving():
    round_ = voice_left(in_voice(coaching()), OBSERVER, at(5))
    round_ = later(round_, at(10))
    assert not round_.takes_part(OBSERVER)
    asked = voice_joined(round_, OBSERVER, at(10))
    assert not asked.takes_part(OBSERVER), "they are asked, not put back"
    back = join(asked, OBSERVER)
    assert back.takes_part(OBSERVER)
    assert waiting(join(leave(back, OBSERVER, at(11)), OBSERVER)) == [OBSERVER]


def test_a_person_who_left_is_not_taken_back_by_the_voice_channel():
    round_ = voice_joined(leave(coaching(), OBSERVER, at(5)), OBSERVER, at(5))
    assert not round_.takes_part(OBSERVER)
    assert round_.waiting == ()


@pytest.mark.parametrize("who", [COACH, CLIENT])
def test_a_seat_of_coach_or_client_that_nobody_took_waits_for_its_holder(who):
    round_ = leave(coaching(), who, at(5))
    assert not must_ask(round_, who)
    assert come_back(round_, who).takes_part(who)


def test_nobody_waits_for_a_round_that_is_over():
    assert stop(join(coaching(people=3), FOURTH), COACH, at(5)).waiting == ()


def test_a_person_who_is_forgotten_waits_nowhere():
    round_ = join(coaching(people=3), FOURTH)
    assert forget(round_, FOURTH).waiting == ()
    assert without_waiting(round_, {STRANGER}) is round_


def test_a_person_who_asked_before_the_beginning_has_a_seat():
    round_ = begin(agreed(join(proposed(people=3), FOURTH)), at(0))
    assert round_.takes_part(FOURTH)
    assert round_.waiting == ()


@given(proposals(), walks())
def test_whatever_happens_nobody_observes_the_coaching_whom_the_client_does_not_know(
    round_: Round, walk: Sequence[Step]
):
    """H6: known are those of the agreement, and whom the client let in.

    A seat that is given to a person is not a matter of coming late.
    """
    # At an evening the agreement says that people who come late may observe.
    round_, now = replace(round_, gathering_id=None), at(0)
    with suppress(DojoError):
        round_ = begin(round_, now)
    known = {seat.user_id for seat in round_.seats}
    for step in walk:
        now += step.gap
        round_, _ = advance(round_, now)
        if not round_.is_open:
            return
        before = round_
        with suppress(DojoError):
            round_ = ACTS[step.name](round_, step, now)
        if step.name == "hand over" or not before.has_begun:
            known |= {seat.user_id for seat in round_.seats}
        if round_.has_begun and not is_coaching_over(round_):
            strangers = {s.user_id for s in round_.here if not s.let_in} - known - {None}
            assert not strangers
        else:
            known |= {seat.user_id for seat in round_.here}
