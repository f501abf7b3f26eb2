"""Rounds are on disk before anybody hears of them, and are there again after every start."""

from __future__ import annotations

import asyncio

import pytest

from bot.kit.person import Person
from bot.kit.requests.errors import RoomUnreachable
from bot.rounds.model.clock import News, end
from bot.rounds.model.did import Did
from bot.rounds.model.moves import extend
from bot.rounds.model.refusals import AlreadyDone, Busy, RoomTaken
from bot.rounds.model.round import Agreement, Ending, RoomKind, Round, State
from bot.rounds.service.ports import Sent
from tests.rounds.service.faults import Gate, broken_disk, looked_up, slow_disk
from tests.rounds.service.practice import CLIENT, COACH, OBSERVER, ROOM, Practice

MINUTE = 60
HOUR = 3600
PAIR = (Person(21), Person(22))
OTHER_ROOM = 3001


class TestOnDiskBeforeTold:
    async def test_a_proposal_is(self, practice):
        found = looked_up(practice)
        await practice.proposed()
        ((told, stored),) = found
        assert stored == told

    async def test_whatever_people_do_is(self, practice):
        round_ = await practice.begun()
        found = looked_up(practice)
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.settled()
        await practice.rounds.steering.resume(round_.id, CLIENT)
        await practice.settled()
        await practice.rounds.people.leave(round_.id, OBSERVER)
        await practice.settled()
        await practice.rounds.steering.stop(round_.id, COACH)
        await practice.settled()
        assert [told for told, _ in found] == [stored for _, stored in found]
        assert len(found) == 4

    async def test_whatever_the_clock_does_is(self, practice):
        round_ = await practice.begun()
        found = looked_up(practice)
        await practice.forward(HOUR)
        assert practice.rounds.live.all() == []
        assert [told for told, _ in found] == [stored for _, stored in found]
        assert {told.position for told, _ in found} == set(range(1, len(round_.format.segments)))

    async def test_what_the_clock_did_is_also_when_that_is_noticed_in_telling(self, practice):
        round_ = await practice.begun()
        found = looked_up(practice)
        practice.clock.forward(minutes=3)
        practice.rounds.live.show_card(round_.id)
        await practice.settled()
        ((told, stored),) = found
        assert told.position == 1
        assert stored == told

    async def test_that_the_room_knows_is_on_disk_afterwards(self, practice):
        round_ = await practice.begun()
        stored = await practice.on_disk(round_.id)
        assert stored == practice.rounds.live.get(round_.id)
        assert stored.told.position == 0
        assert stored.card_id == practice.announcer.last_card_id


