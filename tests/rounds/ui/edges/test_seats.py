"""Seats are given to someone else; several people or devices do the same at once."""

from __future__ import annotations

import pytest

from tests.rounds.ui.steps import (
    cards,
    coaching,
    custom_ids,
    lines,
    posts,
    private,
    proposed,
    running,
    silently,
    start,
    title,
)
from tests.rounds.ui.trouble import bring_in, end_of, leave_by, members, people_on, pinged, seats
from tests.simulation import forged
from tests.simulation.world import labels, text, told

ROLES = {"coach": 0, "client": 1, "observers": 2}
ASKED = "{} is asked to take a seat, says {}. The card shows which."


async def replace(group, by, old, new):
    """`/round replace` in the room of the round."""
    return await by.slash(group.room, "round replace", member=old, by=new)


def agreement_of(world, person) -> str:
    """What someone's answer to the agreement is on disk."""
    return next(one["agreement"] for one in seats(world) if one["user_id"] == person.id)


# Handing over before the beginning


@pytest.mark.parametrize("role", ROLES)
async def test_a_seat_is_handed_over_before_the_beginning(world, server, role):
    group, ruth = await proposed(world, server), server.member("ruth")
    old = group.people[ROLES[role]]
    answer = await replace(group, group.people[0], old, ruth)

    assert text(private(answer)) == f"🔁 {ruth.mention} is asked instead of {old.mention} now."
    assert people_on(group.card)[role] == ruth.mention
    assert old.mention not in text(group.card)


async def test_a_newcomer_before_the_beginning_is_notified(world, server):
    group, ruth = await proposed(world, server), server.member("ruth")
    await replace(group, group.coach, group.observer, ruth)
    post = posts(group.room)[-1]

    assert lines(group.room)[-1] == "-# 🔁 " + ASKED.format(ruth.mention, group.coach.mention)
    # A mention in the thread would add them to it: they are asked in the dojo.
    assert pinged(world, post) == set()
    assert pinged(world, posts(group.server.dojo)[-1]) == {ruth.id}


async def test_a_newcomer_before_the_beginning_answers_the_agreement_like_the_others(world, server):
    group = await proposed(world, server)
    ruth = bring_in(group, "ruth")
    await replace(group, group.coach, group.observer, ruth)
    await group.agree(group.coach, group.client)
    assert title(group.card) == "🤝 A practice round, before it begins"
    await group.agree(ruth)

    assert title(group.card) == "📜 Agree"
    assert agreement_of(world, ruth) == "notes"


async def test_a_person_who_was_replaced_before_the_beginning_has_no_part_in_it(world, server):
    group, ruth = await proposed(world, server), server.member("ruth")
    custom_id = custom_ids(group.card)["Agree, with notes"]
    await replace(group, group.coach, group.observer, ruth)
    answer = await forged.click(group.observer, server.dojo, custom_id)

    assert told(answer).startswith("You are not in this round.")
    assert group.observer.id not in {one["user_id"] for one in seats(world)}


# Offering a seat while the clock runs


@pytest.mark.parametrize("role", ["coach", "client"])
async def test_a_seat_that_is_taken_changes_hands_and_the_clock_keeps_what_was_left(
    world, server, role
):
    group = await coaching(world, server, 4)
    old, pia = group.people[ROLES[role]], group.people[3]
    before = end_of(group.card)
    answer = await replace(group, old, old, pia)
    said = f"🪑 {pia.mention} is asked on the card to take the seat of {old.mention}."
    assert text(private(answer)) == said
    await world.later(29)
    assert people_on(group.card)[role] == old.mention
    await group.press(pia, "Take the seat")

    assert people_on(group.card)[role] == pia.mention
    assert old.mention in people_on(group.card)["observers"]
    assert end_of(group.card) == before + 30


async def test_a_person_who_is_offered_a_seat_is_notified_and_nobody_else(world, server):
    group = await coaching(world, server, 4)
    pia = group.people[3]
    await replace(group, group.coach, group.coach, pia)

    assert pinged(world, posts(group.room)[-1]) == {pia.id}


async def test_a_person_who_takes_a_seat_is_told_their_role_in_private(world, server):
    group = await coaching(world, server, 4)
    pia = group.people[3]
    await replace(group, group.coach, group.coach, pia)
    answer = private(await group.press(pia, "Take the seat"))
    assert text(answer).startswith("🎧 **Coach:** the seat is yours, with notes.")
    assert title(private(await group.press(pia, "My role now"))) == "🎧 Coach"


async def test_the_empty_seat_of_a_coach_who_left_may_be_offered_by_a_facilitator(world, server):
    fay = server.manager()
    people = [server.member(name) for name in ("carla", "kim")]
    group = await coaching(world, server, [*people, fay, server.member("pia")])
    pia = group.people[3]
    card = private(await group.press(group.coach, "My role now"))
    await leave_by(group.coach, card)
    await replace(group, fay, group.coach, pia)
    assert "Take the seat" in labels(group.card)
    assert "I coach on" in labels(group.card)
    await group.press(pia, "Take the seat")

    assert people_on(group.card)["coach"] == pia.mention
    assert labels(group.card)[0] == "Pause"


