"""A round before its clock runs: agreeing, declining, joining, another format."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.rounds.model.did import Did
from bot.rounds.model.moves import (
    agree,
    begin,
    call_off,
    change_format,
    check_may_start,
    check_suits,
    decline,
    group,
    is_complete,
    open_seats,
    stop,
    watch_for,
)
from bot.rounds.model.pairs import pair_of
from bot.rounds.model.people import forget, join
from bot.rounds.model.refusals import (
    AlreadyDone,
    AnswerAwaited,
    CannotNow,
    FormatUnsuitable,
    GroupFaulty,
    NoRound,
    NotInRound,
)
from bot.rounds.model.round import Agreement, Ending, Role, State
from bot.rounds.model.rules import lacks_people
from bot.rounds.model.seats import ask_instead, take_over
from tests.rounds.model.steps import (
    CLIENT,
    COACH,
    FOURTH,
    NOW,
    OBSERVER,
    PEOPLE,
    STRANGER,
    TRIAD,
    agreed,
    at,
    begun,
    dids,
    format_of,
    later,
    mins,
    proposed,
    refused,
    seat,
    told,
    user_in,
)


def all_agree(round_, *, but=None, minute=3):
    for one in round_.seats:
        if one.user_id != but:
            round_ = agree(round_, one.user_id, Agreement.NOTES, at(minute))
    return round_


def test_a_group_has_a_coach_a_client_and_observers():
    roles = [(one.user_id, one.role) for one in group(1, 2, [3, 4])]
    assert roles == [(1, Role.COACH), (2, Role.CLIENT), (3, Role.OBSERVER), (4, Role.OBSERVER)]


@pytest.mark.parametrize(
    ("people", "twice"), [((1, 1, []), (1,)), ((1, 2, [2, 3, 3]), (2, 3)), ((1, 2, [1]), (1,))]
)
def test_nobody_is_in_a_group_twice(people, twice):
    refused(GroupFaulty("twice", twice), lambda: group(*people))


@pytest.mark.parametrize(("people", "suits"), [(2, False), (3, True), (4, True), (5, False)])
def test_a_format_is_for_so_many_people(people, suits):
    format_ = format_of(TRIAD, fewest=3, most=4)
    if suits:
        check_suits(format_, people)
    else:
        refused(FormatUnsuitable("Own", 3, 4, people), lambda: check_suits(format_, people))


# Agreeing


def test_the_round_begins_when_all_have_answered():
    round_ = all_agree(proposed(), but=OBSERVER)
    assert round_.state is State.PROPOSED
    round_ = agree(round_, OBSERVER, Agreement.NO_NOTES, at(4))
    assert (round_.state, round_.position, round_.began_at) == (State.RUNNING, 0, at(4))
    assert seat(round_, OBSERVER).agreement is Agreement.NO_NOTES


def test_an_answer_is_a_yes_and_may_be_changed():
    round_ = agree(proposed(), COACH, Agreement.NOTES, at(1))
    with pytest.raises(ValueError, match="a yes"):
        agree(round_, COACH, Agreement.OPEN, at(2))
    round_ = agree(round_, COACH, Agreement.NO_NOTES, at(3))
    assert seat(round_, COACH).agreement is Agreement.NO_NOTES


def test_an_answer_may_be_changed_while_the_round_runs():
    round_ = later(begun(), at(5))
    moved = agree(round_, CLIENT, Agreement.NO_NOTES, at(5))
    assert seat(moved, CLIENT).agreement is Agreement.NO_NOTES
    assert (moved.position, moved.since) == (round_.position, round_.since)


def test_only_people_of_the_round_answer():
    refused(NotInRound("take part"), lambda: agree(proposed(), STRANGER, Agreement.NOTES, at(1)))


def test_answers_to_a_round_that_is_over_are_refused():
    ended = stop(begun(), COACH, at(1))
    refused(NoRound(is_over=True), lambda: agree(ended, COACH, Agreement.NOTES, at(2)))


def test_a_group_that_is_too_small_waits_though_all_have_answered():
    round_ = all_agree(proposed(people=2, fewest=3))
    assert not is_complete(round_)
    assert round_.state is State.PROPOSED
    round_ = all_agree(join(round_, OBSERVER))
    assert round_.state is State.RUNNING


# Beginning without all answers


def test_no_clock_runs_without_the_yes_of_coach_and_client():
    """H3, A5: the refusal names whose answer is awaited."""
    refused(AnswerAwaited((COACH, CLIENT)), lambda: begin(proposed(), at(2)))
    round_ = agree(proposed(), COACH, Agreement.NOTES, at(1))
    refused(AnswerAwaited((CLIENT,)), lambda: begin(round_, at(2)))


def test_observers_may_answer_later_and_are_only_asked_until_then():
    """S9: without a yes nobody is in a running round."""
    round_ = all_agree(proposed(people=4), but=FOURTH)
    assert round_.state is State.PROPOSED
    round_ = begin(round_, at(4))
    assert (round_.state, round_.since) == (State.RUNNING, at(4))
    assert [one.user_id for one in round_.here] == [COACH, CLIENT, OBSERVER]
    assert [one.user_id for one in round_.invited] == [FOURTH]
    assert not round_.takes_part(FOURTH)
    refused(NotInRound("take part"), lambda: round_.get_seat(FOURTH))
    refused(CannotNow("asked already"), lambda: join(round_, FOURTH))
    late = agree(round_, FOURTH, Agreement.NOTES, at(5))
    assert late.takes_part(FOURTH)
    assert (Did.AGREED_LATE, FOURTH, None) in dids(late)
    no = decline(round_, FOURTH, at(5))
    assert (no.invited, no.state) == ((), State.RUNNING)
    assert len(no.seats) == len(round_.seats)


def test_a_person_who_never_answered_is_not_named_once_the_round_is_over():
    """S9: a round that ran without someone's yes is not theirs."""
    round_ = stop(begin(all_agree(proposed(people=4), but=FOURTH), at(4)), COACH, at(5))
    assert round_.seat_of(FOURTH) is None
    assert [one.user_id for one in round_.seats] == [COACH, CLIENT, OBSERVER, None]


