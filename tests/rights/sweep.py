"""Presses, sends and types everything as everybody, and finds what the tables do not allow."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Set
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import discord
from discord import app_commands

from bot.rounds.model.clock import due_at
from bot.rounds.service.live import LiveRounds
from tests.cards.kinds import Kind, kinds
from tests.rights.bystanders import Scene, Stand
from tests.rights.ids import THINGS, VALUES, id_of, names, shape
from tests.rights.table import CHANGES, EVERYBODY, READING, SECRETS, people
from tests.simulation.forged import click, select, submit
from tests.simulation.world import Result, World

SHARES = 1 if os.environ.get("EVERY_SEED") else 2
"""Who has no secret to see does half of all in one situation, and the other half in the next."""
TOLD_BY_CLOCK = {"told_position", "told_cue", "told_turn", "told_asked", "told_ended", "version"}
"""What a round notes when its clock has told the room something, at any time."""

Rows = dict[str, list[tuple[object, ...]]]


class Disk:
    """What is stored, as another program sees it.

    SQLite counts the commits to a file: `PRAGMA data_version` gives another number after every
    commit of any other connection, whatever it changed and by whichever way it got there. All
    connections of the bot are others than ours. With the same number, nothing was committed, so
    there is nothing to compare. What is not committed is not stored, then or ever: the bot has
    come to rest when it is asked.
    """

    def __init__(self, world: World) -> None:
        self._outside = sqlite3.connect(world.database)
        self._commits: int | None = None
        self._rows: Rows = {}

    def close(self) -> None:
        """Look no more."""
        self._outside.close()

    def rows(self) -> Rows:
        """Everything that someone may have changed, by table."""
        (commits,) = self._outside.execute("PRAGMA data_version").fetchone()
        if commits != self._commits:
            self._commits, self._rows = commits, self._read()
        return self._rows

    def _read(self) -> Rows:
        tables = self._outside.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return {table: self._rows_of(table) for (table,) in tables.fetchall()}

    def _rows_of(self, table: str) -> list[tuple[object, ...]]:
        found = self._outside.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own names
        names = [name for name, *_ in found.description]
        if table != "rounds":
            return found.fetchall()
        kept = [at for at, name in enumerate(names) if name not in TOLD_BY_CLOCK]
        return [tuple(row[at] for at in kept) for row in found]


FILE = 13
"""A component that shows a file."""
TEXTS = ("content", "label", "description", "placeholder", "value", "title")
INNER = ("components", "component", "accessory", "options", "default_values")


async def read(result: Result) -> str:
    """All of an answer, line by line; `[x]` stands before what is chosen in a menu or form."""
    messages = [one for one in (result.response, *result.followups) if one is not None]
    lines = list(_lines(result.modal)) if result.modal else []
    for message in messages:
        lines.append(message.content or "")
        parts = message.components
        for part in parts:
            lines += _lines(part)
        # Looking for files makes a whole message of it, and every file stands on its card.
        if any(one.get("type") == FILE for part in parts for one in part.get("components", ())):
            lines += [await _text_of(file) for file in message.attachments]
    return "\n".join(lines)


def _lines(part: dict[str, Any]) -> Iterator[str]:
    chosen = "[x] " if part.get("default") else ""
    yield from (f"{chosen}{part[name]}" for name in TEXTS if part.get(name))
    if "id" in part and part.get("type") in ("user", "role", "channel"):
        # What a form proposes of people and places.
        yield f"[x] {part['id']}"
    for name in INNER:
        inner: Any = part.get(name) or ()
        for one in [inner] if isinstance(inner, dict) else inner:
            yield from _lines(one)


async def _text_of(file: Any) -> str:
    buffer = io.BytesIO()
    await file.save(buffer)
    return buffer.getvalue().decode(errors="replace")


Act = Callable[[Stand], Awaitable[Result]]
WAITED = timedelta(seconds=3)
"""While people act, the simulation waits for what is due soon; more is left out, to be sure."""

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
    "form gather:*:broadcast:*": {"text": "Hello to everybody", "notify": ["nobody"]},
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
    "form gather:*:name": {"who": ["$self"]},
    "form gather:*:take-off": {"who": ["$self"]},
    "form gather:*:wishes": {"wish": "coach", "languages": ["de"], "apart": ["$nemesis"]},
    "form round:*:client": {"chose": "yes", "heard": "no", "recognised": "no", "share": "share"},
    "form round:*:try": {"words": "to wait"},
    "form round:*:note:*:*": {"quote": "Other words", "effect": "", "at": ""},
    "form round:*:memory:*:*": {"quote": "", "effect": "", "at": ""},
}
"""What is typed into a form; `$self` is who sends it, another name that person of the matrix."""

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
        if kind.is_form:
            named = {f"${name}": stand.actor for name, stand in scene.people.items()}
            found[looks] = functools.partial(send, custom_id, FIELDS[looks], named=named)
        elif kind.is_menu:
            value = VALUES.get(kind.name) or _chosen(scene, kind)
            found[looks] = functools.partial(choose, custom_id, value)
        else:
            found[looks] = functools.partial(press, custom_id)
    for command in scene.world.bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            name = command.qualified_name
            found[f"/{name}"] = functools.partial(_type, scene, name)
    return found


def _chosen(scene: Scene, kind: Kind) -> str:
    """A person or note of the situation, for a menu that offers these."""
    is_note = "round_id" in names(kind)
    return scene.about.get("note_id", "1") if is_note else scene.about["person_id"]


async def press(custom_id: str, stand: Stand) -> Result:
    """Press a button of this id."""
    return await click(stand.actor, stand.channel, custom_id, on=stand.card)


async def choose(custom_id: str, value: str, stand: Stand) -> Result:
    """Choose this value in a menu of this id."""
    return await select(stand.actor, stand.channel, custom_id, [value], on=stand.card)


async def send(
    custom_id: str,
    fields: Mapping[str, str | list[str]],
    stand: Stand,
    *,
    named: Mapping[str, Any] = MappingProxyType({}),
) -> Result:
    """Send a form of this id with these fields, in which `named` stand for people."""
    known = {**named, "$self": stand.actor}
    typed = {
        name: [str(known[one].id) if one in known else one for one in value]
        if isinstance(value, list)
        else value
        for name, value in fields.items()
    }
    values = [one for value in fields.values() if isinstance(value, list) for one in value]
    chosen = [known[one] for one in values if one in known]
    return await submit(stand.actor, stand.channel, custom_id, typed, people=chosen, on=stand.card)


async def _type(scene: Scene, name: str, stand: Stand) -> Result:
    options = {
        option: _option(scene, stand, value)
        for option, value in OPTIONS.get(f"/{name}", {}).items()
    }
    if name == "feedback":
        options["round"] = scene.about.get("round_id", "1")
    if not stand.is_in_server:
        return await stand.actor.slash(name, **options)
    return await stand.actor.slash(stand.channel, name, **options)


async def _past_what_is_due(world: World) -> None:
    """Let time pass until no clock of a round has anything to do while people act."""
    kept = world.bot.services[LiveRounds]
    await world.later(1)
    while any((at := due_at(one, kept.now())) and at - kept.now() <= WAITED for one in kept.all()):
        await world.later(1)


def _option(scene: Scene, stand: Stand, value: Any) -> Any:
    if value == "$self":
        return stand.actor
    if value not in scene.people:
        return value
    # Discord lets people name only those who are in the same server.
    is_abroad = stand.actor.guild.id != scene.server.id
    return scene.people["member-abroad" if is_abroad else value].actor


async def sweep(scene: Scene, situation: str, share: int) -> list[str]:
    """What happened that the tables do not allow, a line each.

    Everything is done by everybody who must not change anything by it, all of them at once, or by
    those whose `share` it is. Who
    may is left out: that changes the situation, and other tests show what comes of it. At the end
    they read what is theirs to read, and those to whom a secret belongs look it up: it is there,
    and is known by its looks.
    """
    broken: list[str] = []
    every, sights = acts(scene), _Sights(scene.about, situation)
    things = {shape(kind): names(kind) & THINGS for kind in kinds()}
    with contextlib.closing(Disk(scene.world)) as disk:
        for number, (looks, act) in enumerate(every.items(), share):
            others = _others(scene, looks, things.get(looks, set()))
            others = _whose_share(number, others, sights.owners)
            await _past_what_is_due(scene.world)
            before = disk.rows()
            results = await _together(scene, act, others)
            after = disk.rows()
            if after != before:
                changed = [table for table in after if after[table] != before.get(table)]
                broken.append(f"{looks} changes {changed} for one of {sorted(others)}")
            broken += await sights.forbidden(looks, results)
    for looks in READING:
        readers = {one: scene.people[one] for one in people(CHANGES[looks]) & set(scene.people)}
        await scene.world.later(1)
        broken += await sights.forbidden(looks, await _together(scene, every[looks], readers))
    for name, secret in sights.missed(scene.people):
        for way in SECRETS[secret].ways:
            await scene.world.later(1)
            result = await every[way](scene.people[name])
            broken += await sights.forbidden(way, {name: result})
    broken += [f"{name} does not see {secret}" for name, secret in sights.missed(scene.people)]
    broken += [f"nobody sees {secret}" for secret in sights.unseen()]
    return [f"{situation}: {line}" for line in broken]


class _Sights:
    """Who has seen which secret in a situation."""

    def __init__(self, about: Mapping[str, str], situation: str) -> None:
        self._looks = {name: _known(secret.looks, about) for name, secret in SECRETS.items()}
        self._owners = {
            name: people(secret.seen_by.get(situation, "")) for name, secret in SECRETS.items()
        }
        self.owners = frozenset[str]().union(*self._owners.values())
        self._seen: set[tuple[str, str]] = set()

    async def forbidden(self, looks: str, results: Mapping[str, Result]) -> list[str]:
        """The secrets in answers to people that are not theirs to see; notes all that is seen."""
        found: list[str] = []
        for name, result in results.items():
            answer = await read(result)
            seen = [secret for secret, pattern in self._looks.items() if pattern.search(answer)]
            self._seen |= {(name, secret) for secret in seen}
            found += [
                f"{looks} shows {secret} to {name}"
                for secret in seen
                if name not in self._owners[secret]
            ]
        return found

    def missed(self, here: Iterable[str]) -> list[tuple[str, str]]:
        """Who of those here has not seen a secret that is theirs to see."""
        return [
            (name, secret)
            for secret, owners in self._owners.items()
            for name in sorted(owners & set(here))
            if (name, secret) not in self._seen
        ]

    def unseen(self) -> list[str]:
        """What is theirs to see for some, and was seen by none."""
        seen = {secret for _, secret in self._seen}
        return [secret for secret, owners in self._owners.items() if owners and secret not in seen]


def _known(looks: str, about: Mapping[str, str]) -> re.Pattern[str]:
    """How something looks, with the ids of a situation; without them it is not to be found."""
    return re.compile(re.sub(r"\{(\w+)\}", lambda one: about.get(one[1], "(?!)"), looks))


def _others(scene: Scene, looks: str, things: Set[str]) -> dict[str, Stand]:
    """Who does this without a right to change anything by it.

    An id of something that is not there can change nothing, for any person: trying one person is
    enough, the one who may do most elsewhere.
    """
    if not things <= set(scene.about):
        return {"facilitator": scene.people["facilitator"]}
    return {
        name: stand
        for name, stand in scene.people.items()
        if name not in people(CHANGES.get(looks, "")) and _is_offered(scene, looks, stand)
    }


def _whose_share(number: int, others: dict[str, Stand], always: Set[str]) -> dict[str, Stand]:
    """Those of the others who do the thing of this number in this situation."""
    everybody = sorted(people(EVERYBODY))
    theirs = {
        name: stand
        for name, stand in others.items()
        if name in always or (everybody.index(name) + number) % SHARES == 0
    }
    return theirs or others


def _is_offered(scene: Scene, looks: str, stand: Stand) -> bool:
    """Whether Discord lets the person use it: many commands are not there in direct messages."""
    command = scene.world.bot.tree.get_command(looks.removeprefix("/").split()[0])
    contexts = command.allowed_contexts if command is not None else None
    return stand.is_in_server or contexts is None or contexts.dm_channel is not False


async def _together(scene: Scene, act: Act, stands: Mapping[str, Stand]) -> dict[str, Result]:
    calls = [functools.partial(act, stand) for stand in stands.values()]
    return dict(zip(stands, await scene.world.together(*calls), strict=True))


def everything() -> set[str]:
    """The shape of everything that can be clicked, sent or typed, as far as it has an id."""
    return {shape(kind) for kind in kinds()}


def commands_of(client: discord.Client) -> set[str]:
    """Every command."""
    walk = client.tree.walk_commands()  # type: ignore[attr-defined]
    return {f"/{one.qualified_name}" for one in walk if isinstance(one, app_commands.Command)}