async def test_a_person_who_is_busy_elsewhere_is_offered_no_seat(world, server):
    group = await coaching(world, server, 4)
    pia = group.people[3]
    card = private(await group.press(pia, "My role now"))
    await leave_by(pia, card)
    await running(world, server, [pia, server.member("zoe")])
    answer = await replace(group, group.coach, group.coach, pia)

    assert told(answer).startswith(f"{pia.mention} is in another round")
    assert "Take the seat" not in labels(group.card)


async def test_someone_without_a_seat_cannot_be_replaced(world, server):
    group = await coaching(world, server)
    answer = await replace(group, group.coach, server.member("zoe"), group.observer)

    assert told(answer) == "That person is not in this round, so there is no seat to give."


async def test_an_observer_has_no_seat_to_give(world, server):
    group = await coaching(world, server, 4)
    answer = await replace(group, group.observer, group.observer, group.people[3])

    assert told(answer).startswith("Observers have no seat to give.")


async def test_one_seat_is_offered_to_two_people_and_the_second_offer_is_refused(world, server):
    group = await coaching(world, server, 4)
    pia, olu = group.people[3], group.observer
    first, second = await world.together(
        lambda: replace(group, group.coach, group.coach, pia),
        lambda: replace(group, group.coach, group.coach, olu),
    )

    assert f"{pia.mention} is asked on the card" in text(private(first))
    assert told(second).startswith("A seat is offered already.")


# The same at once


async def test_double_click_two_devices_pause_once(world, server):
    group = await coaching(world, server)
    await world.later(1)
    card = group.card
    answers = await world.together(
        lambda: group.coach.click(card, label="Pause"),
        lambda: group.coach.click(card, label="Pause"),
    )

    assert all(silently(one) for one in answers)
    said = f"-# ⏸️ {group.coach.mention} has paused the round. The clock stands still."
    assert lines(group.room) == [said]


async def test_double_click_two_devices_lengthen_once(world, server):
    group = await coaching(world, server)
    before, card = end_of(group.card), group.card
    await world.later(1)
    await world.together(*[lambda: group.coach.click(card, label="+2 min")] * 2)

    assert end_of(group.card) == before + 120


async def test_double_click_two_devices_on_two_messages_go_on_once(world, server):
    """A telephone still shows the question that the computer has answered."""
    group = await coaching(world, server)
    asked = [private(await group.press(group.coach, "Next")) for _ in range(2)]
    first, second = await world.together(
        *[lambda one=one: group.coach.click(one, label="Next") for one in asked]
    )

    assert title(group.card) == "✍️ Write"
    assert text(first.response) == "⏭️ On to **Write**."
    assert told(second).startswith("The round has moved on already")


@pytest.mark.parametrize(
    ("label", "done"),
    [
        ("Pause", "The round is paused already, by {}."),
        ("+2 min", "That has been done already, by {}."),
        ("Next", "The round has moved on already, by {}."),
    ],
)
async def test_double_click_of_two_people_acts_once_and_the_second_is_told(
    world, server, label, done
):
    group = await running(world, server)
    await world.later(1)
    card = group.card
    first, second = await world.together(
        lambda: group.coach.click(card, label=label), lambda: group.client.click(card, label=label)
    )

    assert silently(first)
    assert told(second) == done.format(group.coach.mention)
    heads = [line for post in posts(group.room) for line in text(post).splitlines()]
    assert sum(group.coach.mention in line and " has " in line for line in heads) == 1
    assert not any(group.client.mention in line and " has " in line for line in heads)


async def test_double_click_on_the_last_agreement_begins_once(world, server):
    group = await proposed(world, server)
    await group.agree(group.coach, group.client)
    card = group.card
    await world.together(
        lambda: group.observer.click(card, label="Agree, with notes"),
        lambda: group.coach.click(card, label="Begin now"),
    )

    assert [title(one) for one in cards(group.room)] == ["🤝 The agreement", "📜 Agree"]


async def test_double_click_on_an_old_card_lengthens_nothing(world, server):
    group = await coaching(world, server)
    await world.later(1)
    card = group.card
    await group.coach.click(card, label="+2 min")
    before = end_of(group.card)
    answer = await group.client.click(card, label="+2 min")

    # The card has been rendered again in the meantime, so what is pressed is a new offer.
    assert silently(answer)
    assert end_of(group.card) == before + 120


async def test_double_click_of_two_people_starts_one_round_in_a_room(world, server):
    voice = server.handle.create_voice_channel("room")
    people = members(server, "ann", "ben", "cleo", "cy", "di", "ed")
    first, second = await world.together(
        lambda: start(people[0], voice, *people[:3]), lambda: start(people[3], voice, *people[3:])
    )

    assert "is here" in text(private(first))
    assert told(second).startswith(f"There is a round in {voice.mention} already")
    assert len(cards(voice)) == 1
    assert people[0].mention in text(cards(voice)[0])
