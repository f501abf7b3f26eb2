"""What happens in an evening at the same moment, and what must not be left over."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.gatherings.model import moves
from bot.gatherings.model.gathering import Closing, Places, Presence, Room, Stage
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.ports import Call
from bot.gatherings.store.check_outs import CheckOutStore
from bot.kit.person import Person
from bot.kit.requests.errors import RoomUnreachable
from bot.rounds.model.refusals import AlreadyDone
from bot.rounds.model.round import Agreement, RoomKind, State
from tests.people import GUILD, MANAGER


async def test_a_group_whose_room_is_deleted_on_the_way_is_brought_into_the_next_one(evening):
    gathering = await evening.started(6)
    await evening.rounds.rooms.room_deleted(gathering.rooms[0].channel_id)
    await evening.settled()
    assert evening.host.opened == [1, 2, 1]
    assert evening.host.brought.count((1, gathering.draw.groups[0].people)) == 2


async def test_a_person_who_leaves_while_rooms_are_opened_has_no_seat_there(evening, monkeypatch):
    gathering = await evening.gathered(7)
    gathering = await evening.grouping.form_groups(gathering.id, MANAGER)
    coach, client, *_ = gathering.draft.draw.groups[1].people
    open_room, propose = evening.host.open_room, evening.rounds.proposing.propose

    async def opened(of, number, *, taken):
        if number == 2:
            await evening.joining.leave(gathering.id, Person(coach))
        return await open_room(of, number, taken=taken)

    async def proposed(*about, **more):
        round_ = await propose(*about, **more)
        if round_.takes_part(client):
            # On disk already, and not noted at its room yet.
            await evening.joining.leave(gathering.id, Person(client))
        return round_

    monkeypatch.setattr(evening.host, "open_room", opened)
    monkeypatch.setattr(evening.rounds.proposing, "propose", proposed)
    await evening.grouping.start(gathering.id, MANAGER, after=0)
    await evening.settled()
    second = evening.rounds_of(gathering)[1]
    assert {seat.user_id for seat in second.here} == set(gathering.draft.draw.groups[1].people[2:])


async def test_a_person_who_comes_late_is_let_in_only_where_they_may_be(evening):
    gathering = await evening.practising(7)
    first, second = gathering.draw.groups
    apart = evening.joining.keep_apart
    await apart(evening.dojo.id, Person(first.coach), [108])
    joined = await evening.joining.join(gathering.id, Person(108))
    assert joined.room.number == 2
    await apart(evening.dojo.id, Person(109), [first.client, second.client])
    joined = await evening.joining.join(gathering.id, Person(109))
    assert (joined.guest.presence, joined.room) == (Presence.IN, None)


async def test_a_room_that_does_not_take_one_takes_nobody_after_them(evening):
    """S17: a person who finds no room cannot tell by the next one that a list is the reason."""
    gathering = await evening.practising(3)
    (group,) = gathering.draw.groups
    await evening.joining.keep_apart(evening.dojo.id, Person(group.coach), [108])
    for late in (108, 109, 108):
        joined = await evening.joining.join(gathering.id, Person(late))
        assert joined.room is None
    # A person who has left keeps nobody out.
    await evening.joining.leave(gathering.id, Person(108))
    assert (await evening.joining.join(gathering.id, Person(109))).room is not None


async def test_nobody_is_invited_to_those_they_must_not_meet(evening):
    gathering = await evening.started(6)
    group, other = gathering.draw.groups
    await evening.joining.keep_apart(evening.dojo.id, Person(other.coach), [group.observers[0]])
    round_ = evening.rounds_of(gathering)[0]
    for one in (group.coach, group.client):
        await evening.rounds.proposing.decline(round_.id, Person(one))
    await evening.settled()
    assert not [call for call in evening.host.calls if call.call is Call.MOVED_ON]


async def test_someone_left_alone_is_invited_once(evening):
    gathering = await evening.practising(6)
    group = gathering.draw.groups[0]
    round_ = evening.rounds_of(gathering)[0]
    gate = evening.announcer.gate = asyncio.Event()
    await evening.rounds.people.leave(round_.id, Person(group.observers[0]))
    await evening.settled()
    # While the room is being told of the first, the second leaves.
    await evening.rounds.people.leave(round_.id, Person(group.coach))
    await evening.settled()
    evening.announcer.gate = None
    gate.set()
    await evening.settled()
    [invited] = [call for call in evening.host.calls if call.call is Call.MOVED_ON]
    assert invited.people == (group.client,)


async def test_a_card_that_cannot_be_shown_keeps_nobody_from_practising(evening, monkeypatch):
    gathering = await evening.gathered(6)
    await evening.grouping.form_groups(gathering.id, MANAGER)
    await evening.settled()

    async def show_card(of, plenary):
        raise ValueError("a card that Discord does not take")

    monkeypatch.setattr(evening.host, "show_card", show_card)
    await evening.grouping.start(gathering.id, MANAGER, after=0)
    await evening.forward(200)
    assert evening.now(gathering).stage is Stage.RUNNING


async def test_a_room_that_cannot_be_reached_does_not_keep_the_others(evening, monkeypatch):
    open_room = evening.host.open_room

    async def opened(of, number, *, taken):
        if number == 1:
            raise RoomUnreachable
        return await open_room(of, number, taken=taken)

    monkeypatch.setattr(evening.host, "open_room", opened)
    gathering = await evening.started(6)
    assert not [call for call in evening.host.calls if call.call is Call.NO_ROOM]
    # Later nobody would be brought any more.
    assert evening.host.brought == [(2, gathering.draw.groups[1].people)]
    await evening.all_agree(gathering)
    await evening.forward(200)
    gathering = evening.now(gathering)
    assert gathering.stage is Stage.RUNNING
    assert [round_.has_begun for round_ in evening.rounds_of(gathering)] == [True]
    [told] = [call for call in evening.host.calls if call.call is Call.NO_ROOM]
    assert (told.room, told.people) == (2, gathering.draw.groups[0].people)


async def test_no_round_is_left_behind_when_everybody_is_back(evening):
    gathering = await evening.started(6)
    first = evening.rounds_of(gathering)[0]
    # Begun in one room, still proposed in the other, when the process ends during the call back.
    for seat in (first.coach, first.client):
        await evening.rounds.proposing.agree(first.id, Person(seat.user_id), Agreement.NOTES)
    await evening.rounds.proposing.begin(first.id, MANAGER)
    await evening.gatherings.move(gathering.id, moves.call_back, quietly=True)
    await evening.restart(away=120)
    assert evening.now(gathering).stage is Stage.BETWEEN
    assert not [round_ for round_ in evening.rounds_of(gathering) if round_.is_open]


async def test_what_happens_while_people_are_brought_back_is_not_lost(evening, monkeypatch):
    gathering = await evening.practising(6)
    first = evening.rounds_of(gathering)[0]
    await evening.rooms.ask_help(first.id, Person(first.here[0].user_id))

    async def bring_back(of):
        await evening.panel.visit(gathering.id, MANAGER, 1)

    monkeypatch.setattr(evening.host, "bring_back", bring_back)
    await evening.panel.end_all(gathering.id, MANAGER)
    await evening.forward(61)
    gathering = evening.now(gathering)
    assert gathering.stage is Stage.BETWEEN
    assert gathering.rooms[0].asked_at is None


async def test_rooms_of_a_round_that_begins_while_others_are_put_away_stay(evening, monkeypatch):
    gathering = await evening.practising(6)
    await evening.forward(30 * 60)

    async def put_away(of):
        await evening.grouping.next_round(gathering.id, MANAGER, after=1)
        await evening.settled()
        return of.rooms

    monkeypatch.setattr(evening.host, "put_away", put_away)
    await evening.leading.change_plan(gathering.id, MANAGER, places=Places.VOICE)
    await evening.settled()
    assert evening.now(gathering).stage is Stage.BOARDING
    assert [round_.state for round_ in evening.rounds_of(gathering)] == [State.PROPOSED] * 2


async def test_rooms_that_are_not_needed_any_more_wait_for_nobody_and_hear_nothing(evening):
    gathering = await evening.practising(6)
    await evening.forward(30 * 60)
    for one in gathering.draw.groups[1].people:
        await evening.joining.leave(gathering.id, Person(one))
    await evening.grouping.next_round(gathering.id, MANAGER, after=1)
    await evening.settled()
    await evening.boarded(gathering)
    await evening.forward(156)
    [round_] = [one for one in evening.rounds_of(gathering) if one.is_open]
    await evening.rounds.steering.extend(round_.id, Person(round_.here[0].user_id), 6)
    evening.host.calls.clear()
    await evening.forward(30 * 60)
    assert [call.room for call in evening.host.calls if call.call is Call.CALLED_BACK] == [1]


async def test_an_evening_without_its_channel_is_cleared_up_like_any_other(evening, monkeypatch):
    gathering = await evening.practising(6)
    await evening.joining.check_out(gathering.id, Person(101), 8, "calm")
    await evening.settled()
    cards, put = len(evening.host.cards), []

    async def put_away(of):
        put.append(of.closing)
        return ()

    monkeypatch.setattr(evening.host, "put_away", put_away)
    await evening.leading.dojo_deleted(evening.dojo.id)
    await evening.settled()
    assert put == [Closing.CHANNEL_GONE]
    assert evening.gatherings.find(gathering.id) is None
    # Nobody is told where nobody reads it, and nothing says any more who checked out how.
    assert len(evening.host.cards) == cards
    assert await CheckOutStore(evening.database).export_person(evening.database, 101) == []


async def test_an_evening_that_ends_meanwhile_keeps_nobody_from_being_forgotten(
    evening, monkeypatch
):
    gathering = await evening.gathered(2)
    await evening.leading.close(gathering.id, MANAGER)
    await evening.settled()
    gone = await evening.gatherings.read(gathering.id)
    other = await evening.gathered(2)
    monkeypatch.setattr(evening.gatherings, "all", lambda: [gone, other])
    await evening.gatherings.forget_person(101)
    assert [guest.user_id for guest in evening.now(other).guests] == [102]
    await evening.leading.guild_left(GUILD)


async def test_a_round_that_is_started_at_the_last_moment_goes_on(evening, monkeypatch):
    gathering = await evening.practising(6)
    await evening.forward(30 * 60)
    move = evening.gatherings.move

    async def slow(gathering_id, change, **how):
        monkeypatch.setattr(evening.gatherings, "move", move)
        await evening.grouping.next_round(gathering_id, MANAGER, after=1)
        return await move(gathering_id, change, **how)

    monkeypatch.setattr(evening.gatherings, "move", slow)
    left = evening.now(gathering).due_at - evening.gatherings.now()
    await evening.forward(left.total_seconds() + 1)
    assert evening.now(gathering).stage is Stage.BOARDING


async def test_the_log_does_not_say_who_is_elsewhere(evening, caplog):
    caplog.set_level("INFO")
    gathering = await evening.practising(6)
    late = 987_654_321
    await evening.begun(people=(Person(late), Person(998), Person(997)))
    joined = await evening.joining.join(gathering.id, Person(late))
    assert joined.room is None
    assert str(late) not in caplog.text


async def test_a_late_second_start_does_not_take_the_groups_away(evening, monkeypatch):
    gathering = await evening.started(6)
    move = evening.gatherings.move

    async def undone_first(gathering_id, change, **how):
        monkeypatch.setattr(evening.gatherings, "move", move)
        # In the moment of the second click it turns out that no room can be opened.
        await move(gathering_id, moves.not_begun, quietly=True)
        return await move(gathering_id, change, **how)

    for again in (evening.grouping.start, evening.grouping.next_round):
        monkeypatch.setattr(evening.gatherings, "move", undone_first)
        with pytest.raises(AlreadyDone):
            await again(gathering.id, MANAGER, after=0)
        monkeypatch.setattr(evening.gatherings, "move", move)
    assert len(evening.now(gathering).draw.groups) == 2


async def test_groups_do_not_begin_without_who_comes_in_that_very_moment(evening, monkeypatch):
    gathering = await evening.gathered(7)
    await evening.grouping.form_groups(gathering.id, MANAGER)
    move = evening.gatherings.move

    async def joined_first(gathering_id, change, **how):
        monkeypatch.setattr(evening.gatherings, "move", move)
        await evening.joining.join(gathering_id, Person(108))
        return await move(gathering_id, change, **how)

    monkeypatch.setattr(evening.gatherings, "move", joined_first)
    with pytest.raises(CannotGather) as refused:
        await evening.grouping.start(gathering.id, MANAGER, after=0)
    assert refused.value.why == "changed"
    now = evening.now(gathering)
    assert now.stage is Stage.OPEN
    # The person who starts is shown the groups with them.
    assert now.draft.draw.group_of(108) is not None


async def test_who_comes_back_when_their_round_is_over_is_let_into_another_room(evening):
    gathering = await evening.practising(6)
    first, _ = evening.rounds_of(gathering)
    gate = evening.announcer.gate = asyncio.Event()
    # Its room does not know yet that the round is over.
    await evening.rounds.steering.stop(first.id, MANAGER)
    assert first.id in {round_.id for round_ in evening.rounds_of(gathering)}
    room = await evening.rooms.let_in(gathering.id, Person(first.here[0].user_id))
    assert room.number == 2
    gate.set()


async def test_who_leaves_in_the_moment_they_are_missed_is_out_of_the_room(evening, monkeypatch):
    gathering = await evening.practising(6)
    first, _ = evening.rounds_of(gathering)
    who, move = first.here[2].user_id, evening.gatherings.move

    async def left_first(gathering_id, change, **how):
        monkeypatch.setattr(evening.gatherings, "move", move)
        await evening.joining.leave(gathering_id, Person(who))
        return await move(gathering_id, change, **how)

    monkeypatch.setattr(evening.gatherings, "move", left_first)
    gathering = await evening.rooms.missing(gathering.id, MANAGER, 1, who)
    assert gathering.guest(who).presence is Presence.LEFT
    assert not evening.rounds.live.get(first.id).takes_part(who)


async def test_who_has_left_the_round_cannot_be_missed_in_it(evening):
    gathering = await evening.practising(6)
    first, _ = evening.rounds_of(gathering)
    who = first.here[2].user_id
    await evening.rounds.people.leave(first.id, Person(who))
    with pytest.raises(AlreadyDone) as refused:
        await evening.rooms.missing(gathering.id, MANAGER, 1, who)
    assert refused.value.did == "left"


VOICE_ROOM = Room(1, 7001, RoomKind.VOICE, is_made=True)


async def test_a_voice_room_with_people_in_it_is_looked_at_each_minute_for_a_day(
    evening, monkeypatch
):
    gathering = await evening.gathered(2)
    looks = []

    async def put_away(of):
        looks.append(evening.gatherings.now())
        return (VOICE_ROOM,)

    monkeypatch.setattr(evening.host, "put_away", put_away)
    await evening.leading.close(gathering.id, MANAGER)
    await evening.settled()
    await evening.forward(5 * 60)
    minute = timedelta(minutes=1)
    assert [later - look for look, later in pairwise(looks)] == [minute] * 5
    evening.clock.forward(hours=23, minutes=53)
    await evening.forward(60)
    assert evening.gatherings.find(gathering.id) is not None
    await evening.forward(60)
    assert evening.gatherings.find(gathering.id) is None


@pytest.mark.parametrize("agree", [True, False])
async def test_an_evening_that_is_over_is_not_held(evening, agree):
    """A program that runs for months keeps nothing of it, nor of rounds that never began."""
    gathering = await evening.started(6)
    if agree:
        await evening.boarded(gathering)
    await evening.forward(200)
    assert [one.has_begun for one in evening.rounds_of(gathering)] == [agree, agree]
    await evening.panel.end_all(gathering.id, MANAGER)
    await evening.forward(61)
    await evening.leading.close(gathering.id, MANAGER)
    await evening.settled()
    await evening.forward(60)
    assert evening.gatherings.find(gathering.id) is None
    holders = (
        evening.gatherings,
        evening.conductor,
        evening.conductor._boarding,
        evening.conductor._seats,
    )
    held = {
        f"{type(holder).__name__}.{name}": value
        for holder in holders
        for name, value in vars(holder).items()
        if isinstance(value, set | dict | list) and value and "watchers" not in name
    }
    # Those go when the next round ends, of any evening.
    held.pop("Conductor._ended_rounds", None)
    assert held == {}
    assert len(evening.gatherings._deadlines) == 0


async def test_an_evening_that_cannot_be_written_leaves_no_deadline(evening, monkeypatch):
    async def full(_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(evening.gatherings._store, "add", full)
    with pytest.raises(sqlite3.OperationalError):
        await evening.gathered(0)
    assert evening.gatherings.all() == []
    assert len(evening.gatherings._deadlines) == 0
