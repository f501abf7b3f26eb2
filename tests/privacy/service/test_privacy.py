"""Whatever is stored about a person is given to them and erased for them."""

from __future__ import annotations

import contextlib
import json
import random
import sqlite3

import pytest
import pytest_asyncio

from bot.app import open_bot
from bot.dojos.model.dojo import DojoSettings
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.privacy.service.privacy import PrivacyService
from bot.settings import Settings
from tests.people import CHANNEL, GUILD, MANAGER, OTHER_CHANNEL
from tests.privacy.stored import COLUMNS, IDS, PEOPLE, Column, Seeds, cells

SENTINEL, NEIGHBOUR = 424_242_424_242, 535_353_535_353

NO_PERSON = {
    "dojos.guild_id",
    "dojos.channel_id",
    "dojos.facilitator_role_id",
    "question_bags.dojo_id",
    "own_contents.dojo_id",
    "rounds.dojo_id",
    "rounds.guild_id",
    "rounds.room_id",
    "rounds.card_id",
    "round_people.round_id",
    "notes.round_id",
    "sheets.round_id",
    "client_views.round_id",
    "quote_permissions.round_id",
    "debriefs.round_id",
    "reports.note_id",
    "guild_removals.guild_id",
    "rounds.gathering_id",
    "gatherings.dojo_id",
    "gatherings.guild_id",
    "gatherings.channel_id",
    "gatherings.voice_id",
    "gatherings.card_id",
    "gathering_people.gathering_id",
    "gathering_helpers.gathering_id",
    "gathering_trusted.gathering_id",
    "gathering_rooms.gathering_id",
    "gathering_rooms.channel_id",
    "gathering_rooms.round_id",
    "member_wishes.dojo_id",
    "kept_apart.dojo_id",
    "set_aside_questions.dojo_id",
    "check_outs.gathering_id",
    "departures.guild_id",
    "plenaries.gathering_id",
    "plenary_rounds.round_id",
    "plenary_rounds.gathering_id",
    "talk_requests.dojo_id",
    "rounds.asking_channel_id",
    "round_waiting.round_id",
    "round_waiting.card_id",
    "invitations.round_id",
    "invitations.dojo_id",
    "invitations.guild_id",
    "invitations.channel_id",
    "invitations.message_id",
    "invited_people.round_id",
}
"""Ids of something else than a person."""

SAID_OF = [column for column in PEOPLE if column.full_name == "kept_apart.other_user_id"]
"""Whom someone else does not want to be with: erased for both, told only to who said so."""
TOLD = [column for column in PEOPLE if column not in SAID_OF]
RELEASED_TO = [column for column in PEOPLE if column.name == "coach_user_id"]
"""Coaches whom something is about: told to them once it has been released."""

TYPED = {
    "round_people.wish",
    "notes.quote",
    "notes.effect",
    "debriefs.next_try",
    "check_outs.word",
}
"""What people type about themselves and each other."""
NOT_TYPED = {
    "dojos.format_id",
    "dojos.language",
    "dojos.time_zone",
    "dojos.asking",
    "dojos.question_set",
    "dojos.usual_focus",
    # Typed by a facilitator, and shown to everybody: it belongs to the dojo.
    "dojos.support_line",
    # A dojo's own content belongs to the dojo, not to the person who brought it.
    "own_contents.toml",
    "rounds.room",
    "rounds.format",
    "rounds.state",
    "rounds.past",
    "rounds.asked",
    "rounds.ending",
    "rounds.actions",
    "rounds.told_asked",
    "rounds.offered_role",
    "rounds.way_back",
    "round_people.role",
    "round_people.agreement",
    "round_people.focus",
    "notes.code",
    "notes.side",
    "notes.phase",
    "notes.variant",
    "notes.verdict",
    "sheets.marks",
    "client_views.chose",
    "client_views.heard",
    "client_views.recognised",
    "debriefs.listed",
    "debriefs.shared",
    # Ids of messages.
    "debriefs.posts",
    "set_aside_questions.question",
    "gatherings.format",
    "gatherings.places",
    "gatherings.grouping",
    "gatherings.stage",
    # People stand in groups by number.
    "gatherings.draft",
    "gatherings.draw",
    "gatherings.closing",
    "gatherings.told_stage",
    "gathering_people.wish",
    "gathering_people.languages",
    "gathering_people.presence",
    "member_wishes.wish",
    "member_wishes.languages",
    "invited_people.role",
    "asking_choices.who",
}
"""Texts in the same tables that nobody typed about anybody."""
WORDS = "what somebody typed"


@pytest_asyncio.fixture
async def services(quick_databases, path, clock):
    """As the program joins them: a store that it forgets to name here is found out."""
    async with open_bot(Settings(database=path), now=clock, rng=random.Random(1)) as bot:
        yield bot.services


