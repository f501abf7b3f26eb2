from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.rehearsal.clock import FASTEST, LONGEST_JUMP, Clock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Ticks:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


def test_it_goes_as_fast_as_the_wall_clock(ticks):
    clock = Clock(NOON, ticking=ticks)
    ticks.seconds += 90
    assert clock.now() == NOON + timedelta(seconds=90)


def test_another_speed_counts_from_when_it_is_set(ticks):
    clock = Clock(NOON, ticking=ticks)
    ticks.seconds += 10
    clock.speed = 20
    ticks.seconds += 3
    assert clock.now() == NOON + timedelta(seconds=70)


def test_it_jumps_forward(ticks):
    clock = Clock(NOON, 5, ticking=ticks)
    clock.jump(timedelta(minutes=5))
    assert clock.now() == NOON + timedelta(minutes=5)


@pytest.mark.parametrize("by", [timedelta(), timedelta(seconds=-1), LONGEST_JUMP * 2])
def test_it_jumps_neither_back_nor_too_far(by, ticks):
    clock = Clock(NOON, ticking=ticks)
    with pytest.raises(ValueError, match="seven days"):
        clock.jump(by)
    assert clock.now() == NOON


@pytest.mark.parametrize("speed", [0, -1, FASTEST + 1])
def test_it_goes_neither_back_nor_too_fast(speed, ticks):
    with pytest.raises(ValueError, match="more than 0"):
        Clock(NOON, speed, ticking=ticks)
