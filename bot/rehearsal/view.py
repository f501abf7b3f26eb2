"""What the pages around the conversations show, as JSON."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from simcord.backend.access import channel_accessible, message_accessible
from simcord.backend.models import Channel
from simcord.enums import ChannelType

from bot.rehearsal.community import Person
from bot.rehearsal.simulation import Viewer
from bot.rehearsal.stage import LANGUAGES, Stage

__all__ = ["Place", "View"]

DIRECT = "dm"
"""The address of everybody's direct messages with the bot."""

_SHOWN = {
    ChannelType.TEXT: "channel",
    ChannelType.NEWS: "channel",
    ChannelType.VOICE: "voice",
    ChannelType.STAGE_VOICE: "voice",
    ChannelType.PUBLIC_THREAD: "thread",
    ChannelType.PRIVATE_THREAD: "private thread",
}
_ORDER = ("channel", "voice")


@dataclass(frozen=True, slots=True)
class Place:
    """Something that can be looked at: a channel, a thread, or direct messages."""

    key: str
    channel: Channel
    kind: str


class View:
    """Finds places and people by their names in addresses, and describes them all."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._backend = stage.env.backend
        self._guild = stage.community.guild
        self._named = {
            channel.id: _slug(channel.name or "") for channel in self._guild.channels.values()
        }
        self._world: tuple[int, list[dict[str, Any]]] = (-1, [])

    def person(self, key: str) -> Person:
        """The person of this key; ``KeyError`` if there is none."""
        return self._stage.community[key]

    def place(self, key: str, person: Person) -> Place | None:
        """The place of this key, as ``person`` has it; ``None`` if they have none."""
        if key == DIRECT:
            return self._direct(person)
        for place in self._places():
            if place.key == key and self.viewer(place.channel.id, person.id) is not None:
                return place
        return None

    def viewer(self, channel_id: int, user_id: int) -> Viewer | None:
        """The handle with which SimCord lets this person read this channel."""
        person = next((one for one in self._stage.community.people if one.id == user_id), None)
        if person is None or not channel_accessible(
            self._backend, channel_id, user_id, history=True
        ):
            return None
        direct = self._backend.get_channel(channel_id).guild_id is None
        return person.user if direct else person.member

    def describe(self, asking: Person | None = None) -> dict[str, Any]:
        """Everything there is to show; with ``asking``, also the latest message they can read in
        each place."""
        stage = self._stage
        if self._world[0] != stage.version:
            self._world = (stage.version, [self._describe(place) for place in self._places()])
        people, by_hand = stage.community.people, stage.players.by_hand()
        state: dict[str, Any] = {
            "run": str(self._guild.id),
            "version": stage.version,
            "now": stage.clock.now().isoformat(),
            "speed": stage.clock.speed,
            "server": self._guild.name,
            "people": [self._describe_person(person, by_hand) for person in people],
            "places": self._world[1],
            "languages": LANGUAGES,
        }
        if asking is not None:
            latest = {place.key: place.channel.id for place in self._places()}
            if (direct := self._backend.dm_channels.get(asking.id)) is not None:
                latest[DIRECT] = direct
            state["latest"] = {
                key: self._latest(channel_id, asking) for key, channel_id in latest.items()
            }
        return state

    def edition(self) -> str:
        """Changes with everything that `describe` says, except the time."""
        stage = self._stage
        by_hand = sorted(stage.players.by_hand())
        return f"{self._guild.id}.{stage.version}.{stage.clock.speed}.{hash(tuple(by_hand))}"

    def _direct(self, person: Person) -> Place:
        channel = self._backend.get_dm_channel(person.id)
        return Place(DIRECT, channel, "direct")

    def _places(self) -> Iterator[Place]:
        shown = [
            Place(self._key(channel), channel, _SHOWN[ChannelType(channel.type)])
            for channel in self._backend.channels.values()
            if channel.guild_id == self._guild.id and channel.type in _SHOWN
        ]
        for kind in _ORDER:
            for place in shown:
                if place.kind == kind:
                    yield place
                    yield from (one for one in shown if one.channel.parent_id == place.channel.id)

    def _key(self, channel: Channel) -> str:
        return self._named.get(channel.id) or str(channel.id)

    def _describe(self, place: Place) -> dict[str, Any]:
        channel = place.channel
        parent = self._backend.channels.get(channel.parent_id or 0)
        return {
            "key": place.key,
            "kind": place.kind,
            "name": channel.name,
            "topic": channel.topic,
            "parent": self._key(parent) if channel.is_thread and parent is not None else None,
            "closed": bool(channel.thread_metadata and channel.thread_metadata.archived),
            "readers": [
                person.key
                for person in self._stage.community.people
                if self.viewer(channel.id, person.id) is not None
            ],
        }

    def _describe_person(self, person: Person, by_hand: Collection[int]) -> dict[str, Any]:
        voice = self._guild.voice_states().get(person.id)
        channel = self._backend.channels.get(voice.channel_id or 0) if voice is not None else None
        return {
            "key": person.key,
            "id": str(person.id),
            "name": person.name,
            "part": person.part,
            "language": self._stage.language_of(person),
            "voice": self._key(channel) if channel is not None else None,
            "plays": self._plays(person, by_hand),
        }

    def _plays(self, person: Person, by_hand: Collection[int]) -> str | None:
        """Whether they play ``alone`` or, because a page is open, by ``hand``; None without
        players."""
        players = self._stage.players.ids
        if not players:
            return None
        return "alone" if person.id in players and person.id not in by_hand else "hand"

    def _latest(self, channel_id: int, person: Person) -> str | None:
        messages = self._backend.messages.get(channel_id, {})
        for message in reversed(messages.values()):
            if message.author_id != person.id and message_accessible(
                self._backend, channel_id, message, person.id, history=True
            ):
                return str(message.id)
        return None


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
