"""What tests of gatherings share: an evening in a dojo, its card, and what people do with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.dojos.service.dojos import DojoService
from bot.gatherings.grouping.groups import Group
from bot.gatherings.model.gathering import Draft, Guest
from bot.gatherings.service.joining import GatheringService
from tests.rounds.ui.steps import cards, private
from tests.simulation.world import Result, Server, World, labels, text

NAMES = ("ann", "ben", "cyd", "dan", "eve", "fin", "gus", "hal", "ida", "jon", "kay", "lea")


@dataclass
class Evening:
    """A gathering, and whoever opened it."""

    world: World
    server: Server
    lead: Any
    answer: Any = field(default=None, repr=False)
    """What whoever opened it was shown."""
    channel: Any = None

    @property
    def dojo(self) -> Any:
        return self.channel or self.server.dojo

    @property
    def card(self) -> Any:
        """The newest card in the dojo that is no call to somebody."""
        return [one for one in cards(self.dojo) if text(one).startswith("### ")][-1]

    @property
    def now(self) -> Any:
        """The Gathering as it is kept. Not by its type: tests know what is there by then."""
        services = self.world.bot.services
        return services[GatheringService].of_dojo(services[DojoService].get(self.dojo.id))

    @property
    def draft(self) -> Draft:
        """What is proposed."""
        draft = self.now.draft
        assert draft is not None, "no groups are proposed"
        return draft

    @property
    def proposed(self) -> tuple[Group, ...]:
        """The groups that are proposed."""
        return self.draft.draw.groups

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups of the round."""
        draw = self.now.draw
        assert draw is not None, "there was no round yet"
        return draw.groups

    def guest(self, user_id: int) -> Guest:
        """Somebody who joined."""
        guest = self.now.guest(user_id)
        assert guest is not None, "that person has not joined"
        return guest

    async def press(self, person: Any, label: str, card: Any = None) -> Result:
        """Press a button of its card, or of another; nobody presses twice within a second."""
        await self.world.later(1)
        return await person.click(card or self.card, label=label)

    async def join(self, *people: Any) -> list[Any]:
        """People join one after another; what each is shown."""
        return [private(await self.press(person, "Join")) for person in people]

    async def preview(self, by: Any = None) -> Any:
        """The proposed groups, as a facilitator is shown them."""
        return private(await self.press(by or self.lead, "Form groups"))

    async def replan(self, **fields: Any) -> Any:
        """Change the plan by its form; the plan as it is shown then."""
        now = self.now
        form = await self.press(self.lead, "Change the plan", self.answer)
        held = {
            "format": [now.format.id],
            "rounds": [str(now.rounds)],
            "minutes": str(now.minutes or ""),
            "seats": str(now.seats),
            "how": [],
        }
        return private(await self.lead.submit_modal(form, {**held, **fields}))

    async def close(self) -> None:
        """Close the evening from the panel."""
        panel = private(await self.press(self.lead, "Panel"))
        asked = (await self.press(self.lead, "Close the evening", panel)).response
        sure = next(label for label in labels(asked) if label.startswith("Close"))
        await self.press(self.lead, sure, asked)


async def opened(world: World, server: Server, *, lead: Any = None, **options: Any) -> Evening:
    """An evening that is open for people to join, opened by somebody who manages channels."""
    lead = lead or server.manager()
    where = options.pop("channel", None)
    answer = await lead.slash(where or server.dojo, "dojo open", **options)
    return Evening(world, server, lead, private(answer), where)


async def in_hall(server: Server, *people: Any) -> tuple[Any, Any]:
    """A dojo beside a voice channel in which these people are; both channels."""
    category = server.handle.create_category("Dojo")
    dojo = server.handle.create_text_channel("evening-dojo", category=category)
    hall = server.handle.create_voice_channel("Hall", category=category)
    await server.set_up(dojo)
    for person in people:
        await person.join_voice(hall)
    return dojo, hall


def members(server: Server, count: int) -> list[Any]:
    """So many people, by names of their own."""
    names = [f"{NAMES[number % 12]}{number // 12 or ''}" for number in range(count)]
    return [server.member(name) for name in names]
