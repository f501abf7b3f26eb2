"""Taking **Next** back."""

from __future__ import annotations

import pytest

from bot.content.model.formats import SegmentKind
from bot.rounds.model.clock import advance, with_told
from bot.rounds.model.did import Did
from bot.rounds.model.moves import extend, go_back, go_next
from bot.rounds.model.people import leave
from bot.rounds.model.refusals import AlreadyDone, CannotNow
from bot.rounds.model.round import BACK_WITHIN, Ask, Role, State
from bot.rounds.model.seats import take_over
from tests.rounds.model.steps import (
    CLIENT,
    COACH,
    OBSERVER,
    RELAY,
    at,
    begun,
    later,
    mins,
    refused,
    restarted,
    seat,
    told,
)


def test_going_back_is_as_if_next_had_not_been_pressed():
    """C21: but for the moment in between."""
    round_ = told(extend(later(begun(), at(5)), COACH, 2), at(5))
    moved = told(go_next(round_, COACH, at(6)), at(6))
    assert moved.kind is SegmentKind.WRITE
    back = restarted(go_back(moved, CLIENT, 1, at(6.2)))
    assert (back.position, back.length, back.ran, back.since) == (1, mins(20), mins(4), at(6.2))
    assert (back.past, back.extensions, back.began_at) == ((mins(2),), 1, at(2))
    assert later(back, at(60)).past[1] == mins(21)
    assert seat(later(back, at(60)), COACH).coached == mins(21)


def test_going_back_is_for_the_last_next_and_for_twenty_seconds():
    """C21."""
    moved = go_next(later(begun(), at(5)), COACH, at(6))
    refused(AlreadyDone(Did.WENT_BACK), lambda: go_back(moved, CLIENT, 2, at(6.1)))
    refused(CannotNow("too late to go back"), lambda: go_back(moved, CLIENT, 0, at(6.1)))
    late, _ = advance(moved, at(6) + BACK_WITHIN)
    assert late.way_back is None
    refused(CannotNow("too late to go back"), lambda: go_back(late, CLIENT, 1, at(6.4)))


def test_going_back_without_the_coach_asks_for_one():
    """C21: they left meanwhile."""
    moved = leave(go_next(later(begun(people=4), at(5)), COACH, at(6)), COACH, at(6.1))
    back = go_back(moved, CLIENT, 1, at(6.2))
    assert (back.state, back.asked) == (State.PAUSED, Ask.COACH_GONE)


def test_a_next_that_empties_the_seat_of_the_coach_has_no_way_back():
    """C21: roles that have changed are not changed back by anybody."""
    round_ = later(begun(RELAY, 4), at(8.5), swaps=False)
    assert round_.kind is SegmentKind.SWAP
    taken = take_over(round_, OBSERVER, Role.COACH, at(8.6))
    assert go_next(taken, CLIENT, at(8.7)).way_back is not None
    with pytest.raises(CannotNow):
        go_next(round_, CLIENT, at(8.7))


def test_the_room_that_is_told_of_the_next_part_meanwhile_still_gets_its_card_later():
    """C21: going back while the card of the next part is under way."""
    moved, news = advance(go_next(later(begun(), at(5)), COACH, at(6)), at(6))
    back = go_back(moved, CLIENT, 1, at(6.1))
    assert news is not None
    known = with_told(back, news)
    assert known.told.position == 1
    assert [a.did for a in known.actions] == [Did.WENT_BACK]
    _, news = advance(go_next(told(known, at(6.1)), COACH, at(7)), at(7))
    assert news is not None
    assert news.is_card
