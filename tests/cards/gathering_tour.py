"""The part of the walk past every card that is about joining an evening and forming its groups."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from unittest import mock

from bot.rounds.model.refusals import CannotNow
from bot.rounds.service.proposing import RoundProposing
from tests.gatherings.ui.steps import (
    Evening,
    board_all,
    boarding,
    choose_people,
    group,
    members,
    opened,
    panel_of,
    room_card,
)
from tests.rounds.ui.steps import private
from tests.simulation.world import Server, World, choose, labels, menus

MINUTE = 60
WISH = "What would you like to do?"


async def past_gatherings(world: World, server: Server) -> None:
    """From `/dojo open` to the last card of an evening."""
    home = server.handle.create_text_channel("evenings")
    other = server.handle.create_text_channel("other-evenings")
    for channel in (home, other):
        await server.set_up(channel)
    lead = server.manager("gil")
    people = members(server, 10)
    evening = await opened(world, server, lead=lead, channel=home)
    await opened(world, server, lead=lead, channel=home)
    elsewhere = await opened(world, server, lead=lead, channel=other)
    panel = await panel_of(evening)
    form = await evening.press(lead, "Add a co-facilitator…", panel)
    await lead.submit_modal(form, {"who": [people[0]]})
    form = await evening.press(lead, "Take off…", panel)
    await lead.submit_modal(form, {"who": [people[0]]})
    await past_joining(evening, elsewhere, people)
    await past_the_plan(evening)
    await past_the_preview(evening, people)
    await past_private_wishes(elsewhere)
    await past_rounds_of_an_evening(evening, people)


async def past_joining(evening: Evening, elsewhere: Evening, people: list[Any]) -> None:
    """Joining here and elsewhere, wishes, leaving, waiting."""
    first, second = people[:2]
    shown, _ = await evening.join(*people[:2])
    await evening.press(first, "Join")
    await choose(first, shown, WISH, "coach")
    form = await evening.press(first, "My wishes")
    typed = {"wish": "any", "languages": ["en", "it"], "apart": [second]}
    await first.submit_modal(form, typed)
    # Once more, with what was entered in it.
    form = await evening.press(first, "My wishes")
    await first.submit_modal(form, {**typed, "apart": []})
    (asked,) = await elsewhere.join(second)
    await second.click(asked, label="Leave that one and join here")
    await evening.press(first, "Leave")
    await choose(first, shown, WISH, "any")
    await evening.join(*people)


async def past_the_plan(evening: Evening) -> None:
    """A plan with a trade, one that fits, one without seats for all."""
    lead = evening.lead
    shown = await evening.replan(minutes="90", seats="2 x")
    take = next(label for label in labels(shown) if label.startswith("Take it"))
    await evening.press(lead, take, shown)
    await evening.replan(format=["micro-12"], rounds=["2"], minutes="", seats="9")
    await evening.join(evening.server.member("waiting"))


async def past_the_preview(evening: Evening, people: list[Any]) -> None:
    """Everything that can be changed in proposed groups."""
    lead = evening.lead
    shown = await evening.preview()
    by_id = {one.id: one for one in people}
    first, second = ([by_id[one] for one in group.people] for group in evening.proposed[:2])
    shown = (await choose_people(lead, shown, "Swap", first[0], second[0])).response
    together = [by_id[one] for one in evening.proposed[0].people[:2]]
    shown = (await choose_people(lead, shown, "Pin", *together)).response
    for label in ("Group 1", "Back to the groups"):
        asked = (await evening.press(lead, "Pin a group", shown)).response
        shown = (await evening.press(lead, label, asked)).response
    shown = (await evening.press(lead, "Reshuffle", shown)).response
    asked = (await evening.press(lead, "Pin a group", shown)).response
    shown = (await evening.press(lead, "Unpin all", asked)).response
    asked = (await evening.press(lead, "Observe only", shown)).response
    shown = (await choose_people(lead, asked, "Observe only", people[-1])).response
    await evening.press(people[0], "Leave")
    asked = (await evening.press(lead, "Observe only", shown)).response
    shown = (await evening.press(lead, "Back to the groups", asked)).response
    shown = (await evening.press(lead, "Start", shown)).response
    await evening.press(lead, "Start", shown)


async def past_private_wishes(evening: Evening) -> None:
    """Two people of whom one does not want to be in a group with the other."""
    one, other = members(evening.server, 2)
    await evening.join(one, other)
    form = await evening.press(one, "My wishes")
    await one.submit_modal(form, {"wish": "any", "languages": [], "apart": [other]})
    await evening.preview()
    asked = private(await evening.press(one, "My wishes"))
    await evening.press(one, "Change my list", asked)
    await evening.press(one, "Only observe tonight", asked)
    joined = private(await evening.press(other, "Join"))
    rested = (await evening.press(other, "Sit this round out", joined)).response
    await evening.press(other, "Take part after all", rested)


async def past_rounds_of_an_evening(evening: Evening, people: list[Any]) -> None:
    """Boarding, rounds, coming late, leaving, coming back together, the last card."""
    world, lead = evening.world, evening.lead
    await evening.join(evening.server.member("lena"))
    for person in people[3:5]:
        asked = private(await evening.press(person, "Leave"))
        label = "Stay" if person is people[3] else "Leave the evening"
        await person.click(asked, label=label)
    await board_all(evening, people)
    await world.later(30 * MINUTE)
    await evening.press(lead, "Next round")
    await world.env.settle()
    await board_all(evening, people)
    await world.later(30 * MINUTE)
    await evening.replan(how=["fresh"])
    await evening.press(lead, "One more round")
    await evening.close()


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
    genuine = RoundProposing.begin_with_others
    late = next(one.round_id for one in evening.now.rooms if one.number == 1)

    async def begin(rounds: RoundProposing, round_id: int, at: datetime) -> Any:
        if round_id == late:
            raise CannotNow("no coach")
        return await genuine(rounds, round_id, at)

    with mock.patch.object(RoundProposing, "begin_with_others", begin):
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
    await lead.submit_modal(form, {"text": "@everyone <@1> **Hello**", "notify": "nobody"})


async def past_one_room(evening: Evening, panel: Any, people: list[Any]) -> None:
    """A call for help, a visit, someone who is missing, an end."""
    lead = evening.lead
    first = group(evening, 2, people)
    await evening.press(first[2], "Ask for help", room_card(evening, 2))
    await evening.press(first[2], "Ask for help", room_card(evening, 2))
    await choose(lead, panel, ROOMS, "2")
    for label in ("Visit", "+2 min", "Pause", "Resume", "Next", "Leave it as it is", "Refresh"):
        await evening.press(lead, label, panel)
    form = await evening.press(lead, "Broadcast here", panel)
    await lead.submit_modal(form, {"text": "Hello", "notify": "nobody"})
    await evening.world.later(1)
    await choose(lead, panel, "Someone is missing", menus(panel)["Someone is missing"][-1])
    for label in ("End", "End the round", "All rooms"):
        await evening.press(lead, label, panel)


async def past_the_lead(evening: Evening, panel: Any, other: Any) -> None:
    """The lead goes to someone else, and comes back."""
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
    await evening.press(lead, "One more round", panel)
    await world.env.settle()
    await board_all(evening, people)
    for label in ("End all", "End all"):
        await evening.press(lead, label, panel)
    await world.later(MINUTE)
    for label in ("Close the evening", "Close the evening"):
        await evening.press(lead, label, panel)
