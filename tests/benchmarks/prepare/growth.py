"""Make dojo-bot's database as it is after a year of weekly evenings in many dojos.

One round and one evening are written by the bot's own stores; all others are copies of their rows
with other ids, times and people, because writing millions of notes one by one takes hours. It is
the state just before a nightly purge: one day's words and one day's codes are due. One more server
was left by the bot long enough ago for its data to go.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import discord

from bot.app import open_bot
from bot.content.model.questions import Phase
from bot.dojos.model.dojo import Dojo, DojoSettings
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.feedback.model.debriefs import Debrief, Listed
from bot.feedback.model.notes import Note, Side
from bot.feedback.model.sheets import Answer, ClientView, Mark, Sheet
from bot.feedback.store.client_views import ClientViewStore
from bot.feedback.store.debriefs import DebriefStore
from bot.feedback.store.notes import NoteStore
from bot.feedback.store.sheets import SheetStore
from bot.gatherings.model.gathering import Closing, Gathering, Guest, Room, Stage
from bot.gatherings.store.gatherings import GatheringStore
from bot.kit.database.database import open_database
from bot.kit.ids import first_id
from bot.kit.person import Person
from bot.privacy.store.retention import RetentionStore
from bot.rounds.model.clock import end
from bot.rounds.model.round import Ending, RoomKind
from bot.rounds.store.rounds import RoundStore
from bot.settings import Settings
from tests.benchmarks import payloads
from tests.benchmarks.prepare.dojo import owner_of
from tests.benchmarks.prepare.pads import ROUNDS, coaching, person

PLAN = Path("growth.json")
"""In the working directory: the number of dojos and of weeks; then what was made of them."""
DOJOS_IN_A_GUILD = 5
PEOPLE, GROUPS, ROUNDS_OF_AN_EVENING, NOTES = 16, 4, 3, 40
FIRST_AGE = 3
"""Days since the last evening; with 52 weeks the oldest of some dojos is a day past a year."""
WORDS_AGE = 31
"""Words of earlier evenings have been erased, as every night did."""
FIRST_PERSON = 932_000_000_000_000_000
LEADS = 931_000_000_000_000_000
OF_A_ROUND = ("round_people", "debriefs", "notes", "sheets", "client_views")

Row = dict[str, object]


@dataclass(frozen=True)
class Templates:
    """Rows as the stores write them, by table."""

    evening: dict[str, list[Row]]
    round: dict[str, list[Row]]


def people_of(number: int) -> list[int]:
    """Who practises in a dojo; those of the first are the ones who act in the benchmark."""
    if number == 0:
        return [person(index) for index in range(PEOPLE)]
    return [FIRST_PERSON + number * PEOPLE + index for index in range(PEOPLE)]


def days_of(weeks: int, number: int) -> list[int]:
    """How many days ago the evenings of a dojo were; dojos meet on different days."""
    return [week * 7 + number % 7 + FIRST_AGE for week in range(weeks)]


async def templates(settings: Settings, dojo: Dojo, now: datetime) -> Templates:
    """Write one evening with one round through the stores; their rows."""
    at = now - timedelta(days=1)
    people = people_of(0)
    async with open_bot(settings) as bot:
        content = bot.services[ContentService].shipped("en")
    format_ = content.formats["triad-30"]
    listed = tuple(map(Listed.of, content.signals.signals))
    coach, client, first, second = people[:4]
    evening = Gathering(
        id=first_id(at),
        dojo_id=dojo.id,
        guild_id=dojo.guild_id,
        channel_id=dojo.channel_id,
        format=format_,
        opened_at=at,
        facilitator_user_id=people[0],
        guests=tuple(Guest(one, at) for one in people),
        rooms=tuple(Room(n, payloads.room_id(n), RoomKind.PRIVATE_THREAD) for n in range(GROUPS)),
        stage=Stage.ENDED,
        closing=Closing.CLOSED,
        ended_at=at + timedelta(hours=2),
        told_stage=Stage.ENDED,
    )
    round_ = coaching(dojo, format_, (coach, client, first, second), 0, at)
    round_ = replace(round_, id=first_id(at), gathering_id=evening.id)
    round_ = end(round_, Ending.COMPLETE, at + timedelta(minutes=30))
    round_ = replace(round_, told=replace(round_.told, ended=True), actions=(), card_id=1)
    note = Note(
        id=first_id(at),
        round_id=round_.id,
        seat=2,
        observer_user_id=first,
        coach_user_id=coach,
        code="S1",
        side=Side.SEEN,
        at=timedelta(minutes=3),
        taken_at=at,
        phase=Phase.MEANING,
    )
    async with open_database(settings.database) as database:
        await GatheringStore(database).add(evening)
        await RoundStore(database).add(round_)
        debriefs, sheets = DebriefStore(database), SheetStore(database)
        await debriefs.open(Debrief(round_.id, coach, listed))
        assert await NoteStore(database).take(note)
        marks = {one.code: Mark.BOTH for one in listed}
        for seat, user_id in enumerate((coach, client, first, second)):
            if user_id != client:
                assert await sheets.hand_in(Sheet(round_.id, seat, user_id, coach, marks), at)
        await ClientViewStore(database).save(
            ClientView(round_.id, client, *[Answer.YES] * 3, is_shared=True, given_at=at)
        )
        await debriefs.reflect(round_.id, coach, at, skipped=False)
        await debriefs.release(round_.id, coach, at)
    with sqlite3.connect(settings.database) as connection:
        connection.row_factory = sqlite3.Row

        def rows(table: str, key: str, value: int) -> list[Row]:
            found = connection.execute(f"SELECT * FROM {table} WHERE {key} = ?", (value,))  # noqa: S608
            return [dict(row) for row in found]

        return Templates(
            {
                "gatherings": rows("gatherings", "id", evening.id),
                "gathering_people": rows("gathering_people", "gathering_id", evening.id),
                "gathering_rooms": rows("gathering_rooms", "gathering_id", evening.id),
            },
            {
                "rounds": rows("rounds", "id", round_.id),
                **{table: rows(table, "round_id", round_.id) for table in OF_A_ROUND},
            },
        )


def in_time(row: Row, by: int) -> Row:
    """The row, so many milliseconds later; lengths are not moments."""
    return {
        name: value + by
        if name.endswith("_ms") and isinstance(value, int) and value > 1_000_000_000_000
        else value
        for name, value in row.items()
    }


class Year:
    """The rows of all evenings of one dojo."""

    def __init__(self, made: Templates, number: int, dojo: Dojo, now: datetime) -> None:
        self._made = made
        self._dojo = dojo
        self._people = people_of(number)
        self._now = now
        self._number = number
        self._rng = random.Random(number)
        self.rows: dict[str, list[Row]] = {}

    def add(self, days: int) -> None:
        """One evening so many days ago."""
        at = self._now - timedelta(days=days, minutes=30)
        id_ = first_id(at) + self._number * 4_096
        (row,) = self._made.evening["gatherings"]
        by = round((at - self._now + timedelta(days=1)).total_seconds() * 1000)
        of_dojo = {
            "dojo_id": self._dojo.id,
            "guild_id": self._dojo.guild_id,
            "channel_id": self._dojo.channel_id,
        }
        self._put(
            "gatherings",
            in_time(row, by) | of_dojo | {"id": id_, "facilitator_user_id": self._people[0]},
        )
        for number, row in enumerate(self._made.evening["gathering_people"]):
            about = {"gathering_id": id_, "user_id": self._people[number]}
            self._put("gathering_people", in_time(row, by) | about)
        for row in self._made.evening["gathering_rooms"]:
            self._put("gathering_rooms", in_time(row, by) | {"gathering_id": id_})
        for number in range(ROUNDS_OF_AN_EVENING * GROUPS):
            self._round(id_, id_ + 1 + number * 64, number, days, by)

    def _round(self, evening: int, id_: int, number: int, days: int, by: int) -> None:
        people = self._people[number % PEOPLE :] + self._people[: number % PEOPLE]
        (row,) = self._made.round["rounds"]
        of_dojo = {"dojo_id": self._dojo.id, "guild_id": self._dojo.guild_id}
        about: Row = {"id": id_, "gathering_id": evening, "starter_user_id": people[0]}
        # A round ends at the moment its evening is dated with.
        self._put("rounds", in_time(row, by) | of_dojo | about | {"room_id": id_})
        for seat, row in enumerate(self._made.round["round_people"]):
            about = {"round_id": id_, "user_id": people[seat]}
            self._put("round_people", in_time(row, by) | about)
        for table in ("debriefs", "client_views"):
            name, who = ("coach_user_id", 0) if table == "debriefs" else ("user_id", 1)
            for row in self._made.round[table]:
                self._put(table, in_time(row, by) | {"round_id": id_, name: people[who]})
        for row in self._made.round["sheets"]:
            seat = row["seat"]
            assert isinstance(seat, int)
            about = {"round_id": id_, "user_id": people[seat], "coach_user_id": people[0]}
            marks = {f"S{one}": self._rng.choice(["seen", "both", "signal"]) for one in range(1, 7)}
            self._put("sheets", in_time(row, by) | about | {"marks": json.dumps(marks)})
        (row,) = self._made.round["notes"]
        for note in range(NOTES):
            has_words = days <= WORDS_AGE and note % 5 < 3
            about = {
                "id": id_ + note,
                "round_id": id_,
                "seat": 2 + note % 2,
                "observer_user_id": people[2 + note % 2],
                "coach_user_id": people[0],
                "code": f"S{1 + note % 6}",
                "side": ("seen", "signal")[note % 2],
                "at_ms": 20_000 * note,
                "quote": "And the part of it that you want to keep is…" if has_words else "",
            }
            self._put("notes", in_time(row, by) | about)

    def _put(self, table: str, row: Row) -> None:
        self.rows.setdefault(table, []).append(row)


def fill(database: Path, years: Iterator[Year]) -> None:
    """Write all rows, and the indexes after them: much faster than the other way."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    for year in years:
        connection.execute("BEGIN")
        for table, rows in year.rows.items():
            names, marks = ", ".join(rows[0]), ", ".join("?" * len(rows[0]))
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
            connection.executemany(sql, [tuple(row.values()) for row in rows])
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for _, sql in indexes:
        connection.execute(sql)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


