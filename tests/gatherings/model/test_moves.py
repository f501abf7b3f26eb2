"""Gatherings as values: seats and the line, plans, who leads, and being forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.model.formats import Format, Segment, SegmentKind
from bot.gatherings.grouping.groups import Draw, Group, Wish
from bot.gatherings.model import moves
from bot.gatherings.model.gathering import (
    FIRST_BOARDING,
    IDLE,
    LONGEST_BOARDING,
    OPEN_LASTS,
    SHORTEST_BOARDING,
    Closing,
    Draft,
    Gathering,
    Grouping,
    Places,
    Presence,
    Room,
    Stage,
    boarding_for,
)
from bot.gatherings.model.refusals import CannotGather, GatheringDone
from bot.rounds.model.pairs import pair_of
from bot.rounds.model.refusals import AlreadyDone
from bot.rounds.model.round import RoomKind

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FORMAT = Format("six", "Six", "trying", 2, 5, (Segment(SegmentKind.COACH, 6 * MINUTE),))
LEAD = 50
DRAW = Draw(
    (Group((1, 2, 3)), Group((4, 5, 6))), 1, repeats=(pair_of(1, 2),), unmet=(4,), owed_first=(1,)
)


def gathering(people: int = 0, seats: int = 60) -> Gathering:
    """An open gathering that people 1, 2, 3 … have joined."""
    made = Gathering(9, 8, 7, 6, FORMAT, NOW, LEAD, seats=seats)
    for number in range(1, people + 1):
        made = join(made, number)
    return made


def join(of: Gathering, user_id: int, wish: Wish = Wish.ANY) -> Gathering:
    return moves.join(of, user_id, wish, frozenset(), NOW)


def started(people: int = 6) -> Gathering:
    return moves.start(gathering(people), DRAW, NOW, MINUTE, after=0)


def here(of: Gathering) -> list[int]:
    return [guest.user_id for guest in of.here]


def line(of: Gathering) -> list[int]:
    return [guest.user_id for guest in of.waiting]


@given(
    st.integers(2, 5),
    st.lists(st.tuples(st.booleans(), st.integers(1, 8)), max_size=40),
)
@settings(max_examples=60)
def test_seats_are_never_exceeded_and_go_in_the_order_of_the_line(seats, steps):
    of = gathering(seats=seats)
    order: list[int] = []
    for is_coming, user_id in steps:
        try:
            of = join(of, user_id) if is_coming else moves.leave(of, user_id)
        except (AlreadyDone, CannotGather):
            assert (user_id in order) is is_coming
            continue
        if is_coming:
            order.append(user_id)
        else:
            order.remove(user_id)
        # Who is in came before everybody who waits, and nobody is lost or there twice.
        assert sorted(here(of) + line(of)) == sorted(order)
        assert len(here(of)) == min(len(order), seats)
        assert line(of) == [one for one in order if one in line(of)]


def test_a_person_who_comes_back_is_at_the_end_of_the_line():
    of = gathering(4, seats=2)
    assert line(of) == [3, 4]
    of = moves.leave(of, 1)
    assert (here(of), line(of)) == ([2, 3], [4])
    of = join(of, 1)
    assert line(of) == [4, 1]


def test_more_seats_let_those_in_line_in_and_fewer_put_nobody_out():
    of = gathering(5, seats=3)
    more = moves.change_plan(of, **plan(of, seats=4))
    assert (here(more), line(more)) == ([1, 2, 3, 4], [5])
    fewer = moves.change_plan(of, **plan(of, seats=2))
    assert here(fewer) == [1, 2, 3]
    with pytest.raises(AlreadyDone):
        moves.change_plan(of, **plan(of))
    # Rounds that have begun cannot be planned away.
    assert moves.change_plan(started(), **plan(of, rounds=0)).rounds == 1


def test_groups_that_were_proposed_go_where_other_ones_are_planned():
    of = moves.propose(gathering(6), Draft(DRAW))
    assert moves.change_plan(of, **plan(of, minutes=75)).draft == Draft(DRAW)
    assert moves.change_plan(of, **plan(of, grouping=Grouping.FRESH)).draft is None


def test_groups_are_proposed_only_while_everybody_is_together():
    with pytest.raises(CannotGather) as refused:
        moves.propose(started(), Draft(DRAW))
    assert refused.value.why == "in rooms"
    with pytest.raises(CannotGather) as refused:
        moves.propose(moves.end(gathering(6), Closing.CLOSED, NOW), Draft(DRAW))
    assert refused.value.why == "over"


def plan(of: Gathering, **changes: Any) -> dict[str, Any]:
    held = {
        "format_": of.format,
        "rounds": of.rounds,
        "minutes": of.minutes,
        "places": of.places,
        "grouping": Grouping.STAY,
        "seats": of.seats,
    }
    return {**held, **changes}


def test_a_wish_can_be_changed_and_the_same_once_more_is_done_already():
    of = join(gathering(2), 1, Wish.COACH)
    assert of.guests[0].wish is Wish.COACH
    assert here(of) == [1, 2]
    with pytest.raises(AlreadyDone):
        join(of, 1, Wish.COACH)
    with pytest.raises(CannotGather, match="not in it"):
        moves.leave(of, 3)


def test_a_round_goes_through_its_stages_once_each():
    of = started()
    assert (of.stage, of.number, of.due_at) == (Stage.BOARDING, 1, NOW + MINUTE)
    with pytest.raises(AlreadyDone):
        moves.start(of, DRAW, NOW, MINUTE, after=0)
    with pytest.raises(CannotGather, match="in rooms"):
        moves.propose(of, None)
    of = moves.begun(of)
    assert (of.stage, of.due_at) == (Stage.RUNNING, None)
    of = moves.call_back(of, NOW)
    with pytest.raises(AlreadyDone):
        moves.call_back(of, NOW)
    of = moves.returned(of, NOW)
    assert of.stage is Stage.BETWEEN
    with pytest.raises(AlreadyDone):
        moves.returned(of, NOW)
    of = moves.end(of, Closing.CLOSED, NOW)
    assert (of.stage, of.closing) == (Stage.ENDED, Closing.CLOSED)
    for refused in (moves.check_open, lambda g: join(g, 1), lambda g: moves.leave(g, 1)):
        with pytest.raises(CannotGather, match="over"):
            refused(of)
    # What ends before its first round has been called off.
    assert moves.end(gathering(), Closing.CLOSED, NOW).closing is Closing.CALLED_OFF


def test_where_no_room_could_be_opened_all_is_as_before():
    of = moves.not_begun(started(), NOW)
    assert (of.stage, of.number, of.due_at) == (Stage.OPEN, 0, NOW + OPEN_LASTS)
    assert of.draft == Draft(DRAW)
    assert moves.not_begun(of, NOW) == of


@pytest.mark.parametrize("number", [0, 1])
def test_an_evening_whose_round_could_not_begin_is_not_over_by_that(number):
    # Opened in the morning, and begun in the evening.
    late = NOW + OPEN_LASTS
    of = moves.start(replace(gathering(6), number=number), DRAW, NOW, MINUTE, after=number)
    assert moves.not_begun(of, late).due_at == late + IDLE


def test_rooms_are_kept_from_round_to_round_without_what_belonged_to_the_last():
    room = Room(1, 70, RoomKind.VOICE, is_made=True, round_id=3, asked_at=NOW, asked_by=1)
    of = moves.opened(started(), room)
    assert of.room_of(2) == room
    assert of.room_of(5) is None
    assert of.room_with(3) == room
    of = moves.returned(moves.call_back(moves.begun(of), NOW), NOW)
    again = moves.start(of, DRAW, NOW, MINUTE, after=1)
    assert again.rooms == (replace(room, round_id=None, asked_at=None, asked_by=None),)
    assert moves.room_gone(again, 70).rooms == ()


def test_help_is_asked_for_once_and_is_over_when_someone_came():
    of = moves.opened(started(), Room(2, 71, RoomKind.PRIVATE_THREAD, round_id=4))
    of = moves.ask_help(of, 2, 5, NOW)
    with pytest.raises(AlreadyDone):
        moves.ask_help(of, 2, 6, NOW)
    assert moves.helped(of, 2).rooms[0].asked_at is None
    with pytest.raises(CannotGather, match="not in rooms"):
        moves.ask_help(of, 1, 1, NOW)


def test_the_lead_is_handed_over_and_stays_with_those_who_had_it():
    of = moves.hand_over(gathering(), 51)
    assert of.facilitators == (51, LEAD)
    of = moves.hand_over(of, LEAD)
    assert of.facilitators == (LEAD, 51)
    with pytest.raises(AlreadyDone):
        moves.hand_over(of, LEAD)


def test_nothing_names_someone_who_is_forgotten():
    of = moves.opened(started(), Room(1, 70, RoomKind.VOICE, round_id=3, asked_at=NOW, asked_by=1))
    of = moves.hand_over(of, 1)
    forgotten = moves.forget(of, 1)
    assert "1" not in {str(one) for one in here(forgotten)}
    assert forgotten.facilitators == (LEAD,)
    assert forgotten.draw is not None
    assert forgotten.draw.group_of(1) is None
    assert forgotten.draw.repeats == ()
    assert forgotten.draw.owed_first == ()
    assert forgotten.rooms[0].asked_by is None
    assert moves.forget(forgotten, 1) == forgotten
    # Proposed groups with a hole are no proposal; without one they stay.
    proposed = moves.propose(gathering(6), Draft(DRAW))
    assert moves.forget(proposed, 6).draft is None
    assert moves.forget(moves.hand_over(proposed, 60), 60).draft == Draft(DRAW)


def test_what_changed_since_groups_were_proposed():
    of = moves.propose(gathering(6), Draft(DRAW))
    assert not of.changes()
    of = moves.leave(join(of, 7), 2)
    changes = of.changes()
    assert (changes.came, changes.left) == ((7,), (2,))
    assert of.guest(2).presence is Presence.LEFT  # type: ignore[union-attr]


@pytest.mark.parametrize("people", [2, 30, 60, 300])
def test_boarding_is_longer_with_more_people_who_are_moved(people):
    """B4: and before the first round, for which the way and the agreement are new."""
    for number, shortest in ((1, FIRST_BOARDING), (2, SHORTEST_BOARDING), (3, SHORTEST_BOARDING)):
        threads = boarding_for(people, Places.THREADS, number)
        voice = boarding_for(people, Places.VOICE, number)
        assert threads == shortest
        assert threads < voice <= LONGEST_BOARDING
    assert timedelta(seconds=90) == FIRST_BOARDING


def test_a_facilitator_adds_minutes_or_starts_at_once():
    """B4: two who press at once add one minute, and ten are the most."""
    of = moves.start(gathering(6), DRAW, NOW, timedelta(seconds=90), after=0)
    seen = int((NOW + timedelta(seconds=90)).timestamp())
    longer = moves.more_time(of, seen, NOW)
    assert longer.due_at == NOW + timedelta(seconds=150)
    with pytest.raises(GatheringDone):
        moves.more_time(longer, seen, NOW)
    while longer.due_at is not None and longer.due_at < NOW + timedelta(minutes=9):
        longer = moves.more_time(longer, int(longer.due_at.timestamp()), NOW)
    assert longer.due_at is not None
    with pytest.raises(CannotGather):
        moves.more_time(longer, int(longer.due_at.timestamp()), NOW)
    started = moves.start_now(longer, number=1)
    # The others keep their time.
    assert (started.stage, started.due_at) == (Stage.RUNNING, longer.due_at)
    assert moves.all_came(started).due_at is None
    with pytest.raises(GatheringDone):
        moves.start_now(longer, number=2)
    with pytest.raises(GatheringDone):
        moves.start_now(moves.begun(of), number=1)


def test_of_an_erased_round_the_evening_keeps_nobody_together():
    """S4: groups, proposals and what was said of them."""
    drawn = replace(
        DRAW,
        repeats=(pair_of(1, 2), pair_of(4, 5)),
        again=(pair_of(2, 3),),
        unmet=(3, 6),
        owed_first=(1, 4),
    )
    rooms = tuple(Room(n, 900 + n, RoomKind.HERE, round_id=50 + n) for n in (1, 2))
    evening = replace(gathering(6), draw=drawn, draft=Draft(drawn), rooms=rooms, number=1)
    forgotten = moves.forget_group(evening, 51, {1, 2, 3})
    assert forgotten.draft is None
    draw = forgotten.draw
    assert draw is not None
    assert [group.people for group in draw.groups] == [(), (4, 5, 6)]
    assert (draw.seed, draw.again, draw.repeats) == (0, (), (pair_of(4, 5),))
    assert (draw.unmet, draw.owed_first) == ((6,), (4,))
    # Another round of the same people is someone else's to erase.
    other = replace(evening, draft=None)
    assert moves.forget_group(other, 60, {1, 2, 3}) is other
    # Once the rooms are gone, the group is known by its coach and client.
    closed = moves.forget_group(replace(evening, rooms=(), draft=None), 51, {1, 2, 3})
    assert closed.draw is not None
    assert closed.draw.groups[0].people == ()
