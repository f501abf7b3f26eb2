"""The order of a debrief, when it is released, and how long it is kept."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, reject
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.content.model.formats import SegmentKind, last_coaching
from bot.content.model.signals import Counterpart, Signal, SignalKind
from bot.feedback.model.debriefs import (
    Listed,
    awaited_observers,
    in_first_person,
    observers_of,
    opens_at,
    waits_for,
)
from bot.kit.refusals import DojoError
from bot.rounds.model.clock import with_told
from bot.rounds.model.moves import begin, go_next, go_to_feedback, pause, stop
from bot.rounds.model.people import forget, leave
from bot.rounds.model.refusals import FormatUnsuitable
from bot.rounds.model.round import Agreement, Ending, Role, Round, Seat
from tests.rounds.model.steps import (
    CLIENT,
    COACH,
    FIFTH,
    FOURTH,
    NOW,
    OBSERVER,
    RELAY,
    TRIAD,
    at,
    by_clock,
    later,
    proposed,
    seat,
    told,
)
from tests.rounds.model.walks import proposals


def observed(text: str = TRIAD, people: int = 4) -> Round:
    """A round that begins at NOW, in which everybody agreed to notes."""
    round_ = proposed(text, people)
    seats = tuple(replace(one, agreement=Agreement.NOTES) for one in round_.seats)
    return told(begin(replace(round_, seats=seats), NOW), NOW)


# The order


def wait_at(round_: Round, now: datetime, handed_in=(), *, coach=COACH, **known) -> str | None:
    """What has to come before the coach sees anything, whose own view is in."""
    return waits_for(round_, coach, handed_in, now, **{"has_reflected": True, **known})


@pytest.mark.parametrize(
    ("minute", "handed_in", "wait"),
    [
        (1, {2, 3}, "coaching"),
        (19, {2, 3}, "coaching"),
        (20.9, {2, 3}, "coaching"),
        (21, {2, 3}, "turn"),
        (22.5, {2, 3}, "turn"),
        (24.5, {2, 3}, "turn"),
        (26, {2, 3}, None),
        (26, {2}, "observers"),
        (26, set(), "observers"),
        (29.9, {3}, "observers"),
        (30, {3}, None),
        (30, set(), None),
        (60, set(), None),
    ],
)
def test_each_has_their_turn_before_the_coach_sees_anything(minute, handed_in, wait):
    """Coaching 2 to 21, write, self 22, client 24, observers 26, next 30."""
    round_ = later(observed(), at(minute))
    assert wait_at(round_, at(minute), handed_in) == wait
    without = wait_at(round_, at(minute), handed_in, has_reflected=False)
    assert without == (wait or "own view")


def test_without_a_part_for_observers_their_sheets_are_awaited_until_the_end():
    round_ = later(observed("coach 5, self 1, next 5"), at(10))
    assert wait_at(round_, at(10), {2}) == "observers"
    assert wait_at(round_, at(10), {2, 3}) is None
    over = later(round_, at(30))
    assert wait_at(over, at(30)) is None


def test_a_round_that_is_only_proposed_releases_nothing():
    assert wait_at(proposed(), NOW, {2}) == "coaching"


def test_a_person_who_leaves_is_no_longer_waited_for():
    round_ = later(observed(), at(26))
    left = leave(round_, FOURTH, at(26))
    assert wait_at(left, at(26), {2}) is None


def test_the_sheets_of_others_do_not_stand_in_for_those_that_are_awaited():
    round_ = later(observed(RELAY, 5), at(25))
    assert [one.user_id for _, one in awaited_observers(round_, COACH)] == [OBSERVER, FIFTH]
    assert wait_at(round_, at(25), {0, 1, 3}) == "observers"
    assert wait_at(round_, at(25), {2, 4}) is None
    # Each coach waits for their own.
    assert wait_at(round_, at(25), {0, 4}, coach=OBSERVER) is None


# Cut short: two minutes for those who had no time yet


def test_a_round_that_is_stopped_gives_observers_and_client_two_minutes():
    """S11: ending the coaching early does not show at once what the others noted."""
    stopped = stop(later(observed(), at(10)), COACH, at(10))
    for minutes, wait in ((10, "observers"), (11.99, "observers"), (12, None)):
        assert wait_at(stopped, at(minutes)) == wait
    assert wait_at(stopped, at(12), has_reflected=False) == "own view"
    assert opens_at(stopped, COACH) == at(12)


def test_it_opens_earlier_when_everybody_has_handed_in():
    """S11: all sheets and the client's answers, not one without the other."""
    stopped = stop(later(observed(), at(10)), COACH, at(10))
    assert wait_at(stopped, at(10), {2, 3}) == "observers"
    assert wait_at(stopped, at(10), {2}, client_has_answered=True) == "observers"
    assert wait_at(stopped, at(10), {2, 3}, client_has_answered=True) is None


