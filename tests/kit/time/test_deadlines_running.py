"""What is fired fails, takes its time, or gets another deadline while it runs."""

from __future__ import annotations

import asyncio
import logging

import pytest_asyncio

from tests.kit.time.timers import Evening


@pytest_asyncio.fixture
async def evening():
    async with Evening.started() as evening:
        yield evening


class TestFailing:
    async def test_it_is_logged_and_fired_again_after_longer_and_longer_waits(
        self, evening, caplog
    ):
        evening.failing = {1}
        evening.add(1, 0)
        await evening.forward(0)
        assert evening.next_at(1) == 1
        await evening.forward(300)
        assert [at for _, at in evening.fired] == [0, 1, 3, 7, 15, 31, 63, 123, 183, 243]
        assert len(caplog.records) == 10
        assert {record.levelno for record in caplog.records} == {logging.ERROR}
        assert "deadline of 1 failed" in caplog.text
        assert "cannot be done now" in caplog.text

    async def test_others_go_on(self, evening):
        evening.failing = {1, 2}
        for key in range(5):
            evening.add(key, 10)
        await evening.forward(10)
        assert evening.keys == [0, 1, 2, 3, 4]
        evening.add(3, 10.5)
        await evening.forward(0.5)
        assert evening.fired[-1] == (3, 10.5)

    async def test_a_success_makes_waits_short_again(self, evening):
        evening.failing = {1}
        evening.add(1, 0)
        await evening.forward(10)
        evening.failing.clear()
        await evening.forward(10)
        assert evening.fired[-1] == (1, 15)
        assert len(evening.deadlines) == 0
        evening.failing = {1}
        evening.add(1, 100)
        await evening.forward(81.5)
        assert evening.fired[-2:] == [(1, 100), (1, 101)]

    async def test_another_deadline_takes_the_place_of_the_next_attempt(self, evening):
        evening.failing = {1}
        evening.add(1, 0)
        await evening.forward(5)
        evening.add(1, 50)
        assert len(evening.deadlines) == 1
        await evening.forward(46.5)
        assert evening.fired[-3:] == [(1, 3), (1, 50), (1, 51)]

    async def test_a_cancelled_one_is_not_tried_again(self, evening):
        evening.failing = {1}
        evening.add(1, 0)
        await evening.forward(0)
        assert evening.deadlines.cancel(1)
        await evening.forward(100)
        assert evening.keys == [1]

    async def test_something_given_up_inside_is_a_failure_too(self, evening, caplog):
        attempts = 0

        async def fire(_: int) -> None:
            nonlocal attempts
            attempts += 1
            if attempts == 1:
                answer = asyncio.get_running_loop().create_future()
                answer.cancel()
                await answer

        evening.deadlines._fire = fire
        evening.add(1, 0)
        await evening.forward(5)
        assert attempts == 2
        assert "deadline of 1 failed" in caplog.text

    async def test_a_failure_before_the_first_await_is_a_failure_too(self, evening, caplog):
        def fire(key: int):
            raise LookupError(key)

        evening.deadlines._fire = fire
        evening.add(1, 0)
        await evening.forward(0)
        assert evening.next_at(1) == 1
        assert "LookupError" in caplog.text


class TestWhileItRuns:
    @pytest_asyncio.fixture
    async def running(self, evening):
        """Key 1 has been fired at 10 and is at work."""
        evening.gate = asyncio.Event()
        evening.add(1, 10)
        await evening.forward(10)
        assert evening.fired == [(1, 10)]
        assert len(evening.deadlines) == 0
        return evening

    async def test_a_deadline_that_comes_meanwhile_is_fired_afterwards(self, running):
        running.add(1, 20)
        assert len(running.deadlines) == 1
        assert running.next_at(1) == 20
        await running.forward(20)
        assert running.keys == [1]
        running.gate.set()
        await running.forward(0)
        assert running.fired == [(1, 10), (1, 30)]

    async def test_a_deadline_that_is_still_ahead_is_fired_in_its_time(self, running):
        running.add(1, 40)
        running.gate.set()
        await running.forward(60)
        assert running.fired == [(1, 10), (1, 40)]

    async def test_the_last_one_that_was_added_counts(self, running):
        running.add(1, 15)
        running.add(1, 40)
        await running.forward(10)
        running.gate.set()
        await running.forward(60)
        assert running.fired == [(1, 10), (1, 40)]

    async def test_it_can_be_cancelled_again(self, running):
        running.add(1, 15)
        assert running.deadlines.cancel(1)
        assert not running.deadlines.cancel(1)
        running.gate.set()
        await running.forward(60)
        assert running.keys == [1]

    async def test_others_are_fired(self, running):
        running.add(2, 11)
        await running.forward(1)
        assert running.keys == [1, 2]

    async def test_if_it_fails_the_attempt_comes_first_and_the_deadline_stays(self, running):
        running.failing = {1}
        running.add(1, 40)
        running.gate.set()
        await running.forward(0)
        assert running.next_at(1) == 11
        assert len(running.deadlines) == 1
        running.failing.clear()
        await running.forward(60)
        assert running.fired == [(1, 10), (1, 11), (1, 40)]

    async def test_one_that_is_cancelled_does_not_come_after_a_failure(self, running):
        running.failing = {1}
        running.add(1, 40)
        assert running.deadlines.cancel(1)
        running.gate.set()
        await running.forward(0)
        running.failing.clear()
        await running.forward(60)
        assert running.fired == [(1, 10), (1, 11)]

    async def test_if_it_fails_nothing_is_fired_before_the_next_attempt(self, running):
        running.failing = {1}
        running.add(1, 10)
        running.gate.set()
        await running.forward(0)
        assert running.keys == [1]
        running.failing.clear()
        await running.forward(60)
        assert running.fired == [(1, 10), (1, 11)]

    async def test_waits_grow_also_for_one_that_sets_its_next_deadline_and_fails(self, evening):
        async def fire(key: int) -> None:
            evening.fired.append((key, evening.at()))
            evening.add(key, evening.at())
            raise RuntimeError("cannot be done now")

        evening.deadlines._fire = fire
        evening.add(1, 0)
        await evening.forward(10)
        assert [at for _, at in evening.fired] == [0, 1, 3, 7]

    async def test_a_task_that_someone_cancels_leaves_its_deadlines(self, running):
        running.add(1, 40)
        running.deadlines._running[1].cancel()
        await running.forward(0)
        running.gate.set()
        await running.forward(60)
        assert running.fired == [(1, 10), (1, 40)]
