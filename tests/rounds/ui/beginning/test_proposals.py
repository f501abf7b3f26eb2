"""A round that has not begun: changed, called off, forgotten, restarted, left for another."""

from __future__ import annotations

import pytest

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
from tests.simulation.world import choose, labels, menus, text, told

HOUR = 60 * 60


# Change


async def test_a_person_who_started_it_chooses_another_format(world, server):
    group = await proposed(world, server)
    change = private(await group.press(group.coach, "Change…"))

    await choose(group.coach, change, "Another format", "deep-45")

    assert "The round now follows **Deep practice** · 45 min" in text(change)
    assert "📋 **Deep practice** · 45 min, 25 of them coaching" in text(group.card)
    assert lines(group.room) == [
        (
            f"-# 📋 {group.coach.user.mention} has chosen another format. If it takes longer,"
            " everybody is asked again."
        )
    ]


async def test_the_formats_to_change_to_are_those_for_so_many_people_or_more(world, server):
    group = await proposed(world, server, 4, channel=server.thread())

    change = private(await group.press(group.coach, "Change…"))

    offered = set(menus(change)["Another format"])
    assert {"triad-30", "quick-10", "relay-30", "mcc-demo-60"} <= offered
    assert "pair-25" not in offered


async def test_in_a_private_room_only_formats_whose_people_can_be_named_are_offered(world, server):
    group = await proposed(world, server, 4)

    change = private(await group.press(group.coach, "Change…"))

    offered = set(menus(change)["Another format"])
    assert {"triad-30", "quick-10", "relay-30", "stop-clock-45"} <= offered
    assert not offered & {"fishbowl-45", "mcc-demo-60", "pair-25"}


async def test_a_facilitator_may_change_the_round(world, server):
    group = await proposed(world, server, channel=server.thread())

    change = await group.press(server.manager(), "Change…")

    assert labels(private(change)) == ["Call it off"]


async def test_nobody_else_may_change_the_round(world, server):
    group = await proposed(world, server)

    answer = await group.press(group.client, "Change…")

    assert "Only whoever started this round, or a facilitator" in told(answer)


async def test_a_person_who_started_it_calls_it_off(world, server):
    group = await proposed(world, server)
    change = private(await group.press(group.coach, "Change…"))

    await group.coach.click(change, label="Call it off")

    assert text(change) == "📭 The round is called off. Nothing of it is stored."
    assert title(group.card) == "📭 The round is called off"
    assert pressable(group.room) == []


async def test_a_round_that_has_begun_cannot_be_called_off(world, server):
    group = await proposed(world, server)
    change = private(await group.press(group.coach, "Change…"))
    await group.agree()

    await group.coach.click(change, label="Call it off")

    assert text(change) == "The round has begun, so this can no longer be changed."
    assert labels(change) == []
    assert title(group.card) == "📜 Agree"


# What never begins


async def test_a_round_that_nobody_begins_lapses_after_an_hour(world, server):
    group = await proposed(world, server)
    await world.later(HOUR - 1)
    assert labels(group.card)

    await world.later(1)

    assert title(group.card) == "💤 The round did not begin"
    # What is over is closed when there is time for it.
    await world.later(1)
    assert pressable(group.room) == []


@pytest.mark.parametrize("how", ["lapsed", "called off", "declined"])
async def test_nothing_is_stored_of_a_round_that_did_not_begin(world, server, how):
    group = await proposed(world, server)
    await group.press(group.observer, "Agree, with notes")
    assert rows(world, "rounds")
    if how == "lapsed":
        await world.later(HOUR)
    else:
        button, sure = ("Change…", "Call it off") if how == "called off" else ("I cannot come",) * 2
        await group.coach.click(private(await group.press(group.coach, button)), label=sure)

    assert rows(world, "rounds") == []
    assert rows(world, "round_people") == []


