"""People come late to an evening, leave it, come back; and which edge is tested where.

| Case | Tests |
|---|---|
| Late joiner, odd numbers | `test_late_joiner_…`, `test_odd_numbers_…` here |
| Room down to one person | `test_room_down_to_one_person_…` here |
| Someone returns within the round | `test_someone_returns_…` here |
| Coach, client, observer leaves | `test_coach_leaves_…`, `test_client_…`, `test_observer_…` here |
| A no-show | `test_a_no_show_…` here |
| Double click, two devices | `test_double_click_…` in `_clicks` |
| A second `/dojo open` | `test_a_second_dojo_open_…` in `_clicks` |
| Preview while people join and leave | `test_preview_while_…` in `_clicks` |
| Full, with a waiting list | `test_a_full_gathering_…` in `_clicks` |
| More than 15 rooms or 40 people | `test_more_than_…` in `_clicks` |
| Bot restart under 15 s | `test_bot_restart_under_15_s_…` in `_restart` |
| Restart over one boundary | `test_restart_over_one_boundary_…` in `_restart` |
| Restart longer than the session | `test_restart_longer_than_the_session_…` in `_restart` |
| Discord outage, 5xx | `test_discord_outage_…` in `_outage` |
| Missing permissions | `test_missing_permissions_…` in `_discord` |
| DMs closed | `test_dms_closed_…` in `_discord` |
| Room or dojo channel deleted | `test_room_deleted_…`, `test_dojo_…` in `_discord` |
| Card deleted by a moderator | `test_card_deleted_by_a_moderator_…` in `_discord` |
| Bot removed from guild | `test_bot_removed_from_guild_…` in `_discord` |
| Two dojos in one guild | `test_two_dojos_in_one_guild_…` in `_places` |
| Same user in two dojos | `test_same_user_in_two_dojos_…` in `_places` |
| Facilitator leaves | `test_facilitator_leaves_…` in `_places` |
| Member leaves the guild | `test_member_leaves_the_guild_…` in `_places` |
| Stage channel | `test_stage_channel_…` in `_places` |
| Never together | `test_never_together_…` in `_privacy` |
| `/my export`, `/my forget` | `test_my_export_…`, `test_my_forget_…` in `_privacy` |
| Another language | `test_another_language_…` in `_privacy` |
| Broadcast | `test_a_broadcast_…` in `_privacy` |
| Check-out, plenary | `test_check_out_…`, `test_plenary_…` in `_privacy` |
"""

from __future__ import annotations

import pytest

from bot.gatherings.model.gathering import Stage
from bot.rounds.model.round import Role, State
from tests.gatherings.ui.steps import board_all, members, opened, room, room_card
from tests.gatherings.ui.trouble import (
    agree,
    boarding,
    client_in,
    coach_in,
    end_all,
    everybody,
    gathered,
    leave,
    missing,
    next_round,
    round_in,
    running,
    seated,
    sizes,
)
from tests.rounds.ui.steps import posts, private
from tests.rounds.ui.trouble import pinged
from tests.simulation.world import labels, text, told

pytestmark = pytest.mark.usefixtures("panels_at_once")

# Late joiner


async def test_late_joiner_observes_now_and_is_in_the_draw_of_the_next_round(world, server):
    evening, people = await boarding(world, server, 7)
    late = [server.member(f"late-{number}") for number in range(4)]
    # On the way to the rooms, then while the clocks run: always in the smallest room.
    (shown,) = await evening.join(late[0])
    assert sizes(evening) == [4, 4]
    assert f"your room is {room(evening, 1).mention}" in text(shown)
    await board_all(evening, [*people, late[0]])
    coach = coach_in(evening, 1)
    said = len(posts(room(evening, 1)))
    await evening.join(late[1], late[2])
    assert sizes(evening) == [5, 5]
    for number, one in ((1, late[0]), (1, late[1]), (2, late[2])):
        assert round_in(evening, number).get_seat(one.id).role is Role.OBSERVER
    # Nobody is interrupted: no word in the room, and the coach stays who they are.
    new = posts(room(evening, 1))[said:]
    assert not any(coach.user_id in pinged(world, message) for message in new)
    assert coach_in(evening, 1) == coach
    # Every room is full by then.
    (shown,) = await evening.join(late[3])
    assert "no room takes another observer now. You are in the draw for the next one" in text(shown)
    await end_all(evening, back=False)
    assert evening.now.stage is Stage.RETURNING
    last = server.member("last")
    (shown,) = await evening.join(last)
    assert "You are in the draw for the next round." in text(shown)
    await world.later(61)
    await next_round(evening)
    assert everybody(evening) == {one.id for one in [*people, *late, last]}


# Odd numbers


