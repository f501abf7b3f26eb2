"""S19: no statement reads a whole table that grows with every evening.

Every statement that a store sends is explained by SQLite on the newest schema, without statistics,
as the program has none either.
"""

from __future__ import annotations

import ast
import random
import re
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.content.model.questions import Phase
from bot.dojos.store.dojos import DojoStore
from bot.dojos.store.own_contents import OwnContentStore
from bot.feedback.model.debriefs import Shared
from bot.feedback.model.notes import Verdict
from bot.feedback.model.sheets import Mark
from bot.feedback.store.calibration import CalibrationStore
from bot.feedback.store.talks import TalkRequest, TalkStore
from bot.gatherings.grouping.groups import Wish
from bot.gatherings.model.harvest import Noticed
from bot.gatherings.store.check_outs import CheckOutStore
from bot.gatherings.store.gatherings import GatheringStore
from bot.gatherings.store.harvest import PlenaryStore
from bot.gatherings.store.history import HistoryStore
from bot.gatherings.store.wishes import WishStore
from bot.kit.database.database import Database, Transaction
from bot.kit.database.refused_messages import RefusedMessageStore
from bot.kit.database.values import ProgramValueStore
from bot.privacy.store.departures import DepartureStore
from bot.questions.store import BagStore, SetAsideStore
from bot.rounds.model.asking import Invitation, Invited, WhoMayAsk
from bot.rounds.model.round import Ending, Role, State, Waiting
from bot.rounds.store.askings import AskingStore, InvitationStore
from tests.gatherings.store import samples as gathering_samples
from tests.gatherings.store.samples import ANN, BEN
from tests.kit.database.files import outside
from tests.privacy.stored import SCHEMA
from tests.rounds.store.samples import (
    AT,
    CLIENT,
    COACH,
    DOJO,
    NOTE,
    OBSERVED,
    OBSERVER,
    OWN_SHEET,
    RUNNING,
    SHEET,
    VIEW,
    Stores,
    make_dojo,
)
from tests.sources import on, product

EVENING = gathering_samples.FULL


async def send_everything(database: Database) -> None:
    """Use every method of every store, on rows that make it send all of its statements."""
    await make_dojo(database)
    stores = Stores(database)
    for part in (_rounds, _feedback, _retention, _gatherings, _small_things):
        await part(database, stores)
    await _people(database, stores)
    await _departures(database)
    await _guilds(database, stores)


async def _departures(database: Database) -> None:
    departures = DepartureStore(database)
    await departures.left(100, BEN, AT)
    await departures.known()
    await departures.all()
    await departures.export_person(database, BEN)
    await departures.back(100, BEN)
    async with database.transaction() as transaction:
        await departures.forget_person(transaction, BEN)


async def _rounds(database: Database, stores: Stores) -> None:
    del database
    await stores.observe()
    await stores.rounds.add(RUNNING)
    await stores.rounds.unfinished()
    await stores.rounds.get(RUNNING.id)
    await stores.rounds.coached_by(COACH, 25)
    await stores.rounds.clients_of(CLIENT, 25)
    await stores.rounds.last_in_room(RUNNING.room_id)
    await stores.rounds.last_of_person(COACH, RUNNING.dojo_id)
    await stores.rounds.next_in_room(RUNNING)
    await stores.rounds.left_in_rooms(AT)
    await stores.rounds.people_of_room(RUNNING.room_id, 1)
    moved = await stores.rounds.save(RUNNING, replace(RUNNING, turn=1))
    moved = await stores.rounds.save(moved, replace(moved, waiting=(Waiting(BEN),)))
    seats = (replace(moved.seats[0], is_here=False), *moved.seats[1:])
    erased = replace(
        moved, seats=seats, state=State.ENDED, since=None, ending=Ending.ERASED, ended_at=AT
    )
    await stores.rounds.save(moved, erased)
    await stores.rounds.delete(RUNNING.id)


