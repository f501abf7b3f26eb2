"""What is read of the rounds a dojo has practised, for its ledger and its next groups."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.gatherings.grouping.groups import Wish
from bot.gatherings.grouping.meetings import Meeting, decayed
from bot.gatherings.model.gathering import Guest
from bot.gatherings.model.ledger import Turn, ledger
from bot.gatherings.store.gatherings import GatheringStore
from bot.gatherings.store.history import HistoryStore
from bot.kit.database.moments import EPOCH
from bot.rounds.model.round import Agreement, Ending, Role, Seat, State
from bot.rounds.store.rounds import RoundStore
from tests.gatherings.store.samples import NEW
from tests.rounds.store.samples import (
    AT,
    CLIENT,
    COACH,
    DOJO,
    OBSERVED,
    OBSERVER,
    PROPOSED,
    RUNNING,
    SECOND,
    added,
    make_dojo,
)

ELSEWHERE = 3
MILLISECOND = timedelta(milliseconds=1)
EVENING = -(AT - EPOCH).days
COACHED, CLIENTED, WATCHED, LEFT = (
    Seat(COACH, Role.COACH, Agreement.NOTES, has_coached=True),
    Seat(CLIENT, Role.CLIENT, Agreement.NO_NOTES),
    Seat(OBSERVER, Role.OBSERVER, Agreement.NOTES),
    Seat(SECOND, Role.OBSERVER, is_here=False),
)
HELD = replace(OBSERVED, seats=(COACHED, CLIENTED, WATCHED))
"""Ended at AT, with a coach, a client and an observer."""


@pytest_asyncio.fixture
async def rounds(database) -> RoundStore:
    await make_dojo(database)
    await make_dojo(database, ELSEWHERE)
    return RoundStore(database)


@pytest.fixture
def history(database) -> HistoryStore:
    return HistoryStore(database)


async def test_a_round_gives_each_persons_turn_and_one_meeting(rounds, history):
    await added(rounds, HELD)
    assert await history.turns(DOJO) == [
        Turn(COACH, AT, EVENING, Role.COACH, has_coached=True, leads=3),
        Turn(CLIENT, AT, EVENING, Role.CLIENT, has_coached=False, leads=3),
        Turn(OBSERVER, AT, EVENING, Role.OBSERVER, has_coached=False, leads=3),
    ]
    assert await history.met(DOJO) == [
        Meeting(AT, EVENING, (COACH, CLIENT, OBSERVER), (COACH,), CLIENT)
    ]
    assert await history.turns(ELSEWHERE) == []
    assert await history.met(ELSEWHERE) == []


@pytest.mark.parametrize(
    "round_",
    [
        pytest.param(PROPOSED, id="only proposed"),
        pytest.param(replace(RUNNING, seats=HELD.seats), id="still running"),
        pytest.param(replace(HELD, began_at=None, ending=Ending.LAPSED), id="never begun"),
        pytest.param(
            replace(HELD, seats=(replace(COACHED, has_coached=False), CLIENTED)),
            id="ended before there was coaching",
        ),
        pytest.param(replace(HELD, ending=Ending.ERASED), id="erased by the client"),
        pytest.param(replace(HELD, ending=Ending.ERASED, seats=()), id="erased with its people"),
        pytest.param(replace(HELD, dojo_id=ELSEWHERE), id="of another dojo"),
    ],
)
async def test_such_a_round_is_nobodys_history(rounds, history, round_):
    await added(rounds, round_)
    assert await history.turns(DOJO) == []
    assert await history.met(DOJO) == []


@pytest.mark.parametrize("ending", [one for one in Ending if one is not Ending.ERASED])
async def test_however_a_round_ended_what_was_coached_counts(rounds, history, ending):
    await added(rounds, replace(HELD, ending=ending))
    assert len(await history.turns(DOJO)) == 3


async def test_a_person_who_never_came_did_not_take_part_and_who_left_early_did(rounds, history):
    gone = replace(COACHED, role=Role.OBSERVER, is_here=False)
    took_over = Seat(OBSERVER, Role.COACH, Agreement.NOTES, has_coached=True)
    await added(rounds, replace(HELD, seats=(gone, CLIENTED, took_over, LEFT)))
    found = {turn.user_id: turn for turn in await history.turns(DOJO)}
    assert list(found) == [COACH, CLIENT, OBSERVER]
    assert {(turn.leads, turn.coaches) for turn in found.values()} == {(3, 2)}
    assert found[COACH].has_coached
    (meeting,) = await history.met(DOJO)
    assert meeting.coached == ((COACH, CLIENT), (OBSERVER, CLIENT))

    had_agreed = replace(LEFT, agreement=Agreement.NO_NOTES)
    client_left = replace(CLIENTED, is_here=False, agreement=Agreement.NOTES)
    await added(rounds, replace(HELD, id=8, seats=(COACHED, client_left, had_agreed)))
    *_, meeting = await history.met(DOJO)
    assert (meeting.people, meeting.client) == ((COACH, CLIENT, SECOND), CLIENT)


@pytest.mark.parametrize("who", [COACH, CLIENT, OBSERVER])
async def test_without_a_yes_a_round_is_not_in_the_record_as_someones(rounds, history, who):
    """S9: also not from before the clock waited for it; the others keep their turns."""
    seats = [
        replace(seat, agreement=Agreement.OPEN) if seat.user_id == who else seat
        for seat in HELD.seats
    ]
    await added(rounds, replace(HELD, seats=tuple(seats)))
    found = {turn.user_id for turn in await history.turns(DOJO)}
    assert found == {COACH, CLIENT, OBSERVER} - {who}
    (meeting,) = await history.met(DOJO)
    assert who not in meeting.people


async def test_a_person_who_has_been_forgotten_is_not_named_and_counts_for_the_group(
    rounds, history
):
    nobody = replace(CLIENTED, user_id=None)
    await added(rounds, replace(HELD, seats=(COACHED, nobody, WATCHED)))
    assert [(turn.user_id, turn.leads) for turn in await history.turns(DOJO)] == [
        (COACH, 3),
        (OBSERVER, 3),
    ]
    assert await history.met(DOJO) == [Meeting(AT, EVENING, (COACH, OBSERVER), (COACH,), None)]
    everybody = tuple(replace(seat, user_id=None) for seat in HELD.seats)
    await added(rounds, replace(HELD, id=8, seats=everybody))
    assert len(await history.turns(DOJO)) == 2


async def test_only_rounds_since_then_are_read_and_the_oldest_comes_first(rounds, history):
    later = replace(HELD, id=4, ended_at=AT + timedelta(days=1))
    await added(rounds, later, HELD)
    assert [one.at for one in await history.met(DOJO, AT)] == [AT, later.ended_at]
    assert [one.at for one in await history.met(DOJO, AT + MILLISECOND)] == [later.ended_at]
    assert {one.at for one in await history.turns(DOJO, AT + MILLISECOND)} == {later.ended_at}
    assert await history.met(DOJO, AT + timedelta(days=2)) == []


async def test_rounds_of_one_day_are_one_evening(rounds, history):
    midnight = AT.replace(hour=0, minute=0, second=0, microsecond=0)
    ends = [midnight, midnight + timedelta(days=1) - MILLISECOND, midnight + timedelta(days=1)]
    await added(rounds, *(replace(HELD, id=n, ended_at=end) for n, end in enumerate(ends, 20)))
    evenings = [one.evening for one in await history.met(DOJO)]
    assert evenings == [EVENING, EVENING, EVENING - 1]
    entry = ledger(await history.turns(DOJO))[COACH]
    assert (entry.evenings, entry.rounds, entry.coached, entry.owed) == (2, 3, 3, -2)


async def test_a_ring_and_a_running_round_leave_the_past_as_it_is(rounds, history):
    ring = tuple(Seat(user_id, Role.OBSERVER, Agreement.NOTES) for user_id in range(1, 9))
    await added(
        rounds,
        replace(HELD, seats=(COACHED, CLIENTED, *ring)),
        replace(HELD, id=8, state=State.RUNNING, ending=None, ended_at=None, since=AT),
    )
    assert list(decayed(await history.met(DOJO), AT)) == [(COACH, CLIENT)]


# Of gatherings


async def test_the_rounds_of_a_gathering_are_one_evening_also_after_midnight(rounds, history):
    midnight = AT.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    ends = [midnight - MILLISECOND, midnight, midnight]
    gatherings = [NEW.id, NEW.id, NEW.id + 1]
    for number, (end, gathering_id) in enumerate(zip(ends, gatherings, strict=True), 20):
        await added(rounds, replace(HELD, id=number, ended_at=end, gathering_id=gathering_id))
    await added(rounds, HELD)
    evenings = [EVENING, *gatherings]
    assert [one.evening for one in await history.met(DOJO)] == evenings
    assert [one.evening for one in await history.turns(DOJO) if one.user_id == COACH] == evenings


async def test_a_person_who_wished_only_to_observe_has_no_share_in_the_turns(
    rounds, history, database
):
    wishes = {COACH: Wish.OBSERVE, CLIENT: Wish.ANY, OBSERVER: Wish.OBSERVE}
    guests = tuple(Guest(user_id, AT, wish) for user_id, wish in wishes.items())
    await GatheringStore(database).add(replace(NEW, guests=guests))
    await added(rounds, replace(HELD, gathering_id=NEW.id), replace(HELD, id=8))
    *at_it, alone, _, _ = await history.turns(DOJO)
    # The coach took a turn after all.
    assert [one.observes_only for one in at_it] == [False, False, True]
    assert [one.share for one in at_it] == [0.5, 0.5, 0]
    assert (alone.leads, alone.observes_only) == (3, False)
    assert [len(one.people) for one in await history.met(DOJO)] == [3, 3]