class TestNewStart:
    async def test_what_was_saved_but_not_told_is_told(self, practice):
        round_ = await practice.begun()
        practice.announcer.gate = asyncio.Event()
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.settled()
        await practice.end_process()
        practice.announcer.gate = None
        before = len(practice.announcer.tellings)
        await practice.begin_process()
        (telling,) = practice.announcer.tellings[before:]
        assert [action.did for action in telling.news.actions] == [Did.PAUSED]
        assert telling.round.state is State.PAUSED

    async def test_a_proposal_that_was_not_told_is_told(self, practice):
        practice.announcer.gate = asyncio.Event()
        round_ = await practice.proposed()
        practice.announcer.gate = None
        await practice.restart()
        (news,) = practice.announcer.told(round_.id)
        assert news.is_card

    async def test_what_was_told_but_not_noted_is_told_once_more(self, practice):
        round_ = await practice.begun()
        done = len(practice.announcer.tellings)
        practice.announcer.gate = asyncio.Event()
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.settled()
        async with broken_disk(practice):
            practice.announcer.gate.set()
            await practice.settled()
        await practice.restart()
        tellings = practice.announcer.tellings[done:]
        assert [[action.did for action in one.news.actions] for one in tellings] == [
            [Did.PAUSED],
            [Did.PAUSED],
        ]

    async def test_what_is_known_is_not_told_again(self, practice):
        round_ = await practice.begun()
        await practice.forward(30)
        before = len(practice.announcer.attempts)
        await practice.restart()
        assert len(practice.announcer.attempts) == before
        assert practice.rounds.live.get(round_.id).position == 0

    async def test_a_deadline_in_the_past_is_met_at_once(self, practice):
        round_ = await practice.begun()
        before = len(practice.announcer.tellings)
        await practice.restart(away=2 * MINUTE + 5)
        (telling,) = practice.announcer.tellings[before:]
        assert telling.round.position == 1
        assert not telling.news.late
        kept = practice.rounds.live.get(round_.id)
        assert kept.began_at == round_.began_at + round_.length

    async def test_several_boundaries_are_one_piece_of_news(self, practice):
        round_ = await practice.begun()
        before = len(practice.announcer.tellings)
        await practice.restart(away=(2 + 18 + 1 + 1 + 1) * MINUTE)
        (telling,) = practice.announcer.tellings[before:]
        assert telling.news.missed == 2
        assert practice.rounds.live.get(round_.id).position == 3

    async def test_a_round_whose_end_was_long_ago_is_interrupted_and_kept(self, practice):
        round_ = await practice.begun()
        before = len(practice.announcer.tellings)
        await practice.restart(away=3 * HOUR)
        (telling,) = practice.announcer.tellings[before:]
        assert telling.round.ending is Ending.INTERRUPTED
        assert practice.rounds.live.all() == []
        stored = await practice.on_disk(round_.id)
        assert stored is not None
        assert [one.user_id for one in stored.seats] == [one.user_id for one in round_.seats]

    async def test_the_clock_goes_on_where_it_should_be(self, practice):
        round_ = await practice.begun()
        await practice.restart(away=MINUTE)
        await practice.forward(MINUTE - 1)
        assert practice.rounds.live.get(round_.id).position == 0
        await practice.forward(1)
        assert practice.rounds.live.get(round_.id).position == 1

    async def test_a_pause_loses_nothing(self, practice):
        round_ = await practice.begun()
        await practice.forward(MINUTE)
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.restart(away=5 * MINUTE)
        await practice.rounds.steering.resume(round_.id, COACH)
        await practice.forward(MINUTE - 1)
        assert practice.rounds.live.get(round_.id).position == 0
        await practice.forward(1)
        assert practice.rounds.live.get(round_.id).position == 1

    async def test_nothing_moves_before_it(self, practice):
        round_ = await practice.begun()
        await practice.end_process()
        before = len(practice.announcer.attempts)
        await practice.begin_process(start=False)
        await practice.forward(5 * MINUTE)
        assert practice.rounds.live.get(round_.id).position == 0
        assert len(practice.announcer.attempts) == before
        practice.rounds.live.start()
        await practice.settled()
        assert practice.rounds.live.get(round_.id).position == 1

    async def test_what_people_do_before_it_is_told_after_it(self, practice):
        round_ = await practice.begun()
        await practice.end_process()
        await practice.begin_process(start=False)
        before = len(practice.announcer.attempts)
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.settled()
        assert len(practice.announcer.attempts) == before
        practice.rounds.live.start()
        await practice.settled()
        assert practice.announcer.tellings[-1].round.state is State.PAUSED

    async def test_a_second_one_does_nothing(self, practice):
        round_ = await practice.begun()
        practice.announcer.fail(RoomUnreachable())
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.settled()
        before = len(practice.announcer.attempts)
        practice.rounds.live.start()
        await practice.settled()
        assert len(practice.announcer.attempts) == before

    async def test_rooms_and_people_are_taken_as_before(self, practice):
        round_ = await practice.begun()
        await practice.restart()
        assert practice.rounds.live.in_room(None, 1, ROOM) == practice.rounds.live.get(round_.id)
        assert practice.rounds.live.of_person(COACH.user_id) == practice.rounds.live.get(round_.id)
        assert sum(one.has_begun for one in practice.rounds.live.all()) == 1


