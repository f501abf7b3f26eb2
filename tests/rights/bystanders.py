"""Everybody who has no part in the round or evening of a situation, down to strangers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from simcord.backend.access import can_access_channel

from bot.rounds.ui.beginning.start import Proposal
from tests.gatherings.ui.steps import Evening
from tests.rounds.ui.steps import Group, rows
from tests.rounds.ui.steps import running as running_round
from tests.simulation.forged import let_manage
from tests.simulation.world import Server, World


@dataclass(frozen=True, slots=True)
class Stand:
    """A person, where they are, and a private card of theirs that they press things on."""

    actor: Any
    channel: Any
    card: Any = None

    @property
    def is_in_server(self) -> bool:
        """Whether they are in some server, not in direct messages with the bot."""
        return hasattr(self.actor, "guild")


@dataclass(slots=True)
class Scene:
    """One situation: its people by what they are in it, and what ids are about."""

    world: World
    server: Server
    people: dict[str, Stand]
    about: dict[str, str] = field(default_factory=dict)
    group: Group | None = None
    evening: Evening | None = None
    abroad: Server | None = None
    """Another server."""


def contacts(user: Any) -> Stand:
    """A person in direct messages with the bot."""
    return Stand(user, user.dm_channel)


async def with_bystanders(scene: Scene, contact: Any, kicked: Any) -> Scene:
    """The situation with everybody else in it, each with a card of their own.

    `kicked` is a user who manages channels in the server, and is removed from it now.
    """
    world, server = scene.world, scene.server
    (dojo,) = rows(world, "dojos")
    scene.about |= {"dojo_id": str(dojo["id"]), "channel_id": str(server.dojo.id)}
    scene.about["contact_id"] = str(contact.id)
    scene.people |= {"contact": Stand(contact, server.dojo), "kicked": contacts(kicked)}
    world.env.backend.remove_member(server.id, kicked.id)
    await _nearby(scene)
    await _far(scene)
    named = [scene.people[name].actor.id for name in ("member", "second")]
    scene.about["people"] = Proposal(named[0], named[1]).packed()
    scene.about.setdefault("person_id", str(named[0]))
    for name, stand in scene.people.items():
        env = world.env
        if stand.is_in_server and not can_access_channel(env, stand.channel.id, stand.actor):
            # Who has left a round, or waits to observe it, does not read its room.
            stand = Stand(stand.actor, server.dojo)
        scene.people[name] = await _with_card(stand)
    # What the clocks do comes a moment after a full second: not while a click is under way.
    await world.later(0.5)
    return scene


async def also_abroad(scene: Scene, name: str) -> None:
    """A person of the situation is in the other server as well, and presses things there."""
    assert scene.abroad is not None
    member = scene.abroad.handle.add_member(scene.people[name].actor.user)
    scene.abroad.show_commands_to(member, scene.people["member-abroad"].actor)
    scene.people[f"{name}-abroad"] = await _with_card(Stand(member, scene.abroad.lounge))


async def _with_card(stand: Stand) -> Stand:
    """With a card of their own; a small one, because every press on it sends it along."""
    where = (stand.channel,) if stand.is_in_server else ()
    answer = await stand.actor.slash(*where, "my forget")
    return Stand(stand.actor, stand.channel, answer.response)


async def _nearby(scene: Scene) -> None:
    """Those of the same server."""
    world, server, here = scene.world, scene.server, scene.server.dojo
    others = [server.member(f"other-{n}") for n in (1, 2)]
    other = await running_round(world, server, others, format="pair-25")
    second = server.handle.create_text_channel("second dojo")
    await server.set_up(second, role=[server.facilitators])
    removed = server.manager("removed")
    server.take_role(removed, server.managers)
    table = server.handle.create_voice_channel("a table")
    owner = server.member("owner")
    let_manage(world, table, owner)
    scene.people |= {
        "elsewhere": Stand(other.coach, here),
        "member": Stand(server.member("member"), here),
        "facilitator": Stand(server.manager("facilitator"), here),
        "second": Stand(server.member("second", server.facilitators), here),
        "removed": Stand(removed, here),
        "owner": Stand(owner, table),
    }
    # Not seeing a command in Discord is no right of ours: everybody types them.
    server.show_commands_to(*(one.actor for one in scene.people.values() if one.is_in_server))


async def _far(scene: Scene) -> None:
    """Those of another server, and of none."""
    world = scene.world
    abroad = scene.abroad = world.guild(name="Other Corp")
    member = abroad.member("somebody")
    scene.people |= {
        "manager-abroad": Stand(abroad.manager("abroad"), abroad.lounge),
        "member-abroad": Stand(member, abroad.lounge),
        "stranger": contacts(world.person("stranger")),
    }
    abroad.show_commands_to(member)
