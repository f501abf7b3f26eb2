"""Rounds as use cases: who may do what, on disk before it is told, one change at a time."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import round_moves as moves
from bot.domain.dojos import Dojo, Person
from bot.domain.errors import (
    AlreadyDone,
    Busy,
    DojoError,
    FormatUnsuitable,
    NoRound,
    NotInRound,
    RoomTaken,
)
from bot.domain.formats import Format, nearest_for
from bot.domain.ids import new_id
from bot.domain.rounds import (
    Agreement,
    Did,
    Ending,
    Role,
    RoomKind,
    Round,
    Seat,
    State,
)
from bot.services.contents import ContentService
from bot.services.dojos import DojoService
from bot.services.round_keeper import Move, RoundKeeper

log = logging.getLogger(__name__)

AT_ONCE = timedelta(seconds=3)
"""What two people do within this time, without having seen each other's doing, is done once."""
NAMED_AT_MOST = 5
"""People a round can be started with by command; larger groups are joined."""


def all_can_be_named(format_: Format) -> bool:
    """Whether everybody a format needs can be named when a round is started."""
    return format_.fewest <= NAMED_AT_MOST


@dataclass(frozen=True, slots=True)
class Room:
    """Where a round takes place."""

    guild_id: int
    channel_id: int
    kind: RoomKind


@dataclass(frozen=True, slots=True)
class _Last:
    """Who steered a round last, and which segment it was in then."""

    did: Did
    by: int | None
    """None where that is nobody's business."""
    at: datetime
    position: int


