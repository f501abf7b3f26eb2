"""Whenever the program is killed, feedback is as people were told, and none comes too early."""

from __future__ import annotations

import contextlib
import json
import random
import sqlite3
import sys
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.feedback.model.debriefs import waits_for
from bot.feedback.model.sheets import coaches
from bot.kit.database.moments import EPOCH, MILLISECOND, in_milliseconds, milliseconds
from bot.rounds.model.round import Agreement, Role, Round, State
from tests.feedback.service.practice import FeedbackPractice
from tests.process.round_checks import check_states, rounds_in
from tests.process.round_child import now
from tests.process.runs import KILLS, MOST_KILLS, SEEDS, Runs
from tests.rounds.service.practice import FakeAnnouncer

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


@dataclass
class Known:
    """What one person of one round was told of what is theirs."""

    notes: dict[int, NoteRow] = field(default_factory=dict[int, NoteRow])
    """On the pad; without those taken back."""
    gone: set[int] = field(default_factory=set[int])
    """Taken back."""
    sheet: Sheet | None = None
    handed_in: int | None = None
    """When for the first time (ms)."""
    doing: tuple[object, ...] | None = None
    """What this person has begun, and heard nothing of."""

    def heed(self, name: str, *answer: object) -> None:
        """What came of it."""
        match name, *answer:
            case "tap" | "tap twice" | "remember", list(rows), []:
                assert len(rows) <= 1, "doubled"
                self._take(rows)
                assert not rows or self.doing == ("tap", rows[0][CODE], rows[0][SIDE])
            case "take back", [], [note_id]:
                assert self.doing == (name, note_id)
                del self.notes[note_id]
                self.gone.add(note_id)
            case "put back", [row], []:
                assert self.doing == (name, row[0])
                self.gone.remove(row[0])
                self._take([row])
            case "words", list(rows), []:
                assert [(name, row[0], row[QUOTE]) for row in rows] in ([], [self.doing])
                self.notes.update({row[0]: tuple(row) for row in rows})
            case "mark" | "hand in", dict(marks), int() | None as handed_in:
                self._see_sheet((marks, handed_in))
            case _:
                raise AssertionError(f"an unknown answer: {name} {answer}")

    def _take(self, rows: list[list[object]]) -> None:
        for row in rows:
            note_id = row[0]
            assert isinstance(note_id, int)
            assert note_id not in self.notes
            assert note_id not in self.gone
            self.notes[note_id] = tuple(row)

    def _see_sheet(self, sheet: Sheet | None) -> None:
        self.sheet = sheet
        if sheet is not None and self.handed_in is None:
            self.handed_in = sheet[1]

    def check_is_nothing(self) -> None:
        """Nothing is known of a round that never came to be on disk."""
        assert (self.notes, self.gone, self.sheet) == ({}, set(), None)
        self.doing = None

    def check(
        self,
        notes: dict[int, NoteRow],
        withdrawn: Collection[int],
        sheet: Sheet | None,
        *,
        is_released: bool,
    ) -> None:
        """All of it is on disk, and only what was under way has, or has not, been done as well."""
        kept = {note_id: row for note_id, row in notes.items() if note_id not in withdrawn}
        gone = {note_id for note_id in notes if note_id in withdrawn}
        changed = {*kept.values()} ^ {*self.notes.values()}
        if changed:
            self._check_is_under_way(changed, notes, is_released=is_released)
        # The release deletes what was taken back.
        in_doubt = {row[0] for row in changed}
        assert gone - in_doubt == (set() if is_released else self.gone - in_doubt)
        if sheet != self.sheet:
            self._check_sheet_is_under_way(sheet)
        self.notes, self.gone, self.doing = kept, gone, None
        self._see_sheet(sheet)

    def _check_is_under_way(
        self, changed: set[NoteRow], notes: dict[int, NoteRow], *, is_released: bool
    ) -> None:
        """Rows that are only on disk, or only known, are of the one thing that was under way."""
        assert len({row[0] for row in changed}) == 1, f"{changed} while doing {self.doing}"
        (note_id,) = {row[0] for row in changed}
        assert isinstance(note_id, int)
        match self.doing:
            case ("tap", code, side):
                (row,) = changed
                assert note_id not in self.notes
                assert note_id not in self.gone
                assert (row[CODE], row[SIDE]) == (code, side)
            case ("take back", of):
                assert of == note_id
                assert notes.get(note_id, self.notes[note_id]) == self.notes[note_id]
                assert is_released or note_id in notes, "lost"
            case ("put back", of):
                assert of == note_id
                assert note_id in self.gone
            case ("words", of, words):
                assert of == note_id
                assert notes[note_id][QUOTE] == words
            case _:
                raise AssertionError(f"{changed} while doing {self.doing}")

    def _check_sheet_is_under_way(self, sheet: Sheet | None) -> None:
        assert self.doing is not None
        assert self.doing[0] in ("mark", "hand in"), f"{sheet} is not {self.sheet}"
        assert sheet is not None, "lost"
        if self.sheet is not None:
            marks, handed_in = sheet
            codes = {code for code, _ in {*marks.items()} ^ {*self.sheet[0].items()}}
            assert codes <= {*self.doing[1:]}
            assert self.doing[0] == "hand in" or handed_in == self.sheet[1]


