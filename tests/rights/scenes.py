"""The situations of the sweep, and the people who are in each of them."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.ui.round_start import Proposal
from tests.cogs.feedback_steps import (
    SIGNAL,
    about_note,
    coaching,
    next_part,
    pad_of,
    press,
    quote,
    released,
    tap,
)
from tests.cogs.forged import let_manage
from tests.cogs.gathering_edge_steps import agree, gathered
from tests.cogs.gathering_steps import Evening
from tests.cogs.round_steps import Group, private, proposed, rows
from tests.cogs.round_steps import running as running_round
from tests.world import Server, World

WORDS = "the words of an observer"
"""Typed by the author of a note."""
TRY = "what the coach wants to try"
"""Typed by the coach of a round."""
NAMED = "nemesis"
"""A member whom the coach named as somebody they do not want to be in a group with."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A person, where they are, and a private card of theirs that they press things on."""

    actor: Any
    channel: Any
    card: Any = None


@dataclass(slots=True)
class Scene:
    """One situation: its people by what they are in it, and what ids are about."""

    world: World
    server: Server
    people: dict[str, Stand]
    about: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    """What is chosen in a menu, by the shape of its id, where it is of the situation."""
    group: Group | None = None
    evening: Evening | None = None


async def round_proposed(world: World, server: Server) -> Scene:
    """A round waits for answers."""
    contact = await _contact(server)
    group = await proposed(world, server, _four(server))
    await group.agree(group.observer)
    return await _round(world, server, group, contact)


async def in_the_coaching(world: World, server: Server) -> Scene:
    """A round is in its coaching; an observer has noted something with words."""
    contact = await _contact(server)
    group = await coaching(world, server, _four(server))
    await _noted(group)
    return await _round(world, server, group, contact)


async def feedback_released(world: World, server: Server) -> Scene:
    """A round is over and its coach has the feedback; one note is reported, nothing shared."""
    return await _after(world, server)


async def feedback_shared(world: World, server: Server) -> Scene:
    """The same, and the coach has shared all of it with the room."""
    scene = await _after(world, server)
    group = scene.group
    assert group is not None
    full = private(await group.coach.slash(group.room, "feedback"))
    ways = (await press(world, group.coach, full, "Share with the room")).response
    await press(world, group.coach, ways, "Everything noted")
    return scene


async def groups_proposed(world: World, server: Server) -> Scene:
    """An evening is open, and its groups are proposed."""
    return await _evening(world, server, is_running=False)


async def evening_running(world: World, server: Server) -> Scene:
    """The clocks of an evening run."""
    return await _evening(world, server, is_running=True)


SCENES: Mapping[str, Callable[[World, Server], Coroutine[Any, Any, Scene]]] = {
    "proposed": round_proposed,
    "coaching": in_the_coaching,
    "released": feedback_released,
    "shared": feedback_shared,
    "groups": groups_proposed,
    "evening": evening_running,
}


def _four(server: Server) -> list[Any]:
    return [server.member(name) for name in ("coach", "client", "author", "observer")]


async def _contact(server: Server) -> Any:
    """The safety contact that the dojo names."""
    fay = server.manager("chief")
    settings = (await fay.slash(server.dojo, "dojo settings")).response
    form = await fay.click(settings, label="Privacy and safety")
    contact = server.member("contact")
    fields = {"contact": [contact], "days": "30", "months": "12", "names": "shown"}
    fields["attendance"] = "24"
    await fay.submit_modal(form, fields)
    return contact


async def _noted(group: Group) -> None:
    pad = await tap(group, group.observer, await pad_of(group, group.observer), SIGNAL, after=20)
    await quote(group, group.observer, pad, WORDS)


async def _after(world: World, server: Server) -> Scene:
    contact = await _contact(server)
    group = await coaching(world, server, _four(server))
    await _noted(group)
    role = private(await group.press(group.client, "My role now"))
    asked = private(await press(world, group.client, role, "Talk to the safety contact"))
    await press(world, group.client, asked, "Send it")
    await next_part(group)
    full = await released(group)
    one = await about_note(group, full)
    asked = (await press(world, group.coach, one, "Report a note")).response
    await press(world, group.coach, asked, "Report it")
    full = private(await group.coach.slash(group.room, "feedback"))
    form = await press(world, group.coach, full, "One thing to try…")
    await group.coach.submit_modal(form, {"words": TRY})
    return await _round(world, server, group, contact)


