"""The part of the walk past every card that is about the facilitator's panel and other tools."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from unittest import mock

from bot.rounds.model.refusals import CannotNow
from bot.rounds.service.steering import RoundService
from tests.gatherings.ui.panel.steps import board_all, boarding, group, panel_of, room_card
from tests.gatherings.ui.steps import Evening
from tests.rounds.ui.steps import private
from tests.simulation.world import Server, World, choose, menus

MINUTE = 60
ROOMS = "One room: people, clock, visit…"


async def past_panel(world: World, server: Server) -> None:
    """From a rehearsal to the record of an evening."""
    home = server.handle.create_text_channel("panels")
    await server.set_up(home)
    lead, other = server.manager("pam"), server.manager("pat-too")
    await past_the_rehearsal(lead, home)
    await lead.slash(home, "dojo record")
    people = [server.member(f"guest{number}") for number in range(7)]
    evening = await boarding(world, server, people, lead=lead, channel=home, rounds=1)
    panel = await panel_of(evening)
    await past_boarding(evening, panel, people)
    await past_all_rooms(evening, panel)
    await past_one_room(evening, panel, people)
    await past_the_lead(evening, panel, other)
    await past_the_end(evening, panel, people)
    with mock.patch("bot.gatherings.ui.record.PEOPLE_ON_A_PAGE", 2):
        record = private(await lead.slash(home, "dojo record"))
        await evening.press(lead, "Next page", record)
        await evening.press(lead, "As a file", record)


async def past_the_rehearsal(lead: Any, channel: Any) -> None:
    """Both ways to make groups."""
    shown = private(await lead.slash(channel, "dojo rehearse", people=36, rounds=8))
    await lead.click(shown, label="Fresh groups each round")
    await lead.click(shown, label="Next page")
    await lead.click(shown, label="Draw again")


async def past_boarding(evening: Evening, panel: Any, people: list[Any]) -> None:
    """A room that is not ready with the others, and the pages of many rooms."""
    genuine = RoundService.begin_with_others
    late = next(one.round_id for one in evening.now.rooms if one.number == 1)

    async def begin(rounds: RoundService, round_id: int, at: datetime) -> Any:
        if round_id == late:
            raise CannotNow("no coach")
        return await genuine(rounds, round_id, at)

    with mock.patch.object(RoundService, "begin_with_others", begin):
        await board_all(evening, people)
    await choose(evening.lead, panel, ROOMS, "1")
    for label in ("Begin now", "All rooms"):
        await evening.press(evening.lead, label, panel)
    with mock.patch("bot.gatherings.ui.panel.panel.ROOMS_ON_A_PAGE", 1):
        for label in ("Refresh", "Next page", "Previous page"):
            await evening.press(evening.lead, label, panel)
    await evening.press(evening.lead, "Refresh", panel)


async def past_all_rooms(evening: Evening, panel: Any) -> None:
    """Everything that is done to all rooms at once."""
    lead = evening.lead
    for label in ("Pause all", "Resume", "+2 min", "Next", "Next", "Leave it as it is"):
        await evening.press(lead, label, panel)
    form = await evening.press(lead, "Broadcast", panel)
    await lead.submit_modal(form, {"text": "@everyone <@1> **Hello**"})


async def past_one_room(evening: Evening, panel: Any, people: list[Any]) -> None:
    """A call for help, a visit, somebody who is missing, an end."""
    lead = evening.lead
    first = group(evening, 2, people)
    await evening.press(first[2], "Ask for help", room_card(evening, 2))
    await evening.press(first[2], "Help is on its way", room_card(evening, 2))
    await choose(lead, panel, ROOMS, "2")
    for label in ("Visit", "+2 min", "Pause", "Resume", "Next", "Leave it as it is", "Refresh"):
        await evening.press(lead, label, panel)
    form = await evening.press(lead, "Broadcast here", panel)
    await lead.submit_modal(form, {"text": "Hello"})
    await evening.world.later(1)
    await choose(lead, panel, "Someone is missing", menus(panel)["Someone is missing"][-1])
    for label in ("End", "End the round", "All rooms"):
        await evening.press(lead, label, panel)


async def past_the_lead(evening: Evening, panel: Any, other: Any) -> None:
    """The lead goes to somebody else, and comes back."""
    form = await evening.press(evening.lead, "Hand over", panel)
    await evening.lead.submit_modal(form, {"who": [other]})
    await panel_of(evening, other)
    await evening.press(evening.lead, "Take over", panel)
    form = await evening.press(evening.lead, "Take off…", panel)
    await evening.lead.submit_modal(form, {"who": [other]})


async def past_the_end(evening: Evening, panel: Any, people: list[Any]) -> None:
    """Everybody is called back, checks out, and goes home."""
    world, lead = evening.world, evening.lead
    for label in ("End all", "End all"):
        await evening.press(lead, label, panel)
    await world.later(MINUTE)
    ann = people[0]
    form = await evening.press(ann, "Check out")
    asked = private(await ann.submit_modal(form, {"useful": ["9"], "word": "like @kim"}))
    form = await evening.press(ann, "Change it", asked)
    await ann.submit_modal(form, {"useful": ["9"], "word": "wide"})
    await evening.press(lead, "Next round", panel)
    await world.env.settle()
    await board_all(evening, people)
    for label in ("End all", "End all"):
        await evening.press(lead, label, panel)
    await world.later(MINUTE)
    for label in ("Close the evening", "Close the evening"):
        await evening.press(lead, label, panel)