async def _feedback(database: Database, stores: Stores) -> None:
    round_id = OBSERVED.id
    await stores.notes.take(NOTE)
    # One that is not in its round makes the store look which of them are there.
    await stores.notes.take(replace(NOTE, id=75, round_id=99))
    await stores.notes.change(replace(NOTE, quote="other"))
    await stores.notes.get(NOTE.id)
    await stores.notes.of_round(round_id)
    await stores.notes.of_observer(round_id, OBSERVER)
    await stores.notes.judge(NOTE.id, COACH, Verdict.HELPFUL)
    for sheet in (SHEET, OWN_SHEET):
        await stores.sheets.mark(sheet, "S1", Mark.SEEN)
        await stores.sheets.hand_in(sheet, AT)
    await stores.sheets.of_round(round_id)
    await stores.views.save(VIEW)
    await stores.views.of_round(round_id)
    await stores.views.let_quote(round_id, CLIENT, AT)
    await stores.views.quoting(round_id)
    await stores.views.forbid_quotes(round_id, CLIENT)
    await stores.reports.add(5, NOTE.id, CLIENT, BEN, AT)
    await stores.reports.get(5)
    await stores.reports.untold()
    await stores.reports.told(5, AT)
    await stores.reports.last_told(BEN)
    await stores.reports.add(7, NOTE.id, COACH, BEN, AT)
    await stores.reports.delete(7)
    talks = TalkStore(database)
    request = TalkRequest(6, DOJO, CLIENT, BEN)
    await talks.add(request, AT, since=AT)
    await talks.get(6)
    await talks.untold()
    await talks.told(6, AT)
    await talks.delete(6)
    await stores.debriefs.get(round_id, COACH)
    await stores.debriefs.kept(round_id, COACH)
    await stores.debriefs.of_round(round_id)
    await stores.debriefs.try_next(round_id, COACH, "be silent")
    await stores.debriefs.last_try(COACH, 100)
    await stores.release()
    await stores.debriefs.add_unsure(round_id, COACH, 1)
    await stores.debriefs.add_post(round_id, COACH, 2)
    await stores.debriefs.settle(round_id, COACH, (1,))
    await stores.debriefs.posts_elsewhere(round_id, COACH)
    await stores.debriefs.unshare(round_id, COACH, ())
    await stores.debriefs.share(round_id, COACH, Shared.ALL, ())
    await CalibrationStore(database).released(DOJO)
    await HistoryStore(database).turns(DOJO)
    await HistoryStore(database).agreed_at(EVENING.id)
    await stores.notes.erase_words(NOTE.id, COACH)
    await stores.debriefs.erase_notes(round_id, COACH)
    await stores.debriefs.erase(round_id, COACH)
    await stores.notes.erase(NOTE.id)
    await stores.views.take_back(round_id, CLIENT)


async def _retention(database: Database, stores: Stores) -> None:
    later = AT + timedelta(days=1_000)
    worded = replace(OBSERVED, id=78)
    await stores.rounds.add(worded)
    await stores.notes.take(replace(NOTE, id=77, round_id=worded.id))
    await stores.retention.erase_words(later)
    await stores.retention.erase_feedback(later)
    # What is left of a round without a debrief goes by the end of the round.
    await stores.views.save(VIEW)
    await stores.retention.erase_feedback(later)
    store = GatheringStore(database)
    await store.add(gathering_samples.ENDED)
    await stores.retention.erase_names(later)
    await stores.retention.erase_talks(later)
    await stores.retention.erase_refused_messages(later)
    await stores.retention.last_purge()
    await stores.retention.remember_purge(later)


async def _gatherings(database: Database, stores: Stores) -> None:
    del stores
    store = GatheringStore(database)
    await store.add(EVENING)
    await store.open_ones()
    await store.get(EVENING.id)
    known = await store.save(EVENING, replace(EVENING, turn=18))
    left = replace(known, guests=known.guests[:-1], helper_user_ids=(), rooms=known.rooms[1:])
    known = await store.save(known, left)
    plenaries = PlenaryStore(database)
    await plenaries.released(EVENING.id)
    await plenaries.publish(EVENING.id, Noticed(1, {}, {}), [OBSERVED.id])
    await plenaries.published(EVENING.id)
    await plenaries.counted(EVENING.id)
    check_outs = CheckOutStore(database)
    await check_outs.put(EVENING.id, BEN, 8, "calm")
    await check_outs.of(EVENING.id)
    await check_outs.unname(EVENING.id)
    askings, invitations = AskingStore(database), InvitationStore(database)
    await askings.choose(ANN, WhoMayAsk.NOBODY)
    await askings.choose(BEN, WhoMayAsk.NOBODY)
    await askings.choose(BEN, WhoMayAsk.ANYBODY)
    await askings.choices([ANN, BEN])
    await askings.asked_since(AT)
    await invitations.save(Invitation(7, DOJO, 100, 300, 301, (Invited(ANN, Role.CLIENT),)))
    await invitations.save(Invitation(8, DOJO, 100, 300, 302, (Invited(BEN, Role.CLIENT),)))
    await invitations.all()
    await invitations.delete(8)
    wishes = WishStore(database)
    await wishes.remember(DOJO, ANN, Wish.COACH, frozenset({"de"}))
    await wishes.of(DOJO, ANN)
    await wishes.keep_apart(DOJO, ANN, [BEN])
    await wishes.apart_of(DOJO, ANN)
    await wishes.pairs(DOJO, [ANN, BEN])


