"""Observers who come when a round runs: the client lets them in, or they wait for the debrief."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gatherings.ui.trouble import boarding as evening_boarding
from tests.gatherings.ui.trouble import running as evening_running
from tests.rounds.ui.steps import (
    Group,
    cards,
    coaching,
    custom_ids,
    lines,
    posts,
    private,
    proposed,
    rows,
    running,
    say_left,
    title,
)
from tests.rounds.ui.trouble import (
    come_back,
    delete_message,
    in_voice,
    leave,
    lost_answers,
    people_on,
    pinged,
    refusing,
    role_of,
)
from tests.simulation import forged
from tests.simulation.world import labels, text, told

COACHING = 19 * 60
WAITS = "### 👀 The client decides"


async def knocks(group: Group, name: str = "zoe", person: Any = None) -> Any:
    """A person would like to observe: the person, who is waiting now."""
    person = person or group.server.member(name)
    group.world.env.backend.add_thread_member(group.room.id, person.id)
    role = private(await group.press(person, "My role now"))
    await person.click(role, label="Join as observer")
    return person


async def answer_of(group: Group, person: Any) -> str:
    """What a person reads who looks what is theirs to do."""
    return text(await role_of(group, person))


def questions(group: Group) -> list[Any]:
    return [one for one in cards(group.room) if "Let them in" in labels(one)]


def observers(group: Group) -> str:
    return people_on(group.card)["observers"]


# The question


@pytest.mark.parametrize("part", ["Agree", "Coaching"])
async def test_the_client_alone_is_asked_about_who_comes_late(world, server, part):
    """H6: a stranger could join in the middle of the coaching."""
    group = await (running if part == "Agree" else coaching)(world, server)

    zoe = await knocks(group)

    assert observers(group) == group.observer.mention
    (question,) = questions(group)
    first = text(question).splitlines()[0]
    assert first == f"👀 {group.client.mention}: {zoe.mention} would like to observe."
    assert pinged(world, question) == {group.client.id}
    assert labels(question) == ["Let them in", "Not now"]


async def test_a_person_who_comes_late_is_told_what_happens_next(world, server):
    group = await coaching(world, server)
    zoe = server.member("zoe")
    world.env.backend.add_thread_member(group.room.id, zoe.id)
    role = private(await group.press(zoe, "My role now"))

    waiting = private(await zoe.click(role, label="Join as observer"))

    assert text(waiting).startswith(WAITS)
    assert labels(waiting) == ["Do not wait"]


async def test_the_client_lets_them_in(world, server):
    group = await coaching(world, server)
    zoe = await knocks(group)

    await group.client.click(group.question, label="Let them in")

    assert observers(group) == f"{group.observer.mention} and {zoe.mention}"
    assert lines(group.room)[-1] == f"-# 👀 {zoe.mention} comes in and observes."
    assert pinged(world, posts(group.room)[-1]) == {zoe.id}
    assert questions(group) == []
    assert (await answer_of(group, zoe)).startswith("### 👀 Observer")


async def test_a_person_who_is_let_in_has_agreed_to_no_notes(world, server):
    group = await coaching(world, server)
    zoe = await knocks(group)
    await group.client.click(group.question, label="Let them in")

    answers = {row["user_id"]: row["agreement"] for row in rows(world, "round_people")}
    assert answers[zoe.id] == "no-notes"


@pytest.mark.parametrize("answer", ["Not now", None])
async def test_not_now_and_no_answer_look_the_same(world, server, answer):
    """H6: to the person who waits, and to everybody in the room."""
    group = await coaching(world, server)
    zoe = await knocks(group)
    before = [text(one) for one in cards(group.room)], labels(group.question)

    if answer is not None:
        said = text(private(await group.client.click(group.question, label=answer)))
        assert "They are not told" in said

    assert ([text(one) for one in cards(group.room)], labels(group.question)) == before
    assert (await answer_of(group, zoe)).startswith(WAITS)
    await world.later(COACHING)
    assert title(group.card) == "✍️ Write"
    assert observers(group) == f"{group.observer.mention} and {zoe.mention}"
    assert lines(group.room)[-1] == f"-# 👀 {zoe.mention} comes in and observes."
    assert questions(group) == []


async def test_the_client_may_change_a_not_now(world, server):
    group = await coaching(world, server)
    zoe = await knocks(group)
    await group.client.click(group.question, label="Not now")

    await group.client.click(group.question, label="Let them in")

    assert zoe.mention in observers(group)


# Whose answer counts


@pytest.mark.parametrize("label", ["Let them in", "Not now"])
@pytest.mark.parametrize("who", ["coach", "observer", "facilitator", "zoe"])
async def test_nobody_but_the_client_answers(world, server, who, label):
    """H6: facilitators neither."""
    group = await coaching(world, server)
    zoe = await knocks(group)
    fay = server.manager()
    world.env.backend.add_thread_member(group.room.id, fay.id)
    person = {"facilitator": fay, "zoe": zoe}.get(who) or getattr(group, who)

    answer = await forged.click(person, server.dojo, custom_ids(group.question)[label])

    assert told(answer) == "That is for the client of this round."
    assert observers(group) == group.observer.mention


async def test_a_forged_answer_about_someone_who_does_not_wait_lets_nobody_in(world, server):
    group = await coaching(world, server)
    zoe = server.member("zoe")
    round_id = rows(world, "rounds")[0]["id"]

    answer = await forged.click(
        group.client, group.room, f"dojo:1:round:{round_id}:late-yes:{zoe.id}"
    )

    assert told(answer) == "That wish to observe is over."
    assert observers(group) == group.observer.mention


async def test_a_forged_join_from_elsewhere_asks_nobody(world, server):
    """H6: who comes in must be able to see the room."""
    group = await coaching(world, server)
    zoe = server.member("zoe")
    round_id = rows(world, "rounds")[0]["id"]

    answers = [
        await forged.click(zoe, server.dojo, f"dojo:1:round:{round_id}:{about}")
        for about in ("join", "back")
    ]

    assert {told(one) for one in answers} == {
        "Go to the room of that round, and press **My role now** there."
    }
    assert questions(group) == []


async def test_an_old_question_changes_nothing(world, server):
    group = await coaching(world, server)
    await knocks(group)
    ids = custom_ids(group.question)
    await group.client.click(group.question, label="Let them in")
    await world.later(1)
    custom_id = ids["Let them in"]

    again = await forged.click(group.client, group.room, custom_id)
    await group.client.slash(group.room, "round end")
    await world.later(1)
    over = await forged.click(group.client, group.room, custom_id)

    assert "That person is in the round already" in told(again)
    assert "That round is over." in told(over)


async def test_two_presses_at_once_let_in_once(world, server):
    group = await coaching(world, server)
    zoe = await knocks(group)
    yan = await knocks(group, "yan")
    both = questions(group)

    await world.together(
        lambda: group.client.click(both[0], label="Let them in"),
        lambda: group.client.click(both[1], label="Let them in"),
    )

    # A triad is for four.
    assert observers(group) == f"{group.observer.mention} and {zoe.mention}"
    assert yan.mention not in text(group.card)


# Once, and not forever


async def test_asking_again_does_not_ask_the_client_again(world, server):
    group = await coaching(world, server)
    zoe = await knocks(group)
    round_id = rows(world, "rounds")[0]["id"]
    await group.client.click(group.question, label="Not now")

    for _ in range(5):
        await world.later(2)
        world.env.backend.add_thread_member(group.room.id, zoe.id)
        await forged.click(zoe, group.room, f"dojo:1:round:{round_id}:join")

    assert len(questions(group)) == 1


async def test_a_person_who_does_not_wait_any_more_is_not_let_in(world, server):
    group = await coaching(world, server)
    zoe = await knocks(group)
    await zoe.click(await role_of(group, zoe), label="Do not wait")

    assert questions(group) == []
    await world.later(COACHING)
    assert zoe.mention not in text(group.card)


async def test_a_person_who_waits_again_is_asked_about_on_the_same_card(world, server):
    group = await coaching(world, server)
    zoe = await knocks(group)
    posted = len(cards(group.room))
    await zoe.click(await role_of(group, zoe), label="Do not wait")

    await knocks(group, person=zoe)

    assert len(cards(group.room)) == posted
    assert labels(group.question) == ["Let them in", "Not now"]


async def test_the_client_is_asked_about_three_at_most(world, server):
    group = await coaching(world, server)
    for name in ("zoe", "yan", "xan"):
        await knocks(group, name)
    wil = server.member("wil")
    world.env.backend.add_thread_member(group.room.id, wil.id)
    role = private(await group.press(wil, "My role now"))

    answer = await wil.click(role, label="Join as observer")

    assert told(answer) == "This round takes nobody more right now. You can join the next one."
    assert len(questions(group)) == 3


async def test_nobody_asks_to_observe_a_full_round(world, server):
    group = await coaching(world, server, 4)
    zoe = server.member("zoe")
    world.env.backend.add_thread_member(group.room.id, zoe.id)
    role = private(await group.press(zoe, "My role now"))

    answer = await zoe.click(role, label="Join as observer")

    assert told(answer) == "This round takes nobody more right now. You can join the next one."
    assert questions(group) == []


async def test_a_person_who_is_in_another_round_by_then_stays_there(world, server):
    group = await coaching(world, server)
    zoe = await knocks(group)
    ann, ben = server.member("ann"), server.member("ben")
    other = await running(world, server, [ann, ben, zoe])

    assert questions(group) == []
    await world.later(COACHING)
    assert zoe.mention not in text(group.card)
    assert zoe.mention in text(other.card)


# Who left


async def test_an_observer_who_left_is_asked_about_before_they_come_back(world, server):
    """H6: who left decided to go."""
    group = await coaching(world, server, 4)
    await leave(group, group.observer)

    answer = await come_back(group, group.observer)

    assert text(private(answer)).startswith(WAITS)
    assert questions(group) != []
    await group.client.click(group.question, label="Let them in")
    assert group.observer.mention in observers(group)


async def test_a_person_who_was_let_in_before_comes_back_by_themselves(world, server):
    group = await coaching(world, server)
    zoe = await knocks(group)
    await group.client.click(group.question, label="Let them in")
    await leave(group, zoe)

    await come_back(group, zoe)

    assert zoe.mention in observers(group)
    assert questions(group) == []


@pytest.mark.parametrize("who", ["coach", "client"])
async def test_a_coach_or_client_whose_seat_is_empty_comes_back_to_it(world, server, who):
    group = await coaching(world, server, 4)
    person = getattr(group, who)
    await leave(group, person)

    await come_back(group, person)

    assert people_on(group.card)[who] == person.mention
    assert questions(group) == []


async def test_a_person_who_lost_the_connection_comes_back_by_themselves(world, server):
    """They did not leave, and the client agreed to them."""
    server.voice = server.handle.create_voice_channel("Room 1")
    people = await in_voice(server, 4)
    group = await coaching(world, server, people, channel=server.voice)
    await group.observer.leave_voice()
    await world.later(5 * 60)
    assert group.observer.mention not in observers(group)

    await group.observer.join_voice(server.voice)
    await come_back(group, group.observer)

    assert group.observer.mention in observers(group)
    assert questions(group) == []


async def test_a_person_who_left_does_not_observe_by_listening_in(world, server):
    server.voice = server.handle.create_voice_channel("Room 1")
    people = await in_voice(server, 4)
    group = await coaching(world, server, people, channel=server.voice)
    await leave(group, group.observer)
    await group.observer.leave_voice()

    await group.observer.join_voice(server.voice)

    assert group.observer.mention not in observers(group)
    assert questions(group) == []


async def test_whom_others_said_to_have_left_comes_back_by_themselves(world, server):
    group = await coaching(world, server, 4)
    await say_left(group, group.coach, group.observer)
    await world.later(61)

    await come_back(group, group.observer)

    assert group.observer.mention in observers(group)
    assert questions(group) == []


# After the coaching, before the beginning, and at an evening


async def test_after_the_coaching_people_come_by_themselves(world, server):
    group = await coaching(world, server)
    await world.later(COACHING)
    zoe = await knocks(group)

    assert zoe.mention in observers(group)
    assert questions(group) == []


async def test_before_the_beginning_people_come_by_themselves(world, server):
    group = await proposed(world, server, channel=server.thread())
    zoe = server.member("zoe")

    await group.press(zoe, "Join as observer")

    assert zoe.mention in observers(group)


async def test_the_agreement_says_who_may_come_late(world, server):
    group = await proposed(world, server)

    said = text(group.card)

    assert "Once it has begun, nobody observes the coaching without the client’s yes." in said


async def test_at_an_evening_people_who_come_late_observe(world, server):
    """H6: its agreement says so."""
    evening, _ = await evening_running(world, server, 6)
    zoe = server.member("zoe")

    await evening.press(zoe, "Join")

    (seat,) = [row for row in rows(world, "round_people") if row["user_id"] == zoe.id]
    assert (seat["role"], seat["is_here"]) == ("observer", 1)
    assert rows(world, "round_waiting") == []


async def test_the_agreement_of_an_evening_says_that_people_may_come_late(world, server):
    await evening_boarding(world, server, 6)

    said = text(cards(server.dojo.threads[0])[0])

    assert "People who come late may observe." in said
    assert "without the client’s yes" not in said


# Trouble


@pytest.mark.parametrize("crash", [False, True])
async def test_a_person_who_waits_outlives_a_restart(world, server, crash):
    group = await coaching(world, server)
    zoe = await knocks(group)
    await world.restart(crash=crash)

    assert len(questions(group)) == 1
    await group.client.click(group.question, label="Let them in")
    assert zoe.mention in observers(group)


async def test_a_person_who_waited_while_the_bot_was_away_is_let_in_afterwards(world, server):
    group = await coaching(world, server)
    zoe = await knocks(group)

    await world.away(COACHING)

    assert zoe.mention in observers(group)
    assert questions(group) == []


async def test_a_question_whose_posting_was_not_confirmed_is_the_same_message_again(world, server):
    group = await coaching(world, server)
    with lost_answers(world):
        await knocks(group)
    await world.restart(crash=True)
    await world.env.settle()

    path = f"/channels/{group.room.id}/messages"
    sent = [one.json for one in world.env.http_requests if (one.method, one.path) == ("POST", path)]
    asked = [one["nonce"] for one in sent if "would like to observe" in str(one)]
    assert len(asked) > 1
    assert len(set(asked)) == 1


async def test_a_question_that_was_deleted_does_no_harm(world, server):
    group = await coaching(world, server)
    zoe = await knocks(group)
    await delete_message(world, group.question)

    await world.later(COACHING)

    assert zoe.mention in observers(group)


async def test_a_room_that_cannot_be_written_to_lets_people_wait(world, server):
    group = await coaching(world, server)
    with refusing(world, 403, room=group.room):
        zoe = await knocks(group)
    assert questions(group) == []

    await world.later(COACHING)

    assert zoe.mention in observers(group)


async def test_while_the_client_is_gone_nobody_is_asked_and_then_the_next_one_is(world, server):
    group = await coaching(world, server, 4)
    await leave(group, group.client)
    zoe = await knocks(group)
    assert questions(group) == []

    await group.press(group.observer, "I will be the client")

    assert pinged(world, group.question) == {group.observer.id}
    assert zoe.mention in text(group.question)


async def test_a_person_who_has_everything_erased_waits_no_more(world, server):
    group = await coaching(world, server)
    zoe = await knocks(group)
    card = private(await zoe.slash(server.dojo, "my forget"))

    await zoe.click(card, label="Erase")

    assert rows(world, "round_waiting") == []
    assert "This question is over." in "\n".join(text(one) for one in cards(group.room))
    assert questions(group) == []


async def test_nothing_is_kept_of_who_waited_when_the_round_is_over(world, server):
    group = await coaching(world, server)
    zoe = await knocks(group)

    await group.client.slash(group.room, "round end")
    await world.later(1)

    assert rows(world, "round_waiting") == []
    assert questions(group) == []
    assert zoe.id not in {row["user_id"] for row in rows(world, "round_people")}