class RoundService:
    """What people do with rounds: start them, steer them, come and go."""

    def __init__(
        self,
        keeper: RoundKeeper,
        dojos: DojoService,
        contents: ContentService,
        *,
        rng: random.Random,
    ) -> None:
        self.kept = keeper
        """The rounds that are going on, to look at."""
        self._dojos = dojos
        self._contents = contents
        self._rng = rng
        # Who did what last, to tell a person who was quicker; not worth keeping on disk.
        self._last: dict[int, _Last] = {}

    # Before the clock runs

    async def check_can_propose(
        self, dojo: Dojo, format_: Format, seats: Sequence[Seat], room_id: int | None = None
    ) -> None:
        """Raises FormatUnsuitable, Busy or RoomTaken when a round cannot be proposed so.

        A format for more people than can be named needs them only when it begins.
        """
        fewest = format_.fewest if all_can_be_named(format_) else 0
        try:
            moves.check_suits(format_, len(seats), fewest=fewest)
        except FormatUnsuitable as error:
            raise await self._with_nearest(error, dojo, format_) from None
        # First: nobody is to leave another round for a room that cannot be had.
        if self.kept.in_room(room_id) is not None:
            raise RoomTaken(room_id or 0)
        self._check_free([seat.user_id for seat in seats if seat.user_id is not None])

    async def propose(
        self,
        dojo: Dojo,
        room: Room,
        format_: Format,
        seats: Sequence[Seat],
        starter: Person,
        *,
        in_voice: Collection[int] = (),
    ) -> Round:
        """Ask people into a round; the room gets the agreement.

        Raises what `check_can_propose` raises.
        """
        await self.check_can_propose(dojo, format_, seats, room.channel_id)
        now = self.kept.now()
        round_ = Round(
            id=new_id(now, self._rng),
            dojo_id=dojo.id,
            guild_id=room.guild_id,
            room_id=room.channel_id,
            room=room.kind,
            format=format_,
            seats=tuple(replace(seat, in_voice=seat.user_id in in_voice) for seat in seats),
            proposed_at=now,
            starter_user_id=starter.user_id,
        )
        await self.kept.add(round_)
        # Most rounds end by the clock; nobody asks any more who did what in them.
        kept = {one.id for one in self.kept.all()}
        self._last = {of: last for of, last in self._last.items() if of in kept}
        log.info("round %s of %s proposed in %s", round_.id, format_.id, room.channel_id)
        return round_

    async def agree(self, round_id: int, person: Person, agreement: Agreement) -> Round:
        """A person answers the agreement; the round begins when everybody has.

        Raises Busy when this person is in another round that has begun.
        """

        def move(round_: Round, now: datetime) -> Round:
            # First: nobody is to leave another round for one that has no seat for them.
            round_.get_seat(person.user_id)
            self._check_free([person.user_id], but=round_id)
            return moves.agree(self._agreed_by_free(round_), person.user_id, agreement, now)

        return await self._move(round_id, move)

    async def begin(self, round_id: int, person: Person) -> Round:
        """Start the clock without waiting for those who have not answered.

        Observers who are in another round by now are left out; a coach or client who is raises
        Busy. Raises FormatUnsuitable when the format is not for so many people.
        """
        self.check_may_start(self.kept.get(round_id), person)
        dojo = self.dojo_of(self.kept.get(round_id))

        def move(round_: Round, now: datetime) -> Round:
            for seat in round_.observers:
                if seat.user_id is not None and self._is_busy(seat.user_id, but=round_id):
                    round_ = moves.decline(round_, seat.user_id, now)
            leads = [one.user_id for one in round_.here if one.user_id is not None]
            self._check_free(leads, but=round_id)
            return moves.begin(round_, now)

        try:
            return await self._move(round_id, move)
        except FormatUnsuitable as error:
            if dojo is None:
                raise
            raise await self._with_nearest(error, dojo, self.kept.get(round_id).format) from None

    async def call_off(self, round_id: int, person: Person) -> Round:
        """Take a proposal back."""
        self.check_may_start(self.kept.get(round_id), person)
        return await self._move(round_id, lambda r, now: moves.call_off(r, person.user_id, now))

    async def decline(self, round_id: int, person: Person) -> Round:
        """A person who was asked cannot come."""
        return await self._move(round_id, lambda r, now: moves.decline(r, person.user_id, now))

    async def change_format(self, round_id: int, person: Person, format_: Format) -> Round:
        """Propose the round with another format."""
        self.check_may_start(self.kept.get(round_id), person)
        return await self._move(
            round_id, lambda r, _: moves.change_format(r, format_, person.user_id)
        )

    async def watch_for(
        self, round_id: int, person: Person, codes: Sequence[str], wish: str
    ) -> Round:
        """The coach says what observers should watch, and what feedback they want."""
        return await self._move(
            round_id, lambda r, _: moves.watch_for(r, person.user_id, codes, wish)
        )

    # Steering

    async def pause(self, round_id: int, person: Person) -> Round:
        """Stop the clock."""
        return await self._steer(
            round_id, person, Did.PAUSED, lambda r, now: moves.pause(r, person.user_id, now)
        )

    async def resume(self, round_id: int, person: Person, *, quietly: bool = False) -> Round:
        """Start the clock again; `quietly`, nobody is told who did."""
        return await self._steer(
            round_id,
            person,
            Did.RESUMED,
            lambda r, now: moves.resume(r, person.user_id, now, quietly=quietly),
            quietly=quietly,
        )

    async def extend(
        self,
        round_id: int,
        person: Person,
        minutes: int,
        *,
        after: int | None = None,
        position: int | None = None,
    ) -> Round:
        """Lengthen the segment.

        `after` is how often the person saw it lengthened, `position` the segment they saw.
        """
        return await self._steer(
            round_id,
            person,
            Did.EXTENDED,
            lambda r, _: moves.extend(r, person.user_id, minutes, after=after, position=position),
            has_seen=after is not None,
        )

    async def go_next(self, round_id: int, person: Person, *, after: int | None = None) -> Round:
        """Begin the next segment; `after` is the position of the one the person saw."""
        return await self._steer(
            round_id,
            person,
            Did.MOVED_ON,
            lambda r, now: moves.go_next(r, person.user_id, now, after=after),
            has_seen=after is not None,
        )

    async def stop(self, round_id: int, person: Person, *, quietly: bool = False) -> Round:
        """End the round; what belongs to it is kept. `quietly`, nobody is told who did."""
        try:
            return await self._steer(
                round_id,
                person,
                Did.STOPPED,
                lambda r, now: moves.stop(r, person.user_id, now, quietly=quietly),
                quietly=quietly,
            )
        except NoRound:
            last = self._last.get(round_id)
            if last is None or last.did is not Did.STOPPED:
                raise
            raise AlreadyDone(Did.STOPPED, last.by) from None

    async def carry_on(self, round_id: int, person: Person) -> Round:
        """Leave the clock as it is after a late start."""
        return await self._steer(
            round_id, person, Did.CARRIED_ON, lambda r, _: moves.carry_on(r, person.user_id)
        )

    async def go_to_feedback(self, round_id: int, person: Person) -> Round:
        """Leave out the rest of the coaching, when the coach or client is gone."""
        return await self._steer(
            round_id,
            person,
            Did.WENT_TO_FEEDBACK,
            lambda r, now: moves.go_to_feedback(r, person.user_id, now),
        )

    async def need_moment(self, round_id: int, person: Person) -> Round:
        """The coach or client pauses, and nobody is told who or why."""
        return await self._move(round_id, lambda r, now: moves.need_moment(r, person.user_id, now))

    async def erase(self, round_id: int, person: Person) -> None:
        """The client ends the round, and nothing about it is kept."""
        await self._move(round_id, lambda r, now: moves.erase(r, person.user_id, now))
        log.info("round %s erased by its client", round_id)

    # People come and go

    async def join(self, round_id: int, person: Person) -> Round:
        """A person comes as observer, or comes back."""

        def move(round_: Round, now: datetime) -> Round:
            self._check_free([person.user_id], but=round_id)
            return moves.join(round_, person.user_id)

        return await self._move(round_id, move)

    async def leave(self, round_id: int, person: Person, *, who: int | None = None) -> Round:
        """A person leaves, or says that another one (`who`) has left."""
        if who is None or who == person.user_id:
            return await self._move(round_id, lambda r, now: moves.leave(r, person.user_id, now))

        def move(round_: Round, now: datetime) -> Round:
            if round_.has_begun and not round_.takes_part(who):
                raise AlreadyDone(Did.LEFT)
            return moves.leave(round_, who, now, said_by=person.user_id)

        return await self._steer(round_id, person, Did.LEFT, move, has_seen=True)

    async def take_over(self, round_id: int, person: Person, role: Role) -> Round:
        """An observer takes the seat of a coach or client who is gone."""
        return await self._steer(
            round_id,
            person,
            Did.TOOK_OVER,
            lambda r, now: moves.take_over(r, person.user_id, role, now),
        )

    async def hand_over(self, round_id: int, person: Person, old: int, new: int) -> Round:
        """Give one person's role to another."""

        def move(round_: Round, now: datetime) -> Round:
            self._check_free([new], but=round_id)
            seat = round_.seat_of(old)
            if seat is None:
                raise NotInRound("replace")
            if not seat.is_here and seat.role is Role.OBSERVER:
                # No seat to give: whoever comes as a further observer joins.
                raise AlreadyDone(Did.REPLACED)
            return moves.hand_over(round_, old, new, person.user_id, now)

        return await self._steer(round_id, person, Did.REPLACED, move, has_seen=True)

    async def voice_changed(self, user_id: int, before: int | None, after: int | None) -> None:
        """Somebody went from one voice channel to another, or from or to none."""
        for channel_id, is_left in ((before, True), (after, False)):
            known = self.kept.in_room(channel_id)
            if before == after or known is None or known.room is not RoomKind.VOICE:
                continue

            def move(round_: Round, now: datetime, *, is_left: bool = is_left) -> Round:
                if is_left:
                    return moves.voice_left(round_, user_id, now)
                if round_.has_begun:
                    self._check_free([user_id], but=round_.id)
                return moves.voice_joined(round_, user_id)

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
                round_ = moves.voice_joined(round_, user_id) if user_id is not None else round_
            return round_

        with suppress(DojoError):
            await self.kept.move(round_id, move, clock_first=False)

    # What happens to rooms

    async def room_deleted(self, channel_id: int) -> None:
        """Discord says that a channel is deleted."""
        round_ = self.kept.in_room(channel_id)
        if round_ is not None:
            await self.kept.gone(round_.id)

    async def dojo_deleted(self, dojo_id: int) -> None:
        """The channel of a dojo is deleted, and its threads with it."""
        threads = (RoomKind.PRIVATE_THREAD, RoomKind.PUBLIC_THREAD)
        for round_ in self.kept.all():
            if round_.dojo_id == dojo_id and round_.room in threads:
                await self.kept.gone(round_.id)

    async def guild_left(self, guild_id: int) -> None:
        """The bot is no longer in a guild: nobody can be told anything there."""
        for round_ in self.kept.all():
            if round_.guild_id == guild_id:
                await self.kept.close_quietly(round_.id, Ending.BOT_REMOVED)

    async def show_card(self, round_id: int, person: Person) -> None:
        """Post the card of a round anew, for somebody of it or a facilitator."""
        round_ = self.kept.get(round_id)
        self.check_may_steer(round_, person)
        self.kept.show_card(round_id)

    async def forget_person(self, user_id: int) -> None:
        """A person who is being forgotten leaves every round, and no round names them."""
        self._last = {of: last for of, last in self._last.items() if last.by != user_id}
        for round_ in self.kept.all():
            if round_.seat_of(user_id) is None and round_.starter_user_id != user_id:
                continue
            with suppress(NoRound):
                await self._move(round_.id, lambda r, now: _forgotten(r, user_id, now))
            # A round that is over is kept until its room knows, and written once more then.
            await self.kept.forget(round_.id, user_id)

    # Who may, and who is free

    def dojo_of(self, round_: Round) -> Dojo | None:
        """The dojo a round belongs to; none if it has been closed meanwhile."""
        return self._dojos.by_id(round_.dojo_id)

    def facilitates(self, round_: Round, person: Person) -> bool:
        """Whether this person is a facilitator of the round's dojo."""
        dojo = self.dojo_of(round_)
        return person.manages_channels if dojo is None else dojo.is_facilitator(person)

    def check_may_steer(self, round_: Round, person: Person) -> None:
        """Raises NotInRound unless this is somebody of the round or a facilitator."""
        facilitates = self.facilitates(round_, person)
        moves.check_may_steer(round_, person.user_id, facilitates=facilitates)

    def check_is_coach(self, round_: Round, person: Person) -> Seat:
        """The coach's seat. Raises NotInRound when this is somebody else."""
        return moves.check_is_coach(round_, person.user_id)

    def check_may_start(self, round_: Round, person: Person) -> None:
        """Raises NotInRound unless this is whoever proposed the round, or a facilitator."""
        facilitates = self.facilitates(round_, person)
        moves.check_may_start(round_, person.user_id, facilitates=facilitates)

    async def _move(self, round_id: int, move: Move) -> Round:
        """Change a round; whoever is in one that begins has agreed to no other one any more."""
        before = self.kept.get(round_id)
        try:
            moved = await self.kept.move(round_id, move)
        except AlreadyDone as error:
            raise self._with_name(error, round_id) from None
        if before.state is State.PROPOSED and moved.has_begun:
            await self._take_agreements_back(moved)
        if not moved.is_open:
            self._last.pop(round_id, None)
        return moved

    async def _take_agreements_back(self, begun: Round) -> None:
        people = {seat.user_id for seat in begun.here}
        for other in self.kept.all():
            if other.state is State.PROPOSED and any(s.user_id in people for s in other.here):
                with suppress(NoRound):
                    await self.kept.move(other.id, lambda r, _: _unagreed(r, people))

    async def _steer(
        self,
        round_id: int,
        person: Person,
        did: Did,
        move: Move,
        *,
        has_seen: bool = False,
        quietly: bool = False,
    ) -> Round:
        """A move for the people of a round and facilitators.

        `has_seen`: the move itself knows whether somebody was quicker. `quietly`: nobody else
        learns who did it.
        """

        def checked(round_: Round, now: datetime) -> Round:
            self.check_may_steer(round_, person)
            last = self._last.get(round_id)
            if not has_seen and last is not None:
                is_other = last.by != person.user_id
                if last.did is did and is_other and now - last.at < AT_ONCE:
                    raise AlreadyDone(did, last.by)
            return move(round_, now)

        moved = await self._move(round_id, checked)
        if moved.is_open or did is Did.STOPPED:
            by = None if quietly else person.user_id
            self._last[round_id] = _Last(did, by, self.kept.now(), moved.position)
        log.info("round %s: %s", round_id, did)
        return moved

    def _with_name(self, error: AlreadyDone, round_id: int) -> AlreadyDone:
        last = self._last.get(round_id)
        if last is None or last.did != error.did or error.by_user_id is not None:
            return error
        # In another segment by now: that was the clock.
        is_by_clock = self.kept.get(round_id).position != last.position
        return error if is_by_clock else AlreadyDone(error.did, last.by)

    def _agreed_by_free(self, round_: Round) -> Round:
        """The round without the agreements of people who are in another one by now."""
        busy = {
            seat.user_id
            for seat in round_.here
            if seat.user_id is not None
            and seat.agreement is not Agreement.OPEN
            and self._is_busy(seat.user_id, but=round_.id)
        }
        return _unagreed(round_, busy) if busy else round_

    def _is_busy(self, user_id: int, *, but: int) -> bool:
        other = self.kept.of_person(user_id)
        return other is not None and other.id != but

    def _check_free(self, user_ids: Iterable[int], *, but: int = 0) -> None:
        """Raises Busy when somebody is in another round whose clock runs."""
        others = {user_id: self.kept.of_person(user_id) for user_id in user_ids}
        busy = {
            user_id: other.room_id
            for user_id, other in others.items()
            if other is not None and other.id != but
        }
        if busy:
            raise Busy(busy)

    async def _with_nearest(
        self, error: FormatUnsuitable, dojo: Dojo, format_: Format
    ) -> FormatUnsuitable:
        content = await self._contents.of_dojo(dojo)
        nearest = nearest_for(content.formats.values(), error.people, like=format_)
        if nearest is None:
            return error
        return FormatUnsuitable(
            error.format_name, error.fewest, error.most, error.people, nearest.name, nearest.id
        )


def _unagreed(round_: Round, people: Collection[int | None]) -> Round:
    seats = tuple(
        replace(seat, agreement=Agreement.OPEN) if seat.user_id in people else seat
        for seat in round_.seats
    )
    return replace(round_, seats=seats).acted()


def _forgotten(round_: Round, user_id: int, now: datetime) -> Round:
    if round_.takes_part(user_id):
        if round_.has_begun:
            round_ = moves.leave(round_, user_id, now)
        else:
            with suppress(NotInRound):
                round_ = moves.decline(round_, user_id, now)
    return moves.forget(round_, user_id)
