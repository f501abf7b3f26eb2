"""Rounds as use cases: steering them, and what happens to their rooms."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from bot.kit.person import Person
from bot.rounds.model import moves
from bot.rounds.model import people as round_people
from bot.rounds.model.did import Did
from bot.rounds.model.refusals import AlreadyDone, NoRound, NotInRound
from bot.rounds.model.round import Ending, RoomKind, Round
from bot.rounds.service.access import by_itself
from bot.rounds.service.people import RoundComings
from bot.rounds.service.proposing import RoundProposals

log = logging.getLogger(__name__)

MOST_REPEATS = 3
REPEATS_WITHIN = timedelta(minutes=1)
"""One person may have a room's card posted again so often within that time."""


class RoundService(RoundProposals, RoundComings):
    """All that people do with rounds: start them, steer them, come and go."""

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
            check=by_itself if quietly else None,
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

        `after` is how often the person saw it lengthened, `position` the segment they saw. The
        people of a room of a gathering may do so as far as the others can wait.
        """
        round_ = self.kept.get(round_id)
        if round_.gathering_id is not None and not self.facilitates(round_, person):
            self._check_lengthened(round_, timedelta(minutes=minutes))
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
                check=by_itself if quietly else None,
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
        """Somebody of the round pauses it, and nobody is told who or why."""
        return await self._move(round_id, lambda r, now: moves.need_moment(r, person.user_id, now))

    async def erase(self, round_id: int, person: Person) -> None:
        """The person who is or was the client ends the round, and nothing about it is kept.

        Also when it has ended before, as long as it is stored. Raises NoRound and NotInRound.
        """
        await self.kept.erase(round_id, lambda r, now: moves.erase(r, person.user_id, now))
        self._last.pop(round_id, None)
        log.info("round %s erased by a client of it", round_id)

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

    async def show_card(self, round_id: int, person: Person) -> bool:
        """Post the card of a round again, for a person of it or a facilitator.

        False, and no new card, when this person had it posted `MOST_REPEATS` times within a minute.
        """
        round_ = self.kept.get(round_id)
        if not round_.takes_part(person.user_id):
            self.check_may_steer(round_, person)
        now = self.kept.now()
        recent = {
            key: kept
            for key, times in self._repeats.items()
            if (kept := [at for at in times if now - at < REPEATS_WITHIN])
        }
        mine = recent.setdefault((round_id, person.user_id), [])
        self._repeats = recent
        if len(mine) >= MOST_REPEATS:
            return False
        mine.append(now)
        self.kept.show_card(round_id)
        return True

    def is_busy(self, user_id: int, guild_id: int) -> bool:
        """Whether a round that is kept in memory names this person in a guild."""
        return any(
            one.guild_id == guild_id
            and (
                one.seat_of(user_id) is not None
                or one.starter_user_id == user_id
                or one.waits_for(user_id) is not None
            )
            for one in self.kept.all()
        )

    async def forget_person(self, user_id: int) -> None:
        """A person who is being forgotten leaves every round, and no round names them."""
        self._last = {of: last for of, last in self._last.items() if last.by != user_id}
        for round_ in self.kept.all():
            is_in_it = round_.seat_of(user_id) is not None or round_.starter_user_id == user_id
            if not is_in_it and round_.waits_for(user_id) is None:
                continue
            with suppress(NoRound):
                await self._move(
                    round_.id, lambda r, now: _forgotten(self._agreed_by_free(r), user_id, now)
                )
            # A round that is over is kept until its room knows, and written once more then.
            await self.kept.forget(round_.id, user_id)


def _forgotten(round_: Round, user_id: int, now: datetime) -> Round:
    if round_.has_begun and round_.takes_part(user_id):
        round_ = round_people.leave(round_, user_id, now)
    elif not round_.has_begun:
        with suppress(NotInRound):
            round_ = moves.decline(round_, user_id, now)
    return round_people.forget(round_, user_id)
