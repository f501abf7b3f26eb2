"""What people wish for their groups, on disk."""

from __future__ import annotations

import json

import pytest_asyncio

from bot.gatherings.grouping.groups import Wish
from bot.gatherings.store.wishes import WishStore
from bot.rounds.model.pairs import pair_of
from tests.rounds.store.samples import (
    CLIENT,
    COACH,
    DOJO,
    OBSERVER,
    SECOND,
    STRANGER,
    Stores,
    make_dojo,
)

ELSEWHERE = 3


@pytest_asyncio.fixture
async def wishes(database) -> WishStore:
    await make_dojo(database)
    await make_dojo(database, ELSEWHERE, guild_id=101)
    return WishStore(database)


async def test_a_wish_is_remembered_in_each_dojo_until_another_is(wishes):
    assert await wishes.of(DOJO, COACH) is None
    await wishes.remember(DOJO, COACH, Wish.COACH, frozenset({"pt-BR", "de"}))
    await wishes.remember(DOJO, CLIENT, Wish.CLIENT, frozenset())
    assert await wishes.of(DOJO, COACH) == (Wish.COACH, frozenset({"pt-BR", "de"}))
    assert await wishes.of(ELSEWHERE, COACH) is None
    await wishes.remember(DOJO, COACH, Wish.OBSERVE, frozenset({"en"}))
    assert await wishes.of(DOJO, COACH) == (Wish.OBSERVE, frozenset({"en"}))
    assert await wishes.of(DOJO, CLIENT) == (Wish.CLIENT, frozenset())


async def test_a_list_of_those_to_keep_apart_from_replaces_the_one_before(wishes):
    assert await wishes.apart_of(DOJO, COACH) == []
    await wishes.keep_apart(DOJO, COACH, [SECOND, CLIENT, SECOND])
    await wishes.keep_apart(DOJO, OBSERVER, [CLIENT])
    await wishes.keep_apart(ELSEWHERE, COACH, [OBSERVER])
    assert await wishes.apart_of(DOJO, COACH) == [CLIENT, SECOND]
    # Nobody is kept apart from themselves.
    await wishes.keep_apart(DOJO, COACH, {SECOND, COACH, STRANGER})
    assert await wishes.apart_of(DOJO, COACH) == [SECOND, STRANGER]
    await wishes.keep_apart(DOJO, COACH, ())
    assert await wishes.apart_of(DOJO, COACH) == []
    assert await wishes.apart_of(DOJO, OBSERVER) == [CLIENT]
    assert await wishes.apart_of(ELSEWHERE, COACH) == [OBSERVER]


async def test_two_are_kept_apart_whichever_of_them_said_so(wishes):
    await wishes.keep_apart(DOJO, COACH, [CLIENT, STRANGER])
    await wishes.keep_apart(DOJO, CLIENT, [COACH])
    await wishes.keep_apart(DOJO, SECOND, [OBSERVER])
    await wishes.keep_apart(ELSEWHERE, COACH, [SECOND])
    here = (COACH, CLIENT, OBSERVER, SECOND)
    assert await wishes.pairs(DOJO, here) == {pair_of(COACH, CLIENT), pair_of(OBSERVER, SECOND)}
    assert await wishes.pairs(DOJO, here[:1]) == frozenset()
    assert await wishes.pairs(DOJO, {STRANGER, COACH}) == {pair_of(STRANGER, COACH)}


@pytest_asyncio.fixture
async def said(wishes) -> WishStore:
    """Wishes of two people who also do not want to be together."""
    await wishes.remember(DOJO, COACH, Wish.COACH, frozenset({"pt-BR", "de"}))
    await wishes.remember(ELSEWHERE, COACH, Wish.ANY, frozenset())
    await wishes.remember(DOJO, CLIENT, Wish.CLIENT, frozenset({"en"}))
    await wishes.keep_apart(DOJO, COACH, [SECOND])
    await wishes.keep_apart(DOJO, CLIENT, [COACH, SECOND])
    return wishes


async def test_an_export_has_whom_someone_named_and_not_who_named_them(said, database):
    here, there = {"guild_id": 100, "channel_id": 300}, {"guild_id": 101, "channel_id": 301}
    assert await said.export_person(database, COACH) == [
        {**here, "wish": "coach", "languages": "de pt-BR"},
        {**there, "wish": "any", "languages": ""},
        {**here, "not_in_a_group_with_user_id": SECOND},
    ]
    assert str(CLIENT) not in json.dumps(await said.export_person(database, COACH))
    assert await said.export_person(database, SECOND) == []


async def test_a_person_who_is_forgotten_is_in_no_wish_and_on_no_list(said, database):
    async with database.transaction() as transaction:
        await said.forget_person(transaction, COACH)
    assert await said.export_person(database, COACH) == []
    assert await said.apart_of(DOJO, CLIENT) == [SECOND]
    assert await said.of(DOJO, CLIENT) == (Wish.CLIENT, frozenset({"en"}))
    stores = Stores(database)
    assert [await stores.count(one) for one in ("member_wishes", "kept_apart")] == [1, 1]


async def test_a_dojo_that_is_deleted_takes_its_wishes_along(said, database):
    await database.write("DELETE FROM dojos WHERE id = ?", DOJO)
    stores = Stores(database)
    assert [await stores.count(one) for one in ("member_wishes", "kept_apart")] == [1, 0]
