"""Nobody coaches or is the client, in no round and on no evening, but by a yes of their own."""

from __future__ import annotations

import functools

import pytest

from bot.gatherings.grouping.groups import Wish
from bot.gatherings.model.gathering import Stage
from bot.rounds.model.round import Ask, Role, State
from bot.rounds.service.live import LiveRounds
from tests.gatherings.ui.steps import board_all, choose_people, panel_of, room, room_card, say_yes
from tests.gatherings.ui.trouble import by_id, coach_in, gathered, missing, round_in
from tests.rounds.ui.steps import (
    cards,
    coaching,
    custom_ids,
    lines,
    notified,
    private,
    proposed,
    rows,
    running,
    say_left,
    start,
    title,
)
from tests.rounds.ui.trouble import leave_by
from tests.simulation.forged import click
from tests.simulation.world import labels, text, told

pytestmark = pytest.mark.usefixtures("panels_at_once")


def seat_of(world, person, number=-1):
    """What the round has on disk of someone."""
    return [one for one in rows(world, "round_people") if one["user_id"] == person.id][number]


def kept(world, group):
    """The round of a group as it is kept."""
    return world.bot.services[LiveRounds].in_room(group.room.id)


# The clock


async def test_begin_now_waits_for_coach_and_client_and_says_for_whom(world, server):
    """S9, H3, A5: no clock without the yes of both."""
    group = await proposed(world, server)
    answer = await group.press(group.coach, "Begin now")
    assert group.coach.mention in told(answer)
    assert group.client.mention in told(answer)
    await group.press(group.coach, "Agree, with notes")
    assert group.client.mention in told(await group.press(group.coach, "Begin now"))
    await group.press(group.client, "Agree, without notes")
    await group.press(group.coach, "Begin now")
    assert title(group.card) == "📜 Agree"


async def test_a_person_who_never_answered_is_in_no_running_round_and_in_no_record(world, server):
    """S9: not busy, not pinged, not steering, not in the record; a later answer lets them in."""
    group = await proposed(world, server, 4)
    for one in group.people[:3]:
        await group.press(one, "Agree, with notes")
    asked = group.people[3]
    await group.press(group.coach, "Begin now")
    await group.press(group.coach, "Next")
    assert f"⏳ **Asked to observe** {asked.mention}" in text(group.card)
    assert asked.id not in notified(world, group.room, group.card)
    assert "people of this round" in told(await group.press(asked, "Pause"))
    # They can be in another round in the meantime.
    other = await running(world, server, [asked, server.member("ben")])
    assert title(other.card) == "📜 Agree"
    sure = private(await other.press(other.client, "End"))
    await other.client.click(sure, label="End the round")
    role = private(await group.press(asked, "My role now"))
    assert "You are asked to observe" in text(role)
    await group.press(group.coach, "Next")
    await world.later(30 * 60)
    assert asked.id not in {
        one["user_id"]
        for one in rows(world, "round_people")
        if one["round_id"] == group_round(world, group)
    }
    record = private(await server.manager().slash(server.dojo, "dojo record"))
    assert group.coach.mention in text(record)
    assert asked.mention not in text(record)


def group_round(world, group):
    (row,) = [one for one in rows(world, "rounds") if one["room_id"] == group.room.id]
    return row["id"]


async def test_a_late_answer_lets_an_observer_in(world, server):
    group = await proposed(world, server)
    for one in group.people[:2]:
        await group.press(one, "Agree, with notes")
    await group.press(group.coach, "Begin now")
    role = private(await group.press(group.observer, "My role now"))
    await group.observer.click(role, label="Agree, with notes")
    assert f"👀 **Observer** {group.observer.mention}" in text(group.card)
    assert (
        lines(group.room)[-1]
        == f"-# 👀 {group.observer.mention} has agreed, and observes from now on."
    )


async def test_the_last_who_cannot_come_begins_a_round_all_others_agreed_to(world, server):
    """A6."""
    group = await proposed(world, server, 4)
    for one in group.people[:3]:
        await group.press(one, "Agree, with notes")
    await group.press(group.people[3], "I cannot come")
    assert title(group.card) == "📜 Agree"


