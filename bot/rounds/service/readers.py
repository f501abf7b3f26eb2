"""Who reads the private room of a round: nobody who has left it, declined, or was sent away.

Nor does a person who would like to observe, before they are let in. Discord keeps people in a
thread until they are removed, and does not say who is in it. So each change of a round is compared
with the round before it; after a start, what is on disk says who may have been in its room, also
where the round has ended by then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import timedelta

from bot.kit.logs import log_context
from bot.kit.requests.errors import RoomGone, RoomRefused, RoomUnreachable
from bot.kit.time.timers import DeadlineScheduler
from bot.rounds.model.round import Agreement, Ending, RoomKind, Round
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.ports import RoomDoor
from bot.rounds.store.rounds import RoundStore

log = logging.getLogger(__name__)

RETRY_SECONDS = 10.0
TRIED_FOR = timedelta(days=1)
"""After the end of a round; whom people bring back into its room later stays."""

People = Callable[[Round], Collection[int]]


class RoomReaders:
    """Takes people out of private rooms when they are no longer of the round, and back in."""

    def __init__(
        self, rounds: LiveRounds, store: RoundStore, door: RoomDoor, *, brought: People
    ) -> None:
        self._rounds = rounds
        self._store = store
        self._door = door
        self._brought = [brought]
        self._look_after: People = _nobody
        self._known: dict[int, Round] = {}
        """Each round with a private room as it was last seen."""
        self._out: dict[int, set[int]] = {}
        """By round: who is to be taken out, and may still be in the room."""
        self._in: dict[int, set[int]] = {}
        """By round: who came to the round, and may not be in the room yet."""
        self._due = DeadlineScheduler(self._bring_up_to_date, rounds.now)
        rounds.watch(self._changed)

    def at_evenings(self, *, look_after: People, grouped: People) -> None:
        """Ask about rounds of evenings who looks after them, and who was brought into the room."""
        self._look_after = look_after
        self._brought.append(grouped)

    # Life

    async def load(self) -> None:
        """Read who left a round that has ended, and may still be in its room."""
        now = self._rounds.now()
        for round_ in await self._store.left_in_rooms(now - TRIED_FOR):
            self._known[round_.id] = round_
            self._out[round_.id] = _left(round_) - _readers(round_)
            self._due.add(round_.id, now)

    def start(self) -> None:
        """Begin, first with what was not done before the last stop."""
        for round_ in self._rounds.all():
            self._see(round_)
        self._due.start()

    async def close(self) -> None:
        """Stop; what is not done is found again at the next start."""
        await self._due.close()

    # Inside

    def _changed(self, round_: Round) -> None:
        # A round that is over is let go of once; it may be written a few more times after that.
        if round_.is_open or round_.id in self._known:
            self._see(round_)

    def _see(self, round_: Round) -> None:
        if round_.room is not RoomKind.PRIVATE_THREAD:
            return
        before = self._known.get(round_.id)
        self._known[round_.id] = round_
        readers = _readers(round_)
        gone = _left(round_) | _waiting(round_)
        came = set[int]()
        if round_.ending is Ending.ERASED:
            # Nothing says any more who was in it; nobody has left for that.
            gone = set[int]()
        elif before is None:
            gone |= {one for people in self._brought for one in people(round_)}
        else:
            gone = (gone - _left(before) - _waiting(before)) | _readers(before)
            came = _taking_part(round_) - _readers(before)
        out = (self._out.pop(round_.id, set()) | gone) - readers
        come = (self._in.pop(round_.id, set()) | came) & readers
        if out:
            self._out[round_.id] = out
        if come:
            self._in[round_.id] = come
        if out or come:
            self._due.add(round_.id, self._rounds.now())
        elif not round_.is_open:
            self._known.pop(round_.id, None)

    async def _bring_up_to_date(self, round_id: int) -> None:
        with log_context(round=round_id):
            try:
                await self._once(round_id)
            except RoomUnreachable as error:
                log.warning("a private room cannot be reached (%s); trying again", error)
                if not self._is_long_over(round_id):
                    wait = timedelta(seconds=RETRY_SECONDS)
                    self._due.add(round_id, self._rounds.now() + wait)
                    return
            except RoomGone:
                self._let_go(round_id)
        round_ = self._known.get(round_id)
        is_over = round_ is None or not round_.is_open
        if is_over and self._due.next_at(round_id) is None:
            # What Discord has refused is not tried again for a round that is over.
            self._let_go(round_id)

    async def _once(self, round_id: int) -> None:
        for user_id in tuple(self._out.get(round_id, ())):
            await self._take_out(round_id, user_id)
        for user_id in tuple(self._in.get(round_id, ())):
            await self._let_in(round_id, user_id)

    async def _take_out(self, round_id: int, user_id: int) -> None:
        if not _taken(self._out, round_id, user_id):
            return
        round_ = self._known.get(round_id)
        if round_ is None or self._may_read(round_, user_id):
            return
        try:
            await self._door.take_out(round_, user_id)
        except RoomRefused as error:
            log.warning("a person who is no longer of the round still reads its room: %s", error)
            self._try_again(self._out, round_id, user_id)
        except RoomUnreachable:
            self._try_again(self._out, round_id, user_id)
            raise

    async def _let_in(self, round_id: int, user_id: int) -> None:
        round_ = self._known.get(round_id)
        if not _taken(self._in, round_id, user_id) or round_ is None:
            return
        try:
            await self._door.let_in(round_, user_id)
        except RoomRefused as error:
            log.info("a person cannot be brought into the thread: %s", error)
        except RoomUnreachable:
            self._try_again(self._in, round_id, user_id)
            raise

    def _try_again(self, to_do: dict[int, set[int]], round_id: int, user_id: int) -> None:
        """Keep what could not be done, unless the person left or came back meanwhile."""
        round_ = self._known.get(round_id)
        if round_ is not None and (user_id in _readers(round_)) is (to_do is self._in):
            to_do.setdefault(round_id, set()).add(user_id)

    def _may_read(self, round_: Round, user_id: int) -> bool:
        """Whether a person is of the round, of a later one in its room, or looks after it."""
        later = self._rounds.in_room(round_.room_id)
        return (
            user_id in _readers(round_)
            or (later is not None and user_id in _readers(later))
            or user_id in self._look_after(round_)
        )

    def _is_long_over(self, round_id: int) -> bool:
        round_ = self._known.get(round_id)
        ended_at = round_.ended_at if round_ is not None else None
        return ended_at is not None and self._rounds.now() - ended_at > TRIED_FOR

    def _let_go(self, round_id: int) -> None:
        self._known.pop(round_id, None)
        self._out.pop(round_id, None)
        self._in.pop(round_id, None)


def _taken(to_do: dict[int, set[int]], round_id: int, user_id: int) -> bool:
    """Take a person off a list; whether they were on it."""
    people = to_do.get(round_id, set())
    if user_id not in people:
        return False
    people.discard(user_id)
    if not people:
        del to_do[round_id]
    return True


def _readers(round_: Round) -> set[int]:
    """Who has a seat or is asked to take one, and who started the round without a seat in it."""
    people = {seat.user_id for seat in round_.seats if seat.is_here}.union(_offered(round_))
    starter = round_.starter_user_id
    if starter is not None and round_.is_host(starter):
        people.add(starter)
    return {one for one in people if one is not None}


def _offered(round_: Round) -> tuple[int, ...]:
    """The person a seat is offered to, who answers in the room; also one who has left."""
    return (round_.offer.user_id,) if round_.offer is not None else ()


def _taking_part(round_: Round) -> set[int]:
    """Who is to be in the room: where people are asked elsewhere, after their yes."""
    is_asked_here = round_.asking_channel_id is None
    return {
        seat.user_id
        for seat in round_.here
        if seat.user_id is not None and (is_asked_here or seat.agreement is not Agreement.OPEN)
    }.union(_offered(round_))


def _left(round_: Round) -> set[int]:
    seats = (seat for seat in round_.seats if not seat.is_here)
    return {seat.user_id for seat in seats if seat.user_id is not None}


def _waiting(round_: Round) -> set[int]:
    return {one.user_id for one in round_.waiting if not one.has_gone}


def _nobody(_: Round) -> Collection[int]:
    """Without evenings nobody looks after a round."""
    return ()
