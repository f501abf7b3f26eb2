"""A clock that is set back does not stop a round, and one that jumps ahead still counts."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.content.model.formats import SegmentKind
from bot.dojos.model.dojo import DojoSettings
from bot.gatherings.service.live import IN_THE_MIDDLE, LiveGatherings, is_idle, keep_steady
from bot.gatherings.store.gatherings import GatheringStore
from bot.kit.time.steady_clock import LONGEST_MADE_UP, SLIGHT, SteadyClock, ticks
from bot.rounds.model.round import Agreement
from tests.kit.time.timers import BEGIN, MovableClock
from tests.people import CHANNEL, GUILD, MANAGER
from tests.rounds.service.practice import CLIENT, COACH, OBSERVER, FakeAnnouncer, Practice

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


class Machine(MovableClock):
    """A machine with a clock that can be set, seen through a steady one."""

    def __init__(self) -> None:
        self.wall = BEGIN
        self.seconds = 1000.0
        self.steady = self.started()

    def started(self) -> SteadyClock:
        """The clock of a program that starts now."""
        return SteadyClock(lambda: self.wall, lambda: self.seconds)

    def __call__(self) -> datetime:
        return self.steady()

    @property
    def present(self) -> datetime:
        return self.steady()

    def forward(self, **length: float) -> None:
        """Let time pass, in steps as small as a bot looks at its clock."""
        left = timedelta(**length)
        while left > timedelta():
            step = min(left, MINUTE)
            left -= step
            self.wall += step
            self.seconds += step.total_seconds()
            self.steady()

    def set_by(self, step: timedelta) -> None:
        """Someone sets the clock."""
        self.wall += step


@pytest.fixture
def machine() -> Machine:
    return Machine()


# The clock


def test_a_clock_that_nobody_sets_is_followed(machine):
    machine.forward(hours=5)
    assert machine() == machine.wall == BEGIN + 5 * HOUR
    assert machine.steady.ahead == timedelta()


def test_a_step_back_is_made_up_for(machine, caplog):
    """U4: an hour back, and time goes on as if nothing had happened."""
    machine.forward(minutes=10)
    machine.set_by(-HOUR)
    assert machine() == BEGIN + 10 * MINUTE
    machine.forward(minutes=5)
    assert machine() == BEGIN + 15 * MINUTE
    assert machine.steady.ahead == HOUR
    assert "set back by 1:00:00" in caplog.text


def test_a_step_forward_counts_as_when_the_machine_has_slept(machine):
    """U4: where the ticks do not count sleep, only the wall knows of it."""
    machine.set_by(3 * HOUR)
    assert machine() == BEGIN + 3 * HOUR


def test_a_step_forward_after_one_back_takes_that_back_first(machine):
    """U4: a restored machine is an hour behind until its time server answers."""
    machine.set_by(-HOUR)
    machine()
    machine.set_by(HOUR)
    assert machine() == BEGIN
    assert machine.steady.ahead == timedelta()
    machine.set_by(-HOUR)
    machine()
    machine.set_by(3 * HOUR)
    assert machine() == BEGIN + 2 * HOUR


def test_slight_corrections_are_followed_and_never_run_backwards(machine):
    """U4: time servers shift by parts of a second all the time."""
    for _ in range(100):
        before = machine()
        machine.set_by(-SLIGHT / 2)
        machine.seconds += 1
        machine.wall += SECOND
        assert machine() >= before
    assert machine.steady.ahead == timedelta()
    assert machine() - machine.wall <= SLIGHT


def test_the_clock_is_followed_back_once_nothing_is_going_on(machine):
    """U4: cards of later rounds count down to the right moment."""
    idle = False
    machine.steady.step_back_when(lambda: idle)
    machine.set_by(-HOUR)
    machine.forward(minutes=1)
    assert machine() == BEGIN + MINUTE
    idle = True
    assert machine() == machine.wall == BEGIN - HOUR + MINUTE
    machine.forward(minutes=1)
    assert machine() == machine.wall


def test_the_process_that_stood_between_two_readings_reads_again(machine):
    """U4: otherwise it would take its own pause for a step back."""
    stood = [0.0, 0.0, 500.0, 0.0, 0.0, 0.0]

    def ticking() -> float:
        machine.seconds += stood.pop(0) if stood else 0.0
        return machine.seconds

    clock = SteadyClock(lambda: machine.wall, ticking)
    machine.wall += timedelta(seconds=500)
    assert clock() == machine.wall
    assert clock.ahead == timedelta()


def test_the_real_ticks_never_run_backwards():
    read = [ticks() for _ in range(100)]
    assert read == sorted(read)


SETTINGS = st.one_of(st.just(0), st.integers(2, 7200), st.integers(-7200, -2))
STEPS = st.lists(st.tuples(st.integers(0, 300), SETTINGS), max_size=30)


@examples(max_examples=60, deadline=None)
@given(STEPS)
def test_while_something_is_going_on_no_less_time_passes_than_passed(steps):
    """U4: whatever is done to the clock."""
    machine = Machine()
    for seconds, step in steps:
        before = machine()
        machine.set_by(timedelta(seconds=step))
        machine.wall += timedelta(seconds=seconds)
        machine.seconds += seconds
        assert machine() - before >= timedelta(seconds=seconds)


# Rounds


@contextlib.asynccontextmanager
async def practice_on(machine: Machine, path, library) -> AsyncGenerator[Practice]:
    practice = Practice(path, library, FakeAnnouncer())
    practice.clock = machine
    await practice.begin_process()
    await practice.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
    try:
        yield practice
    finally:
        await practice.end_process()
        del practice._loop.call_later


@pytest_asyncio.fixture
async def practice(quick_databases, machine, path, library):
    async with practice_on(machine, path, library) as practice:
        yield practice


async def coaching(practice: Practice) -> int:
    """A round that has just begun to coach, for 18 minutes."""
    round_ = await practice.begun("triad-30")
    while (round_ := practice.rounds.live.get(round_.id)).kind is not SegmentKind.COACH:
        await practice.rounds.steering.go_next(round_.id, MANAGER, after=round_.position)
        await practice.settled()
    assert round_.length == 18 * MINUTE
    return round_.id


def evenings(practice: Practice) -> LiveGatherings:
    """The gatherings of the same program: none."""
    return LiveGatherings(GatheringStore(practice.database), now=practice.clock)


async def minutes_until_over(practice: Practice, round_id: int) -> int:
    """How long the segment that runs still takes, as people in the room have it."""
    position = practice.rounds.live.get(round_id).position
    for minutes in range(200):
        if practice.rounds.live.get(round_id).position != position:
            return minutes
        await practice.forward(60)
    raise AssertionError("it never ends")


async def test_without_it_a_round_stands_for_as_long_as_the_clock_was_set_back(practice, machine):
    """The control: what the machine's own clock does to a round."""
    round_id = await coaching(practice)
    practice.rounds.live._clock = lambda: machine.wall
    await practice.forward(3 * 60)
    machine.set_by(-HOUR)
    assert await minutes_until_over(practice, round_id) > 60