def test_the_last_refusal_begins_a_round_to_which_all_others_have_said_yes():
    """A6: not only an answer does."""
    round_ = all_agree(proposed(people=4), but=FOURTH)
    assert decline(round_, FOURTH, at(4)).state is State.RUNNING


@pytest.mark.parametrize("last", ["refuses", "agrees"])
def test_with_fewer_than_the_format_is_for_the_person_who_started_it_is_asked(last):
    """A6: a round never waits for nobody."""
    round_ = proposed(fewest=3)
    others = all_agree(round_, but=OBSERVER)
    if last == "refuses":
        asked = decline(others, OBSERVER, at(4))
    else:
        asked = agree(
            decline(agree(round_, CLIENT, Agreement.NOTES, at(1)), OBSERVER, at(2)),
            COACH,
            Agreement.NOTES,
            at(3),
        )
    assert lacks_people(asked)
    assert dids(asked)[-1] == (Did.FEWER, None, COACH)
    # A format for so many begins at once, and one that takes longer asks again.
    assert change_format(asked, format_of("coach 5"), COACH, at(5)).state is State.RUNNING
    longer = change_format(asked, format_of("coach 50"), COACH, at(5))
    assert longer.state is State.PROPOSED
    assert not lacks_people(longer)
    assert not lacks_people(join(asked, FOURTH))
    check_may_start(asked, COACH, facilitates=False)
    refused(NotInRound("start"), lambda: check_may_start(asked, CLIENT, facilitates=False))
    check_may_start(forget(asked, COACH), CLIENT, facilitates=False)


