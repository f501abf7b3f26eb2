"""Discord is in trouble while a round runs, or a card or a thread is."""

from __future__ import annotations

import gc
import logging

import pytest

from tests.rounds.ui.steps import (
    WAYS_IN,
    cards,
    coaching,
    lines,
    posts,
    pressable,
    private,
    rows,
    running,
    title,
)
from tests.rounds.ui.trouble import (
    ARCHIVED,
    CLIENT,
    COACH,
    END,
    SELF,
    TOO_OLD,
    UNKNOWN_CHANNEL,
    attempts,
    cut_off,
    delete_message,
    direct_messages,
    end_of,
    in_seconds,
    pinged,
    refusing,
    round_row,
)
from tests.simulation.world import labels, text, told

# Outages


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_discord_outage_5xx_delays_the_card_and_the_card_says_so(world, server, status):
    group = await running(world, server)
    ends = in_seconds(world, COACH + 18 * 60)
    with refusing(world, status):
        await world.later(COACH + 20)
        assert title(group.card) == "📜 Agree"
    await world.later(20)

    assert text(group.card).splitlines()[:2] == [
        "⏱️ I am 30 s late: Discord or I could not be reached for a while. The clock went on.",
        "### 🗣️ Coaching",
    ]
    assert end_of(group.card) == ends
    assert len(cards(group.room)) == 3


async def test_discord_outage_5xx_of_a_moment_is_not_worth_a_word(world, server):
    group = await running(world, server)
    with refusing(world, 503):
        await world.later(COACH + 3)
    await world.later(10)

    assert text(group.card).splitlines()[0] == "### 🗣️ Coaching"


async def test_discord_outage_5xx_merges_what_came_due_into_one_card(world, server):
    group = await running(world, server)
    await world.later(SELF - 5)
    before = len(posts(group.room))
    with refusing(world, 503):
        await world.later(CLIENT + 10 - SELF)
    await world.later(20)

    assert len(posts(group.room)) == before + 1
    assert "1 part went by without a card." in text(group.card)
    assert title(group.card) == "💬 Client"


async def test_discord_outage_5xx_is_met_with_ever_fewer_requests(world, server):
    group = await coaching(world, server)
    await world.later(17 * 60)
    before = attempts(world, group.room)
    with refusing(world, 503):
        await world.later(10 * 60)

    # After 2, 4, 8 and 16 seconds, then every 20; each segment that begins is one more.
    assert attempts(world, group.room) - before <= 10 * 60 / 20 + 4 + 5


async def test_discord_outage_5xx_while_someone_pauses_tells_it_once_afterwards(world, server):
    group = await coaching(world, server)
    with refusing(world, 503):
        await group.press(group.client, "Pause")
    await world.later(30)

    said = f"-# ⏸️ {group.client.mention} has paused the round. The clock stands still."
    assert lines(group.room) == [said]
    assert "**Paused**" in text(group.card)


async def test_discord_outage_5xx_of_edits_only_delays_the_card(world, server):
    group = await coaching(world, server)
    with refusing(world, 503, method="PATCH", what="messages/*"):
        await group.press(group.client, "Pause")
    await world.later(30)

    assert labels(group.card)[0] == "Resume"
    assert len(lines(group.room)) == 1


async def test_discord_outage_5xx_beyond_the_end_of_the_round_is_told_afterwards(world, server):
    """W7: the last card names the parts whose cards could not be posted."""
    group = await coaching(world, server)
    await world.later(60)
    with refusing(world, 503):
        await world.later(40 * 60)
    await world.later(30)

    assert [labels(card) for card in pressable(group.room)] == [WAYS_IN]
    assert "5 parts went by without a card." in text(group.card)
    assert round_row(world)["told_ended"] == 1


@pytest.mark.parametrize(("status", "code"), [(503, 0), (400, 50035)])
async def test_a_former_card_loses_its_buttons_once_discord_can_be_reached(
    world, server, caplog, status, code
):
    """W13a, W13b: it kept them for good; an edit that Discord refuses is given up, with a log
    line."""
    caplog.set_level(logging.INFO)
    group = await running(world, server)
    with refusing(world, status, code, method="PATCH", what="messages/*"):
        await group.press(group.coach, "Next")
        await world.later(5)
        assert len(pressable(group.room)) == 2
    await world.later(60)
    assert len(pressable(group.room)) == (1 if status == 503 else 2)
    assert ("keeps its buttons" in caplog.text) is (status == 400)
    gc.collect()
    assert "never retrieved" not in caplog.text


async def test_discord_outage_without_any_connection_delays_the_card(world, server):
    group = await running(world, server)
    with cut_off(world):
        await world.later(COACH + 20)
    await world.later(20)

    assert title(group.card) == "🗣️ Coaching"
    assert "I am 30 s late" in text(group.card)


