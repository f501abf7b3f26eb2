"""What `/round start` may ask of people: how often, whom, from where, and what it tells of them."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.dojos.service.dojos import DojoService
from bot.rounds.service.asking import AskingService
from bot.rounds.ui.beginning.start import Proposal
from tests.gatherings.ui.steps import group as people_of_room
from tests.gatherings.ui.trouble import boarding, gathered
from tests.rounds.ui.steps import (
    cards,
    coaching,
    posts,
    private,
    proposed,
    rows,
    running,
    start,
    title,
)
from tests.rounds.ui.trouble import delete_message, leave_by, pinged, second_dojo
from tests.simulation.forged import click
from tests.simulation.world import choose, fields, file_of, labels, text, told

NEUTRAL = "{} cannot be asked into rounds right now. Choose another person."
OFTEN = "{} was asked often enough for now. Choose another person."
MINUTE, HOUR = 60, 60 * 60


def members(server, *names: str) -> list[Any]:
    return [server.member(name) for name in names]


async def chooses(server, person, who: str) -> Any:
    """A person chooses who may ask them into rounds."""
    card = private(await person.slash(server.dojo, "my asking"))
    return await choose(person, card, "Who may ask me", who)


async def keeps_apart(world, server, person, other) -> None:
    """A person says at an evening that they do not want to be in a group with another."""
    evening, _ = await gathered(world, server, 0)
    form = await evening.press(person, "My wishes")
    assert "apart" in fields(form)
    await person.submit_modal(form, {"wish": "any", "languages": [], "apart": [other]})


def said(answer) -> str:
    """The private answer, of a card or a sentence."""
    return text(private(answer))


# One question at a time, and not too often


async def test_one_starter_has_one_open_question(world, server):
    """S9: forty starts with the same person were forty threads and forty pings."""
    mallory, victim, other = members(server, "mallory", "victim", "other")
    answers = [await start(mallory, server.dojo, other, victim) for _ in range(5)]

    assert len(server.dojo.threads) == 1
    assert sum(victim.id in pinged(world, card) for card in cards(server.dojo)) == 1
    assert f"in <#{server.dojo.threads[0].id}>" in said(answers[-1])
    assert labels(private(answers[-1])) == ["Call it off"]


async def test_the_refusal_takes_the_other_question_back(world, server):
    carla, kim, olu, pia = members(server, "carla", "kim", "olu", "pia")
    await start(carla, server.dojo, carla, kim, olu)
    card = private(await start(carla, server.dojo, carla, pia, olu))

    await carla.click(card, label="Call it off")

    assert text(card) == "📭 The round is called off. Nothing of it is stored."
    assert rows(world, "rounds") == []
    await start(carla, server.dojo, carla, pia, olu)
    assert len(rows(world, "rounds")) == 1


async def test_two_questions_of_one_starter_at_once_are_one(world, server):
    carla, kim, olu, pia = members(server, "carla", "kim", "olu", "pia")

    await world.together(
        lambda: start(carla, server.dojo, carla, kim, olu),
        lambda: start(carla, server.dojo, carla, pia, olu),
    )

    assert len(rows(world, "rounds")) == 1
    assert len(server.dojo.threads) == 1


async def test_nobody_is_asked_more_than_three_times_in_an_hour(world, server):
    """S9: no matter who asks."""
    victim = server.member("victim")
    answers = []
    for name in ("ann", "ben", "cyd", "dan"):
        starter, other = members(server, name, f"{name}-2")
        answers.append(await start(starter, server.dojo, other, victim))

    assert len(server.dojo.threads) == 3
    assert said(answers[3]) == OFTEN.format(victim.user.mention)
    await world.later(HOUR)
    starter, other = members(server, "eve", "eve-2")
    assert "The agreement for" in said(await start(starter, server.dojo, other, victim))


async def test_calling_off_does_not_make_the_count_smaller(world, server):
    mallory, victim, other = members(server, "mallory", "victim", "other")
    for _ in range(3):
        await start(mallory, server.dojo, other, victim)
        card = private(await start(mallory, server.dojo, other, victim))
        await mallory.click(card, label="Call it off")

    assert said(await start(mallory, server.dojo, server.member("zoe"), victim)) == OFTEN.format(
        victim.user.mention
    )


async def test_a_person_who_was_asked_often_as_observer_can_be_left_out(world, server):
    victim = server.member("victim")
    for name in ("ann", "ben", "cyd"):
        starter, other = members(server, name, f"{name}-2")
        await start(starter, server.dojo, other, victim)
    dan, eve, fin = members(server, "dan", "eve", "fin")

    card = private(await start(dan, server.dojo, dan, eve, fin, victim))

    assert labels(card) == ["Start without them"]
    await dan.click(card, label="Start without them")
    assert victim.user.mention not in text(cards(server.dojo)[-1])


async def test_a_question_that_got_a_yes_does_not_count(world, server):
    """Three who practise all evening ask each other more often than that."""
    carla, kim, olu = members(server, "carla", "kim", "olu")
    for _ in range(4):
        group = await running(world, server, [carla, kim, olu], format="quick-10")
        await carla.slash(group.room, "round end")

    assert len(server.dojo.threads) == 4


async def test_a_restart_does_not_forget_who_is_asked(world, server):
    victim = server.member("victim")
    for name in ("ann", "ben", "cyd"):
        starter, other = members(server, name, f"{name}-2")
        await start(starter, server.dojo, other, victim)
    await world.restart(crash=True)

    starter, other = members(server, "dan", "dan-2")
    answer = await start(starter, server.dojo, other, victim)

    assert said(answer) == OFTEN.format(victim.user.mention)


async def test_a_seat_is_not_offered_to_who_was_asked_often(world, server):
    group = await proposed(world, server)
    victim = server.member("victim")
    for name in ("ann", "ben", "cyd"):
        starter, other = members(server, name, f"{name}-2")
        await start(starter, server.dojo, other, victim)

    answer = await group.coach.slash(group.room, "round replace", member=group.observer, by=victim)

    assert told(answer) == OFTEN.format(victim.user.mention)


async def test_a_room_of_an_evening_asks_outsiders_as_a_plain_round_does(world, server):
    """S9: “evenings only” is about an evening that the person has joined."""
    evening, people = await boarding(world, server, 3)
    room = evening.dojo.threads[-1]
    coach, _, _ = people_of_room(evening, 1, people)
    kim, victim = members(server, "kim", "victim")
    await chooses(server, kim, "evenings")
    for name in ("ann-2", "ben-2", "cyd-2"):
        starter, other = members(server, name, f"{name}-3")
        await start(starter, server.dojo, other, victim)

    answers = [
        await coach.slash(room, "round replace", member=coach, by=one) for one in (kim, victim)
    ]

    assert [told(one) for one in answers] == [
        NEUTRAL.format(kim.user.mention),
        OFTEN.format(victim.user.mention),
    ]


# From where


@pytest.mark.parametrize("in_thread", [False, True])
async def test_a_person_who_may_not_write_here_has_the_bot_write_nothing(world, server, in_thread):
    """S9: a member without the right to write had the bot open a thread and write in it."""
    mallory, ann, ben = members(server, "mallory", "ann", "ben")
    place = server.thread() if in_thread else server.dojo
    threads = len(server.dojo.threads)
    right = "send_messages_in_threads" if in_thread else "send_messages"
    deny = discord.Permissions(**{right: True})
    overwrite = Overwrite(mallory.id, OverwriteType.MEMBER, 0, deny.value)
    world.env.backend.set_overwrite(server.dojo.id, overwrite)

    answer = await start(mallory, place, mallory, ann, ben)

    assert told(answer).startswith("You may not write ")
    assert len(server.dojo.threads) == threads
    assert posts(place) == []


async def test_one_who_may_not_write_in_the_dojo_asks_nobody_there_from_another_place(
    world, server
):
    """S9: people are asked in the dojo, so the right to write there counts too."""
    mallory, ann, ben = members(server, "mallory", "ann", "ben")
    deny = discord.Permissions(send_messages=True)
    overwrite = Overwrite(mallory.id, OverwriteType.MEMBER, 0, deny.value)
    world.env.backend.set_overwrite(server.dojo.id, overwrite)
    place = server.thread()

    answer = await start(mallory, place, mallory, ann, ben)

    assert told(answer).startswith("You may not write ")
    assert posts(place) == []
    assert not any(
        victim.mention in text(one) for one in posts(server.dojo) for victim in (ann, ben)
    )


# Who does not want to be asked


async def refused_for(world, server, why: str) -> str:
    """What Ann is answered who asks Kim, for one of the reasons that are nobody's business."""
    ann, ben, kim = members(server, "ann", "ben", "kim")
    if why == "nobody":
        await chooses(server, kim, "nobody")
    elif why == "evenings":
        await chooses(server, kim, "evenings")
    elif why == "apart":
        await keeps_apart(world, server, kim, ann)
    else:
        elsewhere = world.guild(name="Elsewhere")
        await elsewhere.set_up()
        there = [elsewhere.member(name) for name in ("xan", "yan")]
        await coaching(world, elsewhere, [*there, elsewhere.handle.add_member(kim.user)])
    answer = said(await start(ann, server.dojo, ann, kim, ben))
    assert rows(world, "rounds") == [] or why == "elsewhere"
    return answer.replace(kim.user.mention, "{}")


