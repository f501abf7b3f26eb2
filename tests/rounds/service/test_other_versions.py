"""F5: a round or evening whose version differs from the disk's is read again, and never stuck."""

from __future__ import annotations

import asyncio

import pytest

from bot.kit.database.errors import ChangedMeanwhile
from bot.kit.person import Person
from bot.rounds.model.moves import pause, resume
from bot.rounds.model.round import State
from tests.kit.database.files import outside
from tests.people import MANAGER
from tests.rounds.service.practice import COACH


def change_on_disk(practice, sql, *values):
    """As when an error was the answer to a write that was kept all the same."""
    with outside(practice.path) as other:
        other.execute(sql, values)


async def test_a_round_with_another_version_on_disk_is_moved_all_the_same(practice):
    """F5: by people, by the clock and by what its room was told, from what is on disk."""
    round_ = await practice.begun()
    for by in (5, -5):
        change_on_disk(practice, "UPDATE rounds SET version = version + ?, extensions = 2", by)
        paused = await practice.rounds.live.move(
            round_.id, lambda r, now: pause(r, COACH.user_id, now)
        )
        assert (paused.state, paused.extensions) == (State.PAUSED, 2)
        change_on_disk(practice, "UPDATE rounds SET version = version + ?", by)
        await practice.rounds.live.move(round_.id, lambda r, now: resume(r, COACH.user_id, now))
        await practice.settled()
    position = practice.rounds.live.get(round_.id).position
    change_on_disk(practice, "UPDATE rounds SET version = version + 1")
    await practice.forward(30 * 60)
    known = practice.rounds.live.find(round_.id)
    assert known is None or known.position > position
    assert await practice.on_disk(round_.id) == known or known is None


async def test_a_round_that_changes_again_and_again_on_disk_is_refused_and_not_stuck(
    practice, monkeypatch
):
    """F5: tried again once, not forever; the next one who presses is served."""
    round_ = await practice.begun()
    with monkeypatch.context() as patch:

        async def save(old, new):
            raise ChangedMeanwhile("Round 1 is not on disk as it was known.")

        patch.setattr(practice.store, "save", save)
        with pytest.raises(ChangedMeanwhile):
            await practice.rounds.live.move(round_.id, lambda r, now: pause(r, COACH.user_id, now))
    paused = await practice.rounds.live.move(round_.id, lambda r, now: pause(r, COACH.user_id, now))
    assert paused.state is State.PAUSED


async def test_a_round_that_is_gone_from_the_disk_leaves_its_room(practice):
    """F5: nothing can be saved of it any more."""
    round_ = await practice.begun()
    change_on_disk(practice, "DELETE FROM rounds")
    await practice.forward(30 * 60)
    assert practice.rounds.live.find(round_.id) is None
    assert practice.rounds.live.in_room(round_.room_id) is None


async def test_an_evening_with_another_version_on_disk_is_moved_all_the_same(evening):
    """F5: joining and the tap of a facilitator, from what is on disk."""
    gathering = await evening.gathered(3)
    for by in (5, -5):
        change_on_disk(evening, "UPDATE gatherings SET version = version + ?", by)
        await evening.joining.join(gathering.id, Person(200 + by))
    assert len(evening.now(gathering).guests) == 5
    change_on_disk(evening, "UPDATE gatherings SET version = version + 1")
    await evening.grouping.form_groups(gathering.id, MANAGER)
    assert evening.now(gathering).draft is not None
    change_on_disk(evening, "DELETE FROM gatherings")
    await asyncio.gather(evening.joining.leave(gathering.id, Person(205)), return_exceptions=True)
    assert evening.gatherings.find(gathering.id) is None
