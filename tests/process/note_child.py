"""Takes notes, fills in sheets and opens feedback as fast as it can until it is killed.

`python -m tests.process.note_child DATABASE` is driven as `round_child` is. It says `will` before
an act, and `did` or `refused` after it, each with the round and the person; `saw` when somebody
opened their pad; and `at` when it is on disk which part of its format a round is in.
"""

from __future__ import annotations

import asyncio
import random
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from bot.content.library import Library
from bot.content.model.formats import Format, Segment, SegmentKind
from bot.dojos.model.dojo import Dojo, DojoSettings
from bot.kit.database.database import open_database
from bot.kit.database.moments import in_milliseconds, milliseconds
from bot.kit.person import Person
from bot.kit.refusals import DojoError
from bot.rounds.model.moves import group
from bot.rounds.model.round import Agreement, Role, RoomKind, Round, State
from bot.rounds.service.proposing import Room
from bot.rounds.store.rounds import RoundStore
from tests.feedback.service.practice import FakeTeller, Joined
from tests.people import CHANNEL, GUILD, MANAGER
from tests.process.note_acts import OF_COACHES, OF_OBSERVERS, Acts, Someone
from tests.process.round_child import DEBRIEF, main, now, say
from tests.rounds.service.practice import FakeAnnouncer

ROOMS = (3001, 3002, 3003)
GROUP_SIZE = 5
LONGEST_REST = 0.016
LONGEST_REST_OF_THE_CLOCK = 0.03


def people_of(room: int) -> range:
    """Who practises in a room, and nowhere else."""
    return range(room * 10, room * 10 + GROUP_SIZE)


def fast_format(rng: random.Random) -> Format:
    """One coaching and some parts of a debrief, in their order."""
    # Without a part of their own, observers would have two minutes, which no run lasts.
    is_part = {kind: kind is SegmentKind.OBSERVERS or rng.random() < 0.6 for kind in DEBRIEF}
    kinds = [SegmentKind.COACH, *(kind for kind in DEBRIEF if is_part[kind])]
    segments = (Segment(kind, timedelta(milliseconds=rng.randrange(200, 501))) for kind in kinds)
    return Format("fast", "Fast", "Anyone", 2, GROUP_SIZE, tuple(segments))


class SayingRounds(RoundStore):
    """Says which part a round is in, once that is on disk."""

    async def save(self, old: Round, new: Round) -> Round:
        saved = await super().save(old, new)
        if (old.position, old.state) != (saved.position, saved.state) and saved.began_at:
            began, ended = in_milliseconds(saved.began_at), milliseconds(saved.ended_at)
            say("at", saved.id, saved.position, began, ended)
        return saved


class Evening:
    """Rounds in several rooms at once, with three observers each, for ever."""

    def __init__(self, joined: Joined, dojo: Dojo, rng: random.Random) -> None:
        self._joined = joined
        self._dojo = dojo
        self._rng = rng

    async def go_on(self) -> None:
        """Never ends."""
        async with asyncio.TaskGroup() as tasks:
            for room in ROOMS:
                tasks.create_task(self._steer(room))
                for user_id in people_of(room):
                    tasks.create_task(self._take_part(room, user_id))

    # Rounds

    async def _steer(self, room: int) -> None:
        """One round after another, each left open for feedback for a while."""
        rng, rounds = self._rng, self._joined.rounds
        while True:
            await asyncio.sleep(rng.random() * LONGEST_REST_OF_THE_CLOCK)
            round_ = self._joined.keeper.in_room(room)
            with suppress(DojoError):
                if round_ is None:
                    if await self._joined.desk.in_room(room) is None or rng.random() < 0.3:
                        await self._begin(room)
                elif round_.state is State.PROPOSED:
                    await self._agree(round_)
                elif round_.state is State.PAUSED:
                    await rounds.resume(round_.id, MANAGER)
                elif rng.random() < 0.02:
                    await rounds.go_next(round_.id, MANAGER, after=round_.position)
                elif rng.random() < 0.02:
                    await rng.choice([rounds.pause, rounds.stop])(round_.id, MANAGER)

    async def _begin(self, room: int) -> None:
        coach, client, *observers = self._rng.sample(people_of(room), GROUP_SIZE)
        round_ = await self._joined.rounds.propose(
            self._dojo,
            Room(GUILD, room, RoomKind.HERE),
            fast_format(self._rng),
            group(coach, client, observers),
            Person(coach),
        )
        await self._agree(round_)

    async def _agree(self, round_: Round) -> None:
        """Everybody answers; now and then an observer wants no notes."""
        for seat in round_.seats:
            no_notes = seat.role is Role.OBSERVER and self._rng.random() < 0.1
            answer = Agreement.NO_NOTES if no_notes else Agreement.NOTES
            await self._joined.rounds.agree(round_.id, Person(seat.user_id or 0), answer)

    # People

    async def _take_part(self, room: int, user_id: int) -> None:
        """One person, who does one thing after another."""
        who: Someone | None = None
        while True:
            await asyncio.sleep(self._rng.random() * LONGEST_REST)
            round_ = self._joined.keeper.in_room(room) or (who and who.round)
            round_ = round_ or await self._joined.desk.in_room(room)
            if round_ is None:
                continue
            if who is None or who.round.id != round_.id:
                who = Someone(self._joined, round_, user_id, self._rng)
                with suppress(DojoError):
                    pad = await self._joined.pads.look(*who.key)
                    say("saw", *who.key, *who.see(pad))
            who.round = round_
            seat = round_.seat_of(user_id)
            if seat is not None and seat.role is not Role.CLIENT:
                await self._act(who, OF_COACHES if seat.role is Role.COACH else OF_OBSERVERS)

    async def _act(self, who: Someone, acts: Acts) -> None:
        (name,) = self._rng.choices(list(acts), [often for often, _ in acts.values()])
        try:
            answer = await acts[name][1](who)
        except DojoError:
            say("refused", *who.key)
        else:
            say("did", *who.key, name, *answer)


async def run(path: Path, library: Library, seed: int) -> None:
    """Take up what the run before has left, and go on."""
    rng = random.Random(seed)
    async with open_database(path) as database:
        joined = Joined(
            database,
            library,
            FakeAnnouncer(),
            FakeTeller(),
            now=now,
            rng=rng,
            round_store=SayingRounds(database),
        )
        await joined.dojos.load()
        dojo = joined.dojos.find(CHANNEL)
        dojo = dojo or await joined.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MANAGER)
        await joined.keeper.load()
        joined.keeper.start()
        await Evening(joined, dojo, rng).go_on()


if __name__ == "__main__":
    main(sys.argv[1:], run)
