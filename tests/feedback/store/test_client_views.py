"""How rounds were for their clients, on disk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest_asyncio

from bot.feedback.model.sheets import Answer
from bot.feedback.store.client_views import ClientViewStore
from bot.kit.database.database import open_database
from tests.rounds.store.samples import (
    AT,
    CLIENT,
    OBSERVED,
    OBSERVER,
    STRANGER,
    VIEW,
    Stores,
    make_dojo,
)

MIND_CHANGED = replace(
    VIEW,
    chose=Answer.NO,
    heard=Answer.YES,
    recognised=Answer.PARTLY,
    is_shared=False,
    given_at=AT + timedelta(milliseconds=1),
)


@pytest_asyncio.fixture
async def stores(database) -> Stores:
    await make_dojo(database)
    stores = Stores(database)
    await stores.observe(OBSERVED, replace(OBSERVED, id=8))
    return stores


async def test_what_a_client_said_comes_back_as_it_was(stores, path):
    await stores.views.save(VIEW)
    assert await stores.views.of_round(OBSERVED.id) == [VIEW]
    async with open_database(path) as another:
        assert await ClientViewStore(another).of_round(OBSERVED.id) == [VIEW]


async def test_what_a_client_says_later_takes_the_place_of_it_also_whether_it_is_shared(stores):
    for view in (VIEW, MIND_CHANGED):
        await stores.views.save(view)
    assert await stores.views.of_round(OBSERVED.id) == [MIND_CHANGED]


async def test_each_round_has_its_own(stores):
    elsewhere = replace(MIND_CHANGED, round_id=8)
    for view in (VIEW, elsewhere):
        await stores.views.save(view)
    await stores.views.take_back(8, CLIENT)
    assert await stores.views.of_round(8) == []
    assert await stores.views.of_round(OBSERVED.id) == [VIEW]


async def test_a_client_takes_back_what_they_said_and_nobody_else_does(stores):
    await stores.views.save(VIEW)
    await stores.views.take_back(OBSERVED.id, OBSERVER)
    assert await stores.views.of_round(OBSERVED.id) == [VIEW]
    await stores.views.take_back(OBSERVED.id, CLIENT)
    assert await stores.views.of_round(OBSERVED.id) == []
    # And may say it again.
    await stores.views.save(MIND_CHANGED)
    assert await stores.views.of_round(OBSERVED.id) == [MIND_CHANGED]


async def test_it_needs_a_round_and_someone_who_is_in_it(stores):
    for view in (replace(VIEW, user_id=STRANGER), replace(VIEW, round_id=77)):
        await stores.views.save(view)
    assert await stores.count("client_views") == 0


async def test_it_comes_too_late_for_a_client_who_has_been_forgotten(stores):
    await stores.forget(CLIENT)
    await stores.views.save(VIEW)
    assert await stores.count("client_views") == 0