async def test_too_few_for_the_format_are_asked_whether_to_begin_by_who_started(world, server):
    """A6: a round waits for nobody; the button belongs to the person who started it."""
    group = await proposed(world, server, 3, format="triad-30")
    for one in group.people[:2]:
        await group.press(one, "Agree, with notes")
    await group.press(group.observer, "I cannot come")
    asks = f"**{group.coach.mention}: all others have agreed. Begin with 2?**"
    assert f"{asks} Classic triad is for 3–4 people" in text(group.card)
    assert notified(world, group.room, group.card) == {group.coach.id}
    await world.restart(crash=True)
    assert "Only whoever started" in told(await group.press(group.client, "Begin with 2"))
    card = group.card
    two = [group.coach, server.manager()]
    world.env.backend.add_thread_member(group.room.id, two[1].id)
    presses = [functools.partial(one.click, card, label="Begin with 2") for one in two]
    answers = await world.together(*presses)
    assert title(group.card) == "📜 Agree"
    assert kept(world, group).format.id == "pair-25"
    (late,) = [one for answer in answers for one in answer.followups]
    assert "has begun" in (late.content or text(late))


async def test_a_format_that_takes_longer_is_agreed_to_before_it_begins(world, server):
    """A6, H3: also where the person who started it begins with fewer."""
    await server.give_content('version = 1\n[hide]\nformats = ["micro-12"]\n')
    group = await proposed(world, server, 3, format="quick-10")
    for one in group.people[:2]:
        await group.press(one, "Agree, with notes")
    await group.press(group.observer, "I cannot come")
    answer = await group.press(group.coach, "Begin with 2")
    assert kept(world, group).state is State.PROPOSED
    assert "so the others are asked again" in text(private(answer))
    await group.press(group.client, "Agree, with notes")
    assert title(group.card) == "📜 Agree"


async def test_rounds_nobody_agreed_to_keep_no_evening_from_starting(world, server):
    """S9: the facilitator's Start is not refused because of them."""
    evening, people = await gathered(world, server, 6)
    shown = await evening.preview()
    mallory = server.member("mallory")
    answer = await start(mallory, server.dojo, people[0], people[1])
    await world.later(1)
    await mallory.click(answer.response, label="Begin now")
    await evening.press(evening.lead, "Start", shown)
    assert evening.now.stage is Stage.BOARDING


# Seats that change hands while the clock runs


async def test_an_observer_cannot_take_the_clients_seat_and_with_it_erase(world, server):
    """S4: the seat is not given by others, and erasing does not come with it."""
    group = await coaching(world, server, 4)
    taker = group.people[3]
    replaced = await taker.slash(group.room, "round replace", member=group.client, by=taker)
    assert "Only the person who has that seat, or a facilitator" in told(replaced)
    assert seat_of(world, group.client)["role"] == "client"


@pytest.mark.parametrize("crash", [False, True])
async def test_a_seat_is_offered_and_taken_and_the_clock_rests_until_then(world, server, crash):
    """S4, S9: the offer survives a restart."""
    group = await coaching(world, server, 4)
    taker = group.people[3]
    await group.coach.slash(group.room, "round replace", member=group.coach, by=taker)
    assert f"{taker.mention}: the coach’s seat is offered to you." in text(group.card)
    assert notified(world, group.room, group.card) == {taker.id}
    assert kept(world, group).state is State.PAUSED
    assert seat_of(world, group.coach)["role"] == "coach"
    await world.restart(crash=crash)
    answer = await group.press(group.people[2], "Take the seat")
    assert "That seat is offered to another person" in told(answer)
    await group.press(taker, "Take the seat")
    assert seat_of(world, taker)["role"] == "coach"
    assert seat_of(world, group.coach)["role"] == "observer"
    assert kept(world, group).state is State.RUNNING


@pytest.mark.parametrize(("who", "label"), [(3, "No, thank you"), (0, "Take the offer back")])
async def test_an_offer_that_is_not_taken_leaves_all_as_it_was(world, server, who, label):
    group = await coaching(world, server, 4)
    await group.coach.slash(group.room, "round replace", member=group.coach, by=group.people[3])
    await group.press(group.people[who], label)
    assert kept(world, group).state is State.RUNNING
    assert seat_of(world, group.coach)["role"] == "coach"
    assert "Take the seat" not in labels(group.card)


