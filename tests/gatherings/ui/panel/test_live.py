"""Panels keep themselves true for a while, and two facilitators do not do a thing twice."""

from __future__ import annotations

import functools
from collections import Counter
from unittest import mock

import discord

from bot.gatherings.service.rooms import GatheringRooms
from bot.gatherings.ui.panel.live import LivePanels
from tests.gatherings.ui.steps import (
    group,
    in_rooms,
    members,
    opened,
    panel_of,
    room_card,
    room_lines,
)
from tests.gatherings.ui.trouble import ROOMS
from tests.rounds.ui.steps import custom_ids
from tests.simulation.world import choose, labels, text, texts


async def test_two_facilitators_who_press_at_once_move_each_room_on_once(world, server):
    evening = await in_rooms(world, server)
    gus = server.manager("other")
    mine, theirs = await panel_of(evening), await panel_of(evening, gus)
    before = custom_ids(mine)["Next"]
    assert before == custom_ids(theirs)["Next"]

    # Neither has seen what the other did; the second is told who was quicker.
    await world.together(
        lambda: evening.lead.click(mine, label="Next"),
        lambda: gus.click(theirs, label="Next"),
    )
    assert [one.round.position for one in rooms_now(world, evening)] == [1, 1]
    notes = sorted(line for panel in (mine, theirs) for line in texts(panel)[1].splitlines())
    assert notes[0] == "⏭️ Moved on in all 2 rooms."
    assert notes[1].startswith("👌 Already done in rooms 1 and 2, by <@")

    # A restart later the old button still knows what its panel showed.
    await world.restart()
    await world.later(1)
    stale = await gus.click(theirs, label="Next")
    assert stale.acknowledged
    assert custom_ids(theirs)["Next"] != before


def rooms_now(world, evening):
    return world.bot.services[GatheringRooms].rooms_now(evening.now)


async def test_a_panel_is_live_for_a_while_and_edited_at_most_once_a_second(world, server):
    people = members(server, 6)
    evening = await in_rooms(world, server, people)
    panel = await panel_of(evening)
    first, second = group(evening, 1, people), group(evening, 2, people)

    def edits() -> Counter[str]:
        return Counter(
            one.path
            for one in world.env.http_requests
            if one.method == "PATCH" and "@original" in one.path
        )

    before = edits()
    # Many changes in the same moment: one edit at once, and one a second later with the rest.
    late = members(server, 12)[6:]
    await world.together(
        lambda: first[0].click(room_card(evening, 1), label="Pause"),
        lambda: second[0].click(room_card(evening, 2), label="Pause"),
        *(functools.partial(one.click, evening.card, label="Join") for one in late),
    )
    await world.later(1)
    assert "12 people in" in text(panel)
    assert all("⏸️" in line for line in room_lines(panel))
    assert max((edits() - before).values()) == 2

    await world.later(14 * 60)
    count = edits()
    await first[0].click(room_card(evening, 1), label="Resume")
    await world.later(2)
    # Its time is over: it stays as it is until someone asks for more.
    assert edits() == count
    assert "⏸️" in room_lines(panel)[0]
    await evening.press(evening.lead, "Refresh", panel)
    assert "⏸️" not in room_lines(panel)[0]
    assert len(world.bot.services[LivePanels]) == 1
    # Paused for longer than ten minutes.
    assert "⚠ paused <t:" in room_lines(panel)[1]


async def test_only_so_many_panels_are_kept_true(world, server):
    evening = await opened(world, server)
    with mock.patch("bot.gatherings.ui.panel.live.MOST_PANELS", 1):
        first, second = await panel_of(evening), await panel_of(evening, server.manager("gus"))
        assert len(world.bot.services[LivePanels]) == 1
    await evening.join(server.member("ann"))
    assert "This panel is no longer kept up to date" in text(first)
    assert "1 person in" in text(second)
    # A panel that cannot be edited any more is let go of without a word.
    with mock.patch.object(discord.Interaction, "edit_original_response", side_effect=OSError):
        await evening.join(server.member("ben"))
    assert len(world.bot.services[LivePanels]) == 0


async def test_each_open_panel_stays_true_or_says_that_it_does_not(world, server):
    """Issue 12: two facilitators, and one with several panels; a press makes it live again."""
    evening = await opened(world, server)
    gus = server.manager("gus")
    mine = [await panel_of(evening) for _ in range(3)]
    theirs = await panel_of(evening, gus)
    await evening.join(server.member("ann"))
    await world.later(2)
    assert all("1 person in" in text(one) for one in (*mine, theirs))
    fourth = await panel_of(evening)
    await world.later(2)
    assert text(mine[0]).startswith("🎛️ This panel is no longer kept up to date")
    await evening.join(server.member("ben"))
    await world.later(2)
    assert all("2 people in" in text(one) for one in (*mine[1:], fourth, theirs))
    await evening.press(evening.lead, "Refresh", mine[0])
    await world.later(2)
    assert "2 people in" in text(mine[0])
    assert text(mine[1]).startswith("🎛️ This panel is no longer kept up to date")
    # One card is one panel, however often it is pressed.
    for _ in range(3):
        await evening.press(evening.lead, "Refresh", fourth)
    await evening.join(server.member("cyd"))
    await world.later(2)
    assert all("3 people in" in text(one) for one in (mine[0], mine[2], fourth, theirs))


async def test_the_page_of_a_room_says_until_when_it_is_true_and_follows_its_round(world, server):
    """Issue 12: it does not stand at the coaching after its round is over."""
    evening = await in_rooms(world, server)
    panel = await panel_of(evening)
    await choose(evening.lead, panel, ROOMS, "1")
    assert "It keeps itself up to date until" in text(panel)
    other = await panel_of(evening)
    await evening.press(evening.lead, "End all", other)
    await evening.press(evening.lead, "End all", other)
    await world.later(2)
    assert "Pause" not in labels(panel)
    assert "It keeps itself up to date until" in text(panel)
    assert "Refresh" in labels(panel)
