"""Takes notes, fills in sheets and opens feedback as fast as it can until it is killed.

`python -m tests.process.note_child DATABASE` is driven as `round_child` is. It says `will` before
an act, and `did` or `refused` after it, each with the round and the person; `saw` when someone
opened their pad; and `at` when it is on disk which part of its format a round is in.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from bot.content.library import Library
from bot.content.model.formats import Format, Segment, SegmentKind
from bot.dojos.model.dojo import Dojo, DojoSettings
from bot.feedback.model.notes import Note, Side
from bot.feedback.model.sheets import Mark
from bot.feedback.service.pads import Pad
from bot.feedback.service.sheets import SheetPage
from bot.kit.database.database import open_database
from bot.kit.database.moments import MILLISECOND, in_milliseconds, milliseconds
from bot.kit.person import Person
from bot.kit.refusals import DojoError
from bot.rounds.model.moves import group
from bot.rounds.model.round import Agreement, Role, RoomKind, Round, State
from bot.rounds.service.proposing import Room
from bot.rounds.store.rounds import RoundStore
from tests.feedback.service.practice import FakeTeller, Joined
from tests.people import CHANNEL, GUILD, MANAGER
from tests.process.round_child import DEBRIEF, main, now, say
from tests.rounds.service.practice import FakeAnnouncer

CODES = ("S1", "S2", "S3", "S4", "S5", "S6")

Answer = list[object]


def row(note: Note) -> Answer:
    """A note as it is on disk, without whether it was taken back."""
    return [
        note.id,
        note.seat,
        note.coach_user_id,
        note.code,
        note.side.value,
        note.at // MILLISECOND,
        in_milliseconds(note.taken_at),
        note.quote,
    ]


@dataclass
class Someone:
    """One person of one round, with the notes they have been shown."""

    joined: Joined
    round: Round
    user_id: int
    rng: random.Random
    shown: dict[int, Note] = field(default_factory=dict[int, Note])
    taken_back: Note | None = None

    @property
    def key(self) -> tuple[int, int]:
        return self.round.id, self.user_id

    @property
    def coach_id(self) -> int:
        return next(one.user_id or 0 for one in self.round.seats if one.role is Role.COACH)

    def will(self, name: str, *what: object) -> None:
        """Say what is about to be done."""
        say("will", *self.key, name, *what)

    def see(self, pad: Pad) -> Answer:
        """What is new or changed on a pad, and what is no longer there."""
        notes = {note.id: note for note in pad.notes}
        changed = [row(note) for note in pad.notes if self.shown.get(note.id) != note]
        gone = [note_id for note_id in self.shown if note_id not in notes]
        self.shown, self.taken_back = notes, pad.taken_back
        return [changed, gone]

    def some_note(self) -> Note:
        """One of the notes on the pad."""
        if not self.shown:
            raise DojoError
        return self.rng.choice(list(self.shown.values()))


# What observers do


async def tap(who: Someone) -> Answer:
    code, side = who.rng.choice(CODES), who.rng.choice([Side.SEEN, Side.SIGNAL])
    who.will("tap", code, side.value)
    return who.see(await who.joined.pads.tap(*who.key, code, side))


async def tap_twice(who: Someone) -> Answer:
    """On two devices at the same moment."""
    code, side = who.rng.choice(CODES), who.rng.choice([Side.SEEN, Side.SIGNAL])
    who.will("tap", code, side.value)
    taps = (who.joined.pads.tap(*who.key, code, side) for _ in range(2))
    pads = await asyncio.gather(*taps, return_exceptions=True)
    seen = [pad for pad in pads if isinstance(pad, Pad)]
    if not seen:
        raise pads[0] if isinstance(pads[0], BaseException) else RuntimeError
    return who.see(seen[-1])


async def take_back(who: Someone) -> Answer:
    note = who.some_note()
    who.will("take back", note.id)
    return who.see(await who.joined.pads.take_back(*who.key, note.id))


async def put_back(who: Someone) -> Answer:
    if who.taken_back is None:
        raise DojoError
    who.will("put back", who.taken_back.id)
    return who.see(await who.joined.pads.put_back(*who.key, who.taken_back.id))


async def add_words(who: Someone) -> Answer:
    note, words = who.some_note(), f"words {who.rng.randrange(1_000_000)}"
    who.will("words", note.id, words)
    pads = who.joined.pads
    return who.see(await pads.change(*who.key, note.id, lambda one: replace(one, quote=words)))


async def remember(who: Someone) -> Answer:
    code, side = who.rng.choice(CODES), Side.SEEN
    who.will("tap", code, side.value)
    at = timedelta(milliseconds=who.rng.randrange(1000))
    return who.see(await who.joined.pads.remember(*who.key, code, side, at))


async def mark(who: Someone) -> Answer:
    """On the sheet about the coach, who has one about themselves."""
    code, chosen = who.rng.choice(CODES), who.rng.choice([None, *Mark])
    who.will("mark", code)
    return sheet(await who.joined.sheets.mark(*who.key, who.coach_id, code, chosen))


async def hand_in(who: Someone) -> Answer:
    who.will("hand in")
    return sheet(await who.joined.sheets.hand_in(*who.key, who.coach_id))


def sheet(page: SheetPage) -> Answer:
    """A sheet as it is on disk."""
    marks = {code: one.value for code, one in page.sheet.marks.items()}
    return [marks, milliseconds(page.sheet.handed_in_at)]


# What coaches do


async def skip(who: Someone) -> Answer:
    who.will("skip")
    await who.joined.sheets.skip_own(*who.key)
    return []


async def open_feedback(who: Someone) -> Answer:
    who.will("open")
    feedback = await who.joined.debriefs.open(*who.key)
    ids = sorted(note.id for moment in feedback.moments for note in moment.notes)
    return [milliseconds(feedback.debrief.released_at), ids]


Acts = dict[str, tuple[int, Callable[[Someone], Coroutine[object, object, Answer]]]]
"""By name, with how often they are taken beside each other."""
OF_OBSERVERS: Acts = {
    "tap": (14, tap),
    "tap twice": (4, tap_twice),
    "take back": (3, take_back),
    "put back": (2, put_back),
    "words": (4, add_words),
    "remember": (2, remember),
    "mark": (4, mark),
    "hand in": (3, hand_in),
}
OF_COACHES: Acts = {
    "mark": (2, mark),
    "hand in": (1, hand_in),
    "skip": (1, skip),
    "open": (6, open_feedback),
}


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
    """Rounds in several rooms at once, with three observers each, forever."""

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
        rng, rounds = self._rng, self._joined.rounds.steering
        while True:
            await asyncio.sleep(rng.random() * LONGEST_REST_OF_THE_CLOCK)
            round_ = self._joined.rounds.live.in_room(room)
            with suppress(DojoError):
                if round_ is None:
                    if (
                        await self._joined.feedback_access.in_room(room) is None
                        or rng.random() < 0.3
                    ):
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
        round_ = await self._joined.rounds.proposing.propose(
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
            await self._joined.rounds.proposing.agree(round_.id, Person(seat.user_id or 0), answer)

    # People

    async def _take_part(self, room: int, user_id: int) -> None:
        """One person, who does one thing after another."""
        who: Someone | None = None
        while True:
            await asyncio.sleep(self._rng.random() * LONGEST_REST)
            round_ = self._joined.rounds.live.in_room(room) or (who and who.round)
            round_ = round_ or await self._joined.feedback_access.in_room(room)
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
        await joined.rounds.live.load()
        joined.rounds.live.start()
        await Evening(joined, dojo, rng).go_on()


if __name__ == "__main__":
    main(sys.argv[1:], run)