@pytest.mark.parametrize("why", ["nobody", "evenings", "apart", "elsewhere"])
async def test_every_reason_that_is_the_persons_own_sounds_the_same(world, server, why):
    """S13, H3: so nobody finds out who blocked whom, or who practises in another server."""
    assert await refused_for(world, server, why) == NEUTRAL


async def test_whom_two_of_the_group_must_not_meet_are_named_together(world, server):
    """H3: whose wish it is, and whose it is not, cannot be told."""
    ann, kim, olu = members(server, "ann", "kim", "olu")
    await keeps_apart(world, server, kim, olu)

    answer = said(await start(ann, server.dojo, ann, kim, olu))

    both = f"{kim.user.mention} and {olu.user.mention}"
    assert answer == f"{both} cannot be asked into rounds right now. Choose another person."


async def test_the_room_of_others_is_not_told_in_their_own_server(world, server):
    """S13: that a person is in a round can be seen there, in which one is not said."""
    group = await coaching(world, server)
    ann, ben = members(server, "ann", "ben")

    answer = said(await start(ann, server.dojo, ann, group.client, ben))

    assert group.client.user.mention in answer
    assert str(group.room.id) not in answer


async def test_a_seat_is_not_offered_to_who_does_not_want_to_be_asked(world, server):
    group = await proposed(world, server)
    zoe = server.member("zoe")
    await chooses(server, zoe, "nobody")

    answer = await group.coach.slash(group.room, "round replace", member=group.observer, by=zoe)

    assert told(answer) == NEUTRAL.format(zoe.user.mention)


