"""The situations of the sweep: a round or an evening at one moment, with everybody around it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from tests.feedback.ui.steps import (
    SIGNAL,
    about_note,
    choose_mark,
    coaching,
    feedback_of,
    hand_in,
    next_part,
    pad_of,
    press,
    quote,
    tap,
)
from tests.gatherings.ui.steps import Evening, panel_of, room
from tests.gatherings.ui.trouble import agree, gathered, round_in
from tests.rights.bystanders import Scene, Stand, also_abroad, with_bystanders
from tests.rounds.ui.steps import Group, private, proposed, rows
from tests.rounds.ui.trouble import leave
from tests.simulation.forged import submit
from tests.simulation.world import Server, World

FIVE = ("coach", "client", "author", "observer", "left")
OF_SIX = ("coach", "client", "author-of-six", "observer-of-six", "left", "let-in", "let-in-too")
WORDS = "the words of an observer"
"""Typed by the author of a note."""
TRY = "what the coach wants to try"
"""Typed by the coach of a round."""
FAREWELL = "serendipity"
"""The word with which the client checks out of an evening."""
ANSWERS = {"chose": "partly", "heard": "partly", "recognised": "partly"}
"""What the client of a round says of it."""


async def round_proposed(world: World, server: Server) -> Scene:
    """A round waits for answers; one person has said that they cannot come."""
    contact = await _contact(server)
    group = await proposed(world, server, _members(server, FIVE))
    await group.agree(group.observer)
    await group.press(group.people[4], "I cannot come")
    scene = await _round(group, contact, FIVE)
    await also_abroad(scene, "observer")
    return scene


async def in_the_coaching(world: World, server: Server) -> Scene:
    """A round is in its coaching; an observer has noted something with words."""
    contact = await _contact(server)
    group = await _noted(world, server)
    scene = await _round(group, contact, FIVE)
    await also_abroad(scene, "observer")
    return scene


async def round_of_six(world: World, server: Server) -> Scene:
    """The same in a round of six, because two people came late and were let in."""
    contact = await _contact(server)
    group = await _noted(world, server, format_="stop-clock-45")
    for name in OF_SIX[5:]:
        late = server.member(name)
        world.env.backend.add_thread_member(group.room.id, late.id)
        role = private(await group.press(late, "My role now"))
        await late.click(role, label="Join as observer")
        await group.client.click(group.question, label="Let them in")
        group.people.append(late)
    return await _round(group, contact, OF_SIX)


async def feedback_awaited(world: World, server: Server) -> Scene:
    """The coaching is over; all have said what they have to say but one, who fills in a sheet."""
    contact = await _contact(server)
    group = await _noted(world, server)
    await _reflected(group, share="keep")
    return await _round(group, contact, FIVE)


async def feedback_released(world: World, server: Server) -> Scene:
    """A round is over and its coach has the feedback; one note is reported, nothing shared."""
    contact = await _contact(server)
    group = await _released(world, server, share="share")
    return await _round(group, contact, FIVE)


async def feedback_shared(world: World, server: Server) -> Scene:
    """The same where names are hidden; the coach has shared all of it, the client nothing."""
    contact = await _contact(server, names="hidden")
    group = await _released(world, server, share="keep")
    full = private(await group.coach.slash(group.room, "feedback"))
    ways = (await press(world, group.coach, full, "Share with the room")).response
    await press(world, group.coach, ways, "Everything noted")
    return await _round(group, contact, FIVE)


async def groups_proposed(world: World, server: Server) -> Scene:
    """An evening is open, and its groups are proposed."""
    return await _evening(world, server, is_running=False)


async def evening_running(world: World, server: Server) -> Scene:
    """The clocks of an evening run."""
    return await _evening(world, server, is_running=True)


SCENES: Mapping[str, Callable[[World, Server], Coroutine[Any, Any, Scene]]] = {
    "proposed": round_proposed,
    "coaching": in_the_coaching,
    "six": round_of_six,
    "awaited": feedback_awaited,
    "released": feedback_released,
    "shared": feedback_shared,
    "groups": groups_proposed,
    "evening": evening_running,
}
THERE_IS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("proposed", "coaching", "six", "awaited"), frozenset({"round_id"})),
    **dict.fromkeys(("released", "shared"), frozenset({"round_id", "report_id", "request_id"})),
    "groups": frozenset({"gathering_id"}),
    "evening": frozenset({"gathering_id", "round_id"}),
}
"""Of the `THINGS` that ids are about, those which each situation has."""


def _members(server: Server, names: tuple[str, ...]) -> list[Any]:
    return [server.member(name) for name in names]


async def _contact(server: Server, names: str = "shown") -> Any:
    """The safety contact that the dojo names."""
    fay = server.manager("chief")
    settings = (await fay.slash(server.dojo, "dojo settings")).response
    form = await fay.click(settings, label="Privacy and safety")
    contact = server.member("contact")
    fields = {"contact": [contact], "days": "30", "months": "12", "names": names}
    fields["attendance"] = "24"
    await fay.submit_modal(form, fields)
    return contact


async def _noted(world: World, server: Server, *, format_: str = "deep-45") -> Group:
    """A round in its coaching: an observer has noted something, and another one has left."""
    group = await coaching(world, server, _members(server, FIVE), format=format_)
    await leave(group, group.people[4])
    pad = await tap(group, group.observer, await pad_of(group, group.observer), SIGNAL, after=20)
    await quote(group, group.observer, pad, WORDS)
    return group


async def _reflected(group: Group, *, share: str) -> None:
    """After the coaching: what each says of it, and a sheet that is not handed in yet."""
    coach, client, author, observer, _ = group.people
    world = group.world
    await next_part(group)
    await hand_in(group, author)
    pad = await pad_of(group, observer)
    sheet = (await press(world, observer, pad, "My sheet")).response
    await choose_mark(group, observer, sheet, "S6", "both")
    own = (await press(world, coach, await feedback_of(group, coach), "My own view")).response
    own = await choose_mark(group, coach, own, "S1", "both")
    await press(world, coach, own, "Hand in")
    form = await press(world, client, await feedback_of(group, client), "How it was for me…")
    await client.submit_modal(form, {**ANSWERS, "share": share})


async def _released(world: World, server: Server, *, share: str) -> Group:
    """A round that is over, with feedback that its coach has; one note of it is reported."""
    group = await _noted(world, server)
    role = private(await group.press(group.client, "My role now"))
    asked = private(await press(world, group.client, role, "Talk to the safety contact"))
    await press(world, group.client, asked, "Send it")
    await _reflected(group, share=share)
    await hand_in(group, group.people[3])
    await next_part(group, 3)
    one = await about_note(group, await feedback_of(group, group.coach))
    asked = (await press(world, group.coach, one, "Report a note")).response
    await press(world, group.coach, asked, "Report it")
    full = private(await group.coach.slash(group.room, "feedback"))
    form = await press(world, group.coach, full, "One thing to try…")
    await group.coach.submit_modal(form, {"words": TRY})
    return group


async def _round(group: Group, contact: Any, names: tuple[str, ...]) -> Scene:
    world, server = group.world, group.server
    people = {name: Stand(one, group.room) for name, one in zip(names, group.people, strict=True)}
    scene = Scene(world, server, people, group=group)
    scene.about["round_id"] = str(rows(world, "rounds")[0]["id"])
    scene.about["coach_id"] = str(group.coach.id)
    scene.about["author"] = str(group.observer.id)
    for name, table in (("note", "notes"), ("report", "reports"), ("request", "talk_requests")):
        for row in rows(world, table):
            scene.about[f"{name}_id"] = str(row["id"])
    kicked = world.person("kicked")
    server.handle.add_member(kicked, roles=[server.managers])
    return await with_bystanders(scene, contact, kicked)


async def _evening(world: World, server: Server, *, is_running: bool) -> Scene:
    """An evening of two rooms of four; it was handed to people by name, one of whom is gone."""
    contact = await _contact(server)
    people = _members(server, ("ann", "ben", "cyd", "dan", "eve", "fin", "gus", "hal"))
    evening, _ = await gathered(world, server, people, lead=server.manager("lead"))
    nemesis = server.member("nemesis")
    form = await evening.press(people[0], "My wishes")
    wishes = {"wish": "coach", "languages": [], "apart": [nemesis]}
    await people[0].submit_modal(form, wishes)
    kicked = world.person("kicked")
    trusted = [server.member("taken off"), server.member("handed to")]
    was_manager = server.handle.add_member(kicked, roles=[server.managers])
    await _hand_over(evening, was_manager, *trusted)
    await evening.preview()
    if is_running:
        await evening.press(evening.lead, "Start", await evening.preview())
        await agree(evening, people)
        await world.later(60)
    scene = Scene(world, server, {}, evening=evening)
    groups = evening.groups if is_running else evening.proposed
    number, group = next(
        (number, one) for number, one in enumerate(groups, 1) if people[0].id not in one.people
    )
    by_id = {one.id: one for one in people}
    seated = [by_id[one] for one in group.people]
    names = ("coach", "client", "author", "left" if is_running else "observer")
    place = server.dojo
    if is_running:
        place = room(evening, number)
        await leave(Group(world, server, seated, place), seated[3])
        scene.about["round_id"] = str(round_in(evening, number).id)
    scene.people |= {name: Stand(one, place) for name, one in zip(names, seated, strict=True)}
    here = {"neighbour": people[0], "lead": evening.lead}
    here |= {"taken-off": trusted[0], "handed-to": trusted[1], "nemesis": nemesis}
    scene.people |= {name: Stand(one, server.dojo) for name, one in here.items()}
    scene.about["gathering_id"] = str(evening.now.id)
    scene.about |= {"person_id": str(people[0].id), "nemesis": str(nemesis.id)}
    check_out = f"dojo:1:gather:{evening.now.id}:check-out"
    await submit(seated[1], server.dojo, check_out, {"useful": ["8"], "word": FAREWELL})
    return await with_bystanders(scene, contact, kicked)


async def _hand_over(evening: Evening, *people: Any) -> None:
    """The evening is handed to these people; the second one is taken off again."""
    lead = evening.lead
    for one in people:
        form = await evening.press(lead, "Hand over", await panel_of(evening))
        await lead.submit_modal(form, {"who": [one]})
    form = await evening.press(lead, "Take off…", await panel_of(evening))
    await lead.submit_modal(form, {"who": [people[1]]})