async def _small_things(database: Database, stores: Stores) -> None:
    del stores
    await database.health()
    dojos, own = DojoStore(database), OwnContentStore(database)
    await dojos.all_open()
    (dojo,) = [one for one in await dojos.all_open() if one.id == DOJO]
    await dojos.save(replace(dojo, settings=replace(dojo.settings, names_shown=False)))
    await dojos.all_closed()
    await dojos.move(DOJO, 100)
    await own.save(DOJO, "version = 1", user_id=ANN, at=AT)
    await own.load(DOJO)
    values = ProgramValueStore(database)
    await values.put("a", "1")
    await values.get("a")
    await values.names("a")
    await values.drop("a")
    refused = RefusedMessageStore(database)
    await refused.put(ANN, AT)
    await refused.refused_at(ANN)
    await refused.drop(ANN)
    bags, rng = BagStore(database), random.Random(1)
    for _ in range(100):
        await bags.pick(DOJO, Phase.START, ("q1", "q2", "q3"), rng)
    aside = SetAsideStore(database)
    await aside.add(DOJO, ANN, "q1")
    await aside.of(DOJO, ANN)
    await aside.take_back(DOJO, ANN, "q1")


async def _people(database: Database, stores: Stores) -> None:
    every = (
        stores.rounds,
        stores.notes,
        stores.sheets,
        stores.views,
        stores.debriefs,
        stores.reports,
        DojoStore(database),
        OwnContentStore(database),
        GatheringStore(database),
        WishStore(database),
        SetAsideStore(database),
        RefusedMessageStore(database),
        AskingStore(database),
        InvitationStore(database),
        CheckOutStore(database),
        TalkStore(database),
    )
    other = replace(OBSERVED, id=77)
    await stores.rounds.add(other)
    await stores.notes.take(replace(NOTE, id=76, round_id=other.id))
    await stores.notes.forget_most(COACH)
    for store in every:
        await store.export_person(database, ANN)
        async with database.transaction() as transaction:
            await store.forget_person(transaction, ANN)


async def _guilds(database: Database, stores: Stores) -> None:
    retention = stores.retention
    await retention.guilds()
    await retention.guild_removed(100, AT)
    await retention.guild_back(100)
    await retention.removed_guilds()
    await retention.guild_removed(100, AT)
    await DojoStore(database).close(DOJO, AT)
    await stores.rounds.add(RUNNING)
    await retention.erase_guilds(AT + timedelta(days=1))


MACHINERY = {"database.py", "migrate.py", "batches.py"}
"""Runs what others say."""
SENDING = {"all", "one", "write", "change"}

MAY_BE_READ_WHOLE = {
    "dojos": "read into memory at each start; as many as there are channels",
    "program_values": "a handful",
    "guild_removals": "servers the bot was removed from within the last month",
    "departures": "who left a server within the last month",
    "round_waiting": "who would like to observe a round that runs; nobody when it is over",
    "invitations": "rounds that are asked for or run; gone when they are over",
    "invited_people": "the people on these",
    "own_contents": "at most one for each dojo; by person only for an export",
}
"""Small tables, and why. What has a row for each evening, round or person is none of them."""


@dataclass(frozen=True)
class Site:
    """Where in the source a statement is sent."""

    file: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.file}:{self.first}"


def sites() -> Iterator[Site]:
    for path in on("store", "database"):
        if path.name in MACHINERY:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in SENDING
                and ast.unparse(node.func.value).split(".")[-1].lstrip("_")
                in {"database", "transaction", "statements"}
            ):
                yield Site(path.name, node.lineno, node.end_lineno or node.lineno)


SITES = list(sites())


