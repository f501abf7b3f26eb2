"""The pad: observers take notes with one tap, look through them, and take them back.

A note is on disk before anybody is told that it is there. The pads in use are also kept in memory,
so that a tap costs one statement.
"""

from __future__ import annotations

import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.content.model.questions import Phase
from bot.feedback.model.debriefs import Listed
from bot.feedback.model.notes import (
    MOST_NOTES,
    QUESTION,
    SAME_TAP,
    Note,
    Opening,
    Side,
    check_has_notes,
    open_for_tap,
)
from bot.feedback.model.refusals import CannotNote, NothingToShow
from bot.feedback.model.sheets import check_is_time, coach_at
from bot.feedback.service.access import FeedbackAccess
from bot.feedback.store.notes import NoteStore
from bot.kit.per_key import Locks
from bot.rounds.model.round import Round

log = logging.getLogger(__name__)

MOST_PADS = 2_000
"""Pads in memory. Any other pad is read from disk when it is used again."""

Change = Callable[[Note], Note]
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Pad:
    """What an observer has noted in a round, as it is on disk."""

    round: Round
    listed: tuple[Listed, ...]
    focus: tuple[str, ...]
    """The codes that the coach wants watched."""
    notes: tuple[Note, ...]
    """In the order in which they were taken, without those taken back."""
    counts: Counts
    """How often this observer noted each thing, by what a tap on it says: `S5:seen`, `Q:start`."""
    taken_back: Note | None = None
    """The note that was taken back last, as long as it can be put back."""
    opening: Opening | None = None
    """What a tap would note now; None while taps are not accepted."""
    closed: CannotNote | None = None

    @property
    def last(self) -> Note | None:
        """The note that was taken last."""
        return self.notes[-1] if self.notes else None


@dataclass(slots=True)
class _Taken:
    """What one observer has on disk of one round."""

    notes: list[Note]
    """All of them, including those taken back."""
    counts: Counter[str] = field(default_factory=Counter[str])
    back: list[Note] = field(default_factory=list[Note])

    def __post_init__(self) -> None:
        self.back = [note for note in self.notes if note.withdrawn_at is not None]
        self.counts = Counter(_counted(note) for note in self.notes if note.withdrawn_at is None)

    def add(self, note: Note) -> None:
        self.notes.append(note)
        self.counts[_counted(note)] += 1

    def replace(self, old: Note, new: Note) -> None:
        self.notes[self.notes.index(old)] = new
        self.__post_init__()


def _counted(note: Note) -> str:
    side = note.phase if note.side is Side.QUESTION else note.side
    return f"{note.code}:{side and side.value}"


