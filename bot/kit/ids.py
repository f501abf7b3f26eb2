"""Ids made by the program, so that the database does not have to."""

from __future__ import annotations

import random
from datetime import datetime

_RANDOM_BITS = 20


def new_id(now: datetime, rng: random.Random) -> int:
    """A positive 63-bit id: milliseconds since 1970 (UTC), then 20 random bits.

    Ids sort by the time they were made. Two ids of the same millisecond collide once in a million;
    then the primary key refuses the second, and nothing is written.
    """
    return int(now.timestamp() * 1000) << _RANDOM_BITS | rng.getrandbits(_RANDOM_BITS)


def first_id(at: datetime) -> int:
    """The smallest id that can have been made at a moment: earlier ids are smaller."""
    return int(at.timestamp() * 1000) << _RANDOM_BITS
