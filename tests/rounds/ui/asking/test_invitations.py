"""Asking people into a round: a card in the dojo, an answer in private, and the room on a yes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.rehearsal import simulation
from tests.rounds.ui.beginning.test_start import ALL_BUT_PRIVATE
from tests.rounds.ui.steps import (
    Group,
    cards,
    custom_ids,
    lines,
    pressable,
    private,
    proposed,
    rows,
    running,
    start,
    title,
)
from tests.rounds.ui.trouble import (
    bot_may,
    delete_channel,
    delete_message,
    direct_messages,
    lost_answers,
    pinged,
    refusing,
)
from tests.simulation.world import labels, text, told

HOUR = 60 * 60
ASKED = "Read and answer"


async def asked(world, server, people: Any = 3, **how: Any) -> Group:
    """A round whose people are asked in the dojo; only its coach, who starts it, is in the room."""
    return await proposed(world, server, people, in_room=False, **how)


def invitation(server) -> Any:
    """The latest card in the dojo that asks people into a round."""
    return cards(server.dojo)[-1]


def in_room(world, group) -> set[int]:
    """Who is in the thread, without the bot."""
    thread = world.env.backend.get_channel(group.room.id)
    return set(thread.thread_members) - {world.env.backend.bot_user.id}


async def opened(server, person) -> Any:
    """What a person gets who presses Read and answer."""
    return private(await person.click(invitation(server), label=ASKED))


async def says_yes(server, person, label: str = "Agree, with notes") -> Any:
    """A person opens the agreement from the dojo and agrees."""
    return await person.click(await opened(server, person), label=label)


# The card


async def test_nobody_is_added_to_a_thread_before_their_yes(world, server):
    """H3: the starter takes part, so they are in the room; the others are asked in the dojo."""
    group = await asked(world, server)

    assert in_room(world, group) == {group.coach.id}
    assert pinged(world, invitation(server)) == {
        group.client.id,
        group.observer.id,
    }


async def test_the_card_in_the_dojo_says_who_asks_whom_into_what(world, server):
    group = await asked(world, server)

    carla, kim, olu = (person.user.mention for person in group.people)
    first, count = text(invitation(server)).splitlines()
    assert first == (
        f"🤝 {carla} asks {kim} (client) and {olu} (observer) into a practice round:"
        " **Classic triad**, 30 min."
    )
    assert count == "-# 0 of 2 have answered. Nobody is added to the room before their yes."
    assert labels(invitation(server)) == [ASKED]


async def test_a_card_in_a_thread_mentions_nobody_who_has_not_said_yes(world, server):
    """H3: Discord adds people to a thread when a message there notifies them, new or edited."""
    group = await asked(world, server)
    await group.press(group.coach, "Agree, with notes")

    sent = [
        one.json
        for one in world.env.http_requests
        if f"/channels/{group.room.id}/messages" in one.path and isinstance(one.json, dict)
    ]
    assert len(sent) > 1
    assert {user for one in sent for user in one["allowed_mentions"].get("users", [])} <= {
        group.coach.id,
        str(group.coach.id),
    }


async def test_a_person_who_starts_a_round_learns_that_and_where_the_others_are_asked(
    world, server
):
    group = await asked(world, server)

    said = text(private(group.answer))
    assert f"in <#{group.room.id}>" in said
    assert f"I ask {group.client.user.mention} and {group.observer.user.mention} in" in said


async def test_a_facilitator_who_starts_a_round_for_others_is_in_its_room(world, server):
    fay = server.manager()

    group = await asked(world, server, by=fay)

    assert in_room(world, group) == {fay.id}
    assert "asks" in text(invitation(server))
    assert pinged(world, invitation(server)) == {p.id for p in group.people}


async def test_a_member_who_starts_a_round_for_others_is_not_in_its_room(world, server):
    group = await asked(world, server, by=server.member("fin"))

    assert in_room(world, group) == set()


async def test_a_public_thread_is_asked_for_in_the_dojo_too(world, server):
    simulation.restrict_bot(world.env, server.handle, ALL_BUT_PRIVATE)

    group = await asked(world, server)

    assert in_room(world, group) == {group.coach.id}
    assert ASKED in labels(invitation(server))


async def test_the_name_of_a_public_thread_says_nothing_of_its_people(world, server):
    """H19: everybody sees the list of threads."""
    simulation.restrict_bot(world.env, server.handle, ALL_BUT_PRIVATE)

    group = await asked(world, server)

    assert group.room.name == "Practice round"


@pytest.mark.parametrize("where", ["thread", "voice"])
async def test_in_a_room_that_everybody_can_see_its_own_card_asks(world, server, where):
    room = server.thread() if where == "thread" else server.handle.create_voice_channel("Room 1")

    group = await asked(world, server, channel=room)

    assert cards(server.dojo) == []
    assert pinged(world, group.card) == {person.id for person in group.people}


# The answer


async def test_the_agreement_is_read_in_private_and_in_full(world, server):
    group = await asked(world, server)

    card = await opened(server, group.client)

    said = text(card)
    assert said.startswith("You are asked to be the **client**.")
    assert "What the client shares stays in this group. Nobody records." in said
    assert "nobody observes the coaching without the client’s yes" in said
    assert labels(card) == [
        "Agree, with notes",
        "Agree, without notes",
        "I cannot come",
        "Do not ask me again…",
    ]


@pytest.mark.parametrize("label", ["Agree, with notes", "Agree, without notes"])
async def test_a_yes_lets_in_and_says_where(world, server, label):
    """H3: on their yes people are added to the room."""
    group = await asked(world, server)
    card = await opened(server, group.client)

    await group.client.click(card, label=label)

    assert in_room(world, group) == {group.coach.id, group.client.id}
    said = text(card)
    assert "You have agreed" in said
    assert f"https://discord.com/channels/{server.id}/{group.room.id}" in said
    assert labels(card) == []


async def test_the_card_counts_answers_and_tells_neither_whose_nor_which(world, server):
    group = await asked(world, server)
    before = text(invitation(server)).splitlines()[0]

    await says_yes(server, group.client)
    one = text(invitation(server)).splitlines()
    card = await opened(server, group.observer)
    await group.observer.click(card, label="I cannot come")

    assert one == [before, "-# 1 of 2 have answered. Nobody is added to the room before their yes."]
    two = text(invitation(server)).splitlines()
    assert two == [before, "-# 2 of 2 have answered. Nobody is added to the room before their yes."]
    assert text(card) == "📭 You are not in this round. No reason needed."
    assert in_room(world, group) == {group.coach.id, group.client.id}


async def test_a_client_who_cannot_come_calls_the_round_off_on_the_private_card(world, server):
    group = await asked(world, server)
    card = await opened(server, group.client)
    await group.client.click(card, label="I cannot come")

    await group.client.click(card, label="I cannot come")

    assert text(card) == "📭 The round is called off. Nothing of it is stored."
    assert labels(invitation(server)) == []
    assert "This round does not take place." in text(invitation(server))
    assert in_room(world, group) == {group.coach.id}


async def test_one_who_will_come_after_all_is_back_at_the_agreement_and_answers_there(
    world, server
):
    """6: on the same private card; the starter is not left waiting."""
    group = await asked(world, server)
    card = await opened(server, group.client)
    before = text(card), labels(card)
    await group.client.click(card, label="I cannot come")
    assert labels(card) == ["I cannot come", "I will come"]
    await group.client.click(card, label="I will come")
    assert (text(card), labels(card)) == before
    await group.client.click(card, label="Agree, without notes")
    answers = {row["user_id"]: row["agreement"] for row in rows(world, "round_people")}
    assert answers[group.client.id] == "no-notes"


async def test_a_person_who_has_answered_can_open_it_again_and_change_it(world, server):
    group = await asked(world, server)
    await says_yes(server, group.client)
    await world.later(1)

    card = await opened(server, group.client)

    assert f"The room: <#{group.room.id}>" in text(card)
    assert "Agree, with notes" not in labels(card)
    await group.client.click(card, label="Agree, without notes")
    answers = {row["user_id"]: row["agreement"] for row in rows(world, "round_people")}
    assert answers[group.client.id] == "no-notes"


async def test_others_cannot_answer(world, server):
    await asked(world, server)
    zoe = server.member("zoe")

    answer = await zoe.click(invitation(server), label=ASKED)

    assert told(answer) == "This card asks other people. It is for those whom it names."


async def test_when_all_have_answered_the_round_begins_and_the_card_asks_nobody(world, server):
    group = await asked(world, server)
    await says_yes(server, group.client)
    await says_yes(server, group.observer)
    await group.press(group.coach, "Agree, with notes")

    assert title(group.card) == "📜 Agree"
    assert labels(invitation(server)) == []
    assert "This round has begun." in text(invitation(server))
    assert in_room(world, group) == {person.id for person in group.people}


async def test_a_person_who_is_in_another_round_leaves_it_for_this_one_from_the_dojo(world, server):
    ann, ben = server.member("ann"), server.member("ben")
    group = await asked(world, server)
    other = await running(world, server, [ann, ben, group.client])
    card = private(await group.client.click(cards(server.dojo)[0], label=ASKED))
    asks = private(await group.client.click(card, label="Agree, with notes"))

    await group.client.click(asks, label="Leave it and come here")

    assert group.client.id in in_room(world, group)
    assert group.client.user.mention in text(other.card) or "left" in "".join(lines(other.room))


# The room refuses


async def test_a_person_who_cannot_be_added_has_the_link_and_the_starter_is_told(world, server):
    group = await asked(world, server)
    kim = group.client
    world.env.inject_error("PUT", f"/channels/*/thread-members/{kim.id}", status=403, code=50001)

    card = await opened(server, kim)
    await kim.click(card, label="Agree, with notes")

    assert "⚠️ I could not add you to it." in text(card)
    assert f"https://discord.com/channels/{server.id}/{group.room.id}" in text(card)
    (line,) = lines(group.room)
    assert f"{kim.user.mention} has agreed, and I could not add them" in line
    assert {row["agreement"] for row in rows(world, "round_people")} == {"open", "notes"}


async def test_one_who_starts_for_others_is_told_by_message_that_someone_stays_outside(
    world, server
):
    fin = server.member("fin")
    group = await asked(world, server, by=fin)
    world.env.inject_error(
        "PUT", f"/channels/*/thread-members/{group.client.id}", status=403, code=50001
    )

    await says_yes(server, group.client)

    assert len(fin.user.dm_channel.history()) == 1
    assert lines(group.room) == []


async def test_when_discord_is_in_trouble_who_agreed_is_added_a_little_later(world, server):
    group = await asked(world, server)
    card = await opened(server, group.client)
    with refusing(world, 503, what=f"thread-members/{group.client.id}", method="PUT"):
        await group.client.click(card, label="Agree, with notes")
        assert "I could not add you to it." in text(card)

    await world.later(11)

    assert group.client.id in in_room(world, group)


async def test_where_the_bot_may_not_write_in_the_dojo_no_thread_is_opened(world, server):
    carla, kim, olu = (server.member(name) for name in ("carla", "kim", "olu"))
    bot_may(world, server.dojo, send_messages=False)

    answer = await start(carla, server.dojo, carla, kim, olu)

    assert "I lack **Send Messages**" in told(answer)
    assert server.dojo.threads == []


# What becomes of it


@pytest.mark.parametrize("how", ["lapsed", "called off", "room deleted"])
async def test_the_card_of_a_round_that_does_not_begin_asks_nobody(world, server, how):
    group = await asked(world, server)
    if how == "lapsed":
        await world.later(HOUR)
    elif how == "called off":
        change = private(await group.press(group.coach, "Change…"))
        await group.coach.click(change, label="Call it off")
    else:
        await delete_channel(world, group.room)
        await world.later(1)

    card = next(one for one in cards(server.dojo) if "practice round" in text(one).lower())
    assert labels(card) == []
    assert "This round does not take place." in text(card)
    assert rows(world, "invitations") == []
    assert rows(world, "invited_people") == []


async def test_a_person_who_is_still_asked_when_the_round_has_begun_can_still_answer(world, server):
    group = await asked(world, server, 4)
    for person in (group.client, group.people[3]):
        await says_yes(server, person)
    await group.press(group.coach, "Agree, with notes")

    await group.press(group.coach, "Begin now")

    assert labels(invitation(server)) == [ASKED]
    assert "The round has begun." in text(invitation(server))
    card = await opened(server, group.observer)
    assert "I cannot come" not in labels(card)
    await group.observer.click(card, label="Agree, with notes")
    assert labels(invitation(server)) == []
    assert group.observer.id in in_room(world, group)


async def test_an_old_card_says_that_the_round_is_over(world, server):
    group = await asked(world, server)
    custom_id = custom_ids(invitation(server))[ASKED]
    with refusing(world, 403, room=server.dojo, method="PATCH", what="messages/*"):
        await world.later(HOUR)

    answer = await group.client.click(invitation(server), custom_id=custom_id)

    assert "That round is over." in told(answer)


async def test_a_deleted_card_does_no_harm(world, server):
    group = await asked(world, server)
    kims, olus = await opened(server, group.client), await opened(server, group.observer)
    await delete_message(world, invitation(server))

    await group.client.click(kims, label="Agree, with notes")
    await group.observer.click(olus, label="Agree, with notes")
    await group.press(group.coach, "Agree, with notes")

    assert title(group.card) == "📜 Agree"
    assert cards(server.dojo) == []


async def test_a_newcomer_is_asked_by_a_card_of_their_own(world, server):
    group = await asked(world, server)
    ruth = server.member("ruth")

    await group.coach.slash(group.room, "round replace", member=group.observer, by=ruth)

    first, second = cards(server.dojo)
    assert labels(first) == []
    assert pinged(world, second) == {ruth.id}
    assert f"{group.client.user.mention} (client) and {ruth.user.mention}" in text(second)
    assert in_room(world, group) == {group.coach.id}


# Restarts


@pytest.mark.parametrize("crash", [False, True])
async def test_a_card_outlives_a_restart_and_is_posted_once(world, server, crash):
    group = await asked(world, server)
    await world.restart(crash=crash)

    assert len(cards(server.dojo)) == 1
    await says_yes(server, group.client)
    assert "1 of 2 have answered" in text(invitation(server))
    assert group.client.id in in_room(world, group)


async def test_a_card_whose_posting_was_not_confirmed_is_the_same_message_again(world, server):
    """Discord takes a second message with the same nonce for the first."""
    carla, kim, olu = (server.member(name) for name in ("carla", "kim", "olu"))
    with lost_answers(world):
        await start(carla, server.dojo, carla, kim, olu)
    assert rows(world, "invitations") == []
    await world.restart(crash=True)
    await world.env.settle()

    path = f"/channels/{server.dojo.id}/messages"
    sent = [one.json for one in world.env.http_requests if (one.method, one.path) == ("POST", path)]
    assert len(sent) > 1
    assert len({one["nonce"] for one in sent}) == 1
    assert len(rows(world, "invitations")) == 1


async def test_what_happened_while_the_bot_was_away_is_on_the_card_afterwards(world, server):
    await asked(world, server)

    await world.away(2 * HOUR)

    assert labels(invitation(server)) == []
    assert rows(world, "invitations") == []


async def test_a_person_who_agreed_just_before_a_crash_is_added_after_it(world, server):
    group = await asked(world, server)
    card = await opened(server, group.client)
    with refusing(world, 503, what=f"thread-members/{group.client.id}", method="PUT"):
        await group.client.click(card, label="Agree, with notes")

    await world.restart(crash=True)

    assert group.client.id in in_room(world, group)


# Two at once, and people who go


async def test_two_answers_at_once_are_both_counted(world, server):
    group = await asked(world, server)
    kims, olus = await opened(server, group.client), await opened(server, group.observer)

    await world.together(
        lambda: group.client.click(kims, label="Agree, with notes"),
        lambda: group.observer.click(olus, label="Agree, with notes"),
    )

    assert "2 of 2 have answered" in text(invitation(server))
    assert in_room(world, group) == {person.id for person in group.people}


async def test_a_person_who_has_everything_erased_is_on_no_card(world, server):
    group = await asked(world, server, 4)
    card = private(await group.observer.slash(server.dojo, "my forget"))
    assert "1 question into a round" in text(card)

    await group.observer.click(card, label="Erase")

    assert group.observer.user.mention not in text(invitation(server))
    assert group.observer.id not in {row["user_id"] for row in rows(world, "invited_people")}


async def test_a_dojo_that_is_closed_meanwhile_keeps_no_one_from_answering(world, server):
    group = await asked(world, server)
    await server.stop()
    card = next(one for one in cards(server.dojo) if ASKED in labels(one))

    answer = private(await group.client.click(card, label=ASKED))
    await group.client.click(answer, label="Agree, with notes")

    assert group.client.id in in_room(world, group)
    assert direct_messages(group.client) == []
    assert pressable(group.room)
