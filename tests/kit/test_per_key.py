"""A lock for each key: the same one while a task holds it, and none afterwards."""

from __future__ import annotations

import asyncio

from bot.kit.per_key import Locks
from tests.kit.time.timers import turns


async def test_those_with_one_key_go_one_after_another_and_others_do_not_wait():
    locks, order = Locks[str](), []
    may_end = asyncio.Event()

    async def work(key: str) -> None:
        async with locks[key]:
            order.append(f"{key} begins")
            await may_end.wait()
            order.append(f"{key} ends")

    working = [asyncio.create_task(work(key)) for key in "aab"]
    await turns(3)
    assert order == ["a begins", "b begins"]
    may_end.set()
    await asyncio.gather(*working)
    assert order == ["a begins", "b begins", "a ends", "b ends", "a begins", "a ends"]


async def test_nothing_is_left_of_a_key_that_nobody_holds():
    locks = Locks[int]()
    for key in range(100):
        async with locks[key]:
            assert len(locks._values) == 1
    assert not locks._values