async def test_a_person_who_must_not_meet_someone_is_told_the_round_takes_nobody_more(
    world, server
):
    room = server.thread()
    ann, ben, cyd, dan = members(server, "ann", "ben", "cyd", "dan")
    await keeps_apart(world, server, ben, dan)
    group = await proposed(world, server, [ann, ben, cyd], channel=room)

    answer = await group.press(dan, "Join as observer")

    assert told(answer) == "This round takes nobody more right now. You can join the next one."


async def test_a_forged_start_asks_nobody_who_is_not_on_the_server(world, server):
    """S9: the button carries people, and a modified client can put in anybody."""
    ann, ben = members(server, "ann", "ben")
    stranger = world.person("stranger")
    people = Proposal(ann.id, ben.id, (stranger.id,)).packed()

    answer = await click(ann, server.dojo, f"dojo:1:ask:few:{people}:triad-30")

    assert f"<@{stranger.id}> cannot see this channel or is not on this server." in told(answer)
    assert server.dojo.threads == []


async def test_a_forged_start_is_for_as_many_people_as_the_command_takes(world, server):
    people = members(server, *(f"one-of-six-{number}" for number in range(6)))
    ids = [one.id for one in people]
    of_six = Proposal(ids[0], ids[1], tuple(ids[2:])).packed()

    for named in ("", "A" * 11, "A" * 25, of_six):
        answer = await click(people[0], server.dojo, f"dojo:1:ask:few:{named}:mcc-demo-60")
        assert "That round is over." in told(answer)
    assert server.dojo.threads == []


# Choosing it


async def test_the_choice_is_kept_confirmed_and_can_be_changed(world, server):
    kim = server.member("kim")
    before = private(await kim.slash(server.dojo, "my asking"))
    assert "**Anybody.**" in text(before)

    answer = await choose(kim, before, "Who may ask me", "evenings")

    confirmed = text(private(answer))
    assert "### ✅ Saved: Evenings only" in confirmed
    assert "</my asking:" in confirmed
    await world.restart(crash=True)
    assert "**Evenings only.**" in text(private(await kim.slash(server.dojo, "my asking")))
    await chooses(server, kim, "anybody")
    assert rows(world, "asking_choices") == []


