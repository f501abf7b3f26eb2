"""What people get of notes and sheets and what belongs to them, and what is forgotten with them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.feedback.model.debriefs import Debrief, Shared
from bot.feedback.model.notes import Verdict
from bot.feedback.model.sheets import Mark
from tests.rounds.store.samples import (
    AT,
    CLIENT,
    COACH,
    FACILITATOR,
    LISTED,
    NOTE,
    OBSERVED,
    OBSERVER,
    OWN_SHEET,
    SECOND,
    SHEET,
    STRANGER,
    VIEW,
    Stores,
    make_dojo,
    raw,
)

SECONDS = int(AT.timestamp())
PEOPLE = (COACH, CLIENT, OBSERVER, SECOND, FACILITATOR, STRANGER)
THEIRS = replace(NOTE, id=71, seat=3, observer_user_id=SECOND, quote="Und dann?", effect="")
TAKEN_BACK = replace(NOTE, id=72, quote="not meant", withdrawn_at=AT + timedelta(seconds=5))


@pytest_asyncio.fixture
async def stores(database) -> Stores:
    """Notes of two observers about one coach, one of them taken back; nothing released yet."""
    await make_dojo(database)
    stores = Stores(database)
    await stores.observe()
    for note in (NOTE, THEIRS, TAKEN_BACK):
        assert await stores.notes.take(note)
    await stores.notes.change(TAKEN_BACK)
    for sheet in (SHEET, OWN_SHEET):
        await stores.sheets.hand_in(sheet, AT)
    await stores.sheets.mark(replace(SHEET, seat=3, user_id=SECOND, marks={}), "S1", Mark.SEEN)
    await stores.views.save(VIEW)
    await stores.debriefs.try_next(OBSERVED.id, COACH, "try to be silent")
    await stores.reports.add(5, NOTE.id, CLIENT, FACILITATOR, AT)
    await stores.reports.add(6, THEIRS.id, SECOND, FACILITATOR, AT)
    return stores


async def everything(stores: Stores, user_id: int) -> str:
    """The export of a person in one text."""
    every = (stores.notes, stores.sheets, stores.views, stores.debriefs, stores.reports)
    return json.dumps(
        [await one.export_person(stores.database, user_id) for one in every], ensure_ascii=False
    )


# To have


async def test_a_person_who_took_a_note_gets_all_of_it_but_not_about_whom_it_is(stores):
    """S25: nor is a verdict said to be none that the coach gave: the key is not there."""
    await stores.notes.judge(NOTE.id, COACH, Verdict.HELPFUL)
    first, taken_back = await stores.notes.export_person(stores.database, OBSERVER)
    assert first == {
        "round_id": OBSERVED.id,
        "taken_by_me": True,
        "about_me": False,
        "code": "S1",
        "side": "signal",
        "coaching_seconds": 180,
        "taken_at": SECONDS - 7 * 60,
        "phase": "meaning",
        "variant": "b",
        "quote": "“If I were you” – 静か",
        "effect": "looked at the floor",
        "withdrawn_at": None,
    }
    assert (taken_back["quote"], taken_back["withdrawn_at"]) == ("not meant", SECONDS + 5)


async def test_of_notes_about_a_coach_nothing_is_told_before_the_release(stores):
    """S5: not even that there are any."""
    assert await stores.notes.export_person(stores.database, COACH) == []
    # The own view alone is not the release.
    await stores.debriefs.reflect(OBSERVED.id, COACH, AT, skipped=False)
    assert await stores.notes.export_person(stores.database, COACH) == []


async def test_after_the_release_a_coach_gets_the_notes_and_not_who_took_them(stores):
    await stores.release()
    await stores.notes.judge(NOTE.id, COACH, Verdict.HELPFUL)
    first, second = await stores.notes.export_person(stores.database, COACH)
    assert (first["taken_by_me"], first["about_me"]) == (False, True)
    assert (first["quote"], first["effect"]) == (NOTE.quote, NOTE.effect)
    assert (first["verdict"], second["verdict"]) == ("helpful", None)
    assert second["quote"] == "Und dann?"
    assert not {"seat", "observer_user_id"} & {*first, *second}


async def test_what_is_released_to_one_coach_is_held_back_from_another(stores):
    await stores.notes.take(replace(NOTE, id=73, coach_user_id=SECOND))
    await stores.debriefs.open(Debrief(OBSERVED.id, SECOND, LISTED))
    await stores.release()
    (mine,) = await stores.notes.export_person(stores.database, SECOND)
    assert (mine["taken_by_me"], mine["about_me"]) == (True, False)


async def test_sheets_are_those_filled_in_and_those_about_a_coach_that_are_in(stores):
    own = {
        "round_id": OBSERVED.id,
        "filled_in_by_me": True,
        "about_me": True,
        "marks": {"S1": "seen"},
        "handed_in_at": SECONDS,
    }
    about_me = {"round_id": OBSERVED.id, "filled_in_by_me": False, "about_me": True}
    assert await stores.sheets.export_person(stores.database, COACH) == [own]
    await stores.release()
    marks = {"S1": "both", "own-1": "no-occasion"}
    shown = {**about_me, "marks": marks, "handed_in_at": SECONDS}
    assert await stores.sheets.export_person(stores.database, COACH) == [own, shown]
    (draft,) = await stores.sheets.export_person(stores.database, SECOND)
    assert (draft["marks"], draft["handed_in_at"]) == ({"S1": "seen"}, None)


async def test_what_a_client_said_is_theirs(stores):
    assert await stores.views.export_person(stores.database, CLIENT) == [
        {
            "round_id": OBSERVED.id,
            "i_chose_where_we_went": "yes",
            "i_was_heard_in_my_own_words": "partly",
            "something_about_me_was_recognised": "no",
            "shared_with_the_coach": True,
            "given_at": SECONDS,
        }
    ]
    assert await stores.views.export_person(stores.database, COACH) == []


async def test_a_debrief_is_its_coachs(stores):
    await stores.release()
    await stores.debriefs.share(OBSERVED.id, COACH, Shared.ALL, ())
    assert await stores.debriefs.export_person(stores.database, COACH) == [
        {
            "round_id": OBSERVED.id,
            "own_view_at": SECONDS,
            "own_view_skipped": True,
            "released_at": SECONDS,
            "shared": "all",
            "one_thing_to_try": "try to be silent",
            "erased": False,
        }
    ]
    assert await stores.debriefs.export_person(stores.database, OBSERVER) == []


async def test_a_report_is_in_the_export_of_who_made_it_and_of_nobody_else(stores):
    await stores.reports.told(5, AT)
    report = {
        "round_id": OBSERVED.id,
        "reported_at": SECONDS,
        "reported_by_me": True,
        "reported_to_me": False,
        "contact_told_at": SECONDS,
    }
    assert await stores.reports.export_person(stores.database, CLIENT) == [report]
    assert await stores.reports.export_person(stores.database, COACH) == []
    assert await stores.reports.export_person(stores.database, OBSERVER) == []


@pytest.mark.parametrize("is_released", [False, True])
async def test_no_export_names_anybody_else(stores, is_released):
    if is_released:
        await stores.release()
    for user_id in PEOPLE:
        text = await everything(stores, user_id)
        assert [other for other in PEOPLE if str(other) in text] == []


@pytest.mark.parametrize(
    ("user_id", "words"),
    [
        (COACH, ["silent"]),
        (CLIENT, []),
        (OBSERVER, ["If I were", "not meant"]),
        (SECOND, ["Und dann"]),
        (FACILITATOR, []),
        (STRANGER, []),
    ],
)
async def test_before_the_release_nobody_gets_the_words_of_another(stores, user_id, words):
    text = await everything(stores, user_id)
    typed = ["silent", "If I were", "not meant", "Und dann"]
    assert [one for one in typed if one in text] == words


# To forget


async def test_what_a_forgotten_observer_noted_stays_the_coachs_without_words_or_name(stores):
    await stores.forget(OBSERVER)
    kept = replace(NOTE, observer_user_id=None, quote="", effect="")
    assert await stores.notes.of_round(OBSERVED.id) == [kept, THEIRS]
    await stores.release()
    assert len(await stores.notes.export_person(stores.database, COACH)) == 2
    assert await stores.notes.export_person(stores.database, OBSERVER) == []


async def test_of_a_forgotten_observer_nothing_is_kept_that_nobody_else_was_to_see(stores):
    """What they took back, and a sheet they never handed in."""
    await stores.forget(SECOND)
    assert [one.user_id for one in await stores.sheets.of_round(OBSERVED.id)] == [COACH, OBSERVER]
    await stores.forget(OBSERVER)
    assert TAKEN_BACK.id not in await stores.ids()
    # What was handed in stays, and says no more whose it is.
    nameless = replace(SHEET, user_id=None, handed_in_at=AT)
    assert nameless in await stores.sheets.of_round(OBSERVED.id)


async def test_nobody_can_put_their_name_on_the_notes_of_a_forgotten_observer(stores):
    await stores.forget(OBSERVER)
    assert not await stores.notes.change(NOTE)
    assert not await stores.notes.change(replace(NOTE, observer_user_id=None))


async def test_with_a_coach_everything_about_them_goes_and_what_they_did_for_others_stays(stores):
    about_second = replace(NOTE, id=80, coach_user_id=SECOND)
    by_coach = replace(NOTE, id=81, seat=0, observer_user_id=COACH, coach_user_id=SECOND)
    for note in (about_second, by_coach):
        assert await stores.notes.take(note)
    await stores.forget(COACH)
    nameless = replace(by_coach, observer_user_id=None, quote="", effect="")
    assert await stores.notes.of_round(OBSERVED.id) == [about_second, nameless]
    assert await stores.sheets.of_round(OBSERVED.id) == []
    assert await stores.debriefs.of_round(OBSERVED.id) == []
    # With the notes go their reports; what the client said is the client's.
    assert await stores.count("reports") == 0
    assert await stores.views.of_round(OBSERVED.id) == [VIEW]


async def test_with_a_client_goes_what_they_said_and_reported(stores):
    await stores.forget(CLIENT)
    assert await stores.views.of_round(OBSERVED.id) == []
    assert [one.id for one in await stores.reports.untold()] == [6]
    assert await stores.ids() == [70, 71, 72]


@pytest.mark.parametrize("user_id", PEOPLE)
async def test_others_keep_theirs_when_someone_is_forgotten(stores, user_id):
    others = [one for one in (OBSERVER, SECOND) if one != user_id and user_id != COACH]
    before = [await everything(stores, one) for one in others]
    await stores.forget(user_id)
    assert [await everything(stores, one) for one in others] == before
    assert json.loads(await everything(stores, user_id)) == [[], [], [], [], []]


async def test_what_was_typed_is_not_in_the_file_once_who_typed_it_is_forgotten(stores, path):
    for user_id in (OBSERVER, SECOND, COACH):
        await stores.forget(user_id)
    await stores.rounds.scrub()
    words = (b"If I were", b"at the floor", b"Und dann", b"not meant", b"be silent")
    assert [one for one in words if one in raw(path)] == []
