"""What everything that people do with rounds needs: their rights, who is free, who was quicker."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.dojos.model.dojo import DojoSettings
from bot.dojos.service.dojos import DojoService
from bot.kit.person import Person
from bot.kit.refusals import DojoError
from bot.rounds.model import moves
from bot.rounds.model.did import Did
from bot.rounds.model.late import without_waiting
from bot.rounds.model.people import still_here
from bot.rounds.model.refusals import (
    AlreadyDone,
    Busy,
    CannotBeAsked,
    CannotNow,
    NoRound,
    NotInRound,
)
from bot.rounds.model.round import Agreement, Round, State
from bot.rounds.model.rules import check_may_steer
from bot.rounds.service.live import LiveRounds, Move

log = logging.getLogger(__name__)

AT_ONCE = timedelta(seconds=3)
"""What two people do within this time, without having seen each other's doing, counts once."""


@dataclass(frozen=True, slots=True)
class _Last:
    """Who steered a round last, and which segment it was in then."""

    did: Did
    by: int | None
    """None where nobody is to learn it."""
    at: datetime
    position: int


class RoundAccess:
    """Who may do what with a round, and the way on which people change one."""

    def __init__(self, live: LiveRounds, dojos: DojoService) -> None:
        self._live = live
        self._dojos = dojos
        # Who did what last, to tell a person who was quicker; not worth keeping on disk.
        self._last: dict[int, _Last] = {}

    def settings_of(self, round_: Round) -> DojoSettings:
        """What the round's dojo is set to, also a closed one; the usual if it is erased."""
        dojo = self._dojos.open_or_closed(round_.dojo_id)
        return DojoSettings() if dojo is None else dojo.settings

    def facilitates(self, round_: Round, person: Person) -> bool:
        """Whether this person facilitates the round's dojo, also a closed one, or its evening."""
        if person.looks_after is not None and person.looks_after == round_.gathering_id:
            return True
        dojo = self._dojos.open_or_closed(round_.dojo_id)
        return dojo is not None and dojo.is_facilitator(person)

    def check_may_steer(self, round_: Round, person: Person) -> None:
        """Raises NotInRound unless this is a facilitator, or of those of the round who steer it."""
        facilitates = self.facilitates(round_, person)
        check_may_steer(round_, person.user_id, facilitates=facilitates)

    def check_facilitates(self, round_: Round, person: Person) -> None:
        """Raises NotInRound unless this is a facilitator of the round's dojo."""
        if not self.facilitates(round_, person):
            raise NotInRound("facilitate")

    def check_may_start(self, round_: Round, person: Person) -> None:
        """Raises NotInRound unless this is the person who proposed the round, or a facilitator."""
        facilitates = self.facilitates(round_, person)
        moves.check_may_start(round_, person.user_id, facilitates=facilitates)

    async def move(self, round_id: int, move: Move) -> Round:
        """Change a round; the people of one that begins have agreed to no other one any more."""
        before = self._live.get(round_id)
        try:
            moved = await self._live.move(round_id, move)
        except AlreadyDone as error:
            raise self._with_name(error, round_id) from None
        if before.state is State.PROPOSED and moved.has_begun:
            await self._take_agreements_back(moved)
        await self._wait_nowhere_else(before, moved)
        if not moved.is_open:
            self._last.pop(round_id, None)
        return moved

    async def _take_agreements_back(self, begun: Round) -> None:
        people = {seat.user_id for seat in begun.here}
        for other in self._live.all():
            if other.state is State.PROPOSED and any(s.user_id in people for s in other.here):
                with suppress(NoRound):
                    await self._live.move(other.id, lambda r, _: _unagreed(r, people))

    async def _wait_nowhere_else(self, before: Round, moved: Round) -> None:
        """Who is in a round that runs waits to observe no other one."""
        if not moved.has_begun:
            return
        were_in = {seat.user_id for seat in before.here} if before.has_begun else set[int | None]()
        came = {s.user_id for s in moved.here if s.user_id is not None} - were_in
        for other in self._live.all():
            if other.id == moved.id:
                continue
            if any(one.user_id in came for one in other.waiting):
                with suppress(NoRound):
                    await self._live.move(other.id, lambda r, _: without_waiting(r, came))
            if moved.gathering_id is None or other.gathering_id != moved.gathering_id:
                continue
            for user_id in came.intersection(seat.user_id for seat in other.invited):
                # Who goes to another room of the evening has answered with that.
                with suppress(DojoError):
                    await self._live.move(other.id, _declined_by(user_id))

    async def steer(
        self,
        round_id: int,
        person: Person,
        did: Did,
        move: Move,
        *,
        has_seen: bool = False,
        quietly: bool = False,
        checks_itself: bool = False,
    ) -> Round:
        """A move for the people of a round and facilitators.

        `has_seen`: the move itself knows whether someone was quicker. `quietly`: nobody else
        learns who did it. Then, and with `checks_itself`, the move checks who may do it, which is
        not the same as who may steer. Raises NotInRound, NoRound, AlreadyDone, and what the move
        raises.
        """

        def checked(round_: Round, now: datetime) -> Round:
            if not quietly and not checks_itself:
                self.check_may_steer(round_, person)
            round_ = still_here(round_, person.user_id)
            last = self._last.get(round_id)
            if not has_seen and last is not None:
                is_other = last.by != person.user_id
                if last.did is did and is_other and now - last.at < AT_ONCE:
                    raise AlreadyDone(did, last.by)
            return move(round_, now)

        try:
            moved = await self.move(round_id, checked)
        except NoRound:
            last = self._last.get(round_id)
            if did is not Did.STOPPED or last is None or last.did is not did:
                raise
            raise AlreadyDone(did, last.by) from None
        if moved.is_open or did is Did.STOPPED:
            by = None if quietly else person.user_id
            self._last[round_id] = _Last(did, by, self._live.now(), moved.position)
        log.info("round %s: %s", round_id, did)
        return moved

    def _with_name(self, error: AlreadyDone, round_id: int) -> AlreadyDone:
        last = self._last.get(round_id)
        if last is None or last.did != error.did or error.by_user_id is not None:
            return error
        # In another segment by now: that was the clock.
        is_by_clock = self._live.get(round_id).position != last.position
        return error if is_by_clock else AlreadyDone(error.did, last.by)

    def agreed_by_free(self, round_: Round) -> Round:
        """A round that has not begun, without the agreements of people who are in another one.

        So it never begins by itself with someone who is elsewhere.
        """
        if round_.state is not State.PROPOSED:
            return round_
        agreed = [one.user_id for one in round_.here if one.agreement is not Agreement.OPEN]
        busy = {one for one in agreed if one and self.is_busy_elsewhere(one, but=round_.id)}
        return _unagreed(round_, busy) if busy else round_

    def is_busy_elsewhere(self, user_id: int, *, but: int) -> bool:
        """Whether a person is in another round whose clock runs."""
        other = self._live.of_person(user_id)
        return other is not None and other.id != but

    def check_free(self, user_ids: Iterable[int], *, by: int, guild_id: int, but: int = 0) -> None:
        """Check that nobody is in another round whose clock runs; `but` is a round that may be.

        Raises Busy, which names the room only to the person it is about (`by`). Raises
        CannotBeAsked where the round is in another server than `guild_id`: that is nobody's
        business here.
        """
        others = {user_id: self._live.of_person(user_id) for user_id in user_ids}
        busy = {who: r for who, r in others.items() if r is not None and r.id != but}
        elsewhere = [who for who, r in busy.items() if who != by and r.guild_id != guild_id]
        if elsewhere:
            raise CannotBeAsked(tuple(elsewhere))
        if busy:
            raise Busy({who: r.room_id if who == by else None for who, r in busy.items()})

    def check_free_for(self, round_: Round, user_ids: Iterable[int], *, by: int) -> None:
        """Check that nobody is in another round than this one; raises what `check_free` raises."""
        self.check_free(user_ids, by=by, guild_id=round_.guild_id, but=round_.id)

    def check_can_come(self, round_: Round, user_id: int) -> None:
        """Raises Busy when this person, who comes by themselves, is in another round.

        Raises CannotNow for a seat in another room of the same evening, also before the clocks run.
        """
        self.check_free_for(round_, [user_id], by=user_id)
        if self.sits_elsewhere(round_, user_id):
            raise CannotNow("other room")

    def sits_elsewhere(self, round_: Round, user_id: int) -> bool:
        """Whether a person has a seat in another room of the round's evening."""
        other = self._live.at_evening(round_.gathering_id, user_id)
        return other is not None and other.id != round_.id

    # Who did what last

    def forget_ended(self) -> None:
        """Most rounds end by the clock; nobody asks any more who did what in them."""
        live = {round_.id for round_ in self._live.all()}
        self._last = {of: last for of, last in self._last.items() if of in live}

    def forget_round(self, round_id: int) -> None:
        """Who steered an erased round is not remembered."""
        self._last.pop(round_id, None)

    def forget_person(self, user_id: int) -> None:
        """What this person did last is not remembered."""
        self._last = {of: last for of, last in self._last.items() if last.by != user_id}


def _declined_by(user_id: int) -> Move:
    def move(round_: Round, now: datetime) -> Round:
        seat = round_.seat_of(user_id)
        is_asked = seat is not None and seat in round_.invited
        return moves.decline(round_, user_id, now) if is_asked else round_

    return move


def _unagreed(round_: Round, people: Collection[int | None]) -> Round:
    if round_.state is not State.PROPOSED:
        # It has begun meanwhile, with their yes.
        return round_
    seats = tuple(
        replace(seat, agreement=Agreement.OPEN) if seat.user_id in people else seat
        for seat in round_.seats
    )
    return replace(round_, seats=seats).acted()