async def test_odd_numbers_one_waits_two_are_a_pair_and_nobody_is_ever_left_alone(world, server):
    evening = await opened(world, server, format="quick-10", rounds=1)
    people = members(server, 14)
    await evening.join(people[0])
    refused = await evening.press(evening.lead, "Form groups")
    assert "It takes at least two people for groups." in told(refused)
    assert evening.now.takes_part(people[0].id)
    rule = {
        2: [2],
        3: [3],
        4: [4],
        5: [5],
        6: [3, 3],
        7: [3, 4],
        8: [4, 4],
        10: [3, 3, 4],
        11: [3, 4, 4],
        14: [3, 3, 4, 4],
    }
    shown = None
    for count, wanted in rule.items():
        await evening.join(*people[len(evening.now.here) : count])
        shown = await evening.preview()
        shown = (await evening.press(evening.lead, "Reshuffle", shown)).response
        assert sorted(len(group.people) for group in evening.proposed) == wanted


async def test_odd_numbers_two_people_practise_as_a_pair_without_an_observer(world, server):
    evening, people = await boarding(world, server, 2)
    await agree(evening, people)
    assert evening.now.stage is Stage.RUNNING
    assert round_in(evening, 1).state is State.RUNNING
    assert round_in(evening, 1).observers == ()
    assert sizes(evening) == [2]


# Room down to one person


async def test_room_down_to_one_person_invites_and_moves_nobody_without_a_tap(world, server):
    evening, people = await running(world, server, 7)
    first, second, lonely = seated(evening, 1, people)
    for one in (first, second):
        await leave(evening, one)
    await world.env.settle()
    call = posts(server.dojo)[-1]
    said = call.content or text(call)
    assert room(evening, 2).mention in said
    assert pinged(world, call) == {lonely.id}
    assert not round_in(evening, 2).takes_part(lonely.id)
    # One tap, and they observe there.
    shown = private(await evening.press(lonely, "Join", call if labels(call) else None))
    assert round_in(evening, 2).get_seat(lonely.id).role is Role.OBSERVER
    assert room(evening, 2).mention in text(shown)
    again = private(await evening.press(lonely, "Join"))
    assert room(evening, 2).mention in text(again)
    # Who leaves the evening from there leaves the round there, too.
    await leave(evening, lonely)
    assert not round_in(evening, 2).takes_part(lonely.id)
    assert round_in(evening, 2).state is State.RUNNING


# Someone returns


async def test_someone_returns_within_the_round_to_the_same_role_or_as_an_observer(world, server):
    evening, people = await running(world, server, 4)
    coach, client, first, second = seated(evening, 1, people)
    await evening.press(coach, "Next", room_card(evening, 1))
    await leave(evening, coach)
    assert round_in(evening, 1).state is State.PAUSED
    (shown,) = await evening.join(coach)
    assert room(evening, 1).mention in text(shown)
    assert coach_in(evening, 1).user_id == coach.id
    assert coach_in(evening, 1).is_here
    # Meanwhile someone has taken the seat.
    await leave(evening, client)
    await evening.press(first, "I will be the client", room_card(evening, 1))
    await evening.join(client)
    assert client_in(evening, 1).user_id == first.id
    assert round_in(evening, 1).get_seat(client.id).role is Role.OBSERVER
    await leave(evening, second)
    await evening.join(second)
    assert round_in(evening, 1).get_seat(second.id).role is Role.OBSERVER
    assert sizes(evening) == [4]


# Observer, coach, client leave


async def test_coach_leaves_or_declines_at_a_gathering_and_an_observer_may_take_the_seat(
    world, server
):
    """A4: by a press of their own, and the round waits for it."""
    evening, people = await boarding(world, server, 6)
    coach, client, observer = seated(evening, 1, people)
    asked = private(await evening.press(coach, "I cannot come", room_card(evening, 1)))
    await evening.press(coach, "I cannot come", asked)
    assert round_in(evening, 1).open_roles == (Role.COACH,)
    await board_all(evening, people)
    assert not round_in(evening, 1).has_begun
    await evening.press(observer, "I will coach", room_card(evening, 1))
    await world.env.settle()
    # A pair goes on as a pair; the evening is as it was.
    assert round_in(evening, 1).has_begun
    assert {one.user_id for one in round_in(evening, 1).here} == {observer.id, client.id}
    # In the other room the coach leaves in the middle: the person who observes may coach on.
    coach, client, observer = seated(evening, 2, people)
    await evening.press(coach, "Next", room_card(evening, 2))
    await leave(evening, coach)
    assert "The coach’s seat is empty; the clock stands still." in text(room_card(evening, 2))
    await evening.press(observer, "I coach on", room_card(evening, 2))
    assert round_in(evening, 2).state is State.RUNNING
    assert coach_in(evening, 2).user_id == observer.id