@pytest.mark.parametrize(("who", "role"), [(COACH, Role.COACH), (CLIENT, Role.CLIENT)])
def test_at_a_gathering_the_seat_of_who_cannot_come_is_empty(who, role):
    """A4, F2, F4: nobody is put into it."""
    round_ = decline(replace(proposed(people=4), gathering_id=9), who, at(1))
    assert round_.state is State.PROPOSED
    assert round_.open_roles == (role,)
    assert [one.user_id for one in round_.observers] == [OBSERVER, FOURTH]
    refused(CannotNow("not answered"), lambda: take_over(round_, FOURTH, role, at(2)))
    taken = take_over(round_, FOURTH, role, at(2), agreement=Agreement.NO_NOTES)
    assert user_in(taken, role) == FOURTH
    assert taken.open_roles == ()
    refused(AlreadyDone(Did.TOOK_OVER), lambda: take_over(taken, OBSERVER, role, at(3)))


def test_at_a_gathering_one_person_alone_has_no_round():
    round_ = decline(replace(proposed(people=2), gathering_id=9), CLIENT, at(1))
    assert round_.ending is Ending.CALLED_OFF


def test_when_boarding_is_over_who_has_not_answered_has_the_seat_no_longer():
    round_ = agree(replace(proposed(), gathering_id=9), CLIENT, Agreement.NOTES, at(1))
    round_ = open_seats(round_)
    assert round_.open_roles == (Role.COACH,)
    assert user_in(round_, Role.CLIENT) == CLIENT
    assert seat(round_, COACH).role is Role.OBSERVER
    assert dids(round_)[-1] == (Did.SEAT_OPEN, None, None)
    back = take_over(round_, COACH, Role.COACH, at(2), agreement=Agreement.NOTES)
    assert back.has_yes_of_leads


@pytest.mark.parametrize("role", [Role.COACH, Role.CLIENT])
def test_a_person_who_is_kept_apart_from_the_other_lead_does_not_get_the_seat(role):
    """F4: and the sentence says neither why nor who."""
    who = COACH if role is Role.COACH else CLIENT
    other = CLIENT if role is Role.COACH else COACH
    round_ = decline(replace(proposed(people=4), gathering_id=9), who, at(1))
    apart = {pair_of(other, OBSERVER)}

    def take(person):
        return take_over(round_, person, role, at(2), agreement=Agreement.NOTES, apart=apart)

    refused(CannotNow("not this seat"), lambda: take(OBSERVER))
    assert user_in(take(FOURTH), role) == FOURTH


def test_a_round_begins_once():
    refused(AlreadyDone("begun"), lambda: begin(begun(), at(1)))


def test_a_group_the_format_is_not_for_does_not_begin():
    refused(FormatUnsuitable("Own", 3, 7, 2), lambda: begin(proposed(people=2, fewest=3), at(1)))


def test_the_proposer_and_facilitators_may_begin():
    check_may_start(proposed(), COACH, facilitates=False)
    check_may_start(proposed(), STRANGER, facilitates=True)
    refused(NotInRound("start"), lambda: check_may_start(proposed(), CLIENT, facilitates=False))


# Declining and calling off


def test_coach_and_client_go_on_without_an_observer_who_declines():
    assert decline(proposed(people=3), OBSERVER, at(1)).state is State.PROPOSED


def test_an_observer_who_declines_leaves_a_free_place():
    round_ = decline(proposed(people=4), OBSERVER, at(1))
    assert round_.state is State.PROPOSED
    assert [one.user_id for one in round_.seats] == [COACH, CLIENT, FOURTH]
    assert [(one.did, one.user_id) for one in round_.actions] == [(Did.DECLINED, OBSERVER)]


@pytest.mark.parametrize("user_id", [COACH, CLIENT])
def test_without_its_coach_or_client_a_proposal_is_called_off(user_id):
    round_ = decline(proposed(), user_id, at(1))
    assert (round_.state, round_.ending, round_.ended_at) == (
        State.ENDED,
        Ending.CALLED_OFF,
        at(1),
    )
    assert round_.past == ()