async def test_two_clicks_at_once_on_an_offer_seat_one_person(world, server):
    group = await coaching(world, server, 4)
    taker = group.people[3]
    await group.coach.slash(group.room, "round replace", member=group.coach, by=taker)
    card = group.card
    await world.later(1)
    await world.together(
        lambda: taker.click(card, label="Take the seat"),
        lambda: group.coach.click(card, label="Take the offer back"),
    )
    roles = [one["role"] for one in rows(world, "round_people")]
    assert sorted(roles) == ["client", "coach", "observer", "observer"]
    assert kept(world, group).state is State.RUNNING


async def test_a_person_who_left_quietly_is_asked_and_not_dragged_back(world, server):
    """S9: the person who left is only asked back."""
    group = await coaching(world, server, 4)
    victim, mallory = group.people[3], group.people[2]
    role = private(await group.press(victim, "My role now"))
    await leave_by(victim, role)
    refused = await mallory.slash(group.room, "round replace", member=group.client, by=victim)
    assert "Only the person who has that seat" in told(refused)
    await group.client.slash(group.room, "round replace", member=group.client, by=victim)
    assert seat_of(world, victim)["is_here"] == 0
    assert seat_of(world, group.client)["role"] == "client"
    await group.press(victim, "No, thank you")
    assert seat_of(world, victim)["is_here"] == 0


async def test_a_seat_is_not_offered_to_strangers_while_the_clock_runs(world, server):
    group = await coaching(world, server)
    stranger = server.member("stranger")
    answer = await group.coach.slash(group.room, "round replace", member=group.coach, by=stranger)
    assert "a seat goes to people of this round" in told(answer)


async def test_a_person_who_has_not_answered_takes_a_seat_with_an_answer(world, server):
    group = await proposed(world, server, 4)
    for one in group.people[:3]:
        await group.press(one, "Agree, with notes")
    await group.press(group.coach, "Begin now")
    await group.press(group.coach, "Next")
    asked = group.people[3]
    await group.coach.slash(group.room, "round replace", member=group.coach, by=asked)
    answers = private(await group.press(asked, "Take the seat"))
    assert labels(answers) == ["Take it, with notes", "Take it, without notes"]
    await asked.click(answers, label="Take it, without notes")
    assert (seat_of(world, asked)["role"], seat_of(world, asked)["agreement"]) == (
        "coach",
        "no-notes",
    )


# Someone left


async def test_a_person_who_is_said_to_have_left_is_asked_and_answers(world, server):
    """S11: nobody is declared gone by a person who gains by it."""
    group = await coaching(world, server)
    await say_left(group, group.coach, group.observer)
    assert f"{group.observer.mention}: are you still here?" in text(group.card)
    assert notified(world, group.room, group.card) == {group.observer.id}
    await world.later(30)
    await group.press(group.observer, "I am here")
    await world.later(60)
    assert seat_of(world, group.observer)["is_here"] == 1
    answer = await say_left(group, group.coach, group.observer)
    assert "asked a moment ago" in told(answer)


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_person_who_does_not_answer_within_a_minute_is_taken_for_gone(
    world, server, restarts
):
    """S11: the deadline survives a restart."""
    group = await coaching(world, server)
    await say_left(group, group.coach, group.observer)
    if restarts:
        await world.restart()
    await world.later(59)
    assert seat_of(world, group.observer)["is_here"] == 1
    await world.later(2)
    assert seat_of(world, group.observer)["is_here"] == 0
    assert f"{group.observer.mention} did not answer" in lines(group.room)[-1]


async def test_a_client_who_does_not_answer_keeps_the_seat_and_the_clock_rests(world, server):
    """S4, H15: in a minute an observer had the seat, and with it everybody's feedback erased."""
    group = await coaching(world, server, 4)
    role = private(await group.press(group.client, "My role now"))
    erase = f"{custom_ids(role)['Erase this round…']}-indeed"
    await say_left(group, group.observer, group.client)
    assert "Without an answer the clock rests" in text(group.card)
    await world.restart()
    await world.later(61)

    assert kept(world, group).state is State.PAUSED
    assert seat_of(world, group.client)["is_here"] == 1
    assert "The seat stays theirs" in lines(group.room)[-1]
    assert "I will be the client" not in labels(group.card)
    await click(group.observer, group.room, erase)
    assert rows(world, "rounds")
    # Others may go on, or the client answers; neither stops the clock again.
    await group.press(group.coach, "Resume")
    await world.later(120)
    assert kept(world, group).state is State.RUNNING
    await group.press(group.client, "I am here")
    assert "are you still here" not in text(group.card)