def test_declaring_an_observer_gone_opens_nothing_earlier():
    """S11: neither in their part nor by ending the round then."""
    round_ = later(observed(people=3), at(26))
    gone = leave(round_, OBSERVER, at(26), said_by=COACH)
    assert not gone.takes_part(OBSERVER)
    assert wait_at(gone, at(26), client_has_answered=True) == "observers"
    assert opens_at(gone, COACH) == opens_at(round_, COACH)
    ended = stop(gone, COACH, at(26))
    assert wait_at(ended, at(27.9), client_has_answered=True) == "observers"
    assert wait_at(ended, at(28), client_has_answered=True) is None


def test_parts_that_are_skipped_by_hand_leave_two_minutes_as_well():
    """S11: **Next** through all parts opens nothing earlier than **End** does."""
    round_ = later(observed(), at(21))
    waits = []
    for _ in range(5):
        waits.append(wait_at(round_, at(21)))
        round_ = go_next(round_, CLIENT, at(21))
    assert waits == ["turn", "turn", "turn", "observers", "observers"]
    assert opens_at(round_, COACH) == at(23)
    assert wait_at(round_, at(22.9)) == "observers"
    assert wait_at(round_, at(23)) is None


def test_people_who_are_alone_or_gone_to_feedback_wait_as_well():
    """S11: also where a round ends because people left, or goes on to the feedback."""
    round_ = later(observed(people=3), at(10))
    alone = leave(leave(round_, CLIENT, at(10)), OBSERVER, at(10))
    assert alone.ending is Ending.ALONE
    # As long as the round can be taken up again.
    assert wait_at(alone, at(14.9)) == "observers"
    assert wait_at(alone, at(15)) is None
    asked = leave(round_, CLIENT, at(10))
    on = go_to_feedback(asked, COACH, at(10))
    assert wait_at(on, at(10)) == "turn"
    # Write 1, self 2, client 2, observers 4.
    assert wait_at(later(on, at(18.9)), at(18.9)) == "observers"
    assert wait_at(later(on, at(19)), at(19)) is None


def test_a_clock_that_stands_still_has_no_moment_at_which_it_opens():
    paused = pause(later(observed(), at(26.5)), CLIENT, at(26.5))
    assert opens_at(paused, COACH) is None
    assert wait_at(paused, at(50)) == "observers"
    assert wait_at(paused, at(50), {2, 3}) is None


def test_the_moment_at_which_it_opens_is_said_beforehand():
    assert opens_at(later(observed(), at(26)), COACH) == at(30)
    assert opens_at(later(observed(), at(21.5)), COACH) == at(30)
    assert opens_at(later(observed(), at(35)), COACH) == at(30)


# Who takes no notes


@pytest.mark.parametrize(
    "declined",
    [{OBSERVER}, {OBSERVER, FOURTH}, {CLIENT}, {COACH}, {COACH, CLIENT, OBSERVER, FOURTH}],
)
@pytest.mark.parametrize("minute", [10, 21, 23, 26, 29.9, 30])
@pytest.mark.parametrize("is_stopped", [False, True])
def test_a_person_who_declined_notes_is_waited_for_like_one_who_does_not_hand_in(
    declined, minute, is_stopped
):
    """S12: what the coach is told, and when, is the same in both cases."""
    without = observed()
    for one in declined:
        found = seat(without, one)
        without = without.with_seat(found, replace(found, agreement=Agreement.NO_NOTES))
    both = [later(one, at(minute)) for one in (observed(), without)]
    if is_stopped:
        both = [stop(one, COACH, at(minute)) if one.is_open else one for one in both]
    for seconds in range(0, 300, 10):
        now = at(minute + seconds / 60)
        stood = [one if is_stopped else later(one, now) for one in both]
        handed_in = {2, 3} - {n for n in (2, 3) if without.seats[n].user_id in declined}
        if not declined & {OBSERVER, FOURTH}:
            handed_in = set()
        assert wait_at(stood[0], now, handed_in) == wait_at(stood[1], now, handed_in)
        assert opens_at(stood[0], COACH) == opens_at(stood[1], COACH)


# Who is awaited


def test_awaited_are_the_observers_who_are_here_and_take_notes():
    round_ = later(observed(people=7), at(26))
    for user_id, change in (
        (OBSERVER, {"agreement": Agreement.NO_NOTES}),
        (FOURTH, {"agreement": Agreement.OPEN}),
        (FIFTH, {"is_here": False}),
    ):
        found = seat(round_, user_id)
        round_ = round_.with_seat(found, replace(found, **change))
    round_ = forget(round_, 16)
    assert [(n, one.user_id) for n, one in awaited_observers(round_, COACH)] == [(6, 17)]


