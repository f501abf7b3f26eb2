"""People steer a round: pause it, lengthen it, end it, see its card again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.kit.person import Person
from bot.rounds.model import moves
from bot.rounds.model.did import Did
from bot.rounds.model.round import Round
from bot.rounds.service.access import RoundAccess
from bot.rounds.service.live import LiveRounds

log = logging.getLogger(__name__)

MOST_REPEATS = 3
REPEATS_WITHIN = timedelta(minutes=1)
"""One person may have a room's card posted again so often within that time."""


class RoundSteering:
    """What people do with the clock of a round, and with its card."""

    def __init__(self, live: LiveRounds, access: RoundAccess) -> None:
        self._live = live
        self._access = access
        # When cards were posted again, by round and who wanted it.
        self._repeats: dict[tuple[int, int], list[datetime]] = {}
        self._check_lengthened: Callable[[Round, timedelta], None] = _anything

    def lengthened_within(self, check: Callable[[Round, timedelta], None]) -> None:
        """Ask `check` before the people of a gathering's room lengthen their round."""
        self._check_lengthened = check

    async def pause(self, round_id: int, person: Person) -> Round:
        """Stop the clock."""
        return await self._access.steer(
            round_id, person, Did.PAUSED, lambda r, now: moves.pause(r, person.user_id, now)
        )

    async def resume(self, round_id: int, person: Person, *, quietly: bool = False) -> Round:
        """Start the clock again; `quietly`, nobody is told who did."""
        return await self._access.steer(
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

        `after` is how often the person saw it lengthened, `position` the segment they saw. The
        people of a room of a gathering may do so as far as the others can wait.
        """
        round_ = self._live.get(round_id)
        if round_.gathering_id is not None and not self._access.facilitates(round_, person):
            self._check_lengthened(round_, timedelta(minutes=minutes))
        return await self._access.steer(
            round_id,
            person,
            Did.EXTENDED,
            lambda r, _: moves.extend(r, person.user_id, minutes, after=after, position=position),
            has_seen=after is not None,
        )

    async def go_next(self, round_id: int, person: Person, *, after: int | None = None) -> Round:
        """Begin the next segment; `after` is the position of the one the person saw."""
        return await self._access.steer(
            round_id,
            person,
            Did.MOVED_ON,
            lambda r, now: moves.go_next(r, person.user_id, now, after=after),
            has_seen=after is not None,
        )

    async def go_back(self, round_id: int, person: Person, position: int) -> Round:
        """Take **Next** back, within a few seconds: the segment at `position` goes on."""
        return await self._access.steer(
            round_id,
            person,
            Did.WENT_BACK,
            lambda r, now: moves.go_back(r, person.user_id, position, now),
            has_seen=True,
        )

    async def stop(self, round_id: int, person: Person, *, quietly: bool = False) -> Round:
        """End the round; what belongs to it is kept. `quietly`, nobody is told who did."""
        return await self._access.steer(
            round_id,
            person,
            Did.STOPPED,
            lambda r, now: moves.stop(r, person.user_id, now, quietly=quietly),
            quietly=quietly,
        )

    async def carry_on(self, round_id: int, person: Person) -> Round:
        """Leave the clock as it is after a late start."""
        return await self._access.steer(
            round_id, person, Did.CARRIED_ON, lambda r, _: moves.carry_on(r, person.user_id)
        )

    async def go_to_feedback(self, round_id: int, person: Person) -> Round:
        """Leave out the rest of the coaching, when the coach or client is gone."""
        return await self._access.steer(
            round_id,
            person,
            Did.WENT_TO_FEEDBACK,
            lambda r, now: moves.go_to_feedback(r, person.user_id, now),
        )

    async def need_moment(self, round_id: int, person: Person) -> Round:
        """A person of the round pauses it, and nobody is told who or why."""
        return await self._access.move(
            round_id, lambda r, now: moves.need_moment(r, person.user_id, now)
        )

    async def erase(self, round_id: int, person: Person) -> None:
        """The person who is or was the client ends the round, and nothing about it is kept.

        Also when it has ended before, as long as it is stored. Raises NoRound and NotInRound.
        """
        await self._live.erase(round_id, lambda r, now: moves.erase(r, person.user_id, now))
        self._access.forget_round(round_id)
        log.info("round %s erased by a client of it", round_id)

    async def show_card(self, round_id: int, person: Person) -> bool:
        """Post the card of a round again, for a person of it or a facilitator.

        False, and no new card, when this person had it posted `MOST_REPEATS` times within a minute.
        """
        round_ = self._live.get(round_id)
        if not round_.takes_part(person.user_id):
            self._access.check_may_steer(round_, person)
        now = self._live.now()
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
        self._live.show_card(round_id)
        return True


def _anything(round_: Round, by: timedelta) -> None:
    """Without gatherings nobody waits."""
