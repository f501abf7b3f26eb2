"""Discord lets the bot do less than before, or what it needs is gone."""

from __future__ import annotations

from typing import Any

import pytest

from bot.gatherings.model.gathering import Closing, Stage
from bot.gatherings.service.live import LiveGatherings
from bot.rounds.model.round import RoomKind
from tests.gatherings.ui.steps import board_all, members, opened, panel_of, room, room_card
from tests.gatherings.ui.trouble import (
    agree,
    boarding,
    end_all,
    everybody,
    gathered,
    next_round,
    round_in,
    running,
    seated,
)
from tests.rounds.ui.steps import cards, posts, private, rows
from tests.rounds.ui.trouble import (
    NO_DMS,
    attempts,
    bot_may,
    delete_channel,
    delete_message,
    direct_messages,
    pinged,
    remove_guild,
    second_dojo,
)
from tests.simulation.world import World, labels, text, told

pytestmark = pytest.mark.usefixtures("panels_at_once")


def kept(world: World) -> LiveGatherings:
    return world.bot.services[LiveGatherings]


def gathering_row(world: World) -> dict[str, Any]:
    """The one gathering there is, as it is on disk."""
    (row,) = rows(world, "gatherings")
    return row


# Missing permissions


async def test_missing_permissions_to_send_refuse_to_open_and_name_the_switch(world, server):
    lead = server.manager()
    bot_may(world, server.dojo, send_messages=False)
    refused = await lead.slash(server.dojo, "dojo open")
    assert "I lack **Send Messages**" in told(refused)
    bot_may(world, server.dojo, view_channel=False)
    refused = await lead.slash(server.dojo, "dojo open")
    assert "**View Channel**" in told(refused)
    assert rows(world, "gatherings") == []
    bot_may(world, server.dojo, send_messages=True, view_channel=True)
    await opened(world, server, lead=lead)
    assert len(rows(world, "gatherings")) == 1


async def test_missing_permissions_for_threads_begin_nothing_and_tell_who_leads(world, server):
    bot_may(world, server.dojo, send_messages_in_threads=False)
    evening, people = await gathered(world, server, 6)
    shown = await evening.preview()
    await evening.press(evening.lead, "Start", shown)
    assert (evening.now.stage, evening.now.number, evening.now.rooms) == (Stage.OPEN, 0, ())
    assert [one for one in world.env.http_requests if one.path.endswith("/threads")] == []
    said = posts(server.dojo)[-1]
    assert "could not open any room" in said.content
    assert pinged(world, said) == {evening.lead.id}
    # With the switch on again, the same groups can be started; that is another card.
    bot_may(world, server.dojo, send_messages_in_threads=True)
    shown = await evening.preview()
    await evening.press(evening.lead, "Start", shown)
    assert evening.now.stage is Stage.BOARDING
    assert len(evening.now.rooms) == 2
    assert everybody(evening) == {one.id for one in people}
    path = f"/channels/{server.dojo.id}/messages"
    sent = [str(one.json) for one in world.env.http_requests if one.path == path]
    cards_sent = [one for one in sent if "to your rooms" in one]
    numbers = {one.partition("'nonce': ")[2].split(",")[0] for one in cards_sent}
    assert len(cards_sent) == len(numbers) == 2


async def test_missing_permissions_for_voice_rooms_and_moves_use_threads_and_links(world, server):
    floor = server.handle.create_category("Practice")
    hall = server.handle.create_voice_channel("hall", category=floor)
    lead, people = server.manager(), members(server, 3)
    for one in (lead, *people):
        await one.join_voice(hall)
    bot_may(world, floor, manage_channels=False)
    bot_may(world, hall, move_members=False)
    evening = await opened(world, server, lead=lead, format="quick-10", rounds=2)
    await evening.join(*people)
    await evening.press(lead, "Start", await evening.preview())
    assert [one.kind for one in evening.now.rooms] == [RoomKind.PRIVATE_THREAD]
    assert "**Room 1**" in text(evening.card)
    assert "Your room has mentioned you" in text(evening.card)
    # The person who leads it learns which switch, on the panel alone.
    assert "**Manage Channels**" in text(await panel_of(evening))
    assert "Manage Channels" not in text(evening.card)
    # A room there is already serves the next round; nobody is dragged into it.
    spare = server.handle.create_voice_channel("spare", category=floor)
    await end_all(evening)
    await evening.close()
    evening = await opened(world, server, lead=lead, format="quick-10", rounds=2)
    await evening.join(*people)
    await evening.press(lead, "Start", await evening.preview())
    assert [(one.channel_id, one.is_made) for one in evening.now.rooms] == [(spare.id, False)]
    assert "**Move Members**" in text(await panel_of(evening))
    await people[0].join_voice(spare)
    await board_all(evening, people)
    assert round_in(evening, 1).has_begun
    moved = [one.path for one in world.env.http_requests if one.method == "PATCH"]
    assert not any("/members/" in path for path in moved)