def test_coach_and_client_are_never_awaited():
    assert awaited_observers(later(observed(people=2), at(26)), COACH) == []


# Nothing is released early, whatever the round


def time_observers_had(log: list[tuple[datetime, Round]]) -> bool:
    """By what was seen of a round: whether their part ran in full, or was left two minutes ago."""
    now, last = log[-1]
    after = [
        at
        for at, one in enumerate(last.format.segments)
        if one.kind is SegmentKind.OBSERVERS and at > last_coaching(last.format)
    ]
    part = after[-1] if after else None
    has_left = [
        moment
        for moment, one in log
        if not one.is_open or one.position > (last_coaching(one.format) if part is None else part)
    ]
    if not has_left:
        return False
    had = last.past[part] if part is not None and part < len(last.past) else timedelta(-1)
    is_full = part is not None and had >= last.format.segments[part].length
    return is_full or now - has_left[0] >= timedelta(minutes=2)


def time_client_had(log: list[tuple[datetime, Round]]) -> bool:
    """Whether the round went on past their part, or ended two minutes ago."""
    now, last = log[-1]
    mine = (SegmentKind.SELF, SegmentKind.CLIENT, SegmentKind.COACH)
    part = max(at for at, one in enumerate(last.format.segments) if one.kind in mine)
    if last.position > part:
        return True
    return last.ended_at is not None and now - last.ended_at >= timedelta(minutes=2)


def _answers_of(seat: Seat) -> list[Agreement]:
    """Nobody coaches or is the client without an answer; with notes is the usual one."""
    every = [Agreement.NOTES, *Agreement]
    return every if seat.role is Role.OBSERVER else [a for a in every if a is not Agreement.OPEN]


@examples(max_examples=60, deadline=None)
@given(proposals(), st.data())
def test_nothing_is_released_early_and_what_is_open_stays_so(round_, data):
    """S11: by the clock, by hand, or cut short: everybody had their part, two minutes, or is in."""
    seats = tuple(
        replace(one, agreement=data.draw(st.sampled_from(_answers_of(one)))) for one in round_.seats
    )
    try:
        round_, now = begin(replace(round_, seats=seats), NOW), NOW
    except FormatUnsuitable:
        reject()
    coach = round_.seats[0].user_id
    assert coach is not None
    handed_in: set[int] = set()
    has_answered = was_free = False
    log = [(now, round_)]
    for _ in range(5 * len(round_.format.segments)):
        how = data.draw(st.sampled_from(["later", "later", "next", "hand in", "answer", "stop"]))
        if how == "later":
            until = now + timedelta(seconds=data.draw(st.integers(1, 600)))
            for moment, moved, news in by_clock(round_, until, start=now):
                round_ = with_told(moved, news) if news else moved
                log.append((moment, round_))
            now = until
        elif how == "next" and round_.is_open:
            with contextlib.suppress(DojoError):
                round_ = go_next(round_, coach, now)
        elif how == "stop" and round_.is_open:
            round_ = stop(round_, coach, now)
        elif how == "hand in":
            handed_in |= data.draw(st.sets(st.integers(0, len(seats) - 1)))
        elif how == "answer":
            has_answered = True
        log.append((now, round_))
        is_free = (
            wait_at(round_, now, handed_in, coach=coach, client_has_answered=has_answered) is None
        )
        assert is_free or not was_free, "what is open stays so"
        was_free = is_free
        if not is_free:
            continue
        observers = {number for number, _ in observers_of(round_, coach)}
        notes = {number for number, _ in awaited_observers(round_, coach)}
        assert observers <= notes & handed_in or time_observers_had(log)
        assert has_answered or time_client_had(log)


def signal(name: str, own: str = "I told") -> Signal:
    """A signal with its words of the coach."""
    other = Counterpart("asked", "Asking", "The coach asks.", first_person=own and "I asked")
    about = ("S1", "told", name, SignalKind.EVENT, "short", "looks", "listen", other)
    return Signal(*about, first_person=own)


def test_a_list_is_in_the_first_person_where_the_signal_is_still_the_same():
    """15.1: a round keeps its names; one that is called otherwise now, or has no words, too."""
    listed = (Listed("S1", "Telling", "Asking"),)
    assert in_first_person(listed, [signal("Telling")]) == (Listed("S1", "I told", "I asked"),)
    for now in ([signal("Advising")], [signal("Telling", "")], []):
        assert in_first_person(listed, now) == listed
