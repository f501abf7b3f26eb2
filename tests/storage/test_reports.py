"""Reported notes on disk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest_asyncio

from bot.storage.reports import Report
from tests.storage.round_samples import (
    AT,
    CLIENT,
    COACH,
    DOJO,
    NOTE,
    OBSERVED,
    OBSERVER,
    Stores,
    make_dojo,
)

REPORT = Report(5, NOTE.id, DOJO, OBSERVED.id, CLIENT, is_told=False)
LATER = AT + timedelta(minutes=5)


@pytest_asyncio.fixture
async def stores(database) -> Stores:
    await make_dojo(database)
    stores = Stores(database)
    await stores.observe()
    for number in (NOTE.id, 71):
        await stores.notes.take(replace(NOTE, id=number))
    return stores


async def test_a_report_says_which_note_of_which_dojo_and_nothing_of_what_it_says(stores):
    assert await stores.reports.add(5, NOTE.id, CLIENT, AT)
    assert await stores.reports.get(5) == REPORT
    assert await stores.reports.get(6) is None


async def test_a_person_reports_a_note_once(stores):
    assert await stores.reports.add(5, NOTE.id, CLIENT, AT)
    assert not await stores.reports.add(6, NOTE.id, CLIENT, LATER)
    assert await stores.reports.add(7, NOTE.id, COACH, LATER)
    assert await stores.reports.add(8, 71, CLIENT, LATER)
    assert [one.id for one in await stores.reports.untold()] == [5, 7, 8]


async def test_a_note_that_is_gone_is_not_reported(stores):
    assert not await stores.reports.add(5, 77, CLIENT, AT)
    assert await stores.count("reports") == 0


async def test_the_contact_is_told_once(stores):
    for number, user_id in ((5, CLIENT), (6, COACH)):
        await stores.reports.add(number, NOTE.id, user_id, AT)
    await stores.reports.told(5, LATER)
    assert [one.id for one in await stores.reports.untold()] == [6]
    assert await stores.reports.get(5) == replace(REPORT, is_told=True)


async def test_a_report_goes_with_its_note(stores):
    for number, note_id in ((5, NOTE.id), (6, 71)):
        await stores.reports.add(number, note_id, CLIENT, AT)
    await stores.notes.erase(NOTE.id)
    assert await stores.reports.get(5) is None
    assert [one.id for one in await stores.reports.untold()] == [6]
    await stores.rounds.delete(OBSERVED.id)
    assert await stores.count("reports") == 0


async def test_a_report_goes_with_the_person_the_note_is_about(stores):
    await stores.reports.add(5, NOTE.id, CLIENT, AT)
    await stores.forget(OBSERVER)
    assert await stores.reports.get(5) == REPORT
    await stores.forget(COACH)
    assert await stores.reports.get(5) is None
