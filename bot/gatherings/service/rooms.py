"""The rooms of a gathering: who is where, who comes late, and who is missing."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.gatherings.grouping.groups import Group
from bot.gatherings.model import moves
from bot.gatherings.model.gathering import LONGEST_LAG, Gathering, Presence, Room, Stage
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.access import GatheringAccess
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.ports import Call, GatheringHost, Whisper
from bot.gatherings.store.wishes import WishStore
from bot.kit.one_per_key import BackgroundTasks, OnePerKey, within
from bot.kit.per_key import Locks
from bot.kit.person import Person
from bot.kit.refusals import DojoError
from bot.rounds.model.refusals import AlreadyDone, CannotNow
from bot.rounds.model.round import Round
from bot.rounds.service.live import LiveRounds
from bot.rounds.service.people import RoundPeople
from bot.rounds.service.proposing import RoundProposing

log = logging.getLogger(__name__)

BRINGING_SECONDS = 60.0
"""How long it may take to bring a person who comes late into their room."""
PATIENCE_SECONDS = 2.0
"""How long that is waited for."""


@dataclass(frozen=True, slots=True)
class RoomNow:
    """A room as the panel shows it."""

    room: Room
    group: Group
    round: Round | None
    """None before it is proposed, and when it is over and its room knows."""


@dataclass(eq=False)
class GatheringRooms:
    """What happens with people while they are in their rooms."""

    _live: LiveGatherings
    _access: GatheringAccess
    _rounds: LiveRounds
    _proposing: RoundProposing
    _round_people: RoundPeople
    _wishes: WishStore
    _host: GatheringHost
    _bringing: OnePerKey[tuple[int, int]] = field(
        default_factory=lambda: OnePerKey("bringing-late"), init=False
    )
    _telling: BackgroundTasks = field(default_factory=BackgroundTasks, init=False)
    _letting_in: Locks[int] = field(default_factory=Locks[int], init=False)
    """Held while a person is given a room of a gathering: two at once would give two."""

    async def close(self) -> None:
        """Give up what goes on beside everything else."""
        await self._bringing.close()
        await self._telling.close()

    # Looking

    def rooms_now(self, gathering: Gathering) -> list[RoomNow]:
        """Every room of the current round, with its round as it is now."""
        return [
            RoomNow(room, group, self._rounds.find(room.round_id or 0))
            for room in gathering.rooms
            if (group := gathering.group_in(room)) is not None
        ]

    async def smallest_room(self, gathering: Gathering, user_id: int) -> RoomNow | None:
        """The room with the fewest people into which this person can come, too.

        A room with someone who must not meet one of those who look for a room takes nobody in:
        would it let the next one in, the first one would know why they are not.
        """
        known = [(now, _people(now)) for now in self.rooms_now(gathering) if _takes_in(now)]
        draw = gathering.draw
        looking = {
            guest.user_id
            for guest in gathering.here
            if not gathering.rests(guest) and (draw is None or draw.group_of(guest.user_id) is None)
        } | {user_id}
        among = looking.union(*(people for _, people in known))
        pairs = await self._wishes.pairs(gathering.dojo_id, among)
        apart = {
            other for pair in pairs for one, other in (pair, pair[::-1]) if one in looking
        } - looking
        return min(
            (now for now, people in known if not people & apart),
            key=lambda now: (_present(now), now.room.number),
            default=None,
        )

    # People in rooms

    async def ask_help(self, round_id: int, person: Person) -> Gathering:
        """Someone in a room asks for a facilitator; those who look after the evening are told."""
        gathering = self._live.of_round(round_id)
        room = gathering.room_with(round_id) if gathering else None
        if gathering is None or room is None:
            raise CannotGather("not in rooms")
        number = room.number
        asked = await self._live.move(
            gathering.id, lambda g, now: moves.ask_help(g, number, person.user_id, now)
        )
        if not await self._host.tell(asked, Call.HELP, room=room, people=asked.facilitators):
            # Nobody has been told: the person who asks is to know, and can ask again.
            await self._live.move(gathering.id, lambda g, _: moves.helped(g, number))
            raise CannotGather("unreachable")
        asking = asked.room(number)
        told = self._host.tell(asked, Call.HELP_ASKED, room=asking, people=())
        self._telling.begin(told, "help")
        return asked

    def tell_one_less(self, gathering: Gathering, user_id: int) -> None:
        """Tell the person who leads an evening that someone has left it in a round."""
        lead = gathering.facilitator_user_id
        if lead not in (None, user_id) and gathering.is_in_rooms:
            self._host.whisper(gathering, Whisper.ONE_LESS, lead, about=user_id)

    async def let_in(self, gathering_id: int, person: Person) -> Room | None:
        """A person who came late observes in the smallest group; its room, if there is one.

        Who has a room keeps it, however often and from wherever this is asked for at once.
        """
        async with self._letting_in[gathering_id]:
            gathering, room = await self._seated(self._live.get(gathering_id), person)
        if room is not None:
            await self._bring_late(gathering, room, person.user_id)
        return room

    async def _seated(self, gathering: Gathering, person: Person) -> tuple[Gathering, Room | None]:
        """The gathering with this person in one of its groups, and the room of it."""
        seated = self._rounds.at_evening(gathering.id, person.user_id)
        of_seat = seated and next(
            (room for room in gathering.rooms if room.channel_id == seated.room_id), None
        )
        if of_seat is not None:
            # They may have come there by themselves.
            return await self._regrouped(gathering, person, of_seat), of_seat
        known = gathering.room_of(person.user_id)
        if known is not None and await self._may_stay(known, person):
            return gathering, known
        smallest = await self.smallest_room(gathering, person.user_id)
        if smallest is None or gathering.draw is None:
            return gathering, None
        if smallest.round is not None:
            try:
                await self._round_people.join(smallest.round.id, person)
            except DojoError as error:
                why = type(error).__name__
                log.info("nobody more gets into room %d: %s", smallest.room.number, why)
                return gathering, None
        gathering = await self._regrouped(gathering, person, smallest.room)
        await self.tell_wish(gathering, person.user_id)
        return gathering, smallest.room

    async def _may_stay(self, known: Room, person: Person) -> bool:
        """Whether the room of a person's group is still theirs: their seat is there, or free."""
        if known.round_id is None:
            return True
        try:
            # Who is asked there answers the agreement of the room, where they find it.
            await self._round_people.join(known.round_id, person)
        except DojoError:
            round_ = self._rounds.find(known.round_id)
            seat = round_.seat_of(person.user_id) if round_ is not None else None
            return round_ is not None and round_.is_open and seat is not None and seat.is_here
        return True

    async def _regrouped(self, gathering: Gathering, person: Person, room: Room) -> Gathering:
        """The gathering with this person in the group of a room, and in no other."""
        index = room.number - 1

        def move(g: Gathering, _: datetime) -> Gathering:
            if g.draw is None or g.draw.group_of(person.user_id) == index:
                return g
            # Out of a group that is over, or that never got a room.
            groups = [
                Group(tuple(one for one in group.people if one != person.user_id))
                for group in g.draw.groups
            ]
            groups[index] = Group((*groups[index].people, person.user_id))
            return moves.regroup(g, replace(g.draw, groups=tuple(groups)))

        return await self._live.move(gathering.id, move)

    async def missing(self, gathering_id: int, person: Person, number: int, who: int) -> Gathering:
        """A facilitator says that someone is not there (any more), and they are out of the room.

        In a round of the facilitator's own that person is asked first, as by anybody else in it.

        Nobody is put into their place. The seat of a coach or client is open to everybody in the
        room, or the round goes on or ends as its own rules say; a person who is left alone is
        invited to the smallest other room.
        """
        gathering = self._live.get(gathering_id)
        acting = self._access.acting(gathering, person)
        room = get_room(gathering, number)
        round_ = self._rounds.find(room.round_id or 0)
        seat = round_.seat_of(who) if round_ is not None and round_.is_open else None
        if round_ is None or seat is None or not seat.is_here:
            raise AlreadyDone("left")
        if round_.has_begun and round_.is_in(seat):
            moved = await self._round_people.leave(round_.id, acting, who=who)
            if moved.takes_part(who):
                return gathering
        else:
            await self._proposing.decline(round_.id, replace(acting, user_id=who))
        guest = gathering.guest(who)
        if guest is None or guest.presence is not Presence.IN:
            return gathering
        try:
            return await self._live.move(gathering_id, lambda g, _: moves.leave(g, who))
        except CannotGather:
            # They have pressed Leave in the same moment: the room is repaired all the same.
            return self._live.find(gathering_id) or gathering

    def is_in_round(self, gathering: Gathering, user_id: int) -> bool:
        """Whether a person has a place in a round that goes on, or that is about to be proposed."""
        room = gathering.room_of(user_id)
        if not gathering.takes_part(user_id) or gathering.stage is Stage.RETURNING:
            return False
        round_ = self._rounds.find(room.round_id or 0) if room is not None else None
        if round_ is None:
            # On the way there; or the round is over, and the others practise on.
            return room is not None and gathering.stage is Stage.BOARDING
        seat = round_.seat_of(user_id)
        return round_.is_open and seat is not None and seat.is_here

    def check_others_wait(self, round_: Round, by: timedelta) -> None:
        """Raises CannotNow when the people of one room would let the others wait too long.

        Facilitators may lengthen it further.
        """
        gathering = self._live.of_round(round_.id)
        if gathering is None:
            return
        now = self._live.now()
        # Rooms without a round have people of no group, or of an earlier one.
        used = [one.round_id for one in gathering.rooms if one.round_id is not None]
        others = [self._rounds.find(one) for one in used if one != round_.id]
        left = sorted(
            other.left_in_all(now) if other is not None and other.has_begun else timedelta()
            for other in others
        )
        if left and round_.left_in_all(now) + by - left[len(left) // 2] > LONGEST_LAG:
            raise CannotNow("others wait")

    # Inside

    async def _bring_late(self, gathering: Gathering, room: Room, user_id: int) -> None:
        """Bring someone who came late; the evening does not wait long for that."""

        async def work() -> None:
            bringing = self._host.bring(gathering, room, [user_id])
            await within(BRINGING_SECONDS, bringing, otherwise=())

        key = (gathering.id, user_id)
        self._bringing.begin(key, work)
        await self._bringing.wait([key], PATIENCE_SECONDS)

    async def tell_wish(self, gathering: Gathering, user_id: int) -> None:
        """Let the round someone is in know whether they only observe."""
        observes_only = gathering.only_observes(user_id)
        for round_ in self._rounds.all():
            seat = round_.seat_of(user_id) if round_.gathering_id == gathering.id else None
            if round_.is_open and seat is not None and seat.observes_only is not observes_only:
                await self._round_people.note_wish(round_.id, user_id, observes_only=observes_only)

    async def leave_round(self, gathering: Gathering, user_id: int) -> None:
        """Take someone who leaves the evening out of their round."""
        # In whichever room: people also go to another one by themselves. By the rounds: one that
        # has just been proposed is not noted at its room yet.
        for round_ in self._rounds.all():
            is_of_it = round_.gathering_id == gathering.id and round_.is_open
            seat = round_.seat_of(user_id)
            if not is_of_it or seat is None or not seat.is_here:
                continue
            with suppress(DojoError):
                if round_.has_begun and round_.is_in(seat):
                    await self._round_people.leave(round_.id, Person(user_id))
                else:
                    await self._proposing.decline(round_.id, Person(user_id))


def get_room(gathering: Gathering, number: int) -> Room:
    """The room with this number. Raises CannotGather while people are in no rooms."""
    room = gathering.room(number)
    if room is None or not gathering.is_in_rooms:
        raise CannotGather("not in rooms")
    return room


def _takes_in(now: RoomNow) -> bool:
    if now.round is None:
        # Not asked yet; or over, and its people are elsewhere or wait for the others.
        return now.room.round_id is None
    return now.round.is_open and len(now.round.here) < now.round.format.most


def _people(now: RoomNow) -> set[int]:
    """Everybody who is in the room, or is expected there."""
    here = (*now.round.here, *now.round.invited) if now.round is not None else ()
    return {*now.group.people, *(seat.user_id for seat in here if seat.user_id is not None)}


def _present(now: RoomNow) -> int:
    return len(now.round.here) if now.round is not None else len(now.group.people)
