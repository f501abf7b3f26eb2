"""Steering a round: pausing, lengthening, and moving on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.rounds.model.did import Did
from bot.rounds.model.moves import begin, extend, go_next, need_moment, pause, resume, stop
from bot.rounds.model.people import leave
from bot.rounds.model.refusals import (
    AlreadyDone,
    AnswerAwaited,
    CannotNow,
    FormatUnsuitable,
    NotInRound,
)
from bot.rounds.model.round import Agreement, Ask, Cue, Ending, Role, State
from bot.rounds.model.rules import check_may_steer
from bot.rounds.model.seats import take_over
from tests.rounds.model.steps import (
    CLIENT,
    COACH,
    FACILITATOR,
    FOURTH,
    OBSERVER,
    RELAY,
    STRANGER,
    TRIAD,
    agreed,
    at,
    begun,
    is_running,
    later,
    mins,
    proposed,
    refused,
    seat,
    secs,
    told,
)

COACHING = "agree 2, coach 10, self 1, client 2"


def coaching(minute=4.0, people=3):
    return later(begun(COACHING, people), at(minute))


def dids(round_):
    return [(one.did, one.user_id) for one in round_.actions]


MOVES = {
    "pause": lambda r, now: pause(r, COACH, now),
    "need a moment": lambda r, now: need_moment(r, COACH, now),
    "resume": lambda r, now: resume(r, COACH, now),
    "extend": lambda r, now: extend(r, COACH, 2),
    "next": lambda r, now: go_next(r, COACH, now),
    "stop": lambda r, now: stop(r, COACH, now),
    "leave": lambda r, now: leave(r, OBSERVER, now),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_a_round_that_has_not_begun_cannot_be_steered(move):
    refused(CannotNow("not begun"), lambda: move(proposed(), at(1)))


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_a_round_that_is_over_is_over(move):
    ended = stop(coaching(), COACH, at(5))
    refused(AlreadyDone(Did.STOPPED), lambda: move(ended, at(6)))


@pytest.mark.parametrize("user_id", [COACH, CLIENT])
def test_no_clock_runs_without_the_yes_of_coach_and_client(user_id):
    ready = agreed(proposed())
    assert begin(ready, at(1)).has_begun
    unasked = ready.get_seat(user_id)
    open_ = ready.with_seat(unasked, replace(unasked, agreement=Agreement.OPEN))
    with pytest.raises(AnswerAwaited):
        begin(open_, at(1))
    observes = ready.with_seat(unasked, replace(unasked, role=Role.OBSERVER))
    with pytest.raises(CannotNow):
        begin(observes, at(1))


def test_no_clock_runs_in_a_format_for_more_people():
    with pytest.raises(FormatUnsuitable):
        begin(agreed(proposed(people=2, fewest=3)), at(1))


@pytest.mark.parametrize("facilitates", [False, True])
@pytest.mark.parametrize("user_id", [COACH, CLIENT, OBSERVER])
def test_everybody_of_a_round_may_steer(user_id, facilitates):
    check_may_steer(coaching(), user_id, facilitates=facilitates)


def test_a_facilitator_may_steer_from_outside_and_a_stranger_may_not():
    check_may_steer(coaching(), FACILITATOR, facilitates=True)
    refused(NotInRound("steer"), lambda: check_may_steer(coaching(), STRANGER, facilitates=False))


def test_a_person_who_has_left_may_not_steer():
    round_ = leave(coaching(people=4), OBSERVER, at(4))
    refused(NotInRound("steer"), lambda: check_may_steer(round_, OBSERVER, facilitates=False))


# Pausing


@pytest.mark.parametrize("minute", [0, 2, 4.5, 11.999, 12.5, 13.2])
def test_a_pause_conserves_what_is_left(minute):
    now = at(minute)
    round_ = coaching(minute)
    left = round_.left(now)
    paused = pause(round_, COACH, now)
    assert paused.left(now + mins(7)) == left
    resumed = resume(paused, CLIENT, now + mins(7))
    assert resumed.left(now + mins(7)) == left
    assert resumed.segment_ends_at == now + mins(7) + left


def test_many_pauses_conserve_what_is_left_to_the_millisecond():
    round_, now = coaching(4), at(4)
    for step in range(20):
        round_ = pause(round_, COACH, now + secs(0.001))
        now += secs(3 + step / 1000)
        round_ = resume(round_, COACH, now)
    assert round_.left(now) == mins(8) - secs(0.02)


def test_pausing_is_told_with_a_name():
    assert dids(pause(coaching(), OBSERVER, at(4))) == [(Did.PAUSED, OBSERVER)]


def test_pausing_what_is_paused_is_done_already():
    paused = pause(coaching(), COACH, at(4))
    refused(AlreadyDone(Did.PAUSED), lambda: pause(paused, CLIENT, at(4.1)))


def test_resuming_what_runs_is_done_already():
    refused(AlreadyDone(Did.RESUMED), lambda: resume(coaching(), CLIENT, at(4)))


def test_resuming_answers_the_question_about_a_long_pause():
    round_ = later(pause(coaching(), COACH, at(4)), at(20))
    assert resume(round_, COACH, at(20)).asked is None


@pytest.mark.parametrize(
    ("role", "why"), [(COACH, CannotNow("no coach")), (CLIENT, CannotNow("no client"))]
)
def test_coaching_does_not_go_on_without_its_people(role, why):
    round_ = leave(coaching(people=4), role, at(4))
    refused(why, lambda: resume(round_, OBSERVER, at(5)))


def test_a_debrief_goes_on_without_a_coach():
    round_ = pause(coaching(13.5, 4), COACH, at(13.5))
    round_ = resume(leave(round_, COACH, at(14)), CLIENT, at(15))
    assert is_running(round_, "self")


@pytest.mark.parametrize("user_id", [COACH, CLIENT])
def test_a_pause_for_a_moment_names_nobody(user_id):
    round_ = need_moment(coaching(), user_id, at(4))
    assert round_.state is State.PAUSED
    assert dids(round_) == [(Did.NEEDS_MOMENT, None)]


@pytest.mark.parametrize("who", [COACH, CLIENT, OBSERVER])
def test_a_moment_is_for_everybody_in_the_round(who):
    """S24, H17: observers too; so nobody knows by the button who it was."""
    round_ = need_moment(coaching(), who, at(4))
    assert round_.state is State.PAUSED
    assert dids(round_) == [(Did.NEEDS_MOMENT, None)]


@pytest.mark.parametrize("user_id", [OBSERVER, FACILITATOR])
def test_only_coach_and_client_end_a_round_quietly(user_id):
    """S23: a round is ended without a name by its coach or client alone."""
    what = "take part" if user_id == FACILITATOR else "coach or client"
    refused(NotInRound(what), lambda: stop(coaching(), user_id, at(4), quietly=True))


def test_a_facilitator_who_is_not_of_the_round_does_not_go_on_quietly():
    """S23: facilitators steer with their name."""
    paused = pause(coaching(), COACH, at(4))
    refused(NotInRound("take part"), lambda: resume(paused, FACILITATOR, at(5), quietly=True))


def test_a_moment_is_for_nobody_else():
    refused(NotInRound("take part"), lambda: need_moment(coaching(), STRANGER, at(4)))


def test_needing_a_moment_in_a_pause_changes_nothing():
    paused = told(pause(coaching(), COACH, at(4)), at(4))
    assert need_moment(paused, CLIENT, at(5)) is paused


# Lengthening


def test_a_segment_becomes_longer_by_minutes():
    round_ = extend(coaching(), COACH, 3)
    assert (round_.length, round_.left(at(4)), round_.extensions) == (mins(13), mins(11), 1)
    assert [(one.did, one.minutes) for one in round_.actions] == [(Did.EXTENDED, 3)]


def test_the_next_segment_is_as_long_as_ever():
    round_ = later(extend(coaching(), COACH, 3), at(16.5))
    assert (round_.kind, round_.length, round_.extensions) == ("self", mins(1), 0)


@pytest.mark.parametrize(("said", "added"), [(-5, 1), (0, 1), (30, 30), (31, 30), (10**9, 30)])
def test_one_to_thirty_minutes_are_added_at_once(said, added):
    round_ = extend(coaching(), COACH, said)
    assert round_.length == mins(10 + added)
    assert round_.actions[-1].minutes == added


def test_no_segment_becomes_longer_than_two_hours():
    round_ = begun("coach 60")
    for _ in range(2):
        round_ = extend(round_, COACH, 30)
    refused(CannotNow("too long"), lambda: extend(round_, COACH, 1))


def test_a_segment_is_lengthened_in_a_pause_as_well():
    round_ = extend(pause(coaching(), COACH, at(4)), CLIENT, 2)
    assert round_.state is State.PAUSED
    assert round_.left(at(9)) == mins(10)


def test_an_extension_that_was_seen_acts_once():
    round_ = coaching()
    round_ = extend(round_, COACH, 2, after=0)
    refused(AlreadyDone(Did.EXTENDED), lambda: extend(round_, CLIENT, 2, after=0))
    assert extend(round_, CLIENT, 2, after=1).extensions == 2


def test_an_extension_of_a_segment_that_is_over_acts_no_more():
    round_ = go_next(coaching(), COACH, at(4))
    refused(AlreadyDone(Did.MOVED_ON), lambda: extend(round_, CLIENT, 2, after=0, position=1))
    assert extend(round_, CLIENT, 2, after=0, position=2).length == mins(3)


def test_an_extension_in_the_landing_gives_back_time():
    round_ = extend(coaching(12.75), COACH, 2)
    assert round_.segment_ends_at == at(14)
    assert round_.next_at == at(15)


def test_an_extension_lets_the_end_be_told_once_more():
    round_ = told(coaching(12), at(12))
    assert round_.told.cue is Cue.TIME_UP
    assert extend(round_, COACH, 2).told.cue is Cue.FIVE_LEFT


def test_an_extension_forgets_no_earlier_cue():
    round_ = told(coaching(7.1), at(7.1))
    assert extend(round_, COACH, 2).told.cue is Cue.HALF


def test_coaching_that_lost_its_coach_in_the_landing_is_not_lengthened():
    round_ = leave(coaching(12.5, 4), COACH, at(12.5))
    assert round_.state is State.RUNNING
    refused(CannotNow("no coach"), lambda: extend(round_, CLIENT, 2))


def test_a_round_that_waits_for_a_coach_may_be_lengthened():
    round_ = leave(coaching(people=4), COACH, at(4))
    assert extend(round_, CLIENT, 2).asked is Ask.COACH_GONE


# Moving on


def test_next_begins_the_next_segment_at_once():
    round_ = go_next(coaching(), CLIENT, at(4))
    assert is_running(round_, "self")
    assert (round_.began_at, round_.past) == (at(4), (mins(2), mins(2)))
    assert dids(round_) == [(Did.MOVED_ON, CLIENT)]


def test_next_after_the_last_segment_completes_the_round():
    round_ = go_next(coaching(15), COACH, at(15))
    assert (round_.ending, round_.ended_at) == (Ending.COMPLETE, at(15))


def test_next_ends_a_pause_and_its_question():
    round_ = later(pause(coaching(), COACH, at(4)), at(20))
    round_ = go_next(round_, COACH, at(20))
    assert (round_.state, round_.asked, round_.paused_at) == (State.RUNNING, None, None)
    assert round_.past[-1] == mins(2)


def test_next_for_a_segment_that_was_seen_acts_once():
    round_ = go_next(coaching(), COACH, at(4), after=1)
    refused(AlreadyDone(Did.MOVED_ON), lambda: go_next(round_, CLIENT, at(4), after=1))
    assert go_next(round_, CLIENT, at(5), after=2).position == 3


def test_next_in_the_moment_the_clock_moves_on_acts_once():
    round_ = coaching(13)
    refused(AlreadyDone(Did.MOVED_ON), lambda: go_next(round_, COACH, at(13), after=1))


@pytest.mark.parametrize(
    ("who", "why"), [(COACH, CannotNow("no coach")), (CLIENT, CannotNow("no client"))]
)
def test_next_does_not_begin_coaching_without_its_people(who, why):
    round_ = leave(begun(COACHING, 4), who, at(1))
    refused(why, lambda: go_next(round_, OBSERVER, at(2)))


def test_next_leaves_coaching_whose_coach_is_gone():
    round_ = go_next(leave(coaching(people=4), COACH, at(4)), CLIENT, at(5))
    assert is_running(round_, "self")
    assert round_.asked is None


def test_next_to_a_change_of_coach_needs_a_coach():
    round_ = leave(later(begun(RELAY, 5), at(4)), COACH, at(4))
    refused(CannotNow("no coach"), lambda: go_next(round_, CLIENT, at(5)))
    round_ = go_next(take_over(round_, OBSERVER, Role.COACH, at(5)), CLIENT, at(6))
    assert is_running(round_, "swap")


def test_a_segment_that_was_left_at_once_did_not_run():
    round_ = go_next(go_next(begun(TRIAD), COACH, at(1)), COACH, at(1))
    assert round_.past == (mins(1), mins(0))
    assert seat(round_, COACH).coached == mins(0)


@pytest.mark.parametrize("who", [OBSERVER, FOURTH])
def test_of_more_than_five_only_coach_client_and_facilitators_steer(who):
    """H15: in a fishbowl not everybody presses Next, End, or says that the client has left."""
    large, small = coaching(people=6), coaching(people=5)
    check_may_steer(small, who, facilitates=False)
    refused(NotInRound("steer many"), lambda: check_may_steer(large, who, facilitates=False))
    check_may_steer(large, who, facilitates=True)
    for lead in (COACH, CLIENT):
        check_may_steer(large, lead, facilitates=False)
    refused(NotInRound("steer"), lambda: check_may_steer(large, STRANGER, facilitates=False))
