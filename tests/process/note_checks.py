"""What must hold of feedback on disk, whatever was done and whenever the program ended."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.kit.database.moments import MILLISECOND, in_milliseconds
from bot.rounds.model.round import Role, Round
from tests.process.round_checks import check_states, rounds_in

Key = tuple[int, int]
"""A round and a person."""
NoteRow = tuple[object, ...]
CODE, SIDE, TAKEN, QUOTE = 3, 4, 6, 7
"""Where these are in the row of a note, which begins with its id."""
Sheet = tuple[dict[str, str], int | None]
"""Marks by code, and when it was handed in (ms)."""
WHILE_WRITING = timedelta(seconds=1)
"""While the end of the coaching is being written to disk, taps are still taken as before."""

_NOTES = (
    "SELECT round_id, observer_user_id, withdrawn_ms IS NOT NULL, id, seat, coach_user_id, code,"
    " side, at_ms, taken_ms, quote FROM notes"
)
_SHEETS = "SELECT round_id, user_id, seat, coach_user_id, marks, handed_in_ms FROM sheets"
_DEBRIEFS = "SELECT round_id, coach_user_id, listed, reflected_ms, released_ms FROM debriefs"


@dataclass
class Stored:
    """What is on disk, in the words in which the program says what it did."""

    rounds: dict[int, Round]
    notes: dict[Key, dict[int, NoteRow]] = field(default_factory=dict[Key, dict[int, NoteRow]])
    """Of each person, by id; with those taken back."""
    withdrawn: set[int] = field(default_factory=set[int])
    sheets: dict[Key, Sheet] = field(default_factory=dict[Key, Sheet])
    reflected: dict[int, int] = field(default_factory=dict[int, int])
    """When (ms), by round; each has one coach."""
    released: dict[int, int] = field(default_factory=dict[int, int])
    codes: dict[int, set[str]] = field(default_factory=dict[int, set[str]])
    """The signal list of each round that has feedback."""

    @classmethod
    def read(cls, path: Path, *, thorough: bool = False) -> Stored:
        """Read a database that nobody has open; nothing is written."""
        stored = cls(rounds_in(path, thorough=thorough))
        uri = f"{path.as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as connection:
            for round_id, user_id, is_withdrawn, *row in connection.execute(_NOTES):
                stored.notes.setdefault((round_id, user_id), {})[row[0]] = tuple(row)
                if is_withdrawn:
                    stored.withdrawn.add(row[0])
            for round_id, user_id, seat, coach_id, marks, at in connection.execute(_SHEETS):
                round_ = stored.rounds[round_id]
                assert round_.seats[seat].user_id == user_id
                assert coach_id == coach_of(round_)
                stored.sheets[round_id, user_id] = (json.loads(marks), at)
            for round_id, coach_id, listed, reflected, released in connection.execute(_DEBRIEFS):
                assert coach_id == coach_of(stored.rounds[round_id])
                stored.codes[round_id] = {code for code, *_ in json.loads(listed)}
                if reflected is not None:
                    stored.reflected[round_id] = reflected
                if released is not None:
                    stored.released[round_id] = released
        return stored

    def check(self, now: datetime) -> None:
        """All of it is as the rules allow."""
        check_states(self.rounds.values(), now)
        for (round_id, user_id), notes in self.notes.items():
            for row in notes.values():
                self._check_note(self.rounds[round_id], user_id, row, now)
        for (round_id, _), (marks, handed_in) in self.sheets.items():
            assert marks.keys() <= self.codes[round_id]
            assert handed_in is None or handed_in <= in_milliseconds(now)
        for round_id, released in self.released.items():
            assert self.reflected[round_id] <= released

    def _check_note(self, round_: Round, user_id: int, row: NoteRow, now: datetime) -> None:
        note_id, seat, coach_id, code, _, at, *_ = row
        assert isinstance(seat, int)
        assert isinstance(at, int)
        assert round_.seats[seat].user_id == user_id
        assert coach_id == coach_of(round_)
        assert code in self.codes[round_.id]
        assert 0 <= at <= (round_.coached_for(now) + WHILE_WRITING) // MILLISECOND, (
            f"{row} in {round_}"
        )
        assert round_.id not in self.released or note_id not in self.withdrawn


def coach_of(round_: Round) -> int | None:
    """Who coaches in a round; nobody else ever does in these."""
    return next(seat.user_id for seat in round_.seats if seat.role is Role.COACH)
