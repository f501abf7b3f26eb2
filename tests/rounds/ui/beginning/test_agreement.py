"""The agreement before a round: what it says, everybody's own answer, and how it begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from discord.utils import format_dt

from bot.dojos.service.dojos import DojoService
from bot.kit.person import Person
from tests.rounds.ui.steps import cards, lines, pressable, private, proposed, rows, silently, title
from tests.simulation.world import labels, text, told

MINUTE = 60
HOUR = 60 * MINUTE


def agreements(world) -> list[str]:
    """What everybody answered, coach first, as it is on disk."""
    return [row["agreement"] for row in rows(world, "round_people")]


async def open_to_all(world, server, people=3, **how):
    """A proposed round in a room that everybody of the server can see."""
    return await proposed(world, server, people, channel=server.thread(), **how)


# The card


async def test_the_agreement_names_everybody_with_their_role(world, server):
    group = await proposed(world, server, 4)

    carla, kim, olu, pia = (person.user.mention for person in group.people)
    said = text(group.card)
    assert f"🎧 **Coach** {carla}\n🙋 **Client** {kim}\n👀 **Observers** {olu} and {pia}" in said


async def test_the_agreement_shows_the_format_and_when_it_would_be_over(world, server):
    group = await proposed(world, server)

    said = text(group.card)
    assert "**Classic triad** · 30 min, 18 of them coaching" in said
    assert "Agree 2 · Coaching 18 · Write 1 · Coach’s own view 2 · Client 2" in said
    # Thirty minutes, and the soft landing.
    over_at = format_dt(world.env.now() + timedelta(minutes=31), "t")
    assert f"If it begins now, it is over by {over_at}." in said


async def test_the_agreement_says_what_is_stored(world, server):
    said = text((await proposed(world, server)).card)

    assert "I store who had which role, for how long, what the coach wants watched" in said
    assert "nothing of a round that does not begin" in said
    assert "Coaches repeat their client’s words" in said


async def test_the_agreement_says_how_long_this_dojo_keeps_what(world, server):
    """GDPR 5(1)(e): the times are those of the dojo, not the usual ones."""
    dojo = world.bot.services[DojoService].get(server.dojo.id)
    await world.bot.services[DojoService].set_up(
        dojo.guild_id,
        dojo.channel_id,
        replace(dojo.settings, quote_days=7, code_months=3, attendance_months=6),
        Person(1, server.id, managed=frozenset({server.dojo.id})),
    )
    group = await proposed(world, server)
    said = text(group.card)
    assert "Names stay on a round for 6 months, codes for 3 months, quoted words for 7" in said


async def test_the_agreement_is_about_confidentiality(world, server):
    said = text((await proposed(world, server)).card)

    assert "What the client shares stays in this group. Nobody records." in said
    assert "This is practice among adults, not therapy." in said
    assert "Anybody can stop at any time; no reason needed." in said


async def test_what_can_be_done_about_a_proposed_round(world, server):
    assert labels((await proposed(world, server)).card) == [
        "Agree, with notes",
        "Agree, without notes",
        "I cannot come",
        "Begin now",
        "Coach: what to watch",
        "Join as observer",
        "Change…",
    ]


async def test_a_person_who_starts_a_round_learns_where_it_is(world, server):
    group = await proposed(world, server)

    assert private(group.answer)
    assert f"in <#{group.room.id}>" in text(group.answer.response)


# Everybody's answer


async def test_the_card_shows_who_has_answered_but_not_what(world, server):
    group = await proposed(world, server)
    await group.press(group.coach, "Agree, with notes")
    await group.press(group.observer, "Agree, without notes")

    carla, kim, olu = (person.user.mention for person in group.people)
    assert f"✅ Agreed: {carla} and {olu}\n⏳ Asked: {kim}" in text(group.card)


@pytest.mark.parametrize(
    ("label", "kept", "said"),
    [
        ("Agree, with notes", "notes", "**with notes** about the coach’s words and acts"),
        ("Agree, without notes", "no-notes", "**without notes**. That is as good as with them."),
    ],
)
async def test_an_answer_is_kept_and_confirmed_in_private(world, server, label, kept, said):
    group = await proposed(world, server)

    answer = await group.press(group.client, label)

    assert said in text(private(answer))
    assert agreements(world) == ["open", kept, "open"]


async def test_an_answer_can_be_changed(world, server):
    group = await proposed(world, server)
    await group.press(group.client, "Agree, with notes")

    await group.press(group.client, "Agree, without notes")

    assert agreements(world) == ["open", "no-notes", "open"]


async def test_a_round_begins_with_the_last_answer(world, server):
    group = await proposed(world, server)
    await group.press(group.coach, "Agree, with notes")
    await group.press(group.client, "Agree, without notes")
    assert title(group.card) == "🤝 A practice round, before it begins"

    await group.press(group.observer, "Agree, with notes")

    assert title(group.card) == "📜 Agree"
    assert "The round has begun." in text(cards(group.room)[0])
    assert labels(cards(group.room)[0]) == []


async def test_a_person_who_is_not_asked_cannot_answer(world, server):
    group = await open_to_all(world, server)

    answer = await group.press(server.member("zoe"), "Agree, with notes")

    assert "You are not in this round." in told(answer)
    assert agreements(world) == ["open"] * 3


# Begin now


async def leads_agree(group):
    """Coach and client agree; the observers have not answered."""
    for one in (group.coach, group.client):
        await group.press(one, "Agree, with notes")


async def test_a_person_who_started_it_begins_without_waiting_for_the_observers(world, server):
    group = await proposed(world, server)
    await leads_agree(group)

    answer = await group.press(group.coach, "Begin now")

    assert silently(answer)
    assert title(group.card) == "📜 Agree"


async def test_a_person_who_has_not_answered_is_only_asked(world, server):
    group = await proposed(world, server)
    await leads_agree(group)
    await group.press(group.coach, "Begin now")

    role = private(await group.press(group.observer, "My role now"))

    assert agreements(world) == ["notes", "notes", "open"]
    assert "You are asked to observe this round." in text(role)


async def test_a_person_who_has_not_answered_can_still_do_so_while_the_round_runs(world, server):
    group = await proposed(world, server)
    await leads_agree(group)
    await group.press(group.coach, "Begin now")
    role = private(await group.press(group.observer, "My role now"))

    await group.observer.click(role, label="Agree, with notes")

    assert agreements(world) == ["notes", "notes", "notes"]


async def test_a_facilitator_may_begin(world, server):
    group = await open_to_all(world, server)
    await leads_agree(group)

    await group.press(server.manager(), "Begin now")

    assert title(group.card) == "📜 Agree"


@pytest.mark.parametrize("who", ["client", "observer", "stranger"])
async def test_nobody_else_may_begin(world, server, who):
    group = await open_to_all(world, server)
    person = server.member("zoe") if who == "stranger" else getattr(group, who)

    answer = await group.press(person, "Begin now")

    assert "Only whoever started this round, or a facilitator" in told(answer)
    assert title(group.card) == "🤝 A practice round, before it begins"


async def test_begin_now_pressed_by_two_at_once_begins_once(world, server):
    group = await open_to_all(world, server)
    await leads_agree(group)
    fay = server.manager()

    _, second = await world.together(
        lambda: group.coach.click(group.card, label="Begin now"),
        lambda: fay.click(group.card, label="Begin now"),
    )

    assert "The round has begun already" in told(second)
    assert len(pressable(group.room)) == 1


async def test_a_round_with_too_few_people_left_does_not_begin(world, server):
    group = await proposed(world, server)
    await group.press(group.observer, "I cannot come")

    answer = await group.press(group.coach, "Begin now")

    assert "**Classic triad** is for 3–4 people; you are 2." in told(answer)
    assert "**Pair** is for as many." in told(answer)


# Someone cannot come


async def test_an_observer_who_cannot_come_is_taken_off_at_once(world, server):
    group = await proposed(world, server, 4)

    answer = await group.press(group.observer, "I cannot come")

    assert silently(answer)
    assert group.observer.user.mention not in text(group.card)
    assert lines(group.room) == [f"-# 📭 {group.observer.user.mention} cannot take part this time."]


@pytest.mark.parametrize("who", ["coach", "client"])
async def test_a_coach_or_client_who_cannot_come_is_asked_first(world, server, who):
    group = await proposed(world, server)

    question = private(await group.press(getattr(group, who), "I cannot come"))

    assert f"You are asked to be the {who}. Without you the round is called off" in text(question)
    assert labels(question) == ["I cannot come", "I will come"]
    assert labels(group.card) != []


@pytest.mark.parametrize("who", ["coach", "client"])
async def test_without_its_coach_or_client_a_round_is_called_off(world, server, who):
    group = await proposed(world, server)
    person = getattr(group, who)
    question = private(await group.press(person, "I cannot come"))

    await person.click(question, label="I cannot come")

    assert "The round is called off" in text(question)
    assert title(group.card) == "📭 The round is called off"
    assert f"{person.user.mention} cannot take part this time." in text(group.card)
    assert pressable(group.room) == []


async def test_a_coach_who_comes_after_all_changes_nothing(world, server):
    group = await proposed(world, server)
    question = private(await group.press(group.coach, "I cannot come"))

    await group.coach.click(question, label="I will come")

    assert labels(question)[:2] == ["Agree, with notes", "Agree, without notes"]
    await group.agree()
    assert title(group.card) == "📜 Agree"


# Joining


async def test_someone_joins_as_observer(world, server):
    group = await open_to_all(world, server)
    zoe = server.member("zoe")

    answer = await group.press(zoe, "Join as observer")

    assert silently(answer)
    assert f"**Observers** {group.observer.user.mention} and {zoe.user.mention}" in text(group.card)
    assert lines(group.room) == [f"-# 👀 {zoe.user.mention} joins as an observer."]


async def test_a_person_who_joined_is_waited_for(world, server):
    group = await open_to_all(world, server)
    zoe = server.member("zoe")
    await group.press(zoe, "Join as observer")
    await group.agree()
    assert title(group.card) == "🤝 A practice round, before it begins"

    await group.press(zoe, "Agree, with notes")

    assert title(group.card) == "📜 Agree"


async def test_nobody_joins_a_full_round(world, server):
    group = await open_to_all(world, server, 4)

    answer = await group.press(server.member("zoe"), "Join as observer")

    assert "This round takes nobody more right now." in told(answer)


async def test_nobody_joins_twice(world, server):
    group = await proposed(world, server)

    answer = await group.press(group.observer, "Join as observer")

    assert "You are in this round already." in told(answer)
