"""What tests of rounds share: a group in its room, its cards, and who is notified of them."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import discord

from tests.cards.rules import parts
from tests.simulation.world import Result, Server, World, labels, text

NAMES = ("carla", "kim", "olu", "pia", "ruth")
"""Coach, client, observers: as many as a command can name."""
OPTIONS = ("coach", "client", "observer1", "observer2", "observer3")
WAYS_IN = ["Open my pad", "Open my feedback", "Again, roles rotated"]
"""What can be pressed on the card of a round that is over."""
SILENT = discord.MessageFlags(suppress_notifications=True).value


@dataclass
class Group:
    """The people of a round: coach, client, observers; and the room they meet in."""

    world: World
    server: Server
    people: list[Any]
    room: Any = None
    answer: Any = field(default=None, repr=False)
    """What the person who started the round was answered."""

    @property
    def coach(self) -> Any:
        return self.people[0]

    @property
    def client(self) -> Any:
        return self.people[1]

    @property
    def observer(self) -> Any:
        return self.people[2]

    @property
    def card(self) -> Any:
        """The card of the round, also when the client has been asked something below it."""
        return [one for one in cards(self.room) if "### " in text(one)][-1]

    @property
    def question(self) -> Any:
        """The latest card that asks the client about someone who would like to observe."""
        return [one for one in cards(self.room) if "Let them in" in labels(one)][-1]

    async def press(self, person: Any, label: str) -> Result:
        """Press a button of the card as it is now; nobody presses twice within a second."""
        await self.world.later(1)
        return await person.click(self.card, label=label)

    async def agree(self, *people: Any) -> None:
        """Some, or else all, agree to notes; the last answer begins the round."""
        card = self.card
        for person in people or self.people:
            await person.click(card, label="Agree, with notes")


async def proposed(
    world: World,
    server: Server,
    people: int | list[Any] = 3,
    *,
    by: Any = None,
    channel: Any = None,
    in_room: bool = True,
    **options: Any,
) -> Group:
    """A round that waits for its people to agree, started by its coach unless `by` another.

    Someone who sees all threads has brought everybody into its room, unless they are to be asked
    outside of it (`in_room`).
    """
    if isinstance(people, int):
        people = [server.member(name) for name in NAMES[:people]]
    group = Group(world, server, people)
    where = channel or server.dojo
    before = [thread.id for thread in where.threads]
    group.answer = await start(by or group.coach, where, *people, **options)
    group.room = next((one for one in where.threads if one.id not in before), where)
    if in_room and group.room is not where:
        for person in people:
            world.env.backend.add_thread_member(group.room.id, person.id)
    return group


async def running(world: World, server: Server, people: int | list[Any] = 3, **how: Any) -> Group:
    """A round that everybody has agreed to, at the beginning of its first segment."""
    group = await proposed(world, server, people, **how)
    await group.agree()
    return group


async def coaching(world: World, server: Server, people: int | list[Any] = 3, **how: Any) -> Group:
    """A round at the beginning of the coaching."""
    group = await running(world, server, people, **how)
    await group.press(group.coach, "Next")
    return group


async def take_turns(group: Group) -> None:
    """In a change of coach, the person who is next in line takes the seat."""
    if "I will coach" in labels(group.card):
        seats = rows(group.world, "round_people")
        coached = {seat["user_id"] for seat in seats if seat["has_coached"]}
        following = next(one for one in group.people[2:] if one.id not in coached)
        await following.click(group.card, label="I will coach")


async def start(by: Any, channel: Any, *seats: Any, **options: Any) -> Result:
    """`/round start` with these people in the order of the command."""
    options |= dict(zip(OPTIONS, seats, strict=False))
    return await by.slash(channel, "round start", **options)


async def say_left(group: Group, by: Any, who: Any) -> Result:
    """Someone says of another person that they have left, and is sure of it."""
    asked = private(await group.press(by, "Someone left"))
    name = f"{who.user.name} · "
    answer = await by.click(asked, label=next(one for one in labels(asked) if name in one))
    sure = {"Ask them", "They have left"}.intersection(labels(private(answer)))
    return await by.click(private(answer), label=sure.pop()) if sure else answer


# What is in a room


def posts(room: Any) -> list[Any]:
    """What everybody sees in a room, posted by the bot itself, oldest first."""
    return [
        message
        for message in room.history()
        if not message.flags.ephemeral and message.interaction_metadata is None
    ]


def cards(room: Any) -> list[Any]:
    """The cards in a room, oldest first, with those that are over."""
    return [message for message in posts(room) if message.components]


def lines(room: Any) -> list[str]:
    """The quiet lines in a room, oldest first."""
    return [message.content for message in posts(room) if message.content]


def title(card: Any) -> str:
    """The heading of a card, e.g. `🗣️ Coaching`."""
    return next(line[4:] for line in text(card).splitlines() if line.startswith("### "))


def pressable(room: Any) -> list[Any]:
    """The cards of a room that have buttons."""
    return [card for card in cards(room) if labels(card)]


# Who is notified, and how


def request_of(world: World, room: Any, message: Any) -> dict[str, Any]:
    """The request with which the bot posted a message."""
    path = f"/channels/{room.id}/messages"
    sent = [one for one in world.env.http_requests if (one.method, one.path) == ("POST", path)]
    ids = [one.id for one in posts(room)]
    assert len(sent) == len(ids), "a post was refused or deleted: which is which is not known"
    request = sent[ids.index(message.id)].json
    assert isinstance(request, dict)
    return request


def as_posted(world: World, room: Any, message: Any) -> SimpleNamespace:
    """A message as it was posted, whatever it was edited to since."""
    request = request_of(world, room, message)
    return SimpleNamespace(
        content=request.get("content") or "",
        components=request.get("components") or [],
        created_at=message.created_at,
        mentions=notified(world, room, message),
    )


def notified(world: World, room: Any, message: Any) -> set[int]:
    """Whom a message of the bot notifies."""
    mentions = request_of(world, room, message)["allowed_mentions"]
    assert mentions["parse"] == []
    assert not mentions.get("roles")
    return {int(user_id) for user_id in mentions.get("users", [])}


def is_silent(world: World, room: Any, message: Any) -> bool:
    """Whether a message makes no sound anywhere."""
    return bool(request_of(world, room, message).get("flags", 0) & SILENT)


# Private answers, and the disk


def private(result: Result) -> Any:
    """The last private card or sentence an action was answered with."""
    message = result.followups[-1] if result.followups else result.response
    assert message is not None, "nothing was answered"
    assert message.ephemeral
    return message


def silently(result: Result) -> bool:
    """Whether an action was taken without anything being said to the person."""
    return result.acknowledged and result.deferred and not result.followups


def rows(world: World, table: str) -> list[dict[str, Any]]:
    """What is on disk."""
    with contextlib.closing(sqlite3.connect(world.database)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(f"SELECT * FROM {table}")]  # noqa: S608


def on_disk(world: World) -> dict[str, Any]:
    """The one round there is, as it is on disk."""
    (row,) = rows(world, "rounds")
    return row


def custom_ids(message: Any) -> dict[str, str]:
    """The custom ids of the buttons of a message, by label."""
    return {part["label"]: part["custom_id"] for part in parts(message) if part.get("type") == 2}
