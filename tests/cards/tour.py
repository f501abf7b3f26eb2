"""Walks past every card and form there is."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from tests.cards.feedback_tour import NASTY, past_feedback
from tests.cards.gathering_tour import past_gatherings, past_panel
from tests.cards.rules import parts
from tests.rounds.ui.steps import Group, posts, private, proposed, running, say_left, start
from tests.rounds.ui.trouble import leave_by, role_of
from tests.simulation.world import Server, World, choose, labels, menus, text

MINUTE = 60
OWN = "version = 1\n"
SHORT = """\
version = 1
[[format]]
id = "short"
name = "Short"
suits = "Tests."
people = [2, 3]
segments = [{ kind = "coach", minutes = 0.5 }]
"""


@dataclass
class Tour:
    """What was shown on a tour."""

    cards: list[list[dict[str, Any]]] = field(default_factory=list)
    """The components of every card, as Discord was given them."""
    forms: list[dict[str, Any]] = field(default_factory=list)
    posted: list[dict[str, Any]] = field(default_factory=list)
    """Every message that was new, with whom it notifies."""

    @functools.cached_property
    def parts(self) -> list[dict[str, Any]]:
        """Everything on the cards."""
        return [part for card in self.cards for part in parts(SimpleNamespace(components=card))]

    @property
    def clickable(self) -> list[dict[str, Any]]:
        """Every button and menu."""
        return [part for part in self.parts if "custom_id" in part]


async def walk(world: World, server: Server) -> None:
    """People do everything there is to do."""
    await past_questions(server)
    await past_settings(server)
    await past_rounds(world, server)
    await past_feedback(world, server)
    await past_gatherings(world, server)
    await past_panel(world, server)


def shown(world: World) -> Tour:
    """What was shown so far."""
    tour = Tour()
    for request in world.env.http_requests:
        body = request.json
        if not isinstance(body, dict):
            continue
        data = body.get("data") or body
        if "title" in data:
            tour.forms.append(data)
        elif data.get("components"):
            tour.cards.append(data["components"])
        if request.method == "POST" and "allowed_mentions" in data:
            tour.posted.append(data)
    return tour


# Questions, signals, help


async def past_questions(server: Server) -> None:
    fay = server.manager()
    await server.set_up(by=fay, role=[server.facilitators])
    public = (await fay.slash(server.dojo, "question", phase="meaning")).response
    listed = (await fay.click(public, label="Show all")).response
    await fay.click(public, label="Another")
    await fay.click(listed, label="Next page")
    await choose(fay, listed, "Other phase", "close")
    await choose(fay, listed, "Take one", menus(listed)["Take one"][0])
    await fay.click(listed, label="Another")
    await fay.click(listed, label="Share with the room")
    mine = (await fay.slash(server.dojo, "question", phase="start", show="me")).response
    await fay.click(mine, label="Show all")
    await fay.click(mine, label="Next page")
    await choose(fay, mine, "Other phase", "close")
    await fay.click(mine, label="Back to the question")
    await fay.click(mine, label="Not helpful")
    await fay.slash(server.lounge, "question", phase="start")
    for show in ("channel", "me"):
        await fay.slash(server.dojo, "question", show=show)
    signals = (await fay.slash(server.dojo, "signals")).response
    await fay.click(signals, label="How to tell")
    if "Next page" in labels(signals):
        await fay.click(signals, label="Next page")
    partnership = (await fay.slash(server.dojo, "partnership")).response
    await fay.click(partnership, label="The six signals")
    await fay.click(signals, label="All in short")
    for command in ("help", "about"):
        await fay.slash(server.dojo, command)


# Settings, content, data rights


async def past_settings(server: Server) -> None:
    fay = server.manager()
    for command in ("settings", "check", "status", "content export"):
        await fay.slash(server.dojo, f"dojo {command}")
    settings = (await fay.slash(server.dojo, "dojo settings")).response
    await fay.click(settings, label="Post a card for members")
    of_dojo = next(one for one in posts(server.dojo) if "This is a dojo" in text(one))
    for label in ("Start", "Start a round", "Help"):
        await fay.click(of_dojo, label=label)
    for line in (NASTY, "Ana Rossi, or call 116 123"):
        form = await fay.click(settings, label="Support line…")
        await fay.submit_modal(form, {"line": line})
        await server.world.later(1)
    await server.set_up(server.lounge, by=fay, zone="Asia/Tokio")
    await server.give_content(OWN, server.lounge, by=fay)
    await server.give_content(OWN, server.lounge, by=fay)
    await server.give_content(SHORT, server.lounge, by=fay)
    await server.give_content(b"x = 1\n" * 40, server.lounge, by=fay)
    for command in ("my export", "my forget"):
        await fay.slash(server.dojo, command)
    await server.stop(server.lounge)


# Rounds, from the agreement to every way to end


async def past_rounds(world: World, server: Server) -> None:
    await past_agreement(world, server)
    await past_fewer(world, server)
    await past_what_is_in_the_way(world, server)
    await past_asking(world, server)
    group = await running(world, server, 4)
    await past_steering(group)
    await past_people(group)
    await past_outages(world, server)
    await past_further_rounds(world, server)
    await past_erasing(world, server)


async def past_agreement(world: World, server: Server) -> None:
    """Everything that can be pressed before the clock runs."""
    group = await proposed(world, server, 4, channel=server.thread())
    focus = await group.press(group.coach, "Coach: what to watch")
    await group.coach.submit_modal(focus, {"codes": ["S1", "S4"], "wish": "Do I leave room?"})
    # Once more, with what was entered in it.
    await group.press(group.coach, "Coach: what to watch")
    refused = private(await group.press(group.client, "I cannot come"))
    await group.client.click(refused, label="I will come")
    await group.press(group.people[3], "I cannot come")
    pia = server.member("pia")
    await group.press(pia, "Join as observer")
    changes = private(await group.press(group.coach, "Change…"))
    await choose(group.coach, changes, "Another format", "quick-10")
    await group.observer.slash(group.room, "round now")
    for one in (group.coach, group.client):
        await group.press(one, "Agree, without notes")
    await group.press(group.coach, "Begin now")
    await past_late_answers(group, pia)
    asked = private(await group.press(group.coach, "End"))
    await group.coach.click(asked, label="End the round")


async def past_fewer(world: World, server: Server) -> None:
    """All others have agreed when the last one says no, and the format is for more people."""
    people = [server.member(name) for name in ("uma", "vic", "wes")]
    group = await proposed(world, server, people, format="triad-30")
    for one in people[:2]:
        await group.press(one, "Agree, without notes")
    await group.press(people[2], "I cannot come")
    await group.press(people[0], "Begin with 2")
    asked = private(await group.press(people[0], "End"))
    await people[0].click(asked, label="End the round")


async def past_late_answers(group: Group, other: Any) -> None:
    """Someone who was only asked is offered a seat, takes an empty one, and says no."""
    asked = group.observer
    await group.press(asked, "My role now")
    await group.coach.slash(group.room, "round replace", member=group.coach, by=asked)
    await group.press(asked, "Take the seat")
    await group.press(group.coach, "Take the offer back")
    await group.coach.slash(group.room, "round replace", member=group.coach, by=asked)
    await group.press(asked, "No, thank you")
    await group.coach.slash(group.room, "round replace", member=group.coach, by=asked)
    answers = private(await group.press(asked, "Take the seat"))
    await asked.click(answers, label="Take it, with notes")
    role = private(await group.press(group.coach, "My role now"))
    await group.coach.click(role, label="With notes from now on")
    role = private(await group.press(asked, "My role now"))
    await leave_by(asked, role)
    answers = private(await group.press(other, "I coach on"))
    await other.click(answers, label="Take it, without notes")


async def past_what_is_in_the_way(world: World, server: Server) -> None:
    """People in other rounds, formats for others, and rounds that are called off."""
    fay, ann, ben, cyd, dan = (server.member(name) for name in ("fay", "ann", "ben", "cyd", "dan"))
    second = await proposed(world, server, [cyd, ann])
    await running(world, server, [ann, ben])
    asked = private(await second.press(ann, "Agree, with notes"))
    await ann.click(asked, label="Stay there")
    # The person who starts it is in another round; an observer is; someone with a seat is.
    await start(ann, server.dojo, ann, dan)
    await start(fay, server.dojo, fay, dan, ben)
    await start(fay, server.dojo, fay, ben)
    await start(fay, server.dojo, fay, dan, format="triad-30")
    # Nobody asks twice at the same time.
    await start(cyd, server.dojo, cyd, dan, fay)
    asked = private(await second.press(ann, "Agree, without notes"))
    await ann.click(asked, label="Leave it and come here")
    refused = private(await second.press(cyd, "I cannot come"))
    await cyd.click(refused, label="I cannot come")
    third = await proposed(world, server, [dan, ben], by=fay)
    changes = await fay.click(third.answer.response, label="Change…")
    await fay.click(private(changes), label="Call it off")


async def past_asking(world: World, server: Server) -> None:
    """Being asked in the dojo, who may ask, and coming when a round runs."""
    gil, hal, ida, jon = (server.member(name) for name in ("gil", "hal", "ida", "jon"))
    group = await proposed(world, server, [gil, hal, ida], in_room=False)
    asking = server.dojo.history()[-1]
    answer = private(await hal.click(asking, label="Read and answer"))
    await hal.click(answer, label="Do not ask me again…")
    choice = private(await hal.slash(server.dojo, "my asking"))
    await choose(hal, choice, "Who may ask me", "evenings")
    for one in (hal, ida):
        await world.later(1)
        answer = private(await one.click(asking, label="Read and answer"))
        await one.click(answer, label="Agree, with notes")
    await group.press(gil, "Agree, with notes")
    world.env.backend.add_thread_member(group.room.id, jon.id)
    card = private(await group.press(jon, "My role now"))
    await jon.click(card, label="Join as observer")
    card = await role_of(group, jon)
    await hal.click(group.question, label="Not now")
    await jon.click(card, label="Do not wait")
    world.env.backend.add_thread_member(group.room.id, jon.id)
    card = private(await group.press(jon, "My role now"))
    await jon.click(card, label="Join as observer")
    await hal.click(group.question, label="Let them in")
    for _ in range(4):
        await gil.slash(group.room, "round now")
    await hal.slash(group.room, "round end")


async def past_steering(group: Group) -> None:
    """Everything that stops the clock, starts it and moves it on."""
    world, coach = group.world, group.coach
    await group.press(group.observer, "Pause")
    await world.later(11 * MINUTE)
    await group.press(group.observer, "Resume")
    await group.press(group.observer, "+2 min")
    await group.press(coach, "Next")
    await group.press(coach, "My role now")
    await world.later(MINUTE)
    asked = private(await group.press(coach, "Next"))
    await coach.click(asked, label="Leave it as it is")
    await group.press(coach, "End")


async def past_people(group: Group) -> None:
    """Someone needs a moment, leaves, comes back, takes a seat."""
    coach, client, observer, other = group.people
    kept = private(await group.press(client, "I need a moment"))
    await client.click(kept, label="End and erase…")
    await group.press(coach, "I need a moment")
    await group.press(client, "Resume")
    await say_left(group, observer, other)
    await group.press(other, "I am here")
    await say_left(group, observer, coach)
    await group.world.later(MINUTE)
    await role_of(group, coach)
    await group.press(observer, "I coach on")
    role = private(await group.press(client, "My role now"))
    answer = private(await client.click(role, label="Without notes from now on"))
    sure = private(await client.click(answer, label="…and delete the notes so far"))
    await client.click(sure, label="Delete them")
    await leave_by(client, role)
    await group.press(other, "Go to feedback")
    await client.click(await role_of(group, client), label="Come back")
    await group.world.later(15 * MINUTE)
    shown = private(await client.slash(group.room, "feedback"))
    await client.click(shown, label="My rounds as client")


async def past_outages(world: World, server: Server) -> None:
    """The bot comes back late within a segment, and after the end."""
    group = await running(world, server)
    await world.away(8 * MINUTE)
    await group.press(group.observer, "Continue")
    await world.away(60 * MINUTE)


async def past_further_rounds(world: World, server: Server) -> None:
    """The next round of the same people."""
    group = await running(world, server, [server.member(name) for name in ("jo", "kai", "lou")])
    await world.later(60 * MINUTE)
    await group.press(group.coach, "Again, roles rotated")
    await group.press(group.observer, "I would rather observe")


async def past_erasing(world: World, server: Server) -> None:
    """A round in a voice channel, which its client erases."""
    room = server.handle.create_voice_channel("room")
    people = [server.member(name) for name in ("rio", "sam", "tim")]
    for person in people:
        await person.join_voice(room)
    group = await running(world, server, people, channel=room)
    await group.press(server.member("quin"), "My role now")
    asked = private(await group.press(group.client, "I need a moment"))
    await group.client.click(asked, label="End and erase…")
    await group.client.click(asked, label="Erase it")
