"""Shuffle bags on disk."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import tempfile
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.content.model.questions import Phase
from bot.dojos.model.dojo import Dojo, DojoSettings
from bot.dojos.store.dojos import DojoStore
from bot.kit.database.database import Database, open_database
from bot.questions.store import AHEAD, LOW, BagStore
from tests.questions.test_model import DECKS, PickChecker

DECK = [f"q-{number}" for number in range(12)]
AT = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)


async def make_dojo(database: Database, dojo_id: int = 1) -> None:
    await DojoStore(database).save(Dojo(dojo_id, 100, 200 + dojo_id, DojoSettings(), AT, 300))


@pytest_asyncio.fixture
async def bags(database) -> BagStore:
    await make_dojo(database, 1)
    await make_dojo(database, 2)
    return BagStore(database)


async def pick(bags: BagStore, *about: Any) -> str:
    return (await bags.pick(*about)).question_id


@pytest.fixture
def rng() -> random.Random:
    return random.Random(11)


async def test_a_whole_deck_is_picked_before_anything_repeats(bags, rng):
    for _ in range(3):
        picked = [await pick(bags, 1, Phase.START, DECK, rng) for _ in DECK]
        assert sorted(picked) == sorted(DECK)


async def test_a_fresh_bag_never_starts_with_the_one_just_seen(bags, rng):
    checker = PickChecker()
    for _ in range(60):
        checker.see(DECK[:2], await pick(bags, 1, Phase.START, DECK[:2], rng))


async def test_a_deck_of_one_question_gives_it_every_time(bags, rng):
    assert [await pick(bags, 1, Phase.START, ["only"], rng) for _ in range(4)] == ["only"] * 4


@examples(max_examples=10, deadline=None)
@given(decks=DECKS, seed=st.integers(0, 2**20), times=st.integers(1, 6))
def test_no_early_repeat_while_questions_are_added_and_hidden(decks, seed, times):
    async def pick_all():
        with tempfile.TemporaryDirectory() as folder:
            async with open_database(Path(folder) / "dojo.sqlite3") as database:
                await make_dojo(database)
                store, rng, checker = BagStore(database), random.Random(seed), PickChecker()
                for deck in decks:
                    for _ in range(times):
                        checker.see(deck, await pick(store, 1, Phase.START, deck, rng))

    asyncio.run(pick_all())


async def test_picks_at_the_same_time_give_different_questions(bags, rng):
    deck = [f"q-{number}" for number in range(60)]
    picked = await asyncio.gather(*(pick(bags, 1, Phase.START, deck, rng) for _ in range(50)))
    assert len(set(picked)) == 50


@pytest.mark.parametrize("seed", range(5))
async def test_picks_at_the_same_time_go_evenly_over_the_end_of_a_cycle(bags, seed):
    rng = random.Random(seed)
    picked = await asyncio.gather(*(pick(bags, 1, Phase.START, DECK, rng) for _ in range(50)))
    times = Counter(picked)
    assert set(times) == set(DECK)
    assert set(times.values()) <= {4, 5}


async def test_picks_at_the_same_time_from_changing_decks_do_not_repeat(bags, rng):
    """Someone imports own content while others press Another."""
    decks = [DECK, [*DECK, "new"]]
    picked = await asyncio.gather(
        *(pick(bags, 1, Phase.START, decks[n % 2], rng) for n in range(12))
    )
    assert len(set(picked)) == 12


async def test_every_phase_has_a_bag_of_its_own(bags, rng):
    start = [await pick(bags, 1, Phase.START, DECK, rng) for _ in range(6)]
    await pick(bags, 1, Phase.CLOSE, DECK, rng)
    start += [await pick(bags, 1, Phase.START, DECK, rng) for _ in range(6)]
    assert sorted(start) == sorted(DECK)


async def test_every_dojo_has_bags_of_its_own(bags, rng):
    one, two = [], []
    for _ in DECK:
        one.append(await pick(bags, 1, Phase.START, DECK, rng))
        two.append(await pick(bags, 2, Phase.START, DECK, rng))
    assert sorted(one) == sorted(two) == sorted(DECK)
    assert one != two


async def test_a_bag_goes_on_where_it_was_when_the_file_is_opened_again(path):
    picked: list[str] = []
    for start in range(4):
        async with open_database(path) as database:
            if not start:
                await make_dojo(database)
            for _ in range(3):
                # Another process has other random numbers.
                rng = random.Random(start)
                picked.append(await pick(BagStore(database), 1, Phase.START, DECK, rng))
    assert sorted(picked) == sorted(DECK)


async def test_a_fresh_bag_remembers_the_last_one_over_a_restart(path):
    picked: list[str] = []
    for seed in range(8):
        async with open_database(path) as database:
            await make_dojo(database)
            for _ in range(2):
                rng = random.Random(seed)
                picked.append(await pick(BagStore(database), 1, Phase.START, DECK[:2], rng))
    assert all(one != other for one, other in pairwise(picked))


async def test_a_cancelled_pick_leaves_the_bag_usable(bags, rng):
    tasks = [asyncio.create_task(pick(bags, 1, Phase.START, DECK, rng)) for _ in range(40)]
    for number, task in enumerate(tasks):
        if number % 2:
            task.cancel()
        await asyncio.sleep(0)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(result) for result in results} <= {str, asyncio.CancelledError}
    assert await asyncio.wait_for(pick(bags, 1, Phase.START, DECK, rng), 5) in DECK


async def test_a_dojo_that_is_not_there_has_no_bag(bags, rng):
    with pytest.raises(sqlite3.IntegrityError):
        await pick(bags, 99, Phase.START, DECK, rng)


class TestFillingUp:
    """A bag is filled up before it runs out, without anybody waiting or noticing."""

    async def test_cycle_follows_on_cycle_over_hundreds_of_picks(self, bags, rng):
        checker = PickChecker()
        for _ in range(40 * len(DECK)):
            checker.see(DECK, await pick(bags, 1, Phase.START, DECK, rng))

    async def test_hundreds_at_once_go_evenly_over_the_cycles(self, bags, rng):
        picked = await asyncio.gather(
            *(pick(bags, 1, Phase.START, DECK, rng) for _ in range(30 * len(DECK)))
        )
        assert set(Counter(picked).values()) == {30}

    async def test_it_is_done_before_the_last_question_is_picked(self, database, bags, rng):
        lefts = []
        for _ in range(3 * AHEAD):
            await pick(bags, 1, Phase.START, DECK, rng)
            await idle(bags)
            (row,) = await database.all("SELECT size - position FROM question_bags")
            lefts.append(row[0])
        assert min(lefts) >= LOW
        assert max(lefts) > LOW

    async def test_a_file_opened_by_two_programs_gives_nothing_twice(self, path, rng):
        """Another process draws from the same bag while this one fills it up."""
        async with open_database(path) as one, open_database(path) as other:
            await make_dojo(one)
            stores = [BagStore(one), BagStore(other)]
            picked = [
                await pick(stores[number % 2], 1, Phase.START, DECK, rng)
                for number in range(30 * len(DECK))
            ]
        assert set(Counter(picked).values()) == {30}

    async def test_a_bag_that_cannot_be_filled_up_costs_nobody_their_question(
        self, database, bags, rng, monkeypatch
    ):
        write = database.write

        async def failing(sql, *values):
            if "SET drawing" in sql:
                raise sqlite3.OperationalError("disk I/O error")
            return await write(sql, *values)

        monkeypatch.setattr(database, "write", failing)
        checker = PickChecker()
        for _ in range(3 * AHEAD):
            checker.see(DECK, await pick(bags, 1, Phase.START, DECK, rng))


async def idle(bags: BagStore) -> None:
    """Wait until nothing is being drawn or filled up."""
    for batcher in list(bags._picking.values()):
        await batcher.finish()


async def test_a_bag_that_is_not_what_it_says_is_made_again(database, bags, rng):
    await pick(bags, 1, Phase.START, DECK, rng)
    await database.write("UPDATE question_bags SET drawing = '[\"q-0\"]'")
    async with asyncio.timeout(5):
        assert await pick(bags, 1, Phase.START, DECK, rng) in DECK


async def test_an_unexpected_failure_holds_up_nobody(bags, rng, monkeypatch):
    def broken(*_, **__):
        raise ValueError("unexpected")

    with monkeypatch.context() as patched:
        patched.setattr("bot.questions.model.renewed", broken)
        async with asyncio.timeout(5):
            with pytest.raises(ValueError, match="unexpected"):
                await pick(bags, 1, Phase.START, DECK, rng)
    async with asyncio.timeout(5):
        assert await pick(bags, 1, Phase.START, DECK, rng) in DECK
