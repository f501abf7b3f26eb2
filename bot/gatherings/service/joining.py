"""Joining an evening: with what wishes, for how long, and how it was in the end."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.gatherings.grouping.groups import Wish
from bot.gatherings.model import moves
from bot.gatherings.model.gathering import MOST_APART, Gathering, Guest, Presence, Room, Stage
from bot.gatherings.model.refusals import CannotGather, GatheringDone
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.rooms import GatheringRooms
from bot.gatherings.store.check_outs import CheckOutStore
from bot.gatherings.store.wishes import WishStore
from bot.kit.person import Person


@dataclass(frozen=True, slots=True)
class Wishes:
    """What someone wishes in a dojo; only they see it."""

    wish: Wish = Wish.ANY
    languages: frozenset[str] = frozenset()
    apart: tuple[int, ...] = ()
    """With whom they do not want to be in a group."""
    is_cut: bool = False
    """They named more than may be named now: the first ones hold."""


@dataclass(frozen=True, slots=True)
class Joined:
    """How someone is in a gathering now."""

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


@dataclass(eq=False)
class GatheringJoining:
    """What people decide for themselves: joining, what they wish, leaving, and checking out."""

    _live: LiveGatherings
    _rooms: GatheringRooms
    _wishes: WishStore
    _check_outs: CheckOutStore

    async def join(
        self,
        gathering_id: int,
        person: Person,
        *,
        wish: Wish | None = None,
        languages: frozenset[str] | None = None,
        leave_other: bool = False,
    ) -> Joined:
        """Someone joins, or changes their wish; without one, what they wished last holds.

        Late in a round they may observe at once. Raises CannotGather when they are in another
        gathering, unless they want to leave that one.
        """
        gathering = self._live.get(gathering_id)
        user_id = person.user_id
        for other in self._live.of_person(user_id):
            if other.id != gathering_id:
                if not leave_other:
                    raise CannotGather("other gathering", other.channel_id)
                await self.leave(other.id, person)
        before = await self._wishes.of(gathering.dojo_id, user_id) or (Wish.ANY, frozenset[str]())
        wished = before[0] if wish is None else wish
        spoken = before[1] if languages is None else languages
        joined = gathering
        is_back = gathering.takes_part(user_id) and gathering.is_in_rooms and wish is None
        # A person who is in it already, but in no room (any more), is let into one.
        if not is_back:
            joined = await self._live.move(
                gathering_id, lambda g, now: moves.join(g, user_id, wished, spoken, now)
            )
        if (wished, spoken) != before:
            await self._wishes.remember(gathering.dojo_id, user_id, wished, spoken)
        await self._rooms.tell_wish(joined, user_id)
        return await self._joined(joined, person)

    async def wish_for(
        self,
        gathering_id: int,
        person: Person,
        *,
        wish: Wish,
        languages: frozenset[str] | None = None,
    ) -> Gathering:
        """Remember what someone wishes in a dojo, and use it in the gathering if they are in it.

        Also before they join it, and when it is over.
        """
        gathering = await self._live.read(gathering_id)
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

        moved = await self._live.move(gathering_id, move)
        await self._rooms.tell_wish(moved, user_id)
        return moved

    async def leave(self, gathering_id: int, person: Person) -> Gathering:
        """Someone leaves, also a round that is under way; who waits gets the seat."""
        before = self._live.get(gathering_id)
        gathering = await self._live.move(gathering_id, lambda g, _: moves.leave(g, person.user_id))
        await self._rooms.leave_round(before, person.user_id)
        if before.room_of(person.user_id) is not None:
            self._rooms.tell_one_less(gathering, person.user_id)
        return gathering

    async def left_server(self, guild_id: int, user_id: int) -> None:
        """A person who is no longer in a server leaves its evenings, if they are in any."""
        for gathering in self._live.of_person(user_id):
            if gathering.guild_id == guild_id:
                # Over by now, or they have left in this very moment.
                with suppress(CannotGather):
                    await self.leave(gathering.id, Person(user_id))

    async def wishes_of(self, dojo_id: int, user_id: int) -> Wishes:
        """What someone wished last, and whom they named; for nobody else's eyes."""
        wish, languages = await self._wishes.of(dojo_id, user_id) or (Wish.ANY, frozenset[str]())
        named = tuple(await self._wishes.apart_of(dojo_id, user_id))
        return Wishes(wish, languages, named[:MOST_APART], is_cut=len(named) > MOST_APART)

    async def keep_apart(self, dojo_id: int, person: Person, others: Collection[int]) -> None:
        """With whom someone does not want to be in a group; replaces what they said before."""
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

        return await self._live.move(gathering_id, move)

    async def rest(self, gathering_id: int, person: Person, *, rests: bool = True) -> Gathering:
        """Someone sits the next round out, for whatever reason; or takes part after all."""
        return await self._live.move(
            gathering_id, lambda g, _: moves.rest(g, person.user_id, rests=rests)
        )

    async def check_out(self, gathering_id: int, person: Person, useful: int, word: str) -> None:
        """Say how useful the evening was, 0 to 10, and a word; shown without names at its close.

        What someone says again replaces what they said before. Nothing shows who has answered,
        or that someone has. Raises CannotGather once the evening is closed.
        """
        gathering = self._live.get(gathering_id)
        if gathering.guest(person.user_id) is None:
            raise CannotGather("not in it")
        useful = min(max(useful, 0), 10)
        if not await self._check_outs.put(gathering_id, person.user_id, useful, word):
            raise CannotGather("over")

    async def _joined(self, gathering: Gathering, person: Person) -> Joined:
        guest = gathering.guest(person.user_id)
        if guest is None:
            raise CannotGather("not in it")
        if guest.presence is Presence.WAITING:
            line = [one.user_id for one in gathering.waiting].index(person.user_id) + 1
            return Joined(gathering, guest, line=line)
        if gathering.stage in (Stage.BOARDING, Stage.RUNNING):
            return Joined(gathering, guest, await self._rooms.let_in(gathering.id, person))
        return Joined(gathering, guest)