async def test_the_choice_holds_on_all_servers_and_in_direct_messages(world, server):
    elsewhere = world.guild(name="Elsewhere")
    await elsewhere.set_up()
    kim = server.member("kim")
    await chooses(server, kim, "nobody")
    there = elsewhere.handle.add_member(kim.user)
    ann, ben = elsewhere.member("ann"), elsewhere.member("ben")

    answer = await start(ann, elsewhere.dojo, ann, there, ben)

    assert said(answer) == NEUTRAL.format(kim.user.mention)


async def test_a_person_who_may_be_asked_at_evenings_only_is_offered_a_seat_there(world, server):
    kim = server.member("kim")
    services = world.bot.services
    await chooses(server, kim, "evenings")
    dojo = services[DojoService].get(server.dojo.id)

    await services[AskingService].check_willing(dojo.id, [kim.id], at_evening=True)


async def test_the_choice_is_exported_and_erased(world, server):
    kim = server.member("kim")
    await chooses(server, kim, "nobody")

    export = private(await kim.slash(server.dojo, "my export"))
    assert '"who_may_ask_me_into_rounds": "nobody"' in await file_of(export, "my-dojo-data.json")
    asked = private(await kim.slash(server.dojo, "my forget"))
    await kim.click(asked, label="Erase")

    assert rows(world, "asking_choices") == []


async def test_a_person_who_is_asked_is_led_to_the_choice(world, server):
    group = await proposed(world, server, in_room=False)
    answer = private(await group.client.click(cards(server.dojo)[-1], label="Read and answer"))

    card = private(await group.client.click(answer, label="Do not ask me again…"))

    assert "### Who may ask me into rounds" in text(card)
    await choose(group.client, card, "Who may ask me", "nobody")
    assert [row["who"] for row in rows(world, "asking_choices")] == ["nobody"]


# Cards that are shown again


async def test_a_card_that_is_shown_again_notifies_nobody(world, server):
    """S9: 25 times /round now were 25 cards that notified everybody."""
    group = await running(world, server, 4)
    first, heading = group.card, title(group.card)
    assert pinged(world, first) == {person.id for person in group.people}

    await group.people[3].slash(group.room, "round now")

    assert group.card.id != first.id
    assert title(group.card) == heading
    assert pinged(world, group.card) == set()


async def test_a_card_that_was_deleted_comes_back_without_notifying_anybody(world, server):
    """S9: who may delete messages could have everybody notified again and again."""
    group = await running(world, server)
    await delete_message(world, group.card)

    await group.observer.slash(group.room, "round pause")

    assert "Paused" in text(group.card)
    assert pinged(world, group.card) == set()


async def test_one_person_brings_a_card_down_three_times_a_minute(world, server):
    """S9: after that they are told where it is; others still may."""
    group = await running(world, server, 4)
    mallory = group.people[3]
    before = len(cards(group.room))
    answers = [await mallory.slash(group.room, "round now") for _ in range(10)]

    assert len(cards(group.room)) == before + 3
    said = text(private(answers[-1]))
    assert "I have just brought the card down for you." in said
    assert f"/{group.room.id}/{group.card.id}" in said
    await group.client.slash(group.room, "round now")
    assert len(cards(group.room)) == before + 4
    await world.later(MINUTE)
    await mallory.slash(group.room, "round now")
    assert len(cards(group.room)) == before + 5


async def test_a_coach_who_is_missing_is_still_asked_for_aloud(world, server):
    """A new question is no repeated card."""
    group = await coaching(world, server, 4)
    role = private(await group.press(group.coach, "My role now"))

    await leave_by(group.coach, role)

    assert "The coach’s seat is empty" in text(group.card)
    assert group.observer.id in pinged(world, group.card)


async def test_another_dojo_of_the_server_counts_the_same(world, server):
    evening = await second_dojo(server)
    carla, kim, olu = members(server, "carla", "kim", "olu")
    await start(carla, server.dojo, carla, kim, olu)

    answer = await start(carla, evening, carla, kim, olu)

    assert "You have asked people into a round already" in said(answer)
    assert evening.threads == []
