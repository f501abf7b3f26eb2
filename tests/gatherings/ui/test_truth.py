"""What the cards of an evening say is true, also in moments that come seldom."""

from __future__ import annotations

import re

import pytest

from bot.gatherings.model.gathering import Stage
from tests.gatherings.ui.steps import BOARDING, members, opened, panel_of, room_card, say_yes
from tests.gatherings.ui.trouble import (
    agree,
    boarding,
    by_id,
    client_in,
    end_all,
    round_in,
    running,
    seated,
)
from tests.rounds.ui.steps import private
from tests.simulation.world import labels, text

pytestmark = pytest.mark.usefixtures("panels_at_once")


async def test_a_panel_says_until_when_it_keeps_itself_up_to_date(world, server):
    """D3: also after a restart, when it does not any more, and a press redraws it."""
    evening, _ = await boarding(world, server, 6)
    panel = await panel_of(evening)
    until = _until(panel)
    assert until == pytest.approx(world.env.now().timestamp() + 14 * 60, abs=1)
    assert "unless I am restarted before" in text(panel)
    await world.restart()
    await world.later(10 * 60)
    assert _until(panel) == until
    await evening.press(evening.lead, "Refresh", panel)
    assert _until(panel) == pytest.approx(world.env.now().timestamp() + 14 * 60, abs=1)
    assert evening.now.stage is not Stage.BOARDING
    assert "Boarding" not in text(panel)


def _until(panel) -> int:
    found = re.search(r"up to date until <t:(\d+):t>", text(panel))
    assert found, text(panel)
    return int(found[1])


async def test_a_person_who_leaves_after_the_round_is_not_said_to_be_in_one(world, server):
    """D5: everybody is called back, or the own room is done before the others."""
    evening, people = await running(world, server, 6)
    coach, client, observer = seated(evening, 1, people)
    asked = private(await evening.press(coach, "End", room_card(evening, 1)))
    await evening.press(coach, "End the round", asked)
    await world.env.settle()
    left = private(await evening.press(client, "Leave"))
    assert text(left).startswith("👋 You have left the gathering.")
    other = seated(evening, 2, people)[2]
    assert "You are in a round." in text(private(await evening.press(other, "Leave")))
    await end_all(evening, back=False)
    assert evening.now.stage is Stage.RETURNING
    for person in (observer, other):
        left = private(await evening.press(person, "Leave"))
        assert text(left).startswith("👋 You have left the gathering.")


async def test_the_card_does_not_say_that_clocks_run_where_none_does(world, server):
    """D6: nobody has agreed when the time to come is up."""
    evening, people = await boarding(world, server, 3, rounds=1)
    await world.later(BOARDING + 5)
    assert evening.now.stage is Stage.RUNNING
    assert not round_in(evening, 1).has_begun
    said = text(evening.card)
    assert said.startswith("### ⏸️ Round 1 of 1: no clock is running")
    assert "Each room has its own clock" not in said
    coach, client, observer = seated(evening, 1, people)
    for person, label in ((coach, "I will coach"), (client, "I will be the client")):
        asked = private(await evening.press(person, label, room_card(evening, 1)))
        await evening.press(person, "Take it, with notes", asked)
    await world.later(30)
    assert round_in(evening, 1).has_begun
    assert text(evening.card).startswith(
        "### ⏱️ Round 1 of 1 is running\nEach room has its own clock"
    )
    assert observer is not None


async def test_the_card_says_which_room_the_clock_does_not_wait_for(world, server):
    """D6: a room with a free seat is on no clock."""
    evening, people = await boarding(world, server, 6)
    await say_yes(evening, people, but=(seated(evening, 2, people)[0].id,))
    await world.later(BOARDING + 5)
    assert "one with a free seat waits for its coach or client." in text(evening.card)


async def test_the_last_card_counts_nothing_of_a_round_that_was_erased(world, server):
    """D9: "0 rounds of practice in all rooms, 0 people, 0 of them coached"."""
    evening, people = await running(world, server, 3, rounds=1)
    client = by_id(people, client_in(evening, 1).user_id)
    role = private(await evening.press(client, "My role now", room_card(evening, 1)))
    assert "Erase this round…" in labels(role)
    asked = private(await evening.press(client, "Erase this round…", role))
    await evening.press(client, "Erase it", asked)
    await world.later(70)
    said = text(evening.card)
    assert "No round of this evening is stored." in said
    assert "0 " not in re.sub(r"<[^>]*>", "", said).replace("10 ", "")


async def test_a_person_who_is_only_asked_is_on_the_card_once_they_come(world, server):
    """Issue 12: 👀 is for those who observe."""
    evening, people = await boarding(world, server, 3, rounds=1)
    observer = seated(evening, 1, people)[2]
    await agree(evening, people, but=(observer.id,))
    await world.later(BOARDING + 2)
    assert round_in(evening, 1).invited
    assert observer.mention not in text(evening.card)
    role = private(await evening.press(observer, "My role now", room_card(evening, 1)))
    await observer.click(role, label="Agree, with notes")
    await world.later(2)
    assert f"👀 {observer.mention}" in text(evening.card)


async def test_the_answer_to_who_opens_an_evening_follows_it(world, server):
    """12 f10: it counts who is in, and ends with the evening; groups stand in its place."""
    evening = await opened(world, server)
    assert "Nobody is in yet" in text(evening.answer)
    assert "After that, **Panel** shows how it is." in text(evening.answer)
    await evening.join(*members(server, 4))
    await world.later(2)
    assert "📐 4 people" in text(evening.answer)
    await evening.press(evening.lead, "Form groups", evening.answer)
    await evening.join(server.member("late"))
    await world.later(2)
    assert "### 🧩 Groups for round 1" in text(evening.answer)


async def test_the_answer_to_who_opens_an_evening_says_when_it_is_over(world, server):
    """12 f10: it kept "Form groups" after the close; a changed plan is no news in a round."""
    evening = await opened(world, server, format="quick-10", rounds=2)
    await evening.join(*members(server, 3))
    await evening.replan(rounds=["1"])
    assert "### 📋 The plan is changed" in text(evening.answer)
    await evening.press(evening.lead, "Start", await evening.preview())
    await world.later(2)
    assert "### 📋 The plan of the evening" in text(evening.answer)
    await end_all(evening)
    await evening.close()
    await world.later(2)
    assert text(evening.answer) == "That gathering is over. A facilitator can open another one."
    assert labels(evening.answer) == []


@pytest.mark.parametrize("words", ["Refresh", "Form groups", "Hand over"])
async def test_a_private_card_of_an_evening_that_is_over_gives_place_when_pressed(
    world, server, words
):
    """Issue 12: also the panel that was live no longer."""
    evening = await opened(world, server)
    old = evening.answer if words == "Form groups" else await panel_of(evening)
    await evening.join(server.member("ann"))
    await world.later(15 * 60)
    await evening.close()
    await evening.press(evening.lead, words, old)
    assert text(old) == "That gathering is over. A facilitator can open another one."
