"""What rounds leave behind, and what becomes of them when the disk or the program fails."""

from __future__ import annotations

import asyncio
import logging
import sqlite3

import pytest

from bot.kit.database.database import open_database
from bot.kit.person import Person
from bot.kit.requests.errors import RoomUnreachable
from bot.rounds.model.moves import pause
from bot.rounds.model.round import PROPOSAL_LASTS, Ending, State
from bot.rounds.store.rounds import RoundStore
from tests.kit.database.files import outside
from tests.rounds.service.faults import broken_disk, slow_disk, slow_room, task_names
from tests.rounds.service.practice import CLIENT, COACH, OBSERVER, ROOM, Practice

MINUTE = 60
HOUR = 3600
WISH = "whatever you hear between my words"
PAIR = (Person(21), Person(22))
OTHER_ROOM = 3001


def count_rows(practice: Practice) -> tuple[int, int]:
    """Of rounds and of people in them, as another program finds them."""
    with outside(practice.path) as connection:
        (rounds,) = connection.execute("SELECT count(*) FROM rounds").fetchone()
        (people,) = connection.execute("SELECT count(*) FROM round_people").fetchone()
        return rounds, people


def bytes_on_disk(practice: Practice) -> bytes:
    """The database file with its write-ahead log."""
    files = practice.path.parent.glob(f"{practice.path.name}*")
    return b"".join(file.read_bytes() for file in sorted(files))


class TestWhatIsLeft:
    async def test_a_proposal_called_off_leaves_no_row(self, practice):
        round_ = await practice.proposed()
        await practice.rounds.proposing.call_off(round_.id, COACH)
        await practice.settled()
        assert count_rows(practice) == (0, 0)

    async def test_it_stays_until_its_room_knows(self, practice):
        round_ = await practice.proposed()
        practice.announcer.fail(RoomUnreachable())
        await practice.rounds.proposing.call_off(round_.id, COACH)
        await practice.settled()
        assert count_rows(practice) == (1, 3)
        practice.announcer.heal()
        await practice.restart()
        assert count_rows(practice) == (0, 0)
        assert practice.announcer.tellings[-1].round.ending is Ending.CALLED_OFF

    async def test_a_proposal_that_lapses_leaves_no_row(self, practice):
        round_ = await practice.proposed()
        await practice.forward(PROPOSAL_LASTS.total_seconds())
        assert practice.announcer.tellings[-1].round.ending is Ending.LAPSED
        assert count_rows(practice) == (0, 0)
        assert await practice.on_disk(round_.id) is None

    async def test_a_proposal_that_lapsed_while_nobody_was_there_leaves_no_row(self, practice):
        await practice.proposed()
        await practice.restart(away=2 * HOUR)
        assert practice.announcer.tellings[-1].round.ending is Ending.LAPSED
        assert count_rows(practice) == (0, 0)

    async def test_a_proposal_in_a_room_that_may_not_be_written_to_leaves_no_row(self, practice):
        round_ = await practice.proposed()
        await practice.rounds.live.refused(round_.id)
        practice.announcer.writable = False
        await practice.forward(PROPOSAL_LASTS.total_seconds())
        assert count_rows(practice) == (0, 0)
        assert practice.rounds.live.all() == []

    async def test_a_round_that_is_complete_is_kept_and_not_read_again(self, practice):
        round_ = await practice.begun()
        await practice.forward(HOUR)
        stored = await practice.on_disk(round_.id)
        assert stored is not None
        assert stored.ending is Ending.COMPLETE
        assert stored.told.ended
        assert await practice.store.unfinished() == []

    async def test_an_erased_round_leaves_no_row_and_no_byte(self, practice):
        round_ = await practice.begun()
        await practice.rounds.proposing.watch_for(round_.id, COACH, ["S1"], WISH)
        await practice.settled()
        assert WISH.encode() in bytes_on_disk(practice)
        await practice.rounds.steering.erase(round_.id, CLIENT)
        await practice.settled()
        assert count_rows(practice) == (0, 0)
        assert WISH.encode() not in bytes_on_disk(practice)
        assert practice.announcer.tellings[-1].round.ending is Ending.ERASED

    async def test_an_erased_round_says_nothing_of_people_while_its_room_does_not_know(
        self, practice
    ):
        round_ = await practice.begun()
        await practice.rounds.proposing.watch_for(round_.id, COACH, ["S1"], WISH)
        practice.announcer.fail(RoomUnreachable())
        await practice.rounds.steering.erase(round_.id, CLIENT)
        await practice.settled()
        assert count_rows(practice) == (1, 0)
        stored = await practice.on_disk(round_.id)
        assert stored is not None
        assert (stored.starter_user_id, stored.actions, stored.past) == (None, (), ())
        practice.announcer.heal()
        await practice.restart()
        assert count_rows(practice) == (0, 0)
        assert WISH.encode() not in bytes_on_disk(practice)