async def main(dojos: int, weeks: int) -> dict[str, object]:
    """Make all of it; what there is to act on."""
    settings = Settings.from_env(os.environ)
    now = discord.utils.utcnow()
    made: list[Dojo] = []
    guilds = -(-dojos // DOJOS_IN_A_GUILD)
    async with open_bot(settings) as bot:
        for number in range(dojos + DOJOS_IN_A_GUILD):
            guild, channel = divmod(number, DOJOS_IN_A_GUILD)
            # The last ones belong to a server that the bot was removed from.
            guild = guild if number < dojos else guilds
            owner = owner_of(guild)
            place = payloads.channel_id(guild, 1 + channel)
            boss = Person(owner.user_id, owner.guild_id, managed=frozenset({place}))
            made.append(
                await bot.services[DojoService].set_up(
                    payloads.guild_id(guild), place, DojoSettings(), boss
                )
            )
        content = bot.services[ContentService].shipped("en")
    rows = await templates(settings, made[0], now)

    def years() -> Iterator[Year]:
        for number, dojo in enumerate(made):
            year = Year(rows, number, dojo, now)
            for days in days_of(weeks, number):
                year.add(days)
            yield year

    await asyncio.to_thread(fill, settings.database, years())
    everybody = [person(index) for index in range(payloads.USERS)]
    async with open_database(settings.database) as database:
        await RetentionStore(database).guild_removed(
            payloads.guild_id(guilds), now - timedelta(days=31)
        )
        running: list[int] = []
        for number in range(ROUNDS):
            group = [LEADS + 2 * number, LEADS + 2 * number + 1, *everybody]
            round_ = coaching(made[0], content.formats["mcc-demo-60"], group, number, now)
            await RoundStore(database).add(round_)
            running.append(round_.id)
    return {"guilds": guilds, "running": running, "evening": rows.evening["gatherings"][0]["id"]}


if __name__ == "__main__":
    plan = json.loads(PLAN.read_text())
    PLAN.write_text(json.dumps({**plan, **asyncio.run(main(plan["dojos"], plan["weeks"]))}))
