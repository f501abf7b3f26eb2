"""Reported notes on disk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest_asyncio

from bot.feedback.store.reports import Report
from tests.rounds.store.samples import (
    AT,
    CLIENT,
    COACH,
    DOJO,
    FACILITATOR,
    NOTE,
    OBSERVED,
    OBSERVER,
    SECOND,
    Stores,
    make_dojo,
)

REPORT = Report(5, NOTE.id, DOJO, OBSERVED.id, CLIENT, FACILITATOR, is_told=False)
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
    assert await stores.reports.add(5, NOTE.id, CLIENT, FACILITATOR, AT)
    assert await stores.reports.get(5) == REPORT
    assert await stores.reports.get(6) is None


async def test_a_person_reports_a_note_once(stores):
    assert await stores.reports.add(5, NOTE.id, CLIENT, FACILITATOR, AT)
    assert not await stores.reports.add(6, NOTE.id, CLIENT, FACILITATOR, LATER)
    assert await stores.reports.add(7, NOTE.id, COACH, FACILITATOR, LATER)
    assert await stores.reports.add(8, 71, CLIENT, FACILITATOR, LATER)
    assert [one.id for one in await stores.reports.untold()] == [5, 7, 8]


async def test_a_note_that_is_gone_is_not_reported(stores):
    assert not await stores.reports.add(5, 77, CLIENT, FACILITATOR, AT)
    assert await stores.count("reports") == 0


async def test_the_contact_is_told_once(stores):
    for number, user_id in ((5, CLIENT), (6, COACH)):
        await stores.reports.add(number, NOTE.id, user_id, FACILITATOR, AT)
    await stores.reports.told(5, LATER)
    assert [one.id for one in await stores.reports.untold()] == [6]
    assert await stores.reports.get(5) == replace(REPORT, is_told=True)


async def test_a_report_goes_with_its_note(stores):
    for number, note_id in ((5, NOTE.id), (6, 71)):
        await stores.reports.add(number, note_id, CLIENT, FACILITATOR, AT)
    await stores.notes.erase(NOTE.id)
    assert await stores.reports.get(5) is None
    assert [one.id for one in await stores.reports.untold()] == [6]
    await stores.rounds.delete(OBSERVED.id)
    assert await stores.count("reports") == 0


async def test_a_report_goes_with_the_person_the_note_is_about(stores):
    await stores.reports.add(5, NOTE.id, CLIENT, FACILITATOR, AT)
    await stores.forget(OBSERVER)
    assert await stores.reports.get(5) == REPORT
    await stores.forget(COACH)
    assert await stores.reports.get(5) is None


async def test_a_second_contact_gets_what_is_reported_to_them_and_the_first_one_no_longer(stores):
    """S15: a report is for whom it was made, one at a time."""
    await stores.reports.add(5, NOTE.id, CLIENT, FACILITATOR, AT)
    await stores.reports.told(5, AT)
    assert await stores.reports.add(6, NOTE.id, CLIENT, SECOND, LATER)
    assert [(one.id, one.contact_user_id) for one in await stores.reports.untold()] == [(5, SECOND)]
    assert not await stores.reports.add(7, NOTE.id, CLIENT, SECOND, LATER)


async def test_a_contact_who_is_erased_sees_no_report_any_more(stores):
    await stores.reports.add(5, NOTE.id, CLIENT, FACILITATOR, AT)
    await stores.reports.told(5, LATER)
    assert await stores.reports.last_told(FACILITATOR) == LATER.replace(microsecond=0)
    await stores.forget(FACILITATOR)
    report = await stores.reports.get(5)
    assert report is not None
    assert report.contact_user_id is None
    assert await stores.reports.last_told(FACILITATOR) is None
    assert await stores.reports.untold() == []
