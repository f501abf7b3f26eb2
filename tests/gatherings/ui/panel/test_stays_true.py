"""A panel and the page of a room say only what is so, for as long as they stand."""

from __future__ import annotations

from types import SimpleNamespace
from unittest import mock

import discord
import pytest

from bot.gatherings.model.gathering import Stage
from tests.cards.rules import parts
from tests.gatherings.ui.steps import BOARDING, opened, panel_of, room_card
from tests.gatherings.ui.trouble import (
    MISSING,
    ROOMS,
    agree,
    boarding,
    by_id,
    end_all,
    leave,
    missing,
    round_in,
    running,
    seated,
)
from tests.simulation.world import choose, labels, menus, text, told

pytestmark = pytest.mark.usefixtures("panels_at_once")


def options(card) -> list[tuple[str, str]]:
    """Label and description of who can be said to be missing."""
    (menu,) = [one for one in parts(card) if one.get("placeholder") == MISSING]
    return [(one["label"], one.get("description", "")) for one in menu["options"]]


async def test_people_who_are_asked_are_told_apart(world, server):
    """12 f2: by name where it is known, else by a number that stands in the lines above."""
    evening, people = await boarding(world, server, 5, format="triad-30", rounds=1)
    coach, client, *asked = seated(evening, 1, people)
    assert len(asked) >= 2
    await agree(evening, people, but=tuple(one.id for one in asked))
    await world.later(BOARDING + 2)
    panel = await panel_of(evening)
    await choose(evening.lead, panel, ROOMS, "1")
    numbered = options(panel)
    waits = "asked, has not answered yet"
    assert numbered[:2] == [("Coach", ""), ("Client", "")]
    assert numbered[2:] == [(f"Observer {n}", waits) for n in range(1, len(asked) + 1)]
    by_number = dict(zip(menus(panel)[MISSING][2:], range(1, 9), strict=False))
    for one in asked:
        assert f"{one.mention} ({by_number[str(one.id)]})" in text(panel)
    known = {one.id: SimpleNamespace(display_name=one.name) for one in people}
    with mock.patch.object(discord.Guild, "get_member", side_effect=known.get):
        await evening.press(evening.lead, "Refresh", panel)
        named = options(panel)
    assert named[0] == (coach.name, "Coach")
    assert named[1] == (client.name, "Client")
    assert sorted(named[2:]) == sorted(
        (one.name, f"Observer {by_number[str(one.id)]} · {waits}") for one in asked
    )


async def test_who_is_back_is_not_said_to_be_out(world, server):
    """12 f3: the note goes when the person has come back, and the seat is taken."""
    evening, people = await running(world, server, 3)
    coach, client, observer = seated(evening, 1, people)
    panel = await missing(evening, 1, observer.id)
    assert f"👋 {observer.mention} is out of the room" in text(panel)
    await evening.press(coach, "Pause", room_card(evening, 1))
    await world.later(2)
    assert f"👋 {observer.mention} is out of the room" in text(panel)
    await evening.press(observer, "Join")
    await world.later(2)
    assert f"**Observer** {observer.mention}" in text(panel)
    assert "👋" not in text(panel)
    panel = await missing(evening, 1, client.id)
    assert "The card there offers the client’s seat" in text(panel)
    await evening.press(observer, "I will be the client", room_card(evening, 1))
    await world.later(2)
    assert f"👋 {client.mention} is out of the room" in text(panel)
    assert "offers the client’s seat" not in text(panel)


async def test_what_was_done_to_clocks_is_said_while_they_stand_so(world, server):
    """12 f3: "Paused in all 2 rooms" does not stand above a clock that runs again."""
    evening, people = await running(world, server, 6)
    panel = await panel_of(evening)
    await evening.press(evening.lead, "Pause all", panel)
    await evening.join(server.member("late"))
    await world.later(2)
    assert "⏸️ Paused in all 2 rooms." in text(panel)
    await evening.press(seated(evening, 2, people)[0], "Resume", room_card(evening, 2))
    await world.later(2)
    assert "Paused in" not in text(panel)


async def test_who_has_the_lead_is_said_while_they_have_it(world, server):
    """12 f3: "You have the lead now" beside the name of another facilitator."""
    evening = await opened(world, server)
    gus = server.manager("gus")
    theirs = await panel_of(evening, gus)
    await evening.press(gus, "Take over", theirs)
    assert "🙋 You have the lead now." in text(theirs)
    await evening.press(evening.lead, "Take over", await panel_of(evening))
    await world.later(2)
    assert f"led by {evening.lead.mention}" in text(theirs)
    assert "You have the lead" not in text(theirs)


async def test_the_page_of_a_room_ends_with_its_evening(world, server):
    """12 f4: as the panel does, without a time or a button of its own."""
    evening, _ = await running(world, server, 3, rounds=1)
    gus = server.manager("gus")
    page, panel = await panel_of(evening, gus), await panel_of(evening, gus)
    await choose(gus, page, ROOMS, "1")
    await end_all(evening)
    await world.later(2)
    assert "Nobody is in this room now." in text(page)
    await evening.close()
    await world.later(2)
    assert text(page) == text(panel)
    assert "🌙 The evening is over." in text(page)
    assert labels(page) == []


@pytest.mark.parametrize("is_page", [False, True])
async def test_an_old_panel_is_redrawn_whatever_the_answer_is(world, server, is_page):
    """12 f6: pressed between rounds, after a restart."""
    evening, _ = await running(world, server, 3)
    panel = await panel_of(evening)
    if is_page:
        await choose(evening.lead, panel, ROOMS, "1")
    await world.restart()
    await end_all(evening)
    assert "Next" in labels(panel)
    answer = await evening.press(evening.lead, "Next", panel)
    assert told(answer).startswith("Nobody is in a room of this gathering now.")
    assert evening.now.stage is Stage.BETWEEN
    assert "Next" not in labels(panel)
    shown = "Nobody is in this room now." if is_page else "Everybody is together"
    assert shown in text(panel)
    assert "It keeps itself up to date" in text(panel)
    # It is live again.
    await evening.close()
    assert "The evening is over" in text(panel)


async def test_an_old_panel_shows_nothing_to_who_no_longer_looks_after_the_evening(world, server):
    """12 f6: it is redrawn, but not with the evening."""
    evening, _ = await running(world, server, 3)
    gus = server.manager("gus")
    panel = await panel_of(evening, gus)
    await world.restart()
    server.take_role(gus, server.managers)
    await evening.press(gus, "Pause all", panel)
    assert text(panel) == "You no longer look after this evening, so its panel is closed here."
    assert labels(panel) == []


async def test_the_lines_of_a_room_tell_nobody_else_to_answer(world, server):
    """12 f9: the panel is not read by who is asked; the card of a room of an evening is."""
    evening, people = await boarding(world, server, 3, rounds=1)
    asked = seated(evening, 1, people)[2]
    await agree(evening, people, but=(asked.id,))
    await world.later(BOARDING + 2)
    panel = await panel_of(evening)
    await choose(evening.lead, panel, ROOMS, "1")
    assert text(panel).count(f"⏳ **Asked to observe** {asked.mention}.") == 1
    assert "My role now" not in text(panel)
    assert "**My role now** lets you answer." in text(room_card(evening, 1))
    await leave(evening, by_id(people, asked.id))
    await world.later(2)
    assert not round_in(evening, 1).invited
