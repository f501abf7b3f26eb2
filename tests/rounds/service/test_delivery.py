"""Rooms are told at least once, in order, and never in a burst."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.kit.person import Person
from bot.kit.requests.errors import RoomRefused, RoomUnreachable
from bot.rounds.model.did import Did
from bot.rounds.model.round import Agreement, Cue, Ending, Round, State
from tests.rounds.service.faults import before_telling, slow_room, task_names
from tests.rounds.service.practice import CLIENT, COACH, OBSERVER, Practice

MINUTE = 60
HOUR = 3600
PAIR = (Person(21), Person(22))
OTHER_ROOM = 3001


def dids(practice: Practice, since: int = 0) -> list[list[Did]]:
    """What people did, by telling."""
    tellings = practice.announcer.tellings[since:]
    return [[action.did for action in one.news.actions] for one in tellings]


def attempts(practice: Practice, since: int = 0) -> list[float]:
    """When someone tried to tell a room something, in seconds after the first time."""
    moments = [attempt.at for attempt in practice.announcer.attempts[since:]]
    return [(moment - moments[0]).total_seconds() for moment in moments]


class TestWhileOneIsUnderWay:
    async def test_what_happens_meanwhile_is_told_in_one_piece_afterwards(self, practice):
        round_ = await practice.begun()
        before = len(practice.announcer.tellings)
        practice.announcer.gate = asyncio.Event()
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.settled()
        await practice.rounds.steering.resume(round_.id, CLIENT)
        await practice.rounds.steering.extend(round_.id, OBSERVER, 2)
        await practice.settled()
        practice.announcer.gate.set()
        await practice.settled()
        assert dids(practice, before) == [[Did.PAUSED], [Did.RESUMED, Did.EXTENDED]]

    async def test_there_is_no_second_one_for_the_same_round(self, practice):
        at_work: list[int] = []
        most: list[int] = []

        async def count(round_: Round) -> None:
            at_work.append(round_.id)
            most.append(at_work.count(round_.id))
            await asyncio.sleep(0)
            at_work.remove(round_.id)

        before_telling(practice, count)
        round_ = await practice.begun()
        for _ in range(5):
            await practice.rounds.steering.pause(round_.id, COACH)
            await practice.rounds.steering.resume(round_.id, COACH)
        await practice.settled()
        assert set(most) == {1}
        assert [did for told in dids(practice) for did in told].count(Did.RESUMED) == 5

    async def test_a_segment_that_begins_meanwhile_is_told_next(self, practice):
        round_ = await practice.begun()
        before = len(practice.announcer.tellings)
        practice.announcer.gate = asyncio.Event()
        await practice.rounds.steering.extend(round_.id, COACH, 1)
        await practice.forward(3 * MINUTE)
        practice.announcer.gate.set()
        await practice.settled()
        first, second = practice.announcer.tellings[before:]
        assert [first.round.position, second.round.position] == [0, 1]
        assert second.news.is_card

    async def test_its_task_says_which_round_it_is_for(self, practice):
        practice.announcer.gate = asyncio.Event()
        round_ = await practice.proposed()
        assert task_names() == {f"tell-{round_.id}"}


class TestOtherRooms:
    async def test_a_slow_room_holds_up_no_other(self, practice):
        slow = await practice.begun()
        other = await practice.begun("pair-25", people=PAIR, room_id=OTHER_ROOM)
        gate = slow_room(practice, slow.id)
        before = len(practice.announcer.tellings)
        await practice.rounds.steering.pause(slow.id, COACH)
        await practice.forward(HOUR)
        told = practice.announcer.tellings[before:]
        assert {telling.round.id for telling in told} == {other.id}
        assert told[-1].round.ending is Ending.COMPLETE
        gate.open()
        await practice.settled()
        assert practice.announcer.tellings[-1].round.id == slow.id

    async def test_an_unreachable_room_holds_up_no_other(self, practice):
        lost = await practice.begun()
        other = await practice.begun("pair-25", people=PAIR, room_id=OTHER_ROOM)
        practice.announcer.fail(RoomUnreachable(), round_id=lost.id)
        await practice.forward(HOUR)
        assert practice.announcer.told(other.id)[-1].upto.ended
        assert not practice.announcer.told(lost.id)[-1].upto.ended


class TestUnreachable:
    async def test_it_is_tried_again_after_longer_and_longer_waits(self, practice):
        round_ = await practice.begun("deep-45")
        practice.announcer.fail(RoomUnreachable())
        before = len(practice.announcer.attempts)
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.forward(95)
        assert attempts(practice, before) == [0, 2, 6, 14, 30, 50, 70, 90]

    async def test_everything_since_is_one_piece_of_news(self, practice):
        round_ = await practice.begun("deep-45")
        practice.announcer.fail(RoomUnreachable())
        before = len(practice.announcer.tellings)
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.forward(5)
        await practice.rounds.steering.resume(round_.id, CLIENT)
        await practice.rounds.people.leave(round_.id, OBSERVER)
        await practice.forward(5)
        practice.announcer.heal()
        await practice.forward(20)
        assert dids(practice, before) == [[Did.PAUSED, Did.RESUMED, Did.LEFT]]

    async def test_segments_and_cues_of_an_outage_are_one_card(self, practice):
        round_ = await practice.begun()
        practice.announcer.fail(RoomUnreachable())
        before = len(practice.announcer.tellings)
        await practice.forward((2 + 18) * MINUTE + 90)
        practice.announcer.heal()
        await practice.forward(20)
        (telling,) = practice.announcer.tellings[before:]
        assert telling.news.is_card
        assert telling.news.missed == 1
        assert telling.news.cue is Cue.NONE
        assert practice.rounds.live.get(round_.id).position == 2

    async def test_what_happens_meanwhile_is_worth_an_attempt_at_once(self, practice):
        round_ = await practice.begun("deep-45")
        practice.announcer.fail(RoomUnreachable())
        before = len(practice.announcer.attempts)
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.forward(3)
        await practice.rounds.steering.resume(round_.id, CLIENT)
        await practice.forward(12)
        assert attempts(practice, before) == [0, 2, 3, 11]

    async def test_so_is_what_happens_while_an_attempt_is_under_way(self, practice):
        round_ = await practice.begun("deep-45")
        practice.announcer.fail(RoomUnreachable())
        practice.announcer.gate = asyncio.Event()
        before = len(practice.announcer.attempts)
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.settled()
        await practice.rounds.steering.resume(round_.id, CLIENT)
        practice.announcer.gate.set()
        await practice.forward(5)
        assert attempts(practice, before) == [0, 0, 4]

    async def test_a_success_makes_waits_short_again(self, practice):
        round_ = await practice.begun("deep-45")
        practice.announcer.fail(RoomUnreachable(), times=3)
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.forward(30)
        practice.announcer.fail(RoomUnreachable(), times=1)
        before = len(practice.announcer.attempts)
        await practice.rounds.steering.resume(round_.id, COACH)
        await practice.forward(30)
        assert attempts(practice, before) == [0, 2]

    async def test_a_refusal_makes_waits_short_again(self, practice):
        round_ = await practice.begun("deep-45")
        practice.announcer.fail(RoomUnreachable(), times=3)
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.forward(13)
        practice.announcer.fail(RoomRefused())
        await practice.forward(20)
        practice.announcer.fail(RoomUnreachable(), times=1)
        before = len(practice.announcer.attempts)
        await practice.rounds.steering.resume(round_.id, COACH)
        await practice.forward(30)
        assert attempts(practice, before) == [0, 2]

    async def test_a_card_asked_for_meanwhile_comes_with_the_next_attempt(self, practice):
        round_ = await practice.begun()
        practice.announcer.fail(RoomUnreachable(), times=2)
        before = len(practice.announcer.tellings)
        practice.rounds.live.show_card(round_.id)
        await practice.forward(10)
        (telling,) = practice.announcer.tellings[before:]
        assert telling.news.is_card

    async def test_it_is_logged_in_one_line_each_time(self, practice, caplog):
        round_ = await practice.begun()
        practice.announcer.fail(RoomUnreachable("503"), times=2)
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.forward(10)
        lines = [record for record in caplog.records if "503" in record.getMessage()]
        assert [record.levelno for record in lines] == [logging.WARNING] * 2
        assert not any(record.exc_info for record in lines)

    async def test_what_nobody_foresaw_is_logged_and_tried_again_too(self, practice, caplog):
        round_ = await practice.begun()
        practice.announcer.fail(LookupError("a fault of ours"), times=2)
        before = len(practice.announcer.attempts)
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.forward(10)
        assert attempts(practice, before) == [0, 2, 6]
        assert dids(practice)[-1] == [Did.PAUSED]
        assert "a fault of ours" in caplog.text


class TestRefused:
    @pytest.fixture
    def reported(self, practice) -> list[Round]:
        """The rounds whose starters have heard of it; rooms refuse everything."""
        practice.announcer.fail(RoomRefused("50013"))
        return practice.announcer.reported_refused

    async def test_a_person_who_proposed_it_hears_of_it_once(self, practice, reported):
        round_ = await practice.proposed()
        await practice.rounds.proposing.agree(round_.id, OBSERVER, Agreement.NOTES)
        await practice.forward(10 * MINUTE)
        assert [one.id for one in reported] == [round_.id]

    async def test_nothing_is_tried_again_by_itself(self, practice, reported):
        practice.announcer.heal()
        round_ = await practice.begun("deep-45")
        practice.announcer.fail(RoomRefused())
        before = len(practice.announcer.attempts)
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.forward(9 * MINUTE)
        assert attempts(practice, before) == [0]
        assert [one.id for one in reported] == [round_.id]

    async def test_the_clock_goes_on(self, practice, reported):
        round_ = await self.refused_round(practice)
        await practice.forward(3 * MINUTE)
        assert practice.rounds.live.get(round_.id).position == 1
        assert len(reported) == 1

    async def test_a_card_is_tried_when_it_seems_to_be_allowed(self, practice, reported):
        round_ = await self.refused_round(practice)
        before = len(practice.announcer.attempts)
        await practice.forward(3 * MINUTE)
        (attempt,) = practice.announcer.attempts[before:]
        assert attempt.round.position == 1
        assert practice.rounds.live.get(round_.id).refused
        assert len(reported) == 1

    async def test_nothing_is_tried_when_it_is_known_to_be_forbidden(self, practice, reported):
        round_ = await self.refused_round(practice)
        practice.announcer.writable = False
        before = len(practice.announcer.attempts)
        await practice.forward(10 * MINUTE)
        assert len(practice.announcer.attempts) == before
        assert practice.rounds.live.get(round_.id).position == 1
        assert len(reported) == 1

    async def test_what_someone_does_is_worth_an_attempt_but_no_second_report(
        self, practice, reported
    ):
        round_ = await self.refused_round(practice)
        practice.announcer.writable = False
        before = len(practice.announcer.attempts)
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.forward(MINUTE)
        assert attempts(practice, before) == [0]
        assert len(reported) == 1

    async def test_it_is_not_reported_again_after_a_new_start(self, practice, reported):
        round_ = await self.refused_round(practice)
        await practice.restart()
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.settled()
        assert practice.rounds.live.get(round_.id).refused
        assert len(reported) == 1

    async def test_everything_is_told_once_it_is_allowed_again(self, practice, reported):
        round_ = await self.refused_round(practice)
        practice.announcer.heal()
        await practice.forward(3 * MINUTE)
        telling = practice.announcer.tellings[-1]
        assert (telling.round.position, telling.news.is_card) == (1, True)
        kept = practice.rounds.live.get(round_.id)
        assert not kept.refused
        assert kept == await practice.on_disk(round_.id)
        assert len(reported) == 1

    @pytest.mark.parametrize("writable", [True, False])
    async def test_a_round_that_ends_so_is_let_go_of(self, practice, reported, writable):
        round_ = await self.refused_round(practice)
        practice.announcer.writable = writable
        await practice.forward(HOUR)
        assert practice.rounds.live.all() == []
        stored = await practice.on_disk(round_.id)
        assert stored is not None
        assert stored.ending is Ending.COMPLETE
        assert await practice.store.unfinished() == []
        assert len(reported) == 1

    async def test_a_report_that_fails_stops_nothing(self, practice, caplog):
        async def fail(round_: Round) -> None:
            raise LookupError(round_.id)

        practice.announcer.report_refused = fail
        round_ = await self.refused_round(practice)
        assert "a report could not be made" in caplog.text
        practice.announcer.heal()
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.settled()
        assert practice.announcer.tellings[-1].round.state is State.PAUSED

    async def refused_round(self, practice: Practice) -> Round:
        """A round whose room has just refused to hear that it was paused and resumed."""
        practice.announcer.heal()
        round_ = await practice.begun()
        practice.announcer.fail(RoomRefused("50013"))
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.rounds.steering.resume(round_.id, COACH)
        await practice.settled()
        assert practice.rounds.live.get(round_.id).refused
        return round_


class TestWhatNobodyForesaw:
    async def test_news_that_fails_for_no_known_reason_is_given_up_after_some_time(
        self, practice, caplog
    ):
        round_ = await practice.begun()
        before = len(practice.announcer.attempts)
        practice.announcer.fail(ValueError("a field is too long"))
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.forward(5 * MINUTE)
        assert attempts(practice, before) == [0, 2, 6, 14, 30]
        assert "the news is given up" in caplog.text

    async def test_what_comes_after_it_is_told(self, practice):
        round_ = await practice.begun()
        practice.announcer.fail(ValueError("a field is too long"), times=5)
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.forward(5 * MINUTE)
        before = len(practice.announcer.tellings)
        await practice.rounds.steering.resume(round_.id, CLIENT)
        await practice.settled()
        assert dids(practice, before) == [[Did.RESUMED]]
