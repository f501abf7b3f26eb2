"""What tests of gatherings share: an evening in a dojo, its card, and what people do with it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import Any

from simcord.builders import ChannelHandle

from bot.dojos.service.dojos import DojoService
from bot.gatherings.grouping.groups import Group
from bot.gatherings.model.gathering import Draft, Guest
from bot.gatherings.service.live import LiveGatherings
from bot.rounds.service.live import LiveRounds
from tests.cards.rules import parts
from tests.rounds.ui.steps import cards, private
from tests.simulation.world import Result, Server, World, labels, text

NAMES = ("ann", "ben", "cyd", "dan", "eve", "fin", "gus", "hal", "ida", "jon", "kay", "lea")


@dataclass
class Evening:
    """A gathering, and the person who opened it."""

    world: World
    server: Server
    lead: Any
    answer: Any = field(default=None, repr=False)
    """What the person who opened it was shown."""
    channel: Any = None

    @property
    def dojo(self) -> Any:
        return self.channel or self.server.dojo

    @property
    def card(self) -> Any:
        """The newest card in the dojo that is no call to someone."""
        return [one for one in cards(self.dojo) if text(one).startswith("### ")][-1]

    @property
    def now(self) -> Any:
        """The Gathering as it is kept. Not by its type: tests know what is there by then."""
        services = self.world.bot.services
        return services[LiveGatherings].of_dojo(services[DojoService].get(self.dojo.id).id)

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
        """Someone who joined."""
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
    """An evening that is open for people to join, opened by someone who manages channels."""
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


BOARDING = 105
"""Seconds after which the clocks of all rooms start, however many people have answered."""


async def boarding(
    world: World, server: Server, people: int | list[Any] = 6, **options: Any
) -> Evening:
    """An evening whose groups have just been started."""
    options = {"format": "quick-10", "rounds": 2, **options}
    evening = await opened(world, server, **options)
    if isinstance(people, int):
        people = members(server, people)
    await evening.join(*people)
    preview = await evening.preview()
    await evening.press(evening.lead, "Start", preview)
    return evening


async def in_rooms(
    world: World, server: Server, people: int | list[Any] = 6, **options: Any
) -> Evening:
    """An evening whose clocks are running, in the first segment, with a yes of everybody."""
    if isinstance(people, int):
        people = members(server, people)
    evening = await boarding(world, server, people, **options)
    await board_all(evening, people)
    return evening


async def board_all(evening: Evening, people: list[Any], *, but: tuple[int, ...] = ()) -> None:
    """Everybody agrees to the round of their room just before the time to come is up.

    Without notes; the clocks of all rooms run for 20 seconds then.
    """
    world, begun = evening.world, evening.world.env.now()
    due = evening.now.due_at
    assert due is not None
    await world.later(max((due - begun).total_seconds() - 5, 0))
    await say_yes(evening, people, but=but)
    await world.later(20)


async def say_yes(evening: Evening, people: list[Any], *, but: tuple[int, ...] = ()) -> None:
    """Everybody who is in a room agrees to its round, without notes."""
    gathering = evening.now
    assert gathering.draw is not None
    by_id = {person.id: person for person in people if person.id not in but}
    clicks = []
    for one in gathering.rooms:
        group_ = gathering.draw.groups[one.number - 1].people if one.round_id else ()
        card = room_card(evening, one.number) if group_ else None
        if card is not None and "Agree, without notes" in labels(card):
            clicks += [
                functools.partial(by_id[user_id].click, card, label="Agree, without notes")
                for user_id in group_
                if user_id in by_id and _is_asked(evening, one.round_id, user_id)
            ]
    await evening.world.together(*clicks)


def _is_asked(evening: Evening, round_id: int, user_id: int) -> bool:
    """Whether a person has a seat in a round, or is asked to take one."""
    round_ = evening.world.bot.services[LiveRounds].find(round_id)
    seat = round_.seat_of(user_id) if round_ is not None else None
    return seat is not None and seat.is_here


async def choose_people(actor: Any, message: Any, placeholder: str, *people: Any) -> Any:
    """Choose these people in the menu of people whose placeholder begins like this."""
    custom_id = next(
        part["custom_id"]
        for part in parts(message)
        if part.get("type") == 5 and placeholder in part["placeholder"]
    )
    return await actor.select(message, list(people), custom_id=custom_id)


async def panel_of(evening: Evening, by: Any = None) -> Any:
    """The panel of someone, as opened from the card."""
    return private(await evening.press(by or evening.lead, "Panel"))


def room(evening: Evening, number: int) -> Any:
    """The thread of a group, or the voice channel it meets in."""
    channel_id = next(one.channel_id for one in evening.now.rooms if one.number == number)
    thread = next((one for one in evening.dojo.threads if one.id == channel_id), None)
    if thread is not None:
        return thread
    env = evening.world.env
    return ChannelHandle(env, evening.server.handle, env.backend.channels[channel_id])


def room_card(evening: Evening, number: int) -> Any:
    """The newest card in a room."""
    return cards(room(evening, number))[-1]


def group(evening: Evening, number: int, people: list[Any]) -> list[Any]:
    """The people of a group, coach first."""
    gathering = evening.now
    assert gathering.draw is not None
    by_id = {person.id: person for person in people}
    return [by_id[one] for one in gathering.draw.groups[number - 1].people]


def room_lines(panel: Any) -> list[str]:
    """The lines of the rooms on a panel."""
    return [one for one in text(panel).splitlines() if re.match(r"\*\*(Room )?\d", one)]