def test_a_proposal_is_taken_back():
    round_ = call_off(proposed(), COACH, at(1))
    assert (round_.ending, round_.ended_at) == (Ending.CALLED_OFF, at(1))
    assert [(one.did, one.user_id) for one in round_.actions] == [(Did.CALLED_OFF, COACH)]


PROPOSAL_MOVES = {
    "decline": lambda r: decline(r, OBSERVER, at(70)),
    "call off": lambda r: call_off(r, COACH, at(70)),
    "change the format": lambda r: change_format(r, format_of("coach 5"), COACH, NOW),
}


@pytest.mark.parametrize("move", PROPOSAL_MOVES.values(), ids=PROPOSAL_MOVES)
def test_a_round_that_has_begun_is_no_proposal(move):
    refused(CannotNow("has begun"), lambda: move(later(begun(), at(5))))


@pytest.mark.parametrize("move", PROPOSAL_MOVES.values(), ids=PROPOSAL_MOVES)
def test_a_proposal_that_is_over_has_not_begun(move):
    lapsed = told(proposed(), at(60))
    assert lapsed.ending is Ending.LAPSED
    refused(NoRound(is_over=True), lambda: move(lapsed))


def test_a_stranger_cannot_decline():
    refused(NotInRound("take part"), lambda: decline(proposed(), STRANGER, at(1)))


# Joining


def test_a_person_who_joins_a_proposal_observes_and_has_to_answer():
    round_ = join(all_agree(proposed(), but=OBSERVER), FOURTH)
    assert seat(round_, FOURTH).role is Role.OBSERVER
    round_ = agree(round_, OBSERVER, Agreement.NOTES, at(3))
    assert round_.state is State.PROPOSED
    assert agree(round_, FOURTH, Agreement.NOTES, at(4)).state is State.RUNNING


def test_a_person_who_declined_may_join_after_all():
    round_ = join(decline(proposed(), OBSERVER, at(1)), OBSERVER)
    assert seat(round_, OBSERVER).role is Role.OBSERVER


def test_nobody_joins_twice():
    refused(CannotNow("in it already"), lambda: join(proposed(), COACH))


def test_a_format_has_room_for_so_many():
    refused(CannotNow("full"), lambda: join(proposed(people=3, most=3), FOURTH))


def test_nobody_joins_what_is_over():
    ended = call_off(proposed(), COACH, at(1))
    refused(NoRound(is_over=True), lambda: join(ended, FOURTH))


# Another format


def test_a_proposal_may_get_another_format():
    short = format_of("coach 5, self 1")
    round_ = change_format(proposed(), short, CLIENT, NOW)
    assert round_.format == short
    assert [(one.did, one.user_id) for one in round_.actions] == [(Did.CHANGED_FORMAT, CLIENT)]
    assert begin(agreed(round_), NOW).length == mins(5)


def test_what_takes_longer_than_people_agreed_to_is_asked_again():
    """H3: a yes is to what the card said."""
    asked = agreed(proposed("coach 5"))
    longer = change_format(asked, format_of("coach 25"), COACH, NOW)
    answers = {seat.user_id: seat.agreement for seat in longer.seats}
    assert answers.pop(COACH) is Agreement.NO_NOTES
    assert set(answers.values()) == {Agreement.OPEN}
    refused(AnswerAwaited((CLIENT,)), lambda: begin(longer, at(1)))
    assert change_format(longer, format_of("coach 5"), COACH, NOW).seats == longer.seats
    # A shorter one is not asked about; and all having agreed, it begins.
    shorter = change_format(asked, format_of("coach 3"), COACH, NOW)
    assert shorter.state is State.RUNNING
    assert {seat.agreement for seat in shorter.seats} == {Agreement.NO_NOTES}


