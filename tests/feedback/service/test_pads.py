"""Notes with one tap: each once, and on disk before anybody sees it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.content.model.formats import SegmentKind
from bot.content.model.questions import Phase
from bot.feedback.model.notes import MOST_NOTES, QUESTION, Side
from bot.feedback.model.refusals import CannotNote, NothingToShow
from bot.rounds.model.refusals import NotInRound
from tests.feedback.service.practice import (
    CLIENT,
    COACH,
    CONTACT,
    OBSERVERS,
    OLU,
    PIA,
    FeedbackPractice,
)
from tests.rounds.service.faults import broken_disk

STEPS = 60
ENOUGH = 12
"""Notes of one observer, of which some are changed and taken back."""


# The same tap


async def test_two_equal_taps_within_400_ms_are_one(feedback):
    await feedback.coaching()
    await feedback.tap(OLU)

    assert len((await feedback.tap(OLU, after=0.399)).notes) == 1
    assert len((await feedback.tap(OLU, after=0.001)).notes) == 2
    assert len(await feedback.notes_on_disk()) == 2


async def test_two_devices_that_tap_at_the_same_moment_take_one_note(feedback):
    await feedback.coaching()

    pads = await asyncio.gather(*(feedback.tap(OLU, after=0) for _ in range(3)))

    assert [len(pad.notes) for pad in pads] == [1, 1, 1]
    assert len(await feedback.notes_on_disk()) == 1


async def test_different_sides_codes_and_phases_are_different_taps(feedback):
    await feedback.coaching()
    taps = [
        ("S5", Side.SEEN, None),
        ("S5", Side.SIGNAL, None),
        ("S1", Side.SEEN, None),
        (QUESTION, Side.QUESTION, Phase.START),
        (QUESTION, Side.QUESTION, Phase.MEANING),
    ]

    for code, side, phase in taps:
        await feedback.tap(OLU, code, side, after=0, phase=phase)
    await feedback.tap(OLU, QUESTION, Side.QUESTION, after=0.1, phase=Phase.MEANING)

    taken = await feedback.notes_on_disk()
    assert {(one.code, one.side) for one in taken} == {(code, side) for code, side, _ in taps}
    assert len(taken) == len(taps)


async def test_a_tap_that_was_taken_back_does_not_swallow_the_next_one(feedback):
    await feedback.coaching()
    note = await feedback.noted(OLU)
    await feedback.pads.take_back(feedback.round_id, OLU.user_id, note.id)

    pad = await feedback.tap(OLU, after=0.2)

    assert [one.id != note.id for one in pad.notes] == [True]


async def test_observers_who_tap_at_once_each_have_their_own_note(feedback):
    await feedback.coaching()

    pads = await asyncio.gather(*(feedback.tap(one, after=0) for one in OBSERVERS))

    assert [[note.observer_user_id for note in pad.notes] for pad in pads] == [
        [one.user_id] for one in OBSERVERS
    ]
    assert len({note.id for note in await feedback.notes_on_disk()}) == 3


# What a note says


async def test_a_note_has_the_time_of_the_coaching_and_the_phase_last_heard(feedback):
    round_ = await feedback.coaching()
    await feedback.forward(90)
    await feedback.tap(OLU, QUESTION, Side.QUESTION, after=0, phase=Phase.MEANING)
    await feedback.rounds.steering.pause(feedback.round_id, PIA)
    await feedback.forward(600)
    await feedback.rounds.steering.resume(feedback.round_id, PIA)

    pad = await feedback.tap(OLU, "S2", Side.SIGNAL, after=5)

    assert pad.last is not None
    assert (pad.last.at.total_seconds(), pad.last.phase) == (96, Phase.MEANING)
    assert (pad.last.coach_user_id, pad.last.seat) == (COACH.user_id, 2)
    assert pad.counts == {"S2:signal": 1, "Q:meaning": 1}
    assert round_.seats[pad.last.seat].user_id == OLU.user_id


async def test_a_pad_is_for_observers_of_that_round(feedback):
    await feedback.coaching()
    for person, why in ((COACH, "coach"), (CLIENT, "client")):
        with pytest.raises(CannotNote) as refused:
            await feedback.pads.look(feedback.round_id, person.user_id)
        assert refused.value.why == why
        with pytest.raises(CannotNote):
            await feedback.tap(person)
    with pytest.raises(NotInRound):
        await feedback.tap(CONTACT)

    assert await feedback.notes_on_disk() == []


async def test_taps_count_until_20_seconds_after_the_coaching(feedback):
    await feedback.coaching()
    await feedback.go_to(SegmentKind.WRITE)

    assert len((await feedback.tap(OLU, after=20)).notes) == 1
    with pytest.raises(CannotNote) as refused:
        await feedback.tap(OLU, "S1")

    assert refused.value.why == "over"
    pad = await feedback.pads.look(feedback.round_id, OLU.user_id)
    assert (pad.opening, pad.closed) == (None, refused.value)
    assert len(pad.notes) == 1


async def test_a_note_from_memory_is_about_the_one_who_coached_then_and_not_after_the_end(feedback):
    await feedback.coaching()
    await feedback.forward(100)
    key = (feedback.round_id, OLU.user_id)
    with pytest.raises(CannotNote) as refused:
        await feedback.pads.remember(*key, "S1", Side.SEEN, timedelta())
    assert refused.value.why == "coaching"
    round_ = await feedback.go_to(SegmentKind.WRITE)
    coached = round_.coached_for(feedback.clock())

    pad = await feedback.pads.remember(*key, "S1", Side.SEEN, 2 * coached, quote="And then?")

    assert [(one.at, one.quote) for one in pad.notes] == [(coached, "And then?")]
    assert pad.notes == tuple(await feedback.notes_on_disk())


async def test_nobody_takes_more_than_150_notes(feedback, monkeypatch):
    assert MOST_NOTES == 150
    monkeypatch.setattr("bot.feedback.service.pads.MOST_NOTES", 2)
    await feedback.coaching()
    await feedback.tap(OLU)
    await feedback.tap(OLU)

    with pytest.raises(CannotNote) as refused:
        await feedback.tap(OLU)

    assert refused.value.why == "full"
    assert len((await feedback.tap(PIA)).notes) == 1
    assert len(await feedback.notes_on_disk()) == 3


async def test_notes_from_memory_at_once_are_no_more_than_there_may_be(feedback, monkeypatch):
    monkeypatch.setattr("bot.feedback.service.pads.MOST_NOTES", 2)
    await feedback.coaching()
    await feedback.go_to(SegmentKind.WRITE)
    key = (feedback.round_id, OLU.user_id)

    remembered = [
        feedback.pads.remember(*key, code, Side.SEEN, timedelta()) for code in ("S1", "S2", "S3")
    ]
    outcomes = await asyncio.gather(*remembered, return_exceptions=True)

    assert [one.why for one in outcomes if isinstance(one, CannotNote)] == ["full"]
    assert {one.code for one in await feedback.notes_on_disk()} == {"S1", "S2"}
    assert len((await feedback.pads.look(*key)).notes) == 2


async def test_a_code_that_is_not_on_the_list_is_not_noted(feedback):
    await feedback.coaching()

    with pytest.raises(NothingToShow):
        await feedback.tap(OLU, "S99")

    assert await feedback.notes_on_disk() == []


# Memory and disk


async def test_what_fails_on_disk_is_not_on_the_pad(feedback):
    await feedback.coaching()
    note = await feedback.noted(OLU)
    before = await feedback.pads.look(feedback.round_id, OLU.user_id)
    async with broken_disk(feedback):
        with pytest.raises(sqlite3.OperationalError):
            await feedback.pads.tap(feedback.round_id, OLU.user_id, "S1", Side.SEEN)
        with pytest.raises(sqlite3.OperationalError):
            await feedback.pads.take_back(feedback.round_id, OLU.user_id, note.id)

    assert await feedback.pads.look(feedback.round_id, OLU.user_id) == before
    assert len((await feedback.tap(OLU, "S1")).notes) == 2
    await feedback.check_memory_is_the_disk(OLU)


@pytest.mark.parametrize("seed", range(3))
async def test_what_is_in_memory_is_what_is_on_disk_whatever_happens(feedback, seed):
    """Taps, changes, undo and its undo, notes from memory and restarts, in any order."""
    rng, observers = random.Random(seed), OBSERVERS[:2]
    await feedback.coaching()
    for step in range(STEPS):
        if step == STEPS // 2:
            await feedback.go_to(SegmentKind.WRITE)
        with contextlib.suppress(CannotNote):
            await change_something(feedback, rng.choice(observers).user_id, rng)
        await feedback.check_memory_is_the_disk(*observers)
    assert len(await feedback.notes_on_disk()) >= ENOUGH


async def change_something(feedback: FeedbackPractice, user_id: int, rng: random.Random) -> None:
    """One step of an observer, or of the program."""
    pads, key = feedback.pads, (feedback.round_id, user_id)
    pad = await pads.look(*key)
    what = rng.choices(
        ["tap", "change", "take back", "put back", "remember", "restart"], [10, 4, 4, 4, 2, 1]
    )[0]
    code, side = f"S{rng.randrange(1, 7)}", rng.choice([Side.SEEN, Side.SIGNAL])
    await feedback.forward(rng.choice([0.1, 1]))
    match what:
        case "tap":
            await pads.tap(*key, code, side)
        case "remember":
            at = timedelta(seconds=rng.randrange(100))
            await pads.remember(*key, code, side, at, quote=f"words {rng.random()}")
        case "restart":
            await feedback.restart()
        case "put back" if pad.taken_back:
            await pads.put_back(*key, pad.taken_back.id)
        case "take back" if pad.notes:
            await pads.take_back(*key, rng.choice(pad.notes).id)
        case "change" if pad.notes:
            words = f"words {rng.random()}"
            await pads.change(
                *key, rng.choice(pad.notes).id, lambda one: replace(one, code=code, quote=words)
            )
        case _:
            pass


async def test_a_tap_right_after_an_outage_is_taken_by_the_clock_not_by_what_was_kept(feedback):
    await feedback.coaching()
    await feedback.tap(OLU)
    await feedback.end_process()
    feedback.clock.forward(hours=1)
    # Discord hands over what people did before it says that we are ready.
    await feedback.begin_process(start=False)

    with pytest.raises(CannotNote) as refused:
        await feedback.tap(OLU, after=0)

    assert refused.value.why == "over"
    assert len(await feedback.notes_on_disk()) == 1


async def test_the_pads_of_a_round_that_is_over_leave_memory(feedback):
    """W12: they stayed until two thousand others had come."""
    await feedback.coaching()
    for observer in (OLU, PIA):
        await feedback.tap(observer)
    pads = feedback.pads
    assert (len(pads._taken), len(pads._access._listed)) == (2, 1)
    await feedback.stop()
    assert (len(pads._taken), len(pads._access._listed)) == (0, 0)
    assert len((await pads.look(feedback.round_id, OLU.user_id)).notes) == 1
    assert not pads._taken