async def _evening(world: World, server: Server, *, is_running: bool) -> Scene:
    contact = await _contact(server)
    names = ("coach", "client", "author", "observer", "fifth", "sixth")
    people = [server.member(name) for name in names]
    evening, _ = await gathered(world, server, people, lead=server.manager("lead"))
    form = await evening.press(people[0], "My wishes")
    nemesis = server.member(NAMED)
    wishes = {"wish": "any", "languages": [], "apart": [nemesis]}
    await people[0].submit_modal(form, wishes)
    await evening.preview()
    if is_running:
        await evening.press(evening.lead, "Start", await evening.preview())
        await agree(evening, people)
        await world.later(60)
    seated = {user_id: role for role, user_id in _first_group(evening)}
    by_role = {seated[one.id]: one for one in people if one.id in seated}
    others = [one for one in people if one.id not in seated]
    by_role.setdefault("observer", others.pop())
    room = server.dojo
    stands = {role: Stand(person, room) for role, person in by_role.items()}
    stands["lead"] = Stand(evening.lead, server.dojo)
    scene = Scene(world, server, stands, evening=evening)
    scene.about["gathering_id"] = str(evening.now.id)
    if is_running:
        scene.about["round_id"] = str(evening.now.rooms[0].round_id)
    scene.about["person_id"] = str(people[0].id)
    return await _with_others(scene, contact)


def _first_group(evening: Evening) -> list[tuple[str, int]]:
    group = (evening.groups if evening.now.number else evening.proposed)[0]
    return list(zip(("coach", "client", "author"), group.people, strict=False))


async def _round(world: World, server: Server, group: Group, contact: Any) -> Scene:
    names = ("coach", "client", "author", "observer")
    people = {name: Stand(one, group.room) for name, one in zip(names, group.people, strict=True)}
    scene = Scene(world, server, people, group=group)
    scene.about["round_id"] = str(rows(world, "rounds")[0]["id"])
    scene.about["coach_id"] = str(group.coach.id)
    for note in rows(world, "notes"):
        scene.about["note_id"] = str(note["id"])
    for report in rows(world, "reports"):
        scene.about["report_id"] = str(report["id"])
    for request in rows(world, "talk_requests"):
        scene.about["request_id"] = str(request["id"])
    return await _with_others(scene, contact)


async def _with_others(scene: Scene, contact: Any) -> Scene:
    """Everybody else of the matrix, from those nearby to strangers."""
    world, server = scene.world, scene.server
    (dojo,) = rows(world, "dojos")
    scene.about |= {"dojo_id": str(dojo["id"]), "channel_id": str(server.dojo.id)}
    scene.about["contact_id"] = str(contact.id)
    for name in ("coach_id", "note_id", "report_id", "request_id", "round_id", "gathering_id"):
        scene.about.setdefault(name, "1")
    here = server.dojo
    other = await running_round(
        world, server, [server.member(f"other-{n}") for n in (1, 2)], format="pair-25"
    )
    second = server.handle.create_text_channel("second dojo")
    await server.set_up(second, role=[server.facilitators])
    removed = server.manager("removed")
    server.take_role(removed, server.managers)
    table = server.handle.create_voice_channel("a table")
    owner = server.member("owner")
    let_manage(world, table, owner)
    abroad = world.guild(name="Other Corp")
    stranger = world.person("stranger")
    scene.people |= {
        "elsewhere": Stand(other.coach, here),
        "member": Stand(server.member("member"), here),
        "facilitator": Stand(server.manager("facilitator"), here),
        "contact": Stand(contact, here),
        "second": Stand(server.member("second", server.facilitators), here),
        "removed": Stand(removed, here),
        "owner": Stand(owner, table),
        "manager abroad": Stand(abroad.manager("abroad"), abroad.lounge),
        "member abroad": Stand(abroad.member("somebody"), abroad.lounge),
        "stranger": Stand(stranger, stranger.dm_channel),
    }
    named = [scene.people[name].actor.id for name in ("member", "second")]
    scene.about["people"] = Proposal(named[0], named[1]).packed()
    scene.about.setdefault("person_id", str(named[0]))
    here_too = [one.actor for name, one in scene.people.items() if "abroad" not in name]
    server.show_commands_to(*(one for one in here_too if one is not stranger))
    abroad.show_commands_to(scene.people["member abroad"].actor)
    for name, stand in scene.people.items():
        answer = await (
            stand.actor.slash("help")
            if name == "stranger"
            else stand.actor.slash(stand.channel, "help")
        )
        scene.people[name] = Stand(stand.actor, stand.channel, answer.response)
    # What the clocks do comes a moment after a full second: not while a click is under way.
    await world.later(0.5)
    return scene


TOLD_BY_CLOCK = {"told_position", "told_cue", "told_turn", "told_asked", "told_ended", "version"}
"""What a round notes when its clock has told the room something, at any time."""


def stored(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the database that somebody may have changed, by table."""
    with contextlib.closing(sqlite3.connect(world.database)) as outside:
        tables = outside.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {table: _rows_of(outside, table) for (table,) in tables}


def _rows_of(outside: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    found = outside.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own names
    kept = [
        at
        for at, (name, *_) in enumerate(found.description)
        if table != "rounds" or name not in TOLD_BY_CLOCK
    ]
    return [tuple(row[at] for at in kept) for row in found]
