"""Gatherings on disk: what they are, who joined them, who facilitates, and their rooms."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace

from bot.dojos.store.terms import promise_names
from bot.gatherings.model.gathering import Gathering
from bot.gatherings.store.rows import (
    Table,
    gathering_row,
    guest_rows,
    helper_rows,
    read_gathering,
    room_rows,
    trusted_rows,
)
from bot.kit.database.columns import insert, update
from bot.kit.database.database import Database, Row, Statements
from bot.kit.database.errors import ChangedMeanwhile, StorageError
from bot.kit.database.moments import seconds
from bot.kit.database.scopes import scope_of

_OPEN = "stage <> 'ended' OR COALESCE(told_stage, '') <> 'ended'"


class DojoTaken(StorageError):
    """The dojo has an open gathering already; nothing was written."""


class GatheringStore:
    """Reads and writes gatherings. Moments are kept to the millisecond.

    In groups people are kept by their number among those who joined, so that a person who is
    forgotten is in them no more.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open_ones(self) -> list[Gathering]:
        """Every gathering that is not over, or whose dojo has not been told that it is."""
        rows = await self._database.all(f"SELECT * FROM gatherings WHERE {_OPEN}")  # noqa: S608
        # Put in order here: asked for it, SQLite would read all of them in order of their id.
        rows.sort(key=lambda row: row["id"])
        return [await self._complete(row) for row in rows]

    async def get(self, gathering_id: int) -> Gathering | None:
        """One gathering, also one that is over."""
        row = await self._database.one("SELECT * FROM gatherings WHERE id = ?", gathering_id)
        return None if row is None else await self._complete(row)

    async def add(self, gathering: Gathering) -> None:
        """Write a new gathering. Raises DojoTaken when its dojo has one that is not over."""
        numbers = _positions(gathering)
        row = gathering_row(gathering, numbers)
        async with self._database.transaction() as transaction:
            try:
                await transaction.all(insert("gatherings", tuple(row)), *row.values())
            except sqlite3.IntegrityError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                    raise DojoTaken(f"Dojo {gathering.dojo_id} has an open gathering.") from error
                raise
            await transaction.all(promise_names("gatherings"), gathering.id)
            await _write(transaction, gathering, guest_rows(gathering))
            await _write(transaction, gathering, helper_rows(gathering))
            await _write(transaction, gathering, trusted_rows(gathering))
            await _write(transaction, gathering, room_rows(gathering, numbers))

    async def save(self, old: Gathering, new: Gathering) -> Gathering:
        """Write what became of a gathering, and give it with its new version; on disk on return.

        Raises ChangedMeanwhile, and writes nothing, where the disk has another version than `old`.
        """
        new = replace(new, version=old.version + 1)
        is_renumbered = new.guests != old.guests
        numbers = _positions(new) if is_renumbered else await self._numbers(new)
        tables: list[Table] = []
        if is_renumbered:
            tables.append(guest_rows(new))
        if new.helper_user_ids != old.helper_user_ids:
            tables.append(helper_rows(new))
        if new.trusted_user_ids != old.trusted_user_ids:
            tables.append(trusted_rows(new))
        if new.rooms != old.rooms or (is_renumbered and _asks(new)):
            tables.append(room_rows(new, numbers))
        row = gathering_row(new, numbers)
        sql, values = update("gatherings", tuple(row)), (*row.values(), old.id, old.version)
        if not tables:
            rows = await self._database.write(sql, *values)
        else:
            async with self._database.transaction() as transaction:
                rows = await transaction.all(sql, *values)
                for table in tables if rows else ():
                    await _write(transaction, new, table)
        if not rows:
            raise ChangedMeanwhile(f"Gathering {new.id} is not on disk as it was known.")
        return new

    async def export_person(self, statements: Statements, user_id: int) -> list[dict[str, object]]:
        """The gatherings this person joined or facilitated, with their own part in them."""
        rows = await statements.all(
            "SELECT g.*, p.user_id, p.joined_ms, p.wish, p.languages, p.presence, p.rests,"
            " h.user_id AS helper_user_id, t.user_id AS trusted_user_id,"
            " (SELECT max(r.asked_ms) FROM gathering_rooms AS r"
            " WHERE r.gathering_id = g.id AND r.asked_guest = p.number) AS asked_ms"
            " FROM gatherings AS g"
            " LEFT JOIN gathering_people AS p ON p.gathering_id = g.id AND p.user_id = ?"
            " LEFT JOIN gathering_helpers AS h ON h.gathering_id = g.id AND h.user_id = ?"
            " LEFT JOIN gathering_trusted AS t ON t.gathering_id = g.id AND t.user_id = ?"
            " WHERE g.id IN (SELECT gathering_id FROM gathering_people WHERE user_id = ?"
            " UNION SELECT gathering_id FROM gathering_helpers WHERE user_id = ?"
            " UNION SELECT gathering_id FROM gathering_trusted WHERE user_id = ?"
            " UNION SELECT id FROM gatherings WHERE facilitator_user_id = ?) ORDER BY g.id",
            *[user_id] * 7,
        )
        return [_exported(row, user_id) for row in rows]

    async def forget_person(
        self, statements: Statements, user_id: int, guild_id: int | None = None
    ) -> None:
        """Take the person off their gatherings; the others keep theirs."""
        people, gatherings = scope_of(guild_id, "gathering"), scope_of(guild_id, "guild")
        for sql, scope in (
            ("UPDATE gathering_people SET user_id = NULL WHERE user_id = ?", people),
            (
                "UPDATE gatherings SET facilitator_user_id = NULL WHERE facilitator_user_id = ?",
                gatherings,
            ),
            ("DELETE FROM gathering_helpers WHERE user_id = ?", people),
            ("DELETE FROM gathering_trusted WHERE user_id = ?", people),
        ):
            await statements.all(sql + scope.sql, user_id, *scope.values)

    async def _complete(self, row: Row) -> Gathering:
        people, helpers, trusted, rooms = [
            await self._database.all(
                f"SELECT * FROM {table} WHERE gathering_id = ? ORDER BY number",  # noqa: S608
                row["id"],
            )
            for table in (
                "gathering_people",
                "gathering_helpers",
                "gathering_trusted",
                "gathering_rooms",
            )
        ]
        return read_gathering(row, people, helpers, trusted, rooms)

    async def _numbers(self, gathering: Gathering) -> Mapping[int, int]:
        """The number that each person has on disk, where someone may have been forgotten."""
        if gathering.draft is None and gathering.draw is None and not _asks(gathering):
            return {}
        rows = await self._database.all(
            "SELECT number, user_id FROM gathering_people"
            " WHERE gathering_id = ? AND user_id IS NOT NULL",
            gathering.id,
        )
        return {row["user_id"]: row["number"] for row in rows}


