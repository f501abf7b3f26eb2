"""Asking people into a round, until its clock is started."""

from __future__ import annotations

import logging
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.content.model.formats import Format, nearest_for
from bot.dojos.model.dojo import Dojo
from bot.dojos.service.contents import ContentService
from bot.dojos.service.dojos import DojoService
from bot.kit.ids import new_id
from bot.kit.person import Person
from bot.rounds.model import moves
from bot.rounds.model.again import can_follow, give_seat_up, people_of, rotated
from bot.rounds.model.refusals import (
    AlreadyDone,
    CannotNow,
    FormatUnsuitable,
    HasProposal,
    NoRound,
    RoomTaken,
)
from bot.rounds.model.round import Agreement, Role, RoomKind, Round, Seat, State
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.asking import AskingService
from bot.rounds.service.live import LiveRounds

log = logging.getLogger(__name__)

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


@dataclass(eq=False)
class RoundProposing:
    """What people do before the clock runs."""

    _live: LiveRounds
    _access: RoundAccess
    _dojos: DojoService
    _contents: ContentService
    _asking: AskingService
    _rng: random.Random

    async def check_can_propose(
        self,
        dojo: Dojo,
        format_: Format,
        seats: Sequence[Seat],
        starter: Person,
        room_id: int | None = None,
        *,
        gathering_id: int | None = None,
    ) -> None:
        """Check that these people can be asked into a round now.

        Raises FormatUnsuitable, RoomTaken or Busy. Outside of gatherings also HasProposal,
        CannotBeAsked or AskedOften. A format for more people than can be named needs them only
        when it begins.
        """
        fewest = format_.fewest if all_can_be_named(format_) else 0
        try:
            moves.check_suits(format_, len(seats), fewest=fewest)
        except FormatUnsuitable as error:
            raise await self._with_nearest(error, dojo, format_) from None
        # First: nobody is to leave another round for a room that cannot be had.
        if self._live.in_room(room_id) is not None:
            raise RoomTaken(room_id or 0)
        people = [seat.user_id for seat in seats if seat.user_id is not None]
        asked = [user_id for user_id in people if user_id != starter.user_id]
        if gathering_id is None:
            self._check_asks_once(starter)
            await self._asking.check_willing(dojo.id, asked, [starter.user_id])
            # Once more: they may have asked others in the meantime.
            self._check_asks_once(starter)
        self._access.check_free(people, by=starter.user_id, guild_id=dojo.guild_id)
        if gathering_id is None:
            self._asking.check_not_often(asked)

    def _check_asks_once(self, starter: Person) -> None:
        """Raises HasProposal while a round that this person proposed has not begun."""
        for round_ in self._live.all():
            is_own = round_.starter_user_id == starter.user_id and round_.gathering_id is None
            if is_own and round_.state is State.PROPOSED:
                raise HasProposal(round_.id, round_.room_id)

    async def propose(
        self,
        dojo: Dojo,
        room: Room,
        format_: Format,
        seats: Sequence[Seat],
        starter: Person,
        *,
        in_voice: Collection[int] = (),
        gathering_id: int | None = None,
        asking_channel_id: int | None = None,
        is_again: bool = False,
    ) -> Round:
        """Ask people into a round; the room gets the agreement.

        With `asking_channel_id` they are asked there, and come into the room with their yes. A
        round of a gathering begins with the others of it. Raises what `check_can_propose` raises.
        """
        await self.check_can_propose(
            dojo, format_, seats, starter, room.channel_id, gathering_id=gathering_id
        )
        now = self._live.now()
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
            gathering_id=gathering_id,
            names_shown=dojo.settings.names_shown,
            asking_channel_id=asking_channel_id,
            is_again=is_again,
        )
        if gathering_id is None:
            self._asking.note(round_)
        round_ = moves.with_usual_focus(round_, dojo.settings.usual_focus)
        await self._live.add(round_)
        self._access.forget_ended()
        log.info("round %s of %s proposed in %s", round_.id, format_.id, room.channel_id)
        return round_

    async def again(
        self, round_id: int, person: Person, *, in_voice: Collection[int] = ()
    ) -> Round:
        """Ask the people of a round that is over into another one, with their roles rotated.

        For its people and for facilitators, in the same room. The format is the same one, or the
        nearest for as many as there are. Raises AlreadyDone when someone was quicker, CannotNow
        where no round follows, and what `check_can_propose` raises.
        """
        known = await self._live.read(round_id)
        if not known.takes_part(person.user_id):
            self._access.check_may_steer(known, person)
        following = self._live.in_room(known.room_id)
        if following is not None and following.is_again:
            raise AlreadyDone("again")
        if not can_follow(known):
            raise CannotNow("no further round")
        dojo = self._dojos.by_id(known.dojo_id)
        if dojo is None:
            raise NoRound(is_over=True)
        people = [seat.user_id for seat in people_of(known) if seat.user_id is not None]
        seats = rotated(known, await self._asking.pairs_apart(dojo.id, people))
        formats = await self._formats_for(known)
        format_ = nearest_for([known.format, *formats], len(seats), like=known.format)
        return await self.propose(
            dojo,
            Room(known.guild_id, known.room_id, known.room),
            format_ or known.format,
            seats,
            person,
            in_voice=in_voice,
            is_again=True,
        )

    async def last_group(self, dojo: Dojo, person: Person) -> tuple[Format, Sequence[Seat]] | None:
        """The people this person was last in a round with, roles rotated, and its format.

        None where nobody is known any more, or more people than a command can name.
        """
        known = await self._live.last_of_person(person.user_id, dojo.id)
        if known is None:
            return None
        people = [seat.user_id for seat in people_of(known) if seat.user_id is not None]
        seats = rotated(known, await self._asking.pairs_apart(dojo.id, people))
        leads = [seat for seat in seats if seat.role is not Role.OBSERVER]
        if len(leads) < 2 or len(seats) > NAMED_AT_MOST:
            return None
        return known.format, seats

    async def give_seat_up(self, round_id: int, person: Person) -> Round:
        """A person who is asked to coach or to be the client would rather observe."""
        return await self._access.move(
            round_id,
            lambda r, now: moves.begun_if_all_agree(give_seat_up(r, person.user_id), now),
        )

    async def agree(self, round_id: int, person: Person, agreement: Agreement) -> Round:
        """A person answers the agreement; the round begins when everybody has.

        Raises Busy when this person is in another round that has begun.
        """

        def move(round_: Round, now: datetime) -> Round:
            # First: nobody is to leave another round for one that has no seat for them.
            round_.seat_to_answer(person.user_id)
            self._access.check_free_for(round_, [person.user_id], by=person.user_id)
            return moves.agree(self._access.agreed_by_free(round_), person.user_id, agreement, now)

        moved = await self._access.move(round_id, move)
        if agreement is not Agreement.OPEN:
            self._asking.count_no_more(person.user_id, round_id)
        return moved

    async def begin(self, round_id: int, person: Person) -> Round:
        """Start the clock without waiting for observers who have not answered.

        Observers who are in another round by now are left out; a coach or client who is raises
        Busy. Raises AnswerAwaited while the coach or the client has not agreed, and
        FormatUnsuitable when the format is not for so many people.
        """
        self._access.check_may_start(self._live.get(round_id), person)
        dojo = self._dojos.by_id(self._live.get(round_id).dojo_id)

        def move(round_: Round, now: datetime) -> Round:
            before = round_ = self._access.agreed_by_free(round_)
            for seat in round_.observers:
                if seat.user_id is not None and self._access.is_busy_elsewhere(
                    seat.user_id, but=round_id
                ):
                    round_ = moves.decline(round_, seat.user_id, now)
            if round_.has_begun and not before.has_begun:
                # They were the last whose answer it waited for.
                return round_
            people = [one.user_id for one in round_.here if one.user_id is not None]
            self._access.check_free_for(round_, people, by=person.user_id)
            return moves.begin(round_, now)

        try:
            return await self._access.move(round_id, move)
        except FormatUnsuitable as error:
            if dojo is None:
                raise
            raise await self._with_nearest(error, dojo, self._live.get(round_id).format) from None

    async def begin_with_others(self, round_id: int, at: datetime) -> Round:
        """Start the clock of a round of a gathering at the moment at which all are started.

        Where coach or client have not said yes the round waits instead, and the seat of who has
        not is open to everybody in the room. A format that is not for as many people as there are
        by now gives way to the nearest that is. Raises what `begin` raises.
        """
        round_ = self._live.get(round_id)
        formats = await self._formats_for(round_)

        def move(round_: Round, now: datetime) -> Round:
            for seat in round_.here:
                is_asked = seat.user_id is not None and round_.takes_part(seat.user_id)
                if is_asked and self._access.is_busy_elsewhere(seat.user_id or 0, but=round_id):
                    round_ = moves.decline(round_, seat.user_id or 0, now)
                if not round_.is_open:
                    return round_
            if round_.state is State.PROPOSED and not round_.has_yes_of_leads:
                return moves.open_seats(round_)
            people = len(round_.here)
            if not round_.format.suits_count(people):
                nearest = nearest_for(formats, people, like=round_.format)
                round_ = replace(round_, format=nearest or round_.format)
            return moves.begin(round_, min(at, now))

        return await self._access.move(round_id, move)

    async def call_off(self, round_id: int, person: Person) -> Round:
        """Take a proposal back."""
        self._access.check_may_start(self._live.get(round_id), person)
        return await self._access.move(
            round_id, lambda r, now: moves.call_off(r, person.user_id, now)
        )

    async def decline(self, round_id: int, person: Person) -> Round:
        """A person who was asked cannot come; the round begins if all others have agreed."""
        return await self._access.move(
            round_id,
            lambda r, now: moves.decline(self._access.agreed_by_free(r), person.user_id, now),
        )

    async def change_format(self, round_id: int, person: Person, format_: Format) -> Round:
        """Propose the round with another format."""
        self._access.check_may_start(self._live.get(round_id), person)
        return await self._access.move(
            round_id,
            lambda r, now: moves.change_format(
                self._access.agreed_by_free(r), format_, person.user_id, now
            ),
        )

    async def begin_with_fewer(self, round_id: int, person: Person) -> Round:
        """Begin with the people who are there, with the nearest format that is for so many.

        If it takes longer than they have agreed to, they are asked again, and it begins with their
        yes. Raises FormatUnsuitable when the dojo has no such format, and what `begin` raises.
        """
        round_ = self._live.get(round_id)
        self._access.check_may_start(round_, person)
        formats = await self._formats_for(round_)

        def move(round_: Round, now: datetime) -> Round:
            round_ = self._access.agreed_by_free(round_)
            people = [one.user_id for one in round_.here if one.user_id is not None]
            self._access.check_free_for(round_, people, by=person.user_id)
            nearest = nearest_for(formats, len(people), like=round_.format)
            if round_.state is State.PROPOSED and nearest not in (None, round_.format):
                round_ = moves.change_format(round_, nearest, person.user_id, now)
                if round_.has_begun or not round_.has_yes_of_leads:
                    return round_
            return moves.begin(round_, now)

        return await self._access.move(round_id, move)

    async def watch_for(
        self, round_id: int, person: Person, codes: Sequence[str], wish: str
    ) -> Round:
        """The coach says what observers should watch, and what feedback they want."""
        return await self._access.move(
            round_id, lambda r, _: moves.watch_for(r, person.user_id, codes, wish)
        )

    async def _formats_for(self, round_: Round) -> list[Format]:
        """The formats of the round's dojo; none where it has been closed."""
        dojo = self._dojos.by_id(round_.dojo_id)
        return list((await self._contents.of_dojo(dojo)).formats.values()) if dojo else []

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
