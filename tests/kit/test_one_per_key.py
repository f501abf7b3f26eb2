"""One task for each key: woken while it runs is once more, and all can be given up."""

from __future__ import annotations

import asyncio
import contextvars

from hypothesis import given
from hypothesis import strategies as st

from bot.kit.one_per_key import OnePerKey, within
from tests.kit.time.timers import turns


class Kitchen:
    """Cooks for tables; each dish is ready when it is let go."""

    def __init__(self) -> None:
        self.tasks: OnePerKey[str] = OnePerKey("cook")
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.may_end: dict[str, asyncio.Event] = {}

    async def cook(self, table: str) -> None:
        assert self.begun.count(table) == self.ended.count(table), "two at a time"
        self.begun.append(table)
        self.may_end[table] = asyncio.Event()
        try:
            await self.may_end[table].wait()
        finally:
            self.ended.append(table)

    def wake(self, table: str) -> None:
        self.tasks.wake(table, lambda: self.cook(table))

    def begin(self, table: str) -> None:
        self.tasks.begin(table, lambda: self.cook(table))

    async def let_go(self, table: str) -> None:
        self.may_end[table].set()
        await turns(3)


STEPS = st.lists(
    st.tuples(st.sampled_from(["wake", "begin", "let go", "wait"]), st.sampled_from("ab"))
)


@given(STEPS)
def test_what_wakes_a_key_is_followed_by_a_run_and_runs_of_a_key_never_meet(steps):
    async def follow() -> None:
        kitchen = Kitchen()
        owed = {"a": 0, "b": 0}
        """Runs that have begun or must, as a person would count them."""
        is_next = {"a": False, "b": False}
        """Whether the next run is owed and has not begun."""
        for step, table in steps:
            runs = kitchen.tasks.is_under_way(table)
            if step == "wake" and not is_next[table]:
                owed[table], is_next[table] = owed[table] + 1, True
                kitchen.wake(table)
            elif step == "wake":
                kitchen.wake(table)
            elif step == "begin":
                if not runs:
                    owed[table], is_next[table] = owed[table] + 1, True
                kitchen.begin(table)
            elif step == "let go" and table in kitchen.may_end:
                await kitchen.let_go(table)
            else:
                await turns(3)
            for one in "ab":
                if kitchen.begun.count(one) == owed[one]:
                    is_next[one] = False
        await turns(3)
        for table in "ab":
            while kitchen.tasks.is_under_way(table):
                await kitchen.let_go(table)
            assert kitchen.begun.count(table) == kitchen.ended.count(table) == owed[table]

    asyncio.run(follow())


async def test_work_that_wakes_its_own_key_is_done_once_more():
    tasks, runs = OnePerKey[int]("work"), []

    async def work() -> None:
        runs.append(len(runs))
        if len(runs) < 3:
            tasks.wake(1, work)

    tasks.wake(1, work)
    await tasks.wait([1], 1)
    assert runs == [0, 1, 2]
    assert not tasks.is_under_way(1)


async def test_work_that_fails_is_told_in_the_log_and_ends_nothing(caplog):
    tasks, done = OnePerKey[int]("work"), []

    async def fail() -> None:
        tasks.wake(1, succeed)
        raise ValueError("no")

    async def succeed() -> None:
        done.append(1)

    tasks.wake(1, fail)
    await tasks.wait([1], 1)
    assert done == [1]
    assert "work of 1 failed" in caplog.text


async def test_what_is_given_up_is_not_done_once_more_and_makes_room_for_new_work():
    kitchen = Kitchen()
    kitchen.wake("a")
    await turns(2)
    kitchen.wake("a")
    kitchen.tasks.cancel("a")
    kitchen.tasks.cancel("b")
    assert not kitchen.tasks.is_under_way("a")
    await turns(2)
    assert (kitchen.begun, kitchen.ended) == (["a"], ["a"])
    kitchen.wake("a")
    await turns(2)
    kitchen.wake("b")
    await kitchen.tasks.close()
    # What had not begun yet never begins.
    assert (kitchen.begun, kitchen.ended) == (["a", "a"], ["a", "a"])


async def test_work_that_gives_itself_up_goes_on_to_its_end():
    tasks, done = OnePerKey[int]("work"), []

    async def work() -> None:
        tasks.wake(1, work)
        tasks.cancel(1)
        await asyncio.sleep(0)
        done.append(1)

    tasks.wake(1, work)
    await tasks.wait([1], 1)
    assert done == [1]


async def test_nobody_waits_longer_than_they_want_and_the_work_goes_on():
    kitchen = Kitchen()
    kitchen.begin("a")
    await kitchen.tasks.wait(["a", "b"], 0)
    await kitchen.tasks.wait(["a", "b"], 0.001)
    assert kitchen.tasks.is_under_way("a")
    waiting = asyncio.create_task(kitchen.tasks.wait(["a"], 60))
    await turns(2)
    await kitchen.let_go("a")
    await waiting
    assert kitchen.ended == ["a"]


async def test_work_has_the_context_it_is_given():
    whose = contextvars.ContextVar("whose", default="nobody's")
    tasks, seen = OnePerKey[int]("work"), []

    async def work() -> None:
        seen.append(whose.get())

    empty = contextvars.copy_context()
    whose.set("mine")
    tasks.wake(1, work)
    tasks.wake(2, work, empty)
    await tasks.wait([1, 2], 1)
    assert seen == ["mine", "nobody's"]


async def test_what_hangs_is_given_up_in_time():
    async def hang() -> str:
        await asyncio.Event().wait()
        return "done"

    async def answer() -> str:
        return "done"

    assert await within(0.001, hang(), "late") == "late"
    assert await within(60, answer(), "late") == "done"