@pytest.fixture
def sent(monkeypatch) -> list[tuple[str, int, str]]:
    """What is sent from where."""
    found: list[tuple[str, int, str]] = []

    def watch(kind: type, name: str) -> None:
        send = getattr(kind, name)

        def sending(self, sql, *values):
            frame = sys._getframe(1)
            while Path(frame.f_code.co_filename).name in MACHINERY and frame.f_back is not None:
                frame = frame.f_back
            found.append((Path(frame.f_code.co_filename).name, frame.f_lineno, sql))
            return send(self, sql, *values)

        monkeypatch.setattr(kind, name, sending)

    for kind, names in ((Database, ("all", "write", "change")), (Transaction, ("all",))):
        for name in names:
            watch(kind, name)
    return found


def plan_of(connection: sqlite3.Connection, sql: str) -> list[str]:
    nothing = [None] * sql.count("?")
    rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", nothing)
    return [row[3] for row in rows]


def whole_tables(connection: sqlite3.Connection, sql: str) -> set[str]:
    """The tables, or whole indexes of them, that a statement reads from end to end."""
    partial = {
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'"
        )
    }
    names = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", sql)}
    found: set[str] = set()
    for step in plan_of(connection, sql):
        match = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
        # A partial index holds only the rows that are wanted.
        if match is None or match[2] in partial:
            continue
        table = names.get(match[1], match[1])
        if table in SCHEMA:
            found.add(table)
    return found


async def test_no_statement_reads_a_whole_table_that_grows(database, path, sent):
    """S19: neither at a start, nor for an export, a record, a plenary or a purge."""
    await send_everything(database)
    statements = dict.fromkeys((file, line, sql) for file, line, sql in sent if sql[:6] != "PRAGMA")
    with outside(path) as connection:
        faults = [
            f"{file}:{line} reads all of {table}: {sql}"
            for file, line, sql in statements
            for table in sorted(whole_tables(connection, sql) - MAY_BE_READ_WHOLE.keys())
        ]
    assert not faults, "\n".join(faults)


async def test_what_asks_for_one_round_does_not_read_all_rounds_of_a_person(database, path, sent):
    """S19: a tap costs as much in a person's hundredth round as in their first."""
    await send_everything(database)
    asking = {sql for _, _, sql in sent if re.search(r"round_id = (\?|t\.column2)", sql)}
    with outside(path) as connection:
        faults = [
            f"{step}: {sql}"
            for sql in sorted(asking)
            for step in plan_of(connection, sql)
            if re.search(r"\((observer_|coach_)?user_id=\?\)", step)
        ]
    assert len(asking) > 20
    assert not faults, "\n".join(faults)


async def test_the_tour_sends_every_statement_there_is(database, sent):
    """A new statement has to be sent by the tour, so that its plan is looked at."""
    await send_everything(database)
    reached = {(file, line) for file, line, _ in sent}
    missed = [
        str(site)
        for site in SITES
        if not any((site.file, line) in reached for line in range(site.first, site.last + 1))
    ]
    assert len(SITES) > 90
    assert not missed, f"send these in tour() of this file: {missed}"


def test_only_the_stores_send_statements():
    """Otherwise there would be statements whose plan nobody looks at."""
    others = [
        path
        for path in set(product()) - set(on("store", "database"))
        # What looks at a file before it is opened as a database.
        if path.name != "check.py"
        and re.search(r'"(SELECT|INSERT|UPDATE|DELETE) (?!.*sqlite_schema)', path.read_text())
    ]
    assert others == []


async def test_deleting_a_row_finds_those_that_hang_on_it(database, path):
    """No plan shows what a cascade reads: it needs an index that begins with the foreign key."""
    del database
    with outside(path) as connection:
        missing = [
            f"{table}.{key[3]}"
            for table in SCHEMA
            for key in connection.execute(f"PRAGMA foreign_key_list({table})").fetchall()
            if not has_index(connection, table, key[3])
        ]
    assert missing == []


def has_index(connection: sqlite3.Connection, table: str, column: str) -> bool:
    """Whether rows are found by this column: a key, or an index that begins with it."""
    keys = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[5]]
    if keys == [column]:
        return True
    for index in connection.execute(f"PRAGMA index_list({table})").fetchall():
        name, is_partial = index[1], index[4]
        (first, *_) = connection.execute(f"PRAGMA index_info({name})").fetchall()
        if first[2] == column and not is_partial:
            return True
    return False
