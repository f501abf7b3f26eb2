"""What a program said about feedback before it was killed, and whether all of it is on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.feedback.model.debriefs import waits_for
from bot.kit.database.moments import EPOCH, MILLISECOND, in_milliseconds, milliseconds
from bot.rounds.model.round import Round, State
from tests.process.note_checks import CODE, QUOTE, SIDE, Key, NoteRow, Sheet, Stored, coach_of


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
        # Somebody may have got something on disk and never heard of it.
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
        """Whoever may see their feedback was shown it or asked for it, at the same moment."""
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
