"""An evening from the first who joins to the last card, and all that comes in between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.gatherings.grouping.groups import Wish
from bot.gatherings.model.gathering import Closing, Grouping, Places, Presence, Stage
from bot.gatherings.model.refusals import CannotGather, NotFacilitator
from bot.gatherings.service.ports import Call, Whisper
from bot.gatherings.service.steering import Steer
from bot.kit.person import Person
from bot.rounds.model.pairs import pair_of
from bot.rounds.model.refusals import AlreadyDone, Busy, CannotNow
from bot.rounds.model.round import Agreement, Role, State
from tests.people import GUILD, MANAGER

STRANGER = Person(999, GUILD)


async def test_a_whole_evening_of_seven(evening):
    gathering = await evening.started(7)
    assert gathering.stage is Stage.BOARDING
    assert [len(group.people) for group in gathering.draw.groups] == [3, 4]
    assert [room.number for room in gathering.rooms] == [1, 2]
    assert [state.state for state in evening.rounds_of(gathering)] == [State.PROPOSED] * 2
    # Each group has been brought to its room, and nobody's clock runs yet.
    assert sorted(evening.host.brought) == sorted(
        (number, group.people) for number, group in enumerate(gathering.draw.groups, 1)
    )
    await evening.all_agree(gathering)
    gathering = evening.now(gathering)
    assert gathering.stage is Stage.RUNNING
    first, second = evening.rounds_of(gathering)
    assert first.since == second.since
    assert first.has_begun
    # All segments change together; then everybody is called back, and is together again.
    await evening.forward(20 * 60)
    gathering = evening.now(gathering)
    assert gathering.stage is Stage.BETWEEN
    called = [call for call in evening.host.calls if call.call is Call.CALLED_BACK]
    assert [call.room for call in called] == [1, 2]
    assert evening.host.back == [1]
    # One tap, and the roles rotate in the same rooms.
    before = gathering.draw
    await evening.grouping.next_round(gathering.id, MANAGER, after=1)
    await evening.settled()
    gathering = evening.now(gathering)
    assert gathering.number == 2
    assert [set(g.people) for g in gathering.draw.groups] == [set(g.people) for g in before.groups]
    assert all(
        new.coach == old.client
        for new, old in zip(gathering.draw.groups, before.groups, strict=True)
    )
    assert evening.host.opened == [1, 2]
    await evening.boarded(gathering)
    await evening.forward(25 * 60)
    await evening.grouping.next_round(gathering.id, MANAGER, after=2)
    await evening.settled()
    await evening.boarded(gathering)
    await evening.forward(25 * 60)
    gathering = evening.now(gathering)
    assert (gathering.stage, gathering.number) == (Stage.BETWEEN, 3)
    _, plenary = evening.host.cards[-1]
    assert (plenary.rounds, plenary.people, plenary.coached) == (6, 7, 6)
    await evening.leading.close(gathering.id, MANAGER)
    await evening.settled()
    assert evening.gatherings.find(gathering.id) is None
    on_disk = await evening.gatherings.read(gathering.id)
    assert (on_disk.stage, on_disk.closing) == (Stage.ENDED, Closing.CLOSED)
    # The one who did not coach is owed a turn.
    entries = await evening.history.entries(evening.dojo)
    owed = [user_id for user_id, entry in entries.items() if entry.is_owed]
    assert len(owed) == 1
    assert entries[owed[0]].coached == 0
    # And has it first next time.
    again = await evening.started(7)
    assert owed[0] in [group.coach for group in again.draw.groups]


async def test_only_those_who_look_after_it_steer_an_evening(evening):
    gathering = await evening.gathered(6)
    for refused in (
        evening.grouping.form_groups(gathering.id, STRANGER),
        evening.leading.close(gathering.id, STRANGER),
        evening.leading.hand_over(gathering.id, STRANGER, 999),
        evening.panel.end_all(gathering.id, STRANGER),
        evening.leading.change_plan(gathering.id, STRANGER, rounds=2),
    ):
        with pytest.raises(NotFacilitator):
            await refused
    with pytest.raises(CannotGather, match="open already"):
        await evening.gathered(1)
    await evening.leading.hand_over(gathering.id, MANAGER, STRANGER.user_id)
    assert (await evening.grouping.form_groups(gathering.id, STRANGER)).draft is not None


async def test_a_person_who_opened_an_evening_and_lost_the_right_no_longer_looks_after_it(evening):
    """S14: the right is asked at each press; only who was handed it by name needs none."""
    gathering = await evening.gathered(6)
    before = replace(MANAGER, managed=frozenset())
    other = replace(MANAGER, user_id=2)
    assert gathering.facilitator_user_id == before.user_id
    for refused in (
        evening.grouping.form_groups(gathering.id, before),
        evening.leading.take_over(gathering.id, before),
        evening.leading.hand_over(gathering.id, before, 999),
    ):
        with pytest.raises(NotFacilitator):
            await refused
    # Taking over does not keep them.
    await evening.leading.take_over(gathering.id, other)
    assert not evening.gathering_access.facilitates(evening.now(gathering), before)
    # Elsewhere nobody has a right, not even by name.
    await evening.leading.hand_over(gathering.id, other, STRANGER.user_id)
    for guild_id in (GUILD + 1, None):
        elsewhere = replace(STRANGER, guild_id=guild_id)
        assert not evening.gathering_access.facilitates(evening.now(gathering), elsewhere)


async def test_facilitators_take_off_whom_an_evening_was_handed_to(evening):
    """S14: at once, and only they can."""
    gathering = await evening.gathered(6)
    helper = Person(998, GUILD)
    for who in (STRANGER, helper):
        await evening.leading.hand_over(gathering.id, MANAGER, who.user_id)
    with pytest.raises(NotFacilitator):
        await evening.leading.take_off(gathering.id, STRANGER, helper.user_id)
    # After a restart as well.
    await evening.restart()
    after = await evening.leading.take_off(gathering.id, MANAGER, helper.user_id)
    assert after.facilitator_user_id == MANAGER.user_id
    assert not evening.gathering_access.facilitates(after, helper)
    assert evening.gathering_access.facilitates(after, STRANGER)
    with pytest.raises(AlreadyDone):
        await evening.leading.take_off(gathering.id, MANAGER, helper.user_id)


async def test_nothing_moves_before_the_start_and_what_changed_is_shown_first(evening):
    gathering = await evening.gathered(6)
    await evening.grouping.form_groups(gathering.id, MANAGER)
    assert evening.host.opened == []
    await evening.joining.join(gathering.id, Person(107))
    assert evening.now(gathering).changes().came == (107,)
    with pytest.raises(CannotGather, match="changed"):
        await evening.grouping.start(gathering.id, MANAGER, after=0)
    assert not evening.now(gathering).changes()
    started = await evening.grouping.start(gathering.id, MANAGER, after=0)
    assert started.draw.group_of(107) is not None
    # Two facilitators at once: the second learns that it has begun.
    with pytest.raises(AlreadyDone):
        await evening.grouping.start(gathering.id, MANAGER, after=0)
    with pytest.raises(AlreadyDone):
        await evening.grouping.next_round(gathering.id, MANAGER, after=0)


async def test_a_full_gathering_has_a_line_and_seats_go_in_its_order(evening):
    gathering = await evening.gathered(3)
    await evening.leading.change_plan(gathering.id, MANAGER, seats=3)
    for number in (104, 105):
        joined = await evening.joining.join(gathering.id, Person(number))
    assert (joined.guest.presence, joined.line) == (Presence.WAITING, 2)
    await evening.joining.leave(gathering.id, Person(101))
    gathering = evening.now(gathering)
    assert [guest.user_id for guest in gathering.here] == [102, 103, 104]
    await evening.settled()
    assert evening.host.calls[-1].people == (104,)
    # The person who comes back is at the end of the line.
    joined = await evening.joining.join(gathering.id, Person(101))
    assert joined.line == 2


async def test_wishes_are_remembered_and_who_only_observes_never_leads(evening):
    gathering = await evening.gathered(5)
    await evening.joining.join(gathering.id, Person(101), wish=Wish.OBSERVE)
    drafted = await evening.grouping.form_groups(gathering.id, MANAGER)
    assert drafted.draft.draw.groups[0].role_of(101) is Role.OBSERVER
    await evening.leading.close(gathering.id, MANAGER)
    await evening.settled()
    again = await evening.gathered(0)
    joined = await evening.joining.join(again.id, Person(101))
    assert joined.guest.wish is Wish.OBSERVE


async def test_people_who_must_not_meet_are_never_in_one_group_and_nobody_is_told(evening):
    gathering = await evening.gathered(6)
    await evening.joining.keep_apart(evening.dojo.id, Person(101), [102, 103, 101])
    assert (await evening.joining.wishes_of(evening.dojo.id, 101)).apart == (102, 103)
    for _ in range(6):
        drafted = await evening.grouping.form_groups(gathering.id, MANAGER, again=True)
        together = next(g for g in drafted.draft.draw.groups if 101 in g.people)
        assert not {102, 103} & set(together.people)
    assert evening.host.whispers == []


async def test_a_list_that_cannot_be_kept_stops_nobody_and_its_owner_alone_is_asked(evening):
    """S17, H11: the others begin; the owner is asked before, and sits out without an answer."""
    gathering = await evening.gathered(3)
    await evening.joining.keep_apart(evening.dojo.id, Person(101), [102])
    drafted = await evening.grouping.form_groups(gathering.id, MANAGER)
    assert evening.host.whispers == [(Whisper.LIST_UNMET, 101)]
    assert await evening.grouping.is_list_unmet(drafted, 101)
    assert not await evening.grouping.is_list_unmet(drafted, 102)
    await evening.grouping.form_groups(gathering.id, MANAGER, again=True)
    assert len(evening.host.whispers) == 1, "once a round"

    started = await evening.grouping.start(gathering.id, MANAGER, after=0)
    await evening.settled()

    assert [set(group.people) for group in started.draw.groups] == [{102, 103}]
    assert evening.host.whispers[1:] == [(Whisper.SITS_OUT, 101)]
    assert {one.user_id for one in evening.rounds_of(started)[0].here} == {102, 103}
    # And in the next round they are asked again.
    await evening.forward(60)
    await evening.panel.end_all(gathering.id, MANAGER)
    await evening.forward(120)
    again = evening.gatherings.get(gathering.id)
    assert not again.rests(again.guest(101))
    following = await evening.grouping.next_round(gathering.id, MANAGER, after=1)
    assert following.is_in_rooms, "nobody has to look at groups because of a list"
    assert {one for group in following.draw.groups for one in group.people} == {102, 103}
    assert evening.host.whispers[2:] == [(Whisper.SITS_OUT, 101)]


@pytest.mark.parametrize("answer", ["shorten", "observe", "rest"])
async def test_what_the_owner_of_a_list_chooses_holds(evening, answer):
    """S17: together only after a yes; else they observe elsewhere, or sit out."""
    gathering = await evening.gathered(3)
    await evening.joining.keep_apart(evening.dojo.id, Person(101), [102])
    await evening.grouping.form_groups(gathering.id, MANAGER)
    if answer == "shorten":
        await evening.joining.keep_apart(evening.dojo.id, Person(101), [])
    elif answer == "observe":
        await evening.joining.observe_tonight(gathering.id, Person(101))
    else:
        await evening.joining.rest(gathering.id, Person(101))
    await evening.grouping.form_groups(gathering.id, MANAGER)
    started = await evening.grouping.start(gathering.id, MANAGER, after=0)

    placed = {one for group in started.draw.groups for one in group.people}
    assert placed == ({101, 102, 103} if answer == "shorten" else {102, 103})
    remembered = await evening.joining.wishes_of(evening.dojo.id, 101)
    assert remembered.wish is Wish.ANY, "only for tonight"


async def test_a_swap_says_nothing_of_lists_and_start_keeps_them(evening):
    """S17: the proposal is what the facilitator made of it, until the round begins."""
    gathering = await evening.gathered(6)
    await evening.joining.keep_apart(evening.dojo.id, Person(101), [102, 103])
    drafted = await evening.grouping.form_groups(gathering.id, MANAGER)
    mine = next(group for group in drafted.draft.draw.groups if 101 in group.people)
    stranger = next(one for one in mine.people if one != 101)
    swapped = await evening.grouping.swap(gathering.id, MANAGER, stranger, 102)
    assert any({101, 102} <= set(group.people) for group in swapped.draft.draw.groups)
    assert evening.host.whispers == [], "it can be kept without anybody giving anything up"

    started = await evening.grouping.start(gathering.id, MANAGER, after=0)

    assert not any({101, 102} <= set(group.people) for group in started.draw.groups)
    placed = sorted(one for group in started.draw.groups for one in group.people)
    assert placed == [101, 102, 103, 104, 105, 106]


async def test_two_people_of_whom_one_named_the_other_are_too_few(evening):
    """S17: as if one of them sat this round out by themselves."""
    gathering = await evening.gathered(2)
    await evening.joining.keep_apart(evening.dojo.id, Person(101), [102])
    await evening.grouping.form_groups(gathering.id, MANAGER)
    with pytest.raises(CannotGather, match="too few"):
        await evening.grouping.start(gathering.id, MANAGER, after=0)
    now = evening.gatherings.get(gathering.id)
    assert now.changes().rest == (101,)
    with pytest.raises(CannotGather, match="too few"):
        await evening.grouping.form_groups(gathering.id, MANAGER)


async def test_lists_of_more_than_three_names_are_cut_and_their_owner_is_told(evening):
    """H11: nobody can keep a whole evening from practising with ten names."""
    await evening.gathered(6)
    await evening.joining.keep_apart(evening.dojo.id, Person(101), [102, 103, 104, 105])
    wishes = await evening.joining.wishes_of(evening.dojo.id, 101)
    assert (wishes.apart, wishes.is_cut) == ((102, 103, 104), False)
    # As they were stored before there was a limit of three.
    for other in (105, 106):
        await evening.database.write(
            "INSERT INTO kept_apart VALUES (?, 101, ?)", evening.dojo.id, other
        )
    wishes = await evening.joining.wishes_of(evening.dojo.id, 101)
    assert (wishes.apart, wishes.is_cut) == ((102, 103, 104), True)
    gathering = evening.gatherings.all()[0]
    drafted = await evening.grouping.form_groups(gathering.id, MANAGER)
    mine = next(group for group in drafted.draft.draw.groups if 101 in group.people)
    assert set(mine.people) == {101, 105, 106}


async def test_one_who_comes_late_observes_in_the_smallest_group_and_is_in_the_next_draw(evening):
    gathering = await evening.practising(7)
    joined = await evening.joining.join(gathering.id, Person(108))
    assert joined.room.number == 1
    first = evening.rounds_of(gathering)[0]
    assert first.get_seat(108).role is Role.OBSERVER
    assert (1, (108,)) in evening.host.brought
    await evening.forward(30 * 60)
    await evening.grouping.next_round(gathering.id, MANAGER, after=1)
    assert evening.now(gathering).draw.group_of(108) == 0


async def test_a_no_show_leaves_an_empty_seat_that_is_taken_by_a_press(evening):
    """A4: nobody is put into it, and the round begins when coach and client are there."""
    gathering = await evening.started(7)
    groups = gathering.draw.groups
    coach, client, observer = groups[0].people
    await evening.rooms.missing(gathering.id, MANAGER, 1, coach)
    round_ = evening.rounds_of(gathering)[0]
    assert round_.open_roles == (Role.COACH,)
    assert not evening.now(gathering).takes_part(coach)
    with pytest.raises(AlreadyDone):
        await evening.rooms.missing(gathering.id, MANAGER, 1, coach)
    await evening.boarded(gathering)
    await evening.forward(100)
    assert [r.has_begun for r in evening.rounds_of(gathering)] == [False, True]
    # A pair is left, for which the format changes if it must.
    await evening.rounds.people.take_over(round_.id, Person(observer), Role.COACH)
    await evening.settled()
    assert all(round_.has_begun for round_ in evening.rounds_of(gathering))
    # The last one in a room is told where the smallest other one is, and nobody is moved.
    await evening.rooms.missing(gathering.id, MANAGER, 1, client)
    alone = [call for call in evening.host.calls if call.call is Call.MOVED_ON]
    assert alone[-1].people == (observer,)
    assert alone[-1].room == 2


async def test_a_coach_who_declines_at_a_gathering_leaves_an_empty_seat(evening):
    """F2: the person who observes stays an observer."""
    gathering = await evening.started(6)
    round_ = evening.rounds_of(gathering)[0]
    group = gathering.draw.groups[0]
    await evening.rounds.proposing.decline(round_.id, Person(group.coach))
    round_ = evening.rounds_of(gathering)[0]
    assert (round_.state, round_.open_roles) == (State.PROPOSED, (Role.COACH,))
    # The client as well: one is left, and is told where the smallest other room is.
    await evening.rounds.proposing.decline(round_.id, Person(group.client))
    await evening.settled()
    [invited] = [call for call in evening.host.calls if call.call is Call.MOVED_ON]
    assert (invited.room, invited.people) == (2, group.observers[:1])
    joined = await evening.joining.join(gathering.id, Person(group.observers[0]))
    assert joined.room.number == 2
    assert evening.rounds_of(gathering)[-1].get_seat(group.observers[0]).role is Role.OBSERVER


async def test_a_room_that_waits_begins_after_a_restart_as_soon_as_both_have_agreed(evening):
    """A5: nothing of the wait is lost."""
    gathering = await evening.started(6)
    waiting, other = evening.rounds_of(gathering)
    for seat in other.here:
        await evening.rounds.proposing.agree(other.id, Person(seat.user_id), Agreement.NOTES)
    await evening.rounds.proposing.agree(
        waiting.id, Person(waiting.client.user_id), Agreement.NOTES
    )
    await evening.forward(105)
    assert [r.has_begun for r in evening.rounds_of(gathering)] == [False, True]
    await evening.restart(away=30)
    coach = Person(waiting.coach.user_id)
    await evening.rounds.people.take_over(waiting.id, coach, Role.COACH, Agreement.NO_NOTES)
    await evening.settled()
    assert all(r.has_begun for r in evening.rounds_of(gathering))


async def test_a_wish_that_changes_in_the_middle_is_known_in_the_room(evening):
    """F2: who only observes is not named for a seat, from the moment they say so."""
    gathering = await evening.practising(4)
    watcher = evening.rounds_of(gathering)[0].observers[0].user_id
    for wish in (Wish.OBSERVE, Wish.ANY):
        await evening.joining.wish_for(gathering.id, Person(watcher), wish=wish)
        seat = evening.rounds_of(gathering)[0].get_seat(watcher)
        assert seat.observes_only is (wish is Wish.OBSERVE)


async def test_one_room_cannot_let_the_others_wait_for_ever(evening):
    gathering = await evening.practising(6)
    first, second = evening.rounds_of(gathering)
    person = Person(first.here[0].user_id)
    await evening.rounds.steering.extend(first.id, person, 6)
    await evening.forward(5)
    with pytest.raises(CannotNow, match="others wait"):
        await evening.rounds.steering.extend(first.id, person, 6)
    # A facilitator may; and what all rooms get nobody waits for.
    await evening.rounds.steering.extend(first.id, MANAGER, 6)
    await evening.forward(5)
    await evening.panel.steer_all(gathering.id, MANAGER, Steer.LONGER)
    assert evening.rounds_of(gathering)[1].length > second.length
    # Meanwhile the others wait for this room only, and are called back with it.
    await evening.forward(19 * 60)
    assert [r.has_begun for r in evening.rounds_of(gathering)] == [True]
    assert evening.now(gathering).stage is Stage.RUNNING
    await evening.forward(30 * 60)
    assert evening.now(gathering).stage is Stage.BETWEEN


async def test_a_deleted_room_is_made_again_for_the_next_round(evening):
    gathering = await evening.practising(6)
    await evening.rounds.rooms.room_deleted(gathering.rooms[0].channel_id)
    await evening.settled()
    assert [room.number for room in evening.now(gathering).rooms] == [2]
    lost = gathering.draw.groups[0].people
    joined = await evening.joining.join(gathering.id, Person(lost[0]))
    assert joined.room.number == 2
    await evening.forward(30 * 60)
    await evening.grouping.next_round(gathering.id, MANAGER, after=1)
    await evening.settled()
    assert evening.host.opened == [1, 2, 1]
    assert [room.number for room in evening.now(gathering).rooms] == [1, 2]
    assert {one for group in evening.now(gathering).draw.groups for one in group.people} == {
        guest.user_id for guest in gathering.here
    }


async def test_the_panel_steers_all_rooms_and_says_where_it_was_done_already(evening):
    gathering = await evening.practising(6)
    first, second = evening.rounds_of(gathering)
    await evening.rounds.steering.pause(second.id, Person(second.here[0].user_id))
    outcome = await evening.panel.steer_all(gathering.id, MANAGER, Steer.PAUSE)
    assert (outcome.done, outcome.already) == ((1,), (2,))
    assert all(r.state is State.PAUSED for r in evening.rounds_of(gathering))
    await evening.panel.steer_all(gathering.id, MANAGER, Steer.RESUME)
    outcome = await evening.panel.steer_all(gathering.id, MANAGER, Steer.LONGER)
    assert outcome.done == (1, 2)
    seen = {r.id: r.position for r in evening.rounds_of(gathering)}
    await evening.panel.steer_all(gathering.id, MANAGER, Steer.NEXT, seen=seen)
    outcome = await evening.panel.steer_all(gathering.id, MANAGER, Steer.NEXT, seen=seen)
    assert outcome.already == (1, 2)
    assert [r.position for r in evening.rounds_of(gathering)] == [p + 1 for p in seen.values()]
    # Other rooms have to wait until everybody is back; the rest of the plan has not.
    with pytest.raises(CannotGather, match="in rooms"):
        await evening.leading.change_plan(gathering.id, MANAGER, places=Places.VOICE, rounds=4)
    await evening.leading.change_plan(gathering.id, MANAGER, rounds=4)
    assert (evening.now(gathering).rounds, evening.now(gathering).places) == (4, Places.THREADS)
    evening.host.deaf = {2}
    outcome = await evening.panel.broadcast(gathering.id, MANAGER, "Five minutes more")
    assert (outcome.done, [number for number, _ in outcome.refused]) == ((1,), [2])
    await evening.rooms.ask_help(first.id, Person(first.here[0].user_id))
    assert evening.now(gathering).rooms[0].asked_at is not None
    with pytest.raises(AlreadyDone):
        await evening.rooms.ask_help(first.id, Person(first.here[1].user_id))
    await evening.panel.visit(gathering.id, MANAGER, 1)
    assert evening.now(gathering).rooms[0].asked_at is None
    await evening.panel.end_all(gathering.id, MANAGER)
    await evening.settled()
    assert evening.now(gathering).stage is Stage.RETURNING
    await evening.forward(61)
    assert evening.now(gathering).stage is Stage.BETWEEN


@pytest.mark.parametrize("role", [Role.COACH, Role.CLIENT])
@pytest.mark.parametrize("is_open", [False, True])
async def test_a_person_who_only_observes_on_the_way_to_the_room_does_not_lead_there(
    evening, role, is_open
):
    """F2: chosen after Start, before the room is there or after; the seat is open to all."""
    gathering = await evening.gathered(3)
    await evening.grouping.form_groups(gathering.id, MANAGER)
    evening.host.unreachable = 0 if is_open else 1
    started = await evening.grouping.start(gathering.id, MANAGER, after=0)
    await evening.settled()
    assert bool(evening.rounds_of(gathering)) is is_open
    who = started.draw.groups[0].people[(Role.COACH, Role.CLIENT).index(role)]
    await evening.joining.join(gathering.id, Person(who), wish=Wish.OBSERVE)
    await evening.forward(6)
    (round_,) = evening.rounds_of(gathering)
    assert (round_.open_roles, round_.get_seat(who).role) == ((role,), Role.OBSERVER)


async def test_a_person_who_only_observes_is_not_led_into_the_next_round_as_coach(
    evening, monkeypatch
):
    """F2: chosen in the moment in which someone presses Next round; the groups are shown then."""
    gathering = await evening.practising(3)
    await evening.panel.end_all(gathering.id, MANAGER)
    await evening.settled()
    await evening.forward(61)
    lists = evening.wishes.lists
    asked: list[int] = []

    async def meanwhile(dojo_id):
        if not asked:
            asked.append(gathering.draw.groups[0].client)
            person = Person(asked[0])
            await evening.joining.join(gathering.id, person, wish=Wish.OBSERVE)
        return await lists(dojo_id)

    monkeypatch.setattr(evening.wishes, "lists", meanwhile)
    shown = await evening.grouping.next_round(gathering.id, MANAGER, after=1)
    assert shown.stage is Stage.BETWEEN
    assert asked[0] in shown.draft.draw.groups[0].observers


async def test_an_evening_goes_on_after_a_restart_at_any_stage(evening):
    gathering = await evening.gathered(6)
    await evening.grouping.form_groups(gathering.id, MANAGER)
    await evening.restart()
    assert evening.now(gathering).draft is not None
    # Discord cannot be reached while rooms are opened, and the process ends on top of it.
    evening.host.unreachable = 1
    await evening.grouping.start(gathering.id, MANAGER, after=0)
    await evening.settled()
    await evening.restart(away=3)
    await evening.forward(10)
    rounds = evening.rounds_of(gathering)
    assert sorted(evening.host.opened) == [1, 2]
    assert len(rounds) == 2
    assert {round_.gathering_id for round_ in rounds} == {gathering.id}
    # Away over the beginning: the clocks start now, all at once, for those who have agreed.
    for round_ in rounds:
        for seat in (round_.coach, round_.client):
            await evening.rounds.proposing.agree(round_.id, Person(seat.user_id), Agreement.NOTES)
    await evening.restart(away=300)
    first, second = evening.rounds_of(gathering)
    assert first.since == second.since
    assert first.has_begun
    assert evening.now(gathering).stage is Stage.RUNNING
    # Away over the end: everybody is called back.
    await evening.restart(away=3600)
    await evening.forward(61)
    assert evening.now(gathering).stage is Stage.BETWEEN


async def test_people_of_a_group_without_a_room_are_told_where_they_may_observe(evening):
    evening.host.refused = {1}
    gathering = await evening.started(6)
    [told] = [call for call in evening.host.calls if call.call is Call.NO_ROOM]
    assert (told.room, told.people) == (2, gathering.draw.groups[0].people)
    joined = await evening.joining.join(gathering.id, Person(told.people[0]))
    assert joined.room.number == 2
    await evening.boarded(gathering)
    await evening.forward(61)
    assert evening.now(gathering).stage is Stage.RUNNING
    await evening.forward(30 * 60)
    evening.host.refused = set()
    await evening.grouping.next_round(gathering.id, MANAGER, after=1)
    await evening.settled()
    assert [room.number for room in evening.now(gathering).rooms] == [1, 2]


async def test_without_any_room_nothing_has_begun_and_the_groups_are_still_there(evening):
    evening.host.refused = {1, 2}
    gathering = await evening.started(6)
    assert (gathering.stage, gathering.number) == (Stage.OPEN, 0)
    assert gathering.draft is not None
    assert [call.call for call in evening.host.calls] == [Call.NO_ROOMS]
    assert evening.host.brought == []
    evening.host.refused = set()
    await evening.grouping.start(gathering.id, MANAGER, after=0)
    await evening.settled()
    assert len(evening.rounds_of(gathering)) == 2


async def test_nobody_is_taken_out_of_another_round_by_a_start(evening):
    gathering = await evening.gathered(6)
    await evening.grouping.form_groups(gathering.id, MANAGER)
    busy = evening.now(gathering).draft.draw.groups[0].coach
    await evening.begun(people=(Person(busy), Person(998), Person(997)))
    with pytest.raises(Busy):
        await evening.grouping.start(gathering.id, MANAGER, after=0)
    assert evening.now(gathering).stage is Stage.OPEN


async def test_fresh_groups_are_shown_before_they_start_and_nobody_meets_twice(evening):
    gathering = await evening.gathered(9)
    await evening.leading.change_plan(gathering.id, MANAGER, grouping=Grouping.FRESH)
    met: set[tuple[int, int]] = set()
    for number in range(3):
        if number:
            drafted = await evening.grouping.next_round(gathering.id, MANAGER, after=number)
            assert drafted.stage is Stage.BETWEEN
        else:
            drafted = await evening.grouping.form_groups(gathering.id, MANAGER)
        await evening.grouping.start(gathering.id, MANAGER, after=number)
        pairs = {
            pair_of(a, b)
            for g in drafted.draft.draw.groups
            for a in g.people
            for b in g.people
            if a < b
        }
        assert not pairs & met
        met |= pairs
        await evening.settled()
        await evening.boarded(gathering)
        await evening.forward(40 * 60)


async def test_someone_is_in_one_gathering_at_a_time_and_leaves_their_round_with_it(evening):
    gathering = await evening.practising(6)
    second = evening.rounds_of(gathering)[1]
    observer = second.observers[0].user_id
    await evening.joining.leave(gathering.id, Person(observer))
    assert not evening.rounds_of(gathering)[1].takes_part(observer)
    with pytest.raises(CannotGather, match="not in it"):
        await evening.joining.leave(gathering.id, Person(observer))


async def test_an_evening_that_nobody_goes_on_with_ends_by_itself(evening):
    gathering = await evening.practising(3)
    await evening.forward(60 * 60)
    assert evening.now(gathering).stage is Stage.BETWEEN
    await evening.forward(3 * 3600)
    on_disk = await evening.gatherings.read(gathering.id)
    assert on_disk.closing is Closing.IDLE
    opened = await evening.gathered(1)
    await evening.forward(12 * 3600)
    assert (await evening.gatherings.read(opened.id)).ended_at is not None


async def test_a_person_who_has_left_is_not_brought_back_by_an_old_card(evening):
    """S17: the choices on a private card are for those who are in the evening."""
    gathering = await evening.gathered(3)
    await evening.joining.leave(gathering.id, Person(103))
    for person in (Person(103), Person(999)):
        for choice in (evening.joining.observe_tonight, evening.joining.rest):
            with pytest.raises(CannotGather, match="not in it"):
                await choice(gathering.id, person)
    assert not evening.gatherings.get(gathering.id).takes_part(103)