@pytest.mark.parametrize("label", ["Agree, with notes", "I cannot come", "Begin now"])
async def test_a_button_of_a_proposal_that_is_over_says_so(world, server, label):
    group = await proposed(world, server)
    custom_id = custom_ids(group.card)[label]
    world.env.inject_error("PATCH", f"/channels/{group.room.id}/messages/*", status=403)
    await world.later(HOUR)

    answer = await group.client.click(cards(group.room)[0], custom_id=custom_id)

    assert "That round is over. </round start:" in told(answer)


# Restart


@pytest.mark.parametrize("crash", [False, True])
async def test_a_proposal_outlives_a_restart(world, server, crash):
    group = await proposed(world, server)
    await group.press(group.coach, "Agree, with notes")
    posted = len(cards(group.room))

    await world.restart(crash=crash)

    assert len(cards(group.room)) == posted
    await group.press(group.client, "Agree, with notes")
    await group.press(group.observer, "Agree, with notes")
    assert title(group.card) == "📜 Agree"


async def test_a_proposal_lapses_by_the_clock_also_after_a_restart(world, server):
    group = await proposed(world, server)
    await world.later(HOUR // 2)
    await world.restart(crash=True)

    await world.later(HOUR // 2)

    assert title(group.card) == "💤 The round did not begin"
    # What is over is closed when there is time for it.
    await world.later(1)


# Someone of another running round


def others(server):
    return [server.member("ann"), server.member("ben")]


@pytest.fixture
async def torn(world, server) -> Group:
    """A proposed round whose observer is in another one in the meantime."""
    return await proposed(world, server, 4)


@pytest.fixture
async def other(world, server, torn) -> Group:
    """The running round of that observer."""
    return await running(world, server, [*others(server), torn.observer])


async def test_a_person_who_is_in_another_running_round_is_asked_before_agreeing(torn, other):
    answer = await torn.press(torn.observer, "Agree, with notes")

    question = private(answer)
    assert f"You are in a round that is running in <#{other.room.id}>." in text(question)
    assert labels(question) == ["Leave it and come here", "Stay there"]


async def test_leave_it_and_come_here(torn, other):
    question = private(await torn.press(torn.observer, "Agree, with notes"))

    await torn.observer.click(question, label="Leave it and come here")

    assert "You have left the other round, and agreed to this one." in text(question)
    assert f"✅ Agreed: {torn.observer.user.mention}" in text(torn.card)
    assert f"-# 👋 {torn.observer.user.mention} has left the round." in lines(other.room)


async def test_stay_there(torn, other):
    question = private(await torn.press(torn.observer, "Agree, with notes"))

    await torn.observer.click(question, label="Stay there")

    assert "You stay in the other round." in text(question)
    assert "✅" not in text(torn.card)
    assert lines(other.room) == []


async def test_a_person_who_began_another_round_is_asked_again_to_agree(world, server):
    group = await proposed(world, server, 4)
    await group.press(group.observer, "Agree, with notes")

    await running(world, server, [*others(server), group.observer])

    assert "✅" not in text(group.card)


async def test_begin_now_leaves_out_observers_who_are_in_another_round(torn, other):
    for one in (torn.coach, torn.client):
        await torn.press(one, "Agree, with notes")
    await torn.press(torn.coach, "Begin now")

    assert title(torn.card) == "📜 Agree"
    assert torn.observer.user.mention not in text(torn.card).split("**Observer")[1]


async def test_begin_now_waits_for_a_client_who_is_in_another_round(world, server):
    group = await proposed(world, server, 4)
    other = await running(world, server, [*others(server), group.client])

    answer = await group.press(group.coach, "Begin now")

    mention = group.client.user.mention
    assert f"{mention} is in another round that is running" in told(answer)
    assert str(other.room.id) not in told(answer)
    assert title(group.card) == "🤝 A practice round, before it begins"


async def test_being_asked_into_a_round_keeps_nobody_from_another(world, server):
    group = await proposed(world, server)

    ann, ben = others(server)
    answer = await start(ann, server.dojo, ann, ben, group.observer)

    assert "The agreement for **Classic triad** is in" in text(private(answer))
