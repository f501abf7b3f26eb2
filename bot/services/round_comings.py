"""People come to a round, leave it, take over; in person or by their voice channel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from datetime import datetime

from bot.domain import round_late, round_people
from bot.domain.dojos import Person
from bot.domain.errors import (
    AlreadyDone,
    CannotNow,
    DojoError,
    NoRound,
    NotInRound,
)
from bot.domain.round_actions import Did
from bot.domain.rounds import Role, RoomKind, Round
from bot.services.round_desk import RoundDesk


class RoundComings(RoundDesk):
    """How the people of a round change."""

    async def join(self, round_id: int, person: Person) -> Round:
        """A person comes as observer, or comes back.

        Where the client is asked first, the round that is returned has them among those who wait.
        Raises CannotNow for a round that is full, and in the same words for who is not to meet
        a person in it.
        """
        known = self.kept.get(round_id)
        if known.gathering_id is None and known.seat_of(person.user_id) is None:
            people = [seat.user_id for seat in known.here if seat.user_id is not None]
            if await self.asking.are_apart(known.dojo_id, person.user_id, people):
                raise CannotNow("full")

        def move(round_: Round, now: datetime) -> Round:
            self._check_self_free(round_, person.user_id)
            return round_people.join(round_, person.user_id)

        return await self._move(round_id, move)

    async def leave(self, round_id: int, person: Person, *, who: int | None = None) -> Round:
        """A person leaves, or says that another one (`who`) has left."""
        if who is None or who == person.user_id:
            return await self._move(
                round_id, lambda r, now: round_people.leave(r, person.user_id, now)
            )

        def move(round_: Round, now: datetime) -> Round:
            if round_.has_begun and not round_.takes_part(who):
                raise AlreadyDone(Did.LEFT)
            return round_people.leave(round_, who, now, said_by=person.user_id)

        return await self._steer(round_id, person, Did.LEFT, move, has_seen=True)

    async def take_over(self, round_id: int, person: Person, role: Role) -> Round:
        """An observer takes the seat of a coach or client who is gone."""
        return await self._steer(
            round_id,
            person,
            Did.TOOK_OVER,
            lambda r, now: round_people.take_over(r, person.user_id, role, now),
        )

    async def hand_over(self, round_id: int, person: Person, old: int, new: int) -> Round:
        """Give one person's role to another.

        Raises CannotBeAsked and AskedOften for a person who is not in the round yet.
        """
        known = self.kept.get(round_id)
        is_asked = known.seat_of(new) is None and new != person.user_id
        if is_asked:
            self.check_may_steer(known, person)
            here = [s.user_id for s in known.here if s.user_id is not None]
            await self.asking.check_willing(
                known.dojo_id,
                [new],
                [person.user_id, *(one for one in here if one != old)],
                at_evening=known.gathering_id is not None,
            )
            if known.gathering_id is None:
                self.asking.check_not_often([new])

        def move(round_: Round, now: datetime) -> Round:
            self.check_free([new], by=person.user_id, guild_id=round_.guild_id, but=round_id)
            seat = round_.seat_of(old)
            if seat is None:
                raise NotInRound("replace")
            if not seat.is_here and seat.role is Role.OBSERVER:
                # No seat to give: whoever comes as a further observer joins.
                raise AlreadyDone(Did.REPLACED)
            return round_people.hand_over(round_, old, new, person.user_id, now)

        moved = await self._steer(round_id, person, Did.REPLACED, move, has_seen=True)
        if is_asked and known.gathering_id is None:
            self.asking.note_one(new, round_id)
        return moved

    # Who would like to observe a round that runs

    async def let_in(self, round_id: int, person: Person, who: int) -> Round:
        """The client lets a person observe.

        Raises NotInRound for anybody else, and AlreadyDone when that person waits no more.
        """

        def move(round_: Round, _: datetime) -> Round:
            round_late.check_is_client(round_, person.user_id)
            if self._is_busy(who, but=round_id):
                raise AlreadyDone("not-waiting")
            return round_late.let_in(round_, person.user_id, who)

        return await self._move(round_id, move)

    def check_is_client(self, round_id: int, person: Person) -> None:
        """Raises NotInRound unless this is the client of a round that has begun."""
        round_late.check_is_client(self.kept.get(round_id), person.user_id)

    async def wait_no_more(self, round_id: int, person: Person) -> Round:
        """A person no longer wants to observe. Raises AlreadyDone when they do not wait."""
        return await self._move(round_id, lambda r, _: round_late.wait_no_more(r, person.user_id))

    async def admit(self, round_id: int) -> Round:
        """After the coaching, let in who waits and is in no other round."""

        def move(round_: Round, _: datetime) -> Round:
            waiting = [one.user_id for one in round_.waiting]
            free = {one for one in waiting if not self._is_busy(one, but=round_id)}
            return round_late.admit(round_, free)

        return await self._move(round_id, move)

    async def asked_about(self, round_id: int, who: int, card_id: int) -> None:
        """Note which message asks the client about a person."""
        with suppress(NoRound):
            await self._move(round_id, lambda r, _: round_late.asked_about(r, who, card_id))

    async def voice_changed(self, user_id: int, before: int | None, after: int | None) -> None:
        """Somebody went from one voice channel to another, or from or to none."""
        for channel_id, is_left in ((before, True), (after, False)):
            known = self.kept.in_room(channel_id)
            if before == after or known is None or known.room is not RoomKind.VOICE:
                continue

            def move(round_: Round, now: datetime, *, is_left: bool = is_left) -> Round:
                if is_left:
                    return round_people.voice_left(round_, user_id, now)
                if round_.has_begun:
                    self._check_self_free(round_, user_id)
                return round_people.voice_joined(round_, user_id)

            # Over by now, full, or somebody of another round: nothing to notice.
            with suppress(DojoError):
                await self._move(known.id, move)

    async def see_voice(self, members: Callable[[int], Collection[int] | None]) -> None:
        """After a start: notice who came to and left the voice rooms meanwhile.

        `members` gives who is in a channel; none when that is not known.
        """
        for round_ in self.kept.all():
            present = members(round_.room_id) if round_.room is RoomKind.VOICE else None
            if present is None or not round_.is_open:
                continue
            # They are not gone, though the clock would say so now: nobody looked until now.
            back = [s.user_id for s in round_.here if s.away_since and s.user_id in present]
            if back:
                await self._notice_back(round_.id, back)
            for seat in round_.seats:
                if seat.user_id is None or seat.in_voice == (seat.user_id in present):
                    continue
                here = round_.room_id if seat.user_id in present else None
                there = None if here else round_.room_id
                await self.voice_changed(seat.user_id, there, here)

    async def _notice_back(self, round_id: int, back: Iterable[int | None]) -> None:
        def move(round_: Round, _: datetime) -> Round:
            for user_id in back:
                round_ = (
                    round_people.voice_joined(round_, user_id) if user_id is not None else round_
                )
            return round_

        with suppress(DojoError):
            await self.kept.move(round_id, move, clock_first=False)

    def _check_self_free(self, round_: Round, user_id: int) -> None:
        """Raises Busy when this person, who comes by themselves, is in another round."""
        self.check_free([user_id], by=user_id, guild_id=round_.guild_id, but=round_.id)
