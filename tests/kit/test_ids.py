"""Ids made by the program."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from bot.kit.ids import new_id

NOW = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)


def test_ids_sort_by_the_time_of_making():
    rng = random.Random(1)
    ids = [new_id(NOW + timedelta(milliseconds=number), rng) for number in range(200)]
    assert ids == sorted(set(ids))


def test_an_id_fits_a_signed_64_bit_column_for_centuries():
    assert 0 < new_id(NOW, random.Random(1)) < 2**63
    assert 0 < new_id(NOW.replace(year=2200), random.Random(1)) < 2**63


def test_ids_of_one_moment_differ():
    rng = random.Random(1)
    assert len({new_id(NOW, rng) for _ in range(100)}) == 100
