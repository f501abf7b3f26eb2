"""Rooms that are deleted, and cards that someone deleted."""

from __future__ import annotations

import asyncio

import pytest

from bot.kit.requests.errors import RoomGone, RoomUnreachable
from bot.rounds.model.refusals import NoRound, NotInRound
from bot.rounds.model.round import Ending, RoomKind
from tests.people import GUILD, MANAGER, MEMBER
from tests.rounds.service.faults import slow_disk
from tests.rounds.service.practice import COACH, ROOM

THREAD, VOICE = RoomKind.PRIVATE_THREAD, RoomKind.VOICE


class TestGone:
    async def test_a_round_ends_when_its_room_turns_out_to_be_gone(self, practice):
        round_ = await practice.begun()
        practice.announcer.fail(RoomGone())
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.settled()
        assert practice.rounds.live.all() == []
        stored = await practice.on_disk(round_.id)
        assert stored is not None
        assert stored.ending is Ending.ROOM_GONE
        assert stored.told.ended

    async def test_its_people_hear_of_it_once(self, practice):
        round_ = await practice.begun()
        practice.announcer.fail(RoomGone())
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.settled()
        await practice.rounds.rooms.room_deleted(ROOM)
        await practice.restart()
        (reported,) = practice.announcer.reported_gone
        assert [seat.user_id for seat in reported.here] == [11, 12, 13]

    async def test_two_who_notice_it_at_once_report_it_once(self, practice):
        round_ = await practice.begun()
        gate = slow_disk(practice, round_.id)
        noticing = [asyncio.create_task(practice.rounds.rooms.room_deleted(ROOM)) for _ in range(2)]
        await gate.reached.wait()
        gate.open()
        await asyncio.gather(*noticing)
        assert [one.id for one in practice.announcer.reported_gone] == [round_.id]

    async def test_what_never_began_leaves_no_row(self, practice):
        round_ = await practice.proposed()
        await practice.rounds.rooms.room_deleted(ROOM)
        assert await practice.on_disk(round_.id) is None
        assert [one.id for one in practice.announcer.reported_gone] == [round_.id]

    async def test_a_round_that_had_ended_already_is_reported_to_nobody(self, practice):
        round_ = await practice.begun()
        practice.announcer.fail(RoomUnreachable())
        await practice.rounds.steering.stop(round_.id, COACH)
        await practice.settled()
        practice.announcer.fail(RoomGone())
        await practice.forward(10)
        assert practice.announcer.reported_gone == []
        assert practice.rounds.live.all() == []
        stored = await practice.on_disk(round_.id)
        assert stored is not None
        assert stored.ending is Ending.STOPPED

    async def test_a_room_without_a_round_is_nobodys_business(self, practice):
        await practice.begun()
        await practice.rounds.rooms.room_deleted(ROOM + 1)
        assert practice.announcer.reported_gone == []
        assert sum(one.has_begun for one in practice.rounds.live.all()) == 1

    @pytest.mark.parametrize(("kind", "running"), [(THREAD, 0), (VOICE, 1)])
    async def test_threads_go_with_the_channel_of_their_dojo(self, practice, kind, running):
        await practice.begun(kind=kind)
        await practice.rounds.rooms.dojo_deleted(practice.dojo.id)
        assert sum(one.has_begun for one in practice.rounds.live.all()) == running

    async def test_rounds_of_a_guild_that_is_left_end_without_a_word(self, practice):
        round_ = await practice.begun()
        before = len(practice.announcer.attempts)
        await practice.rounds.rooms.guild_left(GUILD + 1)
        assert sum(one.has_begun for one in practice.rounds.live.all()) == 1
        await practice.rounds.rooms.guild_left(GUILD)
        await practice.settled()
        stored = await practice.on_disk(round_.id)
        assert stored is not None
        assert stored.ending is Ending.BOT_REMOVED
        assert len(practice.announcer.attempts) == before
        assert practice.announcer.reported_gone == []
        assert await practice.store.unfinished() == []


class TestCard:
    async def test_it_is_posted_again_for_someone_of_the_round(self, practice):
        round_ = await practice.begun()
        before = len(practice.announcer.tellings)
        await practice.rounds.steering.show_card(round_.id, COACH)
        await practice.settled()
        (telling,) = practice.announcer.tellings[before:]
        assert telling.news.is_card
        assert practice.rounds.live.get(round_.id).card_id == practice.announcer.last_card_id

    async def test_it_is_posted_again_for_a_facilitator_and_for_no_stranger(self, practice):
        round_ = await practice.begun()
        await practice.rounds.steering.show_card(round_.id, MANAGER)
        with pytest.raises(NotInRound):
            await practice.rounds.steering.show_card(round_.id, MEMBER)

    async def test_there_is_none_of_a_round_that_is_over(self, practice):
        round_ = await practice.begun()
        await practice.rounds.steering.stop(round_.id, COACH)
        with pytest.raises(NoRound):
            await practice.rounds.steering.show_card(round_.id, COACH)

    async def test_one_asked_for_while_a_line_is_under_way_comes_afterwards(self, practice):
        round_ = await practice.begun()
        before = len(practice.announcer.tellings)
        practice.announcer.gate = asyncio.Event()
        await practice.rounds.steering.pause(round_.id, COACH)
        await practice.settled()
        await practice.rounds.steering.show_card(round_.id, COACH)
        practice.announcer.gate.set()
        await practice.settled()
        news = [telling.news for telling in practice.announcer.tellings[before:]]
        assert [one.is_card for one in news] == [False, True]

    async def test_how_often_it_was_lost_is_kept(self, practice):
        round_ = await practice.begun()
        practice.announcer.card_was_lost = True
        for _ in range(2):
            await practice.rounds.steering.show_card(round_.id, COACH)
            await practice.settled()
        await practice.restart()
        assert practice.rounds.live.get(round_.id).card_losses == 2
