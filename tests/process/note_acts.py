"""What people do to feedback in `note_child`, each saying so before, and giving what came of it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.feedback.model.notes import Note, Side
from bot.feedback.model.sheets import Mark
from bot.feedback.service.pads import Pad
from bot.feedback.service.sheets import SheetPage
from bot.kit.database.moments import MILLISECOND, in_milliseconds, milliseconds
from bot.kit.refusals import DojoError
from bot.rounds.model.round import Role, Round
from tests.feedback.service.practice import Joined
from tests.process.round_child import say

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
    """On the sheet about the coach, who has one about themself."""
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
