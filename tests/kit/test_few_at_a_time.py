"""A few pieces of work at a time: work that hangs or is given up leaves its place to others."""

from __future__ import annotations

import asyncio

from bot.kit.few_at_a_time import FewAtATime
from tests.kit.time.timers import turns


async def test_work_that_hangs_or_is_given_up_takes_no_place_from_others():
    """F14, W6: two places, one of them taken by what hangs, and three who give up."""
    queue = FewAtATime(2, 0.01)
    never, done = asyncio.Event(), []

    async def work(number: int, *, hangs: bool = False) -> int:
        if hangs:
            await never.wait()
        done.append(number)
        return number

    def begin(number: int, *, hangs: bool = False) -> asyncio.Task[asyncio.Task[int]]:
        return asyncio.create_task(queue.do(1, lambda: work(number, hangs=hangs)))

    hanging = [begin(number, hangs=True) for number in range(3)]
    waiting = [begin(number) for number in range(3, 6)]
    await turns(2)
    # One that has begun, one that waits, and one whose turn has come in this moment.
    for one in (hanging[0], hanging[2], waiting[0]):
        one.cancel()
    ended = await asyncio.gather(*hanging, *waiting, return_exceptions=True)
    gave_up = [isinstance(one, asyncio.CancelledError) for one in ended]
    assert gave_up == [True, False, True, True, False, False]
    assert done == [4, 5]
    never.set()
    assert isinstance(ended[1], asyncio.Task)
    assert await ended[1] == 1
