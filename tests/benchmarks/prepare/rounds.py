"""Make dojo-bot's database full of running rounds, whose segments end when a plan says.

The plan is a file in the working directory: a JSON list with the seconds from `ZERO` to the end of
each round's segment, in the order of rooms. Making the database takes a while; `set_clocks` then
turns `ZERO` into a moment that is near.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import open_bot
from bot.content.model.formats import Format, landing_of
from bot.dojos.model.dojo import Dojo, DojoSettings
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.kit.database.database import open_database
from bot.kit.ids import new_id
from bot.rounds.model import moves
from bot.rounds.model.clock import advance, with_told
from bot.rounds.model.round import Agreement, Role, RoomKind, Round
from bot.rounds.model.seats import take_over
from bot.rounds.store.rounds import RoundStore
from bot.settings import Settings
from tests.benchmarks import payloads
from tests.benchmarks.prepare.dojo import owner_of

PLAN = Path("plan.json")
GUILDS = 100
QUIET = timedelta(minutes=5)
"""The segment that begins is at least so long, so that its first cue comes after the benchmark."""
BEGUN = timedelta(seconds=90)
"""The segment that ends is at least so long, so that it began before the bot starts: what was
stored in the future would put the bot's clock ahead."""
LARGEST_GROUP = 6
ZERO = datetime(2026, 1, 1, tzinfo=UTC)
FIRST_PERSON = 931_000_000_000_000_000


def places(formats: Sequence[Format]) -> list[tuple[Format, int]]:
    """Every segment, of formats for small groups, that is followed at once by a long one."""
    return [
        (entry, position)
        for entry in formats
        if entry.fewest <= LARGEST_GROUP
        for position, segment in enumerate(entry.segments[:-1])
        if segment.length >= BEGUN
        and entry.segments[position + 1].length >= QUIET
        and not landing_of(entry, position, segment.length)
    ]


def in_segment(round_: Round, position: int, now: datetime) -> Round:
    """A round that everybody agreed to and that has come to a segment; its room knows all that."""
    for seat in round_.seats:
        assert seat.user_id is not None
        round_ = moves.agree(round_, seat.user_id, Agreement.NOTES, now)
    while round_.position < position:
        following = round_.next_in_line if round_.awaits_next_coach else None
        if following is not None and following.user_id is not None:
            # In a change of coach someone takes the seat, else the clock would rest.
            round_ = take_over(round_, following.user_id, Role.COACH, next_of(round_))
        round_, _ = advance(round_, next_of(round_))
    _, news = advance(round_, next_of(round_) - timedelta(milliseconds=1))
    assert news is not None
    return with_told(round_, news)


def next_of(round_: Round) -> datetime:
    """When the next segment of a running round begins."""
    assert round_.next_at is not None
    return round_.next_at


def rounds(dojos: Sequence[Dojo], formats: Sequence[Format], ends: list[float]) -> Iterator[Round]:
    """Rounds whose present segment ends at these moments, of all kinds in turn."""
    rng = random.Random(0)
    people = itertools.count(FIRST_PERSON)
    kinds = itertools.cycle(places(formats))
    for number, at in enumerate(ends):
        (format_, position), dojo = next(kinds), dojos[number % len(dojos)]
        size = min(max(format_.fewest, 4), format_.most)
        coach, *others = moves.group(
            next(people), next(people), [next(people) for _ in range(size - 2)]
        )
        round_ = Round(
            id=new_id(ZERO + timedelta(milliseconds=number), rng),
            dojo_id=dojo.id,
            guild_id=dojo.guild_id,
            room_id=payloads.room_id(number),
            room=RoomKind.PRIVATE_THREAD,
            format=format_,
            seats=(replace(coach, focus=("S1", "S2"), wish="How I close."), *others),
            proposed_at=ZERO,
            starter_user_id=coach.user_id,
            card_id=payloads.room_id(number),
        )
        end = ZERO + timedelta(seconds=at)
        begun = ZERO + (end - next_of(in_segment(round_, position, ZERO)))
        yield in_segment(replace(round_, proposed_at=begun), position, begun)


def set_clocks(database: Path, zero: float) -> None:
    """Move all rounds in time, so that `ZERO` becomes a moment in seconds since 1970."""
    by = round((zero - ZERO.timestamp()) * 1000)
    connection = sqlite3.connect(database)
    with connection:
        connection.execute(
            "UPDATE rounds SET proposed_ms = proposed_ms + :by,"
            " since_ms = since_ms + :by, began_ms = began_ms + :by",
            {"by": by},
        )
    connection.close()


async def main(ends: list[float]) -> None:
    """Set up a dojo in every guild, and the rounds whose segments end then."""
    settings = Settings.from_env(os.environ)
    async with open_bot(settings) as bot:
        dojos = [
            await bot.services[DojoService].set_up(
                payloads.guild_id(index),
                payloads.channel_id(index, payloads.DOJO_CHANNEL),
                DojoSettings(),
                owner_of(index),
            )
            for index in range(GUILDS)
        ]
        formats = list(bot.services[ContentService].shipped("en").formats.values())
    async with open_database(settings.database) as database:
        # Nobody waits for these rows to be on disk.
        await database.write("PRAGMA synchronous = OFF")
        store = RoundStore(database)
        for round_ in rounds(dojos, formats, ends):
            await store.add(round_)


if __name__ == "__main__":
    asyncio.run(main(json.loads(PLAN.read_text())))
