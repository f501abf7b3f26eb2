"""Deadlines are fired once, in time and in order."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextvars import ContextVar
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kit.time.timers import MOST_BEGUN_IN_ONE_TURN, STALE_AT_MOST, DeadlineScheduler
from tests.kit.time.timers import BEGIN, Evening, MovableClock, Turns, turns


@pytest_asyncio.fixture
async def evening():
    async with Evening.started() as evening:
        yield evening


class TestOrder:
    async def test_each_is_fired_at_its_moment(self, evening):
        for seconds in (90, 10, 45):
            evening.add(seconds, seconds)
        await evening.forward(9)
        assert evening.fired == []
        await evening.forward(200)
        assert evening.fired == [(10, 10), (45, 45), (90, 90)]

    async def test_those_of_one_moment_are_fired_in_the_order_in_which_they_were_added(
        self, evening
    ):
        for key in (3, 1, 2):
            evening.add(key, 10)
        await evening.forward(10)
        assert evening.keys == [3, 1, 2]

    async def test_what_is_overdue_when_it_is_added_is_fired_at_once(self, evening):
        evening.add(1, -3600)
        await evening.forward(0)
        assert evening.fired == [(1, 0)]

    async def test_one_in_the_distance_is_fired_in_time(self, evening):
        evening.add(1, 24 * 3600)
        await evening.forward(30 * 3600)
        assert evening.fired == [(1, 24 * 3600)]

    async def test_ten_thousand_are_fired_once_each_and_in_order(self, evening):
        for key in range(10_000):
            evening.add(key, 1 + key * 7919 % 10_000 // 10)
        assert len(evening.deadlines) == 10_000
        await evening.forward(1000)
        times = [at for _, at in evening.fired]
        assert times == sorted(times)
        assert sorted(evening.keys) == list(range(10_000))
        assert all(at == 1 + key * 7919 % 10_000 // 10 for key, at in evening.fired)

    async def test_there_is_one_timer_and_none_without_deadlines(self, evening):
        assert evening.timers == []
        for key in range(100):
            evening.add(key, 100 - key)
            assert len(evening.timers) == 1
        await evening.forward(50)
        assert len(evening.timers) == 1
        for key in range(100):
            evening.deadlines.cancel(key)
        assert evening.timers == []

    async def test_with_the_real_loop_and_its_clock(self):
        loop = asyncio.get_running_loop()
        fired, all_fired = [], asyncio.Event()

        async def fire(key: int) -> None:
            fired.append((key, now()))
            if len(fired) == len(wanted):
                all_fired.set()

        def now() -> datetime:
            return BEGIN + timedelta(seconds=loop.time())

        deadlines = DeadlineScheduler(fire, now)
        wanted = {key: now() + timedelta(milliseconds=key) for key in (9, 3, 6)}
        for key, when in wanted.items():
            deadlines.add(key, when)
        deadlines.start()
        async with asyncio.timeout(5):
            await all_fired.wait()
        assert [key for key, _ in fired] == [3, 6, 9]
        assert all(at >= wanted[key] for key, at in fired)
        await deadlines.close()


class TestMovingAndCancelling:
    @pytest.mark.parametrize("to", [5, 20])
    async def test_one_that_is_moved_is_fired_at_its_new_moment_only(self, evening, to):
        evening.add(1, 10)
        evening.add(1, to)
        assert len(evening.deadlines) == 1
        assert evening.next_at(1) == to
        await evening.forward(60)
        assert evening.fired == [(1, to)]

    async def test_one_that_is_cancelled_is_not_fired(self, evening):
        evening.add(1, 10)
        evening.add(2, 10)
        assert evening.deadlines.cancel(1)
        assert not evening.deadlines.cancel(1)
        assert evening.next_at(1) is None
        await evening.forward(60)
        assert evening.keys == [2]

    async def test_one_that_is_cancelled_just_before_its_task_begins_is_not_fired(self, evening):
        evening.add(1, 0)
        evening.deadlines.cancel(1)
        await evening.forward(1)
        assert evening.fired == []

    async def test_the_timer_goes_with_the_first_deadline(self, evening):
        """A wake-up for nothing would cost little; in a simulated Discord it is waited for."""
        evening.add(1, 2)
        evening.add(2, 50)
        evening.deadlines.cancel(1)
        assert [timer.when() for timer in evening.timers] == [50]
        evening.add(2, 40)
        assert [timer.when() for timer in evening.timers] == [40]

    async def test_one_that_is_moved_in_every_turn_is_fired_all_the_same(self, evening):
        for _ in range(5):
            evening.add(1, -1)
            evening.add(1, -2)
            await turns(1)
        await turns(5)
        assert evening.fired

    async def test_a_key_moved_very_often_does_not_fill_the_heap(self, evening):
        for number in range(10_000):
            evening.add(1, 1000 + number)
            assert len(evening.deadlines._heap) <= STALE_AT_MOST + 2
        await evening.forward(20_000)
        assert evening.fired == [(1, 10_999)]

    async def test_deadlines_cancelled_before_their_time_do_not_fill_the_heap(self, evening):
        evening.add(0, 1)
        for key in range(1, 10_000):
            evening.add(key, 1000 + key)
        for key in range(1, 10_000):
            evening.deadlines.cancel(key)
        assert len(evening.deadlines._heap) <= STALE_AT_MOST + 2
        await evening.forward(20_000)
        assert evening.fired == [(0, 1)]


class TestStarting:
    async def test_nothing_is_fired_before_the_start(self):
        evening = Evening()
        evening.add(1, -10)
        evening.add(2, 10)
        await evening.forward(30)
        assert evening.fired == []
        assert evening.waits == []
        assert len(evening.deadlines) == 2
        evening.deadlines.start()
        await evening.forward(0)
        assert evening.fired == [(1, 30), (2, 30)]
        await evening.deadlines.close()

    async def test_deadlines_can_be_added_without_a_loop(self):
        async def fire(_: int) -> None: ...

        def add() -> int:
            deadlines = DeadlineScheduler(fire, MovableClock())
            deadlines.add(1, BEGIN)
            return len(deadlines)

        assert await asyncio.to_thread(add) == 1

    async def test_starting_again_changes_nothing(self, evening):
        evening.add(1, 10)
        evening.deadlines.start()
        await evening.forward(60)
        evening.deadlines.start()
        assert evening.fired == [(1, 10)]

    async def test_what_is_fired_belongs_to_the_person_who_started_it(self):
        command = ContextVar("command", default="")
        seen = []

        async def fire(_: int) -> None:
            seen.append(command.get())
            command.set("changed by what was fired")

        deadlines = DeadlineScheduler(fire, MovableClock())
        deadlines.start()
        command.set("/round now")
        deadlines.add(1, BEGIN)
        deadlines.add(2, BEGIN)
        await turns(5)
        deadlines.add(1, BEGIN)
        await turns(5)
        assert seen == ["", "", ""]
        await deadlines.close()


class TestManyAtOnce:
    async def test_two_thousand_of_one_moment_are_spread_over_turns(self):
        counter, seen, all_seen = Turns(), [], asyncio.Event()

        async def fire(key: int) -> None:
            seen.append((key, counter.count))
            if len(seen) == 2000:
                all_seen.set()

        clock = MovableClock()
        deadlines = DeadlineScheduler(fire, clock)
        for key in range(2000):
            deadlines.add(key, BEGIN)
        deadlines.start()
        async with asyncio.timeout(30):
            await all_seen.wait()
        counter.stop()
        await deadlines.close()

        in_turn = Counter(turn for _, turn in seen)
        assert [key for key, _ in seen] == list(range(2000))
        assert max(in_turn.values()) <= MOST_BEGUN_IN_ONE_TURN
        # And without gaps between them.
        assert len(in_turn) == 2000 / MOST_BEGUN_IN_ONE_TURN
        assert counter.count <= 2000 / MOST_BEGUN_IN_ONE_TURN + 5

    async def test_more_that_come_meanwhile_do_not_make_a_turn_longer(self, evening):
        counter = Turns()
        for key in range(200):
            evening.add(key, 0)
        begun = []
        for key in range(200, 400):
            before = len(evening.fired)
            evening.add(key, -1)
            await turns(1)
            begun.append(len(evening.fired) - before)
        await turns(50)
        counter.stop()
        assert max(begun) <= MOST_BEGUN_IN_ONE_TURN
        assert sorted(evening.keys) == list(range(400))

    async def test_the_rest_of_them_can_still_be_cancelled(self, evening):
        for key in range(100):
            evening.add(key, 0)
        await turns(2)
        begun = len(evening.fired)
        assert 0 < begun < 100
        for key in range(100):
            evening.deadlines.cancel(key)
        await turns(20)
        assert len(evening.fired) <= begun + MOST_BEGUN_IN_ONE_TURN


class TestClock:
    async def test_a_clock_set_forward_is_noticed_within_a_minute(self, evening):
        evening.add(1, 3600)
        evening.clock.forward(hours=2)
        await evening.forward(60)
        assert evening.keys == [1]

    async def test_a_clock_set_back_fires_nothing_early(self, evening):
        evening.add(1, 100)
        await evening.forward(90)
        evening.clock.forward(seconds=-600)
        await evening.forward(609)
        assert evening.fired == []
        await evening.forward(1)
        assert evening.fired == [(1, 100)]

    async def test_a_wake_up_that_comes_too_early_is_no_busy_loop(self, evening):
        """The clock stands still: whenever the timer ends it is still too early."""
        evening.add(1, 0.0001)
        await evening.forward(1, clock=False)
        assert evening.fired == []
        assert len(evening.waits) <= 1001
        assert min(evening.waits) >= 0.001
        evening.clock.forward(seconds=1)
        await evening.forward(0.001)
        assert evening.keys == [1]

    async def test_it_is_asked_again_once_a_minute_and_no_more(self, evening):
        evening.add(1, 86_400)
        await evening.forward(3600)
        assert set(evening.waits) == {60.0}
        assert len(evening.waits) == 61


class TestClosing:
    async def test_what_is_running_is_cancelled_and_awaited(self, evening):
        ended = []

        async def fire(key: int) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                ended.append(key)

        evening.deadlines._fire = fire
        evening.add(1, 0)
        evening.add(2, 0)
        await evening.forward(0)
        await evening.deadlines.close()
        assert ended == [1, 2]

    async def test_nothing_is_fired_any_more(self, evening):
        evening.add(1, 10)
        evening.add(2, 0)
        await evening.deadlines.close()
        evening.add(3, 0)
        evening.deadlines.start()
        await evening.forward(100)
        await evening.deadlines.close()
        assert evening.fired == []
        assert evening.timers == []

    async def test_what_fails_while_it_is_cancelled_is_not_tried_again(self, evening, caplog):
        async def fire(_: int) -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                raise RuntimeError("at the end") from None

        evening.deadlines._fire = fire
        evening.add(1, 0)
        await evening.forward(0)
        await evening.deadlines.close()
        await evening.forward(100)
        assert caplog.text.count("deadline of 1 failed") == 1
        assert evening.timers == []

    async def test_a_deadline_may_close_it(self, evening):
        closed = []

        async def fire(key: int) -> None:
            await evening.deadlines.close()
            closed.append(key)

        evening.deadlines._fire = fire
        evening.add(1, 0)
        await evening.forward(0)
        assert closed == [1]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 4), st.integers(-5, 100)),
        st.tuples(st.just("cancel"), st.integers(0, 4), st.just(0)),
        st.tuples(st.just("forward"), st.just(0), st.integers(0, 70)),
    ),
    max_size=40,
)


@given(STEPS)
@settings(deadline=None, max_examples=60)
def test_whatever_is_added_moved_and_cancelled_is_fired_as_a_plain_list_says(steps):
    async def play() -> None:
        evening = Evening()
        evening.deadlines.start()
        plan: dict[int, float] = {}
        expected: list[tuple[int, float]] = []
        for what, key, seconds in steps:
            if what == "add":
                plan[key] = evening.at() + seconds
                evening.add(key, plan[key])
            elif what == "cancel":
                assert evening.deadlines.cancel(key) == (plan.pop(key, None) is not None)
            else:
                began = evening.at()
                await evening.forward(seconds)
                due = [item for item in plan.items() if item[1] <= evening.at()]
                expected += [(key, max(when, began)) for key, when in due]
                plan = dict(plan.items() - due)
            assert len(evening.deadlines) == len(plan)
            assert sorted(evening.fired) == sorted(expected)
        await evening.deadlines.close()

    asyncio.run(play())
