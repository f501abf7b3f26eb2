"""Requests are spread so that Discord need not refuse any."""

from __future__ import annotations

import asyncio
import random

import pytest_asyncio

from bot.ui.request_rate import RequestRate
from tests.services.clocks import BEGIN
from tests.services.timers import Timers


class Requests:
    """Requests at a rate of ten a second with bursts of five, and when each one went."""

    def __init__(self) -> None:
        self.timers = Timers()
        asyncio.get_running_loop().time = self.at
        self.rate = RequestRate(per_second=10, burst=5)
        self.went: list[tuple[str, float]] = []
        self._tasks: list[asyncio.Task[None]] = []

    def at(self) -> float:
        return (self.timers.clock() - BEGIN).total_seconds()

    def come(self, *names: str) -> None:
        self._tasks += [asyncio.create_task(self._go(name)) for name in names]

    def come_without_hurry(self, *names: str) -> None:
        self._tasks.append(asyncio.create_task(self._go_without_hurry(names)))

    async def _go(self, name: str) -> None:
        await self.rate.turn()
        self.went.append((name, self.at()))

    async def _go_without_hurry(self, names: tuple[str, ...]) -> None:
        for name in names:
            await self.rate.spare_turn()
            self.went.append((name, self.at()))

    @property
    def order(self) -> str:
        return "".join(name for name, _ in self.went)

    def within(self, seconds: float) -> int:
        """The most that went within any such time."""
        moments = [at for _, at in self.went]
        return max(sum(start <= at < start + seconds for at in moments) for start in moments)


@pytest_asyncio.fixture
async def requests():
    return Requests()


async def test_after_a_quiet_time_a_burst_goes_at_once(requests):
    requests.come(*"abcde")
    await requests.timers.settled()
    assert requests.order == "abcde"


async def test_the_rest_of_a_rush_goes_in_order_at_the_steady_rate(requests):
    requests.come(*"abcdefgh")
    await requests.timers.forward(10)
    assert requests.order == "abcdefgh"
    assert [round(at, 3) for _, at in requests.went[5:]] == [0.1, 0.2, 0.3]


async def test_no_second_has_more_than_the_rate_and_a_burst(requests):
    moments = random.Random(3)
    for _ in range(300):
        requests.come("a") if moments.random() < 0.7 else requests.come_without_hurry("b")
        await requests.timers.forward(moments.choice([0, 0, 0.05, 0.3]))
    await requests.timers.forward(60)
    assert len(requests.went) == 300
    assert requests.within(1.0) <= 15


async def test_what_is_in_no_hurry_goes_at_once_in_a_quiet_time(requests):
    requests.come_without_hurry("z")
    await requests.timers.settled()
    assert requests.order == "z"


async def test_what_is_in_no_hurry_lets_all_others_go_first(requests):
    requests.come(*"abcdefgh")
    await requests.timers.settled()
    requests.come_without_hurry(*"xyz")
    await requests.timers.forward(0.3)
    requests.come(*"ijk")
    await requests.timers.forward(10)
    assert requests.order == "abcdefghijkxyz"


async def test_what_is_in_no_hurry_leaves_most_of_the_burst_to_others(requests):
    requests.come_without_hurry(*"xyz")
    await requests.timers.settled()
    requests.come(*"abcd")
    await requests.timers.settled()
    assert requests.order == "xyabc"
