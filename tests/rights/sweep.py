"""Presses, sends and types everything as everybody, and finds what the tables do not allow."""

from __future__ import annotations

import functools
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import discord
from discord import app_commands

from tests.cogs.forged import click, said, select, submit
from tests.rights.ids import VALUES, id_of, is_form, is_menu, kinds, names, shape, tap_of
from tests.rights.scenes import Scene, Stand, stored
from tests.rights.table import CHANGES, SECRETS, people
from tests.world import Result

Act = Callable[[Stand], Awaitable[Result]]

FIELDS: Mapping[str, Mapping[str, str | list[str]]] = {
    "form setup:*": {
        "role": [],
        "format": ["pair-25"],
        "language": ["en"],
        "asking": "facilitators",
        "zone": "Asia/Tokyo",
    },
    "form dojo-privacy:*": {
        "contact": [],
        "days": "1",
        "months": "1",
        "attendance": "1",
        "names": "hidden",
    },
    "form dojo-support:*": {"line": "Call 116 123"},
    "form gather:*:broadcast:*": {"text": "Hello to everybody"},
    "form gather:*:check-out": {"useful": ["5"], "word": "calm"},
    "form gather:*:plan": {
        "format": ["pair-25"],
        "rounds": ["8"],
        "minutes": "",
        "seats": "9",
        "how": [],
    },
    "form round:*:focus": {"codes": ["S1"], "wish": "to be heard"},
    "form gather:*:hand-over": {"who": ["$self"]},
    "form gather:*:take-off": {"who": ["$self"]},
    "form gather:*:wishes": {"wish": "coach", "languages": ["de"], "apart": []},
    "form round:*:client": {"chose": "yes", "heard": "no", "recognised": "no", "share": "share"},
    "form round:*:try": {"words": "to wait"},
    "form round:*:note:*:*": {"quote": "Other words", "effect": "", "at": ""},
    "form round:*:memory:*:*": {"quote": "", "effect": "", "at": ""},
}
"""What is typed into a form; `$self` is whoever sends it."""

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "/question": {"phase": "close"},
    "/round extend": {"minutes": 2},
    "/round start": {"coach": "$self", "client": "member"},
    "/round replace": {"member": "client", "by": "$self"},
    "/dojo rehearse": {"people": 6, "rounds": 2},
    "/dojo content import": {"file": ("own.toml", b"version = 1")},
}
"""The options of a command; a name of the matrix stands for that person."""


def acts(scene: Scene) -> dict[str, Act]:
    """Everything that can be done, by the shape of its id."""
    found: dict[str, Act] = {}
    for kind in kinds():
        looks, custom_id = shape(kind), id_of(kind, scene.about)
        if is_form(kind):
            found[looks] = functools.partial(_send, custom_id, FIELDS[looks])
        elif is_menu(kind):
            value = scene.chosen.get(looks) or VALUES.get(kind.__name__) or _chosen(scene, kind)
            found[looks] = functools.partial(_choose, custom_id, value)
        else:
            found[looks] = functools.partial(_press, custom_id)
    found["tap:*"] = functools.partial(_press, tap_of(scene.about))
    for command in scene.world.bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            name = command.qualified_name
            found[f"/{name}"] = functools.partial(_type, scene, name)
    return found


def _chosen(scene: Scene, kind: type) -> str:
    """A person or note of the situation, for a menu that offers these."""
    return scene.about["note_id" if "round_id" in names(kind) else "person_id"]


async def _press(custom_id: str, stand: Stand) -> Result:
    return await click(stand.actor, stand.channel, custom_id, on=stand.card)


async def _choose(custom_id: str, value: str, stand: Stand) -> Result:
    return await select(stand.actor, stand.channel, custom_id, [value], on=stand.card)


async def _send(custom_id: str, fields: Mapping[str, str | list[str]], stand: Stand) -> Result:
    own = str(stand.actor.id)
    typed = {
        name: [own if one == "$self" else one for one in value]
        if isinstance(value, list)
        else value
        for name, value in fields.items()
    }
    return await submit(
        stand.actor, stand.channel, custom_id, typed, people=[stand.actor], on=stand.card
    )


async def _type(scene: Scene, name: str, stand: Stand) -> Result:
    options = {
        option: _option(scene, stand, value)
        for option, value in OPTIONS.get(f"/{name}", {}).items()
    }
    if name == "feedback":
        options["round"] = scene.about["round_id"]
    if not hasattr(stand.actor, "guild"):
        return await stand.actor.slash(name, **options)
    return await stand.actor.slash(stand.channel, name, **options)


def _option(scene: Scene, stand: Stand, value: Any) -> Any:
    if value == "$self":
        return stand.actor
    if value not in scene.people:
        return value
    # Discord lets people name only those who are in the same server.
    is_abroad = stand.actor.guild.id != scene.server.id
    return scene.people["member abroad" if is_abroad else value].actor


async def sweep(scene: Scene, situation: str) -> list[str]:
    """What happened that the tables do not allow, a line each.

    Everything is done by everybody who must not change anything by it, all of them at once; where
    something has changed, one by one, to tell by whom. Who may is left out: that changes the
    situation, and other tests show what comes of it.
    """
    broken: list[str] = []
    for looks, act in acts(scene).items():
        others = {
            name: stand
            for name, stand in scene.people.items()
            if name not in people(CHANGES.get(looks, "")) and _is_offered(scene, looks, name)
        }
        await scene.world.later(1)
        before = stored(scene.world)
        results = await _together(scene, act, others)
        if stored(scene.world) != before:
            broken.append(f"{situation}: {looks} changes something for one of {sorted(others)}")
        for name, result in results.items():
            broken += [
                f"{situation}: {looks} shows {secret!r} to {name}"
                for secret in _seen(result)
                if name not in people(SECRETS[secret].get(situation, ""))
            ]
    return broken


def _is_offered(scene: Scene, looks: str, name: str) -> bool:
    """Whether Discord lets the person use it: many commands are not there in direct messages."""
    command = scene.world.bot.tree.get_command(looks.removeprefix("/").split()[0])
    contexts = command.allowed_contexts if command is not None else None
    return name != "stranger" or contexts is None or contexts.dm_channel is not False


async def _together(scene: Scene, act: Act, stands: Mapping[str, Stand]) -> dict[str, Result]:
    calls = [functools.partial(act, stand) for stand in stands.values()]
    return dict(zip(stands, await scene.world.together(*calls), strict=True))


def _seen(result: Result) -> Iterable[str]:
    """The secrets in an answer, also in a form that was opened."""
    answer = said(result) + json.dumps(result.modal or {}, ensure_ascii=False)
    return [secret for secret in SECRETS if secret in answer]


def everything() -> set[str]:
    """The shape of everything that can be clicked, sent or typed, as far as it has an id."""
    return {shape(kind) for kind in kinds()} | {"tap:*"}


def commands_of(client: discord.Client) -> set[str]:
    """Every command."""
    walk = client.tree.walk_commands()  # type: ignore[attr-defined]
    return {f"/{one.qualified_name}" for one in walk if isinstance(one, app_commands.Command)}