async def test_client_leaves_or_declines_at_a_gathering_and_the_others_still_practise(
    world, server
):
    evening, people = await boarding(world, server, 8)
    coach, client, first, second = seated(evening, 1, people)
    asked = private(await evening.press(client, "I cannot come", room_card(evening, 1)))
    await evening.press(client, "I cannot come", asked)
    assert round_in(evening, 1).open_roles == (Role.CLIENT,)
    asked = private(await evening.press(first, "I will be the client", room_card(evening, 1)))
    await evening.press(first, "Take it, with notes", asked)
    assert client_in(evening, 1).user_id == first.id
    # Leaving the evening while the agreement is open is declining it.
    await leave(evening, first)
    assert round_in(evening, 1).open_roles == (Role.CLIENT,)
    await board_all(evening, people)
    await evening.press(second, "I will be the client", room_card(evening, 1))
    await world.env.settle()
    assert client_in(evening, 1).user_id == second.id
    assert round_in(evening, 1).has_begun
    coach, client, *_ = seated(evening, 2, people)
    await evening.press(coach, "Next", room_card(evening, 2))
    await world.later(9 * 60)
    await leave(evening, client)
    # Little is left of the coaching: on to what was seen.
    assert not round_in(evening, 2).is_coaching
    assert round_in(evening, 2).state is State.RUNNING


async def test_observer_leaves_at_a_gathering_and_the_round_goes_on(world, server):
    evening, people = await boarding(world, server, 6)
    observer = seated(evening, 1, people)[2]
    await evening.press(observer, "I cannot come", room_card(evening, 1))
    await board_all(evening, people)
    assert round_in(evening, 1).has_begun
    assert len(round_in(evening, 1).here) == 2
    other = seated(evening, 2, people)[2]
    clock = round_in(evening, 2).since
    await leave(evening, other)
    assert round_in(evening, 2).since == clock
    assert round_in(evening, 2).state is State.RUNNING


# No-shows


async def test_a_no_show_leaves_an_empty_seat_a_pair_or_an_invitation(world, server):
    evening, people = await boarding(world, server, 7)
    coach, client, observer = seated(evening, 1, people)
    # The seat is offered to everybody in the room.
    shown = await missing(evening, 1, coach.id)
    assert "The card there offers the coach’s seat" in text(shown)
    assert not evening.now.takes_part(coach.id)
    asked = private(await evening.press(observer, "I will coach", room_card(evening, 1)))
    await evening.press(observer, "Take it, without notes", asked)
    # What is left is a pair, which begins with the others.
    await board_all(evening, people)
    assert round_in(evening, 1).has_begun
    assert len(round_in(evening, 1).here) == 2
    # Merge: of a pair one is left, and is invited to the other room.
    await missing(evening, 1, client.id)
    await world.env.settle()
    call = posts(server.dojo)[-1]
    assert room(evening, 2).mention in (call.content or text(call))
    assert pinged(world, call) == {observer.id}
    await evening.join(observer)
    assert round_in(evening, 2).get_seat(observer.id).role is Role.OBSERVER
    # Who did not come is in no group of the next round, and nobody is alone in it.
    await end_all(evening)
    await next_round(evening)
    assert everybody(evening) == {one.id for one in people} - {coach.id, client.id}
    assert min(sizes(evening)) >= 2
    (shown,) = await evening.join(coach)
    assert "no room takes another observer now. It is the last one." in text(shown)


async def test_in_the_last_round_nobody_is_promised_another_one(world, server):
    """5: late, without a room, resting, and when everybody is back."""
    people = members(server, 6)
    evening, _ = await gathered(world, server, people, rounds=1)
    kim = people[-1]
    rested = private(await evening.press(kim, "Sit this round out", (await evening.join(kim))[0]))
    assert "You sit this round out. It is the last one." in text(rested)
    await evening.press(evening.lead, "Start", await evening.preview())
    assert "Press **Join**: you observe this round, the last one." in text(evening.card)
    await board_all(evening, people[:-1])
    (shown,) = await evening.join(server.member("late"))
    assert "no room takes another observer now. It is the last one." in text(shown)
    await end_all(evening, back=False)
    (shown,) = await evening.join(server.member("last"))
    assert "If another round is added, you are in its draw." in text(shown)
    await world.later(61)
    (shown,) = await evening.join(kim)
    rested = private(await evening.press(kim, "Sit this round out", shown))
    assert "If another round is added, you sit it out." in text(rested)
    back = private(await evening.press(kim, "Take part after all", rested))
    assert "If another round is added, you are in its draw." in text(back)
