"""The part of the walk past every card that is about joining an evening and forming its groups."""

from __future__ import annotations

from typing import Any

from tests.gatherings.ui.panel.steps import board_all
from tests.gatherings.ui.steps import Evening, members, opened
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
    asked = (await evening.press(lead, "Swap", shown)).response
    placeholder, values = next(iter(menus(asked).items()))
    asked = (await choose(lead, asked, placeholder, values[0])).response
    shown = (await choose(lead, asked, placeholder, values[-1])).response
    for label in ("All of them", "Back to the groups"):
        asked = (await evening.press(lead, "Pin", shown)).response
        placeholder, values = next(iter(menus(asked).items()))
        asked = (await choose(lead, asked, placeholder, values[0])).response
        shown = (await evening.press(lead, label, asked)).response
    shown = (await evening.press(lead, "Reshuffle", shown)).response
    asked = (await evening.press(lead, "Pin", shown)).response
    shown = (await evening.press(lead, "Unpin all", asked)).response
    asked = (await evening.press(lead, "Observe only", shown)).response
    placeholder, values = next(iter(menus(asked).items()))
    shown = (await choose(lead, asked, placeholder, values[0])).response
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
    await evening.press(lead, "Next round")
    await evening.close()
