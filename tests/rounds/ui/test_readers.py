"""Who reads a private room while its round goes on: nobody who is no longer of the round."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from tests.gatherings.ui.steps import BOARDING, group, panel_of, room, room_card, say_yes
from tests.gatherings.ui.trouble import boarding, by_id, leave, missing, round_in, seated
from tests.rounds.ui.steps import Group, coaching, private, proposed
from tests.rounds.ui.trouble import leave as leave_round
from tests.rounds.ui.trouble import leave_by, pinged, refusing
from tests.simulation.world import labels, text

pytestmark = pytest.mark.usefixtures("panels_at_once")

REMOVAL: dict[str, Any] = {"method": "DELETE", "what": "thread-members/*"}
FORBIDDEN = 50013


def readers(world: Any, thread: Any) -> set[int]:
    """Who is in a thread, without the bot."""
    backend = world.env.backend
    return set(backend.get_channel(thread.id).thread_members) - {backend.bot_user.id}


async def own_answer(group: Group, person: Any) -> Any:
    """What a person reads outside of the room about the round they were in."""
    await group.world.later(1)
    return private(await person.slash(group.server.dojo, "round now"))


def an_observer(evening: Any, number: int, people: list[Any]) -> Any:
    round_ = round_in(evening, number)
    return by_id(people, round_.observers[0].user_id)


# At an evening


@pytest.mark.parametrize("clocks_run", [False, True])
async def test_a_person_who_leaves_the_evening_does_not_read_the_round(world, server, clocks_run):
    """D1a: also an observer who has not answered, before the clock and after it began."""
    evening, people = await boarding(world, server, 6)
    gone = an_observer(evening, 1, people)
    assert gone.id in readers(world, room(evening, 1))
    if clocks_run:
        await say_yes(evening, people, but=(gone.id,))
        await world.later(BOARDING)
        assert round_in(evening, 1).has_begun
    await leave(evening, gone)
    await world.env.settle()
    others = {one.id for one in seated(evening, 1, people)} - {gone.id}
    assert readers(world, room(evening, 1)) == others
    # Who joins again is let in again, into whichever room.
    (shown,) = await evening.join(gone)
    number = 1 if room(evening, 1).mention in text(shown) else 2
    await world.env.settle()
    assert gone.id in readers(world, room(evening, number))


async def test_a_person_who_cannot_come_or_is_sent_away_does_not_read_the_room(world, server):
    """D1: also after a restart, which brings everybody else again."""
    evening, people = await boarding(world, server, 8)
    declining = an_observer(evening, 1, people)
    sent = an_observer(evening, 2, people)
    await declining.click(room_card(evening, 1), label="I cannot come")
    await missing(evening, 2, sent.id)
    await world.env.settle()
    assert declining.id not in readers(world, room(evening, 1))
    assert sent.id not in readers(world, room(evening, 2))
    await world.restart()
    await world.env.settle()
    assert declining.id not in readers(world, room(evening, 1))
    assert sent.id not in readers(world, room(evening, 2))


async def test_a_person_who_looks_after_the_evening_goes_on_reading(world, server):
    """D1: facilitators stay when they leave a round."""
    lead = server.manager()
    evening, people = await boarding(world, server, [*_members(server, 5), lead], lead=lead)
    number = 1 if lead in group(evening, 1, people) else 2
    await panel_of(evening)
    await say_yes(evening, people)
    await world.later(BOARDING)
    card = private(await lead.click(room_card(evening, number), label="My role now"))
    await leave_by(lead, card)
    await world.env.settle()
    assert lead.id in readers(world, room(evening, number))


def _members(server: Any, count: int) -> list[Any]:
    return [server.member(f"m{number}") for number in range(count)]


# In a round of one's own


async def test_a_person_who_leaves_a_round_reads_on_only_after_the_clients_yes(world, server):
    """D1b: and the way back is `/round now` in the dojo."""
    group = await coaching(world, server, 4)
    gone = group.people[3]
    said = text(private(await leave_round(group, gone)))
    assert "You do not read its room any more" in said
    assert gone.id not in readers(world, group.room)
    back = await own_answer(group, gone)
    assert text(back).startswith("You have left this round.")
    waiting = await gone.click(back, label="Come back")
    assert text(private(waiting)).startswith("### 👀 The client decides")
    await world.env.settle()
    assert gone.id not in readers(world, group.room)
    assert labels(await own_answer(group, gone)) == ["Do not wait"]
    await group.client.click(group.question, label="Let them in")
    await world.env.settle()
    assert gone.id in readers(world, group.room)
    # Everybody else has stayed.
    assert readers(world, group.room) == {one.id for one in group.people}


async def test_a_person_who_would_like_to_observe_reads_nothing_before_the_yes(world, server):
    """D1: a person in the room has @mentioned them, so they came into it."""
    group = await coaching(world, server)
    zoe = server.member("zoe")
    world.env.backend.add_thread_member(group.room.id, zoe.id)
    role = private(await group.press(zoe, "My role now"))
    await zoe.click(role, label="Join as observer")
    await world.env.settle()
    assert zoe.id not in readers(world, group.room)
    await world.restart()
    await world.later(19 * 60)
    # The coaching is over: they come in by themselves.
    assert zoe.id in readers(world, group.room)


async def test_a_person_who_agreed_and_cannot_come_after_all_does_not_read_the_room(world, server):
    """D1: also where the bot was restarted before it could remove them."""
    group = await proposed(world, server, 4, in_room=False)
    card = server.dojo.history()[-1]
    gone = group.people[3]
    answer = private(await gone.click(card, label="Read and answer"))
    await gone.click(answer, label="Agree, with notes")
    assert gone.id in readers(world, group.room)
    with refusing(world, 403, FORBIDDEN, room=group.room, **REMOVAL):
        await world.later(2)
        answer = private(await gone.click(card, label="Read and answer"))
        await gone.click(answer, label="I cannot come")
        await world.env.settle()
    assert gone.id in readers(world, group.room)
    await world.restart()
    await world.env.settle()
    assert gone.id not in readers(world, group.room)
    assert group.coach.id in readers(world, group.room)


async def test_a_refusal_is_logged_and_tried_again_when_the_round_moves(world, server, caplog):
    """D1: when Discord does not let us."""
    group = await coaching(world, server, 4)
    gone = group.people[3]
    with (
        caplog.at_level(logging.WARNING),
        refusing(world, 403, FORBIDDEN, room=group.room, **REMOVAL),
    ):
        await leave_round(group, gone)
        await world.env.settle()
    assert "still reads" in caplog.text
    assert gone.id in readers(world, group.room)
    await group.press(group.coach, "Pause")
    await world.env.settle()
    assert gone.id not in readers(world, group.room)


async def test_a_person_who_is_back_before_the_removal_stays(world, server):
    """D1: Discord is in trouble in the meantime."""
    group = await coaching(world, server, 4)
    with refusing(world, 500, 0, room=group.room, **REMOVAL):
        card = private(await group.press(group.coach, "My role now"))
        left = private(await leave_by(group.coach, card))
        await group.coach.click(left, label="Come back")
        await world.env.settle()
    await world.later(120)
    assert readers(world, group.room) == {one.id for one in group.people}


async def test_a_person_who_left_does_not_read_while_a_restart_came_in_between(world, server):
    """D1: what was left to do is done after the next start."""
    group = await coaching(world, server, 4)
    gone = group.people[3]
    with refusing(world, 500, 0, room=group.room, **REMOVAL):
        await leave_round(group, gone)
        await world.restart(crash=True)
    await world.later(60)
    assert gone.id not in readers(world, group.room)


async def test_a_person_who_left_does_not_read_though_the_round_ended_before_a_crash(world, server):
    """D1: on disk the round is over, its room knows, and only the removal is left to do."""
    group = await coaching(world, server, 4)
    gone = group.people[3]
    with refusing(world, 500, 0, room=group.room, **REMOVAL):
        await leave_round(group, gone)
        question = private(await group.press(group.coach, "End"))
        await group.coach.click(question, label="End the round")
        await world.env.settle()
        await world.restart(crash=True)
        # The next process does not come to it either.
        await world.restart(crash=True)
    assert gone.id in readers(world, group.room)
    await world.later(60)
    assert readers(world, group.room) == {one.id for one in group.people} - {gone.id}
    # What is done is not asked for for ever: a person they bring back a day later stays.
    world.env.backend.add_thread_member(group.room.id, gone.id)
    await world.later(25 * 3_600)
    await world.restart()
    await world.later(60)
    assert gone.id in readers(world, group.room)


async def test_a_person_who_facilitates_the_dojo_stays_and_is_told_nothing_else(world, server):
    """D1: they may read it in any case."""
    fay = server.manager()
    people = [server.member("ann"), server.member("ben"), server.member("cyd"), fay]
    group = await coaching(world, server, people)
    said = text(private(await leave_round(group, fay)))
    assert "You do not read its room" not in said
    await world.env.settle()
    assert readers(world, group.room) == {one.id for one in people}


async def test_a_person_who_started_the_round_and_has_no_seat_in_it_stays(world, server):
    """D1: they look after it, also while they wait to observe."""
    carla, *people = (server.member(name) for name in ("carla", "ann", "ben", "cyd"))
    group = await coaching(world, server, people, by=carla)
    world.env.backend.add_thread_member(group.room.id, carla.id)
    role = private(await group.press(carla, "My role now"))
    waits = private(await carla.click(role, label="Join as observer"))
    assert "I mention you in this room then." in text(waits)
    await world.env.settle()
    assert carla.id in readers(world, group.room)


async def test_a_coach_who_started_the_round_and_leaves_it_reads_no_further(world, server):
    """Issue 12: nobody observes without the client’s yes, also not who started the round."""
    group = await coaching(world, server, 4)
    card = private(await group.press(group.coach, "My role now"))
    asked = private(await group.coach.click(card, label="Leave the round"))
    assert "the clock rests until someone takes the seat" in text(asked)
    assert f"in {server.dojo.mention}." in text(asked)
    stays = (await group.coach.click(asked, label="Stay")).response
    assert "### 🎧 Coach" in text(stays)
    assert group.coach.id in readers(world, group.room)
    await world.later(1)
    left = private(await leave_by(group.coach, stays))
    assert "You do not read its room any more" in text(left)
    await world.env.settle()
    assert group.coach.id not in readers(world, group.room)
    await group.press(group.people[2], "I coach on")
    back = await own_answer(group, group.coach)
    waits = private(await group.coach.click(back, label="Come back"))
    assert "Until then you do not read its room" in text(waits)
    await world.restart()
    await world.env.settle()
    assert group.coach.id not in readers(world, group.room)
    await group.client.click(group.question, label="Let them in")
    await world.env.settle()
    assert group.coach.id in readers(world, group.room)


async def test_a_person_whom_leaving_costs_nothing_reads_only_what_the_room_is_told(world, server):
    """Issue 12: an observer after the coaching, in a thread that everybody reads."""
    thread = server.thread()
    people = [server.member(name) for name in "abcd"]
    group = await proposed(world, server, people, channel=thread)
    await group.agree()
    await world.later(23 * 60)
    card = private(await group.press(people[3], "My role now"))
    asked = private(await people[3].click(card, label="Leave the round"))
    assert text(asked).count("\n- ") == 1
    left = private(await people[3].click(asked, label="Leave the round"))
    assert text(left).startswith("👋 You have left the round.")


# The way back, in the dojo


async def test_round_now_in_the_dojo_lets_a_person_answer_who_is_still_asked(world, server):
    """Issue 12: before the clock, and while it runs."""
    group = await proposed(world, server, 4, in_room=False)
    card = server.dojo.history()[-1]
    asked = group.people[3]
    shown = await own_answer(group, asked)
    assert "You are asked to be an **observer**" in text(shown)
    for one in group.people[1:3]:
        answer = private(await one.click(card, label="Read and answer"))
        await one.click(answer, label="Agree, with notes")
    await group.press(group.coach, "Agree, with notes")
    await group.press(group.coach, "Begin now")
    shown = await own_answer(group, asked)
    await asked.click(shown, label="Agree, with notes")
    assert asked.id in readers(world, group.room)


async def test_a_person_who_could_not_come_comes_after_all_from_the_dojo(world, server):
    """Issue 12: nobody names a room to them that they cannot open."""
    group = await proposed(world, server, 4, in_room=False)
    gone = group.people[3]
    card = server.dojo.history()[-1]
    answer = private(await gone.click(card, label="Read and answer"))
    await gone.click(answer, label="I cannot come")
    shown = await own_answer(group, gone)
    assert "You have said that you cannot come." in text(shown)
    assert group.room.mention not in text(shown)
    assert text(private(await gone.click(card, label="Read and answer"))) == text(shown)
    shown = (await gone.click(shown, label="Join as observer")).response
    await gone.click(shown, label="Agree, without notes")
    assert gone.id in readers(world, group.room)


async def test_a_person_who_could_not_come_asks_the_client_once_the_round_runs(world, server):
    """Issue 12: also after a restart."""
    group = await proposed(world, server, 4, in_room=False)
    gone, card = group.people[3], server.dojo.history()[-1]
    answer = private(await gone.click(card, label="Read and answer"))
    await gone.click(answer, label="I cannot come")
    for one in group.people[1:3]:
        answer = private(await one.click(card, label="Read and answer"))
        await one.click(answer, label="Agree, with notes")
    await group.press(group.coach, "Agree, with notes")
    await world.restart()
    shown = await own_answer(group, gone)
    shown = (await gone.click(shown, label="Join as observer")).response
    assert text(shown).startswith("### 👀 The client decides")
    assert gone.id not in readers(world, group.room)
    await group.client.click(group.question, label="Let them in")
    await world.env.settle()
    assert gone.id in readers(world, group.room)


async def test_a_client_who_agreed_and_is_replaced_is_told_so(world, server):
    """Issue 12: by the card in the dojo, and by each way they ask."""
    group = await proposed(world, server, 3, in_room=False)
    kim, zoe = group.client, server.member("zoe")
    answer = private(await kim.click(server.dojo.history()[-1], label="Read and answer"))
    await kim.click(answer, label="Agree, with notes")
    await group.coach.slash(group.room, "round replace", member=kim, by=zoe)
    await world.later(2)
    card = server.dojo.history()[-1]
    assert f"{kim.mention} was asked before." in text(card)
    assert pinged(world, card) == {kim.id, zoe.id}
    assert kim.id not in readers(world, group.room)
    for said in (
        await own_answer(group, kim),
        private(await kim.click(card, label="Read and answer")),
    ):
        assert "Another person was asked to take your seat" in text(said)
        assert labels(said) == []
    # The card of a person who is replaced once more is told by the next one, and names both.
    answer = private(await zoe.click(card, label="Read and answer"))
    await world.restart()
    await group.coach.slash(group.room, "round replace", member=zoe, by=kim)
    await world.later(2)
    card = server.dojo.history()[-1]
    assert f"{zoe.mention} was asked before." in text(card)
    assert "You are asked to be the **client**" in text(await own_answer(group, kim))


async def test_a_client_whose_seat_an_observer_is_asked_to_take_is_told_so(world, server):
    """Issue 12: also where nobody is asked who was not asked before."""
    group = await proposed(world, server, 3, in_room=False)
    kim = group.client
    answer = private(await kim.click(server.dojo.history()[-1], label="Read and answer"))
    await kim.click(answer, label="Agree, with notes")
    await group.coach.slash(group.room, "round replace", member=kim, by=group.observer)
    await world.later(2)
    card = server.dojo.history()[-1]
    assert f"{kim.mention} was asked before." in text(card)
    assert kim.id in pinged(world, card)


async def test_a_person_who_is_in_no_round_of_the_evening_joins_by_round_now(world, server):
    """Issue 12: also who could not come, or was sent away."""
    evening, people = await boarding(world, server, 8)
    declining, sent = an_observer(evening, 1, people), an_observer(evening, 2, people)
    await declining.click(room_card(evening, 1), label="I cannot come")
    await missing(evening, 2, sent.id)
    await world.env.settle()
    for person in (declining, sent):
        await world.later(1)
        shown = private(await person.slash(server.dojo, "round now"))
        assert "you are in no round of it right now" in text(shown)
        said = private(await person.click(shown, label="Join"))
        assert "your room is" in text(said)


async def test_a_public_thread_and_a_thread_of_others_stay_as_they_are(world, server):
    """D1: nothing is changed in a place that is not the bot's own, or that everybody reads."""
    for is_private in (False, True):
        thread = server.thread(name=f"private {is_private}")
        if is_private:
            world.env.backend.get_channel(thread.id).type = 12
        people = [server.member(f"{name}{is_private}") for name in "abcd"]
        for one in people:
            world.env.backend.add_thread_member(thread.id, one.id)
        group = await proposed(world, server, people, channel=thread)
        await group.agree()
        await leave_round(group, people[3])
        await world.env.settle()
        assert people[3].id in readers(world, thread)


async def test_nobody_is_taken_out_because_the_round_is_erased(world, server):
    """D1: its people go on reading what they have written to each other."""
    group = await coaching(world, server)
    role = private(await group.press(group.client, "My role now"))
    asked = private(await group.client.click(role, label="Erase this round…"))
    await group.client.click(asked, label="Erase it")
    await world.env.settle()
    assert readers(world, group.room) == {one.id for one in group.people}