class PadService:
    """Notes as use cases."""

    def __init__(self, access: FeedbackAccess, notes: NoteStore) -> None:
        self._access = access
        self._notes = notes
        self._taken: OrderedDict[tuple[int, int], _Taken] = OrderedDict()
        self._locks: Locks[tuple[int, int]] = Locks()
        access.when_over(self._let_go)

    # Taking notes

    async def look(self, round_id: int, user_id: int) -> Pad:
        """A person's pad. Raises NoRound, NotInRound, and CannotNote where they have none."""
        round_ = await self._access.find(round_id)
        async with self._locks[round_id, user_id]:
            taken = await self._read(round_, user_id)
            opening, closed = None, None
            try:
                opening = open_for_tap(round_, user_id, self._access.now())
            except CannotNote as error:
                if error.why not in ("over", "rests", "not begun") and not taken.notes:
                    raise
                closed = error
            return await self._pad(round_, taken, opening, closed)

    async def tap(
        self, round_id: int, user_id: int, code: str, side: Side, phase: Phase | None = None
    ) -> Pad:
        """Note one side of a code now, or that a question was heard; on disk when this returns.

        Two equal taps within 400 ms are one. Raises NoRound, NotInRound and CannotNote.
        """
        round_ = await self._access.find(round_id)
        async with self._locks[round_id, user_id]:
            now = self._access.now()
            opening = open_for_tap(round_, user_id, now)
            taken = await self._read(round_, user_id)
            is_repeat = any(
                (one.code, one.side) == (code, side)
                and (side is not Side.QUESTION or one.phase is phase)
                and timedelta() <= now - one.taken_at < SAME_TAP
                and one.withdrawn_at is None
                for one in taken.notes[-3:]
            )
            if not is_repeat:
                note = Note(
                    id=self._access.new_id(now),
                    round_id=round_id,
                    seat=opening.seat,
                    observer_user_id=user_id,
                    coach_user_id=opening.coach_user_id,
                    code=code,
                    side=side,
                    at=opening.at,
                    taken_at=now,
                    phase=phase or _phase_so_far(taken.notes),
                )
                await self._add(round_, taken, note)
            return await self._pad(round_, taken, opening, None)

    async def remember(
        self,
        round_id: int,
        user_id: int,
        code: str,
        side: Side,
        at: timedelta,
        *,
        phase: Phase | None = None,
        quote: str = "",
        effect: str = "",
    ) -> Pad:
        """Add a note from memory, once the coaching is over; on disk when this returns.

        `at` is coaching time; a time after the end counts as the end. The note is about the person
        who coached then. Raises NoRound, NotInRound and CannotNote.
        """
        round_ = await self._access.find(round_id)
        async with self._locks[round_id, user_id]:
            now = self._access.now()
            check_is_time(round_, now)
            at = min(at, round_.coached_for(now))
            coach = coach_at(round_, at)
            seat = check_has_notes(round_, user_id, coach)
            if coach is None or coach.user_id is None:
                raise CannotNote("gone")
            taken = await self._read(round_, user_id)
            note = Note(
                id=self._access.new_id(now),
                round_id=round_id,
                seat=round_.seats.index(seat),
                observer_user_id=user_id,
                coach_user_id=coach.user_id,
                code=code,
                side=side,
                at=at,
                taken_at=now,
                phase=phase,
                quote=quote,
                effect=effect,
            )
            await self._add(round_, taken, note)
            return await self._look_again(round_, user_id, taken)

    # Changing notes

    async def mine(self, round_id: int, user_id: int, note_id: int) -> Note:
        """One of this person's notes. Raises NoRound, and NothingToShow if it no longer exists."""
        round_ = await self._access.find(round_id)
        async with self._locks[round_id, user_id]:
            return _found((await self._read(round_, user_id)).notes, note_id)

    async def change(self, round_id: int, user_id: int, note_id: int, change: Change) -> Pad:
        """Change one of this person's notes; on disk when this returns.

        Raises NothingToShow if it no longer exists, and CannotNote once the coach has it.
        """
        round_ = await self._access.find(round_id)
        async with self._locks[round_id, user_id]:
            taken = await self._read(round_, user_id)
            note = _found(taken.notes, note_id)
            changed = change(note)
            if changed != note:
                if not await self._notes.change(changed):
                    self._taken.pop((round_id, user_id), None)
                    raise CannotNote("released")
                taken.replace(note, changed)
            return await self._look_again(round_, user_id, taken)

    async def correct(
        self,
        round_id: int,
        user_id: int,
        note_id: int,
        code: str,
        side: Side,
        phase: Phase | None = None,
    ) -> Pad:
        """Let one of this person's notes say something else; on disk when this returns.

        A note of a code becomes one of any side of any code, a question heard one of any phase.
        Raises NothingToShow for a code that is not listed, and what `change` raises.
        """
        round_ = await self._access.find(round_id)
        note = await self.mine(round_id, user_id, note_id)
        listed = await self._access.listed(round_, note.coach_user_id)
        is_known = code == QUESTION or any(one.code == code for one in listed)
        if not is_known or (code == QUESTION) != (note.side is Side.QUESTION):
            raise NothingToShow("signal")

        def corrected(note: Note) -> Note:
            if (note.code, note.side) == (code, side):
                return replace(note, phase=phase or note.phase)
            # The parts are those of one code.
            return replace(note, code=code, side=side, variant="")

        return await self.change(round_id, user_id, note_id, corrected)

    async def take_back(self, round_id: int, user_id: int, note_id: int) -> Pad:
        """Take a note back; it can be put back until the coach has the others."""
        now = self._access.now()
        return await self.change(
            round_id, user_id, note_id, lambda note: replace(note, withdrawn_at=now)
        )

    async def put_back(self, round_id: int, user_id: int, note_id: int) -> Pad:
        """Put back a note that was taken back."""
        return await self.change(
            round_id, user_id, note_id, lambda note: replace(note, withdrawn_at=None)
        )

    def forget_all(self) -> None:
        """Read all pads again, because something was changed on disk."""
        self._taken.clear()
        self._access.forget_all()

    def _let_go(self, round_: Round) -> None:
        """The pads of a round that is over are read from disk when a person looks again."""
        for seat in round_.seats:
            self._taken.pop((round_.id, seat.user_id or 0), None)

    async def _read(self, round_: Round, user_id: int) -> _Taken:
        """A person's notes with those taken back; changed in place whenever the disk changes."""
        key = (round_.id, user_id)
        if not round_.is_open:
            # The time of its words runs from now on, and only the disk knows when it is over.
            self._taken.pop(key, None)
            return _Taken(await self._notes.of_observer(*key))
        taken = self._taken.get(key)
        if taken is None:
            taken = _Taken(await self._notes.of_observer(*key))
            self._taken[key] = taken
            if len(self._taken) > MOST_PADS:
                self._taken.popitem(last=False)
        else:
            self._taken.move_to_end(key)
        return taken

    async def _add(self, round_: Round, taken: _Taken, note: Note) -> None:
        if len(taken.notes) >= MOST_NOTES:
            raise CannotNote("full")
        listed = await self._access.open(round_, note.coach_user_id)
        if note.code != QUESTION and all(listed_.code != note.code for listed_ in listed):
            raise NothingToShow("signal")
        if not await self._notes.take(note):
            raise CannotNote("released")
        taken.add(note)

    async def _look_again(self, round_: Round, user_id: int, taken: _Taken) -> Pad:
        try:
            opening = open_for_tap(round_, user_id, self._access.now())
        except CannotNote as error:
            return await self._pad(round_, taken, None, error)
        return await self._pad(round_, taken, opening, None)

    async def _pad(
        self, round_: Round, taken: _Taken, opening: Opening | None, closed: CannotNote | None
    ) -> Pad:
        coach = round_.coach
        coach_id = opening.coach_user_id if opening else coach.user_id if coach else None
        seat = round_.seat_of(coach_id) if coach_id is not None else None
        back = taken.back
        return Pad(
            round=round_,
            listed=await self._access.listed(round_, coach_id),
            focus=seat.focus if seat else (),
            notes=tuple(taken.notes)
            if not back
            else tuple(note for note in taken.notes if note.withdrawn_at is None),
            counts=dict(taken.counts),
            taken_back=max(back, key=lambda one: one.withdrawn_at or one.taken_at, default=None),
            opening=opening,
            closed=closed,
        )


def _found(notes: list[Note], note_id: int) -> Note:
    note = next((one for one in notes if one.id == note_id), None)
    if note is None:
        raise NothingToShow("note")
    return note


def _phase_so_far(notes: list[Note]) -> Phase | None:
    """Where the conversation seems to be: the phase of the last question this observer heard."""
    for note in reversed(notes):
        if note.side is Side.QUESTION and note.withdrawn_at is None:
            return note.phase
    return None
