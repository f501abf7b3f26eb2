"""Several people press at once, people come and go under a preview, and there are many of them."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

import pytest

from bot.gatherings.model.gathering import Stage
from bot.rounds.model.round import State
from tests.cards.rules import faults_of
from tests.gatherings.ui.steps import (
    Evening,
    board_all,
    members,
    opened,
    panel_of,
    room,
    room_lines,
)
from tests.gatherings.ui.trouble import (
    agree,
    end_all,
    everybody,
    gathered,
    leave,
    round_in,
    running,
    sizes,
)
from tests.rounds.ui.steps import cards, posts, private, rows
from tests.rounds.ui.trouble import every_card, pinged
from tests.simulation.world import World, labels, text, texts, told

pytestmark = pytest.mark.usefixtures("panels_at_once")

# Double click, two devices


async def at_once(world: World, label: str, *who: tuple[Any, Any]) -> list[Any]:
    """Several people press the same button of their cards in the same moment."""
    await world.later(1)
    presses = [functools.partial(person.click, card, label=label) for person, card in who]
    return await world.together(*presses)


async def test_double_click_or_two_devices_join_once_and_start_one_round(world, server):
    evening, people = await gathered(world, server, 5)
    gus = server.manager("gus")
    ann = server.member("ann-2")
    people.append(ann)
    await at_once(world, "Join", (ann, evening.card), (ann, evening.card))
    assert [one.user_id for one in evening.now.here].count(ann.id) == 1
    # Two facilitators look at the same groups and start them in the same moment.
    mine = await evening.preview()
    theirs = await evening.preview(gus)
    assert evening.proposed
    await at_once(world, "Start", (evening.lead, mine), (gus, theirs))
    assert evening.now.number == 1
    assert len(evening.dojo.threads) == len(evening.now.rooms) == 2
    assert sum("to your rooms" in text(one) for one in cards(server.dojo)) == 1
    assert len(rows(world, "rounds")) == 2
    started = [text(one) for one in (mine, theirs)]
    assert sum("Round 1 of 2 begins" in one for one in started) >= 1
    # An old preview starts nothing any more.
    again = await evening.press(gus, "Start", theirs) if "Start" in labels(theirs) else None
    assert again is None or "begun already" in told(again)
    await agree(evening, people)


async def test_double_click_on_end_all_and_next_round_by_two_facilitators_acts_once(world, server):
    evening, _ = await running(world, server, 6, rounds=3)
    gus = server.manager("gus")
    panels = [(evening.lead, await panel_of(evening)), (gus, await panel_of(evening, gus))]
    await at_once(world, "End all", *panels)
    answers = await at_once(world, "End all", *panels)
    assert evening.now.stage is Stage.RETURNING
    assert all(one.acknowledged for one in answers)
    called = [one for one in posts(room(evening, 1)) if "We meet again" in one.content]
    assert len(called) == 1
    await world.later(61)
    assert evening.now.stage is Stage.BETWEEN
    # From the panel and from the card.
    card = evening.card
    await world.later(1)
    await world.together(
        lambda: evening.lead.click(panels[0][1], label="Next round"),
        lambda: gus.click(card, label="Next round"),
    )
    assert (evening.now.number, evening.now.stage) == (2, Stage.BOARDING)
    assert len({one.round_id for one in evening.now.rooms}) == 2
    # Pressed once more on what each had before them, nothing more begins.
    late = await gus.click(panels[1][1], label="Refresh")
    assert late.acknowledged
    assert evening.now.number == 2


async def test_a_second_dojo_open_leads_to_the_evening_there_is(world, server):
    gus = server.manager("gus")
    lead = server.manager()
    first, second = await world.together(
        lambda: lead.slash(server.dojo, "dojo open"),
        lambda: gus.slash(server.dojo, "dojo open", format="quick-10"),
    )
    assert len(rows(world, "gatherings")) == 1
    said = sorted(text(private(one))[:33] for one in (first, second))
    assert said[0].startswith("### 🌱 The gathering is open")
    assert said[1].startswith("A gathering is open in this dojo")
    evening = Evening(world, server, lead)
    await evening.join(*members(server, 3))
    # Also while people are in their rooms.
    await evening.press(lead, "Start", await evening.preview())
    third = private(await gus.slash(server.dojo, "dojo open"))
    assert f"/{server.dojo.id}/{evening.card.id})" in text(third)
    assert labels(third) == ["Panel"]
    panel = private(await evening.press(gus, "Panel", third))
    assert "round 1 of 3" in text(panel)
    assert len(rows(world, "gatherings")) == 1


# People come and go


async def test_preview_while_people_join_and_leave_says_what_changed_before_it_starts(
    world, server
):
    evening, people = await gathered(world, server, 9)
    shown = await evening.preview()
    before = evening.proposed
    await leave(evening, people[0])
    late = server.member("late")
    await evening.join(late)
    assert evening.proposed == before
    # Nothing moves: what would start is shown first, with everybody in it.
    shown = (await evening.press(evening.lead, "Start", shown)).response
    assert evening.now.stage is Stage.OPEN
    assert "Fitted in since you looked" in text(shown)
    assert late.mention in text(shown)
    assert f"{people[0].mention} has left" in text(shown)
    placed = [one for group in evening.proposed for one in group.people]
    assert sorted(placed) == sorted([late.id, *(one.id for one in people[1:])])
    # Someone comes in the moment of the start: they find a room at once.
    last = server.member("last")
    await world.later(1)
    card = evening.card
    await world.together(
        lambda: evening.lead.click(shown, label="Start"), lambda: last.click(card, label="Join")
    )
    if evening.now.stage is Stage.OPEN:
        assert "this very moment" in text(shown)
        shown = (await evening.press(evening.lead, "Start", shown)).response
    assert evening.now.stage is Stage.BOARDING
    assert everybody(evening) == {one.user_id for one in evening.now.here}
    assert last.id in everybody(evening)


async def test_a_full_gathering_has_a_waiting_list_and_tells_whose_seat_has_become_free(
    world, server
):
    evening, people = await gathered(world, server, 5)
    await evening.replan(seats="4")
    # Who has a seat keeps it.
    assert len(evening.now.here) == 5
    waiting = [server.member(f"waits-{number}") for number in range(3)]
    shown = await evening.join(*waiting)
    assert ["number 1 on" in text(shown[0]), "number 3 on" in text(shown[2])] == [True, True]
    # One leaves: that was one too many, and nobody moves up yet.
    await leave(evening, people[0])
    assert [one.user_id for one in evening.now.waiting] == [one.id for one in waiting]
    await evening.press(evening.lead, "Start", await evening.preview())
    assert everybody(evening).isdisjoint(one.id for one in waiting)
    # In a round as well: the first in line is told, and finds a room with one tap.
    await leave(evening, people[1])
    call = posts(server.dojo)[-1]
    assert "a seat has become free" in text(call)
    assert pinged(world, call) == {waiting[0].id}
    (shown,) = await evening.join(waiting[0])
    assert room(evening, 1).mention in text(shown)
    assert round_in(evening, 1).takes_part(waiting[0].id)
    # Who gives up their place in line frees nothing.
    await leave(evening, waiting[1])
    assert [one.user_id for one in evening.now.waiting] == [waiting[2].id]
    await end_all(evening)
    assert f"Waiting, in this order: {waiting[2].mention}" in text(evening.card)


# More than 15 rooms or 40 people


async def test_more_than_15_rooms_or_40_people_are_told_how_long_it_takes_and_every_card_fits(
    world, server
):
    evening, people = await gathered(world, server, long_names(server, 60, "in"))
    waiting = long_names(server, 12, "waiting")
    await evening.join(*waiting)
    assert [one.user_id for one in evening.now.waiting] == [one.id for one in waiting]
    shown = await evening.preview()
    assert "After **Start** all have" in text(shown)
    await evening.press(evening.lead, "Start", shown)
    assert sizes(evening) == [3] * 20
    assert pinged(world, evening.card) == {one.id for one in people}
    await board_all(evening, people)
    # The panel has pages, each with rooms of its own.
    panel = await panel_of(evening)
    assert len(room_lines(panel)) == 15
    await evening.press(evening.lead, "Next page", panel)
    assert len(room_lines(panel)) == 5
    assert "12 on the waiting list" in text(panel)
    assert round_in(evening, 20).state is State.RUNNING
    await end_all(evening)
    assert "☕ Together again" in texts(evening.card)[0]
    for card in every_card(world):
        assert faults_of(card.components) == []


async def test_more_than_40_people_in_voice_get_the_time_it_takes_to_move_them(world, server):
    hall = server.handle.create_voice_channel("hall")
    lead, people = server.manager(), members(server, 42)
    for one in (lead, *people):
        await one.join_voice(hall)
    evening = await opened(world, server, lead=lead, format="quick-10", rounds=1)
    await evening.join(lead, *people)
    shown = await evening.preview()
    # 90 seconds, and one for each who is moved.
    assert "all have 2:13 min to find their room" in text(shown)
    await evening.press(lead, "Start", shown)
    panel = await panel_of(evening)
    assert "43 of 43 are in their rooms" in text(panel)


def long_names(server: Any, count: int, why: str) -> list[Any]:
    """So many people with names as long as Discord lets them be."""
    numbers: Iterable[int] = range(count)
    return [server.member(f"{why}-{number:02}-" + "x" * (26 - len(why))) for number in numbers]
