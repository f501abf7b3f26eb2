"""What people do with rounds: who may, who was quicker, and who is free."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.kit.person import Person
from bot.rounds.model.asking import MOST_ASKED
from bot.rounds.model.did import Did
from bot.rounds.model.refusals import (
    AlreadyDone,
    AnswerAwaited,
    AskedOften,
    Busy,
    CannotNow,
    FormatUnsuitable,
    NotInRound,
    RoomTaken,
)
from bot.rounds.model.round import Agreement, Role, Round, State
from tests.people import MANAGER, MEMBER
from tests.rounds.service.practice import CLIENT, COACH, OBSERVER, Practice

OTHERS = (Person(21), Person(22), Person(23))
OTHER_ROOM = 3001
WISH = "zebra crossing in the moonlight"


def answers(practice: Practice, round_id: int) -> list[Agreement]:
    return [seat.agreement for seat in practice.rounds.live.get(round_id).seats]


class TestBusy:
    """People whose round runs are in no other one."""

    async def test_they_are_not_asked_into_another_round(self, practice):
        await practice.begun()
        with pytest.raises(Busy) as refused:
            await practice.proposed(people=(OTHERS[0], OBSERVER, COACH), room_id=OTHER_ROOM)
        assert refused.value.rooms == {OBSERVER.user_id: None, COACH.user_id: None}
        assert practice.rounds.live.in_room(OTHER_ROOM) is None

    async def test_they_may_be_asked_while_the_other_one_has_not_begun(self, practice):
        await practice.proposed()
        await practice.proposed(room_id=OTHER_ROOM, starter=CLIENT)
        assert len(practice.rounds.live.all()) == 2

    async def test_they_cannot_agree_to_another_one(self, practice):
        other = await practice.proposed(people=(*OTHERS[:2], OBSERVER), room_id=OTHER_ROOM)
        await practice.begun()
        with pytest.raises(Busy):
            await practice.rounds.proposing.agree(other.id, OBSERVER, Agreement.NOTES)

    async def test_they_cannot_join_another_one(self, practice):
        other = await practice.begun(people=OTHERS, room_id=OTHER_ROOM)
        await practice.begun()
        with pytest.raises(Busy):
            await practice.rounds.people.join(other.id, COACH)

    async def test_nobodys_role_is_given_to_them(self, practice):
        other = await practice.begun(people=OTHERS, room_id=OTHER_ROOM)
        await practice.begun()
        with pytest.raises(Busy):
            await practice.rounds.people.hand_over(
                other.id, OTHERS[0], OTHERS[0].user_id, COACH.user_id
            )

    async def test_many_who_ask_the_same_person_at_once_are_counted(self, practice):
        """S9: six rounds asked one person in the same moment."""
        victim = 99
        rounds = [
            await practice.proposed(
                people=tuple(Person(number + one) for one in range(3)),
                room_id=5000 + number,
                starter=Person(number),
            )
            for number in range(100, 160, 10)
        ]
        asked = await asyncio.gather(
            *(
                practice.rounds.people.hand_over(
                    one.id, Person(one.starter_user_id), one.starter_user_id, victim
                )
                for one in rounds
            ),
            return_exceptions=True,
        )
        assert sum(not isinstance(one, AskedOften) for one in asked) == MOST_ASKED

    async def test_a_round_begins_without_the_observers_who_are(self, practice):
        other = await practice.proposed(
            "quick-10", people=(*OTHERS, OBSERVER), room_id=OTHER_ROOM, starter=OTHERS[0]
        )
        await practice.begun()
        await practice.agreed(other, *OTHERS[:2])
        begun = await practice.rounds.proposing.begin(other.id, OTHERS[0])
        assert [seat.user_id for seat in begun.seats] == [21, 22, 23]

    async def test_a_round_does_not_begin_without_a_client_who_is(self, practice):
        people = (OTHERS[0], CLIENT, OTHERS[1])
        other = await practice.proposed(people=people, room_id=OTHER_ROOM)
        await practice.begun()
        with pytest.raises(Busy) as refused:
            await practice.rounds.proposing.begin(other.id, OTHERS[0])
        assert refused.value.rooms == {CLIENT.user_id: None}
        assert practice.rounds.live.get(other.id).state is State.PROPOSED

    async def test_they_are_free_when_they_have_left(self, practice):
        round_ = await practice.begun(people=(COACH, CLIENT, OBSERVER))
        await practice.rounds.people.leave(round_.id, OBSERVER)
        other = await practice.begun(people=OTHERS, room_id=OTHER_ROOM)
        await practice.rounds.people.join(other.id, OBSERVER)
        joined = await practice.rounds.people.let_in(other.id, OTHERS[1], OBSERVER.user_id)
        assert joined.takes_part(OBSERVER.user_id)
        with pytest.raises(Busy):
            await practice.rounds.people.join(round_.id, OBSERVER)

    async def test_they_are_free_when_the_round_is_over(self, practice):
        round_ = await practice.begun()
        await practice.rounds.steering.stop(round_.id, COACH)
        again = await practice.begun()
        assert again.has_begun

    async def test_a_room_with_a_round_takes_no_other(self, practice):
        await practice.proposed()
        with pytest.raises(RoomTaken):
            await practice.proposed(people=OTHERS)


class TestAgreementsTakenBack:
    async def test_a_person_who_is_in_a_round_that_begins_has_agreed_to_no_other(self, practice):
        other = await practice.proposed(people=(*OTHERS[:2], OBSERVER), room_id=OTHER_ROOM)
        await practice.rounds.proposing.agree(other.id, OBSERVER, Agreement.NOTES)
        await practice.rounds.proposing.agree(other.id, OTHERS[0], Agreement.NO_NOTES)
        await practice.settled()
        before = len(practice.announcer.told(other.id))
        await practice.begun()
        assert answers(practice, other.id) == [
            Agreement.NO_NOTES,
            Agreement.OPEN,
            Agreement.OPEN,
        ]
        assert await practice.on_disk(other.id) == practice.rounds.live.get(other.id)
        assert len(practice.announcer.told(other.id)) == before + 1

    async def test_a_round_does_not_begin_with_someone_of_another_one(self, practice):
        """Also when the program was killed before it could take the agreement back."""
        other = await practice.proposed(people=(*OTHERS[:2], OBSERVER), room_id=OTHER_ROOM)
        for person in (OTHERS[0], OBSERVER):
            await practice.rounds.proposing.agree(other.id, person, Agreement.NOTES)
        agreed = practice.rounds.live.get(other.id)
        await practice.begun()
        await practice.rounds.live.move(other.id, lambda r, _: replace(r, seats=agreed.seats))
        await practice.restart()
        await practice.rounds.proposing.agree(other.id, OTHERS[1], Agreement.NOTES)
        assert answers(practice, other.id) == [
            Agreement.NOTES,
            Agreement.NOTES,
            Agreement.OPEN,
        ]
        assert practice.rounds.live.get(other.id).state is State.PROPOSED

    async def test_the_round_begins_when_they_are_free_and_agree_again(self, practice):
        other = await practice.proposed(people=(*OTHERS[:2], OBSERVER), room_id=OTHER_ROOM)
        for person in (*OTHERS[:2], OBSERVER)[:2]:
            await practice.rounds.proposing.agree(other.id, person, Agreement.NOTES)
        round_ = await practice.begun()
        await practice.rounds.steering.stop(round_.id, COACH)
        await practice.rounds.proposing.agree(other.id, OBSERVER, Agreement.NOTES)
        assert practice.rounds.live.get(other.id).has_begun


class TestWhoWasQuicker:
    async def test_of_two_at_once_one_acts_and_the_other_hears_who_did(self, practice):
        round_ = await practice.begun()
        paused, refused = await asyncio.gather(
            practice.rounds.steering.pause(round_.id, COACH),
            practice.rounds.steering.pause(round_.id, CLIENT),
            return_exceptions=True,
        )
        assert isinstance(paused, Round)
        assert refused == AlreadyDone(Did.PAUSED, COACH.user_id)
        assert practice.rounds.live.get(round_.id).turn == paused.turn

    async def test_it_is_said_also_much_later(self, practice):
        round_ = await practice.begun()
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.forward(300)
        with pytest.raises(AlreadyDone) as refused:
            await practice.rounds.steering.pause(round_.id, CLIENT)
        assert refused.value == AlreadyDone(Did.PAUSED, COACH.user_id)

    @pytest.mark.parametrize("seconds", [0, 2.9])
    async def test_a_command_within_three_seconds_of_another_ones_is_done_once(
        self, practice, seconds
    ):
        round_ = await practice.begun()
        await practice.rounds.steering.go_next(round_.id, COACH)
        await practice.forward(seconds)
        with pytest.raises(AlreadyDone) as refused:
            await practice.rounds.steering.go_next(round_.id, CLIENT)
        assert refused.value == AlreadyDone(Did.MOVED_ON, COACH.user_id)
        assert practice.rounds.live.get(round_.id).position == 1

    async def test_a_command_three_seconds_later_is_another_one(self, practice):
        round_ = await practice.begun()
        await practice.rounds.steering.go_next(round_.id, COACH)
        await practice.forward(3)
        await practice.rounds.steering.go_next(round_.id, CLIENT)
        assert practice.rounds.live.get(round_.id).position == 2

    async def test_the_same_person_may_do_it_twice(self, practice):
        round_ = await practice.begun()
        await practice.rounds.steering.extend(round_.id, COACH, 2)
        await practice.rounds.steering.extend(round_.id, COACH, 2)
        assert practice.rounds.live.get(round_.id).extensions == 2

    async def test_something_else_is_not_the_same(self, practice):
        round_ = await practice.begun()
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.rounds.steering.resume(round_.id, CLIENT)
        await practice.rounds.steering.pause(round_.id, OBSERVER)
        assert practice.rounds.live.get(round_.id).state is State.PAUSED

    async def test_a_click_on_what_one_has_seen_counts_within_three_seconds(self, practice):
        round_ = await practice.begun()
        await practice.rounds.steering.go_next(round_.id, COACH, after=0)
        await practice.rounds.steering.go_next(round_.id, CLIENT, after=1)
        assert practice.rounds.live.get(round_.id).position == 2

    async def test_a_click_on_a_card_that_is_over_hears_who_was_quicker(self, practice):
        round_ = await practice.begun()
        await practice.rounds.steering.go_next(round_.id, COACH, after=0)
        with pytest.raises(AlreadyDone) as refused:
            await practice.rounds.steering.go_next(round_.id, CLIENT, after=0)
        assert refused.value == AlreadyDone(Did.MOVED_ON, COACH.user_id)

    async def test_nobody_is_named_when_it_was_the_clock(self, practice):
        round_ = await practice.begun()
        await practice.rounds.steering.go_next(round_.id, COACH, after=0)
        await practice.forward(19 * 60 + 1)
        assert practice.rounds.live.get(round_.id).position == 2
        with pytest.raises(AlreadyDone) as refused:
            await practice.rounds.steering.go_next(round_.id, CLIENT, after=1)
        assert refused.value == AlreadyDone(Did.MOVED_ON, None)

    async def test_a_person_who_needed_a_moment_is_not_named(self, practice):
        round_ = await practice.begun()
        await practice.rounds.steering.need_moment(round_.id, CLIENT)
        with pytest.raises(AlreadyDone) as refused:
            await practice.rounds.steering.pause(round_.id, COACH)
        assert refused.value == AlreadyDone(Did.PAUSED, None)

    async def test_a_refused_move_counts_for_nobody(self, practice):
        round_ = await practice.begun()
        with pytest.raises(AlreadyDone):
            await practice.rounds.steering.resume(round_.id, COACH)
        with pytest.raises(AlreadyDone) as refused:
            await practice.rounds.steering.resume(round_.id, CLIENT)
        assert refused.value == AlreadyDone(Did.RESUMED, None)

    async def test_of_two_ends_one_acts_and_the_other_hears_who_did(self, practice):
        round_ = await practice.begun()
        ended, refused = await asyncio.gather(
            practice.rounds.steering.stop(round_.id, COACH),
            practice.rounds.steering.stop(round_.id, CLIENT),
            return_exceptions=True,
        )
        assert isinstance(ended, Round)
        assert refused == AlreadyDone(Did.STOPPED, COACH.user_id)

    async def test_the_first_to_take_a_seat_has_it(self, practice):
        people = (COACH, CLIENT, OBSERVER, OTHERS[0])
        round_ = await practice.begun(people=people)
        await practice.rounds.people.leave(round_.id, COACH)
        taken, refused = await asyncio.gather(
            practice.rounds.people.take_over(round_.id, OBSERVER, Role.COACH),
            practice.rounds.people.take_over(round_.id, OTHERS[0], Role.COACH),
            return_exceptions=True,
        )
        assert isinstance(taken, Round)
        assert taken.coach == taken.seat_of(OBSERVER.user_id)
        assert refused == AlreadyDone(Did.TOOK_OVER, OBSERVER.user_id)


class TestWhoMay:
    @pytest.mark.parametrize("name", ["pause", "go_next", "stop"])
    async def test_a_facilitator_steers_and_a_stranger_does_not(self, practice, name):
        round_ = await practice.begun()
        with pytest.raises(NotInRound):
            await getattr(practice.rounds.steering, name)(round_.id, MEMBER)
        assert practice.rounds.live.get(round_.id) == round_
        moved = await getattr(practice.rounds.steering, name)(round_.id, MANAGER)
        assert moved.turn > round_.turn

    @pytest.mark.parametrize("name", ["begin", "call_off"])
    async def test_a_person_who_proposed_it_decides_and_a_facilitator(self, practice, name):
        round_ = await practice.proposed(starter=CLIENT)
        await practice.agreed(round_, COACH, CLIENT)
        with pytest.raises(NotInRound) as refused:
            await getattr(practice.rounds.proposing, name)(round_.id, COACH)
        assert refused.value.what == "start"
        await getattr(practice.rounds.proposing, name)(round_.id, MANAGER)

    async def test_a_person_who_has_left_steers_no_more(self, practice):
        round_ = await practice.begun()
        await practice.rounds.people.leave(round_.id, OBSERVER)
        with pytest.raises(NotInRound):
            await practice.rounds.steering.pause(round_.id, OBSERVER)

    async def test_a_group_that_became_too_small_hears_of_a_format_that_suits(self, practice):
        round_ = await practice.proposed()
        await practice.rounds.proposing.decline(round_.id, OBSERVER)
        with pytest.raises(FormatUnsuitable) as refused:
            await practice.rounds.proposing.begin(round_.id, COACH)
        assert refused.value.people == 2
        assert refused.value.nearest_id == "pair-25"

    async def test_nothing_can_be_done_before_it_begins_nor_again_afterwards(self, practice):
        round_ = await practice.proposed()
        with pytest.raises(CannotNow):
            await practice.rounds.steering.pause(round_.id, COACH)
        with pytest.raises(AnswerAwaited):
            await practice.rounds.proposing.begin(round_.id, COACH)
        await practice.agreed(round_, COACH, CLIENT)
        await practice.rounds.proposing.begin(round_.id, COACH)
        with pytest.raises(AlreadyDone):
            await practice.rounds.proposing.begin(round_.id, COACH)