def _positions(gathering: Gathering) -> dict[int, int]:
    """The number that each person gets when all are written again."""
    return {guest.user_id: number for number, guest in enumerate(gathering.guests)}


def _asks(gathering: Gathering) -> bool:
    """Whether a room names someone who asked for help."""
    return any(room.asked_by is not None for room in gathering.rooms)


async def _write(statements: Statements, gathering: Gathering, table: Table) -> None:
    """Write the rows in the place of those that were there."""
    name, rows = table
    await statements.all(f"DELETE FROM {name} WHERE gathering_id = ?", gathering.id)  # noqa: S608
    if rows:
        # One statement: a full evening has sixty people, and writes them at each coming.
        values = [value for row in rows for value in row.values()]
        await statements.all(insert(name, tuple(rows[0]), len(rows)), *values)


def _exported(row: Row, user_id: int) -> dict[str, object]:
    """One gathering as the person may have it: their own part, and nobody else's."""
    entry: dict[str, object] = {
        "gathering_id": row["id"],
        "guild_id": row["guild_id"],
        "channel_id": row["channel_id"],
        "opened_at": seconds(row["opened_ms"]),
        "ended_at": seconds(row["ended_ms"]),
        "facilitated_by_me": user_id
        in (row["facilitator_user_id"], row["helper_user_id"], row["trusted_user_id"]),
    }
    if row["user_id"] is not None:
        entry |= {
            "joined_at": seconds(row["joined_ms"]),
            "wish": row["wish"],
            "languages": row["languages"],
            "presence": row["presence"],
            "sits_out_round": row["rests"] or None,
            "asked_for_help_at": seconds(row["asked_ms"]),
        }
    return entry