class Ledger:
    """All that was acknowledged."""

    def __init__(self) -> None:
        self.acts: Counter[str] = Counter()
        """How often what was done."""
        self.under_way: Counter[str] = Counter()
        """How often what was under way in the moment of a kill."""
        self.people: dict[Key, Known] = {}
        self.parts: dict[int, dict[int, int]] = {}
        """When (ms) each part of a round began, by its position."""
        self.ended: dict[int, int] = {}
        self.handed_in: set[Key] = set()
        """Who was told that their sheet is in."""
        self.reflected: set[int] = set()
        """The rounds whose coaches gave their own view, or skipped it."""
        self.released: dict[int, int] = {}
        self.judged: set[int] = set()
        """The rounds whose release has been found to be in its time."""
        self.opened: dict[int, list[int]] = {}
        """The notes that coaches were shown."""

    def of(self, round_id: int, user_id: int) -> Known:
        """What a person knows."""
        return self.people.setdefault((round_id, user_id), Known())

    def heed(self, word: str, round_id: int, *facts: object) -> None:
        """Take in one line of the program."""
        try:
            self._heed(word, round_id, *facts)
        except (AssertionError, KeyError) as error:
            raise AssertionError(f"{error!r}: {word} {round_id} {facts}") from error

    def _heed(self, word: str, round_id: int, *facts: object) -> None:
        match word, *facts:
            case "at", int(position), int(began), int() | None as ended:
                self._see_part(round_id, position, began, ended)
            case "will", int(user_id), *doing:
                assert self.of(round_id, user_id).doing is None
                self.of(round_id, user_id).doing = tuple(doing)
            case "saw", int(user_id), list(rows), []:
                # What is shown after a start is all that was there, and nothing else.
                shown = {row[0]: tuple(row) for row in rows}
                assert shown == self.of(round_id, user_id).notes
            case "refused", int(user_id):
                self.of(round_id, user_id).doing = None
            case "did", int(user_id), str(name), *answer:
                self.acts[name] += 1
                self._heed_done(round_id, user_id, name, *answer)
                self.of(round_id, user_id).doing = None
            case _:
                raise AssertionError("an unknown line")

    def _heed_done(self, round_id: int, user_id: int, name: str, *answer: object) -> None:
        match name, *answer:
            case "skip", *_:
                self.reflected.add(round_id)
            case "open", int(released), list(ids):
                assert self.released.setdefault(round_id, released) == released
                assert self.opened.setdefault(round_id, ids) == ids
            case _:
                self.of(round_id, user_id).heed(name, *answer)
                if name == "hand in":
                    self.handed_in.add((round_id, user_id))

    def _see_part(self, round_id: int, position: int, began: int, ended: int | None) -> None:
        self.parts.setdefault(round_id, {}).setdefault(position, began)
        if ended is not None:
            self.ended[round_id] = ended

    def check(self, stored: Stored) -> None:
        """Nothing acknowledged is missing from the disk, and nothing came there by itself."""
        for round_id, round_ in stored.rounds.items():
            if round_.began_at is not None:
                began = in_milliseconds(round_.began_at)
                self._see_part(round_id, round_.position, began, milliseconds(round_.ended_at))
        for round_id, user_id in self.handed_in:
            if user_id == coach_of(stored.rounds[round_id]):
                self.reflected.add(round_id)
        # Someone may have got something on disk and never heard of it.
        for key in (*stored.notes, *stored.sheets):
            self.of(*key)
        for key, known in self.people.items():
            if key[0] not in stored.rounds:
                known.check_is_nothing()
                continue
            if known.doing is not None:
                name = str(known.doing[0])
                self.under_way[name] += 1
                self._allow(stored, key, name)
            try:
                self._check_person(stored, key, known)
            except (AssertionError, KeyError) as error:
                raise AssertionError(f"{error!r}\n{key}: {known}\nbut {stored}") from error
        assert stored.reflected.keys() == self.reflected
        self._check_released(stored)

    def _check_person(self, stored: Stored, key: Key, known: Known) -> None:
        notes, sheet = stored.notes.get(key, {}), stored.sheets.get(key)
        known.check(notes, stored.withdrawn, sheet, is_released=key[0] in stored.released)

    def _allow(self, stored: Stored, key: Key, name: str) -> None:
        """What a coach had begun may have been done."""
        round_id, user_id = key
        if user_id != coach_of(stored.rounds[round_id]):
            return
        if name in ("skip", "hand in") and round_id in stored.reflected:
            self.reflected.add(round_id)
        if name == "open" and round_id in stored.released:
            self.released.setdefault(round_id, stored.released[round_id])

    def _check_released(self, stored: Stored) -> None:
        """People who may see their feedback were shown it or asked for it, at the same moment."""
        assert stored.released == self.released
        for round_id, ids in self.opened.items():
            notes = (rows for (of, _), rows in stored.notes.items() if of == round_id)
            assert sorted(note_id for rows in notes for note_id in rows) == ids
        for round_id in stored.released.keys() - self.judged:
            self._check_is_not_early(stored, stored.rounds[round_id])
            self.judged.add(round_id)

    def _check_is_not_early(self, stored: Stored, round_: Round) -> None:
        """By what had happened until the release, nothing was waited for."""
        released, ended = stored.released[round_.id], self.ended.get(round_.id)
        at_once = {at for at, began in self.parts[round_.id].items() if began <= released}
        is_over = ended is not None and ended <= released
        state = State.ENDED if is_over else State.RUNNING
        position = max(at_once)
        began_at = EPOCH + self.parts[round_.id][position] * MILLISECOND
        then = replace(
            round_,
            position=position,
            state=state,
            began_at=began_at,
            since=None if is_over else began_at,
            ran=timedelta(),
            length=round_.format.segments[max(position, 0)].length,
            past=round_.past if is_over else round_.past[: max(position, 0)],
            ended_at=None if ended is None or not is_over else EPOCH + ended * MILLISECOND,
        )
        first = {
            number: self.of(round_.id, seat.user_id or 0).handed_in
            for number, seat in enumerate(round_.seats)
        }
        handed_in = {number for number, at in first.items() if at is not None and at <= released}
        has_reflected = stored.reflected[round_.id] <= released
        coach_id = coach_of(round_)
        assert coach_id is not None
        # When a part began is known a moment later than it did.
        now = EPOCH + released * MILLISECOND + timedelta(seconds=1)
        wait = waits_for(then, coach_id, handed_in, now, has_reflected=has_reflected)
        assert wait is None, f"released before {wait}: {then}, {handed_in}, {released}"