async def test_discord_outage_of_one_room_does_not_delay_another(world, server):
    group, other = await running(world, server), await running(world, server)
    with refusing(world, 503, room=group.room):
        await world.later(COACH + 1)

    assert title(group.card) == "📜 Agree"
    assert title(other.card) == "🗣️ Coaching"


async def test_an_unforeseen_refusal_does_not_stop_the_round(world, server):
    group = await running(world, server)
    with refusing(world, 400, 50035, room=group.room):
        await world.later(COACH + 20)
    await world.later(20)

    assert title(group.card) == "🗣️ Coaching"


async def test_discord_outage_5xx_does_not_keep_what_the_client_erases(world, server):
    group = await coaching(world, server)
    await world.later(60)
    with refusing(world, 503):
        asked = private(await group.press(group.client, "I need a moment"))
        asked = private(await group.client.click(asked, label="End and erase…"))
        await group.client.click(asked, label="Erase it")
        assert rows(world, "round_people") == []
    await world.later(60)

    assert rows(world, "rounds") == []
    assert title(group.card) == "⏹️ The round has ended"


async def test_discord_outage_5xx_at_the_start_leaves_nothing_behind(world, server):
    """U3: and it is not told as a fault of the bot's own."""
    world.provoked += (Exception,)
    with refusing(world, 503, what="threads"):
        carla, kim = server.member("carla"), server.member("kim")
        answer = await carla.slash(server.dojo, "round start", coach=carla, client=kim)

    assert told(answer).startswith("Discord is in trouble")
    assert rows(world, "rounds") == []


# The card


async def test_card_deleted_by_a_moderator_is_posted_again_at_the_next_change(world, server):
    group = await coaching(world, server)
    card = group.card
    await delete_message(world, card)
    await group.coach.slash(group.room, "round pause")

    assert group.card.id != card.id
    assert "**Paused**" in text(group.card)
    assert labels(group.card)[0] == "Resume"


async def test_card_deleted_by_a_moderator_is_not_fought_over_more_than_twice(world, server):
    group = await coaching(world, server)
    came_back = []
    for command in ("pause", "resume", "pause"):
        await delete_message(world, group.card)
        await group.coach.slash(group.room, f"round {command}")
        await world.later(5)
        came_back.append(bool(labels(group.card)))

    assert came_back == [True, True, False]
    assert lines(group.room)[-1].endswith("has paused the round. The clock stands still.")


async def test_card_deleted_by_a_moderator_over_and_over_comes_with_the_next_segment(world, server):
    group = await coaching(world, server)
    for command in ("pause", "resume", "pause", "resume"):
        await delete_message(world, cards(group.room)[-1])
        await group.coach.slash(group.room, f"round {command}")
        await world.later(5)
    await world.later(20 * 60)

    assert title(group.card) in ("✍️ Write", "🪞 Coach’s own view")


async def test_card_deleted_by_a_moderator_comes_back_with_round_now(world, server):
    group = await coaching(world, server)
    for command in ("pause", "resume", "pause"):
        await delete_message(world, group.card)
        await group.coach.slash(group.room, f"round {command}")
        await world.later(5)
    await group.client.slash(group.room, "round now")

    assert labels(group.card)[0] == "Resume"


async def test_a_card_that_is_too_old_to_edit_is_posted_again(world, server):
    group = await coaching(world, server)
    card = group.card
    with refusing(world, 400, TOO_OLD, method="PATCH", what="messages/*"):
        await group.press(group.client, "Pause")

    assert group.card.id != card.id
    assert labels(group.card)[0] == "Resume"
    assert round_row(world)["card_losses"] == 0


async def test_a_thread_that_was_put_away_comes_back_with_a_new_card(world, server):
    group = await coaching(world, server)
    card = group.card
    with refusing(world, 400, ARCHIVED, method="PATCH", what="messages/*"):
        await group.press(group.client, "Pause")

    assert group.card.id != card.id
    assert labels(group.card)[0] == "Resume"
    assert direct_messages(group.coach) == []


async def test_a_thread_that_is_locked_is_told_once_to_who_started_it(world, server):
    group = await running(world, server)
    with refusing(world, 400, ARCHIVED, room=group.room):
        await world.later(END)

    assert len(direct_messages(group.coach)) == 1
    assert "the thread not locked" in direct_messages(group.coach)[0]


async def test_a_404_that_does_not_say_what_is_gone_ends_no_round(world, server):
    group = await running(world, server)
    with refusing(world, 404, 0, room=group.room):
        await world.later(COACH + 20)
    await world.later(20)

    assert title(group.card) == "🗣️ Coaching"
    assert round_row(world)["state"] == "running"


async def test_a_404_that_says_that_the_room_is_gone_ends_the_round(world, server):
    group = await running(world, server)
    with refusing(world, 404, UNKNOWN_CHANNEL, room=group.room):
        await world.later(COACH + 1)

    assert round_row(world)["ending"] == "room-gone"
    assert server.dojo.last_message.content.startswith("🚪 ")
    assert pinged(world, server.dojo.last_message) == {one.id for one in group.people}
