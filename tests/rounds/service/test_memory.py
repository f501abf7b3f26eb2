"""A program that runs for months keeps nothing of the rounds that are over."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

import pytest

from bot.kit.requests.errors import RoomGone, RoomRefused, RoomUnreachable
from tests.rounds.service.practice import CLIENT, COACH, OBSERVER, Practice

ALL_OF_IT = 40 * 60
"""Longer than a classic triad."""


def held(practice: Practice) -> dict[str, Any]:
    """What the services that keep and tell rounds still hold."""
    live = practice.rounds.live
    parts = {"live": live, "changes": live._changes, "delivery": live._delivery}
    return {
        f"{part}.{name}": value
        for part, holder in parts.items()
        for name, value in vars(holder).items()
        # Services watch all rounds, for as long as the program runs.
        if isinstance(value, Sized) and len(value) and name != "_watchers"
    }


async def test_a_round_that_ran_to_its_end_is_not_held(practice):
    await practice.begun()
    assert "live._rounds" in held(practice)

    await practice.forward(ALL_OF_IT)

    assert held(practice) == {}


async def test_a_round_that_someone_ended_is_not_held(practice):
    round_ = await practice.begun()
    await practice.rounds.steering.pause(round_.id, COACH)
    await practice.rounds.steering.stop(round_.id, CLIENT)
    await practice.settled()

    assert held(practice) == {}


async def test_a_round_that_never_began_is_not_held(practice):
    await practice.proposed()

    await practice.forward(61 * 60)

    assert held(practice) == {}


async def test_a_person_who_steered_a_round_is_not_remembered_once_another_is_proposed(practice):
    first = await practice.begun()
    await practice.rounds.steering.pause(first.id, OBSERVER)
    await practice.rounds.steering.resume(first.id, OBSERVER)
    await practice.forward(ALL_OF_IT)

    await practice.proposed()

    assert practice.rounds.access._last == {}


@pytest.mark.parametrize("error", [RoomUnreachable("no"), RoomRefused("no"), RoomGone("no")])
async def test_a_round_whose_room_was_in_trouble_is_not_held(practice, error):
    await practice.begun()
    practice.announcer.fail(error)

    await practice.forward(ALL_OF_IT)
    practice.announcer.heal()
    await practice.forward(60)

    assert held(practice) == {}
