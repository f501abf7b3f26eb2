"""Discord cannot be reached while an evening goes on: nothing is lost, and all is told once."""

from __future__ import annotations

import pytest

from bot.gatherings.model.gathering import Stage
from tests.gatherings.ui.steps import board_all, panel_of, room, room_card
from tests.gatherings.ui.trouble import agree, gathered, round_in, running
from tests.rounds.ui.steps import cards, posts, title
from tests.rounds.ui.trouble import lost_answers, pinged, refusing
from tests.simulation.world import labels, text

pytestmark = pytest.mark.usefixtures("panels_at_once")


async def test_discord_outage_5xx_while_rooms_are_opened_only_delays_them(world, server):
    evening, people = await gathered(world, server, 6)
    shown = await evening.preview()
    with refusing(world, 503, what="threads"):
        await evening.press(evening.lead, "Start", shown)
        await world.later(7)
        assert evening.now.stage is Stage.BOARDING
        assert evening.now.rooms == ()
    await world.later(10)
    assert len(evening.dojo.threads) == len(evening.now.rooms) == 2
    assert [len(cards(one)) for one in evening.dojo.threads] == [1, 1]
    assert sum("to your rooms" in text(one) for one in cards(server.dojo)) == 1
    await agree(evening, people)
    assert evening.now.stage is Stage.RUNNING


async def test_the_card_before_loses_its_buttons_once_discord_can_be_reached(world, server):
    """W13b: it kept Join and Start for good."""
    evening, _ = await gathered(world, server, 3)
    shown = await evening.preview()
    with refusing(world, 503, method="PATCH", what="messages/*"):
        await evening.press(evening.lead, "Start", shown)
        await world.later(5)
        assert "Join" in labels(cards(server.dojo)[0])
    await world.later(60)
    assert labels(cards(server.dojo)[0]) == []


async def test_discord_outage_5xx_while_cards_are_posted_loses_nothing_and_tells_it_once(
    world, server
):
    evening, people = await gathered(world, server, 6)
    shown = await evening.preview()
    with refusing(world, 503):
        await evening.press(evening.lead, "Start", shown)
        await world.later(10)
        assert not any("to your rooms" in text(one) for one in cards(server.dojo))
    await world.later(20)
    assert sum("to your rooms" in text(one) for one in cards(server.dojo)) == 1
    assert [len(cards(one)) for one in evening.dojo.threads] == [1, 1]
    await board_all(evening, people)
    assert evening.now.stage is Stage.RUNNING
    # Over a boundary of all rooms: each learns it once, and the clocks are as they were.
    with refusing(world, 503):
        await world.later(65)
    await world.later(20)
    assert [title(room_card(evening, number)) for number in (1, 2)] == ["🗣️ Coaching"] * 2
    assert [len(cards(one)) for one in evening.dojo.threads] == [3, 3]
    assert round_in(evening, 1).since == round_in(evening, 2).since


async def test_discord_outage_in_which_answers_are_lost_posts_no_card_twice(world, server):
    evening, _ = await gathered(world, server, 3)
    shown = await evening.preview()
    with lost_answers(world):
        await evening.press(evening.lead, "Start", shown)
    await world.later(20)
    # Discord knows by the number that it is the same card.
    path = f"/channels/{server.dojo.id}/messages"
    sent = [one.json for one in world.env.http_requests if (one.method, one.path) == ("POST", path)]
    numbers = [one["nonce"] for one in sent if "to your rooms" in str(one)]
    assert len(numbers) >= 2
    assert len(set(numbers)) == 1
    assert all(one["enforce_nonce"] for one in sent if one["components"])
    assert len(evening.dojo.threads) == 1


async def test_discord_outage_5xx_while_everybody_is_called_back_calls_them_afterwards(
    world, server
):
    evening, people = await running(world, server, 3)
    panel = await panel_of(evening)
    await evening.press(evening.lead, "End all", panel)
    with refusing(world, 503):
        await evening.press(evening.lead, "End all", panel)
        await world.later(10)
    await world.later(20)
    called = [one for one in posts(room(evening, 1)) if "We meet again" in one.content]
    assert len(called) == 1
    assert pinged(world, called[0]) == {one.id for one in people}
    await world.later(40)
    assert evening.now.stage is Stage.BETWEEN