async def test_missing_permissions_in_the_middle_stop_no_clock_and_are_not_fought(world, server):
    evening, _ = await running(world, server, 6)
    bot_may(world, server.dojo, send_messages=False)
    before = len(posts(server.dojo))
    await end_all(evening)
    # The rounds have ended, and everybody is together, though the dojo cannot be told.
    assert len(posts(server.dojo)) == before
    tried = attempts(world, server.dojo)
    await world.later(10 * 60)
    assert attempts(world, server.dojo) == tried
    bot_may(world, server.dojo, send_messages=True)
    await evening.join(server.member("late"))
    assert "Together again" in text(evening.card)


# DMs closed


async def test_dms_closed_keep_nobody_from_any_part_of_an_evening(world, server):
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=NO_DMS, times=None)
    evening, people = await boarding(world, server, 3)
    await evening.press(people[0], "Ask for help", room_card(evening, 1))
    await agree(evening, people)
    await end_all(evening)
    await evening.close()
    assert [one for one in world.env.http_requests if one.path == "/users/@me/channels"] == []
    assert [direct_messages(one) for one in people] == [[]] * 3


# Rooms, dojos and cards that are gone


async def test_room_deleted_and_its_people_find_another_room_at_once(world, server):
    evening, people = await running(world, server, 6)
    lost = seated(evening, 1, people)
    await delete_channel(world, room(evening, 1))
    assert [one.number for one in evening.now.rooms] == [2]
    said = server.dojo.last_message.content
    assert "The room of your round has been deleted" in said
    (shown,) = await evening.join(lost[0])
    assert round_in(evening, 2).takes_part(lost[0].id)
    assert room(evening, 2).mention in text(shown)
    panel = await panel_of(evening)
    assert "1 group ⚠ without a room" in text(panel)
    await end_all(evening)
    await next_round(evening)
    assert [one.number for one in evening.now.rooms] == list(range(1, len(evening.groups) + 1))
    assert everybody(evening) == {one.id for one in people}


async def test_dojo_channel_deleted_ends_the_evening_and_sets_everybody_free(world, server):
    other_dojo = await second_dojo(server)
    evening, people = await running(world, server, 3)
    await delete_channel(world, server.dojo)
    await world.later(60)
    assert gathering_row(world)["closing"] == Closing.CHANNEL_GONE
    assert kept(world).all() == []
    again = await opened(world, server, lead=evening.lead, channel=other_dojo)
    await again.join(*people)
    assert len(again.now.here) == 3


async def test_dojo_channel_deleted_while_the_bot_was_away_sets_everybody_free(world, server):
    other_dojo = await second_dojo(server)
    evening, people = await gathered(world, server, 3)

    async def delete() -> None:
        world.env.backend.delete_channel(server.dojo.id)

    await world.away(60, delete)
    await world.later(60)
    again = await opened(world, server, lead=evening.lead, channel=other_dojo)
    await again.join(*people)
    assert len(again.now.here) == 3


async def test_card_deleted_by_a_moderator_is_posted_again_but_not_fought_over(world, server):
    evening, _ = await gathered(world, server, 2)
    for number in range(2):
        await delete_message(world, evening.card)
        assert not any("A gathering is open" in text(one) for one in cards(server.dojo))
        # Someone else opens a private way in, which shows the card again.
        shown = private(await evening.lead.slash(server.dojo, "dojo open"))
        assert labels(shown) == ["Panel"]
        await evening.replan(seats=str(50 - number))
        assert "A gathering is open" in text(evening.card)
    await delete_message(world, evening.card)
    await evening.replan(seats="40")
    assert not any("A gathering is open" in text(one) for one in cards(server.dojo))
    # The next round is worth another card.
    shown = private(await evening.press(evening.lead, "Form groups", evening.answer))
    await evening.press(evening.lead, "Start", shown)
    assert "to your rooms" in text(evening.card)


async def test_bot_removed_from_guild_ends_the_evening_and_a_new_invitation_begins_again(
    world, server
):
    elsewhere = world.guild(name="Elsewhere")
    await elsewhere.set_up()
    await running(world, server, 3)
    other = await opened(world, elsewhere)
    await remove_guild(world, server)
    await world.later(3600)
    closings = {one["guild_id"]: one["closing"] for one in rows(world, "gatherings")}
    assert closings == {server.id: Closing.BOT_REMOVED, elsewhere.id: None}
    assert kept(world).all() == [other.now]


async def test_dojo_that_is_stopped_lets_the_round_end_and_begins_no_other(world, server):
    evening, people = await boarding(world, server, 3)
    dojo = server.dojo
    card = room_card(evening, 1)
    await server.stop()
    for one in people:
        await one.click(card, label="Agree, with notes")
    await world.later(60)
    assert gathering_row(world)["stage"] == Stage.RUNNING
    await world.later(20 * 60)
    assert gathering_row(world)["stage"] == Stage.BETWEEN
    await evening.lead.click(cards(dojo)[-1], label="Next round")
    await world.env.settle()
    assert gathering_row(world)["stage"] == Stage.BETWEEN
    assert "could not open any room" in posts(dojo)[-2].content + posts(dojo)[-1].content