class TestFailingDisk:
    async def test_a_move_that_cannot_be_written_has_not_happened(self, practice):
        round_ = await practice.begun()
        known = practice.rounds.live.get(round_.id)
        async with broken_disk(practice):
            with pytest.raises(sqlite3.OperationalError):
                await practice.rounds.steering.pause(round_.id, COACH)
            await practice.settled()
        assert practice.rounds.live.get(round_.id) == known
        assert await practice.on_disk(round_.id) == known

    async def test_neither_has_one_that_changes_the_group(self, practice):
        round_ = await practice.begun()
        known = practice.rounds.live.get(round_.id)
        async with broken_disk(practice):
            with pytest.raises(sqlite3.OperationalError):
                await practice.rounds.people.leave(round_.id, OBSERVER)
            await practice.settled()
        assert practice.rounds.live.get(round_.id) == known
        assert await practice.on_disk(round_.id) == known
        assert practice.rounds.live.of_person(OBSERVER.user_id) == known

    async def test_it_can_be_done_again_at_once_by_anybody(self, practice):
        """What failed does not count as what someone else has done already."""
        round_ = await practice.begun()
        async with broken_disk(practice):
            with pytest.raises(sqlite3.OperationalError):
                await practice.rounds.steering.pause(round_.id, COACH)
        await practice.rounds.steering.pause(round_.id, CLIENT)
        assert practice.rounds.live.get(round_.id).state is State.PAUSED

    async def test_the_clock_goes_on_when_it_can_be_written_again(self, practice):
        round_ = await practice.begun()
        before = len(practice.announcer.tellings)
        async with broken_disk(practice):
            await practice.forward(2 * MINUTE + 10)
            assert practice.rounds.live.get(round_.id).position == 0
            assert len(practice.announcer.tellings) == before
        await practice.forward(MINUTE)
        kept = practice.rounds.live.get(round_.id)
        assert kept.position == 1
        assert kept.began_at == round_.began_at + round_.length
        assert len(practice.announcer.tellings) == before + 1
        assert await practice.on_disk(round_.id) == kept

    async def test_a_proposal_that_cannot_be_written_leaves_its_room_free(self, practice):
        async with broken_disk(practice):
            with pytest.raises(sqlite3.OperationalError):
                await practice.proposed()
        assert practice.rounds.live.in_room(ROOM) is None
        assert practice.announcer.attempts == []
        assert (await practice.proposed()).room_id == ROOM

    async def test_a_person_who_could_not_join_is_free_for_another_round(self, practice):
        one = await practice.begun("micro-12", people=(COACH, CLIENT))
        other = await practice.begun("micro-12", people=PAIR, room_id=OTHER_ROOM)
        for round_ in (one, other):
            await practice.rounds.people.join(round_.id, OBSERVER)
        async with broken_disk(practice):
            with pytest.raises(sqlite3.OperationalError):
                await practice.rounds.people.let_in(one.id, CLIENT, OBSERVER.user_id)
        await practice.rounds.people.let_in(other.id, PAIR[1], OBSERVER.user_id)
        assert practice.rounds.live.of_person(OBSERVER.user_id).id == other.id

    async def test_an_end_that_cannot_be_noted_is_told_again_and_noted_then(self, practice):
        round_ = await practice.proposed()
        gate = slow_room(practice, round_.id)
        await practice.rounds.proposing.call_off(round_.id, COACH)
        await practice.settled()
        async with broken_disk(practice):
            gate.open()
            await practice.settled()
            assert count_rows(practice) == (1, 3)
        await practice.forward(MINUTE)
        assert count_rows(practice) == (0, 0)
        assert practice.rounds.live.all() == []
        endings = [telling.round.ending for telling in practice.announcer.tellings]
        assert endings == [None, Ending.CALLED_OFF, Ending.CALLED_OFF]

    async def test_a_failure_is_logged_with_the_round_and_without_words(self, practice, caplog):
        round_ = await practice.begun()
        await practice.rounds.proposing.watch_for(round_.id, COACH, ["S1"], WISH)
        async with broken_disk(practice):
            await practice.forward(2 * MINUTE)
        errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
        assert errors
        assert str(round_.id) in caplog.text
        assert WISH not in caplog.text


