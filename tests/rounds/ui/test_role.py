"""My role now: what is mine to do in this part of the round, and how long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from discord.utils import format_dt

from tests.rounds.ui.steps import (
    Group,
    coaching,
    custom_ids,
    lines,
    posts,
    private,
    proposed,
    rows,
    running,
    title,
)
from tests.rounds.ui.trouble import leave_by, role_of
from tests.simulation.world import labels, text, told

MINUTE = 60
BEGINS = {"agree": 0.1, "coach": 2, "write": 21, "observers": 26, "next": 30}
"""At which minute of a classic triad each of these parts begins."""
BRIEFS = {
    ("coach", "agree"): ("Say what you would like watched", "Do not begin to coach yet"),
    ("client", "agree"): ("Say what you need to feel at ease", "Do not tell the story yet"),
    ("observer", "agree"): ("Listen to what the coach would like watched", "Do not add wishes"),
    ("coach", "coach"): ("Follow the client", "Do not explain or defend"),
    ("client", "coach"): ("Bring a real, current topic", "Never play a part"),
    ("observer", "coach"): ("one tap notes the coach’s words and acts", "Do not coach the client"),
    ("coach", "write"): ("Write for yourself", "Do not ask yet how it was"),
    ("client", "write"): ("Write for yourself", "Do not go on with the topic"),
    ("observer", "write"): ("Choose from what you wrote", "Do not talk or compare"),
    ("coach", "observers"): ("Listen, take what is of use", "Do not explain or defend"),
    ("client", "observers"): ("Lean back: this is about the coach", "You need not answer"),
    ("observer", "observers"): ("Say one thing you saw", "Do not speak about the client’s topic"),
    ("coach", "next"): ("Name one thing you want to try", "Do not make a list"),
    ("client", "next"): ("Listen to the coach", "Do not give the coach a task"),
    ("observer", "next"): ("take one thing along", "Do not suggest anything"),
}


async def role(group: Group, person):
    """The private card of someone who asked for their role."""
    return private(await group.press(person, "My role now"))


@pytest.mark.parametrize("who", ["coach", "client", "observer"])
async def test_the_brief_of_a_role_in_each_part(world, server, who):
    group = await running(world, server)
    began = world.env.now()
    for kind, minute in BEGINS.items():
        await world.later(minute * MINUTE - (world.env.now() - began).total_seconds())

        card = await role(group, getattr(group, who))

        check_brief(card, who, *BRIEFS[who, kind])


def check_brief(card, who: str, does: str, does_not: str) -> None:
    heading, first, second, third, agreed = text(card).splitlines()
    assert heading.endswith(who.title())
    assert first.startswith("✅ ")
    assert does in first
    assert second.startswith("🚫 ")
    assert does_not in second
    assert third.startswith("⏱️ ")
    assert agreed.startswith("-# ✅ You have agreed, **with notes**")


async def test_a_brief_says_until_when(world, server):
    group = await coaching(world, server)
    until = group.card.created_at + timedelta(minutes=18)

    card = await role(group, group.observer)

    assert f"⏱️ Coaching until {format_dt(until, 'T')} ({format_dt(until, 'R')})." in text(card)


async def test_a_brief_knows_about_a_pause(world, server):
    group = await coaching(world, server)
    await world.later(4 * MINUTE - 1)
    await group.press(group.coach, "Pause")

    assert "⏱️ Coaching: paused, with 14:00 left." in text(await role(group, group.observer))


async def test_a_brief_knows_when_the_time_is_up(world, server):
    group = await coaching(world, server)
    await world.later(18 * MINUTE + 10)

    assert "⏱️ Coaching: the time is up; it ends softly." in text(await role(group, group.coach))


async def test_a_brief_is_for_one_pair_of_eyes(world, server):
    group = await coaching(world, server)
    before = [post.id for post in posts(group.room)]

    card = await role(group, group.coach)

    assert card.ephemeral
    assert [post.id for post in posts(group.room)] == before


@pytest.mark.parametrize(
    ("who", "buttons"),
    [
        ("coach", ["Coach: what to watch", "Leave the round"]),
        ("client", ["Leave the round", "Erase this round…"]),
        ("observer", ["Leave the round"]),
    ],
)
async def test_what_a_person_can_change(world, server, who, buttons):
    group = await coaching(world, server)

    answers = ["Without notes from now on", "Read the agreement"]
    assert labels(await role(group, getattr(group, who))) == answers + buttons


async def test_before_the_round_begins_it_is_told_by_command(world, server):
    group = await proposed(world, server)

    card = private(await group.client.slash(group.room, "round now"))

    assert "Think of a real, current topic you are willing to share here." in text(card)
    assert labels(card) == ["Agree, with notes", "Agree, without notes"]


# Not in the round


async def test_others_may_join_as_observers_also_late(world, server):
    group = await coaching(world, server, channel=server.thread())
    zoe = server.member("zoe")

    card = await role(group, zoe)
    assert "You are not in this round. You may come as an observer." in text(card)
    await zoe.click(card, label="Join as observer")
    await group.client.click(group.question, label="Let them in")

    assert lines(group.room) == [f"-# 👀 {zoe.user.mention} comes in and observes."]
    assert f"**Observers** {group.observer.user.mention} and {zoe.user.mention}" in text(group.card)
    assert text(await role(group, zoe)).startswith("### 👀 Observer")


async def test_a_person_who_joins_late_takes_part_without_notes_and_is_asked(world, server):
    group = await coaching(world, server, channel=server.thread())
    zoe = server.member("zoe")
    await zoe.click(await role(group, zoe), label="Join as observer")
    await group.client.click(group.question, label="Let them in")

    card = await role(group, zoe)

    assert "You take part **without notes**" in text(card)
    await zoe.click(card, label="With notes from now on")
    assert [row["agreement"] for row in rows(world, "round_people")] == ["notes"] * 4
    assert "With notes from now on" not in labels(await role(group, zoe))


async def test_a_person_who_left_may_come_back_to_the_same_role(world, server):
    group = await coaching(world, server, 4)
    card = await role(group, group.observer)
    await leave_by(group.observer, card)
    card = await role_of(group, group.observer)
    assert "You have left this round." in text(card)

    await group.observer.click(card, label="Come back")
    assert text(card).startswith("### 👀 The client decides")
    await group.client.click(group.question, label="Let them in")

    assert text(await role(group, group.observer)).startswith("### 👀 Observer")
    assert lines(group.room) == [
        f"-# 👋 {group.observer.user.mention} has left the round.",
        f"-# 👀 {group.observer.user.mention} comes in and observes.",
    ]


async def test_a_person_who_is_in_another_round_is_not_let_in(world, server):
    group = await coaching(world, server, channel=server.thread())
    people = [server.member(name) for name in ("ann", "ben", "cyd")]
    other = await running(world, server, people)
    card = await role(group, people[0])

    answer = await people[0].click(card, label="Join as observer")

    assert f"{people[0].user.mention} (<#{other.room.id}>) is in another round" in told(answer)


# After a change of roles


async def relay_after(world, server, minutes: float) -> Group:
    """A relay; in its first change of coach, the first observer has taken the seat."""
    group = await running(world, server, 5, format="relay-30")
    if minutes > 8:
        await world.later(8 * MINUTE + 10)
        await group.press(group.observer, "I will coach")
        minutes -= 8.2
    await world.later(minutes * MINUTE)
    return group


async def test_after_a_swap_everybody_is_told_the_new_role(world, server):
    group = await relay_after(world, server, 3)
    assert text(await role(group, group.coach)).startswith("### 🎧 Coach")
    assert text(await role(group, group.observer)).startswith("### 👀 Observer")

    await world.later(5 * MINUTE)

    assert title(group.card) == "🔄 Change of coach"
    await group.press(group.observer, "I will coach")
    former, coach = await role(group, group.coach), await role(group, group.observer)
    assert text(former).startswith("### 👀 Observer")
    assert "If you have just coached: thank you, you observe from here." in text(former)
    assert text(coach).startswith("### 🎧 Coach")
    assert "It is your turn to coach: begin where the client is now." in text(coach)


async def test_a_brief_asked_for_before_a_swap_does_nothing_for_the_former_coach(world, server):
    group = await relay_after(world, server, 3)
    old = await role(group, group.coach)
    await world.later(5 * MINUTE)
    await group.press(group.observer, "I will coach")

    answer = await group.coach.click(old, label="Coach: what to watch")

    assert answer.modal is None
    assert told(answer) == "That is for the coach of this round."


async def test_after_a_swap_only_the_new_coach_may_end_the_round_quietly(world, server):
    group = await relay_after(world, server, 9)

    former = await group.press(group.coach, "I need a moment")
    coach = await group.press(group.observer, "I need a moment")

    assert labels(private(former)) == ["Resume", "Leave the round"]
    assert labels(private(coach)) == ["Resume", "Leave the round", "End the round"]


async def test_a_person_who_takes_over_is_told_the_new_role(world, server):
    group = await coaching(world, server, 4)
    await group.press(group.client, "I need a moment")
    card = await role(group, group.coach)
    await leave_by(group.coach, card)

    await group.press(group.observer, "I coach on")

    assert text(await role(group, group.observer)).startswith("### 🎧 Coach")


async def test_a_role_asked_for_after_a_restart_is_that_of_now(world, server):
    group = await relay_after(world, server, 3)
    await world.restart(crash=True)
    await world.later(5 * MINUTE)
    await group.press(group.observer, "I will coach")

    assert text(await role(group, group.observer)).startswith("### 🎧 Coach")


async def test_the_button_of_an_old_card_tells_the_role_of_now(world, server):
    group = await running(world, server)
    card, custom_id = group.card, custom_ids(group.card)["My role now"]
    await world.later(90)
    world.env.inject_error(
        "PATCH", f"/channels/{group.room.id}/messages/{card.id}", status=403, code=50013
    )
    await world.later(60)

    brief = private(await group.client.click(card, custom_id=custom_id))

    assert "⏱️ Coaching until" in text(brief)