async def test_a_person_who_has_left_takes_no_seat_without_the_clients_yes(world, server):
    """H6: an observer who left came back as the coach."""
    group = await coaching(world, server, 4)
    gone = group.people[3]
    role = private(await group.press(gone, "My role now"))
    await leave_by(gone, role)
    role = private(await group.press(group.coach, "My role now"))
    await leave_by(group.coach, role)
    answer = await click(gone, server.dojo, custom_ids(group.card)["I coach on"])
    assert "You are not in this round now." in told(answer)
    assert seat_of(world, gone)["role"] == "observer"


async def test_the_word_of_a_facilitator_that_someone_left_holds_at_once(world, server):
    fay, group = server.manager(), await coaching(world, server)
    world.env.backend.add_thread_member(group.room.id, fay.id)
    await say_left(group, fay, group.observer)
    assert seat_of(world, group.observer)["is_here"] == 0


async def test_a_facilitator_who_is_in_the_round_asks_like_anybody(world, server):
    """S11: nobody is declared gone by a person who gains by it."""
    fay = server.manager()
    group = await coaching(world, server, [fay, *(server.member(one) for one in ("kim", "olu"))])
    await say_left(group, fay, group.observer)
    assert seat_of(world, group.observer)["is_here"] == 1
    assert seat_of(world, group.observer)["doubted_ms"] is not None


@pytest.mark.parametrize("how", ["My role now", "Open my pad"])
async def test_any_press_of_the_round_answers_that_one_is_there(world, server, how):
    """S11: a person who writes notes does not watch the room."""
    group = await coaching(world, server)
    await say_left(group, group.coach, group.observer)
    await group.press(group.observer, how)
    await world.later(90)
    assert seat_of(world, group.observer)["is_here"] == 1


async def test_in_a_large_group_observers_do_not_steer(world, server):
    """H15: above five people only coach, client and facilitators; the buttons stay."""
    people = [server.member(name) for name in "abcdef"]
    group = await proposed(world, server, people[:5], format="fishbowl-45")
    await group.press(people[5], "Join as observer")
    for one in people:
        await group.press(one, "Agree, with notes")
    for label in ("Pause", "Next", "End", "Someone left"):
        assert "more than five people" in told(await group.press(people[4], label))
    assert "Pause" in labels(group.card)
    await group.press(group.client, "Pause")
    assert kept(world, group).state is State.PAUSED


# A moment


async def test_an_observer_may_need_a_moment_and_nobody_knows_who_it_was(world, server):
    """H17, S24, S23: quietly paused; an observer may go on or leave, not end or erase."""
    group = await coaching(world, server)
    card = private(await group.press(group.observer, "I need a moment"))
    assert labels(card) == ["Resume", "Leave the round"]
    assert kept(world, group).state is State.PAUSED
    assert all(one.mention not in lines(group.room)[-1] for one in group.people)
    await group.observer.click(card, label="Resume")
    assert kept(world, group).state is State.RUNNING


# Evenings


async def only_observes(evening, person):
    form = await evening.press(person, "My wishes")
    await person.submit_modal(form, {"wish": "observe", "languages": [], "apart": []})
    assert evening.guest(person.id).wish is Wish.OBSERVE


