"""A few clicks of one person at a time, in their order; different people in parallel."""

from __future__ import annotations

import asyncio

import pytest

from bot.kit.clicks.lanes import MOST_AT_ONCE, Lanes
from tests.kit.time.timers import turns


class Work:
    """Work of people that lasts until it is let go."""

    def __init__(self) -> None:
        self.lanes = Lanes()
        self.begun: list[str] = []
        self.may_end = asyncio.Event()

    def come(self, name: str, user_id: int = 1, *, as_command: bool = False) -> asyncio.Task[None]:
        work = self._command if as_command else self._click
        return asyncio.create_task(work(name, user_id))

    async def _click(self, name: str, user_id: int) -> None:
        await self.lanes.enter(user_id)
        try:
            self.begun.append(name)
            await self.may_end.wait()
        finally:
            self.lanes.leave(user_id)

    async def _command(self, name: str, user_id: int) -> None:
        await self.lanes.hold_for_task(user_id)
        self.begun.append(name)
        await self.may_end.wait()


@pytest.fixture
async def work():
    return Work()


@pytest.mark.parametrize("as_command", [False, True])
async def test_a_few_of_one_person_and_all_others_beside_them(work, as_command):
    for name in "abcdefg":
        work.come(name, as_command=as_command)
    work.come("z", user_id=2, as_command=as_command)
    await turns(4)
    assert work.begun == [*"abcdefg"[:MOST_AT_ONCE], "z"]


@pytest.mark.parametrize("as_command", [False, True])
async def test_the_others_follow_in_their_order_and_nothing_is_kept(work, as_command):
    tasks = [work.come(name, as_command=as_command) for name in "abcdefg"]
    await turns(4)
    work.may_end.set()
    await asyncio.gather(*tasks)
    await turns(2)
    assert work.begun == list("abcdefg")
    assert not work.lanes._at_work
    assert not work.lanes._waiting


async def test_a_person_who_is_cancelled_gives_the_place_to_the_next(work):
    tasks = [work.come(name) for name in "abcdefg"]
    await turns(4)
    for number in (0, 3, 4):
        tasks[number].cancel()
    await turns(4)
    assert work.begun == list("abcf")
    work.may_end.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert not work.lanes._at_work


async def test_a_person_who_is_cancelled_when_it_was_their_turn_gives_it_on(work):
    tasks = [work.come(name) for name in "abcde"]
    await turns(4)
    tasks[0].cancel()
    # The place is given to the fourth in the same turn of the loop in which it is cancelled.
    await turns(1)
    tasks[3].cancel()
    await turns(4)
    assert work.begun[-1] == "e"
    work.may_end.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert not work.lanes._at_work


async def test_work_that_fails_frees_its_place(work):
    async def fail() -> None:
        await work.lanes.hold_for_task(1)
        raise RuntimeError

    for _ in range(2 * MOST_AT_ONCE):
        with pytest.raises(RuntimeError):
            await asyncio.create_task(fail())
    await turns(2)
    assert not work.lanes._at_work