class TestAtOnce:
    async def test_two_moves_on_one_round_are_one_after_the_other(self, practice):
        round_ = await practice.begun()

        def lengthen(one, now):
            del now
            return extend(one, COACH.user_id, 1)

        moves = (practice.rounds.live.move(round_.id, lengthen) for _ in range(5))
        moved = await asyncio.gather(*moves)
        assert [one.extensions for one in moved] == [1, 2, 3, 4, 5]
        stored = await practice.on_disk(round_.id)
        assert stored.extensions == 5

    async def test_the_clock_and_a_person_are_one_after_the_other(self, practice):
        round_ = await practice.begun()
        gate = slow_disk(practice, round_.id)
        pausing = asyncio.create_task(practice.rounds.steering.pause(round_.id, COACH))
        await practice.forward(1)
        practice.clock.forward(minutes=5)
        coming_due = asyncio.create_task(practice.rounds.live._come_due(round_.id))
        gate.open()
        await asyncio.gather(pausing, coming_due)
        assert practice.rounds.live.get(round_.id).state is State.PAUSED
        assert practice.rounds.live.get(round_.id).position == 0

    @pytest.mark.parametrize("what", ["forget", "erase", "close_quietly", "said", "refused"])
    async def test_what_comes_during_a_move_is_made_from_what_became_of_it(self, practice, what):
        round_ = await practice.begun()
        gate, save, known = Gate(), practice.store.save, []

        async def save_later(old, new):
            known.append(old)
            await gate.wait()
            return await save(old, new)

        practice.store.save = save_later
        pausing = asyncio.create_task(practice.rounds.steering.pause(round_.id, COACH))
        await gate.reached.wait()
        about = {
            "forget": (OBSERVER.user_id,),
            "erase": (lambda one, now: end(one, Ending.STOPPED, now),),
            "close_quietly": (Ending.ROOM_GONE,),
            "said": (News(round_.told), Sent()),
            "refused": (),
        }
        changing = asyncio.create_task(getattr(practice.rounds.live, what)(round_.id, *about[what]))
        await asyncio.sleep(0)
        gate.open()
        await asyncio.gather(pausing, changing)
        assert [one.state for one in known[:2]] == [State.RUNNING, State.PAUSED]

    async def test_rounds_do_not_wait_for_each_other(self, practice):
        one = await practice.begun()
        other = await practice.begun("pair-25", people=PAIR, room_id=OTHER_ROOM)
        gate = slow_disk(practice, one.id)
        pausing = asyncio.create_task(practice.rounds.steering.pause(one.id, COACH))
        await practice.rounds.steering.pause(other.id, PAIR[0])
        assert practice.rounds.live.get(other.id).state is State.PAUSED
        assert not pausing.done()
        gate.open()
        await pausing

    async def test_a_room_is_taken_once(self, practice):
        proposals = (practice.proposed(), practice.proposed("pair-25", people=PAIR))
        one, other = await asyncio.gather(*proposals, return_exceptions=True)
        assert one.room_id == ROOM
        assert other == RoomTaken(ROOM)
        assert [stored.id for stored in await practice.store.unfinished()] == [one.id]

    async def test_what_happens_to_a_round_that_is_not_on_disk_yet_waits_for_it(self, practice):
        gate = slow_disk(practice)
        proposing = asyncio.create_task(practice.proposed(kind=RoomKind.VOICE))
        await gate.reached.wait()
        leaving = asyncio.create_task(
            practice.rounds.rooms.voice_changed(COACH.user_id, ROOM, None)
        )
        # A commit that is under way takes with it whatever comes before it begins.
        writing = asyncio.create_task(practice.database.health())
        gate.open()
        await asyncio.gather(proposing, leaving, writing)
        stored = await practice.on_disk(proposing.result().id)
        assert [seat.in_voice for seat in stored.seats] == [False, True, True]