async def cannot_come(evening, person, number=1):
    asked = private(await evening.press(person, "I cannot come", room_card(evening, number)))
    await evening.press(person, "I cannot come", asked)


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_room_waits_for_its_coach_and_begins_late_with_the_yes(world, server, restarts):
    """A4, A5: the others begin; the seat is offered in the room; nobody is called back."""
    evening, people = await gathered(world, server, 6)
    await evening.press(evening.lead, "Start", await evening.preview())
    absent = by_id(people, coach_in(evening, 1).user_id)
    await board_all(evening, people, but=(absent.id,))
    assert round_in(evening, 2).has_begun
    waiting = round_in(evening, 1)
    assert (waiting.state, waiting.open_roles) == (State.PROPOSED, (Role.COACH,))
    assert "waits for a coach" in text(await panel_of(evening))
    assert "Empty: the coach’s seat" in text(room_card(evening, 1))
    if restarts:
        await world.restart()
    (other,) = [one for one in waiting.observers if one.user_id != absent.id]
    watcher = by_id(people, other.user_id)
    await evening.press(watcher, "I will coach", room_card(evening, 1))
    await world.env.settle()
    assert round_in(evening, 1).has_begun
    assert coach_in(evening, 1).user_id == watcher.id
    # Who comes after all is asked to observe, and is in with an answer.
    assert [one.user_id for one in round_in(evening, 1).invited] == [absent.id]


async def test_a_coach_whose_yes_comes_late_is_shown_the_way_to_the_seat(world, server):
    """A5: a yes alone only observes; the seat is taken by a press of its own."""
    evening, people = await gathered(world, server, 6)
    await evening.press(evening.lead, "Start", await evening.preview())
    late = by_id(people, coach_in(evening, 1).user_id)
    await board_all(evening, people, but=(late.id,))

    answer = private(await evening.press(late, "Agree, with notes", room_card(evening, 1)))

    assert "**The round waits: the coach’s seat is empty.**" in text(answer)
    await evening.press(late, "I will coach", answer)
    assert coach_in(evening, 1).user_id == late.id
    await world.env.settle()
    assert round_in(evening, 1).has_begun


async def test_nobody_is_called_back_while_the_only_room_still_waits(world, server):
    """A5: no room runs yet, and none has ended."""
    evening, people = await gathered(world, server, 3)
    await evening.press(evening.lead, "Start", await evening.preview())
    await world.later(120)
    assert evening.now.stage is Stage.RUNNING
    assert round_in(evening, 1).open_roles == (Role.COACH, Role.CLIENT)
    first, second, third = people
    for one, label in ((first, "I will coach"), (second, "I will be the client")):
        answers = private(await evening.press(one, label, room_card(evening, 1)))
        await one.click(answers, label="Take it, with notes")
    assert round_in(evening, 1).has_begun
    assert evening.now.stage is Stage.RUNNING
    assert third.id in {one.user_id for one in round_in(evening, 1).invited}


async def test_a_room_that_never_begins_is_called_back_with_the_others(world, server):
    evening, people = await gathered(world, server, 6)
    await evening.press(evening.lead, "Start", await evening.preview())
    await board_all(evening, people, but=tuple(evening.groups[0].people))
    await world.later(20 * 60)
    assert evening.now.stage is Stage.BETWEEN


async def test_a_person_who_only_observes_is_not_made_coach_when_the_coach_cannot_come(
    world, server
):
    """F2, A4: the seat is empty until someone takes it."""
    evening, people = await gathered(world, server, 3)
    await only_observes(evening, people[2])
    await evening.press(evening.lead, "Start", await evening.preview())
    await cannot_come(evening, by_id(people, coach_in(evening, 1).user_id))
    await say_yes(evening, people)
    await world.later(60)
    round_ = round_in(evening, 1)
    assert round_.state is State.PROPOSED
    assert round_.get_seat(people[2].id).role is Role.OBSERVER


async def test_a_person_who_only_observes_is_not_made_client_when_someone_left_on_the_way(
    world, server
):
    """F2: the room opens with an empty seat."""
    evening, people = await gathered(world, server, 3)
    watcher = people[2]
    await only_observes(evening, watcher)
    preview = await evening.preview()
    coach = by_id(people, evening.proposed[0].coach)
    world.env.inject_error("POST", "/channels/*/threads", status=503, times=1)
    await evening.press(evening.lead, "Start", preview)
    await evening.press(coach, "Leave")
    await world.later(60)
    round_ = round_in(evening, 1)
    assert round_.get_seat(watcher.id).role is Role.OBSERVER
    assert Role.COACH in round_.open_roles


