"""Gatherings as use cases: opening one, joining it, planning it, and closing it."""

from __future__ import annotations

import logging
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from bot.content.model.formats import Format
from bot.dojos.model.dojo import Dojo
from bot.gatherings.grouping.groups import Wish
from bot.gatherings.model import moves
from bot.gatherings.model.gathering import (
    MOST_APART,
    OPEN_LASTS,
    Closing,
    Gathering,
    Grouping,
    Guest,
    Places,
    Presence,
    Room,
    Stage,
)
from bot.gatherings.model.plan import Plan
from bot.gatherings.model.plan_of import plan_of
from bot.gatherings.model.refusals import CannotGather, GatheringDone, NotFacilitator
from bot.gatherings.service.steering import GatheringControl
from bot.kit.ids import new_id
from bot.kit.person import Person
from bot.rounds.model.round import Round

log = logging.getLogger(__name__)

USUAL_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody wishes in a dojo; only they see it."""

    wish: Wish = Wish.ANY
    languages: frozenset[str] = frozenset()
    apart: tuple[int, ...] = ()
    """With whom they do not want to be in a group."""
    is_cut: bool = False
    """They named more than may be named now: the first ones hold."""


@dataclass(frozen=True, slots=True)
class Joined:
    """How somebody is in a gathering now."""

    gathering: Gathering
    guest: Guest
    room: Room | None = None
    """Where they may go at once, as observer, when a round is under way."""
    line: int = 0
    """Their place on the waiting list, from 1; 0 with a seat."""
    has_list: bool = False
    """They named someone; for their own eyes."""
    is_list_unmet: bool = False
    """The proposed groups cannot keep to their list; for their own eyes."""


class GatheringService(GatheringControl):
    """All that people do with gatherings."""

    # Opening

    async def open(
        self,
        dojo: Dojo,
        person: Person,
        *,
        format_: Format,
        rounds: int | None = None,
        places: Places = Places.THREADS,
        voice_id: int | None = None,
    ) -> Gathering:
        """Open a gathering, in which nobody is until they join.

        Raises NotFacilitator, and CannotGather when the dojo has one already.
        """
        dojo.check_may_configure(person)
        now = self.kept.now()
        gathering = Gathering(
            id=new_id(now, self._rng),
            dojo_id=dojo.id,
            guild_id=dojo.guild_id,
            channel_id=dojo.channel_id,
            format=format_,
            opened_at=now,
            facilitator_user_id=person.user_id,
            rounds=rounds or USUAL_ROUNDS,
            places=places,
            voice_id=voice_id,
            due_at=now + OPEN_LASTS,
        )
        await self.kept.add(gathering)
        log.info("gathering %s opened", gathering.id)
        return gathering

    # Joining

    async def join(
        self,
        gathering_id: int,
        person: Person,
        *,
        wish: Wish | None = None,
        languages: frozenset[str] | None = None,
        leave_other: bool = False,
    ) -> Joined:
        """Somebody joins, or changes their wish; without one, what they wished last holds.

        Late in a round they may observe at once. Raises CannotGather when they are in another
        gathering, unless they want to leave that one.
        """
        gathering = self.kept.get(gathering_id)
        user_id = person.user_id
        for other in self.kept.of_person(user_id):
            if other.id != gathering_id:
                if not leave_other:
                    raise CannotGather("other gathering", other.channel_id)
                await self.leave(other.id, person)
        before = await self._wishes.of(gathering.dojo_id, user_id) or (Wish.ANY, frozenset[str]())
        wished = before[0] if wish is None else wish
        spoken = before[1] if languages is None else languages
        joined = gathering
        is_back = gathering.takes_part(user_id) and gathering.is_in_rooms and wish is None
        # Whoever is in it already, but in no room (any more), is let into one.
        if not is_back:
            joined = await self.kept.move(
                gathering_id, lambda g, now: moves.join(g, user_id, wished, spoken, now)
            )
        if (wished, spoken) != before:
            await self._wishes.remember(gathering.dojo_id, user_id, wished, spoken)
        await self._tell_wish(joined, user_id)
        return await self._joined(joined, person)

    async def wish_for(
        self,
        gathering_id: int,
        person: Person,
        *,
        wish: Wish,
        languages: frozenset[str] | None = None,
    ) -> Gathering:
        """Remember what somebody wishes in a dojo, and use it in the gathering if they are in it.

        Also before they join it, and when it is over.
        """
        gathering = await self.kept.read(gathering_id)
        if gathering is None:
            raise CannotGather("over")
        user_id = person.user_id
        before = await self._wishes.of(gathering.dojo_id, user_id) or (Wish.ANY, frozenset[str]())
        spoken = before[1] if languages is None else languages
        if (wish, spoken) != before:
            await self._wishes.remember(gathering.dojo_id, user_id, wish, spoken)
        if not gathering.is_open:
            return gathering

        def move(g: Gathering, now: datetime) -> Gathering:
            guest = g.guest(user_id)
            if guest is None or guest.presence is Presence.LEFT:
                return g
            with suppress(GatheringDone):
                return moves.join(g, user_id, wish, spoken, now)
            return g

        moved = await self.kept.move(gathering_id, move)
        await self._tell_wish(moved, user_id)
        return moved

    async def leave(self, gathering_id: int, person: Person) -> Gathering:
        """Somebody leaves, also a round that is under way; who waits gets the seat."""
        before = self.kept.get(gathering_id)
        gathering = await self.kept.move(gathering_id, lambda g, _: moves.leave(g, person.user_id))
        await self._leave_round(before, person.user_id)
        return gathering

    async def left_server(self, guild_id: int, user_id: int) -> None:
        """A person who is no longer in a server leaves its evenings, if they are in any."""
        for gathering in self.kept.of_person(user_id):
            if gathering.guild_id == guild_id:
                # Over by now, or they have left in this very moment.
                with suppress(CannotGather):
                    await self.leave(gathering.id, Person(user_id))

    async def wishes_of(self, dojo_id: int, user_id: int) -> Wishes:
        """What somebody wished last, and whom they named; for nobody else's eyes."""
        wish, languages = await self._wishes.of(dojo_id, user_id) or (Wish.ANY, frozenset[str]())
        named = tuple(await self._wishes.apart_of(dojo_id, user_id))
        return Wishes(wish, languages, named[:MOST_APART], is_cut=len(named) > MOST_APART)

    async def keep_apart(self, dojo_id: int, person: Person, others: Collection[int]) -> None:
        """With whom somebody does not want to be in a group; replaces what they said before."""
        named = [one for one in dict.fromkeys(others) if one != person.user_id]
        await self._wishes.keep_apart(dojo_id, person.user_id, named[:MOST_APART])

    async def observe_tonight(self, gathering_id: int, person: Person) -> Gathering:
        """Someone only observes for the rest of the evening; what they wished before stays."""

        def move(g: Gathering, now: datetime) -> Gathering:
            guest = g.guest(person.user_id)
            if guest is None or guest.presence is Presence.LEFT:
                raise CannotGather("not in it")
            with suppress(GatheringDone):
                return moves.join(g, person.user_id, Wish.OBSERVE, guest.languages, now)
            return g

        return await self.kept.move(gathering_id, move)

    async def rest(self, gathering_id: int, person: Person, *, rests: bool = True) -> Gathering:
        """Someone sits the next round out, for whatever reason; or takes part after all."""
        return await self.kept.move(
            gathering_id, lambda g, _: moves.rest(g, person.user_id, rests=rests)
        )

    async def _joined(self, gathering: Gathering, person: Person) -> Joined:
        guest = gathering.guest(person.user_id)
        if guest is None:
            raise CannotGather("not in it")
        if guest.presence is Presence.WAITING:
            line = [one.user_id for one in gathering.waiting].index(person.user_id) + 1
            return Joined(gathering, guest, line=line)
        if gathering.stage in (Stage.BOARDING, Stage.RUNNING):
            return Joined(gathering, guest, await self.let_in(gathering.id, person))
        return Joined(gathering, guest)

    # Planning

    async def change_plan(
        self,
        gathering_id: int,
        person: Person,
        *,
        format_: Format | None = None,
        rounds: int | None = None,
        minutes: int | None = None,
        places: Places | None = None,
        grouping: Grouping | None = None,
        seats: int | None = None,
        voice_id: int | None = None,
    ) -> Gathering:
        """Change what is planned; what is left out stays as it is. `minutes` 0 takes them away.

        Raises CannotGather for rooms of the other kind while people are in theirs.
        """

        def move(g: Gathering, _: datetime) -> Gathering:
            if places not in (None, g.places) and g.is_in_rooms:
                # The rooms in which people are would be those of the next round as well.
                raise CannotGather("in rooms")
            changed = replace(g, voice_id=voice_id) if voice_id is not None else g
            return moves.change_plan(
                changed,
                format_=format_ or g.format,
                rounds=rounds or g.rounds,
                minutes=g.minutes if minutes is None else minutes or None,
                places=places or g.places,
                grouping=grouping or g.grouping,
                seats=seats or g.seats,
            )

        before = self.kept.get(gathering_id)
        gathering = await self._move(gathering_id, person, move)
        if gathering.places is not before.places and gathering.rooms and not before.is_in_rooms:
            # The next round gets rooms of the other kind.
            await self._host.put_away(gathering)
            # Not those of a round that has begun meanwhile.
            gathering = await self.kept.move(
                gathering_id, lambda g, _: g if g.is_in_rooms else replace(g, rooms=())
            )
        return gathering

    async def plan_of(self, gathering: Gathering) -> Plan:
        """How the evening goes with the people who are here now."""
        content = await self.content_of(gathering)
        return plan_of(gathering, content.formats.values())

    def lacks(self, gathering_id: int) -> tuple[str, ...]:
        """The permissions that were missing when they were last needed, by Discord's names."""
        return self._host.lacks(gathering_id)

    # Who facilitates

    async def hand_over(self, gathering_id: int, person: Person, to: int) -> Gathering:
        """Give the lead to another person, who may do for this evening what facilitators may."""
        return await self._move(gathering_id, person, lambda g, _: moves.hand_over(g, to))

    async def take_over(self, gathering_id: int, person: Person) -> Gathering:
        """Take the lead."""
        who = person.user_id
        return await self._move(gathering_id, person, lambda g, _: moves.take_over(g, who))

    async def take_off(self, gathering_id: int, person: Person, who: int) -> Gathering:
        """End what a person may do to whom this evening was handed.

        For facilitators of the dojo. Raises NotFacilitator, and GatheringDone when they may not.
        """

        def move(gathering: Gathering, _: datetime) -> Gathering:
            dojo = self._dojos.open_or_closed(gathering.dojo_id)
            if dojo is None or not dojo.is_facilitator(person):
                raise NotFacilitator(dojo.settings.facilitator_role_id if dojo else None)
            return moves.take_off(gathering, who, person.user_id)

        return await self.kept.move(gathering_id, move)

    # Closing

    async def close(self, gathering_id: int, person: Person) -> Gathering:
        """End the evening; while people are in their rooms, they are called back first."""
        gathering = self.kept.get(gathering_id)
        self.check_facilitates(gathering, person)
        if gathering.is_in_rooms:
            raise CannotGather("in rooms")
        return await self._move(
            gathering_id, person, lambda g, now: moves.end(g, Closing.CLOSED, now)
        )

    async def check_out(self, gathering_id: int, person: Person, useful: int, word: str) -> None:
        """Say how useful the evening was, 0 to 10, and a word; shown without names at its close.

        What someone says again replaces what they said before. Nothing shows who has answered,
        or that someone has. Raises CannotGather once the evening is closed.
        """
        gathering = self.kept.get(gathering_id)
        if gathering.guest(person.user_id) is None:
            raise CannotGather("not in it")
        useful = min(max(useful, 0), 10)
        if not await self._check_outs.put(gathering_id, person.user_id, useful, word):
            raise CannotGather("over")

    # What happens to dojos and guilds

    async def dojo_deleted(self, dojo_id: int) -> None:
        """The channel of a dojo is deleted: nobody can be told anything there."""
        for gathering in self.kept.all():
            if gathering.dojo_id == dojo_id:
                await self._end_quietly(gathering, Closing.CHANNEL_GONE)

    async def guild_left(self, guild_id: int) -> None:
        """The bot is no longer in a guild."""
        for gathering in self.kept.all():
            if gathering.guild_id == guild_id:
                await self._end_quietly(gathering, Closing.BOT_REMOVED)

    async def _end_quietly(self, gathering: Gathering, closing: Closing) -> None:
        def move(g: Gathering, now: datetime) -> Gathering:
            ended = moves.end(g, closing, now) if g.is_open else g
            # Its card counts as shown; what else is left to do at the end is done as ever.
            return replace(ended, told_turn=ended.turn)

        # Over and let go by now: then there is nothing to end.
        with suppress(CannotGather):
            await self.kept.move(gathering.id, move)

    def is_busy(self, user_id: int, guild_id: int) -> bool:
        """Whether a gathering that is kept in memory names this person in a guild."""
        return any(
            one.guild_id == guild_id
            and (
                one.guest(user_id) is not None
                or user_id in (one.facilitator_user_id, *one.helper_user_ids)
            )
            for one in self.kept.all()
        )

    async def forget_group(self, round_: Round) -> None:
        """No longer say who was in the group of a round that is being erased; on disk on return.

        Groups that are proposed for the next round, and would tell, are taken off the table.
        """
        if round_.gathering_id is None:
            return
        people = {seat.user_id for seat in round_.seats if seat.user_id is not None}
        await self.kept.amend(
            round_.gathering_id, lambda g, _: moves.forget_group(g, round_.id, people)
        )

    async def forget_person(self, user_id: int) -> None:
        """A person who is being forgotten is in no gathering any more."""
        await self.kept.forget_person(user_id)