def test_the_same_format_is_no_change():
    refused(AlreadyDone("changed"), lambda: change_format(proposed(), format_of(TRIAD), COACH, NOW))


def test_a_format_for_more_people_may_be_chosen_before_they_have_come():
    round_ = change_format(proposed(), format_of("coach 5", fewest=5), COACH, NOW)
    refused(FormatUnsuitable("Own", 5, 7, 3), lambda: begin(round_, at(1)))


def test_a_format_for_fewer_people_may_not():
    small = format_of("coach 5", most=2)
    refused(FormatUnsuitable("Own", 2, 2, 3), lambda: change_format(proposed(), small, COACH, NOW))


# Replacing


def test_another_coach_takes_the_place_of_one_who_cannot_come():
    round_ = ask_instead(proposed(), COACH, FOURTH, CLIENT)
    assert user_in(round_, Role.COACH) == FOURTH
    assert round_.seat_of(COACH) is None
    assert seat(round_, FOURTH).agreement is Agreement.OPEN


def test_an_observer_who_becomes_coach_leaves_no_seat_behind():
    round_ = ask_instead(all_agree(proposed(people=4), but=FOURTH), COACH, OBSERVER, CLIENT)
    roles = {one.user_id: one.role for one in round_.seats}
    assert roles == {CLIENT: Role.CLIENT, OBSERVER: Role.COACH, FOURTH: Role.OBSERVER}
    # Having agreed to observe is no yes to coaching.
    assert seat(round_, OBSERVER).agreement is Agreement.OPEN


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (COACH, COACH, GroupFaulty("twice", (COACH,))),
        (COACH, CLIENT, CannotNow("seat taken")),
        (STRANGER, FOURTH, NotInRound("replace")),
        (COACH, OBSERVER, CannotNow("not for them")),
        (CLIENT, FOURTH, CannotNow("not for them")),
    ],
)
def test_nobody_is_asked_instead_who(old, new, why):
    """F2, F4: who only observes, or is kept apart from the other lead, is not named for a seat."""
    round_ = proposed()
    watching = seat(round_, OBSERVER)
    round_ = round_.with_seat(watching, replace(watching, observes_only=True))
    apart = {pair_of(COACH, FOURTH)}
    refused(why, lambda: ask_instead(round_, old, new, CLIENT, apart))


def test_in_a_round_that_runs_nobody_is_asked_instead():
    refused(CannotNow("has begun"), lambda: ask_instead(begun(), COACH, FOURTH, CLIENT))


# What the coach wants


def test_the_coach_names_what_to_watch_at_most_two():
    round_ = watch_for(proposed(), COACH, ["S1", "S4", "S5"], "")
    assert seat(round_, COACH).focus == ("S1", "S4")
    assert seat(watch_for(round_, COACH, [], ""), COACH).focus == ()


def test_the_coach_says_in_one_line_what_they_wish():
    round_ = watch_for(proposed(), COACH, [], "  more \n silence  ")
    assert seat(round_, COACH).wish == "more silence"
    assert seat(watch_for(round_, COACH, [], ""), COACH).wish == ""
    assert len(seat(watch_for(round_, COACH, [], "x" * 999), COACH).wish) == 200


@pytest.mark.parametrize("user_id", [CLIENT, OBSERVER])
def test_only_the_coach_has_a_focus_and_a_wish(user_id):
    refused(NotInRound("coach"), lambda: watch_for(proposed(), user_id, ["S1"], "x"))


def test_a_focus_comes_too_late_when_the_round_is_over():
    ended = stop(begun(), COACH, at(1))
    refused(NoRound(is_over=True), lambda: watch_for(ended, COACH, ["S1"], ""))


@pytest.mark.parametrize("people", range(2, 8))
def test_groups_of_every_size_begin_when_all_have_answered(people):
    round_ = all_agree(proposed(people=people))
    assert round_.state is State.RUNNING
    assert [one.user_id for one in round_.here] == list(PEOPLE[:people])