@pytest.mark.parametrize("step", [-2 * MINUTE, -HOUR, -24 * HOUR])
async def test_a_round_neither_stops_nor_grows_when_the_clock_is_set_back(practice, machine, step):
    """U4: 18 minutes of coaching are 18 minutes; the landing after them is in it."""
    undisturbed = await coaching(practice)
    whole = await minutes_until_over(practice, undisturbed)
    await practice.rounds.steering.stop(undisturbed, MANAGER)
    await practice.settled()
    round_id = await coaching(practice)
    await practice.forward(3 * 60)
    machine.set_by(step)

    assert 3 + await minutes_until_over(practice, round_id) == whole


async def test_a_machine_that_slept_through_the_coaching_wakes_up_after_it(practice, machine):
    """U4: time asleep counts."""
    round_id = await coaching(practice)
    machine.set_by(20 * MINUTE)
    assert await minutes_until_over(practice, round_id) <= 2


async def test_a_restart_in_a_round_with_a_clock_that_was_set_back(practice, machine):
    """U4: time goes on from what was stored last, instead of standing for an hour."""
    round_id = await coaching(practice)
    await practice.forward(2 * 60)
    await practice.rounds.steering.pause(round_id, MANAGER)
    await practice.rounds.steering.resume(round_id, MANAGER)
    stored = practice.rounds.live.get(round_id).since
    await practice.end_process()
    machine.set_by(-HOUR)
    machine.steady = machine.started()
    await practice.begin_process(start=False)
    assert machine() < stored

    keep_steady(machine.steady, practice.rounds.live, evenings(practice))

    assert machine() == stored
    practice.rounds.live.start()
    await practice.settled()
    assert await minutes_until_over(practice, round_id) <= 18
    await practice.rounds.steering.stop(round_id, MANAGER)
    await practice.settled()
    assert machine() == machine.wall, "nothing is going on any more"


async def test_a_round_that_is_paused_is_something_that_goes_on(practice):
    """U4: its long pause is counted, too."""
    gatherings = evenings(practice)
    assert is_idle(practice.rounds.live, gatherings)
    round_ = await practice.proposed()
    assert is_idle(practice.rounds.live, gatherings)
    await practice.rounds.proposing.agree(round_.id, COACH, Agreement.NOTES)
    await practice.rounds.proposing.agree(round_.id, CLIENT, Agreement.NOTES)
    await practice.rounds.proposing.agree(round_.id, OBSERVER, Agreement.NOTES)
    assert not is_idle(practice.rounds.live, gatherings)
    await practice.rounds.steering.pause(round_.id, MANAGER)
    assert not is_idle(practice.rounds.live, gatherings)
    await practice.rounds.steering.stop(round_.id, MANAGER)
    assert is_idle(practice.rounds.live, gatherings)


async def test_an_evening_on_the_way_to_its_rooms_is_something_that_goes_on(evening):
    """U4: a boarding of a minute would take an hour and a minute."""
    assert is_idle(evening.rounds.live, evening.gatherings)
    assert (await evening.started(3)).stage in IN_THE_MIDDLE
    assert not is_idle(evening.rounds.live, evening.gatherings)


def test_at_a_start_what_a_wrong_clock_stored_is_no_guide(machine):
    """U4: a round stored years ahead does not put the clock years ahead."""
    machine.steady.not_before(BEGIN + LONGEST_MADE_UP + SECOND)
    assert machine() == BEGIN
    machine.steady.not_before(BEGIN + LONGEST_MADE_UP)
    assert machine() == BEGIN + LONGEST_MADE_UP
