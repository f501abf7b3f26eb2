"""Work that is spread over turns of the event loop."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
import pytest_asyncio

from bot.kit.few_at_a_time import Pace
from tests.kit.time.timers import Turns, turns


class Workers:
    """Tasks that each do one piece of work, and the turn in which it was done."""

    def __init__(self, most: int) -> None:
        self.pace = Pace(most)
        self.counter = Turns()
        self.done: list[tuple[int, int]] = []

    def begin(self, *numbers: int) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(self._work(number)) for number in numbers]

    async def _work(self, number: int) -> None:
        await self.pace.turn()
        self.done.append((number, self.counter.count))

    @property
    def order(self) -> list[int]:
        return [number for number, _ in self.done]

    @property
    def most_in_one_turn(self) -> int:
        return max(Counter(turn for _, turn in self.done).values())


@pytest_asyncio.fixture
async def workers():
    workers = Workers(most=4)
    yield workers
    workers.counter.stop()


async def test_the_first_ones_do_not_wait_at_all(workers):
    for _ in range(4):
        with pytest.raises(StopIteration):
            workers.pace.turn().send(None)


async def test_the_others_come_in_later_turns_and_in_order(workers):
    await asyncio.gather(*workers.begin(*range(100)))
    assert workers.order == list(range(100))
    assert workers.most_in_one_turn == 4


async def test_two_thousand_pieces_take_no_more_than_two_turns_for_each_sixteen():
    workers = Workers(most=16)
    await asyncio.gather(*workers.begin(*range(2000)))
    workers.counter.stop()
    assert workers.most_in_one_turn == 16
    assert workers.counter.count <= 2 * 2000 / 16 + 5


async def test_those_who_come_later_stand_behind_those_who_wait(workers):
    tasks = workers.begin(*range(10))
    for number in range(10, 30):
        await turns(1)
        tasks += workers.begin(number)
    await asyncio.gather(*tasks)
    assert workers.order == list(range(30))
    assert workers.most_in_one_turn <= 4


async def test_one_loop_alone_is_never_held_up(workers):
    before = workers.counter.count
    for _ in range(20):
        await workers.pace.turn()
        await asyncio.sleep(0)
    assert workers.counter.count - before <= 20


async def test_after_a_rest_there_is_room_again(workers):
    await asyncio.gather(*workers.begin(*range(9)))
    await turns(3)
    for _ in range(4):
        with pytest.raises(StopIteration):
            workers.pace.turn().send(None)


@pytest.mark.parametrize("after", range(6))
async def test_those_who_are_cancelled_take_nobody_s_place(workers, after):
    """Whether they still wait, have just been let through, or have not begun."""
    tasks = workers.begin(*range(40))
    await turns(after)
    for task in tasks[::3]:
        task.cancel()
    async with asyncio.timeout(5):
        await asyncio.gather(*tasks, return_exceptions=True)
    kept = [number for number in range(40) if not tasks[number].cancelled()]
    assert workers.order == kept
    assert set(range(40)) - set(kept) <= set(range(0, 40, 3))
    assert workers.most_in_one_turn <= 4
    await turns(3)
    for _ in range(4):
        with pytest.raises(StopIteration):
            workers.pace.turn().send(None)


async def test_all_who_wait_may_be_cancelled(workers):
    tasks = workers.begin(*range(40))
    await turns(2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(5):
        await asyncio.gather(*workers.begin(*range(100, 140)))
    assert workers.order[-40:] == list(range(100, 140))


async def test_nothing_is_left_running_when_nobody_waits(workers, monkeypatch):
    await asyncio.gather(*workers.begin(*range(40)))
    await turns(3)
    workers.counter.stop()
    called = []
    loop = asyncio.get_running_loop()
    soon = loop.call_soon
    monkeypatch.setattr(
        loop,
        "call_soon",
        lambda callback, *rest, **more: called.append(callback) or soon(callback, *rest, **more),
    )
    await turns(10)
    assert workers.pace._places.release not in called
