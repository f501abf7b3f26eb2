"""Make dojo-bot's database for an evening of 60: 20 groups of three on their way to their rooms.

Every room knows its round, all but one observer have agreed to it, and all clocks start together
at `ZERO`; `set_clocks` then turns that into a moment that is near.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import open_bot
from bot.content.model.formats import Format
from bot.dojos.model.dojo import Dojo, DojoSettings
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.gatherings.grouping.groups import Draw, Group
from bot.gatherings.model.gathering import Gathering, Guest, Room, Stage
from bot.gatherings.store.gatherings import GatheringStore
from bot.kit.database.database import open_database
from bot.kit.ids import new_id
from bot.rounds.model import moves
from bot.rounds.model.clock import news_of, with_told
from bot.rounds.model.round import Agreement, RoomKind, Round, Seat
from bot.rounds.store.rounds import RoundStore
from bot.settings import Settings
from tests.benchmarks import payloads
from tests.benchmarks.prepare.dojo import owner_of
from tests.benchmarks.prepare.pads import person

GUILDS = 100
ROOMS = 20
PEOPLE_IN_A_ROOM = 3
FORMAT = "triad-30"
SEGMENT_SECONDS = 6
"""The first segment is this short, so that a benchmark need not wait for its end."""
BOARDING = timedelta(seconds=45)
ZERO = datetime(2026, 1, 1, tzinfo=UTC)
FACILITATOR = person(0)
FIRST_PERSON = 931_000_000_000_000_000
CARD = 926_000_000_000_000_000
"""The message with the card of the evening in the dojo."""


def room_of(number: int) -> int:
    """The thread of a group, counted from 0; the stand-in deals its threads to all guilds."""
    return payloads.room_id(number * GUILDS)


def groups() -> list[Group]:
    """Everybody, in threes."""
    people = range(FIRST_PERSON, FIRST_PERSON + ROOMS * PEOPLE_IN_A_ROOM)
    return [
        Group(tuple(people[at : at + PEOPLE_IN_A_ROOM]))
        for at in range(0, len(people), PEOPLE_IN_A_ROOM)
    ]


def shortened(format_: Format) -> Format:
    """The format with a very short first segment."""
    first, *others = format_.segments
    short = replace(first, length=timedelta(seconds=SEGMENT_SECONDS))
    return replace(format_, segments=(short, *others))


def evening(dojo: Dojo, format_: Format) -> tuple[Gathering, list[Round]]:
    """The gathering, and the rounds that are proposed in its rooms."""
    rng = random.Random(0)
    began = ZERO - BOARDING
    gathering_id = new_id(began, rng)
    drawn = groups()
    rounds: list[Round] = []
    for number, group in enumerate(drawn):
        round_ = Round(
            id=new_id(began + timedelta(milliseconds=number), rng),
            dojo_id=dojo.id,
            guild_id=dojo.guild_id,
            room_id=room_of(number),
            room=RoomKind.PRIVATE_THREAD,
            format=format_,
            seats=agreed(group, but=drawn[-1].people[-1]),
            proposed_at=began,
            starter_user_id=FACILITATOR,
            card_id=room_of(number),
            gathering_id=gathering_id,
        )
        news = news_of(round_, began)
        assert news is not None
        rounds.append(with_told(round_, news))
    gathering = Gathering(
        id=gathering_id,
        dojo_id=dojo.id,
        guild_id=dojo.guild_id,
        channel_id=dojo.channel_id,
        format=format_,
        opened_at=began - timedelta(minutes=10),
        facilitator_user_id=FACILITATOR,
        guests=tuple(Guest(one, began) for group in drawn for one in group.people),
        stage=Stage.BOARDING,
        number=1,
        due_at=ZERO,
        draw=Draw(tuple(drawn), seed=0),
        rooms=tuple(
            Room(number, round_.room_id, round_.room, round_id=round_.id)
            for number, round_ in enumerate(rounds, 1)
        ),
        card_id=CARD,
        turn=1,
        told_turn=1,
        told_stage=Stage.BOARDING,
    )
    return gathering, rounds


def agreed(group: Group, *, but: int) -> tuple[Seat, ...]:
    """The seats of a group in which everybody has said yes, save one whom all the others await."""
    seats = moves.group(group.coach, group.client, group.observers)
    return tuple(
        seat if seat.user_id == but else replace(seat, agreement=Agreement.NO_NOTES)
        for seat in seats
    )


def set_clocks(database: Path, zero: float) -> int:
    """Move the evening in time, so that `ZERO` becomes a moment in seconds since 1970; its id."""
    by = {"by": round((zero - ZERO.timestamp()) * 1000)}
    connection = sqlite3.connect(database)
    with connection:
        connection.execute("UPDATE rounds SET proposed_ms = proposed_ms + :by", by)
        connection.execute("UPDATE gathering_people SET joined_ms = joined_ms + :by", by)
        connection.execute(
            "UPDATE gatherings SET opened_ms = opened_ms + :by, due_ms = due_ms + :by", by
        )
    (gathering_id,) = connection.execute("SELECT id FROM gatherings").fetchone()
    connection.close()
    return gathering_id


def segments_began(database: Path) -> float:
    """When the segments that run now began, in seconds since 1970; of several moments the last."""
    connection = sqlite3.connect(database)
    (moment,) = connection.execute("SELECT max(since_ms) FROM rounds").fetchone()
    connection.close()
    return moment / 1e3


async def main() -> None:
    """Set up the dojo, the evening and its rounds."""
    settings = Settings.from_env(os.environ)
    async with open_bot(settings) as bot:
        dojo = await bot.services[DojoService].set_up(
            payloads.guild_id(0),
            payloads.channel_id(0, payloads.DOJO_CHANNEL),
            DojoSettings(),
            owner_of(0),
        )
        format_ = bot.services[ContentService].shipped("en").formats[FORMAT]
    gathering, rounds = evening(dojo, shortened(format_))
    async with open_database(settings.database) as database:
        store = RoundStore(database)
        await GatheringStore(database).add(gathering)
        for round_ in rounds:
            await store.add(round_)


if __name__ == "__main__":
    asyncio.run(main())
