"""S5: before the release a coach cannot tell from their export what others noted, nor whether."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feedback.model.sheets import Mark
from bot.feedback.store.client_views import ClientViewStore
from bot.feedback.store.debriefs import DebriefStore
from bot.feedback.store.notes import NoteStore
from bot.feedback.store.reports import ReportStore
from bot.feedback.store.sheets import SheetStore
from bot.kit.database.database import open_database
from bot.rounds.store.rounds import RoundStore
from tests.rounds.store.samples import (
    AT,
    CLIENT,
    COACH,
    FACILITATOR,
    NOTE,
    OBSERVED,
    OBSERVER,
    OWN_SHEET,
    SECOND,
    SHEET,
    VIEW,
    Stores,
    make_dojo,
)
from tests.simulation.quick import quick_databases

THEIRS = replace(NOTE, id=71, seat=3, observer_user_id=SECOND, quote="Und dann?", effect="")
SECONDS_SHEET = replace(SHEET, seat=3, user_id=SECOND)
EVERY_STORE = (NoteStore, SheetStore, DebriefStore, ClientViewStore, ReportStore, RoundStore)

Act = Callable[[Stores], Awaitable[object]]

OF_OTHERS: dict[str, Act] = {
    "a note": lambda s: s.notes.take(NOTE),
    "another note": lambda s: s.notes.take(THEIRS),
    "a note taken back": lambda s: s.notes.change(replace(NOTE, withdrawn_at=AT)),
    "other words": lambda s: s.notes.change(replace(NOTE, quote="other words")),
    "a report": lambda s: s.reports.add(5, NOTE.id, CLIENT, FACILITATOR, AT),
    "a report that was told": lambda s: s.reports.told(5, AT),
    "a sheet begun": lambda s: s.sheets.mark(SECONDS_SHEET, "S1", Mark.SEEN),
    "a sheet": lambda s: s.sheets.hand_in(SHEET, AT),
    "another sheet": lambda s: s.sheets.hand_in(SECONDS_SHEET, AT),
    "the client's view": lambda s: s.views.save(VIEW),
    "the client's view taken back": lambda s: s.views.take_back(OBSERVED.id, CLIENT),
    "words let be shared": lambda s: s.views.let_quote(OBSERVED.id, CLIENT, AT),
    "an observer erased": lambda s: s.forget(OBSERVER),
}
"""What can happen to a coach's feedback before it is released, by the others."""
OF_THE_COACH: dict[str, Act] = {
    "their own view begun": lambda s: s.sheets.mark(OWN_SHEET, "S1", Mark.SEEN),
    "their own view": lambda s: s.sheets.hand_in(OWN_SHEET, AT),
    "reflected": lambda s: s.debriefs.reflect(OBSERVED.id, COACH, AT, skipped=False),
    "skipped": lambda s: s.debriefs.reflect(OBSERVED.id, COACH, AT, skipped=True),
    "one thing to try": lambda s: s.debriefs.try_next(OBSERVED.id, COACH, "be silent"),
}


async def exported(stores: Stores, user_id: int = COACH) -> dict[str, list[dict[str, object]]]:
    """What a person gets of everything about rounds, by store."""
    database = stores.database
    return {
        kind.__name__: await kind(database).export_person(database, user_id) for kind in EVERY_STORE
    }


async def after(acts: Sequence[Act]) -> dict[str, list[dict[str, object]]]:
    """What the coach gets of a round in which this has happened."""
    with tempfile.TemporaryDirectory() as folder, quick_databases():
        async with open_database(Path(folder) / "dojo.sqlite3") as database:
            await make_dojo(database)
            stores = Stores(database)
            await stores.observe()
            for act in acts:
                await act(stores)
            return await exported(stores)


@settings(max_examples=80, deadline=None)
@given(
    acts=st.lists(
        st.sampled_from([*OF_OTHERS.items(), *OF_THE_COACH.items()]),
        min_size=1,
        max_size=12,
        unique_by=lambda act: act[0],
    )
)
def test_before_the_release_an_export_depends_only_on_what_the_coach_did(acts):
    """S5: notes, notes taken back, sheets, the debrief they begin: not there, and not counted."""
    own = [act for name, act in acts if name in OF_THE_COACH]

    both = asyncio.run(after([act for _, act in acts]))

    assert both == asyncio.run(after(own))


@pytest.mark.parametrize("act", OF_OTHERS)
async def test_nothing_that_others_do_shows_before_the_release(act):
    """S5: each of them alone, and with the coach's own view in already."""
    reflected = OF_THE_COACH["reflected"]
    acts = [OF_OTHERS[name] for name in dict.fromkeys(("a note", "a report", act))]
    for own in ([], [reflected]):
        assert await after([*own, *acts]) == await after(own)


async def test_after_the_release_all_that_is_theirs_to_know_is_there():
    async def release(stores: Stores) -> None:
        await stores.release()

    acts = [OF_OTHERS[name] for name in ("a note", "another note", "a sheet", "the client's view")]
    found = await after([*acts, release])
    assert [entry["quote"] for entry in found["NoteStore"]] == [NOTE.quote, THEIRS.quote]
    assert [entry["about_me"] for entry in found["SheetStore"]] == [True]
    assert len(found["DebriefStore"]) == 1
    assert str(CLIENT) not in json.dumps(found)


async def test_what_is_held_back_is_erased_all_the_same(database):
    """S5: a coach who cannot see it can erase it."""
    await make_dojo(database)
    stores = Stores(database)
    await stores.observe()
    for act in ("a note", "another note", "a sheet", "a sheet begun", "a report"):
        await OF_OTHERS[act](stores)

    await stores.forget(COACH)

    assert [await stores.count(one) for one in ("notes", "sheets", "debriefs", "reports")] == [
        0
    ] * 4