async def test_in_a_relay_nobody_who_only_observes_is_made_coach(world, server):
    """F2: the clock gives nobody a seat."""
    evening, people = await gathered(world, server, 5, format="relay-30", rounds=1)
    watchers = people[3:]
    for one in watchers:
        await only_observes(evening, one)
    await evening.press(evening.lead, "Start", await evening.preview())
    await board_all(evening, people)
    round_ = round_in(evening, 1)
    for _ in range(30):
        await world.later(60)
        if evening.now.stage is not Stage.RUNNING:
            return
        round_ = round_in(evening, 1)
        assert all(round_.get_seat(one.id).role is Role.OBSERVER for one in watchers)
    assert round_.asked is Ask.COACH_GONE


async def test_in_a_relay_the_next_in_line_is_named_and_the_first_press_has_the_seat(world, server):
    group = await coaching(world, server, 5, format="relay-30")
    await world.later(5 * 60 + 1)
    assert title(group.card) == "🔄 Change of coach"
    assert f"{group.people[2].mention} is next in line" in text(group.card)
    await group.press(group.people[3], "I will coach")
    await world.later(60)
    assert title(group.card) == "🗣️ Coaching"
    assert kept(world, group).coach.user_id == group.people[3].id
    assert "You have coached" not in text(group.card)


async def test_in_a_relay_without_a_press_the_clock_rests_and_asks(world, server):
    group = await coaching(world, server, 5, format="relay-30")
    await world.later(7 * 60)
    round_ = kept(world, group)
    assert (round_.state, round_.asked) == (State.PAUSED, Ask.COACH_GONE)
    await group.press(group.people[3], "I coach on")
    assert kept(world, group).state is State.RUNNING


@pytest.mark.parametrize("how", ["cannot come", "missing"])
async def test_two_who_are_kept_apart_never_end_as_coach_and_client(world, server, how):
    """F4: not by the bot, and not by a press; the sentence says neither why nor who."""
    evening, people = await gathered(world, server, 7, format="fishbowl-45", rounds=1)
    await evening.preview()
    drawn = evening.proposed[0]
    watcher, client = by_id(people, drawn.observers[0]), by_id(people, drawn.client)
    await evening.press(evening.lead, "Start", await evening.preview())
    await world.later(1)
    form = await evening.press(watcher, "My wishes")
    await watcher.submit_modal(form, {"wish": "any", "languages": [], "apart": [client]})
    coach = by_id(people, coach_in(evening, 1).user_id)
    if how == "cannot come":
        await cannot_come(evening, coach)
        await say_yes(evening, people)
        label = "I will coach"
    else:
        await board_all(evening, people)
        await missing(evening, 1, coach.id)
        label = "I coach on"
    assert round_in(evening, 1).open_roles == (Role.COACH,)
    answer = await evening.press(watcher, label, room_card(evening, 1))
    assert told(answer) == "This seat is not open to you right now. You can stay as you are."
    assert round_in(evening, 1).open_roles == (Role.COACH,)
    other = by_id(people, drawn.observers[1])
    await evening.press(other, label, room_card(evening, 1))
    await world.later(60)
    assert coach_in(evening, 1).user_id == other.id


async def test_a_facilitator_who_reports_a_client_missing_makes_nobody_client(world, server):
    """A4: the clock rests, and the seat is offered in the room."""
    evening, people = await gathered(world, server, 4)
    await evening.press(evening.lead, "Start", await evening.preview())
    await board_all(evening, people)
    client = round_in(evening, 1).client
    assert client is not None
    assert client.user_id is not None
    await world.later(3 * 60)
    panel = await missing(evening, 1, client.user_id)
    round_ = round_in(evening, 1)
    assert (round_.state, round_.open_roles) == (State.PAUSED, (Role.CLIENT,))
    assert "The card there offers the client’s seat" in text(panel)
    assert "I will be the client" in labels(cards(room(evening, 1))[-1])


async def test_a_swap_after_someone_has_left_works(world, server):
    """F3: the draft is made right before people of it are looked up."""
    evening, people = await gathered(world, server, 7)
    shown = await evening.preview()
    first, second = evening.proposed
    larger = max(evening.proposed, key=lambda group: len(group.people))
    await evening.press(by_id(people, larger.people[-1]), "Leave")
    coaches = [by_id(people, group.coach) for group in (first, second)]
    await choose_people(evening.lead, shown, "Swap", *coaches)
    assert evening.proposed[0].coach == second.coach
    assert larger.people[-1] not in {p for group in evening.proposed for p in group.people}
