"""Keeps the rounds that are going on: in memory, on disk first, each with its clock running.

A change is on disk before anyone is told of it. Changes of one round happen one after another;
rounds do not wait for each other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.kit.logs import log_context
from bot.kit.per_key import OneAtATime
from bot.kit.time.clock import Clock, to_the_millisecond
from bot.kit.time.lateness import Lateness
from bot.kit.time.timers import DeadlineScheduler
from bot.rounds.model.clock import News, advance, due_at, end, news_of, with_told
from bot.rounds.model.people import forget
from bot.rounds.model.refusals import NoRound, RoomTaken
from bot.rounds.model.round import Ending, Round, Told
from bot.rounds.service.delivery import RoundDelivery
from bot.rounds.service.ports import Announcer, Sent
from bot.rounds.store.rounds import RoundStore

log = logging.getLogger(__name__)

Move = Callable[[Round, datetime], Round]


class LiveRounds:
    """All rounds that have not ended, or whose room does not know it yet."""

    def __init__(self, store: RoundStore, announcer: Announcer, *, now: Clock) -> None:
        self._store = store
        self._announcer = announcer
        self._clock = now
        self._rounds: dict[int, Round] = {}
        self._by_room: dict[int, int] = {}
        self._busy: dict[int, int] = {}
        self._at_evenings: dict[tuple[int, int], int] = {}
        """By gathering and person: the round of the room in which they have a seat."""
        self._changes = OneAtATime(self._read_again)
        self._reported: set[int] = set()
        self._watchers: list[Callable[[Round], None]] = []
        self._deadlines = DeadlineScheduler(self._come_due, self.now)
        self._delivery = RoundDelivery(self, announcer, now=self.now)
        self._started_at: datetime | None = None
        self._due: dict[int, datetime] = {}
        """By round, when its clock next has something to do or to say."""
        self._owed: dict[int, datetime] = {}
        """By round, when what its room is being told was due."""
        self.lateness = Lateness()

    @property
    def _has_started(self) -> bool:
        return self._started_at is not None

    # Life

    async def load(self) -> None:
        """Read what was going on when the program ended; nothing moves before `start`."""
        for round_ in await self._store.unfinished():
            self._keep(round_)
            if round_.refused:
                self._reported.add(round_.id)

    def start(self) -> None:
        """Let the clocks run and the rooms be told, first of all what was missed; once."""
        if self._has_started:
            return
        now = self._started_at = self.now()
        for round_ in self._rounds.values():
            if news_of(round_, now) is not None:
                self._deadlines.add(round_.id, now)
        self._delivery.start()
        self._deadlines.start()

    async def close(self) -> None:
        """Stop all clocks; everything is on disk already."""
        await self._deadlines.close()
        await self._delivery.close()

    def watch(self, watcher: Callable[[Round], None]) -> Callable[[], None]:
        """Call `watcher` with every round that has changed; the result ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    # Looking

    def in_room(self, *channel_ids: int | None) -> Round | None:
        """The round of the first of these channels that has one which is not over."""
        for channel_id in channel_ids:
            round_id = self._by_room.get(channel_id) if channel_id is not None else None
            if round_id is not None:
                return self._rounds[round_id]
        return None

    def get(self, round_id: int) -> Round:
        """A round that is not over. Raises NoRound."""
        round_ = self._rounds.get(round_id)
        if round_ is None or not round_.is_open:
            raise NoRound(is_over=True)
        return round_

    def find(self, round_id: int) -> Round | None:
        """A round that is kept, also one whose room does not know yet that it is over.

        It is as it stands by the clock, also before the clocks have been started.
        """
        round_ = self._rounds.get(round_id)
        if round_ is None or self._has_started:
            return round_
        return advance(round_, self.now())[0]

    async def read(self, round_id: int) -> Round:
        """A round, also one that was over long ago. Raises NoRound."""
        round_ = self.find(round_id) or await self._store.get(round_id)
        if round_ is None:
            raise NoRound(is_over=True, is_gone=True)
        return round_

    async def latest_in_room(self, channel_id: int | None) -> Round | None:
        """The round of a room, or the last one there was."""
        round_ = self.in_room(channel_id)
        if round_ is not None or channel_id is None:
            return round_
        return await self._store.last_in_room(channel_id)

    async def last_of_person(self, user_id: int, dojo_id: int) -> Round | None:
        """The latest round of a dojo that is over, and that this person was in to its end."""
        return await self._store.last_of_person(user_id, dojo_id)

    def of_person(self, user_id: int) -> Round | None:
        """The round whose clock runs with this person in it."""
        round_id = self._busy.get(user_id)
        return None if round_id is None else self._rounds[round_id]

    def at_evening(self, gathering_id: int | None, user_id: int) -> Round | None:
        """The round of a gathering in which this person has a seat, or is asked to take one.

        Whom the clock did not wait for is not in it, until they say yes.
        """
        round_id = self._at_evenings.get((gathering_id or 0, user_id))
        return None if round_id is None else self._rounds[round_id]

    async def people_of_room(self, room_id: int, gathering_id: int) -> set[int]:
        """Everybody who had a seat in a round of this gathering in a room, also who has left."""
        return await self._store.people_of_room(room_id, gathering_id)

    def all(self) -> list[Round]:
        """Every round that is kept, as a list of its own."""
        return list(self._rounds.values())

    def now(self) -> datetime:
        """The present to the millisecond, as it is kept on disk."""
        return to_the_millisecond(self._clock())

    # Changing

    async def add(self, round_: Round) -> None:
        """Take in a new round, on disk, and have its room told. Raises RoomTaken."""
        # Taken before the first await, so that two people cannot take the same room.
        if round_.room_id in self._by_room:
            raise RoomTaken(round_.room_id)
        self._keep(round_)
        # A person who finds it in its room already waits until it is on disk.
        async with self._changes.locks[round_.id]:
            try:
                await self._store.add(round_)
            except BaseException:
                self._drop(round_)
                raise
        self._delivery.tell(round_.id)

    async def move(self, round_id: int, move: Move, *, clock_first: bool = True) -> Round:
        """Change a round, on disk, and have its room told.

        Without `clock_first` the change is one that came before what the clock has to do now.
        """

        async def moved() -> Round:
            round_ = self.get(round_id)
            if clock_first:
                round_, _ = await self._advance(round_)
            moved = move(round_, self.now())
            # Someone is there, so trying to write is worth it again.
            moved = replace(moved, refused=False) if moved.refused else moved
            if moved != round_:
                moved = await self._save(round_, moved)
            if not clock_first:
                moved, _ = await self._advance(moved)
            return moved

        with log_context(round=round_id):
            try:
                return await self._changes.change(round_id, moved)
            finally:
                # Also when the move is refused: the clock may have done something.
                self._delivery.tell(round_id)

    async def reopen(self, round_id: int, move: Move) -> Round:
        """Change a round that has ended into one that has not, on disk, and have its room told.

        Raises NoRound, RoomTaken where another round has its room by now, and what the move raises.
        """

        async def reopened() -> Round:
            known = self._rounds.get(round_id) or await self._store.get(round_id)
            if known is None:
                raise NoRound(is_over=True, is_gone=True)
            moved = move(known, self.now())
            other = self.in_room(known.room_id)
            if other is not None and other.id != round_id:
                raise RoomTaken(known.room_id)
            return await self._save(known, moved)

        with log_context(round=round_id):
            moved = await self._changes.change(round_id, reopened)
        self._delivery.tell(round_id)
        return moved

    async def forget(self, round_id: int, user_id: int) -> None:
        """No longer say who a person was, also in a round that is over; on disk on return."""

        async def unname() -> None:
            round_ = self._rounds.get(round_id)
            if round_ is None:
                return
            unnamed = forget(round_, user_id)
            if unnamed != round_:
                await self._save(round_, unnamed)

        await self._changes.change(round_id, unname)

    async def erase(self, round_id: int, move: Move) -> None:
        """Erase a round with everything about it, also one that is over; on disk on return.

        Raises NoRound, and what the move says against it.
        """

        async def erase() -> None:
            kept = self._rounds.get(round_id)
            if kept is not None:
                kept, _ = await self._advance(kept)
            round_ = kept or await self._store.get(round_id)
            if round_ is None:
                raise NoRound(is_over=True)
            erased = move(round_, self.now())
            if kept is None:
                await self._store.delete(round_id)
            else:
                # Its room learns that it has ended, and then the rest of it goes.
                await self._save(kept, erased)

        await self._changes.change(round_id, erase)
        self._delivery.tell(round_id)
        await self._store.scrub()

    def show_card(self, round_id: int) -> None:
        """Post the card of a round again, e.g. because it was deleted. Raises NoRound."""
        self._delivery.tell(self.get(round_id).id, repost=True)

    async def close_quietly(self, round_id: int, ending: Ending) -> Round | None:
        """End a round without telling its room; the round as it was, if there was one."""

        async def close() -> Round | None:
            round_ = self._rounds.get(round_id)
            if round_ is None:
                return None
            ended = end(round_, ending, self.now()) if round_.is_open else round_
            told = Told(ended.position, ended.told.cue, ended.turn, ended=True)
            await self._note(round_, replace(ended, told=told, actions=()))
            return round_

        return await self._changes.change(round_id, close)

    # For the delivery

    async def gone(self, round_id: int) -> None:
        """See KnowsRounds: the room is deleted, and its people learn it where that is possible."""
        closed = await self.close_quietly(round_id, Ending.ROOM_GONE)
        if closed is not None and closed.is_open:
            await self._announcer.report_gone(closed)

    async def unsaid(self, round_id: int, *, repost: bool) -> tuple[Round, News] | None:
        """See KnowsRounds: the round as it is now, and what its room does not know."""
        found = await self._changes.change(round_id, lambda: self._look(round_id))
        if found is None:
            return None
        round_, news = found
        news = news_of(round_, self.now(), repost=True) if repost else news
        if news is None:
            return None
        if not round_.refused or (news.is_card and self._announcer.may_write(round_)):
            return round_, news
        if not round_.is_open and round_.ending is not None:
            # There will be nothing more to say, and nobody to hear it.
            await self.close_quietly(round_id, round_.ending)
        return None

    async def said(self, round_id: int, news: News, sent: Sent) -> None:
        """See KnowsRounds: on disk, the room knows the news."""
        owed = self._owed.pop(round_id, None)
        if owed is not None:
            self.lateness.note(owed, self.now())

        async def note() -> None:
            round_ = self._rounds.get(round_id)
            if round_ is None:
                return
            known = replace(
                with_told(round_, news),
                card_id=sent.card_id or round_.card_id,
                card_losses=round_.card_losses + sent.card_was_lost,
                refused=False,
            )
            await self._note(round_, known)

        await self._changes.change(round_id, note)

    async def refused(self, round_id: int) -> bool:
        """See KnowsRounds: the room cannot be written to; whether that is new."""

        async def note() -> bool:
            round_ = self._rounds.get(round_id)
            if round_ is None:
                return False
            changed = replace(round_, refused=True)
            if not round_.is_open:
                # There will be nothing more to say, and nobody to hear it.
                changed = replace(changed, told=replace(changed.told, ended=True))
            await self._note(round_, changed)
            is_new = round_id not in self._reported and not round_.refused
            if round_id in self._rounds:
                self._reported.add(round_id)
            return is_new

        return await self._changes.change(round_id, note)

    # Inside

    async def _come_due(self, round_id: int) -> None:
        with log_context(round=round_id):
            due = self._due.get(round_id)
            found = await self._changes.change(round_id, lambda: self._look(round_id))
            if found is not None and found[1] is not None:
                # What came due while the program was not running says so itself.
                if due is not None and self._started_at is not None and due >= self._started_at:
                    self._owed.setdefault(round_id, due)
                self._delivery.tell(round_id)

    async def _read_again(self, round_id: int) -> None:
        """Take a round into memory as it is on disk; drop it where nothing is left to do."""
        known, stored = self._rounds.get(round_id), await self._store.get(round_id)
        if stored is not None and (stored.is_open or not stored.told.ended):
            self._keep(stored)
        elif known is not None:
            self._drop(known)

    async def _look(self, round_id: int) -> tuple[Round, News | None] | None:
        """A round as it is now, on disk, and what its room does not know; None if it is gone."""
        round_ = self._rounds.get(round_id)
        return None if round_ is None else await self._advance(round_)

    async def _advance(self, round_: Round) -> tuple[Round, News | None]:
        """The round as it is now, on disk."""
        moved, news = advance(round_, self.now())
        if moved is round_:
            self._keep(round_)
            return round_, news
        moved = await self._save(round_, moved)
        if moved.position != round_.position or moved.state is not round_.state:
            log.info("round %s: %s, segment %d", moved.id, moved.state, moved.position)
        return moved, news

    async def _save(self, old: Round, new: Round) -> Round:
        """Put on disk, then into memory, what became of a round; in both or in neither."""
        # Before the first await, so that nobody gets into two rounds at the same moment.
        self._claim(new)
        try:
            saved = await self._store.save(old, new)
        except BaseException:
            self._release(new)
            self._claim(old)
            raise
        self._keep(saved)
        self._show(saved)
        return saved

    async def _note(self, old: Round, new: Round) -> None:
        """Put on disk what a room knows; let go of a round whose room knows that it is over."""
        if new.is_open or not new.told.ended:
            await self._save(old, new)
            return
        is_erased = new.ending is Ending.ERASED
        if is_erased or new.began_at is None:
            # What never began is nobody's history. Deleted in one step: a crash after a first one
            # would leave it on disk for good.
            await self._store.delete(old.id)
        else:
            await self._store.save(old, new)
        self._drop(old)
        if old.is_open:
            self._show(new)
        if is_erased:
            await self._store.scrub()

    def _show(self, round_: Round) -> None:
        for watcher in tuple(self._watchers):
            watcher(round_)

    def _keep(self, round_: Round) -> None:
        """Take a round as it is now into memory, with its deadline."""
        before = self._rounds.get(round_.id)
        if before is not None:
            self._release(before)
        self._rounds[round_.id] = round_
        self._claim(round_)
        due = due_at(round_, self.now()) if self._has_started else _first_due(round_)
        if due is None:
            self._due.pop(round_.id, None)
            self._deadlines.cancel(round_.id)
        else:
            self._due[round_.id] = due
            self._deadlines.add(round_.id, due)

    def _claim(self, round_: Round) -> None:
        """Its room is taken, and once it has begun its people are; at an evening from the start."""
        if not round_.is_open:
            return
        self._by_room[round_.room_id] = round_.id
        for user_id in (seat.user_id for seat in round_.here if seat.user_id is not None):
            if round_.has_begun:
                self._busy[user_id] = round_.id
            if round_.gathering_id is not None:
                self._at_evenings[round_.gathering_id, user_id] = round_.id

    def _release(self, round_: Round) -> None:
        if self._by_room.get(round_.room_id) == round_.id:
            del self._by_room[round_.room_id]
        for seat in round_.seats:
            if seat.user_id is not None and self._busy.get(seat.user_id) == round_.id:
                del self._busy[seat.user_id]
            evening = (round_.gathering_id or 0, seat.user_id or 0)
            if self._at_evenings.get(evening) == round_.id:
                del self._at_evenings[evening]

    def _drop(self, round_: Round) -> None:
        self._release(round_)
        self._rounds.pop(round_.id, None)
        self._deadlines.cancel(round_.id)
        self._due.pop(round_.id, None)
        self._owed.pop(round_.id, None)
        self._reported.discard(round_.id)


def _first_due(round_: Round) -> datetime | None:
    """When a round that was just read from disk has something to do, also in the past."""
    return due_at(round_, round_.proposed_at)
