"""Keeps the gatherings that are going on: in memory, on disk first, each with its deadline.

A change is on disk before anybody acts on it. Changes of one gathering happen one after another.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bot.gatherings.model.gathering import MOST_TIME, Gathering, Presence, Stage
from bot.gatherings.model.moves import forget, forget_group
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.store.gatherings import DojoTaken, GatheringStore
from bot.kit.logs import log_context
from bot.kit.per_key import OneAtATime
from bot.kit.time.clock import Clock, to_the_millisecond
from bot.kit.time.steady_clock import SteadyClock
from bot.kit.time.timers import DeadlineScheduler
from bot.rounds.model.round import Round
from bot.rounds.service.live import LiveRounds

log = logging.getLogger(__name__)

Move = Callable[[Gathering, datetime], Gathering]
Watcher = Callable[[Gathering], None]

IN_TRANSIT = (Stage.BOARDING, Stage.RETURNING)
IN_THE_MIDDLE = (*IN_TRANSIT, Stage.RUNNING)


class LiveGatherings:
    """All gatherings that are not over, or whose dojo does not know yet that they are."""

    def __init__(self, store: GatheringStore, *, now: Clock) -> None:
        self._store = store
        self._clock = now
        self._gatherings: dict[int, Gathering] = {}
        self._by_dojo: dict[int, int] = {}
        self._changes = OneAtATime(self._read_again)
        self._watchers: list[Watcher] = []
        self._seated: dict[int, tuple[int, ...]] = {}
        self._deadlines = DeadlineScheduler(self._come_due, self.now)

    async def load(self) -> None:
        """Read what was going on when the program ended."""
        for gathering in await self._store.open_ones():
            self._keep(gathering)

    def start(self) -> None:
        """Let the deadlines come, and have everybody who watches look at every gathering once."""
        for gathering in self.all():
            self._tell(gathering)
        self._deadlines.start()

    async def close(self) -> None:
        """Stop all deadlines; everything is on disk already."""
        await self._deadlines.close()

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` after every change, and when a deadline comes; the result ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    # Looking

    def now(self) -> datetime:
        """The present to the millisecond, as it is kept on disk."""
        return to_the_millisecond(self._clock())

    def get(self, gathering_id: int) -> Gathering:
        """A gathering that is going on. Raises CannotGather when it is over."""
        gathering = self._gatherings.get(gathering_id)
        if gathering is None or not gathering.is_open:
            raise CannotGather("over")
        return gathering

    def find(self, gathering_id: int | None) -> Gathering | None:
        """A gathering that is kept, also one whose dojo does not know yet that it is over."""
        return self._gatherings.get(gathering_id) if gathering_id is not None else None

    async def read(self, gathering_id: int) -> Gathering | None:
        """A gathering, also one that was over long ago."""
        return self.find(gathering_id) or await self._store.get(gathering_id)

    def of_dojo(self, dojo_id: int) -> Gathering | None:
        """The gathering of a dojo that is going on."""
        return self.find(self._by_dojo.get(dojo_id))

    def of_round(self, round_id: int) -> Gathering | None:
        """The gathering whose current round this is."""
        return next((one for one in self.all() if one.room_with(round_id)), None)

    def look_after(self, round_: Round) -> Collection[int]:
        """Who may read the room of a round because they look after its evening."""
        gathering = self.find(round_.gathering_id)
        return (*gathering.facilitators, *gathering.trusted_user_ids) if gathering else ()

    def grouped(self, round_: Round) -> Collection[int]:
        """The people of the group that meets in the room of a round, also those who have left."""
        gathering = self.find(round_.gathering_id)
        if gathering is None or not gathering.is_in_rooms:
            return ()
        room = next((one for one in gathering.rooms if one.channel_id == round_.room_id), None)
        group = gathering.group_in(room) if room is not None else None
        return group.people if group is not None else ()

    def has_joined(self, gathering_id: int, user_id: int) -> bool:
        """Whether a person takes part in an evening that is going on."""
        gathering = self.find(gathering_id)
        return gathering is not None and gathering.takes_part(user_id)

    def is_busy(self, user_id: int, guild_id: int) -> bool:
        """Whether a gathering that is kept in memory names this person in a guild."""
        return any(
            one.guild_id == guild_id
            and (
                one.guest(user_id) is not None
                or user_id in (one.facilitator_user_id, *one.helper_user_ids)
            )
            for one in self.all()
        )

    def of_person(self, user_id: int) -> list[Gathering]:
        """The gatherings this person takes part in now, or waits for a seat in."""
        return [
            one
            for one in self.all()
            if one.is_open
            and (guest := one.guest(user_id)) is not None
            and guest.presence is not Presence.LEFT
        ]

    def all(self) -> list[Gathering]:
        """Every gathering that is kept, as a list of its own."""
        return list(self._gatherings.values())

    # Changing

    async def add(self, gathering: Gathering) -> None:
        """Take in a new gathering, on disk. Raises CannotGather when its dojo has one."""
        other = self.of_dojo(gathering.dojo_id)
        if other is not None:
            raise CannotGather("open already", other.channel_id)
        self._keep(gathering)
        async with self._changes.locks[gathering.id]:
            try:
                await self._store.add(gathering)
            except BaseException as error:
                self._drop(gathering)
                if isinstance(error, DojoTaken):
                    raise CannotGather("open already", gathering.channel_id) from None
                raise
        self._tell(gathering)

    async def move(self, gathering_id: int, move: Move, *, quietly: bool = False) -> Gathering:
        """Change a gathering, on disk on return; `quietly`, nobody who watches is called."""

        async def change() -> Gathering:
            gathering = self._gatherings.get(gathering_id)
            if gathering is None:
                raise CannotGather("over")
            moved = move(gathering, self.now())
            if moved != gathering:
                moved = await self._store.save(gathering, moved)
                if moved.stage is not gathering.stage:
                    log.info("gathering %s: %s, round %d", moved.id, moved.stage, moved.number)
                self._keep(moved)
                self._note_seated(gathering, moved)
            return moved

        with log_context(gathering=gathering_id):
            moved = await self._changes.change(gathering_id, change)
            if not quietly:
                self._tell(moved)
            return moved

    def newly_seated(self, gathering_id: int) -> tuple[int, ...]:
        """Who got a seat from the waiting list, however it became free, and was not told yet."""
        return self._seated.get(gathering_id, ())

    def told_seated(self, gathering_id: int, people: Collection[int]) -> None:
        """These people know of their seats."""
        left = tuple(one for one in self.newly_seated(gathering_id) if one not in people)
        self._seated.pop(gathering_id, None)
        if left:
            self._seated[gathering_id] = left

    async def change_any(self, gathering_id: int, move: Move) -> None:
        """Change a gathering, also one that was over long ago; on disk on return."""
        if self.find(gathering_id) is not None:
            await self.move(gathering_id, move)
            return

        async def change() -> None:
            gathering = await self._store.get(gathering_id)
            changed = move(gathering, self.now()) if gathering is not None else None
            if gathering is not None and changed is not None and changed != gathering:
                await self._store.save(gathering, changed)

        await self._changes.change(gathering_id, change)

    async def told(self, gathering: Gathering, card_id: int | None) -> None:
        """Note what the card in the dojo shows."""

        # That it knows of the end is noted by `let_go`: until then there is something left to do.
        stage = gathering.stage if gathering.is_open else gathering.told_stage

        def move(current: Gathering, _: datetime) -> Gathering:
            return replace(current, card_id=card_id, told_turn=gathering.turn, told_stage=stage)

        await self.move(gathering.id, move, quietly=True)

    async def let_go(self, gathering: Gathering) -> None:
        """Nothing is left to do for a gathering that is over."""

        def move(current: Gathering, _: datetime) -> Gathering:
            return replace(current, told_stage=Stage.ENDED)

        self._drop(await self.move(gathering.id, move, quietly=True))

    async def forget_group(self, round_: Round) -> None:
        """No longer say who was in the group of a round that is being erased; on disk on return.

        Groups that are proposed for the next round, and would tell, are taken off the table.
        """
        if round_.gathering_id is None:
            return
        people = {seat.user_id for seat in round_.seats if seat.user_id is not None}
        await self.change_any(round_.gathering_id, lambda g, _: forget_group(g, round_.id, people))

    async def forget_person(self, user_id: int) -> None:
        """No gathering that is kept names this person any more; on disk on return."""
        for gathering in self.all():
            # Over by now: nothing keeps it in memory any more.
            with suppress(CannotGather):
                await self.move(gathering.id, lambda g, _: forget(g, user_id))

    # Inside

    def _note_seated(self, before: Gathering, after: Gathering) -> None:
        known = self._seated.get(after.id, ())
        new = tuple(one for one in after.seated_since(before) if one not in known)
        # Who has left again meanwhile is not told of a seat.
        people = tuple(one for one in (*known, *new) if after.takes_part(one))
        self._seated.pop(after.id, None)
        if people and after.is_open:
            self._seated[after.id] = people

    async def _read_again(self, gathering_id: int) -> None:
        """Take a gathering into memory as it is on disk; drop it where nothing is left to do."""
        known, stored = self.find(gathering_id), await self._store.get(gathering_id)
        if stored is not None and (stored.is_open or stored.told_stage is not Stage.ENDED):
            self._keep(stored)
        elif known is not None:
            self._drop(known)

    async def _come_due(self, gathering_id: int) -> None:
        gathering = self.find(gathering_id)
        if gathering is not None:
            self._tell(gathering)

    def _tell(self, gathering: Gathering) -> None:
        for watcher in tuple(self._watchers):
            watcher(gathering)

    def _keep(self, gathering: Gathering) -> None:
        self._gatherings[gathering.id] = gathering
        if gathering.is_open:
            self._by_dojo[gathering.dojo_id] = gathering.id
        elif self._by_dojo.get(gathering.dojo_id) == gathering.id:
            del self._by_dojo[gathering.dojo_id]
        if gathering.due_at is None:
            self._deadlines.cancel(gathering.id)
        else:
            self._deadlines.add(gathering.id, gathering.due_at)

    def _drop(self, gathering: Gathering) -> None:
        self._gatherings.pop(gathering.id, None)
        self._deadlines.cancel(gathering.id)
        if self._by_dojo.get(gathering.dojo_id) == gathering.id:
            del self._by_dojo[gathering.dojo_id]


def keep_steady(clock: SteadyClock, rounds: LiveRounds, gatherings: LiveGatherings) -> None:
    """Let a clock go by what is going on, as it was read from disk."""
    for moment in _moments(rounds, gatherings):
        clock.not_before(moment)
    clock.step_back_when(lambda: is_idle(rounds, gatherings))


def is_idle(rounds: LiveRounds, gatherings: LiveGatherings) -> bool:
    """Whether no round is running or paused, and no evening is on the way to or from one."""
    return not any(one.has_begun and one.is_open for one in rounds.all()) and not any(
        one.stage in IN_THE_MIDDLE for one in gatherings.all()
    )


def _moments(rounds: LiveRounds, gatherings: LiveGatherings) -> Iterator[datetime]:
    """What was stored of that which is in the middle of something."""
    for round_ in rounds.all():
        if round_.has_begun and round_.is_open:
            stored = (round_.began_at, round_.since, round_.paused_at)
            yield from (moment for moment in stored if moment is not None)
    for gathering in gatherings.all():
        if gathering.stage in IN_TRANSIT and gathering.due_at is not None:
            yield gathering.due_at - MOST_TIME