THOROUGH_EVERY = 10
FOUR_HOURS = 4 * 3600
EVERYTHING = {
    *("tap", "tap twice", "take back", "put back", "words", "remember", "mark"),
    *("hand in", "skip", "open"),
}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no fork, and no SIGKILL")


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_killed_program_loses_nothing_of_feedback_and_releases_nothing_early(
    tmp_path, library, seed
):
    """20 kills or more, while three rounds get taps, words, sheets and openings of feedback."""
    rng, path, ledger = random.Random(seed), tmp_path / "dojo.sqlite3", Ledger()
    codes = []
    async with Runs.on(path, ledger, "note_child") as runs:
        for number in range(1, MOST_KILLS + 1):
            if number > KILLS and is_complete(ledger):
                break
            seconds = rng.uniform(0.0, 0.04)
            codes.append(await runs.run_and_kill(rng.getrandbits(32), seconds))
            stored = Stored.read(path, thorough=number % THOROUGH_EVERY == 0)
            stored.check(now())
            ledger.check(stored)
    assert len(codes) >= KILLS
    assert set(codes) == {-9}
    assert ledger.acts.keys() >= EVERYTHING
    assert ledger.under_way["tap"]
    assert ledger.released

    await check_the_next_start(path, library, ledger)


def is_complete(ledger: Ledger) -> bool:
    """Whether everything was done, and feedback released, and a tap cut off."""
    is_cut_off = bool(ledger.under_way["tap"])
    return ledger.acts.keys() >= EVERYTHING and is_cut_off and bool(ledger.released)


async def check_the_next_start(path: Path, library, ledger: Ledger) -> None:
    """Every pad shows what was noted, and every coach gets it once their own view is skipped."""
    practice = FeedbackPractice(path, library, FakeAnnouncer())
    practice.clock.present = now()
    try:
        await practice.begin_process()
        await practice.forward(FOUR_HOURS)
        for round_ in Stored.read(path).rounds.values():
            noted: list[int] = []
            for seat in round_.seats:
                if seat.role is Role.OBSERVER and seat.agreement is Agreement.NOTES:
                    assert seat.user_id is not None
                    known = ledger.of(round_.id, seat.user_id)
                    pad = await practice.pads.look(round_.id, seat.user_id)
                    assert {note.id for note in pad.notes} == known.notes.keys()
                    noted += known.notes
            # None where it was stopped before any coaching.
            for coach in coaches(round_):
                assert coach.user_id is not None
                await practice.sheets.skip_own(round_.id, coach.user_id)
                feedback = await practice.debriefs.open(round_.id, coach.user_id)
                assert {note.id for one in feedback.moments for note in one.notes} == {*noted}
    finally:
        await practice.end_process()
