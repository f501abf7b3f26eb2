"""Requests are spread so that Discord need not refuse any."""

from __future__ import annotations

import asyncio
import random

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.fairness import FairQueue
from bot.kit.requests.rate import BURST, MOST_IN_A_SECOND, REQUESTS_A_SECOND, RequestRate
from tests.kit.time.timers import BEGIN, Timers


class Requests:
    """Requests at a rate, ten a second with bursts of five, and when each one went."""

    def __init__(self, per_second: float = 10, burst: int = 5, most: int = 15) -> None:
        self.timers = Timers()
        asyncio.get_running_loop().time = self.at
        self.rate = RequestRate(per_second, burst, most)
        self.went: list[tuple[str, float]] = []
        self._tasks: list[asyncio.Task[None]] = []

    def at(self) -> float:
        return (self.timers.clock() - BEGIN).total_seconds()

    def come(self, *names: str, of: int = 1) -> list[asyncio.Task[None]]:
        """Requests of a server."""
        tasks = [asyncio.create_task(self._go(name, of)) for name in names]
        self._tasks += tasks
        return tasks

    def come_without_hurry(self, *names: str) -> None:
        self._tasks.append(asyncio.create_task(self._go_without_hurry(names)))

    async def _go(self, name: str, guild_id: int) -> None:
        await self.rate.slot(guild_id)
        self.went.append((name, self.at()))

    async def _go_without_hurry(self, names: tuple[str, ...]) -> None:
        for name in names:
            await self.rate.spare_slot()
            self.went.append((name, self.at()))

    @property
    def order(self) -> str:
        return "".join(name for name, _ in self.went)

    def waited(self, name: str, since: float) -> float:
        """How long a request took to go."""
        return next(at for one, at in self.went if one == name) - since

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


# Servers among each other


async def test_300_requests_of_one_server_delay_another_by_less_than_half_a_second():
    """S19: at the rate the bot has, and although all of them came before."""
    requests = Requests(REQUESTS_A_SECOND, BURST, MOST_IN_A_SECOND)
    requests.come(*(f"flood-{number}" for number in range(300)), of=1)
    await requests.timers.forward(0.5)
    for number in range(5):
        begun = requests.at()
        requests.come(f"card-{number}", of=2)
        await requests.timers.forward(0.5)
        assert requests.waited(f"card-{number}", begun) < 0.1
    assert len(requests.went) < 200


async def test_also_with_ten_servers_in_a_flood_another_waits_less_than_half_a_second():
    """S19: a server waits for one request of each other server that waits."""
    requests = Requests(REQUESTS_A_SECOND, BURST, MOST_IN_A_SECOND)
    for guild_id in range(10):
        requests.come(*(f"flood-{guild_id}" for _ in range(300)), of=guild_id)
    await requests.timers.forward(1)
    begun = requests.at()
    requests.come("card", of=99)
    await requests.timers.forward(1)
    assert requests.waited("card", begun) < 0.5


async def test_42_a_second_go_for_as_long_as_it_takes_and_never_more_than_46_in_any_second():
    """Issue 12: also right after a quiet time, and with requests in no hurry among them."""
    requests = Requests(REQUESTS_A_SECOND, BURST, MOST_IN_A_SECOND)
    for guild_id in range(40):
        requests.come(*(f"{guild_id}" for _ in range(30)), of=guild_id)
    requests.come_without_hurry(*"z" * 300)
    await requests.timers.forward(20)
    assert len(requests.went) >= 20 * 42
    await requests.timers.forward(60)
    assert len(requests.went) == 1_500
    assert requests.within(1.0) <= 46


async def test_what_waits_between_its_slot_and_the_wire_counts_from_when_it_is_sent():
    """Issue 12: on a busy machine many that were let go one after another are sent at once."""
    requests = Requests(REQUESTS_A_SECOND, BURST, MOST_IN_A_SECOND)
    sent: list[float] = []

    def send(count: int) -> None:
        for _ in range(count):
            requests.rate.sent()
            sent.append(requests.at())

    requests.come(*(f"{number}" for number in range(200)))
    # Nothing gets out for most of a second, then all of it does.
    for _ in range(80):
        await requests.timers.forward(0.01)
    send(len(requests.went))
    while len(sent) < 200:
        await requests.timers.forward(0.01)
        send(len(requests.went) - len(sent))
    most = max(sum(start <= at < start + 1 for at in sent) for start in sent)
    assert most <= MOST_IN_A_SECOND
    assert sent[-1] < 200 / REQUESTS_A_SECOND + 1


async def test_what_is_in_no_hurry_leaves_a_part_of_each_second_to_others():
    """Issue 12: the close of old cards does not use up the second of new ones."""
    requests = Requests(REQUESTS_A_SECOND, BURST, MOST_IN_A_SECOND)
    requests.come_without_hurry(*"z" * 200)
    await requests.timers.forward(3)
    begun = requests.at()
    requests.come(*"abcdef")
    await requests.timers.forward(1)
    assert requests.waited("f", begun) < 0.1


async def test_servers_take_turns_and_each_keeps_its_order(requests):
    requests.come(*"abcde", of=1)
    await requests.timers.settled()
    requests.come(*"fgh", of=1)
    requests.come(*"xy", of=2)
    requests.come("z", of=3)
    await requests.timers.forward(10)
    assert requests.order == "abcde" + "fxzgyh"


async def test_a_person_who_is_cancelled_while_waiting_takes_no_slot_from_the_others(requests):
    requests.come(*"abcde", of=1)
    await requests.timers.settled()
    waiting = requests.come(*"fgh", of=1)
    await requests.timers.settled()
    for task in waiting[:2]:
        task.cancel()
    await requests.timers.forward(10)
    assert requests.order == "abcdeh"
    assert round(requests.went[-1][1], 3) == 0.1


async def test_many_servers_together_keep_to_the_rate(requests):
    for guild_id in range(30):
        requests.come(*"ab", of=guild_id)
    await requests.timers.forward(60)
    assert len(requests.went) == 60
    assert requests.within(1.0) <= 15


@given(lines=st.lists(st.integers(1, 8), min_size=1, max_size=8), late=st.integers(0, 20))
def test_a_person_who_begins_a_line_waits_for_at_most_one_of_every_other(lines, late):
    queue: FairQueue[tuple[int, int]] = FairQueue()
    for whose, length in enumerate(lines):
        for number in range(length):
            queue.put(whose, (whose, number))
    taken = [queue.take() for _ in range(min(late, sum(lines)))]
    waiting = len({whose for whose, length in enumerate(lines)} - _done(taken, lines))
    queue.put(99, (99, 0))
    before: list[tuple[int, int]] = []
    while (one := queue.take()) != (99, 0):
        before.append(one)
    assert len(before) <= waiting
    assert len({whose for whose, _ in before}) == len(before)
    while queue:
        before.append(queue.take())
    for whose, length in enumerate(lines):
        assert [n for w, n in [*taken, *before] if w == whose] == list(range(length))


def _done(taken: list[tuple[int, int]], lines: list[int]) -> set[int]:
    """Whose line is empty."""
    return {whose for whose, number in taken if number == lines[whose] - 1}


def test_nothing_is_taken_from_an_empty_queue():
    queue: FairQueue[str] = FairQueue()
    queue.put(1, "a")
    queue.clear()
    assert not queue
    with pytest.raises(IndexError):
        queue.take()