class TestInOneRoundAtMost:
    """Two rounds each have the same people on their list, and everything happens at once."""

    async def test_an_observer_of_both_is_in_the_one_that_begins_first(self, practice):
        one = await practice.proposed("micro-12", people=(COACH, CLIENT, OBSERVER))
        other = await practice.proposed("micro-12", people=(*PAIR, OBSERVER), room_id=OTHER_ROOM)
        # The observer has said yes to one of them.
        await practice.agreed(one, COACH, OBSERVER)
        await practice.agreed(other, *PAIR)
        await asyncio.gather(
            practice.agreed(one, CLIENT), practice.rounds.proposing.begin(other.id, PAIR[0])
        )
        groups = {r.id: {seat.user_id for seat in r.here} for r in await begun(practice)}
        assert groups == {one.id: {11, 12, 13}, other.id: {21, 22}}

    async def test_of_two_rounds_with_one_coach_one_begins(self, practice):
        one = await practice.proposed("micro-12", people=(COACH, CLIENT))
        other = await practice.proposed(
            "micro-12", people=(COACH, OBSERVER), room_id=OTHER_ROOM, starter=OBSERVER
        )
        await practice.agreed(other, COACH)
        await practice.agreed(one, COACH)
        answered = await asyncio.gather(
            practice.rounds.proposing.agree(one.id, CLIENT, Agreement.NOTES),
            practice.rounds.proposing.agree(other.id, OBSERVER, Agreement.NOTES),
        )
        assert sorted(r.state for r in answered) == [State.PROPOSED, State.RUNNING]
        # The yes of someone who is in a round by now counts for no other one.
        (waiting,) = [r for r in answered if not r.has_begun]
        seat = practice.rounds.live.get(waiting.id).seat_of(COACH.user_id)
        assert seat.agreement is Agreement.OPEN
        assert len(await begun(practice)) == 1

    async def test_the_last_answers_to_two_agreements_begin_one_round(self, practice):
        one = await practice.proposed("micro-12", people=(COACH, CLIENT, OBSERVER))
        other = await practice.proposed("micro-12", people=(*PAIR, OBSERVER), room_id=OTHER_ROOM)
        for round_, people in ((one, (COACH, OBSERVER)), (other, (PAIR[0], OBSERVER))):
            for person in people:
                await practice.rounds.proposing.agree(round_.id, person, Agreement.NOTES)
        await asyncio.gather(
            practice.rounds.proposing.agree(one.id, CLIENT, Agreement.NOTES),
            practice.rounds.proposing.agree(other.id, PAIR[1], Agreement.NOTES),
        )
        assert [r.id for r in await begun(practice)] == [one.id]
        answers = [seat.agreement for seat in practice.rounds.live.get(other.id).seats]
        assert answers == [Agreement.NOTES, Agreement.NOTES, Agreement.OPEN]

    async def test_a_person_who_joins_two_rounds_is_in_one(self, practice):
        one = await practice.begun("micro-12", people=(COACH, CLIENT))
        other = await practice.begun("micro-12", people=PAIR, room_id=OTHER_ROOM)
        for round_ in (one, other):
            await practice.rounds.people.join(round_.id, OBSERVER)
        let_in, refused = await asyncio.gather(
            practice.rounds.people.let_in(one.id, CLIENT, OBSERVER.user_id),
            practice.rounds.people.let_in(other.id, PAIR[1], OBSERVER.user_id),
            return_exceptions=True,
        )
        assert let_in.takes_part(OBSERVER.user_id)
        assert refused == AlreadyDone("not-waiting")
        assert practice.rounds.live.get(other.id).waiting == ()

    async def test_a_person_who_leaves_is_free_only_when_that_is_on_disk(self, practice):
        one = await practice.begun("micro-12", people=(COACH, CLIENT, OBSERVER))
        other = await practice.begun("micro-12", people=PAIR, room_id=OTHER_ROOM)
        gate = slow_disk(practice, one.id)
        leaving = asyncio.create_task(practice.rounds.people.leave(one.id, OBSERVER))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await practice.rounds.people.join(other.id, OBSERVER)
        gate.open()
        await leaving
        await practice.rounds.people.join(other.id, OBSERVER)
        await practice.rounds.people.let_in(other.id, PAIR[1], OBSERVER.user_id)

    async def test_a_refusal_begins_no_round_with_someone_who_is_in_another_one(self, practice):
        """A6: the round begins by the last refusal, but only with people who are free."""
        one = await practice.proposed("micro-12", people=(COACH, CLIENT, OBSERVER))
        await practice.agreed(one, COACH, CLIENT)
        other = await practice.proposed(
            "micro-12", people=(COACH, PAIR[0]), room_id=OTHER_ROOM, starter=PAIR[0]
        )
        await practice.agreed(other, PAIR[0])
        await practice.settled()
        gate = slow_disk(practice, other.id)
        begins = asyncio.create_task(practice.agreed(other, COACH))
        await a_few_turns()
        declines = asyncio.create_task(practice.rounds.proposing.decline(one.id, OBSERVER))
        await a_few_turns()
        gate.open()
        await asyncio.gather(begins, declines)
        assert [r.id for r in await begun(practice)] == [other.id]


async def begun(practice: Practice) -> list[Round]:
    """The rounds that have begun, as another process would find them."""
    return [round_ for round_ in await practice.store.unfinished() if round_.has_begun]


async def a_few_turns() -> None:
    """Let tasks get as far as they can while the disk is slow."""
    for _ in range(20):
        await asyncio.sleep(0)