class TestAnotherProcess:
    async def change_elsewhere(self, practice: Practice, round_id: int) -> None:
        async with open_database(practice.path) as database:
            store = RoundStore(database)
            stored = await store.get(round_id)
            assert stored is not None
            await store.save(stored, pause(stored, CLIENT.user_id, practice.clock.present))

    async def test_what_it_has_changed_is_not_overwritten(self, practice):
        """F5: the next move is made from it."""
        round_ = await practice.begun()
        known = practice.rounds.live.get(round_.id)
        await self.change_elsewhere(practice, round_.id)
        await practice.rounds.steering.extend(round_.id, COACH, 2)
        await practice.settled()
        kept = practice.rounds.live.get(round_.id)
        assert kept == await practice.on_disk(round_.id)
        assert kept.state is State.PAUSED
        assert kept.extensions == known.extensions + 1

    async def test_other_rounds_go_on(self, practice):
        round_ = await practice.begun()
        other = await practice.begun("pair-25", people=PAIR, room_id=OTHER_ROOM)
        await self.change_elsewhere(practice, round_.id)
        await practice.forward(3 * MINUTE)
        assert practice.rounds.live.get(round_.id).position == 0
        assert practice.rounds.live.get(other.id).position == 1


class TestClosing:
    async def test_in_the_middle_of_a_move_what_was_acknowledged_is_there(self, practice):
        round_ = await practice.begun()
        gate = slow_disk(practice, round_.id)
        pausing = asyncio.create_task(practice.rounds.steering.pause(round_.id, COACH))
        await gate.reached.wait()
        closing = asyncio.create_task(practice.rounds.live.close())
        gate.open()
        paused = await pausing
        await closing
        await practice.restart()
        kept = practice.rounds.live.get(round_.id)
        assert kept.state is State.PAUSED
        assert kept.version > paused.version
        assert practice.announcer.tellings[-1].round.state is State.PAUSED

    async def test_in_the_middle_of_what_the_clock_does_nothing_is_lost(self, practice):
        round_ = await practice.begun()
        gate = slow_disk(practice, round_.id)
        practice.clock.forward(minutes=2)
        practice.rounds.live._deadlines.add(round_.id, practice.clock.present)
        await gate.reached.wait()
        await practice.restart()
        assert practice.rounds.live.get(round_.id).position == 1
        assert practice.announcer.tellings[-1].news.is_card

    async def test_in_the_middle_of_telling_it_is_told_after_the_next_start(self, practice):
        practice.announcer.gate = asyncio.Event()
        round_ = await practice.proposed()
        assert practice.announcer.tellings == []
        practice.announcer.gate = None
        await practice.restart()
        assert [telling.round for telling in practice.announcer.tellings] == [round_]

    async def test_it_leaves_nothing_running(self, practice):
        round_ = await practice.begun()
        practice.announcer.gate = asyncio.Event()
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.settled()
        assert task_names() == {f"tell-{round_.id}"}
        await practice.rounds.live.close()
        assert task_names() == set()
        assert practice.timers == []

    async def test_what_people_do_afterwards_is_kept_and_told_after_the_next_start(self, practice):
        round_ = await practice.begun()
        await practice.rounds.live.close()
        before = len(practice.announcer.attempts)
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.forward(5 * MINUTE)
        assert len(practice.announcer.attempts) == before
        await practice.restart()
        assert len(practice.announcer.attempts) == before + 1
        assert practice.rounds.live.get(round_.id).state is State.PAUSED