@pytest.fixture
def outside(services, path):
    """Another connection to the same file."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


@pytest.fixture
def seeds(outside):
    return Seeds(outside)


def release_all(outside: sqlite3.Connection) -> int:
    """Release everything to the coaches it is about; how many debriefs had to be begun for it."""
    outside.execute("UPDATE debriefs SET reflected_ms = 1, released_ms = 1")
    begun = 0
    for column in RELEASED_TO:
        begun += outside.execute(
            "INSERT INTO debriefs (round_id, coach_user_id, listed, reflected_ms, skipped,"  # noqa: S608
            " released_ms, shared, next_try, quote_days, code_months)"
            " SELECT DISTINCT round_id, coach_user_id, '[]', 1, 1, 1, '', '', 30, 12"
            f" FROM {column.table} WHERE coach_user_id = {SENTINEL}"
            " ON CONFLICT (round_id, coach_user_id) DO NOTHING"
        ).rowcount
    return begun


def test_every_id_is_known_to_be_a_persons_or_not():
    unknown = [
        name
        for name in IDS
        if name not in NO_PERSON and name not in {column.full_name for column in PEOPLE}
    ]
    assert unknown == [], (
        f"{', '.join(unknown)}: is it a person's id? Then its name must end in _user_id, and its"
        " store must export and forget it. If it is something else, add it to NO_PERSON."
    )


def test_what_is_said_not_to_be_a_person_exists():
    assert set(IDS) >= NO_PERSON


def test_the_schema_has_people_in_it():
    assert {
        "dojos.set_up_user_id",
        "own_contents.imported_user_id",
        "rounds.starter_user_id",
        "round_people.user_id",
        "notes.observer_user_id",
        "notes.coach_user_id",
        "sheets.user_id",
        "client_views.user_id",
        "quote_permissions.user_id",
        "debriefs.coach_user_id",
        "reports.reporter_user_id",
        "reports.contact_user_id",
        "talk_requests.user_id",
        "talk_requests.contact_user_id",
        "dojos.safety_user_id",
        "gatherings.facilitator_user_id",
        "gathering_people.user_id",
        "gathering_helpers.user_id",
        "gathering_trusted.user_id",
        "member_wishes.user_id",
        "kept_apart.user_id",
        "kept_apart.other_user_id",
        "check_outs.user_id",
        "departures.user_id",
    } <= {column.full_name for column in PEOPLE}


@pytest.mark.parametrize("column", TOLD, ids=lambda column: column.full_name)
async def test_a_row_with_a_person_is_in_their_export(services, seeds, outside, column):
    seeds.add(column.table, column, SENTINEL)
    begun = release_all(outside)
    export = await services[PrivacyService].export(SENTINEL)
    entries = [entry for entries in export["stored"].values() for entry in entries]
    assert len(entries) == 1 + begun, f"{column.full_name} is not in the export: its store must"
    assert sum((await services[PrivacyService].counts(SENTINEL)).values()) == 1 + begun


@pytest.mark.parametrize("column", RELEASED_TO, ids=lambda column: column.full_name)
async def test_what_is_not_released_is_not_in_the_export_and_erased_all_the_same(
    services, seeds, outside, column
):
    """S5: whatever a table says about a coach; also a debrief that a note of another began."""
    seeds.add(column.table, column, SENTINEL)
    if column.table == "debriefs":
        outside.execute("UPDATE debriefs SET reflected_ms = NULL, next_try = ''")
    export = await services[PrivacyService].export(SENTINEL)
    assert not any(export["stored"].values())
    assert await services[PrivacyService].forget(SENTINEL) == {}
    assert cells(outside, SENTINEL) == []


@pytest.mark.parametrize("column", SAID_OF, ids=lambda column: column.full_name)
async def test_what_someone_keeps_from_a_person_is_not_even_counted_for_them(
    services, seeds, column
):
    seeds.add(column.table, column, SENTINEL)
    export = await services[PrivacyService].export(SENTINEL)
    assert not any(export["stored"].values())
    assert await services[PrivacyService].counts(SENTINEL) == {}


@pytest.mark.parametrize("column", PEOPLE, ids=lambda column: column.full_name)
async def test_a_person_who_is_forgotten_is_in_no_cell(services, seeds, outside, column):
    seeds.add(column.table, column, SENTINEL)
    assert cells(outside, SENTINEL) == [column.full_name]
    await services[PrivacyService].forget(SENTINEL)
    assert cells(outside, SENTINEL) == []
    assert await services[PrivacyService].counts(SENTINEL) == {}


TYPED_BY = [
    pytest.param(typed, column, id=f"{typed}-{column.name}")
    for typed in sorted(TYPED)
    for column in PEOPLE
    if typed.startswith(f"{column.table}.")
]


def put_words(seeds: Seeds, outside: sqlite3.Connection, typed: str, column: Column) -> None:
    """A row with these words and the person in it, released to them if they are its coach."""
    table, _, name = typed.partition(".")
    seeds.add(table, column, SENTINEL)
    changed = outside.execute(
        f"UPDATE {table} SET {name} = ? WHERE {column.name} = ?",  # noqa: S608 - our own schema
        (WORDS, SENTINEL),
    )
    assert changed.rowcount == 1
    if column in RELEASED_TO:
        release_all(outside)


def test_every_text_about_people_is_known_to_be_typed_or_not():
    tables = {column.table for column in PEOPLE}
    texts = {c.full_name for c in COLUMNS if c.table in tables and c.kind == "TEXT"}
    assert texts == TYPED | NOT_TYPED, "is it typed by people? Then it is exported and forgotten"
    assert not TYPED & NOT_TYPED


@pytest.mark.parametrize(("typed", "column"), TYPED_BY)
async def test_what_was_typed_is_in_the_export_and_goes_with_the_person(
    services, seeds, outside, typed, column
):
    put_words(seeds, outside, typed, column)
    assert WORDS in json.dumps(await services[PrivacyService].export(SENTINEL))
    await services[PrivacyService].forget(SENTINEL)
    table, _, name = typed.partition(".")
    left = outside.execute(f"SELECT {name} FROM {table}").fetchall()  # noqa: S608 - our own schema
    assert [one for (one,) in left if one == WORDS] == []


async def test_a_person_is_forgotten_everywhere_at_once(services, seeds, outside):
    for column in PEOPLE:
        # One row for a person.
        for _ in range(1 if column.table in ("asking_choices", "refused_messages") else 2):
            seeds.add(column.table, column, SENTINEL)
    begun = release_all(outside)
    counts = await services[PrivacyService].forget(SENTINEL)
    assert cells(outside, SENTINEL) == []
    assert sum(counts.values()) == 2 * len(TOLD) - 2 + begun


async def test_nobody_else_is_exported_or_forgotten(services, seeds, outside):
    for column in PEOPLE:
        seeds.add(column.table, column, NEIGHBOUR)
    before = cells(outside, NEIGHBOUR)
    assert str(NEIGHBOUR) not in json.dumps(await services[PrivacyService].export(SENTINEL))
    await services[PrivacyService].forget(SENTINEL)
    assert cells(outside, NEIGHBOUR) == before


async def test_an_export_is_json_and_says_whose_and_when(services, seeds, clock):
    for column in PEOPLE:
        seeds.add(column.table, column, SENTINEL)
    export = json.loads(json.dumps(await services[PrivacyService].export(SENTINEL)))
    assert export["user_id"] == str(SENTINEL)
    assert export["exported_at"] == clock.present.isoformat()
    times = [
        (kind, name, value)
        for kind, entries in export["stored"].items()
        for entry in entries
        for name, value in entry.items()
        if name.endswith("_at") and value is not None
    ]
    # What someone wishes holds until they change it, whenever they said it; and a question into a
    # round is of the same time as the round.
    timeless = {"wishes", "askings", "invitations", "set_aside_questions"}
    assert {kind for kind, _, _ in times} == set(export["stored"]) - timeless
    assert [one for one in times if not str(one[2]).endswith("+00:00")] == []


@pytest.mark.parametrize(
    ("column", "mine"), [("set_up_user_id", "set_up_by_me"), ("safety_user_id", "safety_contact")]
)
async def test_an_export_says_what_someone_is_to_a_dojo(services, seeds, column, mine):
    (person,) = (one for one in PEOPLE if one.full_name == f"dojos.{column}")
    seeds.add("dojos", person, SENTINEL)
    (dojo,) = (await services[PrivacyService].export(SENTINEL))["stored"]["dojos"]
    flags = {name: value for name, value in dojo.items() if isinstance(value, bool)}
    assert flags == {"set_up_by_me": False, "safety_contact": False, mine: True}


async def test_of_an_unknown_person_nothing_is_stored(services):
    export = await services[PrivacyService].export(SENTINEL)
    assert not any(export["stored"].values())
    assert await services[PrivacyService].forget(SENTINEL) == {}


async def test_the_dojo_and_its_content_stay_when_who_made_them_is_forgotten(services):
    dojo = await services[DojoService].set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
    text = 'version = 1\n[[question]]\nid = "own-1"\nphase = "start"\ntext = "What now?"\n'
    await services[ContentService].import_file(dojo, text, MANAGER)
    assert await services[PrivacyService].forget(MANAGER.user_id) == {"dojos": 1, "own_contents": 1}
    kept = services[DojoService].find(CHANNEL)
    assert kept.id == dojo.id
    assert (await services[ContentService].of_dojo(kept)).bank.find("own-1")


async def test_a_forgotten_person_is_not_kept_in_memory(services):
    await services[DojoService].set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
    await services[DojoService].set_up(GUILD, OTHER_CHANNEL, DojoSettings(), MANAGER)
    await services[PrivacyService].forget(MANAGER.user_id)
    assert {dojo.set_up_user_id for dojo in services[DojoService].of_guild(GUILD)} == {None}


async def test_forgetting_reaches_closed_dojos(services, outside):
    await services[DojoService].set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
    await services[DojoService].close(CHANNEL, MANAGER)
    assert await services[PrivacyService].counts(MANAGER.user_id) == {"dojos": 1}
    await services[PrivacyService].forget(MANAGER.user_id)
    rows = outside.execute("SELECT set_up_user_id FROM dojos").fetchall()
    assert rows == [(None,)]
