"""People who come and go, are forgotten, and whose words are nobody else's business."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Collection

import pytest
import pytest_asyncio

from bot.kit.person import Person
from bot.kit.requests.errors import RoomRefused, RoomUnreachable
from bot.rounds.model.refusals import NoRound
from bot.rounds.model.round import AWAY_LASTS, Ask, Ending, RoomKind, Round, State
from tests.rounds.service.faults import broken_disk
from tests.rounds.service.practice import CLIENT, COACH, OBSERVER, ROOM, Practice

OTHERS = (Person(21), Person(22), Person(23))
OTHER_ROOM = 3001
AWAY_SECONDS = AWAY_LASTS.total_seconds()
WISH = "zebra crossing in the moonlight"


def in_voice(practice: Practice, round_id: int) -> list[int | None]:
    return [seat.user_id for seat in practice.rounds.live.get(round_id).seats if seat.in_voice]


class TestVoice:
    @pytest_asyncio.fixture
    async def round_(self, practice) -> Round:
        """A round in a voice channel, with everybody in it."""
        return await practice.begun(kind=RoomKind.VOICE)

    async def test_a_person_who_leaves_has_half_a_minute_to_come_back(self, practice, round_):
        await practice.rounds.rooms.voice_changed(COACH.user_id, ROOM, None)
        await practice.forward(AWAY_SECONDS - 1)
        await practice.rounds.rooms.voice_changed(COACH.user_id, None, ROOM)
        await practice.forward(AWAY_SECONDS)
        kept = practice.rounds.live.get(round_.id)
        assert kept.takes_part(COACH.user_id)
        assert kept.state is State.RUNNING

    async def test_a_person_who_does_not_come_back_has_left(self, practice, round_):
        await practice.rounds.rooms.voice_changed(COACH.user_id, ROOM, OTHER_ROOM)
        await practice.forward(AWAY_SECONDS)
        kept = practice.rounds.live.get(round_.id)
        assert not kept.takes_part(COACH.user_id)
        assert kept.asked is Ask.COACH_GONE

    async def test_nothing_is_written_when_nothing_has_changed(self, practice, round_):
        await practice.rounds.rooms.voice_changed(COACH.user_id, ROOM, ROOM)
        await practice.rounds.rooms.voice_changed(COACH.user_id, None, ROOM)
        await practice.rounds.rooms.voice_changed(OTHERS[0].user_id, None, ROOM)
        await practice.rounds.rooms.voice_changed(COACH.user_id, OTHER_ROOM, None)
        assert practice.rounds.live.get(round_.id).version == round_.version

    async def test_a_move_from_one_room_to_another_counts_in_both(self, practice, round_):
        other = await practice.proposed(people=OTHERS, room_id=OTHER_ROOM, kind=RoomKind.VOICE)
        await practice.rounds.rooms.voice_changed(OTHERS[2].user_id, OTHER_ROOM, ROOM)
        await practice.rounds.rooms.voice_changed(OBSERVER.user_id, ROOM, OTHER_ROOM)
        assert in_voice(practice, round_.id) == [COACH.user_id, CLIENT.user_id]
        assert in_voice(practice, other.id) == [OTHERS[0].user_id, OTHERS[1].user_id]

    async def test_a_thread_has_no_voices(self, practice, round_):
        other = await practice.begun(people=OTHERS, room_id=OTHER_ROOM)
        await practice.rounds.rooms.voice_changed(OTHERS[0].user_id, OTHER_ROOM, None)
        assert practice.rounds.live.get(other.id).version == other.version
        assert practice.rounds.live.get(round_.id).version == round_.version

    async def test_a_person_who_has_left_for_another_round_is_not_pulled_back(
        self, practice, round_
    ):
        await practice.rounds.people.leave(round_.id, OBSERVER)
        other = await practice.begun(people=OTHERS, room_id=OTHER_ROOM)
        await practice.rounds.people.join(other.id, OBSERVER)
        await practice.rounds.people.let_in(other.id, OTHERS[1], OBSERVER.user_id)
        await practice.rounds.rooms.voice_changed(OBSERVER.user_id, None, ROOM)
        assert not practice.rounds.live.get(round_.id).takes_part(OBSERVER.user_id)
        assert practice.rounds.live.of_person(OBSERVER.user_id).id == other.id


class TestVoiceAfterStart:
    """Who came and went while the program was away."""

    async def see(self, practice: Practice, members: Collection[int] | None) -> None:
        """A new process finds these people in the room; none when it cannot know."""
        await practice.end_process()
        await practice.begin_process(start=False)
        await practice.rounds.rooms.see_voice({ROOM: members}.get)
        practice.rounds.live.start()
        await practice.settled()

    async def test_a_person_who_is_missing_has_five_minutes_from_now(self, practice):
        round_ = await practice.begun(kind=RoomKind.VOICE)
        await self.see(practice, [COACH.user_id, CLIENT.user_id])
        assert in_voice(practice, round_.id) == [COACH.user_id, CLIENT.user_id]
        await practice.forward(AWAY_SECONDS - 1)
        assert practice.rounds.live.get(round_.id).takes_part(OBSERVER.user_id)
        await practice.forward(1)
        assert not practice.rounds.live.get(round_.id).takes_part(OBSERVER.user_id)

    async def test_a_person_who_has_come_meanwhile_is_noticed(self, practice):
        round_ = await practice.begun(kind=RoomKind.VOICE)
        await practice.rounds.rooms.voice_changed(CLIENT.user_id, ROOM, None)
        await self.see(practice, [one.user_id for one in (COACH, CLIENT, OBSERVER)])
        await practice.forward(AWAY_SECONDS)
        assert practice.rounds.live.get(round_.id).takes_part(CLIENT.user_id)

    async def test_what_cannot_be_known_changes_nothing(self, practice):
        round_ = await practice.begun(kind=RoomKind.VOICE)
        await self.see(practice, None)
        assert practice.rounds.live.get(round_.id) == round_

    async def test_nobody_is_looked_for_in_a_thread(self, practice):
        round_ = await practice.begun(kind=RoomKind.PRIVATE_THREAD)
        await self.see(practice, [])
        assert practice.rounds.live.get(round_.id) == round_

    async def test_a_round_of_one_left_ends(self, practice):
        round_ = await practice.begun(kind=RoomKind.VOICE)
        await self.see(practice, [COACH.user_id])
        await practice.forward(AWAY_SECONDS)
        stored = await practice.on_disk(round_.id)
        assert stored is not None
        assert stored.ending is Ending.ALONE


class TestForgotten:
    async def test_a_person_leaves_the_round_they_are_in(self, practice):
        round_ = await practice.begun()
        await practice.rounds.people.forget_person(COACH.user_id)
        await practice.settled()
        kept = practice.rounds.live.get(round_.id)
        assert kept.asked is Ask.COACH_GONE
        assert [seat.user_id for seat in kept.seats] == [None, CLIENT.user_id, OBSERVER.user_id]
        assert kept.starter_user_id is None
        assert practice.rounds.live.of_person(COACH.user_id) is None
        assert await practice.on_disk(round_.id) == kept

    async def test_they_are_in_no_proposal(self, practice):
        round_ = await practice.proposed()
        await practice.rounds.people.forget_person(OBSERVER.user_id)
        assert len(practice.rounds.live.get(round_.id).seats) == 2
        await practice.rounds.people.forget_person(CLIENT.user_id)
        await practice.settled()
        assert practice.rounds.live.all() == []

    async def test_other_rounds_are_left_alone(self, practice):
        await practice.begun()
        other = await practice.begun(people=OTHERS, room_id=OTHER_ROOM)
        await practice.rounds.people.forget_person(COACH.user_id)
        assert practice.rounds.live.get(other.id) == other


async def test_no_log_line_says_what_someone_wished_for(practice, caplog):
    """In a life with everything that can go wrong."""
    # As `set_up_logging` has it: every statement would be in there with its values.
    caplog.set_level(logging.WARNING, "aiosqlite")
    caplog.set_level(logging.DEBUG)
    people = (COACH, CLIENT, OBSERVER, *OTHERS[:1])
    round_ = await practice.begun(people=people)
    await practice.rounds.proposing.watch_for(round_.id, COACH, ["S1"], WISH)
    practice.announcer.fail(RoomUnreachable("503"), times=2)
    await practice.rounds.steering.pause(round_.id, COACH)
    await practice.forward(10)
    practice.announcer.fail(LookupError("a fault of ours"), times=1)
    await practice.rounds.steering.resume(round_.id, CLIENT)
    await practice.forward(10)
    async with broken_disk(practice):
        with pytest.raises(sqlite3.OperationalError):
            await practice.rounds.proposing.watch_for(round_.id, COACH, ["S1", "S2"], WISH)
        with pytest.raises(sqlite3.OperationalError):
            await practice.rounds.people.leave(round_.id, COACH)
        await practice.forward(120)
    practice.announcer.fail(RoomRefused("50013"), times=1)
    await practice.rounds.steering.extend(round_.id, COACH, 2)
    await practice.restart(away=60)
    await practice.store.save(
        practice.rounds.live.get(round_.id), practice.rounds.live.get(round_.id)
    )
    await practice.rounds.people.leave(round_.id, COACH)
    assert "It is read again" in caplog.text
    await practice.restart()
    await practice.rounds.steering.erase(round_.id, CLIENT)
    await practice.settled()
    with pytest.raises(NoRound):
        await practice.rounds.steering.pause(round_.id, COACH)
    assert len(caplog.records) > 10
    assert "zebra" not in caplog.text
