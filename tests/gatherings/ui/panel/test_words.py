"""What the facilitator's panel and the last card say: what is true now, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.gatherings.model.gathering import Gathering, Stage
from bot.gatherings.model.harvest import Plenary
from bot.gatherings.ui.card.harvest import harvest_parts
from bot.gatherings.ui.panel.lines import people_text
from bot.gatherings.ui.words import sizes_text
from bot.rounds.model.round import RoomKind
from bot.rounds.service.live import LiveRounds
from tests.gatherings.ui.steps import (
    boarding,
    group,
    in_rooms,
    members,
    panel_of,
    room_card,
    room_lines,
)
from tests.rounds.ui.trouble import bot_may
from tests.simulation.world import choose, labels, menus, text

NOW = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)


async def test_the_panel_says_which_permission_is_missing_and_what_that_means(world, server):
    bot_may(world, server.dojo, create_private_threads=False)
    evening = await boarding(world, server)
    panel = await panel_of(evening)
    said = "⚠ **Create Private Threads** is missing: rooms are threads that everybody here can read"
    assert said in text(panel)
    # Public ones can be opened by everybody who reads here.
    assert all(f"<#{one.channel_id}>" in text(panel) for one in evening.now.rooms)


async def test_private_rooms_are_named_by_their_number_until_a_visit(world, server):
    evening = await in_rooms(world, server)
    panel = await panel_of(evening)
    assert "**Room 1** · 📜 Agree, over <t:" in text(panel)
    # Who is not in them would read numbers where their names belong.
    assert "<#" not in text(panel)


def test_many_check_outs_are_a_range(library):
    answers = tuple((6 + number % 3, "calm") for number in range(13))
    plenary = Plenary(rounds=6, people=13, coached=6, check_outs=answers)
    gathering = Gathering(1, 1, 1, 1, library["en"].formats["quick-10"], NOW, 1)
    shown = str(harvest_parts(gathering, library["en"], plenary)[-1])
    assert "0 to 10: 6 to 8, by 13 people" in shown
    few = replace(plenary, check_outs=answers[:3])
    assert "0 to 10: 6 to 8, by 3 people" in str(harvest_parts(gathering, library["en"], few)[-1])
    # Not in the order in which people answered.
    mixed = tuple((9 - number % 3, f"word {20 - number}") for number in range(13))
    shown = str(harvest_parts(gathering, library["en"], replace(plenary, check_outs=mixed))[-1])
    assert "0 to 10: 7 to 9, by 13 people" in shown
    assert shown.index("word 10") < shown.index("word 19")
    shown = harvest_parts(gathering, library["en"], replace(plenary, check_outs=mixed[:3]))[-1]
    assert "0 to 10: 7 to 9, by 3 people" in str(shown)
    # Once it is closed nobody can check out: there is nothing to ask for.
    closed = replace(gathering, stage=Stage.ENDED)
    nobody = replace(plenary, check_outs=())
    assert "Check-out" not in str(harvest_parts(closed, library["en"], nobody))


async def test_what_was_done_is_no_news_when_the_evening_has_gone_on(world, server):
    evening = await in_rooms(world, server)
    panel = await panel_of(evening)
    await evening.press(evening.lead, "End all", panel)
    await evening.press(evening.lead, "End all", panel)
    assert "⏹️ The rounds have ended" in text(panel)
    await world.later(60)
    assert "before the next round" in text(panel)
    assert "⏹️" not in text(panel)


async def test_a_seat_that_was_left_empty_is_taken_in_the_room_and_not_filled_from_the_panel(
    world, server
):
    """A4."""
    people = members(server, 6)
    evening = await in_rooms(world, server, people)
    coach, _, observer = group(evening, 1, people)
    panel = await panel_of(evening)
    sure = (await evening.press(coach, "Leave")).response
    await evening.press(coach, "Leave the evening", sure)
    await world.later(2)
    assert "⚠ the coach’s seat is empty" in room_lines(panel)[0]

    await choose(evening.lead, panel, "One room: people, clock, visit…", "1")
    assert str(coach.id) not in menus(panel)["Someone is missing"]
    await evening.press(observer, "I coach on", room_card(evening, 1))
    await world.later(2)
    assert f"🎧 **Coach** {observer.mention}" in text(panel)
    assert "the coach’s seat is empty" not in text(panel)
    assert "⏸️" not in text(panel).split("\n")[1]


async def test_next_round_does_not_pass_over_what_was_changed_in_a_proposal(world, server):
    evening = await in_rooms(world, server)
    panel = await panel_of(evening)
    await evening.press(evening.lead, "End all", panel)
    await evening.press(evening.lead, "End all", panel)
    await world.later(60)
    await evening.preview()
    before = evening.proposed
    await evening.press(evening.lead, "Next round", panel)
    assert evening.proposed == before
    assert "### 🧩 Groups for round 2 of 2" in text(panel)
    await evening.press(evening.lead, "Start", panel)
    assert evening.now.number == 2


async def test_fresh_groups_are_looked_at_where_the_panel_was(world, server):
    evening = await in_rooms(world, server)
    await evening.replan(how=["fresh"])
    panel = await panel_of(evening)
    await evening.press(evening.lead, "End all", panel)
    await evening.press(evening.lead, "End all", panel)
    await world.later(60)
    await evening.press(evening.lead, "Next round", panel)
    assert "### 🧩 Groups for round 2 of 2" in text(panel)
    # It is not overwritten by the panel, and leads back to it.
    await evening.join(server.member("late"))
    await world.later(2)
    assert "Start" in labels(panel)
    await evening.press(evening.lead, "Panel", panel)
    assert "### 🎛️ Panel" in text(panel)


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ((4, 3, 3), "4+3+3"),
        ((3, 3, 3, 3, 3, 4), "3+3+3+3+3+4"),
        ((4, 3, 3, 3, 3, 3, 3), "6 × 3 + 1 × 4"),
    ],
)
def test_up_to_six_groups_are_named_one_by_one(sizes, shown):
    assert sizes_text(sizes) == shown


async def test_a_room_says_how_many_are_there_and_in_voice_how_many_are_heard(world, server):
    people = members(server, 3)
    evening = await in_rooms(world, server, people)
    panel = await panel_of(evening)
    assert "· 👥 3 ·" in room_lines(panel)[0]
    round_ = world.bot.services[LiveRounds].find(evening.now.rooms[0].round_id)
    heard = [replace(seat, in_voice=True) for seat in round_.seats]
    away = replace(heard[2], away_since=NOW)
    for seats, shown in (
        (round_.seats, "👥 0 of 3"),
        ((heard[0], *round_.seats[1:]), "👥 1 of 3"),
        ((*heard[:2], away), "👥 2 of 3"),
        (heard, "👥 3"),
    ):
        in_voice = replace(round_, room=RoomKind.VOICE, seats=tuple(seats))
        assert people_text(in_voice) == shown
