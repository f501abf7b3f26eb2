"""Requests are served in batches, and no caller is left waiting."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.kit.batcher import Batcher


class Kitchen:
    """Serves doubled numbers, and remembers what was served together."""

    def __init__(self, most: int = 10, **how) -> None:
        self.served: list[list[int]] = []
        self.is_open = asyncio.Event()
        self.is_open.set()
        self.batcher = Batcher[int, int]("serve", self.serve, most=most, **how)

    async def serve(self, batch) -> None:
        await self.is_open.wait()
        self.served.append([asked.item for asked in batch])
        for asked in batch:
            if asked.item < 0:
                raise ValueError("no such number")
            asked.tell(2 * asked.item)


async def test_what_comes_meanwhile_is_in_the_next_batch_which_is_no_larger_than_it_may_be():
    kitchen = Kitchen(most=3)
    kitchen.is_open.clear()
    first = asyncio.create_task(kitchen.batcher.ask(1))
    await asyncio.sleep(0)
    others = [asyncio.create_task(kitchen.batcher.ask(number)) for number in (2, 3, 4, 5)]
    await asyncio.sleep(0)
    kitchen.is_open.set()
    assert await asyncio.gather(first, *others) == [2, 4, 6, 8, 10]
    assert kitchen.served == [[1], [2, 3, 4], [5]]


async def test_a_failure_is_told_to_those_who_have_no_answer_yet():
    kitchen = Kitchen()
    results = await asyncio.gather(*map(kitchen.batcher.ask, (1, -1, 2)), return_exceptions=True)
    assert results[0] == 2
    assert [type(result) for result in results[1:]] == [ValueError, ValueError]
    assert await kitchen.batcher.ask(3) == 6


async def test_a_person_who_is_cancelled_is_served_all_the_same():
    kitchen = Kitchen()
    kitchen.is_open.clear()
    gone = asyncio.create_task(kitchen.batcher.ask(1))
    await asyncio.sleep(0)
    gone.cancel()
    kitchen.is_open.set()
    await kitchen.batcher.finish()
    assert kitchen.served == [[1]]
    assert gone.cancelled()


async def test_a_batch_is_taken_when_its_slot_has_come():
    free = asyncio.Event()

    @asynccontextmanager
    async def slot():
        await free.wait()
        yield

    kitchen = Kitchen(slot=slot)
    first = asyncio.create_task(kitchen.batcher.ask(1))
    await asyncio.sleep(0.001)
    second = asyncio.create_task(kitchen.batcher.ask(2))
    await asyncio.sleep(0)
    assert len(kitchen.batcher) == 2
    free.set()
    await asyncio.gather(first, second)
    assert kitchen.served == [[1, 2]]


async def test_nobody_waits_for_ever_when_serving_is_cancelled():
    kitchen = Kitchen(given_up=lambda: OSError("closed"))
    kitchen.is_open.clear()
    asking = [asyncio.create_task(kitchen.batcher.ask(number)) for number in (1, 2)]
    await asyncio.sleep(0)
    serving = next(task for task in asyncio.all_tasks() if task.get_name() == "serve")
    await asyncio.sleep(0)
    serving.cancel()
    results = await asyncio.gather(*asking, return_exceptions=True)
    assert [str(result) for result in results] == ["closed", "closed"]
    with pytest.raises(asyncio.CancelledError):
        await serving
