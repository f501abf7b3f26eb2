"""The community of a rehearsal: a guild with a dojo, and the people in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import discord
from simcord.actors import MemberActor
from simcord.backend.cdn import CDN_BASE
from simcord.builders import ChannelHandle, GuildHandle, RoleHandle, UserHandle
from simcord.env import Env

from bot.rehearsal.faces import bot_face, face

__all__ = ["LARGEST", "SMALLEST", "Community", "Person", "found"]

_PARTS = (
    ("Fay", "facilitator"),
    ("Carla", "coach"),
    ("Kim", "client"),
    ("Olu", "observer"),
    ("Omar", "observer"),
    ("Ada", "owner"),
)
_MORE = (
    "Bea", "Chidi", "Dana", "Elif", "Femi", "Greta", "Hana", "Ines", "Jonas", "Kofi", "Lena",
    "Mira", "Noor", "Otto", "Pia", "Quinn", "Rosa", "Sami", "Tara", "Uma", "Vera", "Wren",
    "Ximena", "Yara", "Zoe", "Amir", "Bruno", "Cora", "Diego", "Esra", "Fritz", "Gia", "Hugo",
    "Ivo", "Jana", "Kaya", "Luca", "Mona", "Nils", "Oona", "Paul", "Rhea", "Sven", "Tomas",
    "Ugo", "Vita", "Wim", "Xavi", "Yuki", "Zita", "Aline", "Boris", "Ciara", "Dario",
    "Emre", "Flora",
)  # fmt: skip

SMALLEST = len(_PARTS)
LARGEST = 60
"""The most that can be asked for; there are names for two more, who are never played."""

_FACE = "0123456789abcdef0123456789abcdef"
"""Discord names a picture by its hash. The same hash for all is enough, as the address contains the
person's id."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person that the visitor of a rehearsal can be."""

    key: str
    """Identifies the person in addresses, such as ``carla``."""
    name: str
    """As shown, such as ``Carla (coach)``."""
    part: str
    user: UserHandle
    member: MemberActor
    picture: bytes
    """A PNG."""

    @property
    def id(self) -> int:
        """The person's Discord id."""
        return self.user.id


@dataclass(frozen=True, slots=True)
class Community:
    """A guild with one dojo, another channel, a voice channel, and people."""

    guild: GuildHandle
    dojo: ChannelHandle
    lounge: ChannelHandle
    practice_room: ChannelHandle
    facilitators: RoleHandle
    people: tuple[Person, ...]
    bot_id: int

    def __getitem__(self, key: str) -> Person:
        """The person of this key; ``KeyError`` if there is none."""
        for person in self.people:
            if person.key == key:
                return person
        raise KeyError(key)

    def pictures(self) -> Mapping[str, tuple[str, bytes]]:
        """The people's and the bot's pictures by their addresses at Discord."""
        return {
            f"{CDN_BASE}/avatars/{user_id}/{_FACE}.png": (f"{user_id}.png", picture)
            for user_id, picture in self._faces()
        }

    def _faces(self) -> Iterator[tuple[int, bytes]]:
        yield self.bot_id, bot_face()
        yield from ((person.id, person.picture) for person in self.people)


def found(env: Env, *, people: int = SMALLEST) -> Community:
    """Make the community in a started simulation, with at least its six people.

    Fay may set up dojos, through her role; Ada owns the server and may do anything; all others are
    ordinary members.
    """
    bot = env.backend.bot_user
    bot.avatar = _FACE
    env.backend.edit_bot_profile("Dojo")
    users = [
        (name, part, env.create_user(name.lower(), global_name=_shown(name, part), avatar=_FACE))
        for name, part in _cast(people)
    ]
    owner = next(user for _, part, user in users if part == "owner")
    guild = env.create_guild("Coaching Dojo", owner=owner)
    facilitators = guild.create_role(
        "Facilitator",
        permissions=discord.Permissions(manage_channels=True, manage_events=True),
        color=0x3B7A78,
        hoist=True,
    )
    return Community(
        guild=guild,
        dojo=guild.create_text_channel("dojo", topic="Our practice place"),
        lounge=guild.create_text_channel("lounge", topic="Talk about anything. Not a dojo"),
        practice_room=guild.create_voice_channel("Practice room"),
        facilitators=facilitators,
        people=tuple(
            Person(
                key=name.lower(),
                name=_shown(name, part),
                part=part,
                user=user,
                member=guild.add_member(
                    user, roles=[facilitators] if part == "facilitator" else []
                ),
                picture=face(name, index),
            )
            for index, (name, part, user) in enumerate(users)
        ),
        bot_id=bot.id,
    )


def _cast(people: int) -> Iterator[tuple[str, str]]:
    yield from _PARTS
    for name in _MORE[: max(0, people - SMALLEST)]:
        yield name, "member"


def _shown(name: str, part: str) -> str:
    return f"{name} ({part})"
