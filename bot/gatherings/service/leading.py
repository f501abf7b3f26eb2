"""Leading an evening: opening it, planning it, handing it over, and closing it."""

from __future__ import annotations

import logging
import random
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from bot.content.model.formats import Format
from bot.dojos.model.dojo import Dojo
from bot.gatherings.model import moves
from bot.gatherings.model.gathering import (
    FACILITATOR_GONE,
    OPEN_LASTS,
    Closing,
    Gathering,
    Grouping,
    Places,
)
from bot.gatherings.model.refusals import CannotGather
from bot.gatherings.service.access import GatheringAccess
from bot.gatherings.service.live import LiveGatherings
from bot.gatherings.service.ports import Call, GatheringHost
from bot.kit.ids import new_id
from bot.kit.person import Person
from bot.kit.time.timers import DeadlineScheduler

log = logging.getLogger(__name__)

USUAL_ROUNDS = 3


@dataclass(eq=False)
class GatheringLeading:
    """What facilitators decide about an evening as a whole, and what ends it from outside."""

    _live: LiveGatherings
    _access: GatheringAccess
    _host: GatheringHost
    _rng: random.Random

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
        now = self._live.now()
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
        await self._live.add(gathering)
        log.info("gathering %s opened", gathering.id)
        return gathering

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

        before = self._live.get(gathering_id)
        gathering = await self._access.move(gathering_id, person, move)
        if gathering.places is not before.places and gathering.rooms and not before.is_in_rooms:
            # The next round gets rooms of the other kind.
            await self._host.put_away(gathering)
            # Not those of a round that has begun meanwhile.
            gathering = await self._live.move(
                gathering_id, lambda g, _: g if g.is_in_rooms else replace(g, rooms=())
            )
        return gathering

    # Who facilitates

    async def hand_over(self, gathering_id: int, person: Person, to: int) -> Gathering:
        """Give the lead to another person, who may do for this evening what facilitators may."""
        return await self._access.move(gathering_id, person, lambda g, _: moves.hand_over(g, to))

    async def trust(self, gathering_id: int, person: Person, who: int) -> Gathering:
        """Let another person look after the evening, too, beside the person who leads it."""
        return await self._access.move(gathering_id, person, lambda g, _: moves.trust(g, who))

    async def take_over(self, gathering_id: int, person: Person) -> Gathering:
        """Take the lead."""
        who = person.user_id
        return await self._access.move(gathering_id, person, lambda g, _: moves.take_over(g, who))

    async def take_off(self, gathering_id: int, person: Person, who: int) -> Gathering:
        """End what a person may do to whom this evening was handed.

        For facilitators of the dojo. Raises NotFacilitator, and GatheringDone when they may not.
        """

        def move(gathering: Gathering, _: datetime) -> Gathering:
            self._access.check_facilitates_dojo(gathering, person)
            return moves.take_off(gathering, who, person.user_id)

        return await self._live.move(gathering_id, move)

    # Its end

    async def close(self, gathering_id: int, person: Person) -> Gathering:
        """End the evening; while people are in their rooms, they are called back first."""
        if self._access.checked(gathering_id, person).is_in_rooms:
            raise CannotGather("in rooms")
        return await self._access.move(
            gathering_id, person, lambda g, now: moves.end(g, Closing.CLOSED, now)
        )

    async def dojo_deleted(self, dojo_id: int) -> None:
        """The channel of a dojo is deleted: nobody can be told anything there."""
        for gathering in self._live.all():
            if gathering.dojo_id == dojo_id:
                await self._end_quietly(gathering, Closing.CHANNEL_GONE)

    async def guild_left(self, guild_id: int) -> None:
        """The bot is no longer in a guild."""
        for gathering in self._live.all():
            if gathering.guild_id == guild_id:
                await self._end_quietly(gathering, Closing.BOT_REMOVED)

    async def _end_quietly(self, gathering: Gathering, closing: Closing) -> None:
        def move(g: Gathering, now: datetime) -> Gathering:
            ended = moves.end(g, closing, now) if g.is_open else g
            # Its card counts as shown; what else is left to do at the end is done as ever.
            return replace(ended, told_turn=ended.turn)

        # Over and let go by now: then there is nothing to end.
        with suppress(CannotGather):
            await self._live.move(gathering.id, move)


class FacilitatorWatch:
    """Asks others to take over when the lead of an evening in voice is gone for two minutes.

    The evening runs on in any case. This is kept in memory only: after a restart nobody is taken
    for gone who may just be reading.
    """

    def __init__(self, live: LiveGatherings, host: GatheringHost) -> None:
        self._live = live
        self._host = host
        self._gone = DeadlineScheduler(self._say, live.now)
        self._who: dict[int, int] = {}
        """Who is gone, by gathering."""

    def start(self) -> None:
        """Let the two minutes end."""
        self._gone.start()

    async def close(self) -> None:
        """Stop."""
        await self._gone.close()

    def voice_changed(self, user_id: int, guild_id: int, *, is_in_voice: bool) -> None:
        """A person came to voice in a guild, or left it altogether."""
        for gathering in self._led_by(user_id, guild_id):
            if is_in_voice:
                self._gone.cancel(gathering.id)
            else:
                self._who[gathering.id] = user_id
                self._gone.add(gathering.id, self._live.now() + FACILITATOR_GONE)

    def _led_by(self, user_id: int, guild_id: int) -> list[Gathering]:
        return [
            gathering
            for gathering in self._live.all()
            if gathering.guild_id == guild_id
            and gathering.facilitator_user_id == user_id
            and gathering.places is Places.VOICE
            and gathering.number
            and gathering.is_open
        ]

    async def _say(self, gathering_id: int) -> None:
        gathering, who = self._live.find(gathering_id), self._who.pop(gathering_id, None)
        if gathering is None or not gathering.is_open or gathering.facilitator_user_id != who:
            # Over, or another person has the lead by now.
            return
        people = gathering.helper_user_ids
        await self._host.tell(gathering, Call.FACILITATOR_GONE, people=people)
