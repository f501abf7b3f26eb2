"""Notes on disk. The database itself decides what may be written, whatever was checked before."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from bot.content.model.questions import Phase
from bot.dojos.store.terms import read_kept, with_terms
from bot.feedback.model.notes import Note, Side, Verdict
from bot.feedback.store.debriefs import is_released
from bot.kit.batcher import Asked, Batcher
from bot.kit.database.database import Database, Row, Statements, Value
from bot.kit.database.moments import (
    EPOCH,
    MILLISECOND,
    in_milliseconds,
    milliseconds,
    moment,
    seconds,
)
from bot.kit.database.scopes import scope_of
from bot.kit.database.steps import in_parts, in_steps, marks

_READ = with_terms("notes", "n")
_COLUMNS = (
    "id, round_id, seat, observer_user_id, coach_user_id, code, side, at_ms, taken_ms, phase,"
    " variant, quote, effect"
)
_FORGET_ABOUT = (
    "DELETE FROM notes WHERE (coach_user_id = ?"
    " OR (observer_user_id = ? AND withdrawn_ms IS NOT NULL))"
)
_FORGET_BY = (
    "UPDATE notes SET observer_user_id = NULL, quote = '', effect = '' WHERE observer_user_id = ?"
)
MOST_TOGETHER = 32
"""Notes in one statement."""


@cache
def _take(count: int) -> str:
    """The statement that inserts `count` notes.

    It looks up the people itself: someone who has just been forgotten, or a round that has just
    been erased, gets no more notes.
    """
    one = f"({', '.join('?' * 13)})"
    # Names that SQLite and PostgreSQL share. An INSERT that began with WITH would count no rows.
    columns = [f"t.column{number}" for number in range(1, 14)]
    _, round_id, seat, observer, coach, *_ = columns
    return (
        f"INSERT INTO notes ({_COLUMNS}) SELECT {', '.join(columns)}"  # noqa: S608 - our own names
        f" FROM (VALUES {', '.join([one] * count)}) AS t"
        f" JOIN round_people AS o ON o.round_id = {round_id} AND o.number = {seat}"
        f" AND o.user_id = {observer}"
        f" WHERE EXISTS (SELECT 1 FROM round_people AS c WHERE c.round_id = {round_id}"
        f" AND c.user_id = {coach})"
        f" AND NOT EXISTS (SELECT 1 FROM debriefs AS d WHERE d.round_id = {round_id}"
        f" AND d.coach_user_id = {coach} AND d.released_ms IS NOT NULL)"
    )


class NoteStore:
    """Reads and writes notes. Times are stored to the millisecond."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._batcher = Batcher[Note, bool]("take notes", self._take_all, most=MOST_TOGETHER)

    async def take(self, note: Note) -> bool:
        """Write a new note; on disk when this returns.

        Returns False, and writes nothing, if its people are not in that round (any more) or the
        coach has the notes already. Notes that come while others are being written go into the next
        statement together: it costs about the same for all of them.
        """
        return await self._batcher.ask(note)

    async def _take_all(self, batch: Sequence[Asked[Note, bool]]) -> None:
        try:
            ids = await self._insert([asked.item for asked in batch])
        except sqlite3.IntegrityError:
            if len(batch) == 1:
                raise
            # One of them breaks a constraint, and only that one fails.
            for asked in batch:
                try:
                    asked.tell(bool(await self._insert([asked.item])))
                except Exception as error:  # noqa: BLE001 - it belongs to the one who tapped
                    asked.tell(error)
        else:
            for asked in batch:
                asked.tell(asked.item.id in ids)

    async def _insert(self, notes: Sequence[Note]) -> Collection[int]:
        """Write all notes, or raise sqlite3.Error. Returns the ids of those that are on disk."""
        ids = [note.id for note in notes]
        values = [value for note in notes for value in _values(note)]
        if await self._database.change(_take(len(notes)), *values) == len(notes):
            return ids
        marks = ", ".join("?" * len(ids))
        rows = await self._database.all(f"SELECT id FROM notes WHERE id IN ({marks})", *ids)  # noqa: S608
        return {row["id"] for row in rows}

    async def change(self, note: Note) -> bool:
        """Write what its observer changed in a note: time, side, code, words, or taking it back.

        Returns False, and changes nothing, if it is released, erased, or someone else's.
        """
        rows = await self._database.write(
            "UPDATE notes SET code = ?, side = ?, at_ms = ?, phase = ?, variant = ?, quote = ?,"  # noqa: S608
            " effect = ?, withdrawn_ms = ? WHERE id = ? AND observer_user_id = ?"
            f" AND NOT {is_released('notes')} RETURNING id",
            note.code,
            note.side.value,
            note.at // MILLISECOND,
            note.phase and note.phase.value,
            note.variant,
            note.quote,
            note.effect,
            milliseconds(note.withdrawn_at),
            note.id,
            note.observer_user_id,
        )
        return bool(rows)

    async def get(self, note_id: int) -> Note | None:
        """One note; None if it does not exist."""
        notes = await self._shown(f"{_READ} WHERE n.id = ?", note_id)
        return notes[0] if notes else None

    async def of_round(self, round_id: int) -> list[Note]:
        """All notes of a round in the order in which they were taken, also those taken back."""
        return await self._shown(
            f"{_READ} WHERE n.round_id = ? ORDER BY n.taken_ms, n.id", round_id
        )

    async def of_observer(self, round_id: int, user_id: int) -> list[Note]:
        """One person's notes of a round in the order in which they were taken."""
        return await self._shown(
            f"{_READ} WHERE n.round_id = ? AND n.observer_user_id = ? ORDER BY n.taken_ms, n.id",
            round_id,
            user_id,
        )

    async def _shown(self, sql: str, *values: Value) -> list[Note]:
        """The notes of a query, without those, and without words, whose time is over."""
        now = self._database.now()
        notes: list[Note] = []
        for row in await self._database.all(sql, *values):
            kept = read_kept(row)
            if kept.has_codes(now):
                note = _note(row)
                notes.append(note if kept.has_words(now) else without_words(note))
        return notes

    async def judge(self, note_id: int, coach_user_id: int, verdict: Verdict | None) -> bool:
        """Store what the coach says about a note of theirs. Returns whether it exists."""
        rows = await self._database.write(
            "UPDATE notes SET verdict = ? WHERE id = ? AND coach_user_id = ? RETURNING id",
            verdict and verdict.value,
            note_id,
            coach_user_id,
        )
        return bool(rows)

    async def erase_words(self, note_id: int, coach_user_id: int) -> bool:
        """Remove the words from a note on this coach. Returns whether there is such a note."""
        rows = await self._database.write(
            "UPDATE notes SET quote = '', effect = '' WHERE id = ? AND coach_user_id = ?"
            " RETURNING id",
            note_id,
            coach_user_id,
        )
        await self._database.scrub()
        return bool(rows)

    async def erase(self, note_id: int) -> bool:
        """Erase a note and the reports about it. Returns whether it was there."""
        rows = await self._database.write("DELETE FROM notes WHERE id = ? RETURNING id", note_id)
        await self._database.scrub()
        return bool(rows)

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """The notes this person took, and those about them that have been released to them.

        Without who took a note about them, without what a coach thought of a note of theirs (that
        is only told for several notes together), and without whether anybody reported one.
        """
        rows = await statements.all(
            f"{_READ} WHERE n.observer_user_id = ?"
            f" OR (n.coach_user_id = ? AND n.withdrawn_ms IS NULL AND {is_released('n')})"
            " ORDER BY n.id",
            user_id,
            user_id,
        )
        # A year of one person takes longer than others who use the bot should wait.
        return await asyncio.to_thread(_all_exported, rows, user_id, self._database.now())

    async def forget_most(self, user_id: int, guild_id: int | None = None) -> None:
        """Do what `forget_person` does to the notes that are there now, in small steps.

        A year of one person is thousands of notes, and others can write between two steps.
        """
        scope = scope_of(guild_id, "round")
        async with self._database.long_read() as statements:
            rows = await statements.all(
                "SELECT id FROM notes WHERE"  # noqa: S608 - our own names
                f" (coach_user_id = ? OR observer_user_id = ?){scope.sql}",
                user_id,
                user_id,
                *scope.values,
            )

        async def forget(statements: Statements, ids: list[int]) -> None:
            for sql, values in _forgetting(user_id):
                await statements.all(f"{sql} AND id IN ({marks(ids)})", *values, *ids)

        parts = in_parts([row["id"] for row in rows], MOST_TOGETHER)
        await in_steps(self._database, parts, forget)

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Erase the notes about this person, and their name and words on notes they took.

        Notes that they took back go at once, because nobody can put them back any more.
        """
        scope = scope_of(guild_id, "round")
        for sql, values in _forgetting(user_id):
            await scope.run(statements, sql, *values)


def _forgetting(user_id: int) -> list[tuple[str, tuple[int, ...]]]:
    """The statements that erase a person from notes, to which a condition can be added."""
    return [(_FORGET_ABOUT, (user_id, user_id)), (_FORGET_BY, (user_id,))]


def _values(note: Note) -> tuple[Value, ...]:
    """A new note as a row, in the order of the columns."""
    return (
        note.id,
        note.round_id,
        note.seat,
        note.observer_user_id,
        note.coach_user_id,
        note.code,
        note.side.value,
        note.at // MILLISECOND,
        in_milliseconds(note.taken_at),
        note.phase and note.phase.value,
        note.variant,
        note.quote,
        note.effect,
    )


def _note(row: Row) -> Note:
    return Note(
        id=row["id"],
        round_id=row["round_id"],
        seat=row["seat"],
        observer_user_id=row["observer_user_id"],
        coach_user_id=row["coach_user_id"],
        code=row["code"],
        side=Side(row["side"]),
        at=row["at_ms"] * MILLISECOND,
        taken_at=EPOCH + row["taken_ms"] * MILLISECOND,
        phase=row["phase"] and Phase(row["phase"]),
        variant=row["variant"],
        quote=row["quote"],
        effect=row["effect"],
        verdict=row["verdict"] and Verdict(row["verdict"]),
        withdrawn_at=moment(row["withdrawn_ms"]),
    )


def without_words(note: Note) -> Note:
    """The note once the time of its words is over."""
    return replace(note, quote="", effect="")


def _all_exported(rows: Sequence[Row], user_id: int, now: datetime) -> list[dict[str, object]]:
    terms = ((row, read_kept(row)) for row in rows)
    return [
        _exported(row, user_id, has_words=kept.has_words(now))
        for row, kept in terms
        if kept.has_codes(now)
    ]


def _exported(row: Row, user_id: int, *, has_words: bool) -> dict[str, object]:
    """A note as the person may have it."""
    note = _note(row) if has_words else without_words(_note(row))
    is_mine = row["observer_user_id"] == user_id
    entry: dict[str, object] = {
        "round_id": row["round_id"],
        "taken_by_me": is_mine,
        "about_me": row["coach_user_id"] == user_id,
        "code": row["code"],
        "side": row["side"],
        "coaching_seconds": row["at_ms"] // 1000,
        "taken_at": seconds(row["taken_ms"]),
        "phase": row["phase"],
        "variant": note.variant,
        "quote": note.quote,
        "effect": note.effect,
    }
    if is_mine:
        return entry | {"withdrawn_at": seconds(row["withdrawn_ms"])}
    return entry | {"verdict": row["verdict"]}
