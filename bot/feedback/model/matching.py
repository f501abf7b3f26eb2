"""Finds out which notes of several observers are about the same moment.

Observers tap some seconds after what they saw, each with a different delay. Notes of the same thing
close together in coaching time are one moment, noted by one or more observers. Counts of observers
are never added up: three people who note one interruption have seen one interruption.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.content.model.questions import Phase
from bot.feedback.model.notes import Note, Side

WITHIN = timedelta(seconds=30)
"""The longest coaching time between any two notes of one moment: people type 5 to 30 s late."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened once, noted by one or more observers."""

    code: str
    side: Side
    phase: Phase | None
    """The phase, if all observers who gave one gave the same; otherwise None."""
    notes: tuple[Note, ...]
    """In order of time, at most one of each observer. Never empty."""

    @property
    def at(self) -> timedelta:
        """Coaching time of the earliest note, which has the least delay."""
        return self.notes[0].at

    @property
    def seats(self) -> int:
        """How many observers noted it: the k of “noted by k of n”."""
        return len(self.notes)


def moments(notes: Iterable[Note]) -> list[Moment]:
    """The moments that notes are about, by time and then code; each note is in exactly one.

    Notes can be one moment if they have the same round, coach, code and side (and, for questions
    heard, the same phase), are of different observers, and no two of them are more than 30 s apart.
    The nearest pairs are joined first, as long as that holds, until no two moments are left that
    could be one. Notes that were taken back are left out, and the order of `notes` does not matter.
    """
    alike: defaultdict[tuple[object, ...], list[Note]] = defaultdict(list)
    for note in sorted(notes, key=_by_time):
        if note.withdrawn_at is None:
            alike[_subject(note)].append(note)
    found = [_moment(joined) for one in alike.values() for joined in _joined(one)]
    return sorted(found, key=lambda one: (one.at, one.code, one.side, _by_time(one.notes[0])))


def matched(notes: Iterable[Note], seat: int) -> int:
    """How many notes of the observer in `seat` share a moment with someone else's.

    `notes` are those of one round: a seat number means nothing outside it.
    """
    shared = (moment.notes for moment in moments(notes) if moment.seats > 1)
    return sum(note.seat == seat for joined in shared for note in joined)


def _by_time(note: Note) -> tuple[timedelta, int, int]:
    return note.at, note.seat, note.id


def _subject(note: Note) -> tuple[object, ...]:
    """What two notes must have in common to be about the same moment."""
    phase = note.phase if note.side is Side.QUESTION else None
    return note.round_id, note.coach_user_id, note.code, note.side, phase


def _joined(notes: Sequence[Note]) -> list[list[Note]]:
    """Notes of one subject, given in order of time, as lists that are one moment each."""
    groups = {index: [index] for index in range(len(notes))}
    group_of = list(range(len(notes)))
    for _, first, second in sorted(_pairs(notes)):
        one, other = group_of[first], group_of[second]
        both = sorted({*groups[one], *groups[other]})
        if one == other or not _can_be_one([notes[index] for index in both]):
            continue
        groups[one] = both
        for index in groups.pop(other):
            group_of[index] = one
    return [[notes[index] for index in group] for group in groups.values()]


def _pairs(notes: Sequence[Note]) -> Iterable[tuple[timedelta, int, int]]:
    """The time between any two notes of different observers that are close enough."""
    for first, note in enumerate(notes):
        for second in range(first + 1, len(notes)):
            apart = notes[second].at - note.at
            if apart > WITHIN:
                break
            if notes[second].seat != note.seat:
                yield apart, first, second


def _can_be_one(notes: Sequence[Note]) -> bool:
    """Whether notes in order of time are of different observers and close enough."""
    near = notes[-1].at - notes[0].at <= WITHIN
    return near and len({note.seat for note in notes}) == len(notes)


def _moment(notes: Sequence[Note]) -> Moment:
    phases = {note.phase for note in notes if note.phase is not None}
    phase = phases.pop() if len(phases) == 1 else None
    return Moment(notes[0].code, notes[0].side, phase, tuple(notes))
